/**
 * Everything of an account that is derived from its entries: as it is stored, and as it comes out
 * of them when they are gone through again. The two must be equal, row by row.
 */
import { orderText } from '../books/effective-order.ts';
import { coinOf } from '../books/group.ts';
import { foldVersion } from '../books/group-codec.ts';
import { toText } from '../decimal/text.ts';
import type { Account } from '../store/accounts.ts';
import type { BookFile } from '../store/book-file.ts';
import type { Page } from '../store/derived.ts';
import type { GroupRow, StreamRow } from '../store/groups.ts';
import type { BalanceRow, OrderRow, PerformanceRow, PositionRow } from '../store/query-tables.ts';
import { settingsOf } from './account-writer.ts';
import { digestOf, memoryText, replay, rowOfSnapshot } from './open-stream.ts';
import { type ReplayStore, replayStore } from './replay-store.ts';
import { Stream } from './stream.ts';
import { positionRowsOf } from './touched-rows.ts';

export interface AmendmentRow {
  readonly target: number;
  readonly sequence: number;
}

export interface DerivedRows {
  readonly amendments: readonly AmendmentRow[];
  readonly pages: readonly Page[];
  readonly groups: readonly GroupRow[];
  readonly streams: readonly StreamRow[];
  readonly positions: readonly PositionRow[];
  readonly balances: readonly BalanceRow[];
  readonly orders: readonly OrderRow[];
  readonly performance: readonly PerformanceRow[];
}

/** Replays the stream from its first entry. */
export function recomputedRows(
  file: BookFile,
  account: Account,
  onProgress: (sequence: number) => void = () => undefined,
): DerivedRows {
  const store = replayStore(file, account);
  // Rates are carried by the entries, so the age of marks decides nothing here.
  const stream = new Stream(settingsOf(account), 0);
  stream.use(store);
  replay(stream, told(file, account, onProgress));
  return rowsOf(stream, store, file.head(account.account).sequence);
}

function* told(file: BookFile, { account }: Account, onProgress: (sequence: number) => void) {
  for (const row of file.entries(account)) {
    onProgress(row.sequence);
    yield row;
  }
}

function rowsOf(stream: Stream, store: ReplayStore, head: number): DerivedRows {
  const { fold, context, settings } = stream;
  const all = [...fold.groups()];
  const groups = all.map((group) => rowOfSnapshot(fold.snapshotOf(group.key)));
  const coins = all.flatMap((group): BalanceRow[] => {
    const coin = coinOf(group.key);
    if (coin === null || group.state.coin === null) return [];
    const total = toText(group.state.coin.holding.quantity);
    return [{ currency: context.nameOf(coin), total, updatedAt: group.last?.time ?? 0n }];
  });
  const cash = { currency: settings.currency, total: toText(fold.postings.cash), updatedAt: 0n };
  return {
    amendments: [...store.amendments].flatMap(([target, sequences]) =>
      sequences.map((sequence) => ({ target, sequence })),
    ),
    pages: groups.flatMap(({ pool }) => pagesOf(store, pool)),
    groups,
    streams: [
      {
        sequence: head,
        foldVersion,
        digest: digestOf(groups),
        memory: memoryText(stream.memory()),
      },
    ],
    positions: all.flatMap((group) => positionRowsOf(group, context)),
    balances: stream.sequence === 0 ? [] : [cash, ...coins],
    orders: [...store.orders.values()],
    performance: store.performance,
  };
}

const pagesOf = (store: ReplayStore, pool: string): Page[] =>
  store.pagesOf(pool).map(({ index, last, members, state }) => ({
    pool,
    page: index,
    lastOrder: orderText(last),
    members: JSON.stringify(members),
    state,
  }));

/**
 * What the file holds. A group that no fact in force moves any more may be stored or not: it is
 * left out with its rows, and with its share of the digest.
 */
