import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimalOf, zero } from '../../src/decimal/decimal.ts';
import { decimal } from '../../src/decimal/text.ts';
import { valuesOf } from '../../src/strategies/built-in.ts';
import { strategies } from '../../src/strategies/strategies.ts';
import type { Held } from '../../src/strategies/strategy.ts';
import { root } from '../house/sources.ts';
import { anyBars, closing, made } from './bars.ts';

const holding = (quantity: string): Held => ({ quantity: decimal(quantity), averagePrice: null });

interface Case {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly closes: readonly string[];
  readonly held: string;
  readonly want: string | null;
  readonly limit?: string;
  readonly because: string;
}

const ma = { name: 'ma-cross', parameters: { fast: '2', slow: '3' }, held: '0' };
const rsi = { name: 'rsi-reversion', parameters: { length: '3' } };
const bands = { name: 'bollinger-reversion', parameters: { length: '4', width: '1.5' } };
const out = { name: 'breakout', parameters: { exit: '2', entry: '3' } };

const cases: readonly Case[] = [
  { ...ma, closes: ['1', '2'], want: null, because: 'two bars are too few for an average of 3' },
  { ...ma, closes: ['1', '2', '3'], want: 'long', because: '(2+3)/2 = 2.5 > (1+2+3)/3 = 2' },
  { ...ma, closes: ['3', '2', '1'], want: 'short', because: '1.5 < 2' },
  { ...ma, closes: ['2', '1', '3'], want: 'as-is', because: '2 = 2, exactly' },
  { ...rsi, closes: ['9', '8', '7'], held: '0', want: null, because: '3 changes need 4 bars' },
  {
    ...{ ...rsi, closes: ['10', '9', '8', '7'], held: '0', want: 'long', limit: '7' },
    because: 'gains 0, losses 3: 0 < 30',
  },
  {
    ...{ ...rsi, closes: ['7', '8', '9', '10'], held: '0', want: 'short', limit: '10' },
    because: 'gains 3, losses 0: 100 > 70',
  },
  {
    ...{ ...rsi, closes: ['10', '13', '6', '6'], held: '0', want: 'as-is' },
    because: 'gains 3, losses 7: 30 is not below 30',
  },
  {
    ...{ ...rsi, closes: ['10', '9', '11', '10'], held: '1', want: 'flat' },
    because: 'gains 2, losses 2: 50, the middle',
  },
  {
    ...{ ...rsi, closes: ['10', '9', '11', '10'], held: '-1', want: 'flat' },
    because: 'a short leaves at the middle, too',
  },
  {
    ...{ ...rsi, closes: ['10', '9', '11', '10'], held: '0', want: 'as-is' },
    because: 'who holds nothing has nothing to leave',
  },
  { ...rsi, closes: ['5', '5', '5', '5'], held: '1', want: 'as-is', because: 'nothing moved' },
  {
    ...{ ...bands, closes: ['10', '10', '10', '6'], held: '0', want: 'long', limit: '6' },
    // mean 9, deviation sqrt((1+1+1+9)/4) = 1.732, band 9 - 2.598 = 6.402
    because: '6 < 6.402',
  },
  {
    ...{ ...bands, closes: ['10', '10', '10', '14'], held: '0', want: 'short', limit: '14' },
    because: '14 > 11 + 2.598',
  },
  {
    ...{ ...bands, closes: ['8', '12', '8', '12'], held: '1', want: 'flat' },
    // mean 10, deviation 2, band 7 to 13
    because: '12 is above the mean of 10',
  },
  {
    ...{ ...bands, closes: ['12', '8', '12', '8'], held: '1', want: 'as-is' },
    because: '8 is below the mean, inside the band',
  },
  { ...out, closes: ['5', '5', '5'], held: '0', want: null, because: '3 bars before, and one' },
  {
    ...{ ...out, closes: ['5', '6', '5', '7.01'], held: '0', want: 'long' },
    because: 'above 7, the high of a bar that closed at 6',
  },
  {
    ...{ ...out, closes: ['5', '6', '5', '7'], held: '0', want: 'as-is' },
    because: 'at the high is not above it',
  },
  {
    ...{ ...out, closes: ['5', '6', '5', '3.9'], held: '0', want: 'short' },
    because: 'below 4, the low of a bar that closed at 5',
  },
  {
    ...{ ...out, closes: ['2', '6', '6', '4.9'], held: '1', want: 'flat' },
    because: 'below 5, the low of two bars, and above 1, that of three',
  },
  {
    ...{ ...out, closes: ['9', '5', '5', '6.1'], held: '-1', want: 'flat' },
    because: 'above 6, the high of two bars, and below 10, that of three',
  },
];

