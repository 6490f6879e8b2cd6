/** Open orders by the venue's id, and by our own where the venue's was never booked. */
import { compare as compareDecimals, equals, subtract, zero } from '../decimal/decimal.ts';
import type { OrderStatus } from '../model/fact.ts';
import type { StatementOrder } from '../model/statement.ts';
import type { BookOrder } from './book-side.ts';
import { type Gap, type OrderGap, orderIdentity } from './gap.ts';
import type { ComparedLine, LineName } from './judge.ts';
import { isComplete, scopeOf, whyNotProven } from './scope.ts';
import { tellUnknown, type Work } from './sections.ts';

const resting: ReadonlySet<OrderStatus> = new Set(['new', 'open']);

/** What we do not know the state of may be open; what is filled is not, whatever was reported. */
const mayBeOpen = ({ report, filled }: BookOrder): boolean =>
  (resting.has(report.status) || report.status === 'unknown') &&
  compareDecimals(filled, report.quantity) < 0;

/** What we heard of an order after the statement's instant, the statement cannot know. */
const isNewer = ({ report }: BookOrder, { statement }: Work): boolean =>
  report.time > statement.asOf;

export function compareOrders(work: Work): void {
  const { book, statement, found } = work;
  const section = statement.orders;
  const scope = scopeOf(section?.scope ?? null, book);
  const complete = isComplete(section);
  const known = new KnownOrders(book.orders);
  const seen = new Set<BookOrder>();
  const items = [...(section?.items ?? [])].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  for (const theirs of items) {
    const ours = known.find(theirs);
    if (ours !== null) seen.add(ours);
    if (ours === null && resting.has(theirs.status)) found.gaps.push(foreign(work, theirs));
    else if (ours !== null) compareOne(work, ours, theirs);
  }
  let unproven = false;
  for (const ours of book.orders) {
    if (seen.has(ours) || !mayBeOpen(ours) || isNewer(ours, work)) continue;
    if (complete && scope.coversInstrument(ours.report.instrument)) {
      found.gaps.push(ghost(work, ours));
    } else {
      unproven = true;
      const why = whyNotProven(section);
      found.lines.push(work.judge.unproven(nameOf(ours.report, null), ours.report.quantity, why));
    }
  }
  if (unproven || (section !== null && !complete)) {
    tellUnknown(work, 'orders', section?.scope?.join(' ') ?? null, whyNotProven(section));
  }
}

const idOf = ({ instrument, orderId }: StatementOrder): string =>
  orderIdentity(instrument, orderId);

class KnownOrders {
  readonly #byId = new Map<string, BookOrder>();
  readonly #byClientId = new Map<string, BookOrder>();

  constructor(orders: readonly BookOrder[]) {
    for (const order of orders) {
      const { instrument, orderId, clientOrderId } = order.report;
      this.#byId.set(orderIdentity(instrument, orderId), order);
      if (clientOrderId !== null) {
        this.#byClientId.set(orderIdentity(instrument, clientOrderId), order);
      }
    }
  }

  find({ instrument, orderId, clientOrderId }: StatementOrder): BookOrder | null {
    const byId = this.#byId.get(orderIdentity(instrument, orderId));
    if (byId !== undefined || clientOrderId === null) return byId ?? null;
    return this.#byClientId.get(orderIdentity(instrument, clientOrderId)) ?? null;
  }
}

const nameOf = (
  order: { readonly orderId: string; readonly instrument: string },
  detail: string | null,
): LineName => ({ what: 'order', key: order.orderId, instrument: order.instrument, detail });

/** Lines of a gap are lines of the comparison too. */
function orderGap(work: Work, gap: OrderGap): Gap {
  work.found.lines.push(...gap.lines);
  return gap;
}

function foreign(work: Work, theirs: StatementOrder): Gap {
  const line = work.judge.differing({
    ...nameOf(theirs, null),
    ...{ ours: null, oursText: 'not in the book', theirs: theirs.quantity, theirsText: null },
    difference: theirs.quantity,
    youngest: theirs.time,
  });
  return orderGap(work, { kind: 'order', how: 'foreign', lines: [line], ours: null, theirs });
}

function ghost(work: Work, ours: BookOrder): Gap {
  const { quantity, time } = ours.report;
  const line = work.judge.differing({
    ...nameOf(ours.report, null),
    ...{ ours: quantity, oursText: null, theirs: null, theirsText: 'not open' },
    difference: subtract(zero, quantity),
    youngest: time,
  });
  return orderGap(work, { kind: 'order', how: 'ghost', lines: [line], ours, theirs: null });
}

function compareOne(work: Work, ours: BookOrder, theirs: StatementOrder): void {
  const { report } = ours;
  const lines = differences(work, ours, theirs);
  if (lines.length === 0) {
    const name = nameOf(theirs, null);
    work.found.lines.push(work.judge.matching(name, report.quantity, theirs.quantity));
    return;
  }
  const renamed = report.orderId !== theirs.orderId;
  const over = !mayBeOpen(ours) && resting.has(theirs.status) && !isNewer(ours, work);
  const how = renamed || over ? 'lost' : 'differs';
  work.found.gaps.push(orderGap(work, { kind: 'order', how, lines, ours, theirs }));
}

/** One line for each field that differs; what either side does not know is not compared. */
function differences(work: Work, ours: BookOrder, theirs: StatementOrder): ComparedLine[] {
  const { report } = ours;
  const lines: ComparedLine[] = [];
  const youngest = theirs.time !== null && theirs.time > report.time ? theirs.time : report.time;
  const filled = ['filled', ours.filled, theirs.filled] as const;
  const terms = [
    ['quantity', report.quantity, theirs.quantity],
    ['price', report.price, theirs.price],
  ] as const;
  // Fills are those up to the statement; of the terms only the newest are known.
  const newer = isNewer(ours, work);
  const numbers = newer ? [filled] : [...terms, filled];
  for (const [field, a, b] of numbers) {
    if (a === null || b === null || equals(a, b)) continue;
    const sides = { ours: a, oursText: null, theirs: b, theirsText: null };
    const difference = subtract(b, a);
    const name = nameOf(theirs, field);
    lines.push(work.judge.differing({ ...name, ...sides, difference, youngest }));
  }
  const status = ['status', plainStatus(report.status), plainStatus(theirs.status)] as const;
  const texts = [...(newer ? [] : [status]), ['id', report.orderId, theirs.orderId] as const];
  for (const [field, oursText, theirsText] of texts) {
    if (theirsText === 'unknown' || oursText === theirsText) continue;
    const sides = { ours: null, oursText, theirs: null, theirsText };
    const name = nameOf(theirs, field);
    lines.push(work.judge.differing({ ...name, ...sides, difference: null, youngest }));
  }
  return lines;
}

/** Accepted and resting are one state, told at two moments. */
const plainStatus = (status: OrderStatus): string => (status === 'new' ? 'open' : status);
