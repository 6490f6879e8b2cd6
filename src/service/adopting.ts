/**
 * A bot's history into our book: its opening, its orders as provisional fills, its prices and
 * performance records. Done again, what is booked is recognised and later orders are added. What
 * the source's own figures do not confirm is said, and nothing is made up to hide it.
 */
import { equals, isPositive } from '../decimal/decimal.ts';
import { toText } from '../decimal/text.ts';
import type { Fact, Mark } from '../model/fact.ts';
import { instantText } from '../model/instant.ts';
import { manualVenue } from '../model/parse-reference.ts';
import type { AdoptCounts, AdoptedAccount, Adoption } from '../report/adopt-document.ts';
import type { Source } from '../sources/source.ts';
import {
  batchesOf,
  bookable,
  type Ground,
  instrumentsOf,
  ordersOf,
  type Writing,
} from './adopting-ground.ts';
import {
  type AdoptedOpening,
  bookedOpening,
  containedUpTo,
  factOfOpening,
  openingAfter,
  openingAhead,
  type StatedOpening,
} from './adopting-opening.ts';
import { type CompleteOrder, executionIdOf, fillOfOrder, OrderTally } from './adopting-orders.ts';
import { comparedWith, feesAreNone, notProved } from './adopting-proof.ts';
import type { BookWriter, PlanEntry } from './book.ts';
import type { Outcome } from './outcome.ts';
import { draftOfStatedRecord } from './performance-record.ts';
import type { BookReader } from './reading.ts';
import { SourceRefused } from './source/refused.ts';
import { refuseOther, SourceBook, type SourceBookOptions } from './source/source-book.ts';

export interface AdoptOptions extends SourceBookOptions {
  readonly opening: StatedOpening | null;
  /** Says what would be booked, and writes nothing. */
  readonly dryRun: boolean;
  /** Orders read so far; each is read twice. */
  readonly onProgress?: (orders: number) => void;
}

export async function adopt(source: Source, options: AdoptOptions): Promise<Adoption> {
  const snapshot = await source.snapshot();
  const book = new SourceBook(options);
  const names = await book.names(snapshot);
  if (options.opening !== null && names.size > 1) throw oneOpening(names.size);
  let read = 0;
  const progress = () => {
    read += 1;
    options.onProgress?.(read);
  };
  const accounts: AdoptedAccount[] = [];
  for (const from of snapshot.accounts.filter(({ id }) => names.has(id))) {
    const name = names.get(from.id)!;
    const known = await book.read((reader) => knownOf(reader, name, source));
    const currency = (await book.read(({ file }) => book.currencyOf(file, name))) ?? null;
    const ground: Ground = {
      ...{ source, snapshot, from, name, progress },
      currency: currency ?? book.currencyOf(null, name),
      venue: known?.venue ?? manualVenue,
      booked: known?.opening ?? null,
      made: known === null || known.isNew,
    };
    accounts.push(await adoptAccount(ground, book, options));
  }
  const { dryRun, path } = options;
  return { identity: snapshot.identity, zone: snapshot.zone, book: path, dryRun, accounts };
}

function knownOf(reader: BookReader, name: string, { identity }: Source) {
  const account = reader.file.accountNamed(name);
  if (account === null) return { isNew: true, venue: manualVenue, opening: null };
  refuseOther(reader.file, account, identity);
  return { isNew: false, venue: account.venue, opening: bookedOpening(reader, account) };
}

