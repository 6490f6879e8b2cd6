/** The causes that ids tell, the strongest evidence first: each gap is claimed by one of them. */
import { add, type Decimal, zero } from '../../decimal/decimal.ts';
import { toText, toTextOrNull } from '../../decimal/text.ts';
import type { Party } from '../../model/break.ts';
import type { Statement } from '../../model/statement.ts';
import { type BookSide, type Change, mergedChange } from '../book-side.ts';
import type { Case } from '../cases.ts';
import { type Gap, isFill, type OrderGap, orderIdentity } from '../gap.ts';
import { cashFlowMissing } from './cash-flow-missing.ts';
import type { Attribution, Cause, CauseContext, OrdersByName } from './cause.ts';
import { factorOf } from './contract-size.ts';
import { factConflict } from './fact-conflict.ts';
import { factExtra } from './fact-extra.ts';
import { factToldOtherwise } from './fact-told-otherwise.ts';
import { factWithdrawn } from './fact-withdrawn.ts';
import { fillBusted } from './fill-busted.ts';
import { fillMissing } from './fill-missing.ts';
import { orderFilled } from './order-filled.ts';
import { orderState } from './order-state.ts';
import { provisionalSuperseded } from './provisional-superseded.ts';
import { transferInTransit } from './transfer-in-transit.ts';

/** The order of the passes, and so of the reasons of a case that has several. */
const passes: readonly Cause[] = [
  provisionalSuperseded,
  factToldOtherwise,
  fillMissing,
  cashFlowMissing,
  factConflict,
  transferInTransit,
  fillBusted,
  factExtra,
  factWithdrawn,
  orderFilled,
  orderState,
];

export interface AttributionContext {
  readonly book: BookSide;
  readonly statement: Statement;
  readonly theirsParty: Party;
  readonly orders: OrdersByName;
}

export function ordersByName(
  book: BookSide,
  statement: Statement,
  gaps: readonly Gap[],
): OrdersByName {
  const listed = lazily(() =>
    indexed(statement.orders?.items ?? [], (order) =>
      orderIdentity(order.instrument, order.orderId),
    ),
  );
  const booked = lazily(() =>
    indexed(book.orders, ({ report }) => orderIdentity(report.instrument, report.orderId)),
  );
  const unmatched = lazily(() => {
    const orders = gaps.filter((gap) => gap.kind === 'order');
    const ofKind = (how: OrderGap['how']) =>
      new Set(orders.filter((gap) => gap.how === how).map(termsOf));
    return { foreign: ofKind('foreign'), ghost: ofKind('ghost') };
  });
  return {
    listed: (name) => listed().get(name),
    booked: (name) => booked().get(name),
    hasTwin(gap) {
      if (gap.how !== 'foreign' && gap.how !== 'ghost') return false;
      return unmatched()[gap.how === 'foreign' ? 'ghost' : 'foreign'].has(termsOf(gap));
    },
  };
}

function termsOf({ ours, theirs }: OrderGap): string {
  const { instrument, leg, side, quantity, price } = theirs ?? ours!.report;
  return [instrument, leg, side, toText(quantity), toTextOrNull(price) ?? ''].join('\n');
}

const indexed = <T>(items: readonly T[], nameOf: (item: T) => string): ReadonlyMap<string, T> =>
  new Map(items.map((item) => [nameOf(item), item]));

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

export function attributionsOf(one: Case, context: AttributionContext): readonly Attribution[] {
  const counterparts = one.gaps.flatMap((gap) =>
    gap.kind === 'extra' && gap.counterpart !== null ? [gap.counterpart] : [],
  );
  const causeContext: CauseContext = {
    ...context,
    counterparts: new Set(counterparts),
    missingOf: missingByOrder(one.gaps),
    factorOf: factorsOf(one.gaps, context.book),
  };
  const left = new Set(one.gaps);
  return passes.flatMap((cause) =>
    [...left].flatMap((gap) => {
      const found = cause.attribute(gap, causeContext);
      if (found === null) return [];
      left.delete(gap);
      return [found];
    }),
  );
}

export const changeOf = (found: readonly Attribution[]): Change =>
  mergedChange(found.flatMap(({ step }) => (step === null ? [] : [step.change])));

function factorsOf(gaps: readonly Gap[], book: BookSide): CauseContext['factorOf'] {
  const known = new Map<string, string | null>();
  return (instrument) => {
    if (!known.has(instrument)) known.set(instrument, factorOf(instrument, gaps, book));
    return known.get(instrument)!;
  };
}

/** Counted when first asked: most cases hold no order. */
function missingByOrder(gaps: readonly Gap[]): (order: string) => Decimal {
  const sums = lazily(() => {
    const byOrder = new Map<string, Decimal>();
    for (const gap of gaps) {
      if (gap.kind !== 'missing' || !isFill(gap.theirs) || gap.theirs.orderId === null) continue;
      const key = orderIdentity(gap.theirs.instrument, gap.theirs.orderId);
      byOrder.set(key, add(byOrder.get(key) ?? zero, gap.theirs.quantity));
    }
    return byOrder;
  });
  return (order) => sums().get(order) ?? zero;
}