export function storedRows(file: BookFile, { account, currency }: Account): DerivedRows {
  const groups = file.groups(account);
  const used = groups.filter((group) => group.last !== null);
  const unused = new Set(groups.filter((group) => group.last === null).map(({ pool }) => pool));
  const stream = file.stream(account);
  const isWhole = stream === null || stream.digest === digestOf(groups);
  const sql = 'SELECT target, sequence FROM book_amendments WHERE account = ? ORDER BY 1, 2';
  return {
    amendments: file.driver
      .prepare(sql)
      .all(account)
      .map((row) => ({ target: Number(row[0]), sequence: Number(row[1]) })),
    pages: groups.flatMap(({ pool }) => file.pages(account, pool)),
    groups: used,
    streams: stream === null ? [] : [isWhole ? { ...stream, digest: digestOf(used) } : stream],
    positions: file
      .positions(account)
      .filter(({ pool, quantity }) => !(unused.has(pool) && quantity === '0')),
    balances: file
      .balances(account)
      .filter((row) => !(unused.has(`coin:${row.currency}`) && row.total === '0'))
      // When cash was last touched depends on how facts were grouped into commits.
      .map((row) => (row.currency === currency ? { ...row, updatedAt: 0n } : row)),
    orders: file.orders(account),
    performance: file.performance(account),
  };
}

export interface DerivedDifference {
  readonly account: string;
  /** The table, without its prefix. */
  readonly table: keyof DerivedRows;
  readonly key: string;
  /** Null: the whole row. */
  readonly field: string | null;
  readonly stored: string | null;
  readonly recomputed: string | null;
}

const keys: { readonly [T in keyof DerivedRows]: (row: DerivedRows[T][number]) => string } = {
  amendments: ({ target, sequence }) => `${target} by ${sequence}`,
  pages: ({ pool, page }) => `${pool} page ${page}`,
  groups: ({ pool }) => pool,
  streams: () => 'stream',
  positions: ({ pool }) => pool,
  balances: ({ currency }) => currency,
  orders: ({ orderId, instrument }) => `${orderId} ${instrument}`,
  performance: ({ sequence }) => String(sequence),
};

export const derivedTables = Object.keys(keys) as readonly (keyof DerivedRows)[];

export function derivedDifferences(
  account: string,
  stored: DerivedRows,
  recomputed: DerivedRows,
): readonly DerivedDifference[] {
  return derivedTables.flatMap((table) => tableDifferences(account, table, stored, recomputed));
}

function tableDifferences<T extends keyof DerivedRows>(
  account: string,
  table: T,
  stored: DerivedRows,
  recomputed: DerivedRows,
): readonly DerivedDifference[] {
  const byKey = (rows: DerivedRows) => {
    const keyOf = keys[table] as (row: unknown) => string;
    return new Map(rows[table].map((row) => [keyOf(row), row as object] as const));
  };
  const [ours, theirs] = [byKey(stored), byKey(recomputed)];
  const names = [...new Set([...ours.keys(), ...theirs.keys()])].sort();
  return names.flatMap((key): readonly DerivedDifference[] => {
    const [before, after] = [ours.get(key), theirs.get(key)];
    const difference = { account, table, key };
    if (before !== undefined && after !== undefined) {
      return fieldDifferences(before, after).map((one) => ({ ...difference, ...one }));
    }
    const [kept, made] = [rowText(before), rowText(after)];
    return [{ ...difference, field: null, stored: kept, recomputed: made }];
  });
}

function fieldDifferences(before: object, after: object) {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const [ours, theirs] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return fields.flatMap((field) => {
    const [stored, recomputed] = [valueText(ours.get(field)), valueText(theirs.get(field))];
    return stored === recomputed ? [] : [{ field, stored, recomputed }];
  });
}

const valueText = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value);

const rowText = (row: object | undefined): string | null =>
  row === undefined
    ? null
    : JSON.stringify(row, (_key, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value,
      );
