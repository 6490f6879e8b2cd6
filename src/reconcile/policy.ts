/** What is done about a break: a table, first row that applies wins. */
import { absolute, compare as compareDecimals, type Decimal, isZero } from '../decimal/decimal.ts';
import type { Break, FoundRemedy } from '../model/break.ts';
import { isHeld } from '../model/life-cycle.ts';
import type { ExplainedCase } from './explain.ts';
import type { Allowance } from './limits.ts';
import { movedBy } from './moves.ts';

/**
 * wait: until the statement says more. watch: it may clear by itself. leave: a person holds it.
 * book: at once. adjust: at once, by an adjustment. approve: once a person agrees to this very
 * plan. ask: a person decides what.
 */
export type Decision = 'wait' | 'watch' | 'leave' | 'book' | 'adjust' | 'approve' | 'ask';

/** What its repair does; null: nothing is known that does. */
export type Change = FoundRemedy['kind'] | null;

export interface PolicyFacts {
  readonly compared: boolean;
  /** Younger than the settle window, or something about it may be on its way. */
  readonly settling: boolean;
  readonly held: boolean;
  /** Whose numbers are under test: the book's, or a bot's database beside somebody, or alone. */
  readonly of: 'book' | 'rows' | 'source';
  readonly change: Change;
  readonly explained: boolean;
  readonly proven: boolean;
  /** The repair would leave a line further apart than it is. */
  readonly worsens: boolean;
  /** A number of ours on one of its lines is not final. */
  readonly unfinal: boolean;
  /** A person asked for an adjustment of it, and it is of a balance. */
  readonly adjust: boolean;
  /** All that is left is one step of a currency or less, and so many may still be adjusted. */
  readonly rounding: boolean;
  /** Nothing is repaired without a person. */
  readonly stopped: boolean;
  /** Which limit its repair goes beyond; null: none. */
  readonly beyond: string | null;
}

export interface PolicyRow {
  readonly when: string;
  readonly applies: (facts: PolicyFacts) => boolean;
  readonly decision: Decision;
  readonly because: string;
}

export const policy: readonly PolicyRow[] = [
  {
    when: 'its lines were not compared: the statement failed, or is not complete',
    applies: ({ compared }) => !compared,
    decision: 'wait',
    because: 'no answer is not an answer of zero',
  },
  {
    when: 'it is younger than the settle window, or something about it may be on its way',
    applies: ({ settling }) => settling,
    decision: 'watch',
    because: 'the fact may still be on its way; booked by guess it would come twice',
  },
  {
    when: 'it is snoozed or accepted',
    applies: ({ held }) => held,
    decision: 'leave',
    because: 'a person decided to, until a day',
  },
  {
    when: 'a bot’s database contradicts itself',
    applies: ({ of }) => of === 'source',
    decision: 'ask',
    because:
      'what is written to somebody’s database is asked for: update, or schedule --repair auto',
  },
  {
    when: 'repairs are stopped, and something would repair it',
    applies: ({ stopped, change }) => stopped && change !== null,
    decision: 'approve',
    because: 'repairs without a person are stopped: trueup policy start',
  },
  {
    when: 'executions prove what a bot’s row does not know, within the limits of rows',
    applies: ({ change, proven, beyond }) => change === 'rows' && proven && beyond === null,
    decision: 'book',
    because: 'the row gets what they prove, after a backup and with an audit row (--auto)',
  },
  {
    when: 'a bot’s row is wrong, and the cause is not proven, not its own, or beyond the limits',
    applies: ({ change }) => change === 'rows',
    decision: 'approve',
    because: 'without proof a person decides what is written to somebody’s database',
  },
  {
    when: 'a bot’s row is wrong, and nothing that could be written sets it right',
    applies: ({ of }) => of === 'rows',
    decision: 'ask',
    because: 'which row is right, or whether one is to be added, only a person knows',
  },
  {
    when: 'facts with an id of the venue are missing, and booking them leaves no line worse',
    applies: ({ change, worsens }) => change === 'facts' && !worsens,
    decision: 'book',
    because: 'a missing fact is booked as that fact, whatever its value',
  },
  {
    when: 'facts with an id of the venue are missing, and booking them leaves a line worse',
    applies: ({ change }) => change === 'facts',
    decision: 'approve',
    because: 'the book may hold the same fact in another form',
  },
  {
    when: 'the venue’s own fills of an order stand for an inferred one: proven, no line worse',
    applies: ({ change, proven, worsens }) => change === 'superseding' && proven && !worsens,
    decision: 'book',
    because: 'what we inferred gives way to the venue’s fact; nothing it said is taken back',
  },
  {
    when: 'fills of the venue may stand for an inferred one, or it would leave a line worse',
    applies: ({ change }) => change === 'superseding',
    decision: 'approve',
    because: 'whether they are the same trade, a person decides',
  },
  {
    when: 'a booked fact is to be reversed or corrected, that is proven, and within the limits',
    applies: ({ change, proven, beyond }) => change === 'taking-back' && proven && beyond === null,
    decision: 'book',
    because: 'the settings let so much be taken back where the venue’s word carries every unit',
  },
  {
    when: 'a booked fact is to be reversed or corrected, and that leaves nothing over',
    applies: ({ change, explained }) => change === 'taking-back' && explained,
    decision: 'approve',
    because: 'what was booked once is taken back only with a person’s word',
  },
  {
    when: 'a number of ours on one of its lines is not final',
    applies: ({ unfinal }) => unfinal,
    decision: 'wait',
    because: 'what is still to come may be what is missing',
  },
  {
    when: 'a person asked for an adjustment',
    applies: ({ adjust }) => adjust,
    decision: 'approve',
    because: 'an adjustment hides its cause: it names its break and who approved it',
  },
  {
    when: 'one step of a currency or less is left, and few were adjusted in 30 days',
    applies: ({ rounding, stopped }) => rounding && !stopped,
    decision: 'adjust',
    because: 'rounding has no cause to find; more of it than a few steps has one',
  },
  {
    when: 'anything else',
    applies: () => true,
    decision: 'ask',
    because: 'what cannot be explained, a person decides',
  },
];

