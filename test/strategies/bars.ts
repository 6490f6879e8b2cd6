/** Bars for tests of strategies: from closes, or of any kind from draws. */
import fc from 'fast-check';
import { decimalOf, zero } from '../../src/decimal/decimal.ts';
import { decimal } from '../../src/decimal/text.ts';
import { valuesOf } from '../../src/strategies/built-in.ts';
import { strategies } from '../../src/strategies/strategies.ts';
import type { Bar, Strategy } from '../../src/strategies/strategy.ts';

const hour = 3_600_000_000_000n;

/** Bars whose high and low are one away from their close. */
export const closing = (...closes: readonly string[]): readonly Bar[] =>
  closes.map((text, index) => {
    const close = decimal(text);
    return {
      at: BigInt(index + 1) * hour,
      open: close,
      high: decimalOf(Number(close.coefficient) + 10 ** close.scale, close.scale),
      low: decimalOf(Number(close.coefficient) - 10 ** close.scale, close.scale),
      close,
      volume: zero,
    };
  });

/** Prices in hundredths that move a little from bar to bar. */
export const anyBars = fc
  .array(fc.tuple(fc.integer({ min: -300, max: 300 }), fc.nat({ max: 90 }), fc.nat({ max: 90 })), {
    minLength: 30,
    maxLength: 90,
  })
  .map((moves) => {
    let price = 100_000;
    return moves.map(([move, up, down], index): Bar => {
      const open = price;
      price += move;
      return {
        at: BigInt(index + 1) * hour,
        open: decimalOf(open, 2),
        high: decimalOf(Math.max(open, price) + up, 2),
        low: decimalOf(Math.min(open, price) - down, 2),
        close: decimalOf(price, 2),
        volume: decimalOf(up + 1, 0),
      };
    });
  });

/** A built-in strategy with its defaults, but for what is given. */
export function made(name: string, given: Readonly<Record<string, string>> = {}): Strategy {
  const found = strategies.find((one) => one.name === name)!;
  const entries = Object.entries(given).map(([key, value]) => [key, decimal(value)] as const);
  const values = valuesOf(found, Object.fromEntries(entries));
  if (!values.ok) throw new Error(values.refusal.message);
  return found.of(values.value);
}
