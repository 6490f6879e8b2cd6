/** Entries: rows that are only ever added. Absent parts of a key are '' in the file. */
import type { FactKey } from '../journal/key.ts';
import type { EntryKind, EntryRow } from '../model/entry.ts';
import type { Instant } from '../model/instant.ts';
import type { Driver, Row, Statement, Value } from './driver.ts';
import { advanced } from './store-error.ts';

export const entryColumns = `sequence, v, effective_at, kind, id, instrument, side, leg,
  quantity, price, amount, currency, order_id, body, caused_by`;

/** An entry of an instrument: those with the same words tell the same. */
export interface InstrumentEntry {
  readonly sequence: number;
  readonly words: string;
}

/** Entries are read in pages, so that a long read holds no transaction open. */
const pageLength = 1000;

export function entryReads(driver: Driver) {
  const select = (rest: string) =>
    driver.prepare(`SELECT ${entryColumns} FROM book_entries ${rest}`, { bigints: true });
  // Left to itself, SQLite goes through the account's entries instead.
  const byId = (rest: string) => select(`INDEXED BY book_entry_keys WHERE id = ? ${rest}`);
  const one = select('WHERE account = ? AND sequence = ?');
  const several = select(
    'WHERE account = ? AND sequence IN (SELECT value FROM json_each(?)) ORDER BY sequence',
  );
  const byKey = byId('AND account = ? AND kind = ? AND instrument = ? AND side = ? AND leg = ?');
  const withId = byId('AND account = ? AND kind = ? ORDER BY sequence');
  const fills = byId("AND account = ? AND kind = 'fill' ORDER BY sequence");
  return {
    ...rangeReads(driver, select),
    ...amendmentReads(driver, select),
    /** Those that exist, in the order asked for. */
    entriesAt(account: number, sequences: Iterable<number>): EntryRow[] {
      const asked = [...sequences];
      if (asked.length === 0) return [];
      if (asked.length === 1) return one.all(account, asked[0]!).map(entryOf);
      const found = several.all(account, JSON.stringify(asked)).map(entryOf);
      const bySequence = new Map(found.map((row) => [row.sequence, row]));
      return asked.flatMap((sequence) => bySequence.get(sequence) ?? []);
    },
    find(account: number, key: FactKey): EntryRow | null {
      return entryOrNull(byKey.get(key.id, account, key.kind, key.instrument, key.side, key.leg));
    },
    /** Fills that share an execution id, whatever their instrument, side and leg. */
    fillsWithId: (account: number, executionId: string): EntryRow[] =>
      fills.all(executionId, account).map(entryOf),
    /** Entries of one kind and id, whatever their instrument, side and leg. */
    entriesWithId: (account: number, kind: EntryKind, id: string): EntryRow[] =>
      withId.all(id, account, kind).map(entryOf),
    ...kindReads(driver),
    ...seriesReads(driver),
  };
}

type Select = (rest: string) => Statement;

/** By sequence and by time. */
function rangeReads(driver: Driver, select: Select) {
  // Bodies of other kinds are long, and not read.
  const ofKinds = 'AND kind IN (SELECT value FROM json_each(?))';
  const range = 'account = ? AND sequence > ? AND sequence <= ?';
  const page = select(`WHERE ${range} ORDER BY sequence LIMIT ?`);
  const pageOf = select(`WHERE ${range} ${ofKinds} ORDER BY sequence LIMIT ?`);
  const kindsIn = driver.prepare(`SELECT DISTINCT kind FROM book_entries WHERE ${range}`);
  const between = select(
    `WHERE account = ? AND effective_at >= ? AND effective_at < ? ${ofKinds} ORDER BY sequence`,
  );
  const first = driver.prepare(
    `SELECT effective_at FROM book_entries
     WHERE account = ? AND kind NOT IN ('account', 'instrument') ORDER BY sequence LIMIT 1`,
    { bigints: true },
  );
  const earliest = driver.prepare(
    `SELECT min(of.effective_at) FROM book_entries AS told JOIN book_entries AS of
       ON of.account = told.account AND of.sequence = ifnull(told.caused_by, told.sequence)
     WHERE told.account = ? AND told.sequence > ?
       AND of.kind IN (SELECT value FROM json_each(?))`,
    { bigints: true },
  );

  function* paged(
    after: number,
    upTo: number,
    read: (from: number) => Row[],
  ): Generator<EntryRow, void, undefined> {
    let from = after;
    while (from < upTo) {
      const rows = read(from);
      for (const row of rows) yield entryOf(row);
      if (rows.length < pageLength) return;
      from = advanced(driver.path, from, Number(rows.at(-1)![0]));
    }
  }

  return {
    /** In sequence order, after < sequence <= upTo. */
    entries: (account: number, after = 0, upTo = Number.MAX_SAFE_INTEGER) =>
      paged(after, upTo, (from) => page.all(account, from, upTo, pageLength)),
    /** The same, of some kinds alone. */
    entriesOf(account: number, kinds: Iterable<EntryKind>, after: number, upTo: number) {
      const list = JSON.stringify([...kinds]);
      return paged(after, upTo, (from) => pageOf.all(account, from, upTo, list, pageLength));
    },
    /** Kinds of entries with after < sequence <= upTo. */
    kindsBetween: (account: number, after: number, upTo: number): readonly EntryKind[] =>
      kindsIn.all(account, after, upTo).map(([kind]) => kind as EntryKind),
    /** Of some kinds, that took effect in from <= time < to, by sequence. Looks at every entry. */
    entriesBetween(account: number, from: Instant, to: Instant, kinds: Iterable<EntryKind>) {
      return between.all(account, from, to, JSON.stringify([...kinds])).map(entryOf);
    },
    /** When the first entry took effect that says more than what the account and its names are. */
    firstAt: (account: number): Instant | null =>
      (first.get(account)?.[0] as Instant | undefined) ?? null,
    /** When the earliest of some kinds happened that was told, changed or taken back since. */
    earliestTold: (account: number, after: number, kinds: Iterable<EntryKind>): Instant | null =>
      (earliest.get(account, after, JSON.stringify([...kinds]))?.[0] as Instant | null) ?? null,
  };
}

