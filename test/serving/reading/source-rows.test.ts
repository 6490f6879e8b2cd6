/** What a bot's database says of an account, on the page and in the API. */
import { afterEach, expect, test } from 'vitest';
import { type Staged, serveSource } from '../source-stage.ts';

let staged: Staged;
afterEach(() => staged.served.close());

interface Rows {
  readonly items: readonly Record<string, unknown>[];
  readonly next: string | null;
  readonly figures: Record<string, unknown> | null;
  readonly ageSeconds: number;
}

const rows = async (query = ''): Promise<Rows> => {
  const { status, body, text } = await staged.served.get(`/api/v1/accounts/falcon/rows${query}`);
  expect(status, text).toBe(200);
  return body as unknown as Rows;
};

test('SV53 the stored figures stand beside those that are calculated, with the break', async () => {
  staged = await serveSource();
  await staged.look();
  expect(await rows()).toMatchObject({
    ...{ account: 'falcon', why: null, ageSeconds: 0, counts: { open: 9, closed: 0 } },
    source: { name: 'sqlite:paper_trading.db', kind: 'balance', shut: null },
    figures: {
      // 1,058.70 + 9,152.99 = 10,211.69; less 10,000 = 211.69.
      ...{ stored: '10000', calculated: '10211.69', difference: '211.69', state: 'different' },
      ...{ cash: '1058.7', positionsValue: '9152.99', unrealisedPnl: '-59.38', unknown: [] },
      break: { reason: 'TOTAL_STALE', state: 'EXPLAINED' },
    },
  });
});

test('SV53 its rows are paged, and what nobody contradicts is not called equal', async () => {
  staged = await serveSource();
  await staged.look();
  const first = await rows('?limit=5');
  const second = await rows(`?limit=5&cursor=${first.next}`);
  const symbols = [...first.items, ...second.items].map(({ symbol }) => symbol);
  expect([symbols.length, new Set(symbols).size, second.next]).toEqual([9, 9, null]);
  expect(first.items[0]).toMatchObject({
    ...{ symbol: 'AAPL', status: 'open', priceFrom: 'stored', break: null, why: null },
    quantity: { theirs: null, theirsParty: null, difference: null, state: 'unknown' },
  });
});

test('SV53 a price that is not known is null with its reason, and so is the total', async () => {
  staged = await serveSource();
  await staged.look();
  staged.bot("UPDATE positions SET current_price = NULL WHERE symbol = 'ACI'");
  const { items, figures } = await rows();
  const aci = items.find(({ symbol }) => symbol === 'ACI')!;
  expect(aci).toMatchObject({ price: null, value: null, unrealisedPnl: null });
  expect(aci['why']).toContain('price');
  expect(figures).toMatchObject({ calculated: null, difference: null, state: 'unknown' });
  expect(figures!['unknown']).toMatchObject([{ what: 'ACI' }]);
});

test('SV53 sold ones come last; how old the look is, is said', async () => {
  staged = await serveSource();
  await staged.look();
  staged.bot("UPDATE positions SET quantity = 0 WHERE symbol = 'ACI'");
  const { items } = await rows();
  expect(items.at(-1)).toMatchObject({ symbol: 'ACI', status: 'closed', quantity: { ours: '0' } });
  // One look is everybody's for two seconds.
  staged.served.of.clock.pass(1_500);
  expect((await rows('?limit=100')).ageSeconds).toBe(1);
  staged.served.of.clock.pass(1_500);
  expect((await rows('?limit=99')).ageSeconds).toBe(0);
});

test('SV53 an account of no database has no rows, and says that there is none', async () => {
  staged = await serveSource();
  await staged.look();
  const { served } = staged;
  await served.post('/api/v1/facts', {
    ...{ kind: 'account', account: 'other', venue: 'manual', currency: 'USD', time: null },
    ...{ costMethod: 'average', feesInCost: false, mode: 'live', positionMode: 'net' },
  });
  const { body } = await served.get('/api/v1/accounts/other/rows');
  expect(body).toMatchObject({ source: null, figures: null, counts: null, items: [] });
});
