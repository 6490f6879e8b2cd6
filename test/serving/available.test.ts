/** What a venue has free: told at each check, never written down. */
import { afterEach, expect, test } from 'vitest';
import { type Served, serve } from './served.ts';

const all: Served[] = [];
afterEach(async () => {
  for (const one of all.splice(0).toReversed()) await one.close();
});

interface Row {
  readonly currency: string;
  readonly available: string | null;
  readonly reserved: string | null;
}

const usdt = async (served: Served): Promise<Row> => {
  const { body } = await served.get('/api/v1/accounts/main');
  const { balances } = body as { readonly balances: readonly Row[] };
  return balances.find(({ currency }) => currency === 'USDT')!;
};

test('RD70 what is free is as the last check heard it; after a restart it is unknown', async () => {
  const first = await serve();
  all.push(first);
  expect(await usdt(first)).toMatchObject({
    available: expect.stringMatching(/^[1-9]/),
    reserved: '0',
  });
  await first.stop();
  const second = await serve({ book: first.of.book, checked: false });
  all.push(second);
  expect(await usdt(second)).toMatchObject({ available: null, reserved: null });
});
