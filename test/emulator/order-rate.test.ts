import { expect, test } from 'vitest';
import { OrderRate } from '../../emulator/faults/order-rate.ts';
import { fromMilliseconds } from '../../src/model/instant.ts';

const rateOf = (usual: number | null) => {
  const clock = { ms: 1_700_000_000_000, now: () => fromMilliseconds(clock.ms) };
  const rate = new OrderRate(usual, clock);
  return { rate, clock, burst: (n: number) => Array.from({ length: n }, () => rate.exceeded('k')) };
};

test('EM36 a second has room for so many, and the next one for as many again', () => {
  const { rate, clock, burst } = rateOf(2);
  expect(burst(4)).toEqual([null, null, 2, 2]);
  expect(rate.exceeded('another')).toBeNull();
  clock.ms += 999;
  expect(burst(1)).toEqual([2]);
  clock.ms += 1;
  expect(burst(3)).toEqual([null, null, 2]);
});

test('EM36 without a limit any number may come; a fault sets one for a while', () => {
  const { rate, clock, burst } = rateOf(null);
  expect(burst(100).every((over) => over === null)).toBe(true);
  clock.ms += 2_000;
  rate.limit(1, 5_000);
  expect(burst(2)).toEqual([null, 1]);
  clock.ms += 5_000;
  expect(burst(3)).toEqual([null, null, null]);
});

test('EM36 a fault never lets more through than the venue does', () => {
  const { rate, burst } = rateOf(1);
  rate.limit(10, 5_000);
  expect(burst(2)).toEqual([null, 1]);
});
