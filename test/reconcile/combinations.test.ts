/** The search for facts that add up, beside trying every combination. */
import { describe, expect, test } from 'vitest';
import { type Decimal, decimalOf, equals, total } from '../../src/decimal/decimal.ts';
import { decimal } from '../../src/decimal/text.ts';
import {
  combinationsOf,
  SearchBudget,
  waysMax,
  wholeMax,
} from '../../src/reconcile/hypotheses/combination.ts';
import { Random } from '../decimal/random.ts';

const waysOf = (terms: readonly Decimal[], target: Decimal): number[][] => {
  const ways: number[][] = [];
  for (let bits = 1; bits < 2 ** terms.length; bits++) {
    const way = terms.flatMap((_, index) => ((bits >> index) & 1 ? [index] : []));
    if (equals(total(way.map((index) => terms[index]!)), target)) ways.push(way);
  }
  return ways;
};

const found = (terms: readonly Decimal[], target: Decimal) =>
  combinationsOf(terms, target, new SearchBudget());

test('HY5 it finds what trying every combination finds', () => {
  const random = new Random(11);
  let several = 0;
  for (let round = 0; round < 300; round++) {
    const terms = Array.from({ length: random.between(1, 9) }, () =>
      decimalOf(random.between(-9, 9), random.between(0, 2)),
    );
    const target = decimalOf(random.between(-30, 30), 1);
    if (target.coefficient === 0) continue;
    const expected = waysOf(terms, target).sort((a, b) => a.length - b.length);
    const { ways, more, gaveUp } = found(terms, target);
    expect(gaveUp).toBe(null);
    expect(more).toBe(expected.length > waysMax);
    // Of equal length any may come first.
    expect(ways.map(({ length }) => length)).toEqual(
      expected.slice(0, waysMax).map(({ length }) => length),
    );
    for (const way of ways) expect(expected).toContainEqual([...way].sort((a, b) => a - b));
    if (expected.length > 1) several += 1;
  }
  expect(several).toBeGreaterThan(10);
});

describe('HY5 bounds', () => {
  const powers = (count: number) =>
    Array.from({ length: count }, (_, index) => decimalOf(2 ** index, 0));

  test('HY5 thirty facts are searched to the end: 2^30 - 1 is all of them, and only that', () => {
    const { ways, more, gaveUp } = found(powers(wholeMax), decimalOf(2 ** wholeMax - 1, 0));
    expect([ways.map(({ length }) => length), more, gaveUp]).toEqual([[wholeMax], false, null]);
  });

  test('HY5 of more facts single ones and pairs are tried, and that is said', () => {
    const terms = powers(40);
    expect(found(terms, decimalOf(2 ** 39 + 4, 0)).ways).toEqual([[2, 39]]);
    const three = found(terms, decimalOf(7, 0));
    expect(three.ways).toEqual([]);
    expect(three.gaveUp).toBe(
      'of 40 facts only single ones and pairs were tried: every combination is tried of up to 30',
    );
  });

  test('HY5 a search that has used up its steps says so, and finds nothing', () => {
    const budget = new SearchBudget(100);
    expect(combinationsOf(powers(4), decimal('5'), budget).ways).toEqual([[0, 2]]);
    const { ways, gaveUp } = combinationsOf(powers(30), decimal('5'), budget);
    expect([ways, gaveUp]).toEqual([
      [],
      'the search for a combination of facts had used up its steps',
    ]);
  });

  test('HY5 sums are exact beyond what doubles hold, and across scales', () => {
    const terms = ['9007199254740993', '0.000000000000000001', '-9007199254740992'].map(decimal);
    expect(found(terms, decimal('1.000000000000000001')).ways).toEqual([[0, 1, 2]]);
    expect(found(terms, decimal('1')).ways).toEqual([[0, 2]]);
  });

  test('HY5 thousands of facts of one size end, and more ways than are listed are told', () => {
    const terms = Array.from({ length: 5_000 }, () => decimal('1'));
    const { ways, more } = found(terms, decimal('2'));
    expect([ways.length, more]).toEqual([waysMax, true]);
  });
});
