/** Sources for tests: the incident's, and any other, as one look at them. */
import { decimal } from '../../src/decimal/text.ts';
import type { Break } from '../../src/model/break.ts';
import { type Instant, instant } from '../../src/model/instant.ts';
import type {
  SourceAccount,
  SourceAuditRow,
  SourceGuard,
  SourceOrder,
  SourcePerformance,
  SourcePosition,
  SourceSnapshot,
} from '../../src/model/source.ts';
import {
  type CheckSourceInput,
  checkSource,
  performanceMaxAgeMsDefault,
  type SourceAccountChecked,
} from '../../src/reconcile/source/check-source.ts';
import { OrderHistory } from '../../src/reconcile/source/orders.ts';
import { noPricing } from '../../src/reconcile/source/pricing.ts';
import { incidentTables } from '../../src/sources/falcon/incident-database.ts';

/** New York in winter, where the incident's bot kept its clock. */
const local = (text: string): Instant => instant(`${text}-05:00`);

const tableOf = (name: string) => incidentTables('stored-total').find((one) => one.name === name)!;

/** The rows of a table of the incident, by column. */
const rowsOf = (name: string): readonly Readonly<Record<string, string | null>>[] => {
  const { columns, rows } = tableOf(name);
  return rows.map((row) =>
    Object.fromEntries(columns.map((column, index) => [column.name, row[index] ?? null])),
  );
};

export const position = (
  symbol: string,
  quantity: string | null,
  price: string | null,
  parts: Partial<Pick<SourcePosition, 'traded' | 'updatedAt'>> & { entry?: string | null } = {},
): SourcePosition => ({
  symbol,
  quantity: quantity === null ? null : decimal(quantity),
  price: price === null ? null : decimal(price),
  entryPrice: parts.entry === undefined || parts.entry === null ? null : decimal(parts.entry),
  updatedAt: parts.updatedAt === undefined ? priced : parts.updatedAt,
  entryAt: null,
  traded: parts.traded ?? null,
});

/** When the positions of a made-up source are priced, unless it says otherwise. */
export const priced = instant('2026-01-12T21:00:00Z');
export const looked = instant('2026-01-12T21:05:00Z');

export const record = (
  time: Instant | string,
  total: string | null,
  cash: string | null = null,
  positionsValue: string | null = null,
): SourcePerformance => ({
  time: typeof time === 'string' ? instant(time) : time,
  total: total === null ? null : decimal(total),
  cash: cash === null ? null : decimal(cash),
  positionsValue: positionsValue === null ? null : decimal(positionsValue),
});

export interface AccountParts {
  readonly id?: string;
  readonly cash?: string | null;
  readonly total?: string | null;
  readonly updatedAt?: Instant | null;
  readonly positions?: readonly SourcePosition[];
  readonly performance?: readonly SourcePerformance[];
}

export const accountOf = (parts: AccountParts): SourceAccount => {
  const { id = '1', cash = '0', total = null, performance = [] } = parts;
  return {
    id,
    cash: cash === null ? null : decimal(cash),
    total: total === null ? null : decimal(total),
    updatedAt: parts.updatedAt ?? null,
    positions: parts.positions ?? [],
    performance,
    performanceCount: performance.length,
    performanceFirst: performance[0] ?? null,
  };
};

export const noGuard: SourceGuard = {
  ...{ state: 'absent', findings: [], bound: null, audited: false, unlogged: [] },
};

/** A newest write of ours that wrote a total. */
export const wrote = (row: SourceAuditRow) => ({ lastWrite: row, totalWrites: [row] });

export const snapshotOf = (
  accounts: readonly SourceAccount[],
  parts: Partial<SourceSnapshot> = {},
): SourceSnapshot => ({
  identity: {
    ...{ schema: 'falcon', generation: 'stored-total', engine: 'sqlite' },
    location: 'sqlite:paper_trading.db',
  },
  takenAt: looked,
  zone: { name: 'America/New_York', known: 'declared', because: 'told' },
  totalStorage: { kind: 'binary64' },
  keepsPrices: true,
  accounts,
  unattributed: [],
  orders: { count: 0, newestAt: null },
  guard: noGuard,
  lastWrite: null,
  totalWrites: [],
  faults: [],
  ...parts,
});

/** The incident as the database has it: cash 1,058.70, nine positions, stored 10,000.00. */
export function incident(change: (account: SourceAccount) => SourceAccount = (one) => one) {
  const [row] = rowsOf('account');
  const positions = rowsOf('positions').map((one) =>
    position(one['symbol']!, one['quantity']!, one['current_price']!, {
      ...{ entry: one['entry_price']!, updatedAt: local(one['last_updated']!) },
    }),
  );
  const performance = rowsOf('performance').map((one) =>
    record(
      local(one['timestamp']!),
      ...([one['total_value']!, one['cash']!, one['positions_value']!] as const),
    ),
  );
  const account = accountOf({
    ...{ id: row!['id']!, cash: row!['cash']!, total: row!['total_value']!, positions },
    ...{ updatedAt: local(row!['last_updated']!), performance },
  });
  const orders = incidentOrders();
  return snapshotOf([change(account)], {
    orders: { count: orders.length, newestAt: orders.at(-1)!.at },
  });
}

export const incidentOrders = (): readonly SourceOrder[] =>
  rowsOf('orders').map((one) => ({
    ...{ id: one['id']!, accountId: null, symbol: one['symbol']! },
    ...{ side: one['side'] as 'buy' | 'sell', quantity: decimal(one['quantity']!) },
    ...{ price: decimal(one['price']!), at: local(one['timestamp']!) },
    pnl: one['pnl'] == null ? null : decimal(one['pnl']),
  }));

export function historyOf(orders: readonly SourceOrder[]): OrderHistory {
  const history = new OrderHistory();
  for (const order of orders) history.add(order);
  return history;
}

export const inputOf = (
  snapshot: SourceSnapshot,
  parts: Partial<CheckSourceInput> = {},
): CheckSourceInput => ({
  ...{ snapshot, pricing: noPricing, orders: null, now: looked, strict: false },
  ...{ performanceMaxAgeMs: performanceMaxAgeMsDefault, known: [] as readonly Break[] },
  nameOf: (accountId) => (accountId === '1' ? 'paper' : `paper-${accountId}`),
  sequenceOf: () => 0,
  ...parts,
});

/** The first account of a source, checked. */
export const checkedOf = (
  snapshot: SourceSnapshot,
  parts: Partial<CheckSourceInput> = {},
): SourceAccountChecked => checkSource(inputOf(snapshot, parts)).accounts[0]!;

export const writeOf = (
  before: string,
  after: string,
  parts: Partial<SourceAuditRow> = {},
): SourceAuditRow => ({
  ...{ id: 7, at: instant('2026-01-12T20:00:00Z'), actor: 'trueup', action: 'update' },
  changes: [
    {
      ...{ table: 'account', key: '1' },
      before: { total_value: before, last_updated: '2026-01-10T16:05:12' },
      after: { total_value: after, last_updated: '2026-01-12T15:00:00' },
    },
  ],
  ...{ why: 'update', undoes: null },
  ...parts,
});
