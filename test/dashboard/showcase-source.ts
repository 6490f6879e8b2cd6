/** What a bot's database stores, in every state that a row has. */
import type { RowsAnswer, StoredRow } from '../../src/service/serving/documents/rows.ts';

const at = '2026-11-20T10:00:00Z';

const rowOf = (
  symbol: string,
  ours: string | null,
  theirs: string | null,
  more: Partial<StoredRow> & { readonly difference?: string; readonly state?: 'equal' } = {},
): StoredRow => {
  const { difference = null, state, ...rest } = more;
  return {
    ...{ id: '1', symbol, instrument: symbol, side: 'long', status: 'open', statusText: 'active' },
    quantity: {
      ...{ ours, theirs, theirsParty: theirs === null ? null : 'venue', theirsAt: at, difference },
      state: state ?? (theirs === null ? 'unknown' : 'different'),
    },
    ...{ entryPrice: '2.35', price: '2.33', priceFrom: 'stored', priceAt: null, value: null },
    ...{ unrealisedPnl: '-1.2', realisedPnl: null, exitPrice: null, exitReason: null },
    ...{ openedAt: at, closedAt: null, updatedAt: at, break: null, why: null },
    ...rest,
  };
};

export const rows: RowsAnswer = {
  ...{ schema: 'trueup.rows/1', account: 'main', mode: 'live', currency: 'USDT' },
  source: { name: 'sqlite:bot.db', kind: 'positions', shut: null },
  ...{ lookedAt: at, ageSeconds: 2, why: 'the database is locked', figures: null, next: null },
  counts: { open: 3, closed: 12 },
  items: [
    rowOf('HNTUSDT', '60', '59.88', {
      ...{ difference: '-0.12', why: '0.12 were sold by hand at 15:10:00' },
      break: {
        id: 'BRK-1',
        reason: 'FILL_MISSING',
        title: 'A fill is missing',
        state: 'EXPLAINED',
      },
    }),
    rowOf('GRTXUSDT', '249', '249', { id: '2', difference: '0', state: 'equal' }),
    rowOf('NOSUCH', '2', null, { id: '3', why: 'no instrument of bybit is called so' }),
    rowOf('BTC/USDT:USDT', null, '0.3', {
      ...{ id: null, status: 'missing', difference: '0.3', why: 'the database has no row of it' },
    }),
    rowOf('AGIUSDT', '-4160', null, {
      ...{ id: '5', status: 'closed', closedAt: at, exitReason: 'phantom' },
    }),
  ],
};
