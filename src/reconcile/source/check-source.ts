/**
 * A source against itself: what it stores beside what its own rows add up to. Pure: prices,
 * orders and known breaks are brought along, and nothing is written.
 */
import type { Break } from '../../model/break.ts';
import type { Instant } from '../../model/instant.ts';
import type { SourceAccount, SourceSnapshot } from '../../model/source.ts';
import { marksMissing } from '../causes/mark-missing.ts';
import { marksStale } from '../causes/mark-stale.ts';
import type { ExplainedCase } from '../explain.ts';
import { Allowance, automaticByDefault } from '../limits.ts';
import { decisionOn, factsOf } from '../policy.ts';
import type { Reconciled } from '../reconcile.ts';
import { type LeftAlone, type Plan, type Remedy, repair } from '../repair.ts';
import type { Unknown } from '../sections.ts';
import { type Tracked, track } from '../track.ts';
import { isOpen, verdictOf } from '../verdict.ts';
import { isSourceLine, type SourceCase } from './case.ts';
import { sourceCases } from './causes.ts';
import type { SourceContext } from './context.ts';
import { type Drift, driftOf } from './drift.ts';
import { hintsOf } from './hints.ts';
import { LineJudge } from './line-judge.ts';
import type { OrderHistory } from './orders.ts';
import { historyAsOf, type Pricing } from './pricing.ts';
import { isStaleRecord } from './records.ts';
import { type BalanceSheet, sheetsOf } from './sheet.ts';
import { faultsOf, unreadableOf } from './unreadable.ts';

/** By default a performance record is out of date after a day. */
export const performanceMaxAgeMsDefault = 86_400_000;

export interface CheckSourceInput {
  readonly snapshot: SourceSnapshot;
  readonly pricing: Pricing;
  /** Null: not read; what they would prove is then at most likely. */
  readonly orders: OrderHistory | null;
  readonly now: Instant;
  /** Null: records are not judged by age. */
  readonly performanceMaxAgeMs: number | null;
  /** The breaks of all accounts that are not closed, and closed ones that may reopen. */
  readonly known: readonly Break[];
  /** The name that documents and breaks give the account of that id. */
  readonly nameOf: (accountId: string) => string;
  /** Of our own book when a break of that account is opened; 0 where there is none. */
  readonly sequenceOf: (name: string) => number;
  /** Accepted breaks count too. */
  readonly strict: boolean;
}

export interface SourceAccountChecked {
  readonly name: string;
  readonly account: SourceAccount;
  readonly sheet: BalanceSheet;
  /** What the stored total is off by, split; null where nothing is off or a part is unknown. */
  readonly drift: Drift | null;
  /** The last performance record is older than allowed. */
  readonly performanceStale: boolean;
  /** What that was judged by; null: it was not. */
  readonly performanceMaxAgeMs: number | null;
  /** Lines that were found right; those that were not are in the breaks. */
  readonly lines: { readonly exact: number; readonly withinTolerance: number };
  readonly reconciled: Reconciled;
}

export interface SourceChecked {
  readonly snapshot: SourceSnapshot;
  readonly asOf: Instant;
  /** What the ages of prices were judged by, and so count to. */
  readonly agesAt: Instant;
  /** What the ages of performance records count to. */
  readonly historyAt: Instant;
  readonly now: Instant;
  /** Sorted by name. */
  readonly accounts: readonly SourceAccountChecked[];
  /** What a person should know and no verdict depends on, one sentence each. */
  readonly hints: readonly string[];
}

export function checkSource(input: CheckSourceInput): SourceChecked {
  const { snapshot, pricing, now, nameOf } = input;
  const { asOf, sheets } = sheetsOf(snapshot, pricing);
  const historyAt = historyAsOf(snapshot, pricing);
  const contexts = snapshot.accounts.map((account, index): SourceContext => {
    const { performanceMaxAgeMs } = input;
    const sheet = sheets[index]!;
    const isOnly = snapshot.accounts.length === 1;
    const orders = input.orders?.totalsOf(account.id, isOnly) ?? null;
    const drift = driftOf(sheet, account, orders, snapshot.totalWrites);
    const name = nameOf(account.id);
    const times = { asOf, historyAt, performanceMaxAgeMs };
    return { snapshot, account, name, sheet, drift, orders, ...times };
  });
  const unknown = contexts.flatMap(unknownOf);
  const faults = faultsOf(snapshot, nameOf, unknown);
  const accounts = contexts
    .map((context) => checkedAccount(context, [...unknown, ...faults], input))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const agesAt = pricing.freshAt ?? asOf;
  return { snapshot, asOf, agesAt, historyAt, now, accounts, hints: hintsOf(snapshot, sheets) };
}

const unknownOf = (context: SourceContext): readonly Unknown[] => [
  ...marksMissing(context),
  ...marksStale(context),
  ...unreadableOf(context),
];

function checkedAccount(
  context: SourceContext,
  allUnknown: readonly Unknown[],
  { now, known, sequenceOf, strict }: CheckSourceInput,
): SourceAccountChecked {
  const { name, sheet, account, drift, asOf, historyAt, performanceMaxAgeMs } = context;
  const sequence = sequenceOf(name);
  const cases = sourceCases(context);
  const own = known.filter((one) => one.account === name && isSourceLine(one.lines[0]!));
  const judge = new LineJudge(context, cases);
  const tracked = track(own, cases, { now, sequence, verdictOf: (line) => judge.verdictOf(line) });
  const { breaks } = tracked;
  const unknown = allUnknown.filter((one) => one.account === name);
  return {
    ...{ name, account, sheet, drift, performanceMaxAgeMs },
    performanceStale: isStaleRecord(account.performance, historyAt, performanceMaxAgeMs) === true,
    lines: judge.counts(),
    reconciled: {
      ...{ account: name, comparison: null, unknown, ...tracked },
      plan: planOf(name, sequence, asOf, tracked, cases),
      verdict: verdictOf(breaks, unknown.length, { strict }),
    },
  };
}

const remedyText = ({ command, does }: Remedy): string =>
  command === null ? does : `${command} ${does}`;

/** Nothing that is asked of a person is limited. */
const nothing = new Allowance(automaticByDefault);

/** Nothing inside a source is booked: every break is left alone, and says what sets it right. */
function planOf(
  account: string,
  sequence: number,
  asOf: Instant,
  { breaks, current }: Tracked,
  cases: readonly SourceCase[],
): Plan {
  const remedies = new Map<ExplainedCase, Remedy>(cases.map((one) => [one, one.remedy]));
  const leftAlone = breaks.filter(isOpen).map((one): LeftAlone => {
    const now = current.get(one.id) ?? null;
    const subject = { one, current: now, adjust: false };
    const { decision, because } = decisionOn(factsOf(subject, nothing, () => null));
    const own = { breakId: one.id, account, decision };
    if (now === null || decision !== 'ask') return { ...own, because };
    const remedy = remedies.get(now)!;
    return { ...own, because: remedyText(remedy), remedy };
  });
  return { ...repair([], { account, sequence, asOf, adjust: new Set() }), leftAlone };
}
