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
import { type DifferenceFacts, weigh } from '../hypotheses/weigh.ts';
import type { CaseWrites } from '../row-writes.ts';
import { momentText } from '../source/words.ts';
import { closedPosition, reduces } from './closed-position.ts';
import {
  type EarlierTruth,
  type Ending,
  earlierTruths,
  endingOf,
  type LegHistory,
  type LegStep,
  type StatesFound,
  sinceFlat,
  sumOf,
  sureOf,
} from './leg-history.ts';
import { type MissedParts, missedParts } from './missed-parts.ts';
import { newestWrite, sizeIn } from './overwritten.ts';
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
import { legId } from './stated.ts';
import {
  arithmetic,
  executionEvidence,
  executionsText,
  heldText,
  missedReason,
  rowText,
} from './telling.ts';

export function rowCause(context: RowContext): CauseFound {
  const { placed, history, budget, own } = context;
  const moments = { ...context.moments, knows: lastKnown(context) };
  const states = earlierTruths(history, placed.quantity, moments);
  if (states.found.length === 0) return withoutState(context, states);
  const isRecorded = ({ fill }: LegStep): boolean => own.hasFilled(fill, history.steps);
  const terms = { stored: placed.quantity, moments, isRecorded, budget };
  return asOfEarlier(context, states, missedParts(history, states, terms));
}

/** The last execution that a row knows as it was seen right, or as we wrote it. */
function lastKnown({ input, placed, history }: RowContext): LegStep | null {
  const { row, quantity } = placed;
  const agreed = input.agreed?.get(row.id);
  if (agreed !== undefined && equals(agreed.quantity, quantity)) {
    return history.steps.find(({ fill }) => fill.executionId === agreed.executionId) ?? null;
  }
  const write = newestWrite(input.snapshot, row.id);
  const became = write && sizeIn(write.change, 'after');
  if (write === null || became === null || !equals(became, row.quantity!)) return null;
  return (
    history.steps.findLast(
      ({ fill, after }) => fill.time <= write.row.at && equals(after, quantity),
    ) ?? null
  );
}

/** What the better party says of the leg, and since when, leaves nothing to doubt. */
const isGrounded = (
  { input, placed: { instrument, leg } }: RowContext,
  { complete }: StatesFound,
) =>
  input.truth.proven && input.truth.doubted?.has(legId(instrument.name, leg)) !== true && complete;

function asOfEarlier(
  context: RowContext,
  states: StatesFound,
  { parts, complete }: MissedParts,
): CauseFound {
  const { placed, history } = context;
  // Of several moments the last one takes the fewest executions to have been missed.
  const chosen = parts.findLast(({ scattered }) => scattered === undefined) ?? parts[0]!;
  const ending = endingOf(history, chosen.missed, placed.quantity);
  const isPhantom = isZero(history.held);
  const grounded = isGrounded(context, states);
  const isOnly = parts.length === 1 && complete;
  const isWhole = ending === null || ending.whole !== null;
  const certain = grounded && isOnly && isWhole;
  const writes = writesFor(context, chosen, ending);
  const foreign = growthByOthers(context, chosen);
  const proven = certain || (grounded && isSameWrite(context, parts, complete));
  const unlisted = isPhantom ? [] : unlistedIdeas(context, states, parts);
  const candidates = [
    ...(parts.length + unlisted.length > 1 ? parts.map(candidateOf) : []),
    ...unlisted,
  ];
  return {
    reason: isPhantom ? 'POSITION_PHANTOM' : missedReason(chosen.missed),
    confidence: certain ? 'proven' : 'likely',
    explanation: {
      sentence:
        storedSentence(context, chosen) +
        doubtOf(context, states, { parts, complete }) +
        (isWhole
          ? ''
          : ' The beginning of the position is not listed: PnL and fees stay unknown.') +
        (unlisted.length === 0
          ? ''
          : ' The row was written since: it may know of them, and lack what is not listed.') +
        (foreign === null ? '' : ` ${foreign}`),
      evidence: chosen.missed.map((step) => executionEvidence(step, partyOf(context))),
      ...residualOf(context, add(placed.quantity, sumOf(chosen.missed))),
      ruledOut: [],
      ...(candidates.length > 0 ? { candidates } : {}),
    },
    writes: writes && { ...writes, proven: proven && foreign === null },
  };
}

