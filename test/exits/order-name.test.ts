import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exitOrderId, exitStem, isExitOrderId, positionKey } from '../../src/exits/order-name.ts';
import { instant } from '../../src/model/instant.ts';

const opened = instant('2025-10-13T00:50:07Z');

test('EX13 the name of an order follows from the position and its step alone', () => {
  const stem = exitStem(positionKey('SCA/USDT:USDT', 'net', opened), 'p8');
  expect(stem).toBe(exitStem('SCA/USDT:USDT|net|2025-10-13T00:50:07Z', 'p8'));
  expect(stem).toMatch(/^tux-[a-z0-9]{8,13}-p8$/);
  expect(isExitOrderId(exitOrderId(stem, 2))).toBe(true);
  const others = [
    positionKey('SCA/USDT:USDT', 'short', opened),
    positionKey('SCA/USDC:USDC', 'net', opened),
    positionKey('SCA/USDT:USDT', 'net', opened + 1n),
  ];
  const stems = new Set([stem, ...others.map((one) => exitStem(one, 'p8'))]);
  expect(stems.size).toBe(4);
});

test('EX13 venues take it: letters, digits and hyphens, at most 36', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(9_999), fc.nat(99), (position, hour, attempt) => {
      const id = exitOrderId(exitStem(position, `p${hour}`), attempt);
      expect(id).toMatch(/^[a-z0-9-]{1,36}$/);
    }),
    { numRuns: 100 },
  );
});
