/**
 * An order that the venue says is filled by more than the fills that are booked: a fill is
 * missing, of that quantity, though no list holds it. Comes before the other causes of an order.
 */
import { type Decimal, isPositive, negate, subtract, total } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import { reasonTitles } from '../../model/reason.ts';
import { type OrderGap, orderIdentity } from '../gap.ts';
import { instrumentOf, isComplete } from '../scope.ts';
import { filledLineOf, type HeldName } from '../touch.ts';
import type { Cause, CauseContext } from './cause.ts';
import { orderEvidence } from './order-state.ts';

export const orderFilled: Cause = {
  attribute(gap, context) {
    if (gap.kind !== 'order' || gap.theirs === null) return null;
    const filled = filledLineOf(gap);
    if (filled?.difference == null) return null;
    const left = subtract(filled.difference, missingOf(gap, context));
    if (!isPositive(left)) return null;
    const { side, instrument, orderId, leg } = gap.theirs;
    const listed = listsItsTime(gap, context);
    const reason = listed ? 'VENUE_INCONSISTENT' : 'FILL_MISSING';
    const terms = instrumentOf(context.book, instrument);
    const line: HeldName =
      terms?.type === 'spot'
        ? { what: 'balance', key: terms.base, leg: null }
        : { what: 'position', key: instrument, leg };
    const text = `${side} ${toText(left)} ${instrument} of order ${orderId}`;
    const why = listed
      ? 'filled, and its complete list does not hold it'
      : 'filled, and not listed';
    return {
      ...{ gap, reason, title: reasonTitles[reason], which: `${text} (${why})` },
      // How much is the venue's word; at which price, in how many parts and when is not known.
      confidence: 'likely',
      step: null,
      carries: [{ line, amount: side === 'buy' ? left : negate(left), mayAgree: listed }],
      evidence: orderEvidence(gap, context),
    };
  },
};

/** What listed executions of the order will add once they are booked. */
function missingOf({ theirs, ours }: OrderGap, { missingOf: of }: CauseContext): Decimal {
  const names = [theirs, ours?.report].flatMap((one) =>
    one == null ? [] : [orderIdentity(one.instrument, one.orderId)],
  );
  return total([...new Set(names)].map(of));
}

/** A complete list covers the order's whole life: what is not in it did not happen, it says. */
function listsItsTime({ ours, theirs }: OrderGap, { statement }: CauseContext): boolean {
  const { executions, asOf } = statement;
  if (executions === null || !isComplete(executions)) return false;
  const { from, to } = executions;
  const since = ours?.report.time ?? theirs?.time ?? null;
  return from !== null && to !== null && since !== null && from <= since && to >= asOf;
}
