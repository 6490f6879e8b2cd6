/** One fact by id, of which book and venue tell a field differently. */
import { isZero } from '../../decimal/decimal.ts';
import type { Party } from '../../model/break.ts';
import { instantText } from '../../model/instant.ts';
import { instrumentFromName } from '../../model/instrument.ts';
import { type Reason, reasonTitles } from '../../model/reason.ts';
import type { Statement } from '../../model/statement.ts';
import type { BookedItem, ListedFact } from '../book-side.ts';
import { isOpposite } from '../fact-content.ts';
import { type ConflictingFact, type FieldDifference, isFill, type WithdrawnFact } from '../gap.ts';
import { type Attribution, type Cause, evidenceOf, factText } from './cause.ts';
import { correctFact } from './steps.ts';

export const factConflict: Cause = {
  attribute(gap, { statement, theirsParty, factorOf }) {
    if (gap.kind !== 'conflict') return null;
    if (isOlderThanChange(gap.ours, statement)) return olderThanChange(gap, theirsParty);
    const { ours, theirs, fields } = gap;
    const [first] = fields;
    const isScaled = first!.field === 'quantity' && factorOf(theirs.instrument!) !== null;
    const reason = isScaled ? 'MULTIPLIER_WRONG' : reasonOf(first!, theirs, ours.fact);
    const timeOnly = first!.field === 'time';
    const told = fields.map((one) => `${one.field} ${one.oursText} is ${one.theirsText}`);
    return {
      ...{ gap, reason, title: reasonTitles[reason] },
      which: `${factText(theirs)}: ${told.join(', ')}`,
      // That the times differ is seen; that a clock or time zone made them differ is a guess.
      confidence: timeOnly ? 'likely' : 'proven',
      step: timeOnly ? null : correctFact(ours, theirs),
      evidence: [evidenceOf(ours.fact, 'book', ours.sequence), evidenceOf(theirs, theirsParty)],
    };
  },
};

/** What was corrected or taken back since is told by a statement as it was. */
export const isOlderThanChange = ({ changedAt }: BookedItem, { asOf }: Statement): boolean =>
  changedAt !== undefined && changedAt > asOf;

/** Nothing is set right by a statement that could not know. */
export function olderThanChange(
  gap: ConflictingFact | WithdrawnFact,
  theirsParty: Party,
): Attribution {
  const { ours, theirs } = gap;
  const reason = 'SNAPSHOT_STALE';
  return {
    ...{ gap, reason, title: reasonTitles[reason] },
    which: `${factText(theirs)} was changed at ${instantText(ours.changedAt!)}`,
    confidence: 'likely',
    step: null,
    evidence: [evidenceOf(ours.fact, 'book', ours.sequence), evidenceOf(theirs, theirsParty)],
  };
}

function reasonOf(
  { field, ours, theirs }: FieldDifference,
  fact: ListedFact,
  booked: ListedFact,
): Reason {
  const opposite = ours !== null && theirs !== null && isOpposite(ours, theirs);
  switch (field) {
    case 'quantity':
    case 'price':
      return 'PRICE_OR_QUANTITY_WRONG';
    case 'amount':
      if (opposite) return 'SIGN_WRONG';
      return fact.kind === 'fee' ? 'FEE_AMOUNT_WRONG' : 'PRICE_OR_QUANTITY_WRONG';
    case 'currency':
      return fact.kind === 'fee' ? 'FEE_CURRENCY_WRONG' : 'SYMBOL_CONFUSED';
    case 'fee':
      if (opposite) return 'SIGN_WRONG';
      return isInBaseAlone(fact, booked) ? 'FEE_CURRENCY_WRONG' : 'FEE_AMOUNT_WRONG';
    case 'fee-currency':
      return 'FEE_CURRENCY_WRONG';
    case 'time':
      return 'CLOCK_SKEW';
  }
}

/** None was looked for in the coin that was traded, where it was taken. */
function isInBaseAlone(fact: ListedFact, booked: ListedFact): boolean {
  if (!isFill(fact) || !isFill(booked)) return false;
  const charged = (fact.fees ?? []).filter(({ amount }) => !isZero(amount));
  const base = instrumentFromName('', fact.instrument)?.base;
  const none = (booked.fees ?? []).every(({ amount }) => isZero(amount));
  return none && charged.length > 0 && charged.every(({ currency }) => currency === base);
}
