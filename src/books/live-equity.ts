/**
 * The equity of one account, kept while marks and fills come in: a mark costs what is valued by
 * it, and nothing for all the other positions. The figures are those of `viewOf` at the same
 * instant. After the stream was folded anew as a whole it is made anew.
 */
import { add, type Decimal, subtract, zero } from '../decimal/decimal.ts';
import type { Mark } from '../model/fact.ts';
import { addMilliseconds, type Instant } from '../model/instant.ts';
import { invariant } from '../model/result.ts';
import type { AccountFold } from './account-fold.ts';
import { byBytes } from './book-view.ts';
import { DueQueue } from './due-queue.ts';
import { coinOf, type Group } from './group.ts';
import { emptyHolding, type Holding } from './holding.ts';
import {
  coinValue,
  contractValueOf,
  noValue,
  type PartValue,
  type Unpriced,
} from './part-value.ts';

export type NewMark = Pick<Mark, 'instrument' | 'price' | 'time'>;

export interface LiveEquityOptions {
  readonly asOf: Instant;
  readonly markMaxAgeMs: number;
}

/** The newest mark of an instrument, and what is valued by it. */
interface Quote {
  price: Decimal;
  time: Instant;
  stale: boolean;
  /** The first instant at which it is stale; null before the first mark. */
  staleAt: Instant | null;
  isQueued: boolean;
  readonly parts: Part[];
}

/** A coin or a contract's leg. */
interface Part {
  readonly type: 'coin' | 'contract';
  readonly name: string;
  readonly quote: Quote;
  /** Of the coin that a contract settles in; null while it settles in the reporting currency. */
  settleQuote: Quote | null;
  holding: Holding;
  present: PartValue;
}

export class LiveEquity {
  readonly #fold: AccountFold;
  readonly #markMaxAgeMs: number;
  readonly #quotes = new Map<string, Quote>();
  /** By group, then by leg; the coin's is ''. */
  readonly #parts = new Map<string, Map<string, Part>>();
  readonly #due = new DueQueue<Quote>();
  #asOf: Instant;
  /** When an instrument's next version takes over, and everything has to be valued by it. */
  #nextVersionAt: Instant | null;
  #unpricedCount = 0;
  #unknownCount = 0;
  #value = zero;
  #unrealised = zero;
  #unexplained = zero;

  constructor(fold: AccountFold, { asOf, markMaxAgeMs }: LiveEquityOptions) {
    this.#fold = fold;
    this.#markMaxAgeMs = markMaxAgeMs;
    this.#asOf = asOf;
    this.#nextVersionAt = fold.context.nextVersionAt(asOf);
    this.moved(fold.groups());
  }

  /** Null while a part is unpriced; `known` is the sum of the others. */
  get total(): Decimal | null {
    return this.#unpricedCount === 0 ? this.known : null;
  }

