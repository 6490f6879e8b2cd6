/**
 * A strategy of one's own: one exported function of what is known at the end of a bar. It buys
 * after three closes in a row that fell, and sells after one that rose.
 *
 *   trueup paper --data examples/ABC_USDT-1h.csv --strategy examples/strategy.ts
 */
import { compare, isZero, type Seen, type Signal } from 'trueup';

export function buyTheDip({ bars, held }: Seen): Signal | null {
  if (bars.length < 4) return null;
  const closes = bars.slice(-4).map(({ close }) => close);
  const moves = closes.slice(1).map((close, index) => compare(close, closes[index]!));
  if (moves.every((move) => move < 0)) {
    return { want: 'long', limit: null, why: 'three closes in a row fell' };
  }
  if (!isZero(held.quantity) && moves.at(-1) === 1) {
    return { want: 'flat', limit: null, why: 'the last close rose' };
  }
  return { want: 'as-is', limit: null, why: 'nothing to do' };
}
