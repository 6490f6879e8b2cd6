/** Performance records held against themselves, their neighbours and the clock. */
import {
  absolute,
  add,
  compare,
  type Decimal,
  equals,
  fromInteger,
  isZero,
  multiply,
  subtract,
} from '../../decimal/decimal.ts';
import { addMilliseconds, type Instant, millisecondsBetween } from '../../model/instant.ts';
import type { SourcePerformance } from '../../model/source.ts';
import { doubleSumBound, halfUnitOf, singleSumBound } from './storage.ts';

export interface RecordGap {
  readonly from: Instant;
  readonly to: Instant;
}

/** Neighbours further apart than a record may be old. */
export const gapsOf = (
  records: readonly Pick<SourcePerformance, 'time'>[],
  maxAgeMs: number | null,
): readonly RecordGap[] =>
  records.flatMap(({ time: to }, index): RecordGap[] => {
    const from = records[index - 1]?.time;
    if (from === undefined || maxAgeMs === null) return [];
    return millisecondsBetween(from, to) > maxAgeMs ? [{ from, to }] : [];
  });

/** The last record is older than it may be; null: there is none, or ages are not judged. */
export function isStaleRecord(
  records: readonly SourcePerformance[],
  asOf: Instant,
  maxAgeMs: number | null,
): boolean | null {
  const last = records.at(-1);
  if (last === undefined || maxAgeMs === null) return null;
  return millisecondsBetween(last.time, asOf) > maxAgeMs;
}

/**
 *   rounded   its parts were rounded to cents before they were added, or after
 *   sum       its total is not the sum of its parts
 *   future    it is of a time that has not come
 *   twice     another record of the same time says another total
 */
export type RecordFaultKind = 'rounded' | 'sum' | 'future' | 'twice';

export interface RecordFault {
  readonly kind: RecordFaultKind;
  readonly record: SourcePerformance;
  /** What the record says, and what it should be; null: no number. */
  readonly ours: Decimal | null;
  readonly theirs: Decimal | null;
}

/** Clocks of two programs differ by a little. */
const futureMs = 60_000;

export function recordFaults(
  records: readonly SourcePerformance[],
  takenAt: Instant,
): readonly RecordFault[] {
  const latest = addMilliseconds(takenAt, futureMs);
  return records.flatMap((record, index): RecordFault[] => {
    const { time, total } = record;
    const faults: RecordFault[] = [];
    if (time > latest) faults.push({ kind: 'future', record, ours: null, theirs: null });
    const before = records[index - 1];
    if (before !== undefined && before.time === time && contradicts(before, record)) {
      faults.push({ kind: 'twice', record, ours: total, theirs: before.total });
    }
    const wrong = sumFault(record);
    return wrong === null ? faults : [...faults, wrong];
  });
}

const contradicts = (a: SourcePerformance, b: SourcePerformance): boolean =>
  a.total !== null && b.total !== null && !equals(a.total, b.total);

/** Two parts and their sum, each rounded to cents: half a cent three times. */
const roundingMost = multiply(halfUnitOf(2), fromInteger(3));

function sumFault(record: SourcePerformance): RecordFault | null {
  const { total, cash, positionsValue } = record;
  if (total === null || cash === null || positionsValue === null) return null;
  const sum = add(cash, positionsValue);
  const off = absolute(subtract(sum, total));
  const size = add(absolute(cash), absolute(positionsValue));
  const isSingle = record.storage?.kind === 'binary32';
  const bound = isSingle ? singleSumBound(add(size, absolute(total))) : doubleSumBound(size, 2);
  if (isZero(off) || compare(off, bound) <= 0) return null;
  const isRounding = compare(off, roundingMost) <= 0;
  return { kind: isRounding ? 'rounded' : 'sum', record, ours: total, theirs: sum };
}
