/** What strategies have in common that bet on a return to the middle. */
import { isNegative, isPositive } from '../decimal/decimal.ts';
import type { Seen, Signal } from './strategy.ts';

export interface Place {
  readonly isLow: boolean;
  readonly isHigh: boolean;
  /** Below, at or above the middle. */
  readonly middle: -1 | 0 | 1;
  readonly words: { readonly low: string; readonly high: string; readonly middle: string };
}

/**
 * In by a limit at the close, because who bets against a move need not chase it; out at market,
 * because what is no longer wanted is not kept for a better price.
 */
export function reversion({ bars, held }: Seen, place: Place): Signal {
  const { isLow, isHigh, middle, words } = place;
  const { close } = bars.at(-1)!;
  if (isLow) return { want: 'long', limit: close, why: words.low };
  if (isHigh) return { want: 'short', limit: close, why: words.high };
  const isOver =
    (isPositive(held.quantity) && middle >= 0) || (isNegative(held.quantity) && middle <= 0);
  if (isOver) return { want: 'flat', limit: null, why: words.middle };
  return { want: 'as-is', limit: null, why: 'between the levels' };
}
