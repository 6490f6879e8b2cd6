/**
 * One connection to the file, used by one piece of work at a time. It waits for locks between
 * attempts, never inside SQLite, so that nothing else of this process stands still meanwhile.
 */
import { DatabaseSync, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { CellRow, Session, Written } from '../database.ts';
import { SourceError } from '../source-error.ts';
import { boundOf, cellRowOf } from './cells.ts';
import { databaseFile, type FileIdentity } from './file.ts';
import { isBusy, sourceErrorOf } from './sqlite-error.ts';

export interface Waiting {
  /** How long to wait for somebody else's lock in all. */
  readonly busyTimeoutMs: number;
  readonly pause: (ms: number) => Promise<void>;
}

/** Erring long adds its length to a wait; erring short burns the processor. */
const pauseMsMax = 20;
/** Prepared statements that are kept: those of one look, with room for the triggers' own. */
const statementsMax = 64;

interface Prepared {
  readonly statement: StatementSync;
  readonly names: readonly string[];
}

export class Connection implements Session {
  readonly #path: string;
  readonly #readOnly: boolean;
  readonly #waiting: Waiting;
  readonly #statements = new Map<string, Prepared>();
  /** Files that were opened, and what was committed here: the file's own count tells of others. */
  #opens = 0;
  #commits = 0;
  #database: DatabaseSync | null = null;
  #file: FileIdentity | null = null;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(path: string, readOnly: boolean, waiting: Waiting) {
    this.#path = path;
    this.#readOnly = readOnly;
    this.#waiting = waiting;
  }

  /** Runs the work when the work before it has ended. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#queue.then(work);
    this.#queue = mine.catch(() => undefined); // whoever asked for that work is told
    return mine;
  }

  /** Tries again while another connection holds a lock that is in the way. */
  async patiently<T>(attempt: () => T | Promise<T>): Promise<T> {
    let [waited, next] = [0, 1];
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (!isBusy(causeOf(error))) throw error;
        if (waited >= this.#waiting.busyTimeoutMs) throw error;
        await this.#waiting.pause(next);
        waited += next;
        next = Math.min(next * 2, pauseMsMax);
      }
    }
  }

  async rows(sql: string, values: readonly Written[] = []): Promise<readonly CellRow[]> {
    return this.#told(() => {
      const { statement, names } = this.#prepared(sql);
      const rows: unknown[] = statement.all(...values.map(boundOf));
      return (rows as SQLOutputValue[][]).map((row) => cellRowOf(names, row));
    });
  }

  async run(sql: string, values: readonly Written[] = []): Promise<number> {
    return this.#told(() =>
      Number(this.#prepared(sql).statement.run(...values.map(boundOf)).changes),
    );
  }

  exec(sql: string): void {
    this.#told(() => this.database().exec(sql));
  }

  commit(): void {
    this.exec('COMMIT');
    this.#commits += 1;
  }

  /** The same as before only where nobody has committed anything since. */
  async version(): Promise<string> {
    const [row] = await this.rows('PRAGMA data_version');
    return `${this.#opens}:${this.#commits}:${row!['data_version']}`;
  }

  /** Ends what is open, if anything is: SQLite may have ended it by itself. */
  rollBack(): void {
    if (this.#database?.isTransaction) this.exec('ROLLBACK');
  }

  /** The connection, opened where it is not, and anew where the path leads to another file. */
  database(): DatabaseSync {
    if (this.#database?.isTransaction) return this.#database;
    const file = databaseFile(this.#path);
    const isSame = file.device === this.#file?.device && file.inode === this.#file?.inode;
    if (this.#database !== null && isSame) return this.#database;
    this.close();
    this.#database = this.#opened();
    this.#opens += 1;
    this.#file = file;
    return this.#database;
  }

  close(): void {
    this.#statements.clear();
    if (this.#database?.isOpen) this.#database.close();
    this.#database = null;
  }

  #opened(): DatabaseSync {
    // Foreign keys are as in the programs that write such files: not enforced unless they ask.
    const options = { readOnly: this.#readOnly, timeout: 0, enableForeignKeyConstraints: false };
    return this.#told(() => {
      const url = pathToFileURL(this.#path);
      // Never makes a file, not even one that was taken away since we looked.
      url.search = this.#readOnly ? 'mode=ro' : 'mode=rw';
      const database = new DatabaseSync(url, options);
      if (this.#readOnly) database.exec('PRAGMA query_only = 1');
      return database;
    });
  }

  #prepared(sql: string): Prepared {
    const database = this.database();
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    if (this.#statements.size >= statementsMax) this.#statements.clear();
    const statement = database.prepare(sql);
    statement.setReadBigInts(true);
    // Rows of values are read three times as fast as rows of names.
    statement.setReturnArrays(true);
    const prepared = { statement, names: statement.columns().map(({ name }) => name) };
    this.#statements.set(sql, prepared);
    return prepared;
  }

  #told<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw sourceErrorOf(error, this.#path);
    }
  }
}

const causeOf = (error: unknown): unknown => (error instanceof SourceError ? error.cause : error);
