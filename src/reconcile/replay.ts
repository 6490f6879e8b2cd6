/**
 * A policy on what happened: the breaks of a time, as the journal tells them, decided once more.
 * What a policy lets be done without a person counts for its limits, as it would have.
 */
import { add, type Decimal, zero } from '../decimal/decimal.ts';
import type { Break, FoundRemedy, ProposedRepair, RepairKind } from '../model/break.ts';
import { type Instant, millisecondsBetween } from '../model/instant.ts';
import { isHeld } from '../model/life-cycle.ts';
import { Allowance, type LimitedChange, type PolicySettings } from './limits.ts';
import { movedBy } from './moves.ts';
import {
  type Decision,
  decisionOn,
  factsOfRemedy,
  type PolicyFacts,
  partyOf,
  type StepOf,
} from './policy.ts';

/** What became of a break: repaired at once or with a person's word, held, gone, or still there. */
export type Done = 'automatic' | 'approved' | 'held' | 'cleared' | 'open';

export interface ReplayCase {
  /** As it was when it was repaired, or as it was last. */
  readonly one: Break;
  /** The last plan that it was proposed in; null: none was. */
  readonly repair: ProposedRepair | null;
  readonly at: Instant;
  readonly done: Done;
}

export interface Replayed extends ReplayCase {
  readonly decision: Decision;
  readonly because: string;
}

/** Steps of breaks, oldest first, as the journal has them. */
export function casesOfSteps(steps: readonly Break[]): readonly ReplayCase[] {
  const open = new Map<string, ReplayCase>();
  const repaired: ReplayCase[] = [];
  for (const one of steps) {
    const repair = one.repair ?? open.get(one.id)?.repair ?? null;
    const found = { one, repair, at: one.changedAt };
    if (one.state === 'REPAIRED') {
      const done = repair?.needsApproval === true ? 'approved' : 'automatic';
      repaired.push({ ...found, done });
      open.delete(one.id);
    } else if (one.state !== 'VERIFIED' && one.mergedInto === null) {
      open.set(one.id, { ...found, done: doneOf(one) });
    } else open.delete(one.id);
  }
  return [...repaired, ...open.values()].sort(
    (a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0) || (a.one.id < b.one.id ? -1 : 1),
  );
}

function doneOf(one: Break): Done {
  if (isHeld(one)) return 'held';
  return one.state === 'SELF_CLEARED' ? 'cleared' : 'open';
}

const dayMs = 86_400_000;

interface Repaired {
  readonly at: Instant;
  readonly what: LimitedChange | 'rounding';
  readonly key: string;
  readonly gross: Decimal | null;
}

const isLimited = (what: RepairKind | null): what is Repaired['what'] =>
  what === 'rows' || what === 'taking-back' || what === 'rounding';

/** `cases` oldest first. */
export function replay(
  cases: readonly ReplayCase[],
  settings: PolicySettings,
  stepOf: StepOf,
): readonly Replayed[] {
  const repaired: Repaired[] = [];
  return cases.map((each) => {
    const { one, at } = each;
    const allowance = allowanceAt(at, settings, repaired);
    const facts = factsOfCase(each, allowance, stepOf);
    const { decision, because } = decisionOn(facts);
    const what = decision === 'adjust' ? 'rounding' : facts.change;
    if ((decision === 'book' || decision === 'adjust') && isLimited(what)) {
      repaired.push({ at, what, key: one.lines[0]!.key, gross: movedBy(one) });
    }
    return { ...each, decision, because };
  });
}

function allowanceAt(
  now: Instant,
  settings: PolicySettings,
  repaired: readonly Repaired[],
): Allowance {
  const within = (ms: number) => {
    const first = repaired.findLastIndex(({ at }) => millisecondsBetween(at, now) >= ms);
    return repaired.slice(first + 1);
  };
  return new Allowance({
    ...{ settings, stop: null },
    spent: (change) => {
      const own = within(dayMs).filter(({ what }) => what === change);
      const value = own.reduce((sum, { gross }) => add(sum, gross ?? zero), zero);
      return { value, count: own.length };
    },
    roundingSteps: (currency) =>
      within(30 * dayMs).filter(({ what, key }) => what === 'rounding' && key === currency).length,
  });
}

function factsOfCase(
  { one, repair, done }: ReplayCase,
  allowance: Allowance,
  stepOf: StepOf,
): PolicyFacts {
  return {
    ...factsOfRemedy(one, remedyOfCase(one, repair), allowance, stepOf),
    ...{ compared: true, settling: one.state === 'SETTLING', held: done === 'held' },
    ...{ unfinal: false, adjust: repair?.kind === 'adjustment' },
  };
}

/** Where it was not noted: what took no approval was proven, and booked facts. */
function remedyOfCase(one: Break, repair: ProposedRepair | null): FoundRemedy | null {
  if (one.remedy !== undefined) return one.remedy;
  if (repair === null || repair.kind === 'adjustment' || repair.kind === 'rounding') return null;
  const { needsApproval } = repair;
  const kind = partyOf(one) === 'rows' ? 'rows' : needsApproval ? 'taking-back' : 'facts';
  return { kind: repair.kind ?? kind, proven: !needsApproval, worsens: false };
}
