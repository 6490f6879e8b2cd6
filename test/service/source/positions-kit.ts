/** The database of incident 2 and a book of our own, as commands on positions use them. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { negate } from '../../../src/decimal/decimal.ts';
import { decimal } from '../../../src/decimal/text.ts';
import type { Fact, Fill } from '../../../src/model/fact.ts';
import { type Instant, instant } from '../../../src/model/instant.ts';
import { type Instrument, instrumentFromName } from '../../../src/model/instrument.ts';
import type { Statement, StatementPosition } from '../../../src/model/statement.ts';
import { statementText } from '../../../src/model/write-statement.ts';
import type { BookWriter } from '../../../src/service/book.ts';
import { openForWriting } from '../../../src/service/open-for-writing.ts';
import { BookReader } from '../../../src/service/reading.ts';
import { type Compared, checkAll } from '../../../src/service/reconciling.ts';
import {
  lookAtRows,
  type RowsGround,
  type RowsLook,
  type RowsOptions,
} from '../../../src/service/source/positions-look.ts';
import { noteRows } from '../../../src/service/source/positions-notes.ts';
import {
  applyRows,
  planRows,
  type RowsChoice,
} from '../../../src/service/source/positions-sync.ts';
import {
  createIncidentDatabase,
  incidentExchangeSizes,
  incidentPositions,
} from '../../../src/sources/monitoring/incident-database.ts';
import { openPositionSource } from '../../../src/sources/open-source.ts';
import { section } from '../../reconcile/kit.ts';
import { FakeClock } from '../held-book.ts';

export const seenAt = instant('2025-10-13T15:24:49Z');

const at = (text: string): Instant => instant(`${text.replace(' ', 'T')}Z`);

export const nameOf = (symbol: string): string => `${symbol.replace('USDT', '')}/USDT:USDT`;

export const instruments: readonly Instrument[] = incidentPositions.map(({ symbol }) => ({
  ...instrumentFromName('bybit', nameOf(symbol))!,
  ...{ symbol, lotSize: decimal('0.01') },
}));

export const fillOf = (
  id: string,
  symbol: string,
  side: Fill['side'],
  quantity: string,
  price: string,
  time: string,
): Fill => ({
  ...{ kind: 'fill', account: 'main', instrument: nameOf(symbol), leg: 'net', side },
  ...{ quantity: decimal(quantity), price: decimal(price) },
  fees: [{ currency: 'USDT', amount: decimal('0.01') }],
  ...{ liquidity: null, executionId: id, orderId: `o-${id}`, clientOrderId: null, strategy: null },
  ...{ cause: 'trade', venueSequence: null, provisional: false, time: at(time) },
});

const openings = incidentPositions.map(({ id, symbol, side, quantity, entryPrice, openedAt }) => {
  const way = side === 'short' ? 'sell' : 'buy';
  return fillOf(`open-${id}`, symbol, way, quantity, entryPrice, openedAt);
});

/** What the bot missed: an exit each of AGI and SCA, and a reduction of HNT by hand. */
export const missed: readonly Fill[] = [
  fillOf('exit-1', 'AGIUSDT', 'buy', '1000', '0.04784', '2025-10-13 14:00:00'),
  fillOf('exit-38', 'SCAUSDT', 'buy', '100.9', '0.09476', '2025-10-13 15:00:00'),
  fillOf('by-hand', 'HNTUSDT', 'sell', '0.12', '2.34', '2025-10-13 15:10:00'),
];

export const executions: readonly Fill[] = [...openings, ...missed];

const held: readonly StatementPosition[] = incidentPositions.map((one) => {
  const size = decimal(incidentExchangeSizes[one.symbol] ?? one.quantity);
  return {
    ...{ instrument: nameOf(one.symbol), leg: 'net' },
    quantity: one.side === 'short' ? negate(size) : size,
    averagePrice: decimal(one.entryPrice),
    markPrice: decimal(one.currentPrice),
    unrealisedPnl: null,
  };
});

/** What the exchange says; without executions only what is held. */
export const statement = (parts: Partial<Statement> = {}): Statement => ({
  ...{ account: 'main', venue: 'bybit', asOf: seenAt, takenAt: seenAt },
  positions: section(held),
  ...{ balances: null, orders: null, cashFlows: null },
  executions: section(executions, { from: instant('2025-10-12T00:00:00Z'), to: seenAt }),
  ...parts,
});

/**
 * A statement with which a book of all executions agrees: twelve fees of 0.01 and what the exits
 * lost, 1000 x 0.00314 + 100.9 x 0.00391 + 0.12 x 0.01 = 3.14 + 0.394519 + 0.0012.
 */
export const agreed = (): Statement => {
  const total = decimal('-3.655719');
  const usdt = { currency: 'USDT', total, available: null, equity: null, borrowed: null };
  return statement({ balances: section([usdt]) });
};

export const heldBut = (symbol: string, quantity: string | null) =>
  section(
    held.flatMap((one): StatementPosition[] => {
      if (one.instrument !== nameOf(symbol)) return [one];
      return quantity === null ? [] : [{ ...one, quantity: decimal(quantity) }];
    }),
  );

