/**
 * Why a stored quantity is not what is held. The store is the truth as of an earlier moment: where
 * the leg held what is stored, the executions after that are what the bot missed. Where it never
 * did, the ideas without direct evidence are weighed.
 */
import { add, equals, isZero, negate, signOf } from '../../decimal/decimal.ts';
import { counted } from '../../model/amount.ts';
import type { IdeaThatFits } from '../../model/break.ts';
import type { Instant } from '../../model/instant.ts';
import { toldOf } from '../hypotheses/telling.ts';
import { weigh } from '../hypotheses/weigh.ts';
import type { CaseWrites } from '../row-writes.ts';
import { momentText } from '../source/words.ts';
import { closedPosition, reduces } from './closed-position.ts';
import {
  type EarlierTruth,
  type Ending,
  earlierTruths,
  endingOf,
  type LegHistory,
  type StatesFound,
  sinceFlat,
  sumOf,
  sureOf,
} from './leg-history.ts';
import { phantomWithoutState } from './phantom.ts';
import { adoption, closeWrites, heldNow, quantityWrites, together } from './row-changes.ts';
import {
  type CauseFound,
  closeNote,
  historyDoubt,
  partyOf,
  placeOf,
  type RowContext,
  residualOf,
  storedText,
} from './row-context.ts';
import {
  arithmetic,
  executionEvidence,
  executionsText,
  heldText,
  missedReason,
  rowText,
} from './telling.ts';

export function rowCause(context: RowContext): CauseFound {
  const { placed, history, moments } = context;
  const states = earlierTruths(history, placed.quantity, moments);
  const [first, ...more] = states.found;
  if (first === undefined) return withoutState(context, states);
  return asOfEarlier(context, states, first, more);
}

const isCertain = ({ input }: RowContext, { complete, found }: StatesFound): boolean =>
  input.truth.proven && complete && found.length === 1;

function asOfEarlier(
  context: RowContext,
  states: StatesFound,
  first: EarlierTruth,
  more: readonly EarlierTruth[],
): CauseFound {
  const { placed, history } = context;
  // Of several moments the last one takes the fewest executions to have been missed.
  const chosen = more.at(-1) ?? first;
  const ending = endingOf(history, chosen.missed, placed.quantity);
  const isPhantom = isZero(history.held);
  const certain = isCertain(context, states);
  const writes = writesFor(context, chosen, ending);
  const foreign = ending === null ? growthByOthers(context, chosen) : null;
  return {
    reason: isPhantom ? 'POSITION_PHANTOM' : missedReason(chosen.missed),
    confidence: certain ? 'proven' : 'likely',
    explanation: {
      sentence:
        storedSentence(context, chosen) +
        doubtOf(context, states) +
        (foreign === null ? '' : ` ${foreign}`),
      evidence: chosen.missed.map((step) => executionEvidence(step, partyOf(context))),
      ...residualOf(context, add(placed.quantity, sumOf(chosen.missed))),
      ruledOut: [],
      ...(states.found.length > 1 ? { candidates: states.found.map(candidateOf) } : {}),
    },
    writes: writes && { ...writes, proven: certain && foreign === null },
  };
}

function storedSentence(context: RowContext, { at, missed }: EarlierTruth): string {
  const { placed, history } = context;
  const when = at === null ? 'before the first execution listed' : `as of ${momentText(at)}`;
  const came = missed.length === 1 ? 'an execution came' : `${missed.length} executions came`;
  return (
    `${storedText(context)}, which it was at ${placeOf(context)} ${when}; after that ${came} ` +
    `that the store does not know: ${executionsText(missed)}. ` +
    `${arithmetic(placed.quantity, missed, history.held)}.`
  );
}

/** Why it is no proof; empty where it is. */
function doubtOf(context: RowContext, states: StatesFound): string {
  if (isCertain(context, states)) return '';
  if (states.found.length > 1) {
    const moments = `${states.found.length} moments`;
    return ` The same was held at ${moments}: which of them the row stands for is not certain.`;
  }
  if (!states.complete) return ` ${historyDoubt(context)}`;
  return ` ${placeOf(context)} itself is not proven.`;
}

