/**
 * A fee that was taken in the coin that was bought: 60 bought, 59.88 received. It takes a known
 * rate of what was bought, and a spot trade: a contract pays its fees in its settle coin.
 */
import {
  absolute,
  compare,
  type Decimal,
  equals,
  isNegative,
  isPositive,
  isZero,
  multiply,
  negate,
  subtract,
  total,
} from '../../decimal/decimal.ts';
import { decimal, toText } from '../../decimal/text.ts';
import type { Fill } from '../../model/fact.ts';
import { instrumentFromName } from '../../model/instrument.ts';
import { evidenceOf } from '../causes/cause.ts';
import { isFill } from '../gap.ts';
import {
  bound,
  type DifferenceFacts,
  differenceIn,
  fits,
  type Hypothesis,
  isContract,
  isListed,
  leaves,
  type Tried,
} from './idea.ts';

const name = 'fee in the base coin';
const reason = 'FEE_CURRENCY_WRONG';

/** Shares of the quantity that venues charge their customers, in per cent. */
const knownPercents = [
  ...['0.01', '0.02', '0.025', '0.04', '0.05', '0.055', '0.06', '0.075', '0.08', '0.09', '0.095'],
  ...['0.1', '0.12', '0.14', '0.15', '0.16', '0.18', '0.2', '0.24', '0.25', '0.26', '0.3', '0.35'],
  ...['0.4', '0.5', '0.6', '0.8', '1', '1.2'],
];
const knownRates = knownPercents.map((text) => ({
  text,
  rate: multiply(decimal(text), decimal('0.01')),
}));

export const feeInBase: Hypothesis = (facts) => {
  const difference = differenceIn(facts);
  if (isContract(facts)) return onContract(facts, difference);
  if (!isNegative(difference)) return [];
  const buys = buysOf(facts);
  if (buys.length === 0) {
    // Without fills the stored quantity is taken for what was bought.
    return facts.what === 'position' ? [ofBought(facts, [], facts.ours)] : [];
  }
  const all = ofBought(facts, buys, total(buys.map(({ quantity }) => quantity)));
  if (isZero(all.residual!)) return [all];
  const single = buys.flatMap((fill) => {
    const tried = ofBought(facts, [fill], fill.quantity);
    return isZero(tried.residual!) ? [{ ...tried, reach: reachOf(facts, fill) }] : [];
  });
  return single.length > 0 ? single : [all];
};

/** Of one fill that is booked without a fee. */
function reachOf(facts: DifferenceFacts, fill: Fill) {
  const { instrument, key, whole } = facts;
  const currency = instrument?.type === 'spot' ? instrument.base : key;
  const fees = [{ currency, amount: negate(differenceIn(facts)) }];
  if (fill.fees?.length !== 0) return null;
  return bound(whole?.instead([[fill, { ...fill, fees }]]) || null);
}

/** Told where the share looks like a fee: it is what people take it for. */
function onContract(facts: DifferenceFacts, difference: Decimal): readonly Tried[] {
  const shown = rateOf(absolute(difference), absolute(facts.ours));
  if (shown === null) return [];
  const { instrument } = facts;
  const kind =
    instrument === null
      ? 'a contract'
      : `${instrument.type === 'inverse' ? 'an' : 'a'} ${instrument.type} contract`;
  const coin = instrument === null ? 'its settle coin' : instrument.settle;
  const why =
    `${toText(absolute(difference))} is ${shown.text} % of ${toText(absolute(facts.ours))}, but ` +
    `${kind} charges fees in ${coin}, which never changes its quantity`;
  return [leaves(reason, name, difference, why)];
}

/** Bought with the coin, and no fee of it was booked in the coin. */
function buysOf(facts: DifferenceFacts): readonly Fill[] {
  const { booked, key, instrument } = facts;
  const coin = instrument?.type === 'spot' ? instrument.base : key;
  return booked.filter((fact): fact is Fill => {
    if (!isFill(fact) || fact.side !== 'buy' || fact.time > facts.asOf) return false;
    // The fee of what they list is known.
    if (isListed(facts, fact)) return false;
    const traded = instrumentFromName('', fact.instrument);
    if (traded === null || traded.type !== 'spot' || traded.base !== coin) return false;
    return (fact.fees ?? []).every(({ currency, amount }) => currency !== coin || isZero(amount));
  });
}

function ofBought(facts: DifferenceFacts, buys: readonly Fill[], bought: Decimal): Tried {
  const lacking = negate(differenceIn(facts));
  const rate = rateOf(lacking, bought);
  if (rate === null) {
    const nearest = nearestRate(lacking, bought);
    const residual = subtract(multiply(bought, nearest.rate), lacking);
    const why = `${nearest.text} % of the ${toText(bought)} that was bought would leave it`;
    return leaves(reason, name, residual, why);
  }
  const unsaid = quoteOf(facts, buys);
  if (unsaid !== null) return leaves(reason, name, differenceIn(facts), unsaid);
  const sentence =
    `the fee was taken in the coin itself: ${rate.text} % of the ${toText(bought)} that was ` +
    'bought';
  const evidence = buys.map((fill) => evidenceOf(fill, facts.oursParty));
  return fits(reason, name, sentence, evidence);
}

/**
 * A fee that was booked in the quote coin was not charged there: that balance would differ by it.
 * Null: nothing speaks against it.
 */
function quoteOf({ others, what }: DifferenceFacts, buys: readonly Fill[]): string | null {
  if (what !== 'balance') return null;
  const booked = new Map<string, Decimal[]>();
  for (const { fees } of buys) {
    for (const { currency, amount } of fees ?? []) {
      booked.set(currency, [...(booked.get(currency) ?? []), amount]);
    }
  }
  for (const [currency, amounts] of booked) {
    const charged = total(amounts);
    const other = others.find(({ key, leg }) => key === currency && leg === null);
    const lacking = other === undefined ? null : subtract(other.theirs, other.ours);
    if (isPositive(charged) && (lacking === null || compare(lacking, charged) < 0)) {
      const fee = `${toText(charged)} ${currency}`;
      return `a fee of ${fee} is booked, and ${currency} does not differ by it`;
    }
  }
  return null;
}

interface KnownRate {
  /** In per cent. */
  readonly text: string;
  readonly rate: Decimal;
}

const rateOf = (part: Decimal, whole: Decimal): KnownRate | null =>
  knownRates.find(({ rate }) => equals(multiply(whole, rate), part)) ?? null;

/** The rate whose share is nearest to the part. */
const nearestRate = (part: Decimal, whole: Decimal): KnownRate =>
  knownRates.reduce((best, one) =>
    compare(distance(one, part, whole), distance(best, part, whole)) < 0 ? one : best,
  );

const distance = ({ rate }: KnownRate, part: Decimal, whole: Decimal): Decimal =>
  absolute(subtract(multiply(whole, rate), part));
