/** What a position is left at: a price by its phase, or the market. */
import {
  add,
  compare,
  type Decimal,
  fromInteger,
  isPositive,
  multiply,
  one,
  subtract,
  zero,
} from '../decimal/decimal.ts';
import type { Side } from '../model/fact.ts';
import { addMilliseconds, type Instant } from '../model/instant.ts';
import { roundPrice } from '../model/steps.ts';
import type { ExitPrices, ExitTarget } from './facts.ts';
import type { ExitRules, PhaseAt } from './rules.ts';

/** What an order of that side would trade at now; null: not known, or too old to be relied on. */
export function exitPrice(
  prices: ExitPrices | undefined,
  side: Side,
  now: Instant,
  { priceMaxAgeMs }: ExitRules,
): Decimal | null {
  if (prices === undefined || addMilliseconds(prices.at, priceMaxAgeMs) < now) return null;
  const touch = side === 'sell' ? prices.bid : prices.ask;
  return touch ?? prices.last ?? prices.mark;
}

const two = fromInteger(2);

/** Where both commissions are earned back: above the entry of a long position. */
export const breakEven = (entry: Decimal, side: Side, { commission }: ExitRules): Decimal =>
  shifted(entry, side, multiply(two, commission));

/** A gain when positive, in the direction in which an exit of that side gains. */
const shifted = (entry: Decimal, side: Side, share: Decimal): Decimal =>
  multiply(entry, side === 'sell' ? add(one, share) : subtract(one, share));

export interface Aged {
  readonly side: Side;
  readonly entry: Decimal;
  /** Null: not known, which only what is overdue can do without. */
  readonly price: Decimal | null;
  readonly tick: Decimal;
  readonly at: PhaseAt;
}

/** Null: no price, or none on the tick. */
export function targetOf(aged: Aged, rules: ExitRules): ExitTarget | null {
  const { side, entry, price, tick, at } = aged;
  if (price !== null && isBetter(price, breakEven(entry, side, rules), side)) {
    return { price: null, because: 'in-profit' };
  }
  if (at.phase === 'overdue') return { price: null, because: 'overdue' };
  if (price === null) return null;
  const exact =
    at.loss === null
      ? breakEven(entry, side, rules)
      : shifted(entry, side, subtract(zero, at.loss));
  const limit = roundPrice(exact, side, tick);
  if (!isPositive(limit)) return null;
  if (crosses(limit, price, side, rules)) return { price: null, because: 'would-cross' };
  return { price: limit, because: at.loss === null ? 'break-even' : 'tolerated-loss' };
}

/** Whoever sells likes more, whoever buys less. */
const isBetter = (price: Decimal, than: Decimal, side: Side): boolean =>
  compare(price, than) === (side === 'sell' ? 1 : -1);

/** Whether the market is there already, or as near as makes no difference. */
function crosses(limit: Decimal, price: Decimal, side: Side, { crossWithin }: ExitRules): boolean {
  const near = shifted(limit, side, subtract(zero, crossWithin));
  return side === 'sell' ? compare(price, near) >= 0 : compare(price, near) <= 0;
}
