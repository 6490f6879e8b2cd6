/**
 * A position that no row stores, beside a row of its size on the other leg that was never held:
 * likely the row has the wrong side, and it is the position's. It is not adopted beside it.
 */
import { equals, isZero, negate } from '../../decimal/decimal.ts';
import type { ComparedLine } from '../judge.ts';
import type { CauseFound } from './row-context.ts';

/** The line of the other leg that stores what this one holds. */
export const mirrorOf = (
  line: ComparedLine,
  lines: readonly ComparedLine[],
): ComparedLine | undefined =>
  lines.find(
    ({ key, leg, ours, theirs }) =>
      key === line.key &&
      leg !== line.leg &&
      ours !== null &&
      (theirs === null || isZero(theirs)) &&
      equals(ours, negate(line.theirs!)),
  );

const likely = 'No row is of this leg, and one of its size has the other side.';

/** `row`: what was found of the row; null: it is another position's, which it tells itself. */
export function mirroredCause(line: ComparedLine, row: CauseFound): CauseFound | null {
  if (row.reason !== 'SIGN_WRONG') return null;
  const { key, leg, theirs } = line;
  const residual = theirs!;
  return {
    ...row,
    explanation: {
      ...row.explanation,
      sentence: `${likely} ${row.explanation.sentence}`,
      ...{ residual, residuals: [{ what: 'position', key, leg, residual }] },
    },
    writes: null,
  };
}
