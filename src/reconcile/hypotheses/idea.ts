/**
 * Ideas: what could have made one line differ, where no id says it. Each is tried on the numbers
 * alone and leaves a residual; one that leaves nothing fits, which is not the same as being true.
 */
import { type Decimal, isZero, signOf, subtract, zero } from '../../decimal/decimal.ts';
import type { Confidence, Evidence, IdeaThatFits, Party, RuledOut } from '../../model/break.ts';
import type { Leg } from '../../model/fact.ts';
import type { Instant } from '../../model/instant.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { Reason } from '../../model/reason.ts';
import type { ListedFact } from '../book-side.ts';
import { heldId } from '../touch.ts';
import type { LineNames, WholeFit } from './whole-book.ts';

export type { LineNames };
/** One differing line and everything that could tell why. Numbers signed as on the line. */
export interface DifferenceFacts {
  readonly what: 'position' | 'balance';
  /** An instrument or a currency. */
  readonly key: string;
  readonly instrument: Instrument | null;
  readonly leg: Leg | null;
  readonly oursParty: Party;
  readonly ours: Decimal;
  readonly theirsParty: Party;
  readonly theirs: Decimal;
  readonly asOf: Instant;
  /** Since when the position is open, as far as anybody knows. */
  readonly openedAt: Instant | null;
  /**
   * Facts of ours that moved the line, oldest first. Those dated after `asOf` are not in `ours`:
   * they tell a clock that runs ahead.
   */
  readonly booked: readonly ListedFact[];
  /** Facts that one party has and the other lacks, in a time that concerns the line. */
  readonly unmatched: readonly ListedFact[];
  /** Other lines that differ in the same comparison. */
  readonly others: readonly OtherLine[];
  /** The venue's executions were listed completely for the time of the line: no fill is unseen. */
  readonly executionsComplete: boolean;
  /** Age after which a position is closed by rule; null: no such rule is known. */
  readonly exitAfterMs: number | null;
  /** Smallest unit that the line can move by, where the instrument does not tell it. */
  readonly step?: Decimal | null;
  /** What the account began with: when, and how much of it is on this line. */
  readonly opening?: { readonly at: Instant; readonly quantity: Decimal | null } | null;
  /**
   * Since when everything that moves the line is listed completely up to `asOf`: what is booked
   * since and not among the unmatched is in their list, too. Absent or null: it is not.
   */
  readonly listedSince?: Instant | null;
  /** Names (`heldId`) of lines that were compared and agree. */
  readonly agreeing?: { has(id: string): boolean };
  /** Facts that a list of theirs, whole or not, holds just as they are booked. */
  readonly listed?: { has(fact: ListedFact): boolean };
  /** What an idea would do to the other lines; absent: it is not asked. */
  readonly whole?: WholeFit;
}

export interface OtherLine {
  readonly key: string;
  readonly leg: Leg | null;
  readonly ours: Decimal;
  readonly theirs: Decimal;
}

export interface Candidate extends IdeaThatFits {
  readonly evidence: readonly Evidence[];
  readonly reach: Reach | null;
}

export interface Weighed {
  /** Each leaves nothing. */
  readonly candidates: readonly Candidate[];
  /** Each with what it leaves. */
  readonly ruledOut: readonly RuledOut[];
  /** Why the search of combinations ended before its end; null: it did not. */
  readonly gaveUp: string | null;
  /** proven: the venue's own executions carry every unit. likely: something fits. */
  readonly confidence: Confidence;
}

/** What one idea leaves. It fits where that is zero. */
export interface Tried {
  readonly reason: Reason;
  /** Tells ideas of one reason apart. */
  readonly name: string;
  /** Null: no number can be given, and then it does not fit. */
  readonly residual: Decimal | null;
  /** What would have happened; or what speaks against it. */
  readonly sentence: string;
  readonly evidence: readonly Evidence[];
  readonly reach: Reach | null;
}

/** What an idea sets right beside the line that it was had about. Null: nothing. */
export interface Reach {
  /** Null: coins, by whatever they are off. */
  readonly lines: LineNames | null;
  /** One cause moved them all: what sets fewer of them right does not explain them. */
  readonly binds: boolean;
}

/** One cause; null: it was not asked of the whole book. */
export const bound = (lines: LineNames | null): Reach | null =>
  lines === null ? null : { lines, binds: true };

/** Returns nothing where it has nothing to say about such a line. */
export type Hypothesis = (facts: DifferenceFacts) => readonly Tried[];

export const fits = (
  reason: Reason,
  name: string,
  sentence: string,
  evidence: readonly Evidence[] = [],
  reach: Reach | null = null,
): Tried => ({ reason, name, residual: zero, sentence, evidence, reach });

/** `residual` is not zero: the arithmetic or the instrument speaks against it. */
export const leaves = (
  reason: Reason,
  name: string,
  residual: Decimal | null,
  why: string,
): Tried => ({ reason, name, residual, sentence: `${name}: ${why}`, evidence: [], reach: null });

export const isFitting = ({ residual }: Tried): boolean => residual !== null && isZero(residual);

/** Their list holds it as it is booked. */
export function isListed(facts: DifferenceFacts, fact: ListedFact): boolean {
  const { listedSince = null, unmatched, listed } = facts;
  if (listed?.has(fact) === true) return true;
  return listedSince !== null && fact.time >= listedSince && !unmatched.includes(fact);
}

export const nameOf = ({ what, key, leg }: DifferenceFacts): string => heldId({ what, key, leg });

export const differenceIn = ({ theirs, ours }: Pick<DifferenceFacts, 'ours' | 'theirs'>): Decimal =>
  subtract(theirs, ours);

/** Contracts, as opposed to coins: nothing but executions moves them. */
export const isContract = ({ what, instrument }: DifferenceFacts): boolean =>
  what === 'position' && instrument?.type !== 'spot';

/** Nearer to flat, or flat, on the same side. */
export function isReduction({ ours, theirs }: Pick<DifferenceFacts, 'ours' | 'theirs'>): boolean {
  const sign = signOf(ours);
  if (sign === 0 || (signOf(theirs) !== sign && !isZero(theirs))) return false;
  return signOf(subtract(theirs, ours)) === -sign;
}
