/**
 * What a check of stored positions takes and gives: a bot's rows beside a better party, the book
 * or the venue, by instrument and leg. What the rows become is returned as writes that are bound
 * to the rows as they were seen.
 */
import type { MarkSource } from '../../books/valuation.ts';
import type { Decimal } from '../../decimal/decimal.ts';
import type { Break } from '../../model/break.ts';
import type { Fill, Leg, OrderReport } from '../../model/fact.ts';
import type { Instant } from '../../model/instant.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { PositionSnapshot, StoredOrder, StoredPosition } from '../../model/position-source.ts';
import type { Statement } from '../../model/statement.ts';
import type { Automatic } from '../limits.ts';
import type { Reconciled } from '../reconcile.ts';
import type { RowWrites } from '../row-writes.ts';
import type { AccountsOfRows } from './whose-rows.ts';

/** The better evidence: what it says is held, and how it came about. */
export interface PositionTruth {
  readonly party: 'book' | 'venue' | 'statement';
  /** Positions and open orders; of the book, as a statement that it would give. */
  readonly statement: Statement;
  /** Executions of this account, oldest first, and since when they are complete; null: unknown. */
  readonly fills: readonly Fill[];
  readonly fillsCompleteSince: Instant | null;
  /** What that list is of, as in a statement; null or absent: everything. */
  readonly fillsScope?: readonly string[] | null;
  /** The book was compared with the venue, and is TRUE: then what it shows is proof. */
  readonly proven: boolean;
  /** Legs (`legId`) of which an open break says that this party is wrong; absent: none. */
  readonly doubted?: ReadonlySet<string>;
  /** Legs and coins of which the book never heard: not it, but this party tells what is held. */
  readonly foreign?: {
    readonly party: 'venue' | 'statement';
    isOf(instrument: string, leg: Leg): boolean;
  };
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly marks: MarkSource;
  /** The newest reports of an order, by the venue's id; absent: nobody keeps them. */
  readonly ordersOf?: (orderId: string) => readonly OrderReport[];
}

export interface CheckPositionsInput {
  readonly snapshot: PositionSnapshot;
  /** What an earlier look saw agree, by id of the row; absent: nobody remembers one. */
  readonly agreed?: ReadonlyMap<string, AgreedRow>;
  /** The account of our book that these rows are about. */
  readonly account: string;
  readonly venue: string;
  /** By the exchange that a row names it is this account's; absent: each that names the venue. */
  readonly accounts?: AccountsOfRows;
  /** The reporting currency. */
  readonly currency: string;
  readonly truth: PositionTruth;
  /** Client order ids that begin so are the bot's own; empty: only what its store names is. */
  readonly ownOrderPrefixes: readonly string[];
  /** Ids of orders that tables of the source know by themselves, beyond those of the snapshot. */
  readonly ownOrders?: ReadonlySet<string>;
  /** Keys of orders in the source that we added: they prove nothing of whose an order is. */
  readonly addedOrders?: ReadonlySet<string>;
  /** Stored orders that the snapshot does not show, found by the ids that were asked for. */
  readonly olderOrders?: readonly StoredOrder[];
  /** Ids by which the store was asked for its rows of orders: what it did not show is gone. */
  readonly askedOrders?: ReadonlySet<string>;
  /** The newest closed row of each symbol and side; absent: nobody asked. */
  readonly closedRows?: readonly StoredPosition[];
  readonly now: Instant;
  readonly settleMs: number;
  readonly statementMaxAgeMs: number | null;
  readonly markMaxAgeMs: number;
  /** Lot sizes that count as equal; absent: 0. */
  readonly toleranceSteps?: number;
  readonly sequence: number;
  /** Breaks of source against this party that are not closed, and closed ones that may reopen. */
  readonly known: readonly Break[];
  /** Times that the bot's own log gives for changes of rows; empty: no log was given. */
  readonly logged: readonly LoggedChange[];
  /** Age after which the bot closes a position by rule; null: not known. */
  readonly exitAfterMs: number | null;
  readonly strict: boolean;
  /** What may be written without a person; absent: what the policy says by default. */
  readonly automatic?: Automatic;
}

/** A row that was seen right: it held so much, and this was the last execution of its leg. */
export interface AgreedRow {
  /** Signed. */
  readonly quantity: Decimal;
  /** Null: none of it was listed. */
  readonly executionId: string | null;
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
export interface SourceRepair extends RowWrites {
  readonly breakId: string;
  readonly needsApproval: boolean;
  readonly because: string;
  /** `SCAUSDT quantity: 2136.9 -> 2036`, one sentence for each row. */
  readonly sentences: readonly string[];
}

/** Two clocks that differ by a constant number of whole quarter hours. */
export interface ClockFinding {
  readonly reason: 'CLOCK_SKEW';
  /** Whose stamps the database's were held against. */
  readonly against: 'log' | 'venue';
  /** Of that clock to the database's: positive is ahead. */
  readonly aheadMs: number;
  /** Ids of the rows that show it. */
  readonly rows: readonly string[];
  readonly sentence: string;
}

/** A leg that does not agree, or of which coins are not told apart. */
export interface LegInDoubt {
  readonly instrument: Instrument;
  readonly leg: Leg;
  /** Some row is about it. */
  readonly stored: boolean;
}

export interface PositionsChecked {
  /** Its plan has no entries: what is written is in `repairs`, under the same plan hash. */
  readonly reconciled: Reconciled;
  readonly counts: PositionCountsOfSource;
  readonly repairs: readonly SourceRepair[];
  readonly clocks: readonly ClockFinding[];
  /** What more of the store's memory would be asked for. */
  readonly inDoubt: readonly LegInDoubt[];
  /** What a person should know and no verdict depends on: other clocks, a stripped symbol. */
  readonly hints: readonly string[];
}

/** A row whose instrument, leg and signed quantity are certain. */
export interface PlacedRow {
  readonly row: StoredPosition;
  readonly instrument: Instrument;
  readonly leg: Leg;
  readonly quantity: Decimal;
}
