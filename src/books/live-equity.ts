/**
 * The equity of one account, kept while marks and fills come in: a mark costs what is valued by
 * it, and nothing for all the other positions. The figures are those of `viewOf` at the same
 * instant. After the stream was folded anew as a whole it is made anew.
 */
import { add, type Decimal, multiply, subtract, zero } from '../decimal/decimal.ts';
import type { Mark } from '../model/fact.ts';
import type { Instant } from '../model/instant.ts';
import { invariant } from '../model/result.ts';
import type { AccountFold } from './account-fold.ts';
import { byBytes } from './book-view.ts';
import { DueQueue } from './due-queue.ts';
import { coinOf, type Group } from './group.ts';
import { emptyHolding, type Holding } from './holding.ts';
import {
  coinValue,
  contractValueOf,
  converted,
  hasValue,
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
  /** Contracts that settle in the coin that this is the rate of. */
  profits: Profits | null;
}

/** A coin or a contract's leg. */
interface Part {
  readonly type: 'coin' | 'contract';
  readonly name: string;
  readonly quote: Quote;
  /** Null for coins, and for contracts that settle in the reporting currency. */
  profits: Profits | null;
  holding: Holding;
  /** A contract's in the coin that it settles in. */
  present: PartValue;
}

/** The profits of all contracts that settle in one coin: its mark revalues them in one step. */
interface Profits {
  readonly coin: string;
  readonly rate: Quote;
  sum: Decimal;
  count: number;
  /** What they are counted with: their value, or how many have none for want of a rate. */
  value: Decimal;
  unpriced: number;
}

export class LiveEquity {
  readonly #fold: AccountFold;
  /** Whole milliseconds count: a mark is stale once more of them have passed than are allowed. */
  readonly #markLife: bigint;
  readonly #quotes = new Map<string, Quote>();
  /** By group, then by leg; the coin's is ''. */
  readonly #parts = new Map<string, Map<string, Part>>();
  readonly #due = new DueQueue<Quote>();
  #asOf: Instant;
  /** When an instrument's next version takes over, and everything has to be valued by it. */
  #nextVersionAt: Instant | null;
  #unpricedCount = 0;
  #unknownCount = 0;
  #contracts = zero;
  #coins = zero;
  #coinsUnrealised = zero;
  #unexplained = zero;

  constructor(fold: AccountFold, { asOf, markMaxAgeMs }: LiveEquityOptions) {
    this.#fold = fold;
    this.#markLife = BigInt(Math.floor(markMaxAgeMs) + 1) * 1_000_000n;
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
    return this.#unpricedCount === 0 && this.#unknownCount === 0 ? this.unrealised : null;
  }

  /** In the reporting currency, of known cost only. */
  get unrealised(): Decimal {
    return add(this.#contracts, this.#coinsUnrealised);
  }

  get unexplainedValue(): Decimal {
    return this.#unexplained;
  }

  /** What is left out of `known`, and why. */
  unpriced(): readonly Unpriced[] {
    if (this.#unpricedCount === 0) return [];
    return [...this.#all()]
      .flatMap(({ present, profits }) => {
        if (profits === null) return present.unpriced ?? [];
        return converted(present, profits.coin, pricedOf(profits.rate)).unpriced ?? [];
      })
      .sort((a, b) => byBytes(a.what, b.what));
  }

  /** A mark that is older than the one known of its instrument changes nothing. */
  mark({ instrument, price, time }: NewMark): void {
    const quote = this.#quoteOf(instrument);
    if (quote.staleAt !== null && time < quote.time) return;
    quote.price = price;
    quote.time = time;
    quote.staleAt = time + this.#markLife;
    quote.stale = quote.staleAt <= this.#asOf;
    if (!quote.stale && !quote.isQueued) this.#enqueue(quote, quote.staleAt);
    this.#requote(quote);
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
        this.#requote(quote);
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
    const part: Part = { type, name, quote, profits: null, holding, present: noValue };
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
      profits: null,
    };
    this.#quotes.set(instrument, quote);
    return quote;
  }

  #enqueue(quote: Quote, at: Instant): void {
    quote.isQueued = true;
    this.#due.put(at, quote);
  }

  #requote(quote: Quote): void {
    for (const part of quote.parts) this.#revalue(part);
    if (quote.profits !== null) this.#convert(quote.profits);
  }

  #revalue(part: Part): void {
    const { name, holding, quote } = part;
    if (part.type === 'coin') {
      this.#replaceCoin(part, coinValue(name, holding, pricedOf(quote)));
      return;
    }
    const { context } = this.#fold;
    const instrument = context.instrumentAt(name, this.#asOf);
    const settle = context.nameOf(context.rootOf(instrument.settle));
    const profits = settle === context.settings.currency ? null : this.#profitsIn(settle);
    if (profits !== part.profits) {
      this.#replaceContract(part, noValue);
      part.profits = profits;
    }
    this.#replaceContract(part, contractValueOf(name, holding, instrument, pricedOf(quote)));
  }

  #replaceCoin(part: Part, after: PartValue): void {
    const before = part.present;
    part.present = after;
    const change = subtract(after.unrealised ?? zero, before.unrealised ?? zero);
    this.#coins = add(this.#coins, subtract(after.value, before.value));
    this.#coinsUnrealised = add(this.#coinsUnrealised, change);
    this.#unexplained = add(this.#unexplained, subtract(after.unexplained, before.unexplained));
    this.#unpricedCount += Number(after.unpriced !== null) - Number(before.unpriced !== null);
    this.#unknownCount += Number(after.unrealised === null) - Number(before.unrealised === null);
  }

  #replaceContract(part: Part, after: PartValue): void {
    const before = part.present;
    const { profits } = part;
    part.present = after;
    const change = subtract(after.value, before.value);
    this.#unpricedCount += Number(after.unpriced !== null) - Number(before.unpriced !== null);
    if (profits === null) {
      this.#contracts = add(this.#contracts, change);
      return;
    }
    profits.sum = add(profits.sum, change);
    profits.count += Number(hasValue(after)) - Number(hasValue(before));
    this.#convert(profits);
  }

  #convert(profits: Profits): void {
    const { rate, sum, count } = profits;
    const isPriced = rate.staleAt !== null && !rate.stale;
    const value = isPriced ? multiply(sum, rate.price) : zero;
    const unpriced = isPriced ? 0 : count;
    this.#contracts = add(this.#contracts, subtract(value, profits.value));
    this.#unpricedCount += unpriced - profits.unpriced;
    profits.value = value;
    profits.unpriced = unpriced;
  }

  #profitsIn(coin: string): Profits {
    const rate = this.#quoteOf(this.#pairOf(coin));
    rate.profits ??= { coin, rate, sum: zero, count: 0, value: zero, unpriced: 0 };
    return rate.profits;
  }

  get #value(): Decimal {
    return add(this.#contracts, this.#coins);
  }
}

const pricedOf = (quote: Quote): Quote | null => (quote.staleAt === null ? null : quote);
