/**
 * Theirs is what ours was before the newest facts: they looked earlier than they say. Where a list
 * of theirs holds those facts, or other lines that they move agree, only a part of it is earlier.
 */
import { type Decimal, equals, isZero, subtract } from '../../decimal/decimal.ts';
import { counted } from '../../model/amount.ts';
import { addMilliseconds, instantText } from '../../model/instant.ts';
import type { ListedFact } from '../book-side.ts';
import { evidenceOf } from '../causes/cause.ts';
import { effectOn, movedBy } from './effect.ts';
import { type DifferenceFacts, fits, type Hypothesis, type Tried } from './idea.ts';

/** What lies further back is no snapshot that came late. */
const earlierMaxMs = 86_400_000;

/** Moments for which the whole book is folded again. */
const wholeMax = 5;

export const earlierMoment: Hypothesis = (facts) => (isZero(facts.theirs) ? [] : earlier(facts));

/** Everything was once flat: that takes no coincidence. */
export const beforeOpened: Hypothesis = (facts) => (isZero(facts.theirs) ? earlier(facts) : []);

function earlier(facts: DifferenceFacts): readonly Tried[] {
  const { booked, asOf, theirs } = facts;
  const since = addMilliseconds(asOf, -earlierMaxMs);
  let held: Decimal | null = facts.ours;
  const undone: ListedFact[] = [];
  for (const fact of booked.toReversed()) {
    if (fact.time > asOf) continue;
    const effect = effectOn(fact, facts);
    if (fact.time < since) return [];
    if (effect !== null && isZero(effect)) continue;
    undone.push(fact);
    // What a contract realises is known of the whole book alone.
    if (effect === null || held === null) {
      held = null;
      if (undone.length > wholeMax || facts.whole === undefined) return [];
      if (facts.whole.before(fact.time) === true) return [triedOf(facts, undone)];
      continue;
    }
    held = subtract(held, effect);
    if (!equals(held, theirs)) continue;
    if (facts.whole?.before(fact.time) !== false) return [triedOf(facts, undone)];
  }
  return [];
}

function triedOf(facts: DifferenceFacts, undone: readonly ListedFact[]): Tried {
  const first = undone.at(-1)!;
  const evidence = undone.map((fact) => evidenceOf(fact, facts.oursParty));
  const less = `${counted(undone.length, 'fact')} less`;
  const before = `what ours was before ${instantText(first.time)} (${less})`;
  const why = whyTorn(facts, undone);
  return why === null
    ? fits('SNAPSHOT_STALE', 'an earlier moment', `theirs is ${before}: an old answer`, evidence)
    : fits('SNAPSHOT_TORN', 'two moments', `theirs is ${before}, and ${why}`, evidence);
}

/** What of theirs is as new as the facts; null: nothing is known to be. */
function whyTorn(facts: DifferenceFacts, undone: readonly ListedFact[]): string | null {
  const { listedSince = null, agreeing } = facts;
  if (listedSince !== null && undone.every(({ time }) => time >= listedSince)) {
    return 'its own list holds what came since';
  }
  const moved = undone.flatMap((fact) => [...movedBy(fact)]);
  const newer = moved.find((id) => agreeing?.has(id));
  return newer === undefined ? null : 'other lines that this moved agree';
}
