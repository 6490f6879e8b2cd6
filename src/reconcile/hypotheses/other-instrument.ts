/**
 * One booked fill that belongs to another instrument: spot for perpetual, or a symbol that counts
 * thousands. Tried on the whole book, since it moves lines of several kinds.
 */
import { type Decimal, equals, multiply, negate } from '../../decimal/decimal.ts';
import { decimal } from '../../decimal/text.ts';
import type { Fill } from '../../model/fact.ts';
import { instrumentFromName } from '../../model/instrument.ts';
import { evidenceOf, factText } from '../causes/cause.ts';
import { isFill } from '../gap.ts';
import { signedQuantity } from './effect.ts';
import { differenceIn, fits, type Hypothesis, isListed, type Tried } from './idea.ts';

export const otherInstrument: Hypothesis = (facts) => {
  const { whole, booked, asOf, oursParty } = facts;
  if (whole === undefined) return [];
  const wanted = negate(differenceIn(facts));
  for (const fill of booked) {
    if (!isFill(fill) || fill.time > asOf || isListed(facts, fill)) continue;
    if (!equals(signedQuantity(fill), wanted) || closesLeg(fill)) continue;
    for (const by of othersOf(fill, whole.instruments)) {
      if (whole.instead(fill, by) !== true) continue;
      const sentence = `${factText(fill)} was one of ${by.instrument}`;
      const evidence = [evidenceOf(fill, oursParty)];
      return [fits('SYMBOL_CONFUSED', `taken for ${by.instrument}`, sentence, evidence)];
    }
  }
  return [];
};

/** A leg that holds nothing cannot give: the fold would hide that it was asked to. */
const closesLeg = ({ leg, side }: Fill): boolean =>
  leg !== 'net' && (leg === 'long') === (side === 'sell');

const thousand = decimal('1000');
const thousandth = decimal('0.001');

/** The same base in another market, or a thousand of it under one name. */
function* othersOf(fill: Fill, names: Iterable<string>): Generator<Fill> {
  const base = instrumentFromName('', fill.instrument)?.base;
  for (const instrument of names) {
    const other = instrumentFromName('', instrument)?.base;
    if (instrument === fill.instrument || other === undefined) continue;
    if (other === base) yield { ...fill, instrument };
    else if (other === `1000${base}`) yield scaled(fill, instrument, thousandth, thousand);
    else if (base === `1000${other}`) yield scaled(fill, instrument, thousand, thousandth);
  }
}

const scaled = (fill: Fill, instrument: string, units: Decimal, prices: Decimal): Fill => ({
  ...{ ...fill, instrument },
  quantity: multiply(fill.quantity, units),
  price: multiply(fill.price, prices),
});

/** A fee that was booked in this coin and charged in another one, at the same number. */
export const feeInOtherCoin: Hypothesis = (facts) => {
  const { whole, booked, asOf, key, oursParty, what } = facts;
  if (whole === undefined || what !== 'balance') return [];
  const difference = differenceIn(facts);
  const coins = facts.others.filter(({ leg, ours, theirs }) => {
    return leg === null && equals(differenceIn({ ours, theirs }), negate(difference));
  });
  return coins.flatMap((coin): Tried[] => {
    const fill = booked.find((fact): fact is Fill => {
      if (!isFill(fact) || fact.time > asOf || isListed(facts, fact)) return false;
      const [fee, ...more] = fact.fees ?? [];
      if (fee === undefined || more.length > 0 || fee.currency !== key) return false;
      const by = { ...fact, fees: [{ ...fee, currency: coin.key }] };
      return equals(fee.amount, difference) && whole.instead(fact, by) === true;
    });
    if (fill === undefined) return [];
    const sentence = `the fee of ${factText(fill)} was charged in ${coin.key}`;
    const evidence = [evidenceOf(fill, oursParty)];
    return [fits('FEE_CURRENCY_WRONG', `fee in ${coin.key}`, sentence, evidence)];
  });
};
