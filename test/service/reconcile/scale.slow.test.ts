import { afterEach, expect, test } from 'vitest';
import { closeDesks } from './desk.ts';
import { repairAllOf, repairOneOf } from './large.ts';

afterEach(closeDesks);

test('Y18 ten thousand positions and as many executions are checked and repaired', async () => {
  const { reason, key, last, exitCode, equal } = await repairOneOf(10_000);
  expect({ reason, key, exitCode }).toEqual({ reason: 'FILL_MISSING', key: last, exitCode: 0 });
  expect(equal).toBe(20_001); // quantity and average of each, and the balance
});

test('Y18 ten thousand facts that an empty book lacks are found, planned and booked', async () => {
  const { exitCode, holds } = await repairAllOf(10_000);
  expect(exitCode).toBe(0);
  expect(holds).toEqual({ USDT: '5', 'BTC/USDT:USDT': '10000' });
});
