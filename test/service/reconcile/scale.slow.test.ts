import { afterEach, expect, test } from 'vitest';
import { balances, cash, closeDesks, fill, held, list, open, openDesk, says } from './desk.ts';

afterEach(closeDesks);

test('Y18 a statement of 100,000 positions and as many executions is checked and repaired', async () => {
  const count = 100_000;
  const name = (index: number) => `C${index}/USDT:USDT`;
  const fills = Array.from({ length: count }, (_, index) =>
    fill(`e${index}`, { instrument: name(index), fee: '0' }),
  );
  const desk = await openDesk(cash('deposit', 'd1', '5'), ...fills.slice(0, -1));
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
