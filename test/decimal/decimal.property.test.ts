import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  add,
  compare,
  type Decimal,
  decimalOf,
  divideHalfEven,
  equals,
  multiply,
  negate,
  roundHalfEven,
  shareHalfEven,
  signOf,
  stripped,
  subtract,
  zero,
} from '../../src/decimal/decimal.ts';
import {
  difference,
  dividedHalfEven,
  type Integer,
  narrow,
  negated,
  product,
  shifted,
  sum,
} from '../../src/decimal/integer.ts';
import { decimal, parseDecimal, toText } from '../../src/decimal/text.ts';
import { heldText, mismatchesOf, operations, randomText } from './operations.ts';
import { Random } from './random.ts';
import { fraction, over, roundedText } from './reference.ts';

const seed = 20_240_229;
const each = 1_000_000;

test(`D1 D3 D4 D5 D6 ${each} random operations agree with big.js (seed ${seed})`, () => {
  expect(operations.length).toBe(9);
  expect(mismatchesOf(each, new Random(seed), 10)).toEqual([]);
}, 60_000);

test('D1 a result does not depend on who asks when: the same seed, the same operations', () => {
  const texts = (random: Random) => Array.from({ length: 50 }, () => randomText(random));
  expect(texts(new Random(seed))).toEqual(texts(new Random(seed)));
  expect(texts(new Random(seed))).not.toEqual(texts(new Random(seed + 1)));
});

const safe = 2n ** 53n;
const wideInteger = fc.oneof(
  fc.bigInt({ min: -1000n, max: 1000n }),
  fc.bigInt({ min: safe - 3n, max: safe + 3n }),
  fc.bigInt({ min: -safe - 3n, max: 3n - safe }),
  fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }),
  // products of two of these lie on either side of 2^53
  fc.bigInt({ min: 94_906_250n, max: 94_906_280n }),
);
const value = fc
  .tuple(wideInteger, fc.nat({ max: 18 }))
  .map(([n, scale]) => decimalOf(narrow(n), scale));
const nonzero = value.filter((a) => signOf(a) !== 0);

const runs = { numRuns: 5000 };
const property = <T extends [unknown, ...unknown[]]>(
  arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
  holds: (...values: T) => void,
) => fc.assert(fc.property(...arbitraries, holds), runs);

/** Equal as values, and both held the one way. */
function same(a: Decimal, b: Decimal): void {
  expect(heldText(a)).toBe(heldText(b));
}

describe('D4 doubles and bigints compute the same', () => {
  const agrees = (ours: Integer, exact: bigint) => {
    expect(Object.is(ours, narrow(exact))).toBe(true);
    expect(Object.is(ours, -0)).toBe(false);
    const isSafe = exact < safe && exact > -safe;
    expect(typeof ours).toBe(isSafe ? 'number' : 'bigint');
  };

  test('D4 sum, difference and product', () => {
    property([wideInteger, wideInteger], (x, y) => {
      agrees(sum(narrow(x), narrow(y)), x + y);
      agrees(difference(narrow(x), narrow(y)), x - y);
      agrees(product(narrow(x), narrow(y)), x * y);
    });
  });

  test('D4 negation and powers of ten', () => {
    property([wideInteger, fc.nat({ max: 100 })], (x, digits) => {
      agrees(negated(narrow(x)), -x);
      agrees(shifted(narrow(x), digits), x * 10n ** BigInt(digits));
    });
  });

  test('D3 D4 division, whichever way the denominator is held', () => {
    property([wideInteger, wideInteger.filter((y) => y !== 0n)], (x, y) => {
      const expected = roundedText(over(fraction(String(x)), fraction(String(y))), 0);
      expect(dividedHalfEven(x, narrow(y)).toString()).toBe(expected);
      expect(dividedHalfEven(x, y).toString()).toBe(expected);
    });
  });
});

test('D1 addition and multiplication are commutative', () => {
  property([value, value], (a, b) => {
    same(add(a, b), add(b, a));
    same(multiply(a, b), multiply(b, a));
  });
});

