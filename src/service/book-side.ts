/**
 * The book as reconciliation is told about it: as of the statement's instant, with every fact
 * that the statement could list.
 */
import type { AccountFold } from '../books/account-fold.ts';
import type { AccountContext } from '../books/context.ts';
import { ratesInForce } from '../books/rates-in-force.ts';
import { refolded } from '../books/refold.ts';
import type { MarkSource } from '../books/valuation.ts';
import { add, zero } from '../decimal/decimal.ts';
import { factOf } from '../journal/codec.ts';
import { type FactKey, keyOf } from '../journal/key.ts';
import type { BookedFact, EntryKind, EntryRow } from '../model/entry.ts';
import { cashKinds, type Fill, isCashFact, type Mark, type OrderReport } from '../model/fact.ts';
import { type Instant, millisecondsBetween } from '../model/instant.ts';
import type { Instrument } from '../model/instrument.ts';
import type { Statement } from '../model/statement.ts';
import type {
  BookedItem,
  BookOrder,
  BookSide,
  Change,
  ListedFact,
  Refold,
} from '../reconcile/book-side.ts';
import type { Account } from '../store/accounts.ts';
import { contextOf } from './account-context.ts';
import { isListed } from './conflicts.ts';
import { heldBy } from './held-amounts.ts';
import { type AmendmentsOf, inForce, isReversed } from './in-force.ts';
import { inferredIn } from './inferred-fills.ts';
import type { BookReader, Books } from './reading.ts';
import { instrumentVersions } from './stream-adapter.ts';

export interface Sides {
  readonly side: BookSide;
  /** Folds the account again as of the same instant, with facts added, removed or replaced. */
  readonly refold: Refold;
}

/** `books`: as they are now. */
export function sidesOf(
  reader: BookReader,
  books: Books,
  statement: Statement,
  markMaxAgeMs: number,
): Sides {
  const builder = new SideBuilder(reader, books, statement, markMaxAgeMs);
  return { side: builder.side(), refold: (change) => builder.refold(change) };
}

class SideBuilder {
  readonly #reader: BookReader;
  readonly #books: Books;
  readonly #account: Account;
  readonly #statement: Statement;
  readonly #markMaxAgeMs: number;
  readonly #instruments = new Map<string, Instrument>();
  #facts: readonly BookedFact[] | null = null;
  #fold: AccountFold | null = null;
  #known: AccountContext | null = null;

  constructor(reader: BookReader, books: Books, statement: Statement, markMaxAgeMs: number) {
    this.#reader = reader;
    this.#books = books;
    this.#account = books.account;
    this.#statement = statement;
    this.#markMaxAgeMs = markMaxAgeMs;
  }

