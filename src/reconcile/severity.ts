/** How much a break matters: by what is at stake, then by how long it has been open. */
import { compare as compareDecimals, type Decimal, fromInteger } from '../decimal/decimal.ts';
import type { Severity } from '../model/break.ts';

const levels: readonly Severity[] = ['low', 'medium', 'high', 'critical'];

export interface SeverityRow {
  /** Gross value at stake, in the reporting currency, from which the row applies. */
  readonly grossMin: number;
  readonly severity: Severity;
  readonly because: string;
}

/** First row that applies wins. */
export const severityByValue: readonly SeverityRow[] = [
  { grossMin: 10_000, severity: 'critical', because: 'more than most bots risk on one position' },
  { grossMin: 1_000, severity: 'high', because: 'orders sized from such a book do harm' },
  { grossMin: 100, severity: 'medium', because: 'the sum at which operators asked to be told' },
  { grossMin: 0, severity: 'low', because: 'wrong, and small' },
];

/** Err on the side of telling: what has no price may be worth anything. */
export const severityUnvalued: Severity = 'high';

export interface AgeingRow {
  readonly ageSecondsMin: number;
  /** Levels that are added. */
  readonly raise: number;
  readonly because: string;
}

export const severityByAge: readonly AgeingRow[] = [
  { ageSecondsMin: 86_400, raise: 2, because: 'a day on, nobody is looking at it' },
  { ageSecondsMin: 3_600, raise: 1, because: 'an hour on, it will not clear by itself' },
  { ageSecondsMin: 0, raise: 0, because: 'young' },
];

export function severityOf(gross: Decimal | null, ageSeconds: number): Severity {
  const byValue =
    gross === null
      ? severityUnvalued
      : (severityByValue.find((row) => compareDecimals(gross, fromInteger(row.grossMin)) >= 0)
          ?.severity ?? 'low');
  const raise = severityByAge.find((row) => ageSeconds >= row.ageSecondsMin)?.raise ?? 0;
  return levels[Math.min(levels.indexOf(byValue) + raise, levels.length - 1)]!;
}
