/** Theirs holds facts that our clock dates after it: one of the two clocks is wrong. */
import { add, type Decimal, equals, isZero } from '../../decimal/decimal.ts';
import { counted } from '../../model/amount.ts';
import { addMilliseconds, instantText } from '../../model/instant.ts';
import type { ListedFact } from '../book-side.ts';
import { evidenceOf } from '../causes/cause.ts';
import { effectOn } from './effect.ts';
import { bound, type DifferenceFacts, fits, type Hypothesis, nameOf, type Tried } from './idea.ts';

/** No two time zones are further apart. */
const laterMaxMs = 26 * 3_600_000;

export const laterMoment: Hypothesis = (facts) => {
  const { booked, asOf, theirs } = facts;
  const until = addMilliseconds(asOf, laterMaxMs);
  let held: Decimal | null = facts.ours;
  const since: ListedFact[] = [];
  for (const fact of booked) {
    if (fact.time <= asOf) continue;
    if (fact.time > until) return [];
    const effect = effectOn(fact, facts);
    if (effect !== null && isZero(effect)) continue;
    held = effect === null || held === null ? null : add(held, effect);
    since.push(fact);
    // What a contract realises is known of the whole book alone.
    if (held !== null && !equals(held, theirs)) continue;
    const right = facts.whole?.instead(since.map((one) => [one, { ...one, time: asOf }])) ?? null;
    if (right === null && held === null) return [];
    if (right === null) return [triedOf(since, facts)];
    if (right !== false && right.has(nameOf(facts))) {
      return [{ ...triedOf(since, facts), reach: bound(right) }];
    }
  }
  return [];
};

function triedOf(since: readonly ListedFact[], { oursParty }: DifferenceFacts): Tried {
  const sentence =
    `theirs holds ${counted(since.length, 'fact')} that ours dates after it, up to ` +
    instantText(since.at(-1)!.time);
  const evidence = since.map((one) => evidenceOf(one, oursParty));
  return fits('CLOCK_SKEW', 'clocks that differ', sentence, evidence);
}
