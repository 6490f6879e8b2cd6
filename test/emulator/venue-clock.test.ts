import { expect, test } from 'vitest';
import { VenueClock } from '../../emulator/exchange/venue-clock.ts';
import { FakeClock } from '../service/held-book.ts';

test('EM26 what happened keeps the stamp that it got, however wrong the clock is later', () => {
  const base = new FakeClock();
  const clock = new VenueClock(base);
  const before = clock.now();
  base.advance(10);
  clock.skew(3_000);
  base.advance(10);
  const between = clock.now();
  base.advance(10);
  clock.skew(-500);
  expect([before, between, clock.now()].map((at) => clock.skewAt(at))).toEqual([0, 3_000, -500]);
  expect(clock.told()).toBe(clock.now() - 500_000_000n);
});
