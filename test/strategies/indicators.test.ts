import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimalOf } from '../../src/decimal/decimal.ts';
import { narrow } from '../../src/decimal/integer.ts';
import { decimal, toText } from '../../src/decimal/text.ts';
import {
  compareAverages,
  compareStrength,
  highestHigh,
  lowestLow,
  spreadOf,
  squareRoot,
  sumOfCloses,
  swingOf,
} from '../../src/strategies/indicators.ts';
import type { Bar } from '../../src/strategies/strategy.ts';
import { anyBars, closing } from './bars.ts';

describe('by hand', () => {
  test.each([
    // value, digits, root
    ['0', 18, '0'],
    ['2', 0, '1'], //                 1.41
    ['3', 0, '2'], //                 1.73
    ['2.25', 0, '2'], //              1.5 is a tie, and 2 is even
    ['6.25', 0, '2'], //              2.5 is a tie, and 2 is even
    ['12.25', 0, '4'], //             3.5 is a tie, and 4 is even
    ['2', 18, '1.414213562373095049'], // 1.41421356237309504880...
    ['0.0000000000000001', 18, '0.00000001'],
    ['144', 2, '12'],
    ['0.01', 1, '0.1'],
  ] as const)('ST2 the square root of %s to %s digits is %s', (value, digits, root) => {
    expect(toText(squareRoot(decimal(value), digits))).toBe(root);
  });

  test('ST2 a negative number has no root', () => {
    expect(() => squareRoot(decimal('-1'), 18)).toThrow(RangeError);
  });

  test('ST2 sums, swings, spreads and ranges of five closes', () => {
    const bars = closing('10', '12', '11', '15', '13');
    // 11 + 15 + 13
    expect(toText(sumOfCloses(bars, 3))).toBe('39');
    // changes +2 -1 +4 -2
    const { gains, losses } = swingOf(bars, 4);
    expect([toText(gains), toText(losses)]).toEqual(['6', '3']);
    // 15 + 13, and sqrt(2 x (225 + 169) - 28 x 28) = sqrt(788 - 784)
    const { sum, deviation } = spreadOf(bars, 2, 18);
    expect([toText(sum), toText(deviation)]).toEqual(['28', '2']);
    // highs are closes + 1, lows closes - 1; of bars 1 to 3
    expect(toText(highestHigh(bars, 1, 4))).toBe('16');
    expect(toText(lowestLow(bars, 1, 4))).toBe('10');
  });

  test.each([
    // gains, losses, level: 100 x gains / (gains + losses) against it
    ['3', '7', '30', 0],
    ['2.9999999', '7', '30', -1],
    ['3.0000001', '7', '30', 1],
    ['0', '5', '30', -1],
    ['5', '0', '100', 0],
  ])('ST2 gains of %s and losses of %s against %s', (gains, losses, level, side) => {
    const swing = { gains: decimal(gains), losses: decimal(losses) };
    expect(compareStrength(swing, decimal(level))).toBe(side);
  });

  test('ST2 where nothing moved the relative strength has no value', () => {
    expect(compareStrength(swingOf(closing('5', '5', '5'), 2), decimal('50'))).toBeNull();
  });
});

/** The same with big.js and plain loops, with more digits than could matter. */
const wide = Big();
wide.DP = 60;
const closeOf = (bar: Bar) => new wide(toText(bar.close));

const meanOf = (bars: readonly Bar[], length: number) => {
  let sum = new wide(0);
  for (let at = bars.length - length; at < bars.length; at++) sum = sum.plus(closeOf(bars[at]!));
  return sum.div(length);
};

describe('independently', () => {
  const length = fc.integer({ min: 1, max: 29 });

  test('ST2 averages compare as quotients do', () => {
    fc.assert(
      fc.property(anyBars, length, length, (bars, a, b) => {
        // Equal quotients of other lengths can differ in their last digit.
        const [x, y] = [meanOf(bars, a).round(40), meanOf(bars, b).round(40)];
        expect(compareAverages(bars, a, b)).toBe(x.cmp(y));
      }),
    );
  });

  test('ST2 relative strength is 100 - 100 / (1 + gains / losses)', () => {
    fc.assert(
      fc.property(anyBars, length, fc.integer({ min: 1, max: 99 }), (bars, count, level) => {
        let [gains, losses] = [new wide(0), new wide(0)];
        for (let at = bars.length - count; at < bars.length; at++) {
          const change = closeOf(bars[at]!).minus(closeOf(bars[at - 1]!));
          if (change.gt(0)) gains = gains.plus(change);
          else losses = losses.minus(change);
        }
        const ours = compareStrength(swingOf(bars, count), decimal(String(level)));
        if (gains.eq(0) && losses.eq(0)) expect(ours).toBeNull();
        else if (losses.eq(0)) expect(ours).toBe(new wide(100).cmp(level));
        else {
          const ratio = gains.div(losses).plus(1);
          const strength = new wide(100).minus(new wide(100).div(ratio)).round(30);
          expect(ours).toBe(strength.cmp(level));
        }
      }),
    );
  });

  test('ST2 the deviation is the root of the mean square distance from the mean', () => {
    fc.assert(
      fc.property(anyBars, length, (bars, count) => {
        const mean = meanOf(bars, count);
        let squares = new wide(0);
        for (let at = bars.length - count; at < bars.length; at++) {
          squares = squares.plus(closeOf(bars[at]!).minus(mean).pow(2));
        }
        const deviation = squares.div(count).sqrt().times(count);
        const ours = new wide(toText(spreadOf(bars, count, 18).deviation));
        expect(ours.minus(deviation).abs().lt('1e-17')).toBe(true);
      }),
    );
  });

  test('ST2 a root is the nearest number of its digits, and a tie is even', () => {
    const value = fc
      .tuple(fc.bigInt({ min: 0n, max: 10n ** 40n }), fc.nat({ max: 20 }))
      .map(([n, scale]) => decimalOf(narrow(n), scale));
    fc.assert(
      fc.property(value, fc.nat({ max: 20 }), (of, digits) => {
        const root = new wide(toText(squareRoot(of, digits)));
        const half = new wide(`1e-${digits}`).div(2);
        const exact = new wide(toText(of));
        const below = root.minus(half);
        // Squares of the halves around it enclose the value; one of them may be the value itself.
        expect(below.lt(0) || below.pow(2).lte(exact)).toBe(true);
        expect(root.plus(half).pow(2).gte(exact)).toBe(true);
        const isTie = root.plus(half).pow(2).eq(exact) || below.abs().pow(2).eq(exact);
        if (isTie && exact.gt(0)) {
          const units = root.times(new wide(`1e${digits}`));
          expect(units.mod(2).eq(0)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
