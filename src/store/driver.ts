/**
 * The one seam to SQLite: prepared statements over rows as arrays. Every error of the world
 * leaves here as a StoreError.
 */
import { backup, DatabaseSync, type StatementSync } from 'node:sqlite';
import { storeErrorOf } from './store-error.ts';

/** Integers come back as numbers, or all as bigints where a statement asks for them. */
export type Value = null | number | bigint | string;
export type Row = readonly Value[];

export interface Statement {
  /** The number of rows that it changed. */
  run(...values: Value[]): number;
  /** The rowid of the one row that it inserted. */
  insert(...values: Value[]): number;
  get(...values: Value[]): Row | undefined;
  all(...values: Value[]): Row[];
  iterate(...values: Value[]): IterableIterator<Row>;
}

export interface DriverOptions {
  readonly readOnly: boolean;
  /** How long to wait for another connection's lock. */
  readonly busyTimeoutMs: number;
}

export class Driver {
  readonly path: string;
  /** Statements are compiled when they are first run, not when they are prepared. */
  isLazy = false;
  readonly #database: DatabaseSync;

  constructor(path: string, { readOnly, busyTimeoutMs }: DriverOptions) {
    this.path = path;
    this.#database = this.#guarded(
      () => new DatabaseSync(path, { readOnly, timeout: busyTimeoutMs }),
    );
  }

  get inTransaction(): boolean {
    return this.#database.isTransaction;
  }

  exec(sql: string): void {
    this.#guarded(() => this.#database.exec(sql));
  }

  prepare(sql: string, options: { readonly bigints?: boolean } = {}): Statement {
    const compile = () => {
      const statement = this.#guarded(() => this.#database.prepare(sql));
      statement.setReturnArrays(true);
      if (options.bigints === true) statement.setReadBigInts(true);
      return statement;
    };
    return new PreparedStatement(this.isLazy ? null : compile(), compile, this.path);
  }

  /** The first column of the first row. */
  value(sql: string, ...values: Value[]): Value {
    return this.prepare(sql).get(...values)?.[0] ?? null;
  }

  /** A consistent copy of a database that may be in use. */
  async copyTo(target: string): Promise<void> {
    try {
      await backup(this.#database, target);
    } catch (error) {
      throw storeErrorOf(error, this.path);
    }
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw storeErrorOf(error, this.path);
    }
  }
}

class PreparedStatement implements Statement {
  #compiled: StatementSync | null;
  readonly #compile: () => StatementSync;
  #isUnderWay = false;
  readonly #path: string;

  constructor(compiled: StatementSync | null, compile: () => StatementSync, path: string) {
    this.#compiled = compiled;
    this.#compile = compile;
    this.#path = path;
  }

  get #statement(): StatementSync {
    this.#compiled ??= this.#compile();
    return this.#compiled;
  }

  run(...values: Value[]): number {
    try {
      return Number(this.#statement.run(...values).changes);
    } catch (error) {
      throw storeErrorOf(error, this.#path);
    }
  }

  insert(...values: Value[]): number {
    try {
      return Number(this.#statement.run(...values).lastInsertRowid);
    } catch (error) {
      throw storeErrorOf(error, this.#path);
    }
  }

  get(...values: Value[]): Row | undefined {
    try {
      return this.#statement.get(...values) as unknown as Row | undefined;
    } catch (error) {
      throw storeErrorOf(error, this.#path);
    }
  }

  all(...values: Value[]): Row[] {
    try {
      return this.#statement.all(...values) as unknown as Row[];
    } catch (error) {
      throw storeErrorOf(error, this.#path);
    }
  }

  *iterate(...values: Value[]): IterableIterator<Row> {
    // One statement has one place: whoever begins while another is under way has one of their own.
    const statement = this.#isUnderWay ? this.#compile() : this.#statement;
    const isFirst = !this.#isUnderWay;
    this.#isUnderWay = true;
    try {
      yield* statement.iterate(...values) as unknown as Iterable<Row>;
    } catch (error) {
      throw storeErrorOf(error, this.#path);
    } finally {
      if (isFirst) this.#isUnderWay = false;
    }
  }
}
