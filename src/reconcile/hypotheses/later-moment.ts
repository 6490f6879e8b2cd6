/** Theirs holds facts that our clock dates after it: one of the two clocks is wrong. */
import { add, equals, isZero } from '../../decimal/decimal.ts';
import { counted } from '../../model/amount.ts';
import { addMilliseconds, instantText } from '../../model/instant.ts';
import type { ListedFact } from '../book-side.ts';
import { evidenceOf } from '../causes/cause.ts';
import { effectOn } from './effect.ts';
import { fits, type Hypothesis } from './idea.ts';

/** No two time zones are further apart. */
const laterMaxMs = 26 * 3_600_000;

export const laterMoment: Hypothesis = (facts) => {
  const { booked, asOf, theirs, oursParty } = facts;
  const until = addMilliseconds(asOf, laterMaxMs);
  let held = facts.ours;
  const heldSince: ListedFact[] = [];
  for (const fact of booked) {
    if (fact.time <= asOf) continue;
    const effect = fact.time > until ? null : effectOn(fact, facts);
    if (effect === null) return [];
    if (isZero(effect)) continue;
    held = add(held, effect);
    heldSince.push(fact);
    if (!equals(held, theirs)) continue;
    const sentence =
      `theirs holds ${counted(heldSince.length, 'fact')} that ours dates after it, up to ` +
      instantText(fact.time);
    const evidence = heldSince.map((one) => evidenceOf(one, oursParty));
    return [fits('CLOCK_SKEW', 'clocks that differ', sentence, evidence)];
  }
  return [];
};