test('D1 addition and multiplication are associative', () => {
  property([value, value, value], (a, b, c) => {
    same(add(add(a, b), c), add(a, add(b, c)));
    same(multiply(multiply(a, b), c), multiply(a, multiply(b, c)));
  });
});

test('D1 multiplication is distributive over addition and subtraction', () => {
  property([value, value, value], (a, b, c) => {
    same(multiply(a, add(b, c)), add(multiply(a, b), multiply(a, c)));
    same(multiply(a, subtract(b, c)), subtract(multiply(a, b), multiply(a, c)));
  });
});

test('D1 a - a is 0, and a - b + b is a', () => {
  property([value, value], (a, b) => {
    expect(signOf(subtract(a, a))).toBe(0);
    same(subtract(a, a), zero);
    same(add(subtract(a, b), b), a);
    same(subtract(a, b), add(a, negate(b)));
  });
});

test('D1 the order is total and agrees with the sign of the difference', () => {
  property([value, value, value], (a, b, c) => {
    expect(compare(a, b)).toBe(signOf(subtract(a, b)));
    expect(compare(a, b) + compare(b, a)).toBe(0);
    const [low, middle, high] = [a, b, c].sort(compare);
    expect([compare(low!, middle!), compare(middle!, high!), compare(low!, high!)]).not.toContain(
      1,
    );
    expect(equals(a, b)).toBe(toText(a) === toText(b));
  });
});

test('D5 text is read back as the same value, held the shortest way', () => {
  property([value], (a) => {
    const again = decimal(toText(a));
    expect(equals(again, a)).toBe(true);
    expect(again).toEqual(stripped(a));
    expect(toText(again)).toBe(toText(a));
    expect(toText(a)).toMatch(/^(0|-?(0|[1-9]\d*)(\.\d*[1-9])?)$/);
    expect(toText(a)).not.toBe('-0');
  });
});

test('D2 whatever text comes, it is a decimal or told what it is', () => {
  const texts = fc.oneof(fc.string(), fc.stringMatching(/^[-+]?[0-9.eE]{0,40}$/));
  property([texts], (text) => {
    const parsed = parseDecimal(text);
    expect(parsed.ok).toBe(/^-?(0|[1-9]\d{0,29})(\.\d{1,18})?$/.test(text));
    if (!parsed.ok) expect(typeof parsed.fault).toBe('string');
  });
});

test('D3 rounding moves a value by half a unit at most, and never twice', () => {
  property([value, fc.nat({ max: 20 })], (a, scale) => {
    const once = roundHalfEven(a, scale);
    const moved = subtract(once, a);
    const half = decimalOf(5, scale + 1);
    expect(compare(moved, half)).not.toBe(1);
    expect(compare(moved, negate(half))).not.toBe(-1);
    same(roundHalfEven(once, scale), once);
  });
});

test('D3 a quotient of a product is the factor again', () => {
  property([value, nonzero], (a, b) => {
    same(divideHalfEven(multiply(a, b), b, 18), a);
  });
});

test('D6 the share depends on the values alone, not on zeros behind the point', () => {
  const zeros = fc.nat({ max: 24 });
  const padded = (a: Decimal, digits: number) =>
    decimalOf(shifted(a.coefficient, digits), a.scale + digits);
  property([value, value, nonzero, zeros, zeros, zeros], (whole, part, total, x, y, z) => {
    const plain = shareHalfEven(whole, part, total, 18);
    same(shareHalfEven(padded(whole, x), padded(part, y), padded(total, z), 18), plain);
    same(shareHalfEven(stripped(whole), stripped(part), stripped(total), 18), plain);
  });
});

test('D6 shares of a whole add up to it, the last one being the rest', () => {
  property([value, nonzero, fc.integer({ min: 1, max: 1000 })], (whole, total, n) => {
    const part = divideHalfEven(total, decimalOf(n, 0), 18);
    const share = shareHalfEven(whole, part, total, 18);
    const rest = subtract(whole, share);
    same(add(share, rest), whole);
    same(shareHalfEven(whole, total, total, 18), whole);
  });
});
