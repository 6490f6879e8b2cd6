/**
 * What could have made one line differ, where no id says it: each idea is tried on the numbers,
 * and leaves a residual. Ideas that leave nothing are candidates, at most likely; several of them
 * are ambiguous, and none is picked; the others are ruled out with what they leave. Only
 * executions that the venue lists, all of them and to the last unit, are proof.
 */
import { isZero } from '../../decimal/decimal.ts';
import { agedExit } from './aged-exit.ts';
import { beginning } from './beginning.ts';
import { SearchBudget } from './combination.ts';
import { countedTwice } from './counted-twice.ts';
import { deleveraging } from './deleveraging.ts';
import { earlierMoment } from './earlier-moment.ts';
import { feeInBase } from './fee-in-base.ts';
import {
  type Candidate,
  type DifferenceFacts,
  type Hypothesis,
  isFitting,
  type LineNames,
  nameOf,
  type Tried,
  type Weighed,
} from './idea.ts';
import { laterMoment } from './later-moment.ts';
import { liquidation } from './liquidation.ts';
import { lotRounding } from './lot-rounding.ts';
import { misapplied } from './misapplied.ts';
import { onItsWay } from './on-its-way.ts';
import { feeInOtherCoin, otherInstrument, otherLegOfFill } from './other-instrument.ts';
import { otherLeg, otherSymbol } from './other-line.ts';
import { contractSize, scaledSymbol } from './scale.ts';
import { splitRatio } from './split-ratio.ts';
import { fittingIn, type Looked, leavesOthers, type Together, togetherOf } from './together.ts';
import { type FromFacts, fromUnmatchedFacts } from './unmatched-facts.ts';
import { unseenOrder } from './unseen-order.ts';
import { wrongSide } from './wrong-side.ts';

export type { Candidate, DifferenceFacts, Weighed } from './idea.ts';

/** What takes more of a coincidence comes first; candidates are told in this order. */
const strong: readonly Hypothesis[] = [
  otherLeg,
  otherLegOfFill,
  otherSymbol,
  otherInstrument,
  feeInOtherCoin,
  wrongSide,
  countedTwice,
  onItsWay,
  feeInBase,
  splitRatio,
  contractSize,
  scaledSymbol,
];

const weak: readonly Hypothesis[] = [
  laterMoment,
  lotRounding,
  agedExit,
  unseenOrder,
  liquidation,
  deleveraging,
];

const last: readonly Hypothesis[] = [misapplied, beginning];

export const weigh = (facts: DifferenceFacts, budget = new SearchBudget()): Weighed =>
  weighTogether([facts], budget)[0]!;

/** Lines of one account: an idea that sets several of them right rules out what leaves some. */
export function weighTogether(
  lines: readonly DifferenceFacts[],
  budget = new SearchBudget(),
): readonly Weighed[] {
  const looked = lines.map((facts) => lookAt(facts, budget));
  const open = looked.filter(({ isProven }) => !isProven);
  const groups = togetherOf(open);
  const others = new Set(open.flatMap(({ id }) => (groups.has(id) ? [] : [id])));
  return looked.map((one) => verdictOn(one, groups.get(one.id) ?? null, others));
}

interface LookedAt extends Looked {
  readonly facts: DifferenceFacts;
  readonly found: FromFacts;
  readonly isProven: boolean;
  readonly strong: readonly Tried[];
  readonly weak: readonly Tried[];
  readonly last: readonly Tried[];
}

function lookAt(facts: DifferenceFacts, budget: SearchBudget): LookedAt {
  const found = fromUnmatchedFacts(facts, budget);
  const all = (ideas: readonly Hypothesis[]) => ideas.flatMap((idea) => idea(facts));
  const tried = { strong: all(strong), weak: all(weak), last: all(last) };
  // Of ours that they do not list none is proven wrong; what they list and ours lacks happened.
  const isProven = found.whole?.evidence.every(({ source }) => source === facts.theirsParty);
  return {
    ...{ facts, found, id: nameOf(facts), isProven: isProven ?? false, ...tried },
    tried: [...chosenOf(found), ...tried.strong, ...tried.weak, ...tried.last],
  };
}

const chosenOf = ({ whole, chosen }: FromFacts) => (whole === null ? chosen : [whole]);

/** `others`: lines that no idea binds; an earlier moment has to fit all of them, or the group. */
function verdictOn(one: LookedAt, group: Together | null, others: LineNames): Weighed {
  const { facts, found, id } = one;
  const { ruledOut, gaveUp } = found;
  const moments = earlierMoment(facts, group?.lines ?? others);
  // Everything was once flat: that takes no coincidence.
  const [early, late] = isZero(facts.theirs) ? [[], moments] : [moments, []];
  const tried = [...one.strong, ...early, ...one.weak, ...late, ...one.last];
  const against = [...ruledOut, ...tried.filter((each) => !isFitting(each))].map(ruledOutOf);
  if (one.isProven) {
    const candidates = [candidateOf(found.whole!)];
    return { candidates, ruledOut: against, gaveUp, confidence: 'proven' };
  }
  const own = [...chosenOf(found), ...tried.filter(isFitting)];
  const fitting = group === null ? own : fittingIn(id, own, group);
  const left = own.flatMap((each) =>
    fitting.includes(each) ? [] : [ruledOutOf(leavesOthers(each, group!, id))],
  );
  const confidence = fitting.length > 0 ? 'likely' : 'unexplained';
  const candidates = fitting.map(candidateOf);
  return { candidates, ruledOut: [...against, ...left], gaveUp, confidence };
}

const candidateOf = ({ reason, name, sentence, evidence, reach }: Tried): Candidate => ({
  ...{ reason, name, sentence, evidence, reach },
});

const ruledOutOf = ({ reason, residual, sentence }: Tried) => ({ reason, residual, why: sentence });