export class PositionsGround {
  readonly folder = mkdtempSync(join(tmpdir(), 'trueup-positions-'));
  readonly clock = new FakeClock();
  readonly path = join(this.folder, 'bot.db');
  readonly book = join(this.folder, 'trueup.db');

  constructor() {
    createIncidentDatabase(this.path);
  }

  async begin(facts: readonly Fact[] = []): Promise<void> {
    await this.writing(async (writer) => {
      const account = {
        ...({ kind: 'account', account: 'main', venue: 'bybit', currency: 'USDT' } as const),
        ...({ costMethod: 'average', feesInCost: false, mode: 'live' } as const),
        ...({ positionMode: 'net', time: null } as const),
      };
      const known = instruments.map((instrument) => ({ kind: 'instrument', instrument }) as const);
      await writer.recordAll([account, ...known, ...facts]);
    });
  }

  async writing<T>(work: (writer: BookWriter) => Promise<T>): Promise<T> {
    const { clock } = this;
    const how = { clock, holder: 'test', create: true, markMaxAgeMs: 1, programVersion: 'test' };
    const writer = await openForWriting(this.book, how);
    try {
      return await work(writer);
    } finally {
      await writer.close();
    }
  }

  /** Book and rows, compared with what is said; whatever is noted is noted. */
  async at<T>(
    said: Statement | null,
    work: (parts: {
      readonly ground: RowsGround;
      readonly writer: BookWriter;
      readonly look: RowsLook;
    }) => Promise<T>,
    changes: Partial<RowsOptions> = {},
  ): Promise<T> {
    const { clock } = this;
    const source = await openPositionSource(`sqlite:${this.path}`, {
      ...{ clock, zone: 'UTC', schema: null, backupFolder: join(this.folder, 'backups') },
    });
    const reader = new BookReader(this.book, clock);
    try {
      const ground = { source, reader, options: { ...this.options(), ...changes } };
      const compared = this.compared(reader, said);
      return await this.writing(async (writer) => {
        const [book = null] = await checkAll(reader, writer, [compared], this.how());
        return work({ ground, writer, look: await lookAtRows(ground, compared, book) });
      });
    } finally {
      reader.close();
      await source.close();
    }
  }

  check(said: Statement | null, changes: Partial<RowsOptions> = {}): Promise<RowsLook> {
    return this.at(said, ({ ground, writer, look }) => noteRows(ground, writer, look), changes);
  }

  plan(said: Statement | null) {
    return this.at(said, ({ ground, writer, look }) => planRows(ground, writer, look));
  }

  apply(said: Statement | null, choice: Partial<RowsChoice> = {}) {
    const whole = { only: null, auto: true, plans: null, actor: 'ann', ...choice };
    return this.at(said, ({ ground, writer, look }) => applyRows(ground, writer, look, whole));
  }

  how() {
    const { clock } = this;
    const none = { adjust: new Set<string>(), toleranceSteps: 0 };
    return { clock, strict: false, markMaxAgeMs: 86_400_000, ...none };
  }

  options(): RowsOptions {
    return {
      ...{ clock: this.clock, strict: false, markMaxAgeMs: 86_400_000, toleranceSteps: 0 },
      ...{ settleMs: 0, ownOrderPrefixes: [], logged: [], exitAfterMs: 10_800_000 },
      exchangeOf: () => null,
      instrumentsOf: async () => [],
    };
  }

  compared(reader: BookReader, said: Statement | null): Compared {
    const account = reader.file.accountNamed('main')!;
    return { account, source: said && { statement: said, text: statementText(said) } };
  }

  /** As the bot does it. */
  bot(...statements: readonly string[]): void {
    const file = new DatabaseSync(this.path);
    try {
      for (const one of statements) file.exec(one);
    } finally {
      file.close();
    }
  }

  row(id: number): Record<string, unknown> {
    const [row = {}] = this.rows(`SELECT * FROM positions WHERE id = ${id}`);
    return row;
  }

  rows(statement: string): readonly Record<string, unknown>[] {
    const file = new DatabaseSync(this.path, { readOnly: true });
    try {
      return file
        .prepare(statement)
        .all()
        .map((row) => ({ ...row }));
    } finally {
      file.close();
    }
  }

  count(table: string): number {
    const file = new DatabaseSync(this.path, { readOnly: true });
    try {
      return Number(file.prepare(`SELECT count(*) AS n FROM ${table}`).get()!['n']);
    } finally {
      file.close();
    }
  }

  /** Entries of the account since its facts: kinds, and of breaks their states. */
  entries(): readonly string[] {
    const reader = new BookReader(this.book, this.clock);
    try {
      const { account } = reader.file.accountNamed('main')!;
      const rows = [...reader.file.entries(account, 0, 10_000)];
      return rows.flatMap(({ kind, body }) => {
        if (kind === 'break') return [(JSON.parse(body!) as { state: string }).state];
        return kind === 'source' || kind === 'source-write' ? [kind] : [];
      });
    } finally {
      reader.close();
    }
  }
}

export const countsIn = ({ checked }: RowsLook) => checked.counts;

export const breakIn = ({ checked }: RowsLook, symbol: string) =>
  checked.reconciled.breaks.find(
    ({ lines, state }) =>
      lines[0]!.key === nameOf(symbol) && state !== 'VERIFIED' && state !== 'SELF_CLEARED',
  );
