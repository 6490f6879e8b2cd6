/**
 * One booked fill that belongs elsewhere: on another leg, to another instrument (spot for
 * perpetual, or a symbol that counts thousands), or with its fee in another coin. Tried on the
 * whole book, since it moves lines of several kinds.
 */
import { type Decimal, equals, multiply, negate } from '../../decimal/decimal.ts';
import { decimal } from '../../decimal/text.ts';
import type { Fill, Leg } from '../../model/fact.ts';
import { instrumentFromName } from '../../model/instrument.ts';
import type { Reason } from '../../model/reason.ts';
import { evidenceOf, factText } from '../causes/cause.ts';
import { isFill } from '../gap.ts';
import { heldId } from '../touch.ts';
import { signedQuantity } from './effect.ts';
import {
  bound,
  type DifferenceFacts,
  differenceIn,
  fits,
  type Hypothesis,
  isListed,
  type Tried,
} from './idea.ts';

/** A fill of ours as it would have been, and what that would say. */
interface Otherwise {
  readonly by: Fill;
  readonly reason: Reason;
  readonly name: string;
  readonly was: string;
}

export const otherInstrument: Hypothesis = (facts) =>
  facts.whole === undefined ? [] : firstThatFits(facts, (fill) => ofOthers(fill, facts));

/** The leg line, or both, may be off; theirs may show a leg that is none of ours so far. */
export const otherLegOfFill: Hypothesis = (facts) =>
  facts.what === 'position' && facts.leg !== 'net' ? firstThatFits(facts, ofLegs) : [];

function firstThatFits(
  facts: DifferenceFacts,
  othersOf: (fill: Fill) => Iterable<Otherwise>,
): readonly Tried[] {
  const { whole, booked, asOf, oursParty } = facts;
  if (whole === undefined) return [];
  const wanted = negate(differenceIn(facts));
  for (const fill of booked) {
    if (!isFill(fill) || fill.time > asOf) continue;
    if (!equals(signedQuantity(fill), wanted) || isListed(facts, fill)) continue;
    for (const { by, reason, name, was } of othersOf(fill)) {
      const right = whole.instead([[fill, by]]);
      // A leg that holds nothing cannot give: the fold would hide that it was asked to.
      const at = heldId({ what: 'position', key: by.instrument, leg: by.leg });
      if (!right || (closesLeg(by) && !right.has(at))) continue;
      const evidence = [evidenceOf(fill, oursParty)];
      return [fits(reason, name, `${factText(fill)} ${was}`, evidence, bound(right))];
    }
  }
  return [];
}

const closesLeg = ({ leg, side }: Fill): boolean =>
  leg !== 'net' && (leg === 'long') === (side === 'sell');

const otherLegs: Readonly<Record<Leg, Leg>> = { long: 'short', short: 'long', net: 'net' };

function* ofLegs(fill: Fill): Generator<Otherwise> {
  const leg = otherLegs[fill.leg];
  const was = `was one of leg ${leg}`;
  yield { by: { ...fill, leg }, reason: 'FILL_MISAPPLIED', name: 'wrong leg', was };
  const side = fill.side === 'buy' ? 'sell' : 'buy';
  const turned = `${was} and of the other side`;
  const by = { ...fill, leg, side } as const;
  yield { by, reason: 'SIGN_WRONG', name: 'wrong leg and side', was: turned };
}

const thousand = decimal('1000');
const thousandth = decimal('0.001');

/** The same base in another market, or a thousand of it under one name. */
function* ofOthers(fill: Fill, { whole }: DifferenceFacts): Generator<Otherwise> {
  const base = instrumentFromName('', fill.instrument)?.base;
  for (const instrument of whole!.instruments) {
    const other = instrumentFromName('', instrument)?.base;
    if (instrument === fill.instrument || other === undefined) continue;
    if (other === base) yield confused({ ...fill, instrument });
    else if (other === `1000${base}`) yield scaled(fill, instrument, thousandth, thousand);
    else if (base === `1000${other}`) yield scaled(fill, instrument, thousand, thousandth);
  }
}

const confused = (by: Fill): Otherwise => ({
  ...{ by, reason: 'SYMBOL_CONFUSED', name: `taken for ${by.instrument}` },
  was: `was one of ${by.instrument}`,
});

const scaled = (fill: Fill, instrument: string, units: Decimal, prices: Decimal): Otherwise =>
  confused({
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
  return coins.flatMap((coin) =>
    booked
      .flatMap((fact): Tried[] => {
        if (!isFill(fact) || fact.time > asOf) return [];
        const [fee, ...more] = fact.fees ?? [];
        if (fee === undefined || more.length > 0 || fee.currency !== key) return [];
        if (!equals(fee.amount, difference) || isListed(facts, fact)) return [];
        const right = whole.instead([[fact, { ...fact, fees: [{ ...fee, currency: coin.key }] }]]);
        if (!right) return [];
        const sentence = `the fee of ${factText(fact)} was charged in ${coin.key}`;
        const evidence = [evidenceOf(fact, oursParty)];
        return [fits('FEE_CURRENCY_WRONG', `fee in ${coin.key}`, sentence, evidence, bound(right))];
      })
      .slice(0, 1),
  );
};
