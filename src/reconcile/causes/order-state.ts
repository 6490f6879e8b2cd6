/**
 * Orders whose state the ids alone tell. How much of an order is filled is never repaired by its
 * report: fills are, and the sum follows from them.
 */
import { toText } from '../../decimal/text.ts';
import type { Evidence } from '../../model/break.ts';
import type { OrderReport } from '../../model/fact.ts';
import { type Reason, reasonTitles } from '../../model/reason.ts';
import type { StatementOrder } from '../../model/statement.ts';
import type { OrderGap } from '../gap.ts';
import type { Cause, CauseContext } from './cause.ts';
import { bookOrder } from './steps.ts';

export const orderState: Cause = {
  attribute(gap, context) {
    if (gap.kind !== 'order') return null;
    const reason = reasonOf(gap);
    if (reason === null) return null;
    const { ours, theirs } = gap;
    const { side, quantity, instrument, orderId } = theirs ?? ours!.report;
    const twin = context.orders.hasTwin(gap);
    return {
      ...{ gap, reason, title: reasonTitles[reason] },
      which: `${side} ${toText(quantity)} ${instrument} (${orderId})${twin ? twinText : ''}`,
      confidence: twin ? 'likely' : 'proven',
      step: theirs === null ? null : bookOrder(reportOf(gap, theirs, context)),
      evidence: orderEvidence(gap, context),
    };
  },
};

/** An order of ours without a match, and one there alike: which id is whose is not known. */
const twinText = ', which may be one order under two ids';

function reasonOf({ how, lines }: OrderGap): Reason | null {
  if (how === 'foreign') return 'ORDER_FOREIGN';
  if (how === 'ghost') return 'ORDER_GHOST';
  if (how === 'lost') return 'ORDER_LOST';
  const fields = new Set(lines.map((line) => line.detail));
  if (fields.has('price') || fields.has('quantity')) return 'PRICE_OR_QUANTITY_WRONG';
  return fields.has('status') ? 'LATE_ARRIVAL' : null;
}

/** The venue's word as a report of ours; what it leaves out stays as it was. */
function reportOf(
  { ours }: OrderGap,
  theirs: StatementOrder,
  { book, statement }: CauseContext,
): OrderReport {
  const before = ours?.report ?? null;
  return {
    kind: 'order',
    account: book.account,
    instrument: theirs.instrument,
    leg: theirs.leg,
    orderId: theirs.orderId,
    clientOrderId: theirs.clientOrderId ?? before?.clientOrderId ?? null,
    side: theirs.side,
    type: theirs.type ?? before?.type ?? 'unknown',
    quantity: theirs.quantity,
    price: theirs.price ?? before?.price ?? null,
    filled: theirs.filled,
    averagePrice: theirs.averagePrice ?? before?.averagePrice ?? null,
    status: theirs.status === 'unknown' ? (before?.status ?? 'unknown') : theirs.status,
    reduceOnly: theirs.reduceOnly,
    time: theirs.time ?? statement.asOf,
  };
}

export function orderEvidence(
  { ours, theirs }: OrderGap,
  context: CauseContext,
): readonly Evidence[] {
  const row = { what: 'order', effect: null, sequence: null };
  const { statement, theirsParty } = context;
  const evidence: Evidence[] = [];
  if (ours !== null) {
    const { orderId: id, time: at } = ours.report;
    evidence.push({ ...row, at, id, source: 'book' });
  }
  if (theirs !== null) {
    const { orderId: id, time } = theirs;
    evidence.push({ ...row, at: time ?? statement.asOf, id, source: theirsParty });
  }
  return evidence;
}
