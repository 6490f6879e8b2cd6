/** The first page: one verdict for the live accounts, one for those of paper. Pure. */
import { toTextOrNull } from '../../../decimal/text.ts';
import { counted } from '../../../model/amount.ts';
import type { Break } from '../../../model/break.ts';
import type { Instant } from '../../../model/instant.ts';
import {
  countsAsBreak,
  type Stake,
  stakeOf,
  type Verdict,
  worstVerdict,
} from '../../../reconcile/verdict.ts';
import type { AccountSummary, HomeAnswer } from '../documents/home.ts';
import { secondsSince, waitsForApproval } from './break-view.ts';

export interface AccountSeen {
  readonly summary: AccountSummary;
  readonly breaks: readonly Break[];
}

export type ScopeView = Omit<NonNullable<HomeAnswer['live']>, 'today'>;

/** Null: there is no such account. */
export function scopeView(
  scope: 'live' | 'paper',
  accounts: readonly AccountSeen[],
  now: Instant,
): ScopeView | null {
  const own = accounts.filter(({ summary }) => summary.mode === scope);
  if (own.length === 0) return null;
  const verdict = worstVerdict(own.map(({ summary }) => summary.verdict));
  const open = own.flatMap(({ breaks }) => breaks.filter(counts));
  const cannotSay = own.filter(({ summary }) => summary.verdict === 'cannot-say').length;
  const oldest = open.reduce<Instant | null>(
    (first, { openedAt }) => (first === null || openedAt < first ? openedAt : first),
    null,
  );
  return {
    ...{ scope, verdict },
    sentence: sentenceOf(verdict, open.length, cannotSay, own.length),
    ...{ breaks: open.length, cannotSay },
    atStake: stakeView(own),
    oldestBreakSeconds: oldest === null ? null : secondsSince(oldest, now),
    approvalsWaiting: own.flatMap(({ breaks }) => breaks.filter(waitsForApproval)).length,
    accounts: own.map(({ summary }) => summary),
  };
}

const counts = (one: Break): boolean => countsAsBreak(one, { strict: false });

function sentenceOf(verdict: Verdict, breaks: number, doubtful: number, all: number): string {
  const doubt = `${counted(doubtful, 'account')} we cannot vouch for`;
  if (verdict === 'break') {
    return doubtful === 0 ? counted(breaks, 'break') : `${counted(breaks, 'break')}, and ${doubt}`;
  }
  if (verdict === 'cannot-say') return all === doubtful ? doubt : `${doubt}, of ${all}`;
  return all === 1 ? 'The account is true' : `All ${counted(all, 'account')} are true`;
}

/** Sums of several currencies are none: each account has its own. */
export function stakeView(accounts: readonly AccountSeen[]): ScopeView['atStake'] {
  const stakes = accounts.map(({ summary: { currency }, breaks }) => ({
    currency,
    isAtStake: breaks.some(counts),
    breaks,
  }));
  const all = new Set(stakes.map(({ currency }) => currency));
  const touched = new Set(stakes.flatMap((one) => (one.isAtStake ? [one.currency] : [])));
  const currencies = [...(touched.size === 0 ? all : touched)].sort();
  const stake = stakeOf(
    stakes.flatMap((one) => one.breaks),
    { strict: false },
  );
  if (touched.size > 1) {
    const unvalued = [`sums of ${currencies.join(' and ')} are not added`, ...stake.unvalued];
    return { gross: null, net: null, currency: null, unvalued };
  }
  return stakeTexts(stake, currencies.length === 1 ? currencies[0]! : null);
}

const stakeTexts = ({ gross, net, unvalued }: Stake, currency: string | null) => ({
  ...{ gross: toTextOrNull(gross), net: toTextOrNull(net), currency },
  unvalued: [...unvalued],
});
