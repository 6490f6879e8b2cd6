/**
 * Positions that nobody stored. Only one whose opening executions carry an id of the bot is its
 * break; every other one is foreign, and none of its business.
 */
import { subtract } from '../../decimal/decimal.ts';
import type { Leg } from '../../model/fact.ts';
import type { Instrument } from '../../model/instrument.ts';
import { reduces } from './closed-position.ts';
import { type LegHistory, sinceFlat, sumOf, sureOf } from './leg-history.ts';
import { adoption, heldNow } from './row-changes.ts';
import { type CauseFound, partyOf, placeOf, type RowContext } from './row-context.ts';
import { arithmetic, executionEvidence, executionsText, heldText } from './telling.ts';

export interface OrphanContext extends Pick<RowContext, 'input' | 'own' | 'history'> {
  readonly instrument: Instrument;
  readonly leg: Leg;
}

/** Null: nothing says that the bot opened it. */
export function orphanCause(context: OrphanContext): CauseFound | null {
  const { history, own, input, instrument, leg } = context;
  const position = sinceFlat(history.steps);
  const opening = (position ?? []).filter((step) => !reduces(step));
  const ours = opening.filter(({ fill }) => own.has(fill));
  if (position === null || ours.length === 0) return null;
  const others = opening.length - ours.length;
  const proven = input.truth.proven && others === 0 && isComplete(history, position[0]!.fill.time);
  const now = heldNow(input, instrument, leg, history.held);
  const writes = adoption(instrument, position, now, own, input);
  const residual = subtract(history.held, sumOf(position));
  const doubt =
    others > 0
      ? ` ${others} of its executions are of orders that the store does not know.`
      : proven
        ? ''
        : ' The list of executions before it is not complete.';
  return {
    reason: 'POSITION_ORPHAN',
    confidence: proven ? 'proven' : 'likely',
    explanation: {
      sentence:
        `${instrument.name} is ${heldText(history.held)} at ${placeOf(context)}, opened by the ` +
        `bot's own orders, and no row says so: ${executionsText(position)}. ` +
        `${arithmetic(position[0]!.before, position, history.held)}.${doubt}` +
        (writes === null
          ? ' No real order id is known: no row is added, for none is made up.'
          : ''),
      evidence: position.map((step) => executionEvidence(step, partyOf(context))),
      residual,
      residuals: [{ what: 'position', key: instrument.name, leg, residual }],
      ruledOut: [],
    },
    writes: writes && { ...writes, proven },
  };
}

const isComplete = ({ completeSince }: LegHistory, opened: bigint): boolean =>
  completeSince !== null && completeSince <= sureOf(opened);
