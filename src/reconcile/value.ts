/** What a difference is worth in the reporting currency, at marks that are still fresh. */
import { markOf } from '../books/valuation.ts';
import {
  absolute,
  add,
  type Decimal,
  divideHalfEven,
  isZero,
  multiply,
  one,
  roundingScale,
  subtract,
  zero,
} from '../decimal/decimal.ts';
import type { Fee } from '../model/fact.ts';
import type { Instrument } from '../model/instrument.ts';
import type { BookSide, ListedFact } from './book-side.ts';
import type { LineValue } from './judge.ts';
import { instrumentOf } from './scope.ts';

/** What one of the two says is held of a contract. */
export interface Held {
  readonly quantity: Decimal;
  readonly averagePrice: Decimal | null;
}

export class Valuer {
  readonly #book: BookSide;
  readonly #markMaxAgeMs: number;

  constructor(book: BookSide, markMaxAgeMs: number) {
    this.#book = book;
    this.#markMaxAgeMs = markMaxAgeMs;
  }

  balance(currency: string, difference: Decimal): LineValue {
    const rate = this.#rate(currency);
    if (rate === null) return { gross: null, net: null };
    const net = multiply(difference, rate);
    return { gross: absolute(net), net };
  }

  /**
   * Gross: the notional that differs. Net: the difference in unrealised PnL, for a contract is
   * worth to equity no more than what it has gained; null while an entry price is not known.
   */
  position(name: string, ours: Held, theirs: Held): LineValue {
    const instrument = instrumentOf(this.#book, name);
    const price = this.#price(name);
    const rate = instrument === null ? null : this.#rate(instrument.settle);
    if (instrument === null || price === null || rate === null) return { gross: null, net: null };
    const difference = subtract(theirs.quantity, ours.quantity);
    const before = unrealised(instrument, ours, price);
    const after = unrealised(instrument, theirs, price);
    return {
      gross: absolute(multiply(notional(instrument, difference, price), rate)),
      net: before === null || after === null ? null : multiply(subtract(after, before), rate),
    };
  }

  /**
   * What changed hands by a fact, never negative: of a fill at its own price, and its fees that are
   * known; of a cash flow its amount and fee. Null: something of it has no price.
   */
  fact(fact: ListedFact): Decimal | null {
    if (fact.kind !== 'fill') return this.#sums([fact, ...(fact.fee === null ? [] : [fact.fee])]);
    const instrument = instrumentOf(this.#book, fact.instrument);
    if (instrument === null || (instrument.type === 'inverse' && isZero(fact.price))) return null;
    const amount = notional(instrument, fact.quantity, fact.price);
    return this.#sums([{ currency: instrument.settle, amount }, ...(fact.fees ?? [])]);
  }

  #sums(amounts: readonly Fee[]): Decimal | null {
    const moved = amounts.filter(({ amount }) => !isZero(amount));
    return sumOfValues(moved.map(({ currency, amount }) => this.balance(currency, amount))).gross;
  }

  #price(name: string): Decimal | null {
    const options = {
      asOf: this.#book.asOf,
      marks: this.#book.marks,
      markMaxAgeMs: this.#markMaxAgeMs,
    };
    const mark = markOf(name, options);
    return mark === null || mark.stale ? null : mark.price;
  }

  #rate(currency: string): Decimal | null {
    const reporting = this.#book.currency;
    return currency === reporting ? one : this.#price(`${currency}/${reporting}`);
  }
}

/** In the settlement currency. */
function notional(instrument: Instrument, quantity: Decimal, price: Decimal): Decimal {
  const units = multiply(quantity, instrument.multiplier);
  return instrument.type === 'inverse'
    ? divideHalfEven(units, price, roundingScale)
    : multiply(units, price);
}

function unrealised(instrument: Instrument, held: Held, price: Decimal): Decimal | null {
  if (isZero(held.quantity)) return zero;
  if (held.averagePrice === null || isZero(held.averagePrice)) return null;
  const entry = notional(instrument, held.quantity, held.averagePrice);
  const now = notional(instrument, held.quantity, price);
  return instrument.type === 'inverse' ? subtract(entry, now) : subtract(now, entry);
}

/** The sum of both columns; null as soon as one part is. A line without a value adds nothing. */
export function sumOfValues(values: Iterable<LineValue | null>): LineValue {
  let gross: Decimal | null = zero;
  let net: Decimal | null = zero;
  for (const value of values) {
    if (value === null) continue;
    gross = gross === null || value.gross === null ? null : add(gross, value.gross);
    net = net === null || value.net === null ? null : add(net, value.net);
  }
  return { gross, net };
}
