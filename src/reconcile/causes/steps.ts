/** The steps that repairs are made of. */
import { equals } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import type { Correction, Fill, OrderReport } from '../../model/fact.ts';
import { instantText } from '../../model/instant.ts';
import type { BookedItem, ListedFact } from '../book-side.ts';
import { noChange } from '../book-side.ts';
import { digestOf } from '../digest.ts';
import { completed } from '../fact-content.ts';
import { identityOf, idOf, isFill } from '../gap.ts';
import type { RepairStep } from './cause.ts';

export const bookFact = (fact: ListedFact): RepairStep => ({
  action: 'book',
  id: idOf(fact),
  fact,
  target: null,
  change: { ...noChange, add: [fact] },
});

/** Booked again with what was lacking: the journal completes the entry that it has. */
export const completeFact = (ours: BookedItem, theirs: ListedFact): RepairStep => ({
  action: 'book',
  id: idOf(theirs),
  fact: theirs,
  target: ours.sequence,
  change: {
    ...noChange,
    replace: [{ sequence: ours.sequence, fact: completed(ours.fact, theirs) }],
  },
});

export const reverseFact = (ours: BookedItem): RepairStep => ({
  action: 'reverse',
  id: `reverse-${digestOf([ours.fact.account, identityOf(ours.fact)])}`,
  fact: null,
  target: ours.sequence,
  change: { ...noChange, remove: [ours.sequence] },
});

/** Of a fill: a correction of the fields that differ. Of a cash flow: the fact as it should be. */
export function correctFact(ours: BookedItem, theirs: ListedFact): RepairStep {
  const after = completed(ours.fact, theirs);
  const id = `correct-${digestOf([after.account, identityOf(after), contentText(after)])}`;
  const fact = isFill(ours.fact) && isFill(after) ? correctionOf(ours.fact, after, id) : after;
  return {
    action: 'correct',
    id,
    fact,
    target: ours.sequence,
    change: { ...noChange, replace: [{ sequence: ours.sequence, fact: after }] },
  };
}

const contentText = (fact: ListedFact): string =>
  isFill(fact)
    ? [toText(fact.quantity), toText(fact.price), feesText(fact)].join(' ')
    : [toText(fact.amount), fact.currency, feesText(fact)].join(' ');

function feesText(fact: ListedFact): string {
  const fees = isFill(fact) ? fact.fees : fact.fee === null ? null : [fact.fee];
  return fees?.map(({ amount, currency }) => `${toText(amount)} ${currency}`).join('+') ?? '';
}

function correctionOf(before: Fill, after: Fill, correctionId: string): Correction {
  return {
    kind: 'correction',
    account: before.account,
    correctionId,
    executionId: before.executionId,
    instrument: before.instrument,
    side: before.side,
    leg: before.leg,
    price: equals(before.price, after.price) ? null : after.price,
    quantity: equals(before.quantity, after.quantity) ? null : after.quantity,
    fees: after.fees === before.fees ? null : after.fees,
    // As of the fill, so that the same correction is the same fact whenever it is planned.
    time: before.time,
  };
}

export const bookOrder = (report: OrderReport): RepairStep => ({
  action: 'book',
  id: `${report.orderId} ${instantText(report.time)}`,
  fact: report,
  target: null,
  change: { ...noChange, orders: [report] },
});
