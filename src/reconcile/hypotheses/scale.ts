/** Contracts counted as coins, or a symbol that counts thousands: one is a round multiple. */
import {
  type Decimal,
  decimalOf,
  divideHalfEven,
  equals,
  isZero,
  multiply,
  one,
  total,
} from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import { isFill } from '../gap.ts';
import { signedQuantity } from './effect.ts';
import {
  bound,
  type DifferenceFacts,
  fits,
  type Hypothesis,
  isListed,
  type LineNames,
  type Tried,
} from './idea.ts';

const powersMax = 6;

export const contractSize: Hypothesis = (facts) => {
  const multiplier = facts.instrument?.multiplier ?? one;
  const sizes = equals(multiplier, one) ? powers : [multiplier, ...powers];
  const found = withFactor(facts, sizes, (factor, which) =>
    fits(
      'MULTIPLIER_WRONG',
      'contract size',
      `one counts contracts of ${toText(factor)} and the other units (${which})`,
    ),
  );
  const right = found.length === 0 ? null : ofAllFills(facts);
  return right === false ? [] : found.map((each) => ({ ...each, reach: bound(right) }));
};

/** Where fills add up to the position, each of them is counted so, and none is told as booked. */
function ofAllFills(facts: DifferenceFacts): LineNames | false | null {
  const { booked, whole, ours, theirs, key } = facts;
  const own = booked.filter(isFill).filter(({ time }) => time <= facts.asOf);
  if (!equals(total(own.map(signedQuantity)), ours)) return null;
  if (own.some((fill) => isListed(facts, fill))) return false;
  if (whole === undefined) return null;
  const by = divideHalfEven(theirs, ours, factorPlaces);
  const fills = [...whole.fillsOf(key)];
  const scaled = fills.map((one) => ({ ...one, quantity: multiply(one.quantity, by) }));
  return whole.instead(fills.map((one, index) => [one, scaled[index]!]));
}

const factorPlaces = 18;

/** Symbols that count thousands bear it in their name: 1000SHIB, 10000LADYS, 1MBABYDOGE. */
export const scaledSymbol: Hypothesis = (facts) =>
  withFactor(facts, powers.slice(2), (factor, which) =>
    fits(
      'SYMBOL_CONFUSED',
      'symbol that counts thousands',
      `one is of a symbol that counts ${toText(factor)} to one (${which})`,
    ),
  );

/** 10, 100, ... */
const powers: readonly Decimal[] = Array.from({ length: powersMax }, (_, index) =>
  decimalOf(10 ** (index + 1), 0),
);

function withFactor(
  { what, ours, theirs }: DifferenceFacts,
  factors: readonly Decimal[],
  told: (factor: Decimal, which: string) => Tried,
): readonly Tried[] {
  if (what === 'balance' || isZero(ours) || isZero(theirs)) return [];
  for (const factor of factors) {
    if (equals(multiply(ours, factor), theirs)) {
      return [told(factor, `theirs is ours x ${toText(factor)}`)];
    }
    if (equals(multiply(theirs, factor), ours)) {
      return [told(factor, `ours is theirs x ${toText(factor)}`)];
    }
  }
  return [];
}