async function adoptAccount(
  ground: Ground,
  book: SourceBook,
  { opening: stated, dryRun, clock, markMaxAgeMs }: AdoptOptions,
): Promise<AdoptedAccount> {
  const { from, booked, name, currency } = ground;
  if (stated !== null && booked !== null) refuseOtherOpening(stated, booked, name);
  const ahead = openingAhead(booked, stated, from);
  const tally = await tallied(ground, ahead);
  const opening = openingAfter(ahead, tally, from, clock.now());
  if (opening.from === 'none') throw noOpening(from.id);
  const { symbols, instruments } = instrumentsOf(ground, tally);
  const feesNone = feesAreNone(opening, tally, ground.snapshot.identity.engine, from);
  const writing: Writing = { ground, tally, opening, symbols, instruments, feesNone };
  const counts = dryRun
    ? await rehearsed(writing, book)
    : await book.write(true, (writer) => written(writing, writer, book));
  const view = dryRun
    ? null
    : await book.read((reader) => {
        const account = reader.file.accountNamed(name)!;
        return reader.look(account, { asOf: null, knownAt: null, markMaxAgeMs }).view;
      });
  const compared = comparedWith(view, writing);
  return {
    ...{ account: name, sourceAccount: from.id, currency, made: ground.made },
    opening,
    orders: {
      ...{ read: tally.read, contained: tally.contained },
      left: tally.read - tally.complete - tally.contained,
      ...{ firstAt: tally.firstAt, newestAt: tally.newestAt },
    },
    ...counts,
    fees: feesNone ? 'none' : 'unknown',
    ...compared,
    notProved: notProved(writing, compared),
  };
}

async function tallied(ground: Ground, ahead: AdoptedOpening | null): Promise<OrderTally> {
  const amount = ahead?.amount ?? ground.from.cash;
  const tally = new OrderTally({ amount, at: containedUpTo(ahead) });
  const isBookable = bookable(ground);
  for await (const { order, unattributed } of ordersOf(ground)) {
    if (unattributed) tally.leave('no account', order.id);
    else if (!isBookable(order.symbol)) tally.leave('the currency itself as symbol', order.id);
    else tally.take(order);
  }
  tally.end();
  return tally;
}

interface Counts {
  readonly fills: AdoptCounts;
  readonly marks: AdoptCounts;
  readonly records: AdoptCounts;
}

const noCounts = (): AdoptCounts => ({ booked: 0, enriched: 0, duplicate: 0, conflicting: 0 });

async function written(writing: Writing, writer: BookWriter, book: SourceBook): Promise<Counts> {
  const { ground, opening, instruments } = writing;
  const { name, currency } = ground;
  await book.ensure(writer, [name]);
  const first = factOfOpening(opening, name, currency);
  const declared: Fact[] = instruments.map((instrument) => ({ kind: 'instrument', instrument }));
  const { outcomes } = await writer.recordAll([...declared, ...(first === null ? [] : [first])]);
  count(noCounts(), outcomes);
  const counts: Counts = { fills: noCounts(), marks: noCounts(), records: noCounts() };
  const marks = marksOf(writing);
  count(counts.marks, (await writer.recordAll(marks)).outcomes);
  for await (const batch of batchesOf(writing)) {
    const fills = batch.map((order) => fillOf(writing, order));
    count(counts.fills, (await writer.recordAll(fills)).outcomes);
  }
  await writeRecords(writing, writer, counts.records);
  return counts;
}

const fillOf = ({ ground, symbols, feesNone }: Writing, order: CompleteOrder) =>
  fillOfOrder(order, ground.name, symbols.get(order.symbol)!.instrument.name, feesNone);

/** Prices that the source keeps, at the time of their row. */
function marksOf({ ground, symbols }: Writing): readonly Mark[] {
  const { from, snapshot } = ground;
  return from.positions.flatMap(({ symbol, price, updatedAt }) => {
    const adopted = symbols.get(symbol);
    if (adopted == null || price === null || !isPositive(price)) return [];
    const time = updatedAt ?? from.updatedAt ?? snapshot.takenAt;
    const instrument = adopted.instrument.name;
    return [{ kind: 'mark', instrument, price, source: snapshot.identity.schema, time }];
  });
}

const batchRecords = 1_000;

