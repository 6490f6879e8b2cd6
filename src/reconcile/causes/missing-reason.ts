/** Why a line differs by a fact that was not booked: by the kind of the fact. */
import type { CashKind, Fill } from '../../model/fact.ts';
import type { Reason } from '../../model/reason.ts';
import type { ListedFact } from '../book-side.ts';
import { isFill } from '../gap.ts';

const ofCash: Readonly<Record<CashKind, Reason>> = {
  deposit: 'TRANSFER_MISSING',
  withdrawal: 'TRANSFER_MISSING',
  transfer: 'TRANSFER_MISSING',
  funding: 'FUNDING_MISSING',
  interest: 'INTEREST_MISSING',
  dividend: 'CORPORATE_ACTION_MISSING',
  fee: 'FEE_MISSING',
  // A cost that the venue takes, as a fee is: the list has no other word for it.
  tax: 'FEE_MISSING',
  adjustment: 'UNEXPLAINED',
};

/** Forced by the venue, as opposed to our own orders. */
export const isForced = ({ cause }: Fill): boolean => cause === 'liquidation' || cause === 'adl';

export function missingReasonOf(fact: ListedFact): Reason {
  if (!isFill(fact)) return ofCash[fact.kind];
  return isForced(fact) ? 'LIQUIDATION_MISSING' : 'FILL_MISSING';
}
