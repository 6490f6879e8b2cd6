/**
 * The seam to the engines: rows of text. A binary float comes as its shortest decimal text without
 * exponent, so no number is ever computed with in binary.
 */
import type { Instant } from '../model/instant.ts';
import type { SourceEngine } from '../model/source.ts';

/** As stored; a float that is not finite comes as `Infinity`, `-Infinity` or `NaN`. */
export type Cell = string | null;
export type CellRow = Readonly<Record<string, Cell>>;

/** Asks inside one transaction. `?` stands for a value, in their order, on every engine. */
export interface Query {
  rows(sql: string, values?: readonly Cell[]): Promise<readonly CellRow[]>;
}

/** A value that is stored as a number keeps the type of its column. */
export type Written = Cell | { readonly number: string };

export interface Condition {
  readonly sql: string;
  readonly values: readonly Cell[];
}

export interface Session extends Query {
  /** What it returns, where it is a statement that writes, too. */
  rows(sql: string, values?: readonly Written[]): Promise<readonly CellRow[]>;
  /** The number of rows that it changed. */
  run(sql: string, values?: readonly Written[]): Promise<number>;
  /**
   * Keeps the rows of this table as they are until the end, or those alone for which a condition
   * holds; asked before anything is read, or what was read may be older. Of one table alone: others
   * would lock two in another order, and each wait for the other. Absent where a write keeps
   * everybody else out anyway.
   */
  lock?(table: TableShape, rows?: Condition): Promise<void>;
  /** Waits until no other write of ours that asks for this table is under way; before all else. */
  takeTurns?(table: TableShape): Promise<void>;
  /** As that of the database, inside the write. */
  version?(): Promise<string>;
}

export interface ColumnShape {
  readonly name: string;
  /** As declared, in lower case; empty where nothing was. */
  readonly type: string;
  readonly nullable: boolean;
  /** Has a value by itself where a row is added without one. */
  readonly filled: boolean;
  readonly primaryKey: boolean;
  /** Digits behind the point of a decimal type; null: not fixed. */
  readonly scale: number | null;
}

export interface TableShape {
  /** As it has to be written in SQL: quoted, with its schema where that is needed. */
  readonly sql: string;
  readonly name: string;
  readonly kind: 'table' | 'view';
  readonly columns: readonly ColumnShape[];
  /** What rows are numbered by, where that is no column: large tables are read in its order. */
  readonly pieceKey?: string;
  /** Where it is, on engines whose tables are in schemas. */
  readonly schema?: string;
  /** False: a statement has to name its schema; absent where every table is found by its name. */
  readonly isOnPath?: boolean;
}

export interface Database {
  readonly engine: SourceEngine;
  /** Without a password. */
  readonly location: string;
  /** Those that a statement finds by their name alone. */
  tables(): Promise<readonly TableShape[]>;
  /** Those of every other schema that can be seen; absent where there are none such. */
  tablesElsewhere?(): Promise<readonly TableShape[]>;
  /** One read-only snapshot. The work must be short: on SQLite it keeps writers from committing. */
  read<T>(work: (query: Query) => Promise<T>): Promise<T>;
  /**
   * The rows of one statement in one snapshot, some at a time, for tables that cannot be read in
   * pieces. Absent where only all of them can be had at once.
   */
  pages?(sql: string, size: number): AsyncIterable<readonly CellRow[]>;
  /** One transaction that sums and writes; tried again where another one came between. */
  write<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /**
   * The same twice only where nothing was committed in between, by whomever: then what was read
   * after the first needs not be read again. Absent where nothing tells.
   */
  version?(): Promise<string>;
  /** As `write`, and always rolled back: to prove that something would work. */
  rehearse<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /**
   * A consistent copy beside the source or in `folder`; its path. A file is copied whole, of a
   * server the tables that are named: parents before children.
   */
  backup(name: string, tables: readonly TableShape[]): Promise<string>;
  /** Names of the copies that `backup` made, oldest first. */
  backups(): Promise<readonly string[]>;
  removeBackup(name: string): Promise<void>;
  /** How much a copy needs and how much there is; absent where that cannot be told. */
  backupRoom?(
    tables: readonly TableShape[],
  ): Promise<{ folder: string; needed: number; free: number }>;
  /**
   * What naive times of the newest rows are likely to be in; null: nothing tells. `ours`: when we
   * wrote last ourselves, which says nothing of the bot.
   */
  zoneHint(
    newestNaive: string | null,
    ours?: Instant | null,
  ): Promise<{ name: string; because: string } | null>;
  close(): Promise<void>;
}
