/**
 * Sources: what the database of another program believes.
 *
 *   SourceSnapshot      one consistent look at it
 *     SourceAccount     a row that keeps cash and, in some schemas, a total
 *       SourcePosition  a holding, with the price the source keeps for it
 *   SourceWrite         what is to be written back, decided on the snapshot it is written onto
 *
 * Numbers are what the columns hold: a binary float by its shortest decimal text. A number that is
 * null is unknown; `faults` says why where it is more than an empty column.
 */
import type { Decimal } from '../decimal/decimal.ts';
import type { Instant } from './instant.ts';

export type SourceEngine = 'sqlite' | 'postgresql';

export interface SourceIdentity {
  /** Which adapter reads it: `falcon`. */
  readonly schema: string;
  /** Which of the schema's generations it is, in words of the adapter. */
  readonly generation: string;
  readonly engine: SourceEngine;
  /** Where it is, as people are shown it and may type it again: never with a password. */
  readonly location: string;
}

/** How a column keeps a number, and so which stored number is nearest to an exact one. */
export type NumberStorage =
  | { readonly kind: 'binary64' }
  | { readonly kind: 'binary32' }
  | { readonly kind: 'decimal'; readonly scale: number }
  /** As many digits as are written. */
  | { readonly kind: 'exact' };

/** A cell that holds something else than its column promises. */
export interface SourceFault {
  readonly table: string;
  /** The row, by its key: a symbol, an id, a time. */
  readonly key: string;
  readonly column: string;
  readonly value: string;
  /** `is no number`, `is no time`. */
  readonly why: string;
  /** What the cell keeps, whatever its column is called; `traded`: an order's price. */
  readonly role?:
    | ('quantity' | 'price' | 'entry' | 'cash' | 'total' | 'time' | 'traded')
    | ('status' | 'side' | 'pnl' | 'fees');
  /** Whose row it is; null: no account's that can be told; absent: that is not known. */
  readonly accountId?: string | null;
}

/** The zone of times that have no offset, and how it is known. */
export interface SourceZone {
  /** An IANA name or an offset such as +04:00. */
  readonly name: string;
  readonly known: 'declared' | 'detected' | 'assumed';
  /** What it was detected by, or why it is assumed. */
  readonly because: string;
  /** What would be detected now, where that is another zone; absent: nothing contradicts. */
  readonly detectedNow?: string;
}

export interface SourcePosition {
  readonly symbol: string;
  /** Signed: negative is short. */
  readonly quantity: Decimal | null;
  readonly entryPrice: Decimal | null;
  /** The price that the source keeps; null where it keeps none. */
  readonly price: Decimal | null;
  /** When the row was last written, which is as good as the price's time; null: not kept. */
  readonly updatedAt: Instant | null;
  readonly entryAt: Instant | null;
  /** The newest traded price in the source's orders: where nothing else prices the position. */
  readonly traded: { readonly price: Decimal; readonly at: Instant | null } | null;
}

export interface SourcePerformance {
  readonly time: Instant;
  readonly total: Decimal | null;
  readonly cash: Decimal | null;
  readonly positionsValue: Decimal | null;
  /** Where a column of it holds no double: then its sum is as coarse. */
  readonly storage?: Extract<NumberStorage, { readonly kind: 'binary32' }>;
}

export interface SourceAccount {
  /** The row's key as text. */
  readonly id: string;
  readonly cash: Decimal | null;
  /** Null: no such column, or empty. */
  readonly total: Decimal | null;
  readonly updatedAt: Instant | null;
  /** Sorted by symbol; rows with quantity zero included. */
  readonly positions: readonly SourcePosition[];
  /** The newest records, oldest first: as many as a look shows. */
  readonly performance: readonly SourcePerformance[];
  readonly performanceCount: number;
  /** The very first record: what the account began with. */
  readonly performanceFirst: SourcePerformance | null;
}

