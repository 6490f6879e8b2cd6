/**
 * Prices and sizes of one instrument as integers held in doubles: units of 10^-scale, where the
 * scale is that of its tick and lot. Exact while safe; what is too large is refused, and what is
 * finer than the grid is rounded against whoever would gain by it.
 */
import { compare, type Decimal, decimalOf, stripped } from '../../../decimal/decimal.ts';
import { narrow, powerOfTen, wide } from '../../../decimal/integer.ts';
import type { Instrument } from '../../../model/instrument.ts';

/** Where an instrument names no step. */
const scaleWithoutStep = 8;

export interface Grid {
  readonly priceScale: number;
  readonly sizeScale: number;
  /** The steps of orders, in units; 1 where the instrument names none. */
  readonly tick: number;
  readonly lot: number;
}

export type Rounding = 'down' | 'up' | 'nearest';

const powers: readonly number[] = Array.from({ length: 16 }, (_, digits) => 10 ** digits);

export function gridOf({ tickSize, lotSize }: Instrument): Grid {
  const priceScale = tickSize?.scale ?? scaleWithoutStep;
  const sizeScale = lotSize?.scale ?? scaleWithoutStep;
  return {
    priceScale,
    sizeScale,
    tick: tickSize === null ? 1 : unitsOf(tickSize, priceScale, 'nearest'),
    lot: lotSize === null ? 1 : unitsOf(lotSize, sizeScale, 'nearest'),
  };
}

/** Units of a value on a grid of `scale` digits. */
export function unitsOf(value: Decimal, scale: number, rounding: Rounding): number {
  const { coefficient } = value;
  const digits = scale - value.scale;
  if (typeof coefficient === 'number' && digits >= 0 && digits < 16) {
    const units = coefficient * powers[digits]!;
    if (units <= Number.MAX_SAFE_INTEGER && units >= -Number.MAX_SAFE_INTEGER) return units;
  }
  return slowUnits(value, digits, rounding);
}

function slowUnits(value: Decimal, digits: number, rounding: Rounding): number {
  const whole = wide(value.coefficient);
  const units = narrow(
    digits >= 0 ? whole * powerOfTen(digits) : divided(whole, powerOfTen(-digits), rounding),
  );
  if (typeof units === 'number') return units;
  throw new RangeError(`${units} units of 10^-${value.scale + digits} do not fit a safe integer`);
}

function divided(value: bigint, divisor: bigint, rounding: Rounding): bigint {
  const quotient = value / divisor;
  const floor = value < 0n && quotient * divisor !== value ? quotient - 1n : quotient;
  const rest = value - floor * divisor;
  if (rest === 0n || rounding === 'down') return floor;
  return rounding === 'up' || rest * 2n >= divisor ? floor + 1n : floor;
}

/** Sizes that data shows: what is more than any order can be is as good as that. */
export function sizeUnits(size: Decimal, scale: number): number {
  return fits(size, scale) ? unitsOf(size, scale, 'down') : sizeMax;
}

const sizeMax = 2 ** 52;

/** Whether the units of a value >= 0 are a safe integer. */
export const fits = (value: Decimal, scale: number): boolean =>
  compare(value, decimalOf(sizeMax, scale)) < 0;

/** Whether the grid holds the value without rounding. */
export const isOnGrid = (value: Decimal, scale: number): boolean => {
  if (value.scale <= scale) return true;
  const divisor = powerOfTen(value.scale - scale);
  return wide(value.coefficient) % divisor === 0n;
};

export const decimalOfUnits = (units: number, scale: number): Decimal =>
  stripped(decimalOf(units, scale));
