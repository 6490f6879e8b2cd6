/** What the hash of a plan of rows is made of. */
import { expect, test } from 'vitest';
import { decimal } from '../../../src/decimal/text.ts';
import type {
  OrderAddition,
  PositionAddition,
  TradeAddition,
} from '../../../src/model/position-source.ts';
import { decidedIn, type RowWrites } from '../../../src/reconcile/row-writes.ts';
import { at } from './kit.ts';

const order: OrderAddition = {
  ...{ positionId: '1', symbol: 'AGIUSDT', exchange: 'bybit', orderId: 'x9', side: 'buy' },
  ...{ clientOrderId: 'bot-9', type: 'limit', quantity: decimal('4160'), price: decimal('1') },
  ...{ filled: decimal('0'), statusText: 'open', fee: decimal('1'), feeCurrency: 'USDT' },
  createdAt: at('12:00:00'),
};
const trade: TradeAddition = {
  ...{ positionId: '1', symbol: 'AGIUSDT', exchange: 'bybit', side: 'buy', price: decimal('1') },
  ...{ quantity: decimal('10'), fee: decimal('1'), feeCurrency: 'USDT', orderId: 'x9' },
  ...{ clientOrderId: 'bot-9', executionId: 'e1', at: at('12:00:00') },
};
const position: Omit<PositionAddition, 'currentPrice' | 'unrealisedPnl'> = {
  ...{ symbol: 'AGIUSDT', exchange: 'bybit', direction: 'long', quantity: decimal('10') },
  ...{ entryPrice: decimal('1'), openedAt: at('12:00:00'), orderIds: ['x9'] },
};
const market = { currentPrice: decimal('1'), unrealisedPnl: decimal('1') };

const hashed = (parts: Partial<RowWrites>): string => {
  const none = { changes: [], additions: [], trades: [], orders: [] };
  return JSON.stringify(decidedIn({ ...none, ...parts }), (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
};

/** The same, but for one field that has another value of its type. */
const changed = <T extends object>(one: T, field: keyof T): T => {
  const value: unknown = one[field];
  const other =
    typeof value === 'string' ? `${value}?` : typeof value === 'bigint' ? value + 1n : null;
  return { ...one, [field]: Array.isArray(value) ? [...value, 'x'] : (other ?? decimal('7')) };
};

const fields = <T extends object>(one: T) => Object.keys(one) as (keyof T)[];

test.each(fields(order))('SP104 an added order is hashed with its %s', (field) => {
  expect(hashed({ orders: [changed(order, field)] })).not.toBe(hashed({ orders: [order] }));
});

test.each(fields(trade))('SP104 an added execution is hashed with its %s', (field) => {
  expect(hashed({ trades: [changed(trade, field)] })).not.toBe(hashed({ trades: [trade] }));
});

test.each(fields(position))('SP104 an added position is hashed with its %s', (field) => {
  const additions = (one: typeof position) => ({ additions: [{ ...one, ...market }] });
  expect(hashed(additions(changed(position, field)))).not.toBe(hashed(additions(position)));
});

test('SP104 a market price moves all the time, and makes no other plan', () => {
  const additions = (price: string) => [{ ...position, ...market, currentPrice: decimal(price) }];
  expect(hashed({ additions: additions('2') })).toBe(hashed({ additions: additions('3') }));
});
