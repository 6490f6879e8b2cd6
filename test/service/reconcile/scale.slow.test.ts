import { afterEach, expect, test } from 'vitest';
import { balances, cash, closeDesks, fill, held, list, open, openDesk, says } from './desk.ts';

afterEach(closeDesks);

test('Y18 100,000 positions and as many executions are checked and repaired', async () => {
  const count = 100_000;
  const name = (index: number) => `C${index}/USDT:USDT`;
  const fills = Array.from({ length: count }, (_, index) =>
    fill(`e${index}`, { instrument: name(index), fee: '0' }),
  );
  const desk = await openDesk(cash('deposit', 'd1', '5'));
  for (let from = 0; from < count; from += 10_000) {
    await desk.tell(...fills.slice(from, Math.min(from + 10_000, count - 1)));
  }
  const positions = fills.map((_, index) => ({
    ...{ instrument: name(index), leg: 'net', quantity: '1', averagePrice: '100' },
  }));
  const document = says({
    positions: held(positions),
    balances: balances({ USDT: '5' }),
    executions: list(fills),
  });
  const [missing] = open(await desk.check(document));
  expect(missing).toMatchObject({ reason: 'FILL_MISSING', lines: [{ key: name(count - 1) }] });
  expect((await desk.apply(document)).exitCode).toBe(0);
  const checked = await desk.check(document);
  expect(checked.reconciled.comparison?.counts.equal).toBe(2 * count + 1);
}, 300_000);

test('Y18 150,000 facts that an empty book lacks are found, planned and booked', async () => {
  const fills = Array.from({ length: 150_000 }, (_, index) => fill(`e${index}`, { fee: '0' }));
  const desk = await openDesk(cash('deposit', 'd1', '5'));
  const quantity = String(fills.length);
  const document = says({
    positions: held([{ instrument: 'BTC/USDT:USDT', leg: 'net', quantity }]),
    balances: balances({ USDT: '5' }),
    executions: list(fills),
  });
  expect((await desk.apply(document)).exitCode).toBe(0);
  expect(desk.holds()).toEqual({ USDT: '5', 'BTC/USDT:USDT': quantity });
}, 300_000);
