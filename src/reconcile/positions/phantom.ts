/** Active in the store, flat at the truth, and the executions do not lead from one to the other. */
import { absolute, equals, isZero, negate, subtract, zero } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import { closedPosition, reduces } from './closed-position.ts';
import { type LegHistory, type LegStep, sinceFlat, sumOf, sureOf } from './leg-history.ts';
import { closeWrites } from './row-changes.ts';
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
import { executionEvidence, executionsText, heldText } from './telling.ts';

export function phantomWithoutState(context: RowContext, complete: boolean): CauseFound {
  const { history, moments } = context;
  const mirrored = onOtherSide(context);
  if (mirrored !== null) return mirrored;
  const last = lastPosition(history);
  const { opened } = moments;
  const isOfRow = last !== null && (opened === null || last.at(-1)!.fill.time >= sureOf(opened));
  return isOfRow && complete ? otherwiseClosed(context, last) : unprovable(context, complete);
}

/** The same size in the leg of the other side: the row may only have the wrong side. */
function onOtherSide(context: RowContext): CauseFound | null {
  const { placed, input } = context;
  const { instrument, leg, quantity } = placed;
  const other = input.truth.statement.positions?.items.find(
    (item) =>
      item.instrument === instrument.name &&
      item.leg !== leg &&
      equals(item.quantity, negate(quantity)),
  );
  if (other === undefined) return null;
  return {
    reason: 'SIGN_WRONG',
    confidence: 'likely',
    explanation: {
      sentence:
        `${storedText(context)}, and ${placeOf(context)} holds ${heldText(other.quantity)} in ` +
        'the other leg and nothing in this one: equal in size is not equal. Likely the row has ' +
        'the wrong side; which one is meant, a person decides.',
      evidence: [],
      ...residualOf(context, zero),
      ruledOut: [],
    },
    writes: null,
  };
}

/** The last position of a leg that is flat, from its first execution to its last. */
function lastPosition({ steps }: LegHistory): readonly LegStep[] | null {
  const last = steps.at(-1);
  if (last === undefined || !isZero(last.after)) return null;
  const known = sinceFlat(steps.slice(0, -1));
  return known === null ? null : [...known, last];
}

/** How it ended is listed; that it was ever of the stored size is not. */
function otherwiseClosed(context: RowContext, last: readonly LegStep[]): CauseFound {
  const { placed } = context;
  const closing = last.filter(reduces);
  const closed = closedPosition(placed.instrument, last.at(-1)!.fill.time, last, last);
  const writes = closeWrites(placed, closed, closeNote(last));
  const residual = subtract(sumOf(closing), negate(placed.quantity));
  return {
    reason: 'POSITION_PHANTOM',
    confidence: 'likely',
    explanation: {
      sentence:
        `${storedText(context)}, and is flat at ${placeOf(context)}. That quantity was never ` +
        `held; the last position was closed by ${executionsText(closing)}, which is ` +
        `${toText(absolute(residual))} off.`,
      evidence: closing.map((step) => executionEvidence(step, partyOf(context))),
      ...{ residual, residuals: [], ruledOut: [] },
    },
    writes: { ...writes, proven: false },
  };
}

function unprovable(context: RowContext, complete: boolean): CauseFound {
  const { placed, history } = context;
  const note = 'closed at the exchange: not known how';
  const isEmpty = history.steps.length === 0 && complete;
  const why = isEmpty ? 'No execution is listed since it was opened.' : historyDoubt(context);
  return {
    reason: 'POSITION_PHANTOM',
    confidence: 'unexplained',
    explanation: {
      sentence:
        `${storedText(context)}, and is flat at ${placeOf(context)}. By which execution it was ` +
        `closed cannot be proved: ${why} Exit price and PnL stay unknown and are never written ` +
        'as 0; whether it is closed without them, a person decides.',
      evidence: [],
      ...residualOf(context, placed.quantity),
      ruledOut: [],
    },
    writes: { ...closeWrites(placed, null, note), proven: false },
  };
}
