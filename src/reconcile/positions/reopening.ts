/**
 * Rows that were closed while their position is held, as a failed answer makes a bot do to all of
 * them at once. The row says whose position it is: it is reopened, and no second one is added.
 */
import { equals, isZero, signOf, zero } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import { addMilliseconds, type Instant } from '../../model/instant.ts';
import { momentText } from '../source/words.ts';
import { reduces } from './closed-position.ts';
import {
  earlierTruths,
  type LegHistory,
  type LegStep,
  type RowMoments,
  sinceFlat,
  sureOf,
} from './leg-history.ts';
import { isReopenedBy, newestWrite } from './overwritten.ts';
import type { OwnOrders } from './own-orders.ts';
import type { CheckPositionsInput, PlacedRow } from './port.ts';
import { heldNow, reopenWrites } from './row-changes.ts';
import { type CauseFound, historyDoubt, partyOf, placeOf } from './row-context.ts';
import { openingSlackMs } from './symbols.ts';
import { executionEvidence, heldText, rowText } from './telling.ts';

export interface ReopeningContext {
  readonly input: CheckPositionsInput;
  readonly own: OwnOrders;
  /** The newest closed row of the leg. */
  readonly placed: PlacedRow;
  readonly history: LegHistory;
  readonly moments: RowMoments;
}

/** Null: the position that is held is another one than the row's. */
export function reopeningCause(context: ReopeningContext): CauseFound | null {
  const { input, placed, history } = context;
  const { instrument, leg, row } = placed;
  const fit = fitOf(context);
  if (fit === null) return null;
  const wrote = newestWrite(input.snapshot, row.id);
  const isAgain = wrote !== null && isReopenedBy(wrote.change);
  const proven = fit.certain && input.truth.proven && !isAgain;
  const now = heldNow(input, instrument, leg, history.held);
  const writes = reopenWrites(placed, now, input);
  const when = row.closedAt === null ? '' : ` at ${momentText(row.closedAt)}`;
  const pnl = row.realisedPnl === null ? '' : ` with PnL ${toText(row.realisedPnl)}`;
  const again = isAgain
    ? ` It was reopened at ${momentText(wrote.row.at)} (trueup_audit ${wrote.row.id}): another ` +
      'program closed it again.'
    : '';
  return {
    reason: isAgain ? 'REPAIR_OVERWRITTEN' : 'POSITION_ORPHAN',
    confidence: proven ? 'proven' : 'likely',
    explanation: {
      sentence:
        `${rowText(placed)} of ${instrument.name} (${heldText(placed.quantity)}) was closed` +
        `${when}${pnl}, and ${heldText(history.held)} is still held at ${placeOf(context)}. ` +
        fit.why +
        again,
      evidence: fit.position.map((step) => executionEvidence(step, partyOf(context))),
      residual: zero,
      residuals: [{ what: 'position', key: instrument.name, leg, residual: zero }],
      ruledOut: [],
    },
    writes: writes && { ...writes, proven },
  };
}

interface Fit {
  readonly certain: boolean;
  readonly why: string;
  /** Executions of the position since it was last flat; empty: its beginning is not listed. */
  readonly position: readonly LegStep[];
}

function fitOf(context: ReopeningContext): Fit | null {
  const { placed, history, moments } = context;
  const { opened } = moments;
  if (placed.row.direction !== (signOf(history.held) < 0 ? 'short' : 'long')) return null;
  const position = sinceFlat(history.steps);
  if (position !== null && isLater(position[0]!.fill.time, context)) return null;
  const began = position === null ? '' : beganText(position[0]!.fill.time);
  const doubtful = (why: string): Fit => ({ certain: false, why, position: position ?? [] });
  const isComplete =
    history.completeSince !== null && opened !== null && history.completeSince <= sureOf(opened);
  if (!isComplete) return doubtful(`${began}${historyDoubt(context)}`);
  const before = heldBefore(history, addMilliseconds(opened, -openingSlackMs));
  // What was held before the row was opened, no more and no less, is not of the row.
  if (!isZero(before) && equals(before, history.held)) return null;
  if (position === null || !isZero(before)) {
    return doubtful(
      `Before it was opened ${heldText(before)} was held: whose it is, a person says.`,
    );
  }
  if (!isSized(context, position)) {
    return doubtful(`${began}The stored size does not lead to it: whose it is, a person says.`);
  }
  return { certain: true, why: `${began}It was never flat since.`, position };
}

const beganText = (at: Instant): string => `That position began at ${momentText(at)}. `;

/** The position began after the row's was over, or too late to be the one it was opened for. */
function isLater(began: Instant, { placed, moments: { opened } }: ReopeningContext): boolean {
  const { closedAt } = placed.row;
  if (closedAt !== null && began > addMilliseconds(closedAt, slackOfCloseMs)) return true;
  return opened !== null && began > addMilliseconds(opened, openingSlackMs);
}

const slackOfCloseMs = 60_000;

const heldBefore = ({ steps, held }: LegHistory, at: Instant) =>
  steps.find(({ fill }) => fill.time >= at)?.before ?? held;

/** What is held is what the row stored, or what executions left of it that nobody else added to. */
function isSized(
  { placed, history, moments, own }: ReopeningContext,
  position: readonly LegStep[],
): boolean {
  const [{ fill: entry }] = position as [LegStep];
  const isAdded = (step: LegStep) =>
    !reduces(step) && !own.has(step.fill) && step.fill.orderId !== entry.orderId;
  if (equals(placed.quantity, history.held)) return !position.some(isAdded);
  const { found, complete } = earlierTruths(history, placed.quantity, moments);
  const [only, ...more] = found;
  if (only === undefined || more.length > 0 || !complete) return false;
  return only.missed.every((step) => reduces(step) || own.has(step.fill));
}
