/** A service, the database of incident 2 and a venue that answers: a row that is behind both. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Fill } from '../../src/model/fact.ts';
import { instantText } from '../../src/model/instant.ts';
import { createIncidentDatabase } from '../../src/sources/monitoring/incident-database.ts';
import { perpetual } from './live-paper.ts';
import { type Served, type ServedOptions, serve } from './served.ts';

export interface RowsStaged {
  readonly served: Served;
  /** Of the execution that opened the position. */
  readonly opened: Fill;
  /** As the bot does it, or as somebody looks. */
  sql(statement: string): readonly Record<string, unknown>[];
  /** As the bot stores what it believes in. */
  row(id: string, quantity: string, status?: string): void;
}

/** The row says 0.5; the exchange holds 0.3, and the book knows why: 0.2 were sold. */
export async function rowBehind(options: ServedOptions = {}, mayWrite = true): Promise<RowsStaged> {
  const path = join(mkdtempSync(join(tmpdir(), 'trueup-rows-page-')), 'bot.db');
  createIncidentDatabase(path);
  const sql: RowsStaged['sql'] = (statement) => {
    const file = new DatabaseSync(path);
    try {
      return file.prepare(statement).all() as Record<string, unknown>[];
    } finally {
      file.close();
    }
  };
  sql('DELETE FROM positions');
  const served = await serve({
    ...options,
    source: ({ book, clock }) => ({
      ...{ name: 'sqlite:bot.db', mayWrite, exchangeOf: () => 'bybit' },
      options: {
        ...{ location: `sqlite:${path}`, zone: 'UTC', schema: null, clock, book, account: null },
        ...{ sourceAccount: null, currency: null, strict: false, tell: () => undefined },
        ...{ markMaxAgeMs: 86_400_000, markMaxAgeGiven: false, performanceMaxAgeMs: 86_400_000 },
        programVersion: 'test',
      },
    }),
  });
  const { clock, paper } = served.of;
  const row: RowsStaged['row'] = (id, quantity, status = 'active') => {
    const at = instantText(clock.now()).replace('Z', '+00:00');
    const closed = status === 'closed' ? `'${at}'` : 'NULL';
    sql(`INSERT INTO positions (id, symbol, exchange, side, quantity, entry_price, current_price,
      status, opened_at, created_at, updated_at, closed_at) VALUES (${id}, '${perpetual}', 'bybit',
      'buy', ${quantity}, 60000, 60000, '${status}', '${at}', '${at}', '${at}', ${closed})`);
  };
  const opened = paper.trade('buy', '0.5');
  await served.check('auto');
  row('7', '0.5');
  clock.pass(60_000);
  paper.trade('sell', '0.2');
  await served.check('auto');
  clock.pass(120_000);
  return { served, opened, sql, row };
}
