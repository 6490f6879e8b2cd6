/** A source that is held in memory: what a bot's database says, row by row, as text. */
import type { Decimal } from '../../src/decimal/decimal.ts';
import { decimal } from '../../src/decimal/text.ts';
import { type Instant, instant } from '../../src/model/instant.ts';
import type {
  SourceEngine,
  SourceOrder,
  SourcePerformance,
  SourcePosition,
  SourceSnapshot,
} from '../../src/model/source.ts';
import { type IncidentTable, incidentTables } from '../../src/sources/falcon/incident-database.ts';
import type { Source } from '../../src/sources/source.ts';

type Text = string | null;

export interface MemoryOrder {
  readonly id: string;
  readonly account?: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell' | null;
  readonly quantity: Text;
  readonly price: Text;
  readonly at: Text;
  readonly pnl?: Text;
}

export interface MemoryPosition {
  readonly symbol: string;
  readonly quantity: Text;
  readonly price?: Text;
  readonly updatedAt?: Text;
}

export interface MemoryAccount {
  readonly id?: string;
  readonly cash: Text;
  readonly positions: readonly MemoryPosition[];
  readonly performance?: readonly (readonly [time: string, total: Text, cash: Text])[];
}

export interface MemoryDatabase {
  readonly engine?: SourceEngine;
  readonly accounts: readonly MemoryAccount[];
  readonly unattributed?: readonly MemoryPosition[];
  readonly orders: readonly MemoryOrder[];
}

const takenAt = instant('2026-01-12T21:30:00Z');

/** Only what reading needs: everything else is a fault of the test. */
export function memorySource(database: () => MemoryDatabase): Source {
  const never = (): never => {
    throw new Error('a source in memory is only read');
  };
  const identity = {
    schema: 'falcon',
    generation: 'stored-total',
    engine: database().engine ?? 'sqlite',
    location: 'memory',
  } as const;
  return {
    kind: 'balance',
    identity,
    snapshot: async () => ({ ...snapshotOf(database()), identity }),
    performance: async (accountId, limit) =>
      performanceOf(database().accounts.find(({ id = '1' }) => id === accountId)!).slice(-limit),
    async *orders() {
      for (const order of database().orders) yield orderOf(order);
    },
    preflight: never,
    rehearse: never,
    write: never,
    undo: never,
    audit: never,
    guard: { statements: never, install: never, status: never, remove: never },
    removeTraces: never,
    close: async () => undefined,
  };
}

const decimalOrNull = (text: Text | undefined): Decimal | null =>
  text == null ? null : decimal(text);
const instantOrNull = (text: Text | undefined): Instant | null =>
  text == null ? null : instant(text);

const snapshotOf = ({ accounts, orders, unattributed = [] }: MemoryDatabase) =>
  ({
    takenAt,
    zone: { name: 'UTC', known: 'declared', because: 'the test says so' },
    totalStorage: { kind: 'binary64' },
    keepsPrices: true,
    accounts: accounts.map((account) => {
      const performance = performanceOf(account);
      return {
        id: account.id ?? '1',
        cash: decimalOrNull(account.cash),
        total: null,
        updatedAt: null,
        positions: account.positions.map(positionOf),
        performance,
        performanceCount: performance.length,
        performanceFirst: performance[0] ?? null,
      };
    }),
    unattributed: unattributed.map(positionOf),
    orders: { count: orders.length, newestAt: null },
    guard: { state: 'absent', findings: [], bound: null, audited: false, unlogged: [] },
    lastWrite: null,
    totalWrites: [],
    faults: [],
  }) satisfies Omit<SourceSnapshot, 'identity'>;

const positionOf = ({ symbol, quantity, price, updatedAt }: MemoryPosition): SourcePosition => ({
  symbol,
  quantity: decimalOrNull(quantity),
  entryPrice: null,
  price: decimalOrNull(price),
  updatedAt: instantOrNull(updatedAt),
  entryAt: null,
  traded: null,
});

const performanceOf = ({ performance = [] }: MemoryAccount): readonly SourcePerformance[] =>
  performance.map(([time, total, cash]) => ({
    time: instant(time),
    total: decimalOrNull(total),
    cash: decimalOrNull(cash),
    positionsValue: total === cash ? decimal('0') : null,
  }));

const orderOf = (order: MemoryOrder): SourceOrder => ({
  id: order.id,
  accountId: order.account ?? null,
  symbol: order.symbol,
  side: order.side,
  quantity: decimalOrNull(order.quantity),
  price: decimalOrNull(order.price),
  at: instantOrNull(order.at),
  pnl: decimalOrNull(order.pnl),
});

/** The database of the incident, its naive times taken for UTC. */
export function incidentInMemory(): MemoryDatabase {
  const tables = new Map(
    incidentTables('stored-total').map((table) => [table.name, rowsOf(table)]),
  );
  const [account] = tables.get('account')!;
  return {
    accounts: [
      {
        cash: account!['cash']!,
        positions: tables.get('positions')!.map((row) => ({
          symbol: row['symbol']!,
          quantity: row['quantity']!,
          price: row['current_price']!,
          updatedAt: `${row['last_updated']}Z`,
        })),
        performance: tables
          .get('performance')!
          .map((row) => [`${row['timestamp']}Z`, row['total_value']!, row['cash']!]),
      },
    ],
    orders: tables.get('orders')!.map((row) => ({
      id: row['id']!,
      symbol: row['symbol']!,
      side: row['side'] as 'buy' | 'sell',
      quantity: row['quantity']!,
      price: row['price']!,
      at: `${row['timestamp']}Z`,
      pnl: row['pnl']!,
    })),
  };
}

const rowsOf = ({ columns, rows }: IncidentTable) =>
  rows.map((row) => Object.fromEntries(columns.map(({ name }, at) => [name, row[at] ?? null])));