function candidateOf({ at, missed }: EarlierTruth): IdeaThatFits {
  const name = at === null ? 'since the beginning of the list' : `since ${momentText(at)}`;
  const sentence = `${counted(missed.length, 'execution')} missed ${name}`;
  return { reason: missedReason(missed), name, sentence };
}

/** A position that others made larger is the bot's only if a person says so. */
function growthByOthers({ own, placed }: RowContext, { missed }: EarlierTruth): string | null {
  const foreign = missed.filter((step) => !reduces(step) && !own.has(step.fill));
  if (foreign.length === 0) return null;
  const by = executionsText(foreign);
  return (
    `It grew by orders that the store does not know (${by}): whether ${rowText(placed)} ` +
    'follows, a person decides.'
  );
}

function writesFor(
  context: RowContext,
  { missed }: EarlierTruth,
  ending: Ending | null,
): Pick<CaseWrites, 'rows' | 'sentences'> | null {
  const { placed, history, input, own } = context;
  const { instrument, leg } = placed;
  const now = heldNow(input, instrument, leg, history.held);
  if (ending === null) return quantityWrites(placed, now, input, missed);
  const closed = closedPosition(instrument, ending.closing, ending.whole);
  const close = closeWrites(placed, closed, closeNote(context, ending.closing));
  const isOwn = ending.since.some((step) => !reduces(step) && own.has(step.fill));
  const position = isOwn ? sinceFlat(ending.since) : null;
  return together(close, position && adoption(instrument, position, now, own, input));
}

/** The store holds what was never held, as far as the executions go. */
function withoutState(context: RowContext, states: StatesFound): CauseFound {
  const { placed, history, input, moments, others } = context;
  const { instrument, leg, quantity } = placed;
  if (isZero(history.held)) return phantomWithoutState(context, states.complete);
  const weighed = weigh(
    {
      ...{ what: 'position', key: instrument.name, instrument, leg },
      ...{ oursParty: 'source', ours: quantity, theirsParty: input.truth.party },
      ...{ theirs: history.held, asOf: input.truth.statement.asOf, openedAt: moments.opened },
      booked: [],
      unmatched: stepsSince(history, moments.opened).map(({ fill }) => fill),
      ...{ others: others(), executionsComplete: states.complete, exitAfterMs: input.exitAfterMs },
    },
    context.budget,
  );
  const told = toldOf(weighed, decidingData(context, states));
  const only = weighed.candidates.length === 1 ? weighed.candidates[0]! : null;
  const evidence = only?.evidence ?? [];
  const explained = weighed.candidates.length > 0 ? history.held : quantity;
  const now = heldNow(input, instrument, leg, history.held);
  const turned = signOf(quantity) !== signOf(history.held) && !isZero(quantity);
  const writes = turned ? null : quantityWrites(placed, now, input, []);
  const mirrored = turned && equals(quantity, negate(history.held));
  return {
    reason: mirrored && weighed.candidates.length === 0 ? 'SIGN_WRONG' : told.reason,
    confidence: told.confidence === 'unexplained' ? 'unexplained' : 'likely',
    explanation: {
      sentence:
        `${storedText(context)}, and is ${heldText(history.held)} at ${placeOf(context)}. ` +
        told.sentence,
      evidence,
      ...residualOf(context, explained),
      ...{ ruledOut: weighed.ruledOut, candidates: weighed.candidates, gaveUp: weighed.gaveUp },
    },
    writes: writes && { ...writes, proven: false },
  };
}

const stepsSince = ({ steps }: LegHistory, opened: Instant | null) =>
  opened === null ? steps : steps.filter(({ fill }) => fill.time >= sureOf(opened));

function decidingData({ moments, history }: RowContext, { complete }: StatesFound): string {
  if (complete) return '';
  const since = moments.opened === null ? '' : ` since ${momentText(moments.opened)}`;
  return `the executions of ${history.instrument.name}${since}`;
}
