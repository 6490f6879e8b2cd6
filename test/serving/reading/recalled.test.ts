/** Looking back: figures, verdict and gate are of one instant, and what nobody reads is refused. */
import { afterEach, expect, test } from 'vitest';
import { instant } from '../../../src/model/instant.ts';
import { readingRoutes } from '../../../src/service/serving/routes/reading.ts';
import {
  at,
  balances,
  cash,
  closeDesks,
  held,
  openDesk,
  says,
} from '../../service/reconcile/desk.ts';
import { answerOf, ask, partsOn } from './asking.ts';

afterEach(closeDesks);

const whole = { positions: held([]), orders: held([]) };

test('RD27 looked back at, an account has the verdict and the gate of then', async () => {
  const desk = await openDesk(cash('deposit', 'd1', '1000'));
  const told = (time: string, total: string) =>
    says({ ...whole, asOf: at(time), balances: balances({ USDT: total }) });
  desk.clock.set(instant(at('12:00')));
  await desk.check(told('12:00', '1000'));
  desk.clock.set(instant(at('12:10')));
  await desk.check(told('12:10', '990'));
  desk.clock.set(instant(at('12:20')));
  const parts = partsOn(desk);
  const account = '/api/v1/accounts/main';
  const now = await ask(parts, account);
  expect(now).toMatchObject({ verdict: 'break', breaks: 1, gross: '10', gate: 'deny' });
  expect(await ask(parts, `${account}?as_of=${at('12:01')}`)).toMatchObject({
    ...{ verdict: 'true', why: null, breaks: 0, gross: '0', gate: 'allow', gateReasons: [] },
    ...{ checkedAt: at('12:00'), trueUntil: at('12:00'), dataAgeSeconds: 60 },
  });
  // Five minutes after the only check nobody could vouch for it any more.
  expect(await ask(parts, `${account}?as_of=${at('12:06')}`)).toMatchObject({
    ...{ verdict: 'cannot-say', why: expect.stringContaining('stale'), gate: 'deny' },
  });
  expect(await ask(parts, `${account}?as_of=${at('12:11')}`)).toMatchObject({
    ...{ verdict: 'break', trueUntil: at('12:00'), checkedAt: at('12:10'), gross: '10' },
  });
  expect(await ask(parts, `${account}?as_of=${at('11:00')}`)).toMatchObject({
    ...{ verdict: 'cannot-say', why: expect.stringContaining('never checked'), checkedAt: null },
    ...{ trueUntil: null, dataAgeSeconds: null, gateReasons: [{ code: 'never-checked' }] },
  });
  // By entry: the account and its deposit, and no check yet.
  expect(await ask(parts, `${account}?known_at=2`)).toMatchObject({ verdict: 'cannot-say' });
});

test('RD28 a parameter that nobody reads is refused: it would be answered with now', async () => {
  const parts = partsOn(await openDesk());
  for (const url of ['/api/v1/plans?as_of=2026-11-19T00:00:00Z', '/api/v1/breaks?bogus=1']) {
    await expect(answerOf(parts, url)).rejects.toThrow(/as_of|bogus/);
  }
  const takes = readingRoutes.filter(({ query }) => query?.safeParse({ bogus: '1' }).success);
  expect(takes.map(({ path }) => path)).toEqual([]);
});
