/**
 * Repair plans. A plan is bound to a hash of its entries and to the sequence of the book it was
 * made for: if the book has moved, nothing of it is written. Nothing here writes anything.
 */
import { isZero } from '../decimal/decimal.ts';
import { toText } from '../decimal/text.ts';
import type { Break, RepairKind } from '../model/break.ts';
import type { CashFact, Fact } from '../model/fact.ts';
import { type Instant, instantText } from '../model/instant.ts';
import { writeFact } from '../model/write-fact.ts';
import type { RepairStep, StepAction } from './causes/cause.ts';
import { digestOf, sha256Of } from './digest.ts';
import type { Effect } from './effects.ts';
import type { ExplainedCase } from './explain.ts';
import { Allowance, type Automatic, automaticByDefault, noneAutomatic } from './limits.ts';
import { movedBy } from './moves.ts';
import {
  type Decision,
  decisionOn,
  factsOf,
  type PolicyFacts,
  type PolicySubject,
  type StepOf,
} from './policy.ts';
import { type CaseWrites, decidedIn } from './row-writes.ts';

export interface PlanEntry {
  readonly action: StepAction;
  /** A function of the fact: appended twice, it is one entry. */
  readonly id: string;
  readonly fact: Fact | null;
  readonly target: number | null;
}

export interface Alternative {
  readonly name: string;
  readonly effect: string;
  readonly risk: string;
  readonly whyNot: string;
}

export interface BreakRepair {
  readonly breakId: string;
  readonly account: string;
  readonly kind: RepairKind;
  readonly needsApproval: boolean;
  readonly because: string;
  /** Missing facts of more than the policy's sum: booked, and told. */
  readonly large?: true;
  /** All or none of them. */
  readonly entries: readonly PlanEntry[];
  /** Balances and positions before and after; an adjustment's are in its amounts. */
  readonly effects: readonly Effect[];
  /** What a bot's rows become; absent: nothing is written but the book. */
  readonly writes?: CaseWrites;
  /** Hash of the plan that it is of, where several plans are shown as one; absent: this plan's. */
  readonly planHash?: string;
}

/** What sets a break right that no booking does. */
export interface Remedy {
  /** Null: no command does. */
  readonly command: string | null;
  readonly does: string;
}

export interface LeftAlone {
  readonly breakId: string;
  readonly account: string;
  readonly decision: Decision;
  readonly because: string;
  readonly remedy?: Remedy;
}

export interface Plan {
  /** sha256, hex. */
  readonly hash: string;
  readonly account: string;
  readonly sequence: number;
  readonly repairs: readonly BreakRepair[];
  readonly leftAlone: readonly LeftAlone[];
}

export interface RepairItem {
  readonly one: Break;
  readonly current: ExplainedCase | null;
}

export interface RepairOptions {
  readonly account: string;
  readonly sequence: number;
  /** When adjustments take effect: the statement's instant. */
  readonly asOf: Instant;
  /** Of a live venue, whose statements are of ever other instants: when the break was opened. */
  readonly isLive?: boolean;
  /** Breaks for which a person asked for an adjustment. */
  readonly adjust: ReadonlySet<string>;
  /** What may be done without a person; absent: what the policy says by default. */
  readonly automatic?: Automatic;
  /** The smallest step of a currency; absent: none is known. */
  readonly stepOf?: StepOf;
}

export function repair(items: readonly RepairItem[], options: RepairOptions): Plan {
  const repairs: BreakRepair[] = [];
  const leftAlone: LeftAlone[] = [];
  const allowance = new Allowance(options.automatic ?? automaticByDefault);
  const sorted = [...items].sort((a, b) => (a.one.id < b.one.id ? -1 : 1));
  for (const { one, current } of sorted) {
    const { id: breakId, account } = one;
    const subject = { one, current, adjust: options.adjust.has(breakId) };
    const facts = factsOf(subject, allowance, options.stepOf ?? (() => null));
    const { decision, because } = decisionOn(facts);
    if (decision !== 'book' && decision !== 'approve' && decision !== 'adjust') {
      leftAlone.push({ breakId, account, decision, because });
      continue;
    }
    const repaired = repairOf(subject, facts, decision, options);
    const limit = facts.proven && facts.beyond !== noneAutomatic ? facts.beyond : null;
    const why = limit === null ? because : `${because} (${limit})`;
    const isLarge = repaired.kind === 'facts' && allowance.isLarge(movedBy(one));
    repairs.push({ ...repaired, because: why, ...(isLarge ? { large: true as const } : {}) });
    if (!repaired.needsApproval) spend(allowance, one, repaired.kind);
  }
  const { account, sequence } = options;
  return { hash: hashOf(account, sequence, repairs), account, sequence, repairs, leftAlone };
}

