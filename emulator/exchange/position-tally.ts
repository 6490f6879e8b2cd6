/**
 * What fills do to positions and coins: the figures that a venue's transaction log carries and the
 * paper exchange's statement does not. They come from that exchange's own arithmetic.
 */
import {
  absolute,
  add,
  type Decimal,
  isZero,
  minimum,
  multiply,
  negate,
  signOf,
  subtract,
  zero,
} from '../../src/decimal/decimal.ts';
import type { Fill, Leg } from '../../src/model/fact.ts';
import type { Instrument } from '../../src/model/instrument.ts';
import { flat, movePosition, type Position } from '../../src/venues/paper/accounts/position.ts';

export interface Tally {
  readonly position: Position | null;
  /** Net of fees and funding, since it was opened and since ever, in the settle currency. */
  readonly realised: Decimal;
  readonly realisedEver: Decimal;
}

const nothing: Tally = { position: null, realised: zero, realisedEver: zero };

/** What one fill does to one coin: the fee is a cost when positive. */
export interface CoinMove {
  readonly currency: string;
  readonly cashFlow: Decimal;
  readonly fee: Decimal;
}

export interface Effect {
  readonly closed: Decimal;
  readonly realised: Decimal;
  /** The signed position after it. */
  readonly after: Decimal;
  readonly moves: readonly CoinMove[];
}

export class PositionTally {
  readonly #tallies = new Map<string, Tally>();

  of(instrument: string, leg: Leg): Tally {
    return this.#tallies.get(`${instrument}|${leg}`) ?? nothing;
  }

  /** Signed: + long, - short. */
  quantity(instrument: string, leg: Leg): Decimal {
    return this.of(instrument, leg).position?.quantity ?? zero;
  }

  apply(fill: Fill, instrument: Instrument): Effect {
    const signed = fill.side === 'buy' ? fill.quantity : negate(fill.quantity);
    if (instrument.type === 'spot') return spotEffect(fill, signed, instrument);
    const before = this.of(fill.instrument, fill.leg);
    const held = before.position ?? flat(instrument, fill.leg);
    const { position, realised } = movePosition(held, signed, fill.price);
    const moves = coinMoves([[instrument.settle, realised]], fill);
    const [own] = moves;
    const net = subtract(own!.cashFlow, own!.fee);
    this.#tallies.set(`${fill.instrument}|${fill.leg}`, {
      position,
      realised: isZero(held.quantity) ? net : add(before.realised, net),
      realisedEver: add(before.realisedEver, net),
    });
    const isOpposite = signOf(held.quantity) * signOf(signed) < 0;
    const closed = isOpposite ? minimum(absolute(held.quantity), fill.quantity) : zero;
    return { closed, realised, after: position.quantity, moves };
  }

  /** Money that a position received or paid without a fill. */
  paid(instrument: string, leg: Leg, amount: Decimal): void {
    const before = this.of(instrument, leg);
    this.#tallies.set(`${instrument}|${leg}`, {
      ...before,
      realised: add(before.realised, amount),
      realisedEver: add(before.realisedEver, amount),
    });
  }
}

/** The paper exchange counts spot in units of the base. */
function spotEffect(fill: Fill, signed: Decimal, { base, quote }: Instrument): Effect {
  const money = negate(multiply(signed, fill.price));
  const moves = coinMoves(
    [
      [base, signed],
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
