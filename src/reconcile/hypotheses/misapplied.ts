/** One booked fact too many: without it nothing is over, and no list holds it. */
import { equals, negate } from '../../decimal/decimal.ts';
import type { ListedFact } from '../book-side.ts';
import { evidenceOf, factText } from '../causes/cause.ts';
import { effectOn, unmatchedOn } from './effect.ts';
import {
  bound,
  type DifferenceFacts,
  differenceIn,
  fits,
  type Hypothesis,
  isListed,
  type LineNames,
  type Tried,
} from './idea.ts';

/** Of more that fit each by itself, the rest is only counted. */
const namedMax = 3;

export const misapplied: Hypothesis = (facts) => {
  const { booked, asOf, whole } = facts;
  // The unmatched are looked through by themselves, where it is known what they moved.
  const unmatched = new Set(unmatchedOn(facts) === null ? [] : facts.unmatched);
  const wanted = negate(differenceIn(facts));
  const found = booked.flatMap((fact): Extra[] => {
    if (fact.time > asOf || unmatched.has(fact)) return [];
    const effect = effectOn(fact, facts);
    if (effect === null || !equals(effect, wanted) || isListed(facts, fact)) return [];
    const right = whole?.without([fact]) ?? null;
    return right === false ? [] : [{ fact, right }];
  });
  const alike = Map.groupBy(found, ({ right }) => [...(right ?? [])].sort().join('\t'));
  return Array.from(alike.values(), (all) => triedOf(all, facts));
};

interface Extra {
  readonly fact: ListedFact;
  readonly right: LineNames | null;
}

/** Facts that set the same lines right. */
function triedOf(found: readonly Extra[], { oursParty }: DifferenceFacts): Tried {
  const facts = found.map(({ fact }) => fact);
  const named = facts.slice(0, namedMax).map(factText).join(', or ');
  const more = facts.length > namedMax ? `, or one of ${facts.length - namedMax} more` : '';
  const sentence = `it does not belong here: ${named}${more}`;
  const evidence = facts.slice(0, namedMax).map((fact) => evidenceOf(fact, oursParty));
  const reach = bound(found[0]!.right);
  return fits('FILL_MISAPPLIED', 'one fact too many', sentence, evidence, reach);
}