/** As the source stated them: what our book would have said then stands beside each. */
async function writeRecords({ ground }: Writing, writer: BookWriter, counts: AdoptCounts) {
  const { source, from, name, snapshot } = ground;
  if (from.performanceCount === 0) return;
  const records = await source.performance(from.id, from.performanceCount);
  const drafts = records
    .filter(({ total }) => total !== null)
    .map((record) => ({ draft: draftOfStatedRecord(record, snapshot.identity.schema) }));
  for (let at = 0; at < drafts.length; at += batchRecords) {
    const entries = drafts.slice(at, at + batchRecords);
    const result = await writer.apply({ account: name, expectedSequence: null, entries });
    if (result.status === 'written') count(counts, result.outcomes);
    else for (const entry of entries) count(counts, [await writeRecord(writer, name, entry)]);
  }
}

/** By itself, where one of its batch was told otherwise before: the first one stands. */
async function writeRecord(writer: BookWriter, account: string, entry: PlanEntry) {
  const result = await writer.apply({ account, expectedSequence: null, entries: [entry] });
  if (result.status === 'written') return result.outcomes[0]!;
  if (result.status === 'refused' && result.outcome.status === 'conflict') return result.outcome;
  throw new Error(`a record was not booked: ${result.status}`);
}

/** What a run would book: everything that our book has no entry of. */
async function rehearsed(writing: Writing, book: SourceBook): Promise<Counts> {
  const known = await book.read((reader) => knownOfWriting(writing, reader));
  const { ground, tally } = writing;
  const counted = (all: number, duplicate = 0): AdoptCounts => ({
    ...noCounts(),
    booked: all - duplicate,
    duplicate,
  });
  return {
    fills: counted(tally.complete, known?.fills),
    marks: counted(marksOf(writing).length, known?.marks),
    records: counted(ground.from.performanceCount, known?.records),
  };
}

async function knownOfWriting(writing: Writing, { file }: BookReader) {
  const { from, name } = writing.ground;
  const account = file.accountNamed(name)?.account;
  const known = { fills: 0, marks: 0, records: 0 };
  for (const { instrument, time } of marksOf(writing)) {
    if (file.newestMark(instrument, time)?.time === time) known.marks += 1;
  }
  if (account === undefined) return known;
  for await (const batch of batchesOf(writing)) {
    for (const order of batch) {
      if (file.fillsWithId(account, executionIdOf(order)).length > 0) known.fills += 1;
    }
  }
  const times = new Set(file.performance(account).map(({ time }) => time));
  const records = await writing.ground.source.performance(from.id, from.performanceCount);
  known.records = records.filter(({ time }) => times.has(time)).length;
  return known;
}

function count(counts: AdoptCounts, outcomes: readonly Outcome[]): void {
  for (const outcome of outcomes) {
    switch (outcome.status) {
      case 'refused':
        throw new SourceRefused(outcome.refusal);
      case 'conflict':
        counts.conflicting += 1;
        break;
      case 'booked':
      case 'enriched':
      case 'duplicate':
        counts[outcome.status] += 1;
        break;
      default: // Contained in the opening, as the tally has counted.
    }
  }
}

function refuseOtherOpening(stated: StatedOpening, booked: AdoptedOpening, name: string): void {
  const same = booked.time === stated.time && equals(booked.amount, stated.amount);
  if (booked.from === 'stated' && same) return;
  const time = booked.time === null ? '' : ` at ${instantText(booked.time)}`;
  throw new SourceRefused({
    code: 'opening-differs',
    message: `account ${name} is booked with an opening of ${toText(booked.amount)}${time}`,
    where: { field: '--opening' },
    rule: 'an account is opened once, before everything else in it',
    hint: 'leave --opening out, or adopt into another account with --account',
  });
}

const oneOpening = (accounts: number): SourceRefused =>
  new SourceRefused({
    code: 'opening-ambiguous',
    message: `the database has ${accounts} accounts, and --opening is of one`,
    where: { field: '--opening' },
    rule: 'an opening belongs to one account',
    hint: 'add --source-account ID',
  });

const noOpening = (id: string): SourceRefused =>
  new SourceRefused(
    {
      code: 'opening-unknown',
      message: `account ${id} of the database has no cash, and nothing says what it began with`,
      where: { field: '--opening' },
      rule: 'a book begins with a balance that somebody knows',
      hint: 'state it: --opening 10000@2025-11-25T00:00:00Z',
    },
    5,
  );
