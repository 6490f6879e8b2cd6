/** What the cases of the schema `monitoring` stand on: the incident's database on some engine. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { decimal, toTextOrNull } from '../../../src/decimal/text.ts';
import { instant } from '../../../src/model/instant.ts';
import type {
  OrderAddition,
  PositionAddition,
  PositionChange,
  PositionSnapshot,
  PositionWrite,
  StoredPosition,
  TradeAddition,
} from '../../../src/model/position-source.ts';
import type { SourceEngine } from '../../../src/model/source.ts';
import { incidentSql } from '../../../src/sources/monitoring/incident-database.ts';
import { openMonitoring } from '../../../src/sources/monitoring/monitoring.ts';
import type { Generation } from '../../../src/sources/monitoring/shape.ts';
import type { PositionSource } from '../../../src/sources/position-source.ts';
import { openPostgres } from '../../../src/sources/postgres/postgres.ts';
import { openSqlite } from '../../../src/sources/sqlite/sqlite.ts';
import { sql, type TestServer } from '../../postgres/server.ts';
import { TestClock, type World } from '../worlds.ts';

export const generations: readonly Generation[] = ['pnl-only', 'realized-pnl', 'exit-price'];

/** Three minutes after the rows of the incident were written last. */
export const at = instant('2025-10-13T15:28:30Z');

export interface MonitoringWorld extends World {
  readonly engine: SourceEngine;
  /** The rows of a statement, as the bot reads them. */
  rows(statement: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** The incident's database of that generation, and what the bot did since. */
export type MakeMonitoring = (
  generation: Generation,
  since?: readonly string[],
) => Promise<MonitoringWorld>;

export const sqliteMonitoring =
  (journal: 'delete' | 'wal'): MakeMonitoring =>
  async (generation, since = []) => {
    const folder = mkdtempSync(join(tmpdir(), 'trueup-positions-'));
    const path = join(folder, 'bot.db');
    const bot = new DatabaseSync(path, { timeout: 5_000 });
    bot.exec(`PRAGMA journal_mode = ${journal}`);
    bot.exec(`BEGIN; ${[...incidentSql('sqlite', generation), ...since].join(';\n')}; COMMIT`);
    return {
      engine: 'sqlite',
      open: async (clock) => openSqlite(path, { clock }),
      bot: async (statement) => bot.exec(statement),
      rows: async (statement) =>
        bot
          .prepare(statement)
          .all()
          .map((row) => ({ ...row })),
      async end() {
        bot.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  };

export const postgresMonitoring =
  (server: () => TestServer): MakeMonitoring =>
  async (generation, since = []) => {
    const path = 'SET search_path TO monitoring, public';
    const made = [...incidentSql('postgresql', generation), path, ...since];
    const url = await server().database(made.join(';\n'));
    const backupFolder = mkdtempSync(join(tmpdir(), 'trueup-positions-'));
    return {
      engine: 'postgresql',
      open: () => openPostgres(url, { backupFolder }),
      async bot(statement) {
        await sql(url, `${path}; ${statement}`);
      },
      rows: (statement) => sql(`${url}?options=-csearch_path%3Dmonitoring`, statement),
      async end() {
        rmSync(backupFolder, { recursive: true });
      },
    };
  };

export const positionsOn = async (
  world: World,
  zone: string | null = 'UTC',
): Promise<PositionSource> => {
  const clock = new TestClock('2025-10-13T15:28:30Z');
  return openMonitoring(await world.open(clock), { clock, zone, schema: null });
};

export const positionOf = (snapshot: PositionSnapshot, symbol: string): StoredPosition => {
  const found = snapshot.positions.find((one) => one.symbol === symbol);
  if (found === undefined) throw new Error(`there is no ${symbol}`);
  return found;
};

/** `274 HNTUSDT long 60 active`: unknown is `-`. */
export const shown = ({ id, symbol, direction, quantity, status }: StoredPosition): string =>
  `${id} ${symbol} ${direction ?? '-'} ${toTextOrNull(quantity) ?? '-'} ${status}`;

/** A change that is decided on what the snapshot says. */
export const changeOf = (
  snapshot: PositionSnapshot,
  symbol: string,
  part: Partial<PositionChange>,
): PositionChange => {
  const { id, quantity, status, direction } = positionOf(snapshot, symbol);
  return { id, symbol, expected: { quantity, status, direction }, ...part };
};

export const writeOf = (part: Partial<PositionWrite>): PositionWrite => ({
  why: 'the exchange holds another size',
  at,
  ...{ changes: [], additions: [], trades: [], orders: [] },
  ...part,
});

export const tradeOf = (
  executionId: string,
  quantity: string,
  part: Partial<TradeAddition> = {},
): TradeAddition => ({
  ...{ positionId: '1', symbol: 'AGIUSDT', exchange: 'bybit', side: 'buy' },
  ...{ quantity: decimal(quantity), price: decimal('0.04784') },
  ...{ fee: decimal('0.0263'), feeCurrency: 'USDT', orderId: 'exit-1', clientOrderId: null },
  ...{ executionId, at: instant('2025-10-13T15:02:11Z') },
  ...part,
});

export const orderOf = (orderId: string, part: Partial<OrderAddition> = {}): OrderAddition => ({
  ...{ positionId: '1', symbol: 'AGIUSDT', exchange: 'bybit', orderId, clientOrderId: null },
  ...{ side: 'buy', type: 'limit', quantity: decimal('4160'), price: decimal('0.04784') },
  ...{ filled: decimal('1000'), statusText: 'cancelled', fee: null, feeCurrency: null },
  createdAt: instant('2025-10-13T14:25:29Z'),
  ...part,
});

export const additionOf = (part: Partial<PositionAddition> = {}): PositionAddition => ({
  ...{ symbol: 'ZENUSDT', exchange: 'bybit', direction: 'short', quantity: decimal('12.5') },
  ...{ entryPrice: decimal('11.04'), currentPrice: null, unrealisedPnl: null },
  ...{ openedAt: instant('2025-10-13T15:11:00Z'), orderIds: ['entry-7', 'entry-8'] },
  ...part,
});
