/**
 * Theirs is what ours was before the newest facts: they looked earlier than they say. Where a list
 * of theirs holds those facts, or lines that they move are as they are now, only a part is earlier.
 */
import { type Decimal, equals, isZero, subtract } from '../../decimal/decimal.ts';
import { counted } from '../../model/amount.ts';
import { addMilliseconds, instantText } from '../../model/instant.ts';
import type { ListedFact } from '../book-side.ts';
import { evidenceOf } from '../causes/cause.ts';
import { effectOn, movedBy } from './effect.ts';
import { type DifferenceFacts, fits, type LineNames, type Tried } from './idea.ts';

/** What lies further back is no snapshot that came late. */
const earlierMaxMs = 86_400_000;

/** Moments for which the whole book is folded again, of one line. */
const wholeMax = 30;

/** `together`: lines that have one cause, of which none may be of another moment. */
export function earlierMoment(facts: DifferenceFacts, together: LineNames): readonly Tried[] {
  const { booked, asOf, theirs, whole } = facts;
  const since = addMilliseconds(asOf, -earlierMaxMs);
  const past = booked.filter(({ time }) => time <= asOf && time >= since).reverse();
  let held: Decimal | null = facts.ours;
  let torn: Tried | null = null;
  let folds = 0;
  const undone: ListedFact[] = [];
  for (const [index, fact] of past.entries()) {
    const effect = effectOn(fact, facts);
    if (effect !== null && isZero(effect)) continue;
    undone.push(fact);
    // What a contract realises is known of the whole book alone.
    held = effect === null || held === null ? null : subtract(held, effect);
    if (held !== null && !equals(held, theirs)) continue;
    // No moment lies between facts of one time.
    if (past[index + 1]?.time === fact.time) continue;
    folds += 1;
    const moment = folds > wholeMax ? null : (whole?.before(fact.time) ?? null);
    if (moment === null) {
      if (held === null) break;
      return [triedOf(facts, undone, null, whyTorn(facts, undone))];
    }
    if (![...together].every((id) => moment.right.has(id))) continue;
    const why = whyListed(facts, undone) ?? (moment.isTorn ? asNow : null);
    const tried = triedOf(facts, undone, moment.right, why);
    if (why === null) return [tried];
    torn ??= tried;
  }
  return torn === null ? [] : [torn];
}

const asNow = 'other lines that moved since are as they are now';

function triedOf(
  { oursParty }: DifferenceFacts,
  undone: readonly ListedFact[],
  lines: LineNames | null,
  why: string | null,
): Tried {
  const first = undone.at(-1)!;
  const evidence = undone.map((fact) => evidenceOf(fact, oursParty));
  const less = `${counted(undone.length, 'fact')} less`;
  const before = `what ours was before ${instantText(first.time)} (${less})`;
  const reach = lines === null ? null : { lines, binds: false };
  return why === null
    ? fits(
        'SNAPSHOT_STALE',
        'an earlier moment',
        `theirs is ${before}: an old answer`,
        evidence,
        reach,
      )
    : fits('SNAPSHOT_TORN', 'two moments', `theirs is ${before}, and ${why}`, evidence, reach);
}

function whyListed(facts: DifferenceFacts, undone: readonly ListedFact[]): string | null {
  const { listedSince = null } = facts;
  const isListed = listedSince !== null && undone.every(({ time }) => time >= listedSince);
  return isListed ? 'its own list holds what came since' : null;
}

/** What of theirs is as new as the facts; null: nothing is known to be. */
function whyTorn(facts: DifferenceFacts, undone: readonly ListedFact[]): string | null {
  const moved = undone.flatMap((fact) => [...movedBy(fact)]);
  const newer = moved.find((id) => facts.agreeing?.has(id));
  return whyListed(facts, undone) ?? (newer === undefined ? null : asNow);
}
