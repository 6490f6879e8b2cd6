/**
 * A fill that the venue took back. Its absence from a complete list alone does not say so; its own
 * word does: it reported the order as filled by more than it reports now, by just this fill.
 */
import { compare, equals, subtract } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import { reasonTitles } from '../../model/reason.ts';
import { isFill, orderIdentity } from '../gap.ts';
import { type Cause, evidenceOf, factText } from './cause.ts';
import { reverseFact } from './steps.ts';

export const fillBusted: Cause = {
  attribute(gap, { statement, orders, theirsParty }) {
    if (gap.kind !== 'extra' || gap.counterpart !== null || gap.twin !== null) return null;
    const { fact, sequence } = gap.ours;
    if (!isFill(fact) || fact.orderId === null) return null;
    const name = orderIdentity(fact.instrument, fact.orderId);
    const now = orders.listed(name)?.filled ?? null;
    const before = orders.booked(name)?.report ?? null;
    if (now === null || before === null || before.filled === null) return null;
    if (compare(before.filled, now) <= 0) return null;
    if (!equals(subtract(before.filled, fact.quantity), now)) return null;
    const reason = 'FILL_BUSTED';
    const row = { what: 'order', id: fact.orderId, source: theirsParty, sequence: null };
    return {
      ...{ gap, reason, title: reasonTitles[reason] },
      which:
        `${factText(fact)}: the order was reported as filled by ${toText(before.filled)}, and is ` +
        `by ${toText(now)}`,
      // Who made the earlier report is not known: a bot may have believed it.
      confidence: 'likely',
      step: reverseFact(gap.ours),
      evidence: [
        evidenceOf(fact, 'book', sequence),
        { ...row, at: before.time, effect: before.filled },
        { ...row, at: statement.asOf, effect: now },
      ],
    };
  },
};
