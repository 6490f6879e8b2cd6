/** The operators' counts, and what they should know beside them. */
import { equals, isZero, roundHalfEven, stripped } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import { counted } from '../../model/amount.ts';
import { lineId } from '../../model/break.ts';
import type { Comparison } from '../compare.ts';
import { type ComparedLine, isWithin } from '../judge.ts';
import type { CheckPositionsInput, PositionCountsOfSource } from './port.ts';
import type { PlacedRows } from './rows.ts';
import { legId } from './stated.ts';

const heldItems = ({ truth: { statement } }: CheckPositionsInput) =>
  (statement.positions?.items ?? []).filter(({ quantity }) => !isZero(quantity));

/** `lines`: without those of foreign positions. */
export function countsOf(
  input: CheckPositionsInput,
  { single, shared, unplaced }: PlacedRows,
  lines: readonly ComparedLine[],
  foreign: number,
): PositionCountsOfSource {
  const counts = { verified: 0, phantom: 0, missing: 0, different: 0 };
  for (const { theirs, verdict, key, leg } of lines) {
    if (verdict === 'unknown') continue;
    const isStored = single.has(legId(key, leg!));
    if (isWithin(verdict)) counts.verified += isStored ? 1 : 0;
    else if (isZero(theirs!)) counts.phantom += 1;
    else if (isStored) counts.different += 1;
    else counts.missing += 1;
  }
  const doubled = [...shared.values()].reduce((sum, { length }) => sum + length, 0);
  const active = unplaced.filter(({ row }) => row.status === 'active').length;
  const stored = single.size + doubled + active;
  return { stored, venue: heldItems(input).length, ...counts, foreign };
}

/** As documents show a comparison: without what is nobody's in particular. */
export function shownComparison(
  comparison: Comparison,
  lines: readonly ComparedLine[],
  { verified, ...rest }: PositionCountsOfSource,
): Comparison {
  const counts = { equal: 0, 'within-tolerance': 0, different: 0, settling: 0, unknown: 0 };
  for (const { verdict } of lines) counts[verdict] += 1;
  const ids = new Map(lines.map((line) => [lineId(line), line]));
  const positions = { ...rest, equal: verified };
  return { ...comparison, lines, counts, positions, lineOf: (id) => ids.get(id) };
}

export function hintsOf(
  input: CheckPositionsInput,
  { hints, elsewhere, single }: PlacedRows,
  foreign: number,
): readonly string[] {
  const { venue } = input;
  const empty = [...single.values()].filter(({ quantity }) => isZero(quantity));
  return [
    ...hints,
    ...Array.from(elsewhere, ([exchange, count]) => {
      return `${counted(count, 'active row')} of ${exchange}: not compared with ${venue}`;
    }),
    ...empty.map(({ row }) => `row ${row.id} (${row.symbol}) is active with quantity 0`),
    ...(foreign === 0
      ? []
      : [`${counted(foreign, 'position')} at ${venue} that nothing says the bot opened: foreign`]),
    ...entryPrices(input, single),
  ];
}

/** The entry price decides no verdict: what a bot means by it, only its author knows. */
function entryPrices(input: CheckPositionsInput, single: PlacedRows['single']): readonly string[] {
  return heldItems(input).flatMap(({ instrument, leg, quantity, averagePrice }) => {
    const placed = single.get(legId(instrument, leg));
    const stored = placed?.row.entryPrice ?? null;
    if (placed === undefined || stored === null || averagePrice === null) return [];
    const digits = Math.max(stripped(stored).scale, columnDigits);
    const isSame = equals(stored, roundHalfEven(averagePrice, digits));
    if (isSame || !equals(placed.quantity, quantity)) return [];
    const prices = `${toText(stored)} is stored, ${toText(averagePrice)} was paid`;
    return [`row ${placed.row.id} (${placed.row.symbol}): entry price ${prices}`];
  });
}

/** Prices are kept to at most eight digits by the schemas that are known. */
const columnDigits = 8;
