/** In which unit a stored order counts: coins or contracts, as far as its size tells. */
import { compare, type Decimal, equals, multiply, one } from '../../decimal/decimal.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { StoredOrder } from '../../model/position-source.ts';
import type { Standing } from './order-standing.ts';

export interface OrderSize {
  /** Of the row, for one of the venue's; null: not known. */
  readonly unit: Decimal | null;
  /** The row asks for what was asked for. */
  readonly isSame: boolean;
}

/** `told`: what the better party says was asked for, as the venue counts; null: it says nothing. */
export function sizeOf(
  { quantity }: Pick<StoredOrder, 'quantity'>,
  told: Decimal | null,
  { multiplier }: Pick<Instrument, 'multiplier'>,
): OrderSize {
  const isPlain = equals(multiplier, one);
  if (quantity !== null && told !== null) {
    if (equals(quantity, told)) return { unit: one, isSame: true };
    const inCoins = multiply(told, multiplier);
    if (equals(quantity, inCoins)) return { unit: multiplier, isSame: true };
  }
  return { unit: isPlain ? one : null, isSame: false };
}

/** A row never holds more than it asks for: what would be more is in a unit that nobody knows. */
export function inUnitOf(
  { quantity, isOver }: Pick<StoredOrder, 'quantity' | 'isOver'>,
  standing: Standing,
  unit: Decimal | null,
): Standing {
  if (standing.kind === 'unknown' || standing.filled === null) return standing;
  const filled = unit === null ? null : multiply(standing.filled, unit);
  const fits = filled !== null && (quantity === null || compare(filled, quantity) <= 0);
  if (fits) return { ...standing, filled };
  // Of two that are open nothing else could be compared.
  if (standing.kind !== 'open' || isOver) return { ...standing, filled: null };
  return { kind: 'unknown', why: 'in which unit their rows count is not known' };
}
