/**
 * What could have made one line differ, where no id says it: each idea is tried on the numbers,
 * and leaves a residual. Ideas that leave nothing are candidates, at most likely; several of them
 * are ambiguous, and none is picked; the others are ruled out with what they leave. Only
 * executions that the venue lists, all of them and to the last unit, are proof.
 */
import { agedExit } from './aged-exit.ts';
import { beginning } from './beginning.ts';
import { SearchBudget } from './combination.ts';
import { countedTwice } from './counted-twice.ts';
import { deleveraging } from './deleveraging.ts';
import { beforeOpened, earlierMoment } from './earlier-moment.ts';
import { feeInBase } from './fee-in-base.ts';
import {
  type Candidate,
  type DifferenceFacts,
  type Hypothesis,
  isFitting,
  type Tried,
  type Weighed,
} from './idea.ts';
import { laterMoment } from './later-moment.ts';
import { liquidation } from './liquidation.ts';
import { lotRounding } from './lot-rounding.ts';
import { misapplied } from './misapplied.ts';
import { onItsWay } from './on-its-way.ts';
import { feeInOtherCoin, otherInstrument } from './other-instrument.ts';
import { otherLeg, otherSymbol } from './other-line.ts';
import { contractSize, scaledSymbol } from './scale.ts';
import { splitRatio } from './split-ratio.ts';
import { fromUnmatchedFacts } from './unmatched-facts.ts';
import { unseenOrder } from './unseen-order.ts';
import { wrongSide } from './wrong-side.ts';

export type { Candidate, DifferenceFacts, Weighed } from './idea.ts';

/** What takes more of a coincidence comes first; candidates are told in this order. */
export const hypotheses: readonly Hypothesis[] = [
  otherLeg,
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
  earlierMoment,
  laterMoment,
  lotRounding,
  agedExit,
  unseenOrder,
  liquidation,
  deleveraging,
  beforeOpened,
  misapplied,
  beginning,
];

export function weigh(facts: DifferenceFacts, budget = new SearchBudget()): Weighed {
  const { whole, chosen, ruledOut, gaveUp } = fromUnmatchedFacts(facts, budget);
  const tried = hypotheses.flatMap((hypothesis) => hypothesis(facts));
  const against = [...ruledOut, ...tried.filter((one) => !isFitting(one))].map(ruledOutOf);
  // Of ours that they do not list none is proven wrong; what they list and ours lacks happened.
  if (whole?.evidence.every(({ source }) => source === facts.theirsParty)) {
    const candidates = [candidateOf(whole)];
    return { candidates, ruledOut: against, gaveUp, confidence: 'proven' };
  }
  const fitting = [...(whole === null ? chosen : [whole]), ...tried.filter(isFitting)];
  const confidence = fitting.length > 0 ? 'likely' : 'unexplained';
  return { candidates: fitting.map(candidateOf), ruledOut: against, gaveUp, confidence };
}

const candidateOf = ({ reason, name, sentence, evidence }: Tried): Candidate => ({
  ...{ reason, name, sentence, evidence },
});

const ruledOutOf = ({ reason, residual, sentence }: Tried) => ({ reason, residual, why: sentence });