export const decisionOn = (facts: PolicyFacts): PolicyRow =>
  policy.find((row) => row.applies(facts))!;

export interface PolicySubject {
  readonly one: Break;
  /** As the newest comparison sees it; null: it was not compared. */
  readonly current: ExplainedCase | null;
  /** A person asked for an adjustment of this break. */
  readonly adjust: boolean;
}

/** The smallest step of a currency; null: nobody told it. */
export type StepOf = (currency: string) => Decimal | null;

export function factsOf(
  { one, current, adjust }: PolicySubject,
  allowance: Allowance,
  stepOf: StepOf,
): PolicyFacts {
  return {
    ...factsOfRemedy(one, current === null ? null : remedyOf(current), allowance, stepOf),
    compared: current !== null,
    settling: one.state === 'SETTLING' || current?.settling === true,
    held: isHeld(one),
    unfinal: current?.lines.some(({ verdict }) => verdict === 'unknown') === true,
    adjust: adjust && current?.lines.some(({ what }) => what === 'balance') === true,
  };
}

/** What the break itself tells, with what would set it right. */
export function factsOfRemedy(
  one: Break,
  remedy: FoundRemedy | null,
  allowance: Allowance,
  stepOf: StepOf,
) {
  const change = remedy?.kind ?? null;
  const { gross } = one;
  const uncompared = remedy?.uncompared ?? [];
  const residue = change === null ? residueOf(one, stepOf) : null;
  const isLimited = change === 'rows' || change === 'taking-back';
  return {
    ...{ of: partyOf(one), change, proven: remedy?.proven === true },
    explained: one.confidence !== 'unexplained',
    worsens: remedy?.worsens === true,
    rounding: residue !== null && allowance.mayRound(residue),
    stopped: allowance.isStopped,
    beyond: isLimited ? allowance.beyond(change, movedBy({ remedy, gross }), uncompared) : null,
  };
}

export function partyOf({ lines }: Break): PolicyFacts['of'] {
  const { oursParty, theirsParty } = lines[0]!;
  if (oursParty !== 'source') return 'book';
  return theirsParty === 'source' ? 'source' : 'rows';
}

/** Null: nothing is known that sets it right. */
export function remedyOf({
  steps,
  writes,
  confidence,
  worsens,
  moves,
  uncompared = [],
}: ExplainedCase): FoundRemedy | null {
  if (writes != null) return { kind: 'rows', proven: writes.proven, worsens };
  if (steps.length === 0) return null;
  const rest = {
    ...{ worsens, ...(moves === undefined ? {} : { moves }) },
    ...(uncompared.length === 0 ? {} : { uncompared }),
  };
  // Facts with an id of the venue, and nothing taken back or changed.
  const back = steps.filter(({ action }) => action !== 'book');
  if (back.length === 0) return { kind: 'facts', proven: confidence === 'proven', ...rest };
  const superseding = back.every(({ supersedes }) => supersedes !== undefined);
  if (!superseding) return { kind: 'taking-back', proven: confidence === 'proven', ...rest };
  // That one trade counts twice is proven by itself, whatever else the case leaves over.
  const proven = back.every(({ supersedes }) => supersedes === 'proven');
  return { kind: 'superseding', proven, ...rest };
}

/** The one currency that one step or less is left of; null: there is more, or none. */
export function residueOf({ lines, explanation }: Break, stepOf: StepOf): string | null {
  if (lines[0]!.oursParty !== 'book' || lines.some(({ what }) => what !== 'balance')) return null;
  const left = explanation.residuals.filter(
    ({ residual }) => residual === null || !isZero(residual),
  );
  const [one] = left;
  if (left.length !== 1 || one!.residual === null || one!.what !== 'balance') return null;
  const step = stepOf(one!.key);
  if (step === null || compareDecimals(absolute(one!.residual), step) > 0) return null;
  return one!.key;
}
