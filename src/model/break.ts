/**
 * Breaks: a difference between two parties, as a record with a life.
 *
 *   Line   one thing that both say something about: ours, theirs, difference
 *   Break  one case: the lines that one cause makes differ, and what is known about it
 *
 * Difference is always theirs - ours: what must be added to ours to give the truth.
 */
import type { Decimal } from '../decimal/decimal.ts';
import type { Leg } from './fact.ts';
import type { Instant } from './instant.ts';
import type { Reason } from './reason.ts';

export type Party = 'book' | 'venue' | 'source' | 'statement';

export const lineKinds = [
  'position',
  'balance',
  'average-price',
  'order',
  'fill',
  'cash-flow',
  'total',
  'performance',
  'price',
] as const;

export type LineKind = (typeof lineKinds)[number];

export interface Line {
  readonly what: LineKind;
  /** An instrument, a currency, or the id of an order, fill or cash flow. */
  readonly key: string;
  /** Where the key is an id: ids are unique per instrument only at some venues. */
  readonly instrument: string | null;
  readonly leg: Leg | null;
  /** Tells lines of one key apart: field of an order, side of a fill, kind of a cash flow. */
  readonly detail: string | null;
  readonly oursParty: Party;
  /** Null: not there, or no number; the text says which. */
  readonly ours: Decimal | null;
  readonly oursText: string | null;
  readonly theirsParty: Party;
  readonly theirs: Decimal | null;
  readonly theirsText: string | null;
  /** What is proven not to be there counts as zero; null where a side is unknown or no number. */
  readonly difference: Decimal | null;
  readonly tolerance: Decimal;
}

export type Confidence = 'proven' | 'likely' | 'unexplained';

/** From what can wait to what cannot. */
export const severities = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

export const severityRank = (severity: Severity): number => severities.indexOf(severity);

export interface Evidence {
  readonly at: Instant;
  /** execution, funding, order ... */
  readonly what: string;
  readonly id: string;
  readonly source: Party;
  /** Signed units of a fill, signed amount of a cash flow; null where it moves nothing. */
  readonly effect: Decimal | null;
  /** The entry in our book; null where the book lacks it. */
  readonly sequence: number | null;
}

export interface RuledOut {
  readonly reason: Reason;
  /** What would remain if it were the cause; null where that is no number. */
  readonly residual: Decimal | null;
  readonly why: string;
}

/** What is left of a line after everything that was found has been applied. */
export interface Residual {
  readonly what: LineKind;
  readonly key: string;
  readonly leg: Leg | null;
  readonly residual: Decimal | null;
}

export interface Explanation {
  readonly sentence: string;
  readonly evidence: readonly Evidence[];
  /** Zero, or that of the first line that has one. */
  readonly residual: Decimal | null;
  readonly residuals: readonly Residual[];
  readonly ruledOut: readonly RuledOut[];
  /** Ideas that fit alike: with more than one, none was picked. Absent: none was needed. */
  readonly candidates?: readonly IdeaThatFits[];
  /** Why a search for a combination of facts ended before its end; absent or null: it did not. */
  readonly gaveUp?: string | null;
}

/** A cause that would leave nothing, for which there is no direct evidence. */
export interface IdeaThatFits {
  readonly reason: Reason;
  /** Tells ideas of one reason apart: `deleveraging`. */
  readonly name: string;
  readonly sentence: string;
}

export const breakStates = [
  'SETTLING',
  'OPEN',
  'EXPLAINED',
  'PROPOSED',
  'APPROVED',
  'REPAIRED',
  'VERIFIED',
  'SNOOZED',
  'ACCEPTED',
  'SELF_CLEARED',
  'REOPENED',
] as const;

export type BreakState = (typeof breakStates)[number];

/** How far a person's word reaches: the lines of the break, or later breaks that are like it. */
export const holdScopes = ['lines', 'instrument', 'account'] as const;
export type HoldScope = (typeof holdScopes)[number];

/** A person's decision to leave a break alone for a time. */
export interface Hold {
  readonly reason: string;
  readonly until: Instant;
  /** Largest gross value that was accepted, of all that it covers; null: none was named. */
  readonly cap: Decimal | null;
  /** Ids of the lines that it was said of; a break that has another one comes back. */
  readonly lines?: readonly string[];
  /** Absent: it is of those lines alone. */
  readonly covers?: HoldCover;
}

