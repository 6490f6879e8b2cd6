/** The tables that most cases begin with: one account, two positions, its orders and a record. */
import { decimal } from '../../src/decimal/text.ts';
import { type Instant, instant } from '../../src/model/instant.ts';
import type { SourceWrite } from '../../src/model/source.ts';
import type { PortableTables } from './portable.ts';

const orders = [
  'id:id! symbol:text side:text quantity:quantity price:money timestamp:time pnl:money',
  '1 ACI  buy 62.5 16.88 2025-12-17T09:52:20 -',
  '2 INTC buy 34   43.54 2025-12-04T13:35:09 -',
  '3 INTC sell 12  46.10 2026-01-07T13:18:42 30.72',
] as const;

const performance = [
  'timestamp:time! total_value:money cash:money positions_value:money',
  '2025-11-25T16:05:00 10000 10000 0',
] as const;

/** Total at these prices: 8000 + 62.5 x 16 + 22 x 44.06 = 8000 + 1000 + 969.32 = 9969.32. */
export const older = {
  account: [
    'id:id! cash:money total_value:money last_updated:time',
    '1 8000 10000 2026-01-10T16:05:12',
  ],
  positions: [
    'symbol:text! quantity:quantity entry_price:money current_price:money last_updated:time',
    'INTC 22   43.54 44.06 2026-01-12T16:00:04',
    'ACI  62.5 16.88 16    2026-01-12T16:00:03',
  ],
  orders,
  performance,
} satisfies PortableTables;

export const newer = {
  account: ['id:id! cash:money last_updated:time', '1 8000 2026-01-10T16:05:12'],
  positions: [
    'symbol:text! quantity:quantity entry_price:money entry_date:time last_updated:time'.concat(
      ' stop_loss:money',
    ),
    'INTC 22   43.54 2025-12-04T13:35:09 2026-01-12T16:00:04 40',
    'ACI  62.5 16.88 2025-12-17T09:52:20 2026-01-12T16:00:03 -',
  ],
  orders,
  performance,
} satisfies PortableTables;

export const at = instant('2026-01-12T21:00:00Z');

export const writeOf = (part: Partial<SourceWrite>): SourceWrite => ({
  why: 'the total was stale',
  at,
  totals: [],
  prices: [],
  performance: [],
  ...part,
});

export const totalWrite = (text: string, accountId = '1'): SourceWrite =>
  writeOf({ totals: [{ accountId, total: decimal(text) }] });

export const recordWrite = (total: string, time: Instant = at, accountId = '1'): SourceWrite => {
  const [cash, positionsValue] = [decimal('8000'), decimal('1969.32')];
  const record = { time, total: decimal(total), cash, positionsValue };
  return writeOf({ performance: [{ accountId, record }] });
};
