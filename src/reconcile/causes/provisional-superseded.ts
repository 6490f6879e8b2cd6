/**
 * A provisional fill, inferred from an order of a bot, beside the venue's own fills of that order.
 * The inferred one is taken back; those of the venue that are missing are booked by their own
 * cause. One order id and one sum are proof; a sum that differs, or fills that are only alike, are
 * likely.
 */
import { isZero } from '../../decimal/decimal.ts';
import type { Party } from '../../model/break.ts';
import { type Superseded, supersededText } from '../inferred.ts';
import { type Cause, evidenceOf } from './cause.ts';
import { reverseFact } from './steps.ts';

export const provisionalSuperseded: Cause = {
  attribute(gap, { theirsParty }) {
    if (gap.kind !== 'superseded') return null;
    return { gap, reason: 'FILL_DUPLICATED', ...supersededBooked(gap, theirsParty) };
  },
};

/** `from`: whose word the fills are. What is only listed is the evidence of its own cause. */
export function supersededBooked(one: Superseded, from: Party = 'book') {
  const { ours, by, real, over } = one;
  const confidence: 'proven' | 'likely' = by === 'order' && isZero(over) ? 'proven' : 'likely';
  const booked = real.filter(({ sequence }) => sequence !== 0);
  return {
    ...{ title: 'An inferred fill stands beside the venue’s own fills of its order', confidence },
    which: supersededText(one),
    step: { ...reverseFact(ours), supersedes: confidence },
    evidence: [
      evidenceOf(ours.fact, 'book', ours.sequence),
      ...booked.map(({ sequence, fact }) => evidenceOf(fact, from, sequence)),
    ],
  };
}
