/**
 * Fills and orders of an account as of an instant: what took effect at it or before it, whenever it
 * was recorded. The newest told first; a page may be short, even empty, and yet not the last.
 */
import { factOf } from '../../../journal/codec.ts';
import type { EntryRow } from '../../../model/entry.ts';
import type { OrderReport } from '../../../model/fact.ts';
import type { Instant } from '../../../model/instant.ts';
import type { Account } from '../../../store/accounts.ts';
import type { Driver, Row } from '../../../store/driver.ts';
import { entryColumns, entryOf } from '../../../store/entries.ts';
import { lookedMax, type PageOf } from '../../../store/page-reads.ts';
import type { OrderRow } from '../../../store/query-tables.ts';
import type { BookReader } from '../../reading.ts';
import { orderRowOf } from '../../stream-adapter.ts';
import { pagesOf } from './chronicle.ts';

export interface RowsAsked {
  readonly account: Account;
  readonly asOf: Instant;
  /** Entries before this sequence. */
  readonly before: number;
  readonly limit: number;
  /** Rows that are looked at, at most; absent: ten times those of a page of now. */
  readonly looks?: number;
}

export interface FillsAsked extends RowsAsked {
  readonly instrument: string | null;
}

/** What came later is looked past, of a long book farther than a page of now looks. */
const looksMax = 10 * lookedMax;

const kept = new WeakMap<BookReader, Statements>();
type Statements = ReturnType<typeof statementsOn>;

function statementsOf(reader: BookReader): Statements {
  const known = kept.get(reader) ?? statementsOn(reader.file.driver);
  kept.set(reader, known);
  return known;
}

function statementsOn(driver: Driver) {
  const select = (rest: string) =>
    driver.prepare(`SELECT ${entryColumns} FROM book_entries ${rest}`, { bigints: true });
  const range = 'account = ?1 AND sequence < ?2 AND sequence >= ?3 AND effective_at <= ?4';
  return {
    fills: select(
      `WHERE ${range} AND kind = 'fill' AND (?6 IS NULL OR instrument = ?6)
       ORDER BY sequence DESC LIMIT ?5`,
    ),
    reports: select(
      `INDEXED BY book_entry_kinds WHERE ${range} AND kind = 'order' AND kind <> 'fill'
       ORDER BY sequence DESC LIMIT ?5`,
    ),
    // Reports of one order are named by its id and what they say.
    ofOrder: select(
      `INDEXED BY book_entry_keys WHERE id >= ?2 || ':' AND id < ?2 || ';' AND account = ?1
         AND kind = 'order' AND instrument = ?3 AND order_id = ?2 AND effective_at <= ?4
       ORDER BY sequence`,
    ),
  };
}

type ReadRows = (from: number, before: number) => Row[];

function pageOf(reader: BookReader, asked: RowsAsked, read: ReadRows) {
  const { account, before, limit, looks = looksMax } = asked;
  const { sequence } = reader.file.head(account.account);
  const upTo = Math.min(before, sequence + 1);
  const from = Math.max(1, upTo - looks);
  const rows = read(from, upTo).map(entryOf);
  const next = rows.length === limit ? rows.at(-1)!.sequence : from;
  return { rows, before: next > 1 ? next : null };
}

/** Entries of fills; whether each is in force now is another question. */
export function fillsThen(reader: BookReader, asked: FillsAsked): PageOf<EntryRow> {
  const { account, asOf, limit, instrument } = asked;
  const { fills } = statementsOf(reader);
  const { rows, before } = pageOf(reader, asked, (from, upTo) =>
    fills.all(account.account, upTo, from, asOf, limit, instrument),
  );
  return { items: rows, before };
}

/** Each order once, where its last report by then was told. */
export function ordersThen(reader: BookReader, asked: RowsAsked): PageOf<OrderRow> {
  const { account, asOf, limit } = asked;
  const { reports, ofOrder } = statementsOf(reader);
  const { rows, before } = pageOf(reader, asked, (from, upTo) =>
    reports.all(account.account, upTo, from, asOf, limit),
  );
  const known = new Map<string, OrderRow | null>();
  const items = rows.flatMap((row) => {
    const { orderId, instrument, sequence } = row;
    const name = JSON.stringify([orderId, instrument]);
    if (!known.has(name)) {
      const told = ofOrder.all(account.account, orderId, instrument ?? '', asOf).map(entryOf);
      known.set(name, told.reduce(withReport(account), null));
    }
    const one = known.get(name) ?? null;
    return one?.sequence === sequence ? [one] : [];
  });
  return { items, before };
}

const reportIn = (row: EntryRow, { name }: Account) => factOf(row, name) as OrderReport;

/** As the book keeps an order: the newest of its own time, whichever was told first. */
const withReport =
  (account: Account) =>
  (known: OrderRow | null, row: EntryRow): OrderRow | null =>
    orderRowOf(known, reportIn(row, account), row.sequence) ?? known;

export interface OpenAsked {
  readonly account: Account;
  /** Null: of whatever was recorded until then. */
  readonly asOf: Instant | null;
  /** Entries after this one are left out; null: none are. */
  readonly knownAt: number | null;
}

const resting: ReadonlySet<string> = new Set(['new', 'open', 'unknown']);
const slice = 1_000;
/** As many as anybody has. */
const openMax = 1_000;

/** Those that rested then, or of which nobody knew: the newest first. */
export function openOrdersThen(reader: BookReader, asked: OpenAsked): readonly OrderRow[] {
  const { account, asOf, knownAt } = asked;
  const orders = new Map<string, OrderRow | null>();
  for (const row of reportsUpTo(reader, account, knownAt)) {
    if (asOf !== null && row.effectiveAt > asOf) continue;
    const name = JSON.stringify([row.orderId, row.instrument]);
    orders.set(name, withReport(account)(orders.get(name) ?? null, row));
  }
  return [...orders.values()]
    .filter((one) => one !== null && resting.has(one.status))
    .map((one) => one!)
    .sort((a, b) => (a.time > b.time ? -1 : a.time < b.time ? 1 : b.sequence - a.sequence))
    .slice(0, openMax);
}

function* reportsUpTo(reader: BookReader, { account }: Account, knownAt: number | null) {
  const last = knownAt ?? Number.MAX_SAFE_INTEGER;
  for (let after = 0; after < last; ) {
    const rows = pagesOf(reader).entriesAfter(account, 'order', after, slice);
    for (const row of rows) if (row.sequence <= last) yield row;
    if (rows.length < slice) return;
    after = rows.at(-1)!.sequence;
  }
}