/** What was recorded about an entry. */
function amendmentReads(driver: Driver, select: Select) {
  const isAmended = driver.prepare(
    'SELECT 1 FROM book_amendments WHERE account = ? AND target = ? LIMIT 1',
  );
  const amending = select(
    `WHERE account = ?1 AND sequence IN
       (SELECT sequence FROM book_amendments WHERE account = ?1 AND target = ?2)
     ORDER BY sequence`,
  );
  const ofOrders = select(
    `WHERE account = ?1 AND kind = 'fill' AND (order_id IN (SELECT value FROM json_each(?2))
       OR sequence IN (SELECT target FROM book_amendments WHERE account = ?1))
     ORDER BY sequence`,
  );
  return {
    /** What changes the entry `target`, in sequence order. Most are asked about in vain. */
    amendmentsOf: (account: number, target: number): EntryRow[] =>
      isAmended.get(account, target) === undefined
        ? []
        : amending.all(account, target).map(entryOf),
    /** Fills of some orders, and those that were changed since: a completion may name the order. */
    fillsOfOrders: (account: number, orderIds: Iterable<string>): EntryRow[] =>
      ofOrders.all(account, JSON.stringify([...orderIds])).map(entryOf),
  };
}

/** Of one kind, fills excepted but for those that were inferred. */
function kindReads(driver: Driver) {
  // Left to itself, SQLite goes through every entry instead; the last condition allows the index.
  const ofKind = (order: string) =>
    driver.prepare(
      `SELECT ${entryColumns} FROM book_entries INDEXED BY book_entry_kinds
       WHERE account = ? AND kind = ? AND kind <> 'fill' ORDER BY ${order}`,
      { bigints: true },
    );
  const all = ofKind('sequence');
  const last = ofKind('sequence DESC LIMIT 1');
  const lastSequence = driver.prepare(
    `SELECT max(sequence) FROM book_entries INDEXED BY book_entry_kinds
     WHERE account = ? AND kind = ? AND kind <> 'fill'`,
  );
  const backwards = ofKind('sequence DESC');
  const fillAfter = driver.prepare(
    `SELECT max(sequence) FROM book_entries
     WHERE account = ? AND sequence > ? AND kind = 'fill'`,
  );
  const inferred = driver.prepare(
    // Few fills have a body: the first condition passes the others by.
    `SELECT ${entryColumns} FROM book_entries WHERE account = ? AND sequence > ?
       AND body IS NOT NULL AND kind = 'fill' AND instr(body, '"provisional":true') > 0
     ORDER BY sequence`,
    { bigints: true },
  );
  const instruments = driver.prepare(
    `SELECT sequence, v, instrument, body FROM book_entries INDEXED BY book_entry_kinds
     WHERE account = ? AND kind = 'instrument' AND kind <> 'fill' ORDER BY sequence`,
  );
  const newest = ofKind('effective_at DESC, sequence DESC LIMIT 1');
  return {
    /** In sequence order. */
    entriesOfKind: (account: number, kind: EntryKind): EntryRow[] =>
      all.all(account, kind).map(entryOf),
    /** What entries of instruments say, without the rest of their rows. */
    instrumentEntries: (account: number): InstrumentEntry[] =>
      instruments.all(account).map(([sequence, v, instrument, body]) => ({
        sequence: Number(sequence),
        words: `${v} ${instrument}\n${body}`,
      })),
    /** The one entered last. */
    lastOfKind: (account: number, kind: EntryKind): EntryRow | null =>
      entryOrNull(last.get(account, kind)),
    /** Of that one, without reading it; 0 where there is none. */
    lastSequenceOf: (account: number, kind: EntryKind): number =>
      Number(lastSequence.get(account, kind)?.[0] ?? 0),
    /** Of the last fill behind this entry, or else this one. Looks at every entry behind it. */
    lastFillAfter: (account: number, sequence: number): number =>
      Number(fillAfter.get(account, sequence)?.[0] ?? sequence),
    /** Fills that were told as inferred, behind an entry. Looks at every entry behind it. */
    provisionalFills: (account: number, after: number): EntryRow[] =>
      inferred.all(account, after).map(entryOf),
    /** Newest first. */
    *entriesOfKindBackwards(account: number, kind: EntryKind): Generator<EntryRow, void> {
      for (const row of backwards.iterate(account, kind)) yield entryOf(row);
    },
    /** The one that took effect last. */
    newestOfKind: (account: number, kind: EntryKind): EntryRow | null =>
      entryOrNull(newest.get(account, kind)),
  };
}

