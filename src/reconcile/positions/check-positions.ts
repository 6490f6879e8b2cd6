/**
 * A bot's stored positions beside a better party: the book, or the venue. By instrument and leg,
 * never by a stripped symbol. Pure; what the rows become is returned as a write, bound to the rows
 * as they were seen.
 */

import type { MarkSource } from '../../books/valuation.ts';
import type { Break } from '../../model/break.ts';
import type { Fill } from '../../model/fact.ts';
import type { Instant } from '../../model/instant.ts';
import type { Instrument } from '../../model/instrument.ts';
import type {
  OrderAddition,
  PositionAddition,
  PositionChange,
  PositionSnapshot,
  TradeAddition,
} from '../../model/position-source.ts';
import type { Statement } from '../../model/statement.ts';
import type { Reconciled } from '../reconcile.ts';

/** The better evidence: what it says is held, and how it came about. */
export interface PositionTruth {
  readonly party: 'book' | 'venue';
  /** Positions and open orders; of the book, as a statement that it would give. */
  readonly statement: Statement;
  /** Executions of this account, oldest first, and since when they are complete; null: unknown. */
  readonly fills: readonly Fill[];
  readonly fillsCompleteSince: Instant | null;
  /** The book was compared with the venue, and is TRUE: then what it shows is proof. */
  readonly proven: boolean;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly marks: MarkSource;
}

export interface CheckPositionsInput {
  readonly snapshot: PositionSnapshot;
  /** The account of our book that these rows are about. */
  readonly account: string;
  readonly venue: string;
  /** The reporting currency. */
  readonly currency: string;
  readonly truth: PositionTruth;
  /** Client order ids that begin so are the bot's own; empty: only what its store names is. */
  readonly ownOrderPrefixes: readonly string[];
  readonly now: Instant;
  readonly settleMs: number;
  readonly statementMaxAgeMs: number | null;
  readonly markMaxAgeMs: number;
  readonly sequence: number;
  /** Breaks of source against this party that are not closed, and closed ones that may reopen. */
  readonly known: readonly Break[];
  /** Times that the bot's own log gives for changes of rows; empty: no log was given. */
  readonly logged: readonly LoggedChange[];
  /** Age after which the bot closes a position by rule; null: not known. */
  readonly exitAfterMs: number | null;
  readonly strict: boolean;
}

/** A line of the bot's log about a symbol, its time as it is written. */
export interface LoggedChange {
  readonly symbol: string;
  readonly at: Instant;
  readonly line: string;
}

/** The operators' summary. */
export interface PositionCountsOfSource {
  readonly stored: number;
  readonly venue: number;
  readonly verified: number;
  readonly phantom: number;
  readonly missing: number;
  readonly different: number;
  readonly foreign: number;
}

/** What sets one break of a source right. */
export interface SourceRepair {
  readonly breakId: string;
  readonly changes: readonly PositionChange[];
  readonly additions: readonly PositionAddition[];
  readonly trades: readonly TradeAddition[];
  readonly orders: readonly OrderAddition[];
  readonly needsApproval: boolean;
  readonly because: string;
  /** `SCAUSDT quantity: 2136.9 -> 2036`, one sentence for each row. */
  readonly sentences: readonly string[];
}

export interface PositionsChecked {
  /** Its plan has no entries: what is written is in `repairs`, under the same plan hash. */
  readonly reconciled: Reconciled;
  readonly counts: PositionCountsOfSource;
  readonly repairs: readonly SourceRepair[];
  /** What a person should know and no verdict depends on: a difference of clocks, a stripped symbol. */
  readonly hints: readonly string[];
}
