/** A stream's store on a book file: reads go to the file, writes to the open transaction. */
import { orderFromText, orderText } from '../books/effective-order.ts';
import type { Page } from '../books/pages.ts';
import { isPositive, isZero, subtract, zero } from '../decimal/decimal.ts';
import { decimalOrNull, decimalOrZero, toText, toTextOrNull } from '../decimal/text.ts';
import type { FactKey } from '../journal/key.ts';
import type { EntryRow } from '../model/entry.ts';
import type { OrderReport } from '../model/fact.ts';
import { type Instrument, instrumentFromName } from '../model/instrument.ts';
import { invariant } from '../model/result.ts';
import type { BookFile } from '../store/book-file.ts';
import type { OrderRow } from '../store/query-tables.ts';
import type { Transaction } from '../store/transaction.ts';
import { recordOf } from './performance-record.ts';
import type { StreamStore } from './stream-store.ts';

/** `account` is the account's number in the file, `venue` where its instruments are. */
export function streamStoreOf(
  file: BookFile,
  tx: Transaction,
  account: number,
  venue: string,
): StreamStore {
  return {
    pages: {
      page: (group, index) => pageAt(file, account, group, index),
      put: (group, page) =>
        tx.putPage(account, {
          pool: group,
          page: page.index,
          lastOrder: orderText(page.last),
          members: JSON.stringify(page.members),
          state: page.state,
        }),
      removeFrom: (group, index) => tx.deletePagesFrom(account, group, index),
    },
    insert: (row: EntryRow) => tx.insertEntry(account, row),
    find: (key: FactKey) => file.find(account, key),
    fillsOf: (executionId) => file.fillsWithId(account, executionId),
    entriesAt: (sequences) => file.entriesAt(account, sequences),
    amendmentsOf: (target) => file.amendmentsOf(account, target),
    addAmendment: (target, sequence) => tx.addAmendment(account, target, sequence),
    touchOrder: (order, sequence) => touchOrder(file, tx, account, order, sequence),
    addPerformance: (row) => tx.addPerformance(account, recordOf(row)),
    instrumentVersions: (name) => instrumentVersions(file, venue, name),
    markAt: (instrument, at) => file.newestMark(instrument, at),
    clearFold: () => tx.clearFold(account),
    entries: (upTo) => file.entries(account, 0, upTo),
  };
}

export function pageAt(file: BookFile, account: number, group: string, index: number): Page {
  const page = file.page(account, group, index);
  invariant(page !== null, `page ${index} of ${group} was put`);
  return {
    index,
    last: orderFromText(page.lastOrder),
    members: JSON.parse(page.members) as number[],
    state: page.state,
  };
}

/** Registered versions, or what a unified name says by itself. */
export function instrumentVersions(
  file: BookFile,
  venue: string,
  name: string,
): readonly Instrument[] {
  const registered = file
    .instruments()
    .filter((instrument) => instrument.venue === venue && instrument.name === name);
  if (registered.length > 0) return registered;
  const named = instrumentFromName(venue, name);
  return named === null ? [] : [named];
}

function touchOrder(
  file: BookFile,
  tx: Transaction,
  account: number,
  order: OrderReport,
  sequence: number,
): void {
  const known = file
    .ordersWithId(account, order.orderId)
    .find((row) => row.instrument === order.instrument);
  const row = orderRowOf(known ?? null, order, sequence);
  if (row !== null) tx.touchOrder(account, row);
}

/** How far a status is in an order's life: of two reports at one time the further one holds. */
const progress: readonly string[] = [
  ...['new', 'unknown', 'open', 'rejected', 'expired', 'cancelled', 'filled'],
];

/** Whether what is known of an order is newer than a report, whichever was told first. */
function isNewer(known: OrderRow, order: OrderReport): boolean {
  if (known.time !== order.time) return known.time > order.time;
  const difference = subtract(decimalOrZero(known.filled), order.filled ?? zero);
  if (!isZero(difference)) return isPositive(difference);
  return progress.indexOf(known.status) > progress.indexOf(order.status);
}

/** The newest report of an order by its own time; null when a newer one is known. */
export function orderRowOf(
  known: OrderRow | null,
  order: OrderReport,
  sequence: number,
): OrderRow | null {
  if (known !== null && isNewer(known, order)) return null;
  return {
    orderId: order.orderId,
    instrument: order.instrument,
    side: order.side,
    type: order.type,
    quantity: toText(order.quantity),
    price: toTextOrNull(order.price),
    filled: toTextOrNull(order.filled ?? decimalOrNull(known?.filled ?? null)),
    status: order.status,
    reduceOnly: order.reduceOnly,
    clientOrderId: order.clientOrderId ?? known?.clientOrderId ?? null,
    time: order.time,
    sequence,
  };
}
