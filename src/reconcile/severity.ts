/** How much a break matters: by what is at stake, by its age, and by what trading makes of it. */
import {
  compare as compareDecimals,
  type Decimal,
  fromInteger,
  signOf,
} from '../decimal/decimal.ts';
import {
  type Line,
  type LineKind,
  type Severity,
  severities,
  severityRank,
} from '../model/break.ts';

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

export interface DangerRow {
  readonly when: string;
  readonly applies: (line: Line) => boolean;
  /** Levels that are added. */
  readonly raise: number;
  readonly because: string;
}

/** What a bot does next with what is wrong; the first row that a line of the break meets wins. */
export const severityByDanger: readonly DangerRow[] = [
  {
    when: 'a position is held the other way round',
    applies: ({ what, ours, theirs }) =>
      what === 'position' && ours !== null && theirs !== null && signOf(ours) * signOf(theirs) < 0,
    raise: 1,
    because: 'the order that is meant to close it makes it larger',
  },
  {
    when: 'anything but what follows',
    applies: ({ what }) => !harmless.has(what),
    raise: 0,
    because: 'orders are sized from it, or it moves what they are sized from',
  },
  {
    when: 'an average price, a price or a performance record, and nothing else',
    applies: () => true,
    raise: -1,
    because: 'what is held is right: no order goes wrong by it',
  },
];

const harmless: ReadonlySet<LineKind> = new Set(['average-price', 'price', 'performance']);

export function severityOf(
  gross: Decimal | null,
  ageSeconds: number,
  lines: readonly Line[],
): Severity {
  const byValue =
    gross === null
      ? severityUnvalued
      : (severityByValue.find((row) => compareDecimals(gross, fromInteger(row.grossMin)) >= 0)
          ?.severity ?? 'low');
  const byAge = severityByAge.find((row) => ageSeconds >= row.ageSecondsMin)?.raise ?? 0;
  const byDanger = severityByDanger.find(({ applies }) => lines.some(applies))?.raise ?? 0;
  const level = severityRank(byValue) + byAge + byDanger;
  return severities[Math.max(0, Math.min(level, severities.length - 1))]!;
}
