/** Entries: rows that are only ever added. Absent parts of a key are '' in the file. */
import type { FactKey } from '../journal/key.ts';
import type { EntryKind, EntryRow } from '../model/entry.ts';
import type { Instant } from '../model/instant.ts';
import type { Driver, Row, Value } from './driver.ts';
import { advanced } from './store-error.ts';

const columns = `sequence, v, effective_at, kind, id, instrument, side, leg, quantity, price,
  amount, currency, order_id, body, caused_by`;

/** Entries are read in pages, so that a long read holds no transaction open. */
const pageLength = 1000;

export function entryReads(driver: Driver) {
  const select = (rest: string) =>
    driver.prepare(`SELECT ${columns} FROM book_entries ${rest}`, { bigints: true });
  // Left to itself, SQLite goes through the account's entries instead.
  const byId = (rest: string) => select(`INDEXED BY book_entry_keys WHERE id = ? ${rest}`);
  const page = select(
    'WHERE account = ? AND sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ?',
  );
  const one = select('WHERE account = ? AND sequence = ?');
  const between = select(
    'WHERE account = ? AND effective_at >= ? AND effective_at < ? ORDER BY sequence',
  );
  const first = driver.prepare(
    `SELECT effective_at FROM book_entries
     WHERE account = ? AND kind NOT IN ('account', 'instrument') ORDER BY sequence LIMIT 1`,
    { bigints: true },
  );
  const several = select(
    'WHERE account = ? AND sequence IN (SELECT value FROM json_each(?)) ORDER BY sequence',
  );
  const byKey = byId('AND account = ? AND kind = ? AND instrument = ? AND side = ? AND leg = ?');
  const withId = byId('AND account = ? AND kind = ? ORDER BY sequence');
  const fills = byId("AND account = ? AND kind = 'fill' ORDER BY sequence");
  const amending = select(
    `WHERE account = ?1 AND sequence IN
       (SELECT sequence FROM book_amendments WHERE account = ?1 AND target = ?2)
     ORDER BY sequence`,
  );

  function* entries(
    account: number,
    after = 0,
    upTo = Number.MAX_SAFE_INTEGER,
  ): Generator<EntryRow, void, undefined> {
    let from = after;
    while (from < upTo) {
      const rows = page.all(account, from, upTo, pageLength);
      for (const row of rows) yield entryOf(row);
      if (rows.length < pageLength) return;
      from = advanced(driver.path, from, Number(rows.at(-1)![0]));
    }
  }

  return {
    /** In sequence order, after < sequence <= upTo. */
    entries,
    /** Those that took effect in from <= time < to, in sequence order. Looks at every entry. */
    entriesBetween: (account: number, from: Instant, to: Instant): EntryRow[] =>
      between.all(account, from, to).map(entryOf),
    /** When the first entry took effect that says more than what the account and its names are. */
    firstAt: (account: number): Instant | null =>
      (first.get(account)?.[0] as Instant | undefined) ?? null,
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
    /** What changes the entry `target`, in sequence order. */
    amendmentsOf: (account: number, target: number): EntryRow[] =>
      amending.all(account, target).map(entryOf),
  };
}

/** Of one kind, fills excepted but for those that were inferred. */
function kindReads(driver: Driver) {
  // Left to itself, SQLite goes through every entry instead; the last condition allows the index.
  const ofKind = (order: string) =>
    driver.prepare(
      `SELECT ${columns} FROM book_entries INDEXED BY book_entry_kinds
       WHERE account = ? AND kind = ? AND kind <> 'fill' ORDER BY ${order}`,
      { bigints: true },
    );
  const all = ofKind('sequence');
  const last = ofKind('sequence DESC LIMIT 1');
  const backwards = ofKind('sequence DESC');
  const fillAfter = driver.prepare(
    `SELECT max(sequence) FROM book_entries
     WHERE account = ? AND sequence > ? AND kind = 'fill'`,
  );
  const inferred = driver.prepare(
    `SELECT ${columns} FROM book_entries WHERE account = ? AND sequence > ? AND kind = 'fill'
       AND instr(body, '"provisional":true') > 0 ORDER BY sequence`,
    { bigints: true },
  );
  const newest = ofKind('effective_at DESC, sequence DESC LIMIT 1');
  return {
    /** In sequence order. */
    entriesOfKind: (account: number, kind: EntryKind): EntryRow[] =>
      all.all(account, kind).map(entryOf),
    /** The one entered last. */
    lastOfKind: (account: number, kind: EntryKind): EntryRow | null =>
      entryOrNull(last.get(account, kind)),
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
    `INSERT INTO book_entries (account, ${columns})
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

const entryOf = (row: Row): EntryRow => ({
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