/** The triggers that keep a stored total, as they are found in the source. */
export interface SourceGuard {
  readonly state: 'absent' | 'installed' | 'altered';
  /** What was dropped or changed, one sentence each. */
  readonly findings: readonly string[];
  /** Largest distance of a total that the triggers keep from the exact sum; null: exact. */
  readonly bound: Decimal | null;
  /** Whether every change is logged, whoever makes it. */
  readonly audited: boolean;
  /** Stored totals that changed without a row in the log, one sentence each. */
  readonly unlogged: readonly string[];
}

export interface SourceSnapshot {
  readonly identity: SourceIdentity;
  /** By our clock. */
  readonly takenAt: Instant;
  readonly zone: SourceZone;
  /** Null: the schema keeps no total. */
  readonly totalStorage: NumberStorage | null;
  readonly keepsPrices: boolean;
  readonly accounts: readonly SourceAccount[];
  /** Positions of no account that can be told, where several accounts share one table. */
  readonly unattributed: readonly SourcePosition[];
  /** Positions whose row looks closed and has a quantity, which is taken for unknown. */
  readonly closed?: { readonly column: string; readonly count: number };
  /** Performance records of no account that can be told; absent: none. */
  readonly namelessRecords?: number;
  readonly orders: {
    readonly count: number;
    readonly newestAt: Instant | null;
    /** Key of the last row there was; absent or null: none, or they are read only as a whole. */
    readonly upTo?: string | null;
  };
  readonly guard: SourceGuard;
  /** The newest write of ours that is not undone; null: none. */
  readonly lastWrite: SourceAuditRow | null;
  /** The newest of them that wrote each account's row, newest first. */
  readonly totalWrites: readonly SourceAuditRow[];
  readonly faults: readonly SourceFault[];
}

export interface SourceOrder {
  readonly id: string;
  /** Null where the table does not say. */
  readonly accountId: string | null;
  readonly symbol: string;
  readonly side: 'buy' | 'sell' | null;
  readonly quantity: Decimal | null;
  readonly price: Decimal | null;
  readonly at: Instant | null;
  /** Realised PnL as the source noted it; null: not noted. */
  readonly pnl: Decimal | null;
}

/** What is written in one transaction, or not at all. */
export interface SourceWrite {
  /** Why, in one sentence for the log. */
  readonly why: string;
  readonly at: Instant;
  readonly totals: readonly { readonly accountId: string; readonly total: Decimal }[];
  readonly prices: readonly SourcePriceWrite[];
  readonly performance: readonly {
    readonly accountId: string;
    readonly record: SourcePerformance;
  }[];
}

export interface SourcePriceWrite {
  /** Null where positions belong to no account in particular. */
  readonly accountId: string | null;
  readonly symbol: string;
  readonly price: Decimal;
}

/** One row of `trueup_audit`: what was, what is, who did it and why. Values are text as stored. */
export interface SourceAuditRow {
  readonly id: number;
  readonly at: Instant;
  /** `trueup` for our own writes, `trigger` for what the triggers logged. */
  readonly actor: string;
  readonly action: 'update' | 'undo' | 'record' | 'log';
  /** One for each table row that was changed. */
  readonly changes: readonly SourceChange[];
  readonly why: string | null;
  /** The row that this one takes back. */
  readonly undoes: number | null;
}

export interface SourceChange {
  readonly table: string;
  readonly key: string;
  /** What the row keeps, where the write was ours; absent in rows that triggers logged. */
  readonly role?: 'total' | 'price' | 'record' | 'position' | 'order' | 'trade';
  /** Whose row it is; absent or null where it is no account's in particular. */
  readonly accountId?: string | null;
  /** The column that holds its number: of a total the total, of a price the price. */
  readonly column?: string;
  /** Of a position: which columns of the images hold what, whatever they are called. */
  readonly columns?: Readonly<Record<string, string>>;
  /** The venue's id of an execution that was added, which no column of the row may keep. */
  readonly fact?: string;
  /** By column; null: the row was not there. */
  readonly before: Readonly<Record<string, string | null>> | null;
  readonly after: Readonly<Record<string, string | null>> | null;
}
