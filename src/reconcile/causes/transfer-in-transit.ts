/**
 * A transfer that is booked and has not arrived: no break, but said. Between accounts of a venue
 * it may take two hours, on a chain a day; after that it is a fact that the venue does not list.
 */
import { negate } from '../../decimal/decimal.ts';
import type { CashFact } from '../../model/fact.ts';
import { millisecondsBetween } from '../../model/instant.ts';
import { reasonTitles } from '../../model/reason.ts';
import { amountOf } from '../compare-facts.ts';
import { isCash } from '../gap.ts';
import { type Cause, evidenceOf, factText } from './cause.ts';

const hour = 3_600_000;
/** With a counter account it stays within one venue or its owner's; without one, on a chain. */
const insideMaxMs = 2 * hour;
const onChainMaxMs = 24 * hour;

/** How long a transfer may be on its way. */
export const mayTakeMsOf = ({ counterAccount }: CashFact): number =>
  counterAccount === null ? onChainMaxMs : insideMaxMs;

export const transferInTransit: Cause = {
  attribute(gap, { statement }) {
    if (gap.kind !== 'extra' || gap.counterpart !== null || gap.twin !== null) return null;
    const { fact, sequence } = gap.ours;
    if (!isCash(fact) || fact.kind !== 'transfer') return null;
    const mayTakeMs = mayTakeMsOf(fact);
    if (millisecondsBetween(fact.time, statement.asOf) >= mayTakeMs) return null;
    const reason = 'TRANSFER_IN_TRANSIT';
    const line = { what: 'balance', key: fact.currency, leg: null } as const;
    return {
      ...{ gap, reason, title: reasonTitles[reason] },
      which: `${factText(fact)}, which may take ${mayTakeMs / hour} hours`,
      confidence: 'likely',
      step: null,
      carries: [{ line, amount: negate(amountOf(fact)) }],
      evidence: [evidenceOf(fact, 'book', sequence)],
    };
  },
};