/** Breaks of one account and reason that were opened after `since`, held by one word. */
export interface HoldCover {
  /** Of the same instrument or currency, or of any. */
  readonly scope: Exclude<HoldScope, 'lines'>;
  /** The break that the word was said of. */
  readonly of: string;
  readonly since: Instant;
}

/**
 * What a repair does: books missing facts, takes back what was inferred where the venue's own facts
 * stand, reverses or corrects booked ones, writes a bot's rows, adjusts because a person asked, or
 * adjusts a residue of rounding.
 */
export type RepairKind =
  | 'facts'
  | 'superseding'
  | 'taking-back'
  | 'rows'
  | 'adjustment'
  | 'rounding';

export interface ProposedRepair {
  readonly planHash: string;
  /** Of the book that the plan was made for; absent: not noted. */
  readonly sequence?: number;
  readonly needsApproval: boolean;
  /** Absent: not noted. */
  readonly kind?: RepairKind;
  /**
   * Who made the plan: sha256 of a person's name, which lies outside the chain, or `trueup` where
   * the policy did. Absent: nobody said.
   */
  readonly proposedBy?: string;
}

/** What would set a break right, without an adjustment. */
export interface FoundRemedy {
  readonly kind: Exclude<RepairKind, 'adjustment' | 'rounding'>;
  /** Evidence carries every unit of it. */
  readonly proven: boolean;
  /** It would leave a line further apart than it is. */
  readonly worsens: boolean;
  /**
   * Sum of all that it moves at marks, gross, and no less than what the lines differ by, nor than
   * all the facts that it takes back or corrects; null: a part has no price. Absent: it moves what
   * the lines say, or that was not noted.
   */
  readonly moves?: Decimal | null;
  /** Names of what it moves and was not compared; absent: nothing. */
  readonly uncompared?: readonly string[];
}

export interface Break {
  readonly id: string;
  readonly account: string;
  readonly reason: Reason;
  readonly confidence: Confidence;
  readonly severity: Severity;
  readonly state: BreakState;
  /** When it was opened; where it was closed and differs again, when it came back. */
  readonly openedAt: Instant;
  /** When it was opened for the first time; absent: it never came back after it was closed. */
  readonly firstOpenedAt?: Instant;
  /** The book's sequence when it was first seen. */
  readonly openedSequence: number;
  /** When the state last changed. */
  readonly changedAt: Instant;
  /** At least one; the first names the break. */
  readonly lines: readonly Line[];
  /** The facts that tie the lines together: what one of the two lacks or tells otherwise. */
  readonly facts: readonly Line[];
  /** Sum of |difference| at marks, in the reporting currency; null while a line has no price. */
  readonly gross: Decimal | null;
  /** What equity is off by. */
  readonly net: Decimal | null;
  /** Lines that could not be valued, by name. */
  readonly unvalued: readonly string[];
  readonly explanation: Explanation;
  /** As the newest comparison has it; null or absent: nothing is known that does. */
  readonly remedy?: FoundRemedy | null;
  /** The plan that was proposed for it. */
  readonly repair: ProposedRepair | null;
  readonly hold: Hold | null;
  /** sha256 of the name of the person who approved the plan; the name lies outside the chain. */
  readonly approvedBy?: string;
  /** The same of the person who took it into this state: snoozed, accepted, or ended that. */
  readonly heldBy?: string;
  /** The break that this one was found to be a part of. */
  readonly mergedInto: string | null;
}

const separator = '\n';

/** One text per line of an account: no name or id holds a line feed. */
export const lineId = (
  line: Pick<Line, 'what' | 'key' | 'instrument' | 'leg' | 'detail'>,
): string =>
  line.what +
  separator +
  line.key +
  separator +
  (line.leg ?? '') +
  separator +
  (line.instrument ?? '') +
  separator +
  (line.detail ?? '');

const rankOf = Object.fromEntries(lineKinds.map((what, rank) => [what, rank])) as Readonly<
  Record<LineKind, number>
>;

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The order in which lines are shown: what is held before how it came about, then by name. */
export const compareLines = (a: Line, b: Line): number =>
  (a.what === b.what ? 0 : rankOf[a.what] - rankOf[b.what]) ||
  compareTexts(a.key, b.key) ||
  compareTexts(a.leg ?? '', b.leg ?? '') ||
  compareTexts(a.instrument ?? '', b.instrument ?? '') ||
  compareTexts(a.detail ?? '', b.detail ?? '');