describe('signals', () => {
  test.each(cases)('ST1 ST2 $name of $closes holding $held: $want, $because', (one) => {
    const signal = made(
      one.name,
      one.parameters,
    )({
      instrument: 'ABC/USDT',
      bars: closing(...one.closes),
      held: holding(one.held),
    });
    expect(signal?.want ?? null).toBe(one.want);
    if (signal !== null) {
      expect(signal.limit).toEqual(one.limit === undefined ? null : decimal(one.limit));
      expect(signal.why).not.toBe('');
    }
  });
});

describe.each(strategies.map((one) => [one.name, one] as const))('%s', (name, builtIn) => {
  const instrument = 'ABC/USDT';
  const anyHeld = fc.integer({ min: -3, max: 3 }).map((n) => ({
    quantity: decimalOf(n, 0),
    averagePrice: null,
  }));

  test('ST1 no later bar changes what was answered', () => {
    fc.assert(
      fc.property(anyBars, anyBars, anyHeld, fc.nat(), (bars, others, held, cut) => {
        const strategy = made(name);
        const seen = 1 + (cut % bars.length);
        const alone = strategy({ instrument, bars: bars.slice(0, seen), held });
        // What follows in one history follows differently in the other.
        const later = [...bars.slice(0, seen), ...others];
        const answers = later.map((_, at) =>
          strategy({ instrument, bars: later.slice(0, at + 1), held }),
        );
        expect(answers[seen - 1]).toEqual(alone);
      }),
      { numRuns: 50 },
    );
  });

  test('ST1 it answers null until its warm-up is over, and a signal from then on', () => {
    const values = valuesOf(builtIn, {});
    const warmUp = values.ok ? builtIn.warmUp(values.value) : 0;
    fc.assert(
      fc.property(anyBars, (bars) => {
        const held = { quantity: zero, averagePrice: null };
        for (let count = 1; count <= bars.length; count += 1) {
          const signal = made(name)({ instrument, bars: bars.slice(0, count), held });
          expect(signal === null).toBe(count < warmUp);
        }
      }),
      { numRuns: 20 },
    );
  });

  test('ST1 it depends on the newest bars alone: a longer past changes nothing', () => {
    fc.assert(
      fc.property(anyBars, anyBars, anyHeld, (past, bars, held) => {
        const strategy = made(name);
        if (strategy({ instrument, bars, held }) === null) return;
        const longer = strategy({ instrument, bars: [...past, ...bars], held });
        expect(longer).toEqual(strategy({ instrument, bars, held }));
      }),
      { numRuns: 50 },
    );
  });

  test('ST3 its parameters stand in docs/paper.md, each with its default and reason', () => {
    const page = readFileSync(join(root, 'docs', 'paper.md'), 'utf8');
    for (const parameter of builtIn.parameters) {
      const { name: of, value, why } = parameter;
      expect(page).toContain(`| \`${name}.${of}\` | ${value} | ${why} |`);
    }
  });
});

test.each([
  ['ma-cross', { fast: '30' }, 'ma-cross.slow 30 is not above fast'],
  ['ma-cross', { fast: '0' }, 'ma-cross.fast 0 counts no bars'],
  ['ma-cross', { slow: '30.5' }, 'ma-cross.slow 30.5 counts no bars'],
  ['breakout', { entry: '1001' }, 'breakout.entry 1001 counts no bars'],
  ['rsi-reversion', { low: '60' }, 'rsi-reversion.exit 50 is not above low'],
  ['bollinger-reversion', { witdh: '3' }, 'bollinger-reversion.witdh is no parameter of it'],
])('ST3 %s with %j is refused', (name, given, message) => {
  expect(() => made(name, given as Record<string, string>)).toThrow(message);
});