/** Entries whose ids are a name and a number, `name:1`, `name:2` ... without a gap. */
function seriesReads(driver: Driver) {
  const next = driver.prepare(
    `SELECT id FROM book_entries INDEXED BY book_entry_keys
     WHERE id >= ? AND id < ? ORDER BY id LIMIT 1`,
  );
  const known = driver.prepare(
    `SELECT sequence FROM book_entries INDEXED BY book_entry_keys
     WHERE id = ? AND account = ? AND kind = ?`,
  );

  /** Doubles until one is missing, then halves: a long life costs hardly more than a short one. */
  function countOf(account: number, kind: EntryKind, name: string): number {
    const isThere = (n: number) => known.get(`${name}:${n}`, account, kind) !== undefined;
    let [there, missing] = [0, 1];
    while (isThere(missing)) [there, missing] = [missing, missing * 2];
    while (missing - there > 1) {
      const middle = Math.floor((there + missing) / 2);
      if (isThere(middle)) there = middle;
      else missing = middle;
    }
    return there;
  }

  return {
    /** How many entries each series has, of the names from `from` to before `to`. */
    seriesOf(account: number, kind: EntryKind, from: string, to: string): Map<string, number> {
      const counts = new Map<string, number>();
      for (let at = from; ; ) {
        const id = next.get(at, to)?.[0] as string | undefined;
        if (id === undefined) return counts;
        const [name] = id.split(':') as [string];
        const count = countOf(account, kind, name);
        if (count > 0) counts.set(name, count);
        // ';' follows ':'. What has no number is passed by itself.
        at = id === name ? `${id}\0` : `${name};`;
      }
    },
  };
}

export function entryWrites(driver: Driver) {
  const insert = driver.prepare(
    `INSERT INTO book_entries (account, ${entryColumns})
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id, account, kind, instrument, side, leg) DO NOTHING`,
  );
  return (account: number, row: EntryRow): boolean =>
    insert.run(
      account,
      row.sequence,
      row.v,
      row.effectiveAt,
      row.kind,
      row.id,
      row.instrument ?? '',
      row.side ?? '',
      row.leg ?? '',
      row.quantity,
      row.price,
      row.amount,
      row.currency,
      row.orderId,
      row.body,
      row.causedBy,
    ) === 1;
}

const entryOrNull = (row: Row | undefined): EntryRow | null =>
  row === undefined ? null : entryOf(row);

export const entryOf = (row: Row): EntryRow => ({
  sequence: Number(row[0]),
  v: Number(row[1]),
  effectiveAt: row[2] as Instant,
  // The program's own string, which compares faster than one that was just read.
  kind: row[3] === 'fill' ? 'fill' : (row[3] as EntryKind),
  id: row[4] as string,
  instrument: presentOrNull(row[5]),
  side: presentOrNull(row[6]),
  leg: presentOrNull(row[7]),
  quantity: row[8] as string | null,
  price: row[9] as string | null,
  amount: row[10] as string | null,
  currency: row[11] as string | null,
  orderId: row[12] as string | null,
  body: row[13] as string | null,
  causedBy: row[14] === null ? null : Number(row[14]),
});

const presentOrNull = (value: Value | undefined): string | null =>
  value === '' ? null : (value as string);