/** Of an incomplete list: the row may know executions from before it was written. */
function unlistedIdeas(
  context: RowContext,
  states: StatesFound,
  parts: readonly EarlierTruth[],
): readonly IdeaThatFits[] {
  const { written } = context.moments;
  const isWrittenSince = ({ missed }: EarlierTruth): boolean =>
    written !== null && missed.every(({ fill }) => fill.time <= written);
  if (states.complete || !parts.every(isWrittenSince)) return [];
  const { candidates } = weigh({ ...lineOf(context), executionsComplete: false }, context.budget);
  return candidates.map(({ evidence: _, ...idea }) => idea);
}

/** The row's line, by its two sizes alone. */
function lineOf({ placed, history, input, moments, others }: RowContext): DifferenceFacts {
  const { instrument, leg, quantity } = placed;
  return {
    ...{ what: 'position', key: instrument.name, instrument, leg },
    ...{ oursParty: 'source', ours: quantity, theirsParty: input.truth.party },
    ...{ theirs: history.held, asOf: input.truth.statement.asOf, openedAt: moments.opened },
    ...{ booked: [], unmatched: [], others: others(), executionsComplete: true },
    exitAfterMs: input.exitAfterMs,
  };
}

/**
 * Whatever part of the list the row lacks, it gets what is held: a closing alone depends on which.
 * Not where it may stand for several moments.
 */
function isSameWrite(
  context: RowContext,
  parts: readonly EarlierTruth[],
  complete: boolean,
): boolean {
  const { history, placed } = context;
  const isMoment = parts.filter(({ scattered }) => scattered === undefined).length === 1;
  const goesOn = parts.every(({ missed }) => endingOf(history, missed, placed.quantity) === null);
  return (
    complete && isMoment && goesOn && parts.every((one) => growthByOthers(context, one) === null)
  );
}

function storedSentence(context: RowContext, { at, missed, scattered }: EarlierTruth): string {
  const { placed, history } = context;
  if (scattered) {
    return (
      `${storedText(context)}: it knows every execution but ${executionsText(missed)}. ` +
      `${arithmetic(placed.quantity, missed, history.held)}.`
    );
  }
  const when = at === null ? 'before the first execution listed' : `as of ${momentText(at)}`;
  const came = missed.length === 1 ? 'an execution came' : `${missed.length} executions came`;
  return (
    `${storedText(context)}, which it was at ${placeOf(context)} ${when}; after that ${came} ` +
    `that the store does not know: ${executionsText(missed)}. ` +
    `${arithmetic(placed.quantity, missed, history.held)}.`
  );
}

/** Why it is no proof; empty where it is. */
function doubtOf(
  context: RowContext,
  states: StatesFound,
  { parts, complete }: MissedParts,
): string {
  const moments = parts.filter(({ scattered }) => scattered === undefined).length;
  if (moments > 1) {
    const held = `${moments} moments`;
    return ` The same was held at ${held}: which of them the row stands for is not certain.`;
  }
  if (parts.length > 1) return ' Others add up to the same: which of them it lacks is not certain.';
  if (!complete) return ' Too many were executed to tell whether others add up to the same.';
  if (!states.complete) return ` ${historyDoubt(context)}`;
  return isGrounded(context, states) ? '' : ` ${placeOf(context)} itself is not proven.`;
}

function candidateOf({ at, missed, scattered }: EarlierTruth): IdeaThatFits {
  if (scattered) {
    const name = `without ${executionsText(missed)}`;
    const sentence = `of all executions the row lacks ${executionsText(missed)}`;
    return { reason: missedReason(missed), name, sentence };
  }
  const name = at === null ? 'since the beginning of the list' : `since ${momentText(at)}`;
  const many = counted(missed.length, 'execution');
  const sentence = `${many} missed ${name}: ${executionsText(missed)}`;
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
  const closed = closedPosition(instrument, ending.at, ending.closing, ending.whole);
  const close = closeWrites(placed, closed, closeNote(ending.closing));
  const isOwn = ending.since.some((step) => !reduces(step) && own.has(step.fill));
  const position = isOwn ? sinceFlat(ending.since) : null;
  return together(close, position && adoption(instrument, position, now, own, input));
}

/** The store holds what was never held, as far as the executions go. */
function withoutState(context: RowContext, states: StatesFound): CauseFound {
  const { placed, history, input, moments } = context;
  const { instrument, leg, quantity } = placed;
  if (isZero(history.held)) return phantomWithoutState(context, states.complete);
  const weighed = weigh(
    {
      ...lineOf(context),
      unmatched: stepsSince(history, moments.opened).map(({ fill }) => fill),
      executionsComplete: states.complete,
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
