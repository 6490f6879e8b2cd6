/** Figures that somebody published beside what they come from: parts that miss their total. */
import {
  absolute,
  add,
  compare,
  type Decimal,
  equals,
  fromInteger,
  isZero,
  multiply,
  subtract,
} from '../decimal/decimal.ts';
import { decimal } from '../decimal/text.ts';
import { moneyText } from '../model/amount.ts';

export interface Published {
  readonly cash: Decimal;
  readonly positions: Decimal;
  readonly total: Decimal;
}

export interface PublishedCheck {
  /** What the published parts add up to. */
  readonly sum: Decimal;
  /** The sum less the published total. */
  readonly difference: Decimal;
  /** Rounding of the parts and of the total to cents can make a difference of this size. */
  readonly isRounding: boolean;
  /** The calculated total less the published one; null: it is not known. */
  readonly offTruth: Decimal | null;
  /** What to say about it. */
  readonly sentences: readonly string[];
}

/** Half a cent for each of two parts and for their total. */
const roundingMost = multiply(decimal('0.005'), fromInteger(3));

export function publishedCheck(
  { cash, positions, total }: Published,
  sheet: { readonly calculated: Decimal | null },
): PublishedCheck {
  const sum = add(cash, positions);
  const difference = subtract(sum, total);
  const isRounding = compare(absolute(difference), roundingMost) <= 0;
  const offTruth = sheet.calculated === null ? null : subtract(sheet.calculated, total);
  const parts = `${moneyText(cash)} + ${moneyText(positions)} = ${moneyText(sum)}`;
  if (isZero(difference)) {
    const sentences = [`The published parts give their total: ${parts}.`, ...truth(offTruth, sum)];
    return { sum, difference, isRounding, offTruth, sentences };
  }
  const off = moneyText(difference, { signed: true });
  const why = isRounding
    ? 'The parts were rounded to cents before they were added, or added in binary floats: either ' +
      'moves a sum of two by up to a cent and a half.'
    : 'Rounding to cents cannot make that much.';
  const first = `The published parts do not give the published total: ${parts}, not ${moneyText(
    total,
  )} (${off}).`;
  return {
    sum,
    difference,
    isRounding,
    offTruth,
    sentences: [first, why, ...truth(offTruth, sum)],
  };

  function truth(off: Decimal | null, ofParts: Decimal): readonly string[] {
    if (off === null || sheet.calculated === null) return [];
    const exact = moneyText(sheet.calculated);
    if (isZero(off)) return [`The published total is the exact sum, ${exact}.`];
    const same = equals(sheet.calculated, ofParts)
      ? ', which is what the published parts give'
      : '';
    return [`The exact sum is ${exact}${same}.`];
  }
}
