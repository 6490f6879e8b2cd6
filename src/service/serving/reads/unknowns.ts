/** Accounts that nobody can vouch for: each section that was not told whole, or the whole. */
import { instantTextOrNull } from '../../../model/instant.ts';
import { isComplete, whyNotProven } from '../../../reconcile/scope.ts';
import type { Account } from '../../../store/accounts.ts';
import type { NotedCheck } from '../../reconcile-entries.ts';
import type { BreaksAnswer } from '../documents/breaks.ts';
import type { VerdictOnRecord } from '../views/verdict-view.ts';

const sections = ['positions', 'balances', 'orders'] as const;

export interface Vouched {
  readonly isOfSource: boolean;
  readonly last: NotedCheck | null;
  readonly lastComplete: NotedCheck | null;
}

/** Nothing of an account of which something can be said. */
export function unknownIn(
  account: Account,
  { isOfSource, last, lastComplete }: Vouched,
  { verdict, why, trueUntil }: VerdictOnRecord,
): BreaksAnswer['unknown'] {
  if (verdict !== 'cannot-say') return [];
  const since = instantTextOrNull(lastComplete?.at ?? trueUntil);
  const told = last?.complete === false ? last.statement() : null;
  const open = sections.filter((name) => told !== null && !isComplete(told[name]));
  const of = { account: account.name, scope: null, since };
  if (open.length === 0) {
    return [{ ...of, section: isOfSource ? 'source' : 'statement', why: why ?? 'not known' }];
  }
  return open.map((section) => ({ ...of, section, why: whyNotProven(told![section]) }));
}
