/** A repair of a row that another program wrote over: the row is again what it was before. */
import { type Decimal, equals, isZero, negate, zero } from '../../decimal/decimal.ts';
import { parseDecimal, toText } from '../../decimal/text.ts';
import type { Evidence } from '../../model/break.ts';
import type { PositionSnapshot } from '../../model/position-source.ts';
import type { SourceAuditRow, SourceChange } from '../../model/source.ts';
import { momentText } from '../source/words.ts';
import type { LegStep } from './leg-history.ts';
import type { CauseFound, RowContext } from './row-context.ts';
import { rowText } from './telling.ts';

interface OwnWrite {
  readonly row: SourceAuditRow;
  readonly change: SourceChange;
}

/** Our newest write of a row that is not undone. */
export function newestWrite({ writes }: PositionSnapshot, id: string): OwnWrite | null {
  for (const row of writes) {
    const change = row.changes.find(
      ({ key, role = 'position', before, after }) =>
        role === 'position' && key === id && before && after,
    );
    if (change !== undefined) return { row, change };
  }
  return null;
}

/**
 * What was found, told as an overwritten repair where the row is back at what we changed and
 * nothing was executed since: what was is a cause of its own. Proven where our value would still be
 * right: then nothing but the other program made it wrong.
 */
export function orOverwritten(found: CauseFound, context: RowContext): CauseFound {
  const { placed, history, input } = context;
  const write = newestWrite(input.snapshot, placed.row.id);
  if (write === null) return found;
  const { row, change } = write;
  const [was, became] = [sizeIn(change, 'before'), sizeIn(change, 'after')];
  const reopened = isClosedIn(change, 'after') && !isClosedIn(change, 'before');
  const isBack = reopened
    ? placed.row.status === 'active'
    : was !== null && became !== null && !equals(was, became) && equals(was, placed.row.quantity!);
  if (!isBack || hasTradedSince(context, write, reopened ? zero : became!)) return found;
  const held = history.held;
  const stands = reopened
    ? isZero(held)
    : equals(became!, placed.row.direction === 'short' ? negate(held) : held);
  const did = reopened ? 'was closed' : `was set to ${toText(became!)}`;
  const now = reopened ? 'active' : toText(placed.row.quantity!);
  const id = `trueup_audit ${row.id}`;
  const evidence: Evidence = {
    ...{ at: row.at, what: 'repair', id, source: 'source' },
    ...{ effect: null, sequence: null },
  };
  return {
    ...found,
    reason: 'REPAIR_OVERWRITTEN',
    confidence: stands ? 'proven' : 'likely',
    explanation: {
      ...found.explanation,
      sentence:
        `${rowText(placed)} ${did} at ${momentText(row.at)} (${id}), and is again ${now}: ` +
        `another program wrote its old value back. Before that: ${found.explanation.sentence}`,
      evidence: [...found.explanation.evidence, evidence],
    },
    // It would be overwritten again for as long as the bot holds its old value.
    writes: found.writes && { ...found.writes, proven: false },
  };
}

/** Whether the leg went on after it was what we wrote; without such a moment the clocks say it. */
function hasTradedSince(
  { placed, history }: RowContext,
  { row }: OwnWrite,
  size: Decimal,
): boolean {
  const { steps } = history;
  const became = placed.row.direction === 'short' ? negate(size) : size;
  const isBefore = ({ fill }: LegStep): boolean => fill.time <= row.at;
  const ours = steps.findLastIndex((step) => isBefore(step) && equals(step.after, became));
  return ours < 0 ? !steps.every(isBefore) : ours < steps.length - 1;
}

/** Images of a row are text by column; the change says which column holds what. */
const cellOf = ({ columns }: SourceChange, image: SourceChange['after'], what: string) =>
  image?.[columns?.[what] ?? what] ?? null;

export function sizeIn(change: SourceChange, when: 'before' | 'after'): Decimal | null {
  const parsed = parseDecimal(cellOf(change, change[when], 'quantity') ?? '');
  return parsed.ok ? parsed.value : null;
}

/** The write made a closed row active. */
export const isReopenedBy = (change: SourceChange): boolean =>
  isClosedIn(change, 'before') && !isClosedIn(change, 'after');

const isClosedIn = (change: SourceChange, when: 'before' | 'after'): boolean =>
  cellOf(change, change[when], 'status')?.toLowerCase() === 'closed';
