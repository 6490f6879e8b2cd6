/** The book as it would be with facts booked, taken out of force or changed. Writes nothing. */
import { add, type Decimal, subtract, zero } from '../decimal/decimal.ts';
import type { OrderReport } from '../model/fact.ts';
import type { BookedItem, BookOrder, BookSide, Change, ListedFact, Refold } from './book-side.ts';
import { isFill, orderIdentity } from './gap.ts';
import type { BookedFill, InferredFills } from './inferred.ts';

export function bookWith(book: BookSide, change: Change, refold: Refold): BookSide {
  const { add: added, remove, replace } = change;
  const { inferred } = book;
  const folds = added.length + remove.length + replace.length > 0;
  const removed = new Set(remove);
  const replaced = new Map(replace.map((item) => [item.sequence, item]));
  const kept = book.facts.filter((item) => !removed.has(item.sequence));
  const gone = book.facts.filter((item) => removed.has(item.sequence));
  return {
    ...book,
    ...(folds ? refold(change) : {}),
    facts: [
      ...kept.map((item) => replaced.get(item.sequence) ?? item),
      ...added.map((fact) => ({ sequence: 0, fact })),
    ],
    withdrawn: [...book.withdrawn, ...gone],
    ...(inferred === undefined ? {} : { inferred: () => inferredWith(inferred(), change) }),
    orders: ordersWith(book, change, gone, replaced),
  };
}

function ordersWith(
  book: BookSide,
  change: Change,
  gone: readonly BookedItem[],
  replaced: ReadonlyMap<number, BookedItem>,
): readonly BookOrder[] {
  const moved = new Map<string, Decimal>();
  const count = (fact: ListedFact, sign: typeof add): void => {
    if (!isFill(fact) || fact.orderId === null) return;
    const key = orderIdentity(fact.instrument, fact.orderId);
    moved.set(key, sign(moved.get(key) ?? zero, fact.quantity));
  };
  for (const fact of change.add) count(fact, add);
  for (const { fact } of gone) count(fact, subtract);
  for (const item of book.facts) {
    const after = replaced.get(item.sequence);
    if (after === undefined) continue;
    count(item.fact, subtract);
    count(after.fact, add);
  }
  const orders = new Map(book.orders.map((order) => [keyOf(order.report), order]));
  for (const report of change.orders) {
    const before = orders.get(keyOf(report)) ?? byClientId(book, report);
    if (before !== null && keyOf(before.report) !== keyOf(report)) {
      orders.delete(keyOf(before.report));
    }
    orders.set(keyOf(report), { report, filled: before?.filled ?? zero });
  }
  return Array.from(orders, ([key, { report, filled }]) => ({
    report,
    filled: add(filled, moved.get(key) ?? zero),
  }));
}

const keyOf = ({ instrument, orderId }: OrderReport): string => orderIdentity(instrument, orderId);

const byClientId = (book: BookSide, { instrument, clientOrderId }: OrderReport) =>
  (clientOrderId !== null &&
    book.orders.find(
      ({ report }) => report.clientOrderId === clientOrderId && report.instrument === instrument,
    )) ||
  null;

function inferredWith(before: InferredFills, { add, remove }: Change): InferredFills {
  const removed = new Set(remove);
  const isGone = ({ sequence }: BookedFill): boolean => removed.has(sequence);
  return {
    provisional: before.provisional.filter((one) => !isGone(one)),
    gone: [...before.gone, ...before.provisional.filter(isGone).map(({ fact }) => fact)],
    real: [
      ...before.real.filter((one) => !isGone(one)),
      ...add.flatMap((fact) => (fact.kind === 'fill' ? [{ sequence: 0, fact }] : [])),
    ],
  };
}
