/**
 * What fills do to positions and coins, by average cost: the figures that a venue's transaction
 * log carries and an exchange's statement does not. It is held against that statement in tests.
 */
import {
  absolute,
  add,
  compare,
  type Decimal,
  divideHalfEven,
  isZero,
  minimum,
  multiply,
  negate,
  signOf,
  subtract,
  zero,
} from '../../src/decimal/decimal.ts';
import type { Fill } from '../../src/model/fact.ts';
import type { Instrument } from '../../src/model/instrument.ts';

const scale = 18;

export interface Tally {
  /** Signed: + long, - short. */
  readonly quantity: Decimal;
  /** What opening it was worth, of the sign of the quantity. */
  readonly cost: Decimal;
  /** Net of fees and funding, since it was opened and since ever, in the settle currency. */
  readonly realised: Decimal;
  readonly realisedEver: Decimal;
}

const flat: Tally = { quantity: zero, cost: zero, realised: zero, realisedEver: zero };

/** What one fill does to one coin: the fee is a cost when positive. */
export interface CoinMove {
  readonly currency: string;
  readonly cashFlow: Decimal;
  readonly fee: Decimal;
}

export interface Effect {
  readonly closed: Decimal;
  readonly realised: Decimal;
  readonly after: Decimal;
  readonly moves: readonly CoinMove[];
}

export class PositionTally {
  readonly #tallies = new Map<string, Tally>();

  of(instrument: string, leg: string): Tally {
    return this.#tallies.get(`${instrument}|${leg}`) ?? flat;
  }

  apply(fill: Fill, instrument: Instrument): Effect {
    const signed = fill.side === 'buy' ? fill.quantity : negate(fill.quantity);
    if (instrument.type === 'spot') return spotEffect(fill, signed, instrument);
    const before = this.of(fill.instrument, fill.leg);
    const worth = openValue(signed, fill.price, instrument);
    const step = stepOf(before, signed, worth);
    const realised = instrument.type === 'inverse' ? negate(step.gain) : step.gain;
    const moves = coinMoves([[instrument.settle, realised]], fill);
    const own = moves.find(({ currency }) => currency === instrument.settle);
    const net = own === undefined ? realised : subtract(own.cashFlow, own.fee);
    this.#tallies.set(`${fill.instrument}|${fill.leg}`, {
      quantity: step.quantity,
      cost: step.cost,
      realised: isZero(before.quantity) ? net : add(before.realised, net),
      realisedEver: add(before.realisedEver, net),
    });
    return { closed: step.closed, realised, after: step.quantity, moves };
  }

  /** Money that a position received or paid without a fill. */
  paid(instrument: string, leg: string, amount: Decimal): void {
    const before = this.of(instrument, leg);
    this.#tallies.set(`${instrument}|${leg}`, {
      ...before,
      realised: add(before.realised, amount),
      realisedEver: add(before.realisedEver, amount),
    });
  }
}

/** Quote units of a linear contract; base units, rounded, of an inverse one. */
function openValue(signed: Decimal, price: Decimal, { type, multiplier }: Instrument): Decimal {
  const units = multiply(signed, multiplier);
  return type === 'linear' ? multiply(units, price) : divideHalfEven(units, price, scale);
}

function stepOf({ quantity, cost }: Tally, signed: Decimal, worth: Decimal) {
  if (isZero(quantity) || signOf(quantity) === signOf(signed)) {
    const opened = { quantity: add(quantity, signed), cost: add(cost, worth) };
    return { ...opened, gain: zero, closed: zero };
  }
  const closed = minimum(absolute(quantity), absolute(signed));
  const closes = compare(closed, absolute(quantity)) === 0;
  const flips = compare(closed, absolute(signed)) !== 0;
  const share = (of: Decimal, whole: Decimal) =>
    divideHalfEven(multiply(of, closed), absolute(whole), scale);
  const removed = closes ? cost : share(cost, quantity);
  const received = flips ? share(worth, signed) : worth;
  return {
    quantity: add(quantity, signed),
    cost: flips ? subtract(worth, received) : subtract(cost, removed),
    gain: negate(add(removed, received)),
    closed,
  };
}

function spotEffect(fill: Fill, signed: Decimal, { base, quote, multiplier }: Instrument): Effect {
  const units = multiply(signed, multiplier);
  const money = negate(multiply(units, fill.price));
  const moves = coinMoves(
    [
      [base, units],
      [quote, money],
    ],
    fill,
  );
  return { closed: zero, realised: zero, after: zero, moves };
}

/** One move per coin: what the trade moved and, where the same coin paid them, its fees. */
function coinMoves(flows: readonly (readonly [string, Decimal])[], fill: Fill): CoinMove[] {
  const fees = new Map<string, Decimal>();
  for (const { currency, amount } of fill.fees ?? [])
    fees.set(currency, add(fees.get(currency) ?? zero, amount));
  const moved = flows.map(([currency, cashFlow]) => {
    const fee = fees.get(currency) ?? zero;
    fees.delete(currency);
    return { currency, cashFlow, fee };
  });
  return [...moved, ...[...fees].map(([currency, fee]) => ({ currency, cashFlow: zero, fee }))];
}
