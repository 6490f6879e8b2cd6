/** A SQLite file that a bot writes through a connection of its own, and the guard in it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import Big from 'big.js';
import { toText } from '../../src/decimal/text.ts';
import { instant } from '../../src/model/instant.ts';
import type { SourceGuard } from '../../src/model/source.ts';
import { recogniseFalcon } from '../../src/sources/falcon/recognise.ts';
import { guardOf } from '../../src/sources/guard/guard.ts';
import type { GuardOptions, Source } from '../../src/sources/source.ts';
import { openSqlite } from '../../src/sources/sqlite/sqlite.ts';

export const clock = { now: () => instant('2026-01-12T21:00:00Z') };

type Row = Readonly<Record<string, unknown>>;

/** A database that a bot writes, and the guard in it, on some engine. */
export interface Guarded {
  /** Runs a statement as the bot does. */
  run(sql: string): Promise<unknown>;
  rows(sql: string): readonly Row[] | Promise<readonly Row[]>;
  guard(): Promise<Source['guard']>;
  install(options?: GuardOptions): Promise<SourceGuard>;
  status(): Promise<SourceGuard>;
  /** Stored totals in the order of the accounts. */
  totals(): readonly unknown[] | Promise<readonly unknown[]>;
  /** The log: `actor table key before -> after`, oldest first. */
  log(): readonly string[] | Promise<readonly string[]>;
  /** Everything that the database declares. */
  schema(): string | Promise<string>;
  /** How often the day's backup was asked for. */
  readonly backups: number;
  end(): Promise<void>;
}

export class GuardedFile implements Guarded {
  readonly folder = mkdtempSync(join(tmpdir(), 'trueup-guard-'));
  readonly path = join(this.folder, 'paper_trading.db');
  readonly bot: DatabaseSync;
  readonly database: ReturnType<typeof openSqlite>;
  backups = 0;

  constructor(statements: string) {
    this.bot = new DatabaseSync(this.path);
    // Nothing here has to outlive the machine, and waiting for the disk is most of a test.
    this.bot.exec(`PRAGMA synchronous = OFF; ${statements}`);
    this.database = openSqlite(this.path, { clock });
  }

  async run(sql: string): Promise<void> {
    this.bot.exec(sql);
  }

  async guard(): Promise<Source['guard']> {
    const { engine, location } = this.database;
    const shape = recogniseFalcon(await this.database.tables(), engine, location);
    const beforeFirstWrite = async () => {
      this.backups += 1;
      return null;
    };
    return guardOf(this.database, shape, { clock, beforeFirstWrite });
  }

  async install(options: GuardOptions = { audit: false }): Promise<SourceGuard> {
    return (await this.guard()).install(options);
  }

  async status(): Promise<SourceGuard> {
    return (await this.guard()).status();
  }

  rows(sql: string): readonly Row[] {
    return this.bot.prepare(sql).all();
  }

  totals(): readonly unknown[] {
    return this.rows('SELECT total_value FROM account ORDER BY id').map(
      (row) => row['total_value'],
    );
  }

  schema(): string {
    const sql = 'SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name';
    return JSON.stringify(this.rows(sql));
  }

  log(): readonly string[] {
    const rows = this.rows('SELECT actor, changes FROM trueup_audit ORDER BY id');
    return rows.flatMap((row) => logText(row['actor'], row['changes']));
  }

  async end(): Promise<void> {
    this.bot.close();
    await this.database.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

interface Logged {
  readonly table: string;
  readonly key: string;
  readonly before: Record<string, string | null> | null;
  readonly after: Record<string, string | null> | null;
}

export const logText = (actor: unknown, changes: unknown): readonly string[] =>
  (JSON.parse(String(changes)) as Logged[]).map(
    ({ table, key, before, after }) =>
      `${actor} ${table} ${key} ${imageText(before)} -> ${imageText(after)}`,
  );

const imageText = (image: Logged['before']): string =>
  image === null ? 'none' : Object.values(image).map(String).join(' ');

/**
 * What each account is worth, from the rows alone, by other arithmetic than the guard's: null
 * where a part is unknown.
 */
export function worthOf(
  accounts: readonly Row[],
  positions: readonly Row[],
): readonly (Big | null)[] {
  return accounts.map(({ id, cash }) => {
    const mine = positions.filter((row) => !('account_id' in row) || row['account_id'] === id);
    let sum = exact(cash);
    for (const { quantity, current_price: price } of mine) {
      const amount = exact(quantity);
      if (amount?.eq(0)) continue;
      const value = exact(price);
      sum =
        sum === null || amount === null || value === null ? null : sum.plus(amount.times(value));
    }
    return sum;
  });
}

const exact = (cell: unknown): Big | null => {
  const text = String(cell ?? '');
  return /^-?[\d.]+(e[-+]?\d+)?$/i.test(text) ? new Big(text) : null;
};

/** How far a stored total is from what the account is worth; null where only one is unknown. */
export function distance(stored: unknown, worth: Big | null): Big | null {
  const total = exact(stored);
  if (total === null && worth === null) return new Big(0);
  return total === null || worth === null ? null : total.minus(worth).abs();
}

export const boundText = ({ bound }: SourceGuard): string => (bound ? toText(bound) : 'exact');
