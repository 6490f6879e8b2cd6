/**
 * Our book as the executor decides by it: read again after everything that was booked, and kept
 * valued at the newest prices. What it holds and is worth is never computed from orders.
 */
import { LiveEquity } from '../../books/live-equity.ts';
import { add, type Decimal, zero } from '../../decimal/decimal.ts';
import type { Mark } from '../../model/fact.ts';
import type { Instant } from '../../model/instant.ts';
import type { Instrument } from '../../model/instrument.ts';
import { invariant } from '../../model/result.ts';
import type { Account } from '../../store/accounts.ts';
import type { Held } from '../../strategies/strategy.ts';
import type { BookReader, Books } from '../reading.ts';
import { StrategyFolds } from './strategy-folds.ts';

export class BookWatch {
  readonly account: Account;
  readonly folds: StrategyFolds;
  readonly #reader: BookReader;
  readonly #markMaxAgeMs: number;
  readonly #marks = new Map<string, Mark>();
  #sequence = -1;
  #books: Books;
  #live: LiveEquity;

  constructor(
    reader: BookReader,
    accountName: string,
    strategies: readonly string[],
    markMaxAgeMs: number,
    asOf: Instant,
  ) {
    const account = reader.file.accountNamed(accountName);
    invariant(account !== null, `the book has the account ${accountName}`);
    this.account = account;
    this.#reader = reader;
    this.#markMaxAgeMs = markMaxAgeMs;
    this.folds = new StrategyFolds(reader, account, strategies);
    this.#books = reader.file.read(() => reader.booksNow(account, markMaxAgeMs));
    this.#live = new LiveEquity(this.#books.fold, { asOf, markMaxAgeMs });
    this.read(asOf);
  }

  /** After something was booked. */
  read(asOf: Instant): void {
    const { file } = this.#reader;
    const { sequence } = file.head(this.account.account);
    if (sequence === this.#sequence) return;
    this.#sequence = sequence;
    const markMaxAgeMs = this.#markMaxAgeMs;
    this.#books = file.read(() => this.#reader.booksNow(this.account, markMaxAgeMs));
    this.folds.read();
    this.#live = new LiveEquity(this.#books.fold, { asOf, markMaxAgeMs });
    for (const mark of this.#marks.values()) this.#live.mark(mark);
  }

  /** A new price; the equity after it. Null: a part has none. */
  mark(mark: Mark): Decimal | null {
    this.#marks.set(mark.instrument, mark);
    this.#live.mark(mark);
    this.#live.advance(mark.time);
    return this.equity;
  }

  get equity(): Decimal | null {
    return this.#live.total;
  }

  newestMarks(): readonly Mark[] {
    return [...this.#marks.values()];
  }

  held(strategy: string, instrument: Instrument): Held {
    return this.folds.held(strategy, instrument);
  }

  /** What the account holds, signed. */
  net(instrument: Instrument): Decimal {
    let net = zero;
    for (const { key, state } of this.#books.fold.groups()) {
      if (instrument.type === 'spot') {
        if (key === `coin:${instrument.base}`) net = add(net, state.coin!.holding.quantity);
        continue;
      }
      for (const leg of state.legs.values()) {
        if (leg.instrument === instrument.name) net = add(net, leg.holding.quantity);
      }
    }
    return net;
  }
}
