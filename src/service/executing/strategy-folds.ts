/**
 * Who holds what, by our book: the account's facts folded once for each strategy, from the label
 * that its fills were booked with. What no strategy ordered (a liquidation, deleveraging) reduces
 * those that hold that side, in proportion; all else without a label is nobody's. The folds are
 * parts of the account's: their quantities add up to it.
 */
import { AccountFold } from '../../books/account-fold.ts';
import { type BookView, viewOf } from '../../books/book-view.ts';
import { AccountContext } from '../../books/context.ts';
import { memoryPages } from '../../books/pages.ts';
import {
  absolute,
  add,
  compare,
  type Decimal,
  isNegative,
  isZero,
  minimum,
  shareHalfEven,
  subtract,
  zero,
} from '../../decimal/decimal.ts';
import { factOf } from '../../journal/codec.ts';
import type { BookedFact, EntryRow } from '../../model/entry.ts';
import type { Fill, Side } from '../../model/fact.ts';
import type { Instant } from '../../model/instant.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { Account } from '../../store/accounts.ts';
import type { Held } from '../../strategies/strategy.ts';
import { settingsOf } from '../account-writer.ts';
import { movesBooks } from '../in-force.ts';
import type { BookReader } from '../reading.ts';

const nobody = '';
const flat: Held = { quantity: zero, averagePrice: null };

/** Entries after which facts that were read before may say something else. */
const amending: ReadonlySet<string> = new Set(['bust', 'correction', 'reversal', 'fill-completed']);

interface Part {
  readonly fold: AccountFold;
  readonly facts: Map<number, BookedFact>;
  fills: number;
}

export class StrategyFolds {
  readonly #reader: BookReader;
  readonly #account: Account;
  readonly #names: readonly string[];
  #context: AccountContext;
  #parts = new Map<string, Part>();
  /** The last entry that was read. */
  #sequence = 0;

  constructor(reader: BookReader, account: Account, names: readonly string[]) {
    this.#reader = reader;
    this.#account = account;
    this.#names = names;
    this.#context = this.#empty();
  }

  /** Reads what was booked since; from the beginning where something was taken back. */
  read(): void {
    const { file } = this.#reader;
    const rows = [...file.entries(this.#account.account, this.#sequence)];
    if (rows.length === 0) return;
    if (rows.some(({ kind }) => amending.has(kind))) this.#readAll();
    else for (const row of rows) this.#take(row);
    for (const { fold } of this.#parts.values()) fold.settle();
    this.#sequence = rows.at(-1)!.sequence;
  }

  held(strategy: string, instrument: Instrument): Held {
    return this.#held(this.#parts.get(strategy)!, instrument);
  }

  /** The sum over all strategies, and what is nobody's. */
  heldByAll(instrument: Instrument): Decimal {
    return [...this.#parts.values()].reduce(
      (sum, part) => add(sum, this.#held(part, instrument).quantity),
      zero,
    );
  }

  /** The same by side: what they hold against each other does not cancel out. */
  gross(instrument: Instrument): Readonly<Record<Side, Decimal>> {
    const gross = { buy: zero, sell: zero };
    for (const part of this.#parts.values()) {
      const { quantity } = this.#held(part, instrument);
      const side = isNegative(quantity) ? 'sell' : 'buy';
      gross[side] = add(gross[side], absolute(quantity));
    }
    return gross;
  }

  fills = (strategy: string): number => this.#parts.get(strategy)!.fills;

  /** The strategy's own result: as if its fills were an account's. */
  view(strategy: string, options: Parameters<typeof viewOf>[1]): BookView {
    return viewOf(this.#parts.get(strategy)!.fold, options);
  }

  #readAll(): void {
    this.#context = this.#empty();
    const { file } = this.#reader;
    for (const row of file.entriesOfKind(this.#account.account, 'instrument')) this.#take(row);
    for (const booked of this.#reader.factsInForce(this.#account)) this.#add(booked);
  }

  #empty(): AccountContext {
    const context = new AccountContext(settingsOf(this.#account));
    this.#parts = new Map(
      [...this.#names, nobody].map((name) => [name, emptyPart(context)] as const),
    );
    return context;
  }

  #take(row: EntryRow): void {
    const { name } = this.#account;
    if (row.kind === 'instrument') {
      const fact = factOf(row, name);
      if (fact.kind === 'instrument') this.#context.addInstrument(fact.instrument);
    } else if (movesBooks(row)) {
      const booked = this.#reader.inForce(this.#account, row);
      if (booked !== null) this.#add(booked);
    }
  }

  #add(booked: BookedFact): void {
    const { fact } = booked;
    if (fact.kind !== 'fill') this.#give(nobody, booked);
    else if (fact.strategy !== null && this.#names.includes(fact.strategy)) {
      this.#give(fact.strategy, booked);
      this.#parts.get(fact.strategy)!.fills += 1;
    } else
      for (const [name, part] of this.#shared(fact)) this.#give(name, { ...booked, fact: part });
  }

  #give(name: string, booked: BookedFact): void {
    const { fold, facts } = this.#parts.get(name)!;
    facts.set(booked.sequence, booked);
    fold.add(booked);
  }

  /** A fill that nobody ordered, in parts that add up to it. */
  *#shared(fill: Fill): Generator<readonly [string, Fill]> {
    const instrument = this.#context.instrumentAt(fill.instrument, fill.time);
    for (const { fold } of this.#parts.values()) fold.settle();
    const holders = this.#names.flatMap((name) => {
      const { quantity } = this.held(name, instrument);
      const reduced = !isZero(quantity) && isNegative(quantity) === (fill.side === 'buy');
      return reduced ? [{ name, size: absolute(quantity) }] : [];
    });
    const all = holders.reduce((sum, { size }) => add(sum, size), zero);
    const taken = minimum(fill.quantity, all);
    let [left, weight] = [taken, all];
    for (const { name, size } of holders) {
      // The last one's share is all that is left, whatever the others' were rounded to.
      const share = shareHalfEven(left, size, weight, taken.scale);
      left = subtract(left, share);
      weight = subtract(weight, size);
      if (!isZero(share)) yield [name, { ...fill, quantity: share, fees: [] }];
    }
    const rest = subtract(fill.quantity, taken);
    // Its fee was nobody's order.
    if (compare(rest, zero) > 0) yield [nobody, { ...fill, quantity: rest }];
  }

  #held({ fold }: Part, instrument: Instrument): Held {
    const options = { asOf: endOfTime, marks: () => null, markMaxAgeMs: 0 };
    const position = viewOf(fold, options).positions.find(({ asset, instrument: name, leg }) =>
      instrument.type === 'spot'
        ? asset === instrument.base
        : asset === null && name === instrument.name && leg === 'net',
    );
    if (position === undefined) return flat;
    const { quantity, averagePrice } = position;
    return { quantity, averagePrice: isZero(quantity) ? null : averagePrice };
  }
}

const endOfTime: Instant = 2n ** 63n - 1n;

function emptyPart(context: AccountContext): Part {
  const facts = new Map<number, BookedFact>();
  const fold = new AccountFold(context, memoryPages(), (sequences) =>
    sequences.flatMap((sequence) => facts.get(sequence) ?? []),
  );
  return { fold, facts, fills: 0 };
}