  side(): BookSide {
    const { file } = this.#reader;
    const { account: id, name, venue, currency } = this.#account;
    const { asOf } = this.#statement;
    const fold = this.#foldAt(asOf);
    this.#knowInstruments(fold);
    const { facts, withdrawn } = this.#items();
    const opening = file
      .entriesOfKind(id, 'opening')
      .find((row) => this.#reader.inForce(this.#account, row) !== null);
    return {
      account: name,
      venue,
      currency,
      asOf,
      sequence: file.head(id).sequence,
      ...heldBy({ groups: [...fold.groups()], cash: fold.postings.cash }, fold.context, asOf),
      orders: this.#orders(),
      facts,
      withdrawn,
      history: () => this.#history(),
      ...inferredIn(this.#reader, this.#account),
      openingAt: opening?.effectiveAt ?? null,
      beganAt: file.firstAt(id),
      instruments: this.#instruments,
      decimals: new Map(file.currencies().map((fact) => [fact.currency, fact.decimals])),
      marks: this.#marks(),
    };
  }

  /** What the book knows; where that is nothing, or too old, the statement's own price. */
  #marks(): MarkSource {
    const { asOf, positions } = this.#statement;
    const stated = new Map(
      (positions?.items ?? []).flatMap(({ instrument, markPrice: price }): [string, Mark][] =>
        price === null
          ? []
          : [[instrument, { kind: 'mark', instrument, price, source: 'statement', time: asOf }]],
      ),
    );
    return (instrument) => {
      const known = this.#reader.file.newestMark(instrument, asOf);
      const fresh = known !== null && millisecondsBetween(known.time, asOf) <= this.#markMaxAgeMs;
      return fresh ? known : (stated.get(instrument) ?? known);
    };
  }

  refold({ add: told, remove, replace }: Change): ReturnType<Refold> {
    const { file } = this.#reader;
    const replaced = new Map(replace.map((item) => [item.sequence, item.fact]));
    const context = this.#context();
    const removed = this.#bookedAt([...new Set([...remove, ...replaced.keys()])]);
    const gone = new Set(remove);
    const changed = removed.flatMap((booked): BookedFact[] => {
      const fact = replaced.get(booked.sequence);
      return fact === undefined || gone.has(booked.sequence) ? [] : [{ ...booked, fact }];
    });
    // What is added has no sequence yet; any that is free serves the fold.
    let sequence = file.head(this.#account.account).sequence;
    const added = told.map((fact): BookedFact => {
      sequence += 1;
      const markAt = (instrument: string, at: Instant) => file.newestMark(instrument, at);
      return { sequence, fact, rates: ratesInForce(fact, context, markAt, this.#markMaxAgeMs) };
    });
    const { asOf } = this.#statement;
    const changes = { removed, added: [...changed, ...added] };
    return heldBy(refolded(this.#foldAt(asOf), changes, context, asOf), context, asOf);
  }

  /** Those of them that are in force. */
  #bookedAt(sequences: readonly number[]): readonly BookedFact[] {
    const rows = this.#reader.file.entriesAt(this.#account.account, sequences);
    return rows.flatMap((row) => this.#reader.inForce(this.#account, row) ?? []);
  }

  /** The live books when nothing in them is younger than the statement, else folded back. */
  #foldAt(asOf: Instant): AccountFold {
    this.#fold ??= this.#folded(asOf);
    return this.#fold;
  }

  #folded(asOf: Instant): AccountFold {
    const { fold } = this.#books;
    for (const group of fold.groups()) {
      if (group.last !== null && group.last.time > asOf) {
        return this.#reader.foldBack(this.#account, asOf, null);
      }
    }
    return fold;
  }

  *#history(): Generator<BookedItem> {
    for (const { sequence, fact } of this.#factsAsOf()) {
      if (isListed(fact)) yield { sequence, fact };
    }
  }

  #factsAsOf(): readonly BookedFact[] {
    this.#facts ??= [...this.#reader.factsInForce(this.#account)];
    return this.#facts;
  }

  /** The account's context, with instruments that only the statement names. */
  #context(): AccountContext {
    if (this.#known !== null) return this.#known;
    const context = contextOf(this.#reader.file, this.#account);
    for (const [name, instrument] of this.#instruments) {
      if (!context.knows(name)) context.addInstrument(instrument);
    }
    this.#known = context;
    return context;
  }

  /** Those of the book, and those that the statement names and a registry or name can tell. */
  #knowInstruments(fold: AccountFold): void {
    for (const instrument of fold.context.instruments()) {
      this.#instruments.set(instrument.name, instrument);
    }
    for (const name of namesIn(this.#statement)) {
      if (this.#instruments.has(name)) continue;
      const versions = instrumentVersions(this.#reader.file, this.#account.venue, name);
      const newest = versions.at(-1);
      if (newest !== undefined) this.#instruments.set(name, newest);
    }
  }

  /** Facts in the statement's ranges or listed by it: in force, or known and not in force. */
  #items(): { readonly facts: BookedItem[]; readonly withdrawn: BookedItem[] } {
    const { executions, cashFlows } = this.#statement;
    const rows = new Map<number, EntryRow>();
    const fills = new Map<string, EntryRow>();
    for (const row of this.#rowsInRanges()) {
      rows.set(row.sequence, row);
      if (row.kind === 'fill') fills.set(fillKey(row), row);
    }
    const listed = new Set<number>();
    for (const fact of [...(executions?.items ?? []), ...(cashFlows?.items ?? [])]) {
      const known = fact.kind === 'fill' ? fills.get(fillKey(keyOf(fact))) : undefined;
      for (const row of known === undefined ? this.#rowsOf(fact) : [known]) {
        rows.set(row.sequence, row);
        listed.add(row.sequence);
      }
    }
    const facts: BookedItem[] = [];
    const withdrawn: BookedItem[] = [];
    const amendmentsOf = this.#amendments();
    for (const row of [...rows.values()].sort((a, b) => a.sequence - b.sequence)) {
      const { sequence } = row;
      const booked = inForce(row, this.#account.name, amendmentsOf);
      const fact = booked?.fact ?? factOf(row, this.#account.name);
      if (!isListed(fact)) continue;
      const item = { sequence, fact, ...changedAt(amendmentsOf(sequence)) };
      if (booked !== null) facts.push(item);
      // What we took back ourselves is as if never booked, where the statement lists it.
      else if (!listed.has(sequence) || isBusted(sequence, amendmentsOf)) withdrawn.push(item);
    }
    return { facts, withdrawn };
  }

  #amendments(): AmendmentsOf {
    const { file } = this.#reader;
    const id = this.#account.account;
    const amended = file.amendedTargets(id);
    return (sequence) => (amended.has(sequence) ? file.amendmentsOf(id, sequence) : []);
  }

  /** A cash flow is also known by its id alone: one of the two may not name its instrument. */
  #rowsOf(fact: ListedFact): readonly EntryRow[] {
    const { file } = this.#reader;
    const id = this.#account.account;
    if (fact.kind !== 'fill') return file.entriesWithId(id, fact.kind, keyOf(fact).id);
    const row = file.find(id, keyOf(fact));
    return row === null ? [] : [row];
  }

  *#rowsInRanges(): Generator<EntryRow> {
    const { file } = this.#reader;
    const id = this.#account.account;
    // Both lists are mostly of one range, and each look goes through all entries.
    const found = new Map<string, readonly EntryRow[]>();
    const between = (from: Instant, to: Instant): readonly EntryRow[] => {
      const range = `${from} ${to}`;
      const rows = found.get(range) ?? file.entriesBetween(id, from, to, listedKinds);
      found.set(range, rows);
      return rows;
    };
    for (const [section, belongs] of [
      [this.#statement.executions, (kind: string) => kind === 'fill'],
      [this.#statement.cashFlows, (kind: string) => isCashFact({ kind })],
    ] as const) {
      if (section === null || section.from === null || section.to === null) continue;
      for (const row of between(section.from, section.to)) {
        if (belongs(row.kind)) yield row;
        if (row.kind !== 'fill-completed') continue;
        // What completed a fact may have moved its time into the range.
        for (const told of file.entriesAt(id, [row.causedBy!])) if (belongs(told.kind)) yield told;
      }
    }
  }

  #orders(): BookOrder[] {
    const { file } = this.#reader;
    const id = this.#account.account;
    const listed = this.#statement.orders?.items.map((order) => order.orderId) ?? [];
    const rows = new Map(
      [
        ...(['new', 'open', 'unknown'] as const).flatMap((status) => file.orders(id, { status })),
        ...listed.flatMap((orderId) => file.ordersWithId(id, orderId)),
      ].map((row) => [`${row.orderId}\n${row.instrument}`, row]),
    );
    if (rows.size === 0) return [];
    const filled = this.#filledByOrder(new Set([...rows.values()].map(({ orderId }) => orderId)));
    return [...rows.values()].flatMap((row) => {
      const [entry] = file.entriesAt(id, [row.sequence]);
      const report = factOf(entry!, this.#account.name) as OrderReport;
      return [{ report, filled: filled.get(`${row.orderId}\n${row.instrument}`) ?? zero }];
    });
  }

  #filledByOrder(orderIds: ReadonlySet<string>) {
    const filled = new Map<string, Fill['quantity']>();
    const { file } = this.#reader;
    const amendmentsOf = this.#amendments();
    for (const row of file.fillsOfOrders(this.#account.account, orderIds)) {
      const fact = inForce(row, this.#account.name, amendmentsOf)?.fact;
      if (fact?.kind !== 'fill' || fact.orderId === null) continue;
      if (fact.time > this.#statement.asOf) continue;
      const key = `${fact.orderId}\n${fact.instrument}`;
      filled.set(key, add(filled.get(key) ?? zero, fact.quantity));
    }
    return filled;
  }
}

/** Of what a statement lists, and of what may have moved its time. */
const listedKinds: readonly EntryKind[] = ['fill', ...cashKinds, 'fill-completed'];

const changedAt = (rows: readonly EntryRow[]): Pick<BookedItem, 'changedAt'> =>
  rows.length === 0
    ? {}
    : {
        changedAt: rows.reduce(
          (last, row) => (row.effectiveAt > last ? row.effectiveAt : last),
          0n,
        ),
      };

/** What tells the fills of an account apart. */
const fillKey = ({ id, instrument, side, leg }: FactKey | EntryRow): string =>
  `${side} ${leg} ${instrument}\n${id}`;

/** The venue took it back. */
const isBusted = (sequence: number, amendmentsOf: AmendmentsOf): boolean =>
  amendmentsOf(sequence).some(
    (row) =>
      row.kind === 'bust' && !isReversed(row.sequence, amendmentsOf, Number.MAX_SAFE_INTEGER),
  );

function namesIn(statement: Statement): ReadonlySet<string> {
  const names = new Set<string>();
  for (const item of statement.positions?.items ?? []) names.add(item.instrument);
  for (const item of statement.orders?.items ?? []) names.add(item.instrument);
  for (const item of statement.executions?.items ?? []) names.add(item.instrument);
  for (const item of statement.cashFlows?.items ?? []) {
    if (item.instrument !== null) names.add(item.instrument);
  }
  return names;
}
