/** What a cause of a row is told, and the words that all causes share. */
import { type Decimal, subtract } from '../../decimal/decimal.ts';
import type { Confidence, Explanation, Party } from '../../model/break.ts';
import type { Reason } from '../../model/reason.ts';
import type { SearchBudget } from '../hypotheses/combination.ts';
import type { OtherLine } from '../hypotheses/idea.ts';
import type { CaseWrites } from '../row-writes.ts';
import { momentText } from '../source/words.ts';
import { reduces } from './closed-position.ts';
import type { LegHistory, LegStep, RowMoments } from './leg-history.ts';
import type { OwnOrders } from './own-orders.ts';
import type { CheckPositionsInput, PlacedRow } from './port.ts';
import { partyAt } from './stated.ts';
import { closeReason, heldText, rowText } from './telling.ts';

export interface CauseFound {
  readonly reason: Reason;
  readonly confidence: Confidence;
  readonly explanation: Explanation;
  /** Null: nothing that can be written sets it right. */
  readonly writes: CaseWrites | null;
}

export interface RowContext {
  readonly input: CheckPositionsInput;
  readonly own: OwnOrders;
  readonly placed: PlacedRow;
  readonly history: LegHistory;
  readonly moments: RowMoments;
  /** Other lines that differ; asked for only where ideas are weighed. */
  readonly others: () => readonly OtherLine[];
  readonly budget: SearchBudget;
}

type OfLeg = Pick<RowContext, 'input' | 'history'>;

export const partyOf = ({ input: { truth }, history: { instrument, leg } }: OfLeg): Party =>
  partyAt(truth, instrument.name, leg);

export function placeOf(context: OfLeg): string {
  const party = partyOf(context);
  return party === 'venue' ? context.input.venue : `the ${party}`;
}

/** `HNT/USDT:USDT is stored as long 60 (row 274)`. */
export const storedText = ({ placed }: RowContext): string =>
  `${placed.instrument.name} is stored as ${heldText(placed.quantity)} (${rowText(placed)})`;

/** Why the executions do not reach far enough to prove anything of the row. */
export function historyDoubt({
  history,
  moments,
}: Pick<RowContext, 'history' | 'moments'>): string {
  if (moments.opened === null) return 'When the row was opened is not known.';
  const { completeSince } = history;
  if (completeSince === null) return 'The list of executions is not complete.';
  return (
    `Executions are listed since ${momentText(completeSince)}, and the row was opened at ` +
    `${momentText(moments.opened)}.`
  );
}

/** What is left when everything found is applied to the row. */
export function residualOf(
  { placed, history }: RowContext,
  explained: Decimal,
): Pick<Explanation, 'residual' | 'residuals'> {
  const residual = subtract(history.held, explained);
  const { leg, instrument } = placed;
  return { residual, residuals: [{ what: 'position', key: instrument.name, leg, residual }] };
}

export const closeNote = (closing: readonly LegStep[]): string =>
  closeReason(closing.filter(reduces));
