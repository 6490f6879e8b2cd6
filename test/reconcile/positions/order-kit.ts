/** An order of the incident, as a bot stores it and as the exchange tells it. */
import { decimal, toTextOrNull } from '../../../src/decimal/text.ts';
import type { OrderReport } from '../../../src/model/fact.ts';
import type { PositionSnapshot, StoredOrder } from '../../../src/model/position-source.ts';
import type { StatementOrder } from '../../../src/model/statement.ts';
import type {
  CheckPositionsInput,
  PositionTruth,
} from '../../../src/reconcile/positions/check-positions.ts';
import { section } from '../kit.ts';
import { at, checked, held, listed, row, says, snapshot, storedOrder, truth } from './kit.ts';

export const agi = 'AGI/USDT:USDT';

/** The exit of the incident: 4160 were asked for, and none is known to be executed. */
export const order = (parts: Partial<StoredOrder> = {}): StoredOrder => ({
  ...storedOrder('7', '1', 'AGIUSDT', { orderId: 'exit-1' }),
  ...{ side: 'buy', type: 'limit', quantity: decimal('4160'), filled: decimal('0') },
  ...{ createdAt: at('12:00:00'), ...parts },
});

export const there = (parts: Partial<StatementOrder> = {}): StatementOrder => ({
  ...{ orderId: 'exit-1', clientOrderId: null, instrument: agi, leg: 'net', side: 'buy' },
  ...{ type: 'limit', quantity: decimal('4160'), filled: decimal('0'), averagePrice: null },
  ...{ price: decimal('0.04784'), status: 'open', reduceOnly: true, time: at('12:00:00') },
  ...parts,
});

export const report = (
  status: OrderReport['status'],
  filled: string,
  parts: Partial<OrderReport> = {},
): OrderReport => ({
  ...{ kind: 'order', account: 'main', instrument: agi, leg: 'net', orderId: 'exit-1' },
  ...{ clientOrderId: null, side: 'buy', type: 'limit', quantity: decimal('4160') },
  ...{ price: null, filled: decimal(filled), averagePrice: null, status, reduceOnly: true },
  ...{ time: at('14:00:00'), ...parts },
});

export const of =
  (...parts: readonly string[]) =>
  (name: string) =>
    name === 'exit-1' ? parts.map((each) => report('cancelled', each)) : [];

export const store = (orders: readonly StoredOrder[], more: Partial<PositionSnapshot> = {}) => {
  const bare = snapshot([row('1', 'AGIUSDT', 'short', '4160', '10:00:00')], { orders, ...more });
  const counts = { ...bare.counts, orders: Math.max(orders.length, 1) };
  const orderColumns = new Set(['status', 'filled', 'remaining'] as const);
  return { ...bare, counts, keeps: { ...bare.keeps, orderColumns } };
};

/** The position agrees: only orders are under test. */
export const seen = (
  orders: readonly StoredOrder[],
  open: readonly StatementOrder[] | null,
  better: Partial<PositionTruth> = {},
  more: Partial<CheckPositionsInput> = {},
) =>
  checked(
    store(orders),
    truth(says([held(agi, '-4160')], { orders: open === null ? null : section(open) }), {
      ...{ instruments: listed(agi) },
      ...better,
    }),
    more,
  );

export const told = (found: ReturnType<typeof seen>) => {
  const { breaks, unknown, verdict } = found.reconciled;
  const open = breaks.map(({ reason, confidence }) => `${reason} ${confidence}`);
  return [verdict, ...open, ...unknown.map(({ why }) => why)];
};

export const written = (found: ReturnType<typeof seen>) =>
  found.repairs.flatMap(({ orderChanges = [], needsApproval }) =>
    orderChanges.map(({ status, filled }) =>
      [status ?? '-', toTextOrNull(filled ?? null), needsApproval ? 'asks' : 'auto'].join(' '),
    ),
  );