function repairOf(
  { one, current, adjust }: PolicySubject,
  { change }: PolicyFacts,
  decision: Decision,
  { asOf, isLive }: RepairOptions,
): Omit<BreakRepair, 'because'> {
  const at = isLive === true && one.openedAt < asOf ? one.openedAt : asOf;
  const isRounding = decision === 'adjust';
  const adjustments = adjust || isRounding ? adjustmentsOf(one, at) : [];
  const steps = current!.steps.filter(({ action }) => action === 'book' || !adjust);
  const { effects, writes } = current!;
  const asked = adjustments.length > 0 ? 'adjustment' : (change ?? 'adjustment');
  return {
    ...{ breakId: one.id, account: one.account, kind: isRounding ? 'rounding' : asked },
    needsApproval: decision === 'approve' || (adjustments.length > 0 && !isRounding),
    entries: [...steps.map(entryOf), ...adjustments].sort(compareEntries),
    ...{ effects, ...(writes == null ? {} : { writes }) },
  };
}

function spend(allowance: Allowance, one: Break, kind: RepairKind): void {
  if (kind === 'rows' || kind === 'taking-back') allowance.take(kind, movedBy(one));
  if (kind === 'rounding') allowance.takeStep(one.lines[0]!.key);
}

const entryOf = ({ action, id, fact, target }: RepairStep): PlanEntry => ({
  action,
  id,
  fact,
  target,
});

/** What is wrong leaves before what is right comes; an adjustment takes what is left. */
const order: readonly StepAction[] = ['reverse', 'correct', 'book', 'adjust'];

const compareEntries = (a: PlanEntry, b: PlanEntry): number =>
  order.indexOf(a.action) - order.indexOf(b.action) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

function hashOf(account: string, sequence: number, repairs: readonly BreakRepair[]): string {
  const entries = repairs.flatMap((one) =>
    one.entries.map(({ action, id, fact, target }) => [
      one.breakId,
      action,
      id,
      target,
      fact === null ? null : writeFact(fact),
    ]),
  );
  const rows = repairs.flatMap(({ breakId, writes }) =>
    writes === undefined ? [] : [[breakId, decidedIn(writes.rows)]],
  );
  return sha256Of([account, sequence, entries, ...(rows.length > 0 ? [rows] : [])]);
}

/** As it is shown: `4f2c…91`. */
export const shownHash = (hash: string): string => `${hash.slice(0, 4)}…${hash.slice(-2)}`;

/** Balances only: no decree makes a position right. Each names its break. */
export function adjustmentsOf(one: Break, asOf: Instant): readonly PlanEntry[] {
  return one.explanation.residuals.flatMap(({ what, key, residual }): PlanEntry[] => {
    if (what !== 'balance' || residual === null || isZero(residual)) return [];
    // What came back by the same sum is adjusted once more.
    const again = one.firstOpenedAt === undefined ? [] : [instantText(one.openedAt)];
    const id = `adjust-${digestOf([one.account, one.id, key, toText(residual), ...again])}`;
    const fact: CashFact = {
      ...{ kind: 'adjustment', account: one.account, currency: key, amount: residual, id },
      ...{ instrument: null, leg: null, cost: null, fee: null, state: 'booked' },
      ...{ counterAccount: null, reason: one.id, venueSequence: null, time: asOf },
    };
    return [{ action: 'adjust', id, fact, target: null }];
  });
}

/** What else could be done about a break, and why it is not what is proposed. */
export function alternativesOf(one: Break, asOf: Instant): readonly Alternative[] {
  const amounts = adjustmentsOf(one, asOf).flatMap(({ fact }) =>
    fact?.kind === 'adjustment' ? [`${fact.currency} ${toText(fact.amount)}`] : [],
  );
  const adjust: Alternative = {
    name: 'adjust',
    effect: `${amounts.join(', ')}, against suspense`,
    risk: 'the cause stays, and what is really missing would be counted on top',
    whyNot: 'it makes the numbers agree without saying why they did not',
  };
  const accept: Alternative = {
    name: 'accept',
    effect: 'nothing is written; the break is listed with its sum, cap and expiry',
    risk: 'the book stays wrong by that sum',
    whyNot: 'a person has to want it',
  };
  return amounts.length > 0 ? [adjust, accept] : [accept];
}
