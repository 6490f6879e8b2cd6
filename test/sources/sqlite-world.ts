/** Databases of bots as SQLite files, each in a folder of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqlite, type SqliteOptions } from '../../src/sources/sqlite/sqlite.ts';
import { type PortableTables, sqlOf } from './portable.ts';
import type { TestClock, World } from './worlds.ts';

export interface SqliteWorld extends World {
  readonly folder: string;
  readonly path: string;
}

export async function sqliteWorld(
  tables: PortableTables,
  journal: 'delete' | 'wal' = 'delete',
  options: Partial<SqliteOptions> = {},
): Promise<SqliteWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'trueup-source-'));
  const path = join(folder, 'paper_trading.db');
  const bot = new DatabaseSync(path, { timeout: 5_000 });
  bot.exec(`PRAGMA journal_mode = ${journal}`);
  bot.exec(`BEGIN; ${sqlOf('sqlite', tables).join(';\n')}; COMMIT`);
  return {
    folder,
    path,
    open: async (clock: TestClock) => openSqlite(path, { clock, ...options }),
    bot: async (sql) => bot.exec(sql),
    async end() {
      bot.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
