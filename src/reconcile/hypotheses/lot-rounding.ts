/** Quantities rounded to the step, each by less than one. */
import {
  absolute,
  compare,
  type Decimal,
  divideHalfEven,
  fromInteger,
  isZero,
  multiply,
  negate,
  signOf,
  subtract,
} from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import { counted } from '../../model/amount.ts';
import { isFill } from '../gap.ts';
import { type DifferenceFacts, differenceIn, fits, type Hypothesis, leaves } from './idea.ts';

const name = 'lot rounding';
const reason = 'ROUNDING_ACCUMULATED';

/** Further off than so many bounds it is no temptation to take it for rounding. */
const temptingTimes = 100;

export const lotRounding: Hypothesis = (facts) => {
  const step = stepOf(facts);
  if (step === null) return [];
  const difference = differenceIn(facts);
  const { booked, asOf } = facts;
  const moved = booked.filter(({ time }) => time <= asOf);
  const count = Math.max(moved.length, 1);
  const bound = multiply(step, fromInteger(count));
  const size = absolute(difference);
  if (compare(size, multiply(bound, fromInteger(temptingTimes))) > 0) return [];
  const noun = facts.what === 'position' ? 'fill' : 'fact';
  if (compare(size, bound) > 0) {
    const residual = subtract(difference, signOf(difference) > 0 ? bound : negate(bound));
    const why =
      `it is ${stepsText(size, step)} of ${toText(step)}, and ` +
      (count === 1
        ? `one ${noun} rounds by less`
        : `${counted(count, noun)} round by less than one each`);
    return [leaves(reason, name, residual, why)];
  }
  if (isWhole(facts, step)) {
    const why = `ours, theirs and every booked quantity are whole steps of ${toText(step)}`;
    return [leaves(reason, name, difference, why)];
  }
  const sentence = `${counted(count, noun)} rounded to steps of ${toText(step)} add up to it`;
  return [fits(reason, name, sentence)];
};

const stepOf = ({ instrument, step }: DifferenceFacts): Decimal | null => {
  const own = step ?? instrument?.lotSize ?? null;
  return own === null || isZero(own) ? null : own;
};

const stepsText = (size: Decimal, step: Decimal): string => {
  const steps = divideHalfEven(size, step, 2);
  return `${toText(steps)} ${toText(steps) === '1' ? 'step' : 'steps'}`;
};

/** What is whole everywhere was never rounded to the step. */
function isWhole({ ours, theirs, booked, what }: DifferenceFacts, step: Decimal): boolean {
  const quantities =
    what === 'position' ? booked.filter(isFill).map(({ quantity }) => quantity) : [];
  return [ours, theirs, ...quantities].every((one) => isMultiple(one, step));
}

export const isMultiple = (value: Decimal, step: Decimal): boolean =>
  isZero(subtract(value, multiply(divideHalfEven(value, step, 0), step)));