  get known(): Decimal {
    return add(this.#fold.postings.cash, this.#value);
  }

  get positionsValue(): Decimal | null {
    return this.#unpricedCount === 0 ? this.#value : null;
  }

  /** Null while a part is unpriced or of unknown cost. */
  get unrealisedPnl(): Decimal | null {
    return this.#unpricedCount === 0 && this.#unknownCount === 0 ? this.#unrealised : null;
  }

  /** In the reporting currency, of known cost only. */
  get unrealised(): Decimal {
    return this.#unrealised;
  }

  get unexplainedValue(): Decimal {
    return this.#unexplained;
  }

  /** What is left out of `known`, and why. */
  unpriced(): readonly Unpriced[] {
    if (this.#unpricedCount === 0) return [];
    return [...this.#all()]
      .flatMap((part) => part.present.unpriced ?? [])
      .sort((a, b) => byBytes(a.what, b.what));
  }

  /** A mark that is older than the one known of its instrument changes nothing. */
  mark({ instrument, price, time }: NewMark): void {
    const quote = this.#quoteOf(instrument);
    if (quote.staleAt !== null && time < quote.time) return;
    quote.price = price;
    quote.time = time;
    // Whole milliseconds count: it is stale once more of them have passed than are allowed.
    quote.staleAt = addMilliseconds(time, Math.floor(this.#markMaxAgeMs) + 1);
    quote.stale = quote.staleAt <= this.#asOf;
    if (!quote.stale && !quote.isQueued) this.#enqueue(quote, quote.staleAt);
    for (const part of quote.parts) this.#revalue(part);
  }

  /** Time goes on: marks become stale. It never goes back. */
  advance(asOf: Instant): void {
    invariant(asOf >= this.#asOf, 'live equity never goes back in time');
    this.#asOf = asOf;
    for (let quote = this.#due.take(asOf); quote !== null; quote = this.#due.take(asOf)) {
      quote.isQueued = false;
      // A quote waits for one of its marks only, so that each mark costs nothing here.
      if (quote.staleAt! > asOf) this.#enqueue(quote, quote.staleAt!);
      else {
        quote.stale = true;
        for (const part of quote.parts) this.#revalue(part);
      }
    }
    if (this.#nextVersionAt === null || asOf < this.#nextVersionAt) return;
    this.#nextVersionAt = this.#fold.context.nextVersionAt(asOf);
    for (const part of this.#all()) this.#revalue(part);
  }

  /** Groups that the fold has just settled. */
  moved(groups: Iterable<Group>): void {
    for (const group of groups) {
      const parts = this.#partsOf(group);
      for (const [key, part] of parts) {
        const holding = key === '' ? group.state.coin?.holding : group.state.legs.get(key)?.holding;
        part.holding = holding ?? emptyHolding('average');
        this.#revalue(part);
      }
    }
  }

  *#all(): Generator<Part> {
    for (const parts of this.#parts.values()) yield* parts.values();
  }

  /** The group's parts, with those that it has got since. */
  #partsOf(group: Group): ReadonlyMap<string, Part> {
    const { context } = this.#fold;
    const parts = this.#parts.get(group.key) ?? new Map<string, Part>();
    this.#parts.set(group.key, parts);
    const { coin, legs } = group.state;
    if (coin !== null && !parts.has('')) {
      const name = context.nameOf(coinOf(group.key)!);
      parts.set('', this.#newPart('coin', name, this.#pairOf(name), coin.holding));
    }
    for (const [key, leg] of legs) {
      if (parts.has(key)) continue;
      const name = context.nameOf(leg.instrument);
      parts.set(key, this.#newPart('contract', name, name, leg.holding));
    }
    return parts;
  }

  #newPart(type: Part['type'], name: string, valuedBy: string, holding: Holding): Part {
    const quote = this.#quoteOf(valuedBy);
    const part: Part = { type, name, quote, settleQuote: null, holding, present: noValue };
    quote.parts.push(part);
    return part;
  }

  #pairOf(coin: string): string {
    return `${coin}/${this.#fold.context.settings.currency}`;
  }

  #quoteOf(instrument: string): Quote {
    const known = this.#quotes.get(instrument);
    if (known !== undefined) return known;
    const quote: Quote = {
      price: zero,
      time: 0n,
      stale: false,
      staleAt: null,
      isQueued: false,
      parts: [],
    };
    this.#quotes.set(instrument, quote);
    return quote;
  }

  #enqueue(quote: Quote, at: Instant): void {
    quote.isQueued = true;
    this.#due.put(at, quote);
  }

  #revalue(part: Part): void {
    const before = part.present;
    const after = this.#valueOf(part);
    if (before === after) return;
    part.present = after;
    this.#value = add(this.#value, subtract(after.value, before.value));
    this.#unrealised = add(
      this.#unrealised,
      subtract(after.unrealised ?? zero, before.unrealised ?? zero),
    );
    this.#unexplained = add(this.#unexplained, subtract(after.unexplained, before.unexplained));
    this.#unpricedCount += Number(after.unpriced !== null) - Number(before.unpriced !== null);
    this.#unknownCount += Number(after.unrealised === null) - Number(before.unrealised === null);
  }

  #valueOf(part: Part): PartValue {
    const { type, name, holding, quote } = part;
    if (type === 'coin') return coinValue(name, holding, pricedOf(quote));
    const { context } = this.#fold;
    const instrument = context.instrumentAt(name, this.#asOf);
    const rate =
      instrument.settle === context.settings.currency
        ? null
        : () => this.#rateOf(part, instrument.settle);
    return contractValueOf(name, holding, instrument, pricedOf(quote), rate);
  }

  /** From then on a mark of the settlement coin revalues the part, too. */
  #rateOf(part: Part, settle: string): Quote | null {
    const quote = this.#quoteOf(this.#pairOf(settle));
    if (part.settleQuote !== quote) {
      part.settleQuote = quote;
      quote.parts.push(part);
    }
    return pricedOf(quote);
  }
}

const pricedOf = (quote: Quote): Quote | null => (quote.staleAt === null ? null : quote);
