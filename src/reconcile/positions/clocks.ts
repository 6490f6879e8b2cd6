/**
 * Clocks that disagree. A database in one zone beside a log or a venue in another looks like rows
 * that are hours older than they are: a constant difference of whole quarter hours over two rows
 * or more is a zone, and no coincidence.
 */
import { signOf } from '../../decimal/decimal.ts';
import { addMilliseconds, type Instant, millisecondsBetween } from '../../model/instant.ts';
import type { StoredPosition } from '../../model/position-source.ts';
import { listText } from '../source/words.ts';
import type { LegHistory } from './leg-history.ts';
import type { ClockFinding, LoggedChange, PlacedRow } from './port.ts';

const quarterMs = 900_000;
/** Between zones of the earth there are at most 26 hours. */
const aheadMaxMs = 26 * 3_600_000;
/** A row and the line or execution that it belongs to are written this close together. */
const nearMs = 60_000;

/** How far the other clock is ahead, as one row sees it. */
interface Sighted {
  readonly row: string;
  readonly aheadMs: readonly number[];
}

/** The log's newest line about a symbol is about the newest change of its row. */
export function logClock(
  rows: readonly StoredPosition[],
  logged: readonly LoggedChange[],
): ClockFinding | null {
  if (logged.length === 0) return null;
  const newest = new Map<string, Instant>();
  for (const { symbol, at } of logged) {
    if (at > (newest.get(symbol) ?? at - 1n)) newest.set(symbol, at);
  }
  const seen = rows.flatMap(({ id, symbol, updatedAt }): Sighted[] => {
    const at = newest.get(symbol);
    if (at === undefined || updatedAt === null) return [];
    return [{ row: id, aheadMs: [millisecondsBetween(updatedAt, at)] }];
  });
  return findingOf('log', 'the log', seen);
}

/** Rows beside the executions that opened their positions. */
export function venueClock(
  venue: string,
  rows: readonly PlacedRow[],
  historyOf: (row: PlacedRow) => LegHistory,
): ClockFinding | null {
  const seen = rows.flatMap((placed): Sighted[] => {
    const { id, openedAt } = placed.row;
    if (openedAt === null) return [];
    const opening = historyOf(placed).steps.filter(
      ({ before, after }) =>
        signOf(before) !== signOf(after) && signOf(after) === signOf(placed.quantity),
    );
    const ahead = opening.map(({ fill }) => millisecondsBetween(openedAt, fill.time));
    return ahead.length === 0 ? [] : [{ row: id, aheadMs: ahead }];
  });
  return findingOf('venue', venue, seen);
}

/** A row that agrees without any difference speaks against all of them. */
function findingOf(
  against: ClockFinding['against'],
  name: string,
  seen: readonly Sighted[],
): ClockFinding | null {
  const votes = new Map<number, Set<string>>();
  for (const { row, aheadMs } of seen) {
    for (const each of aheadMs) {
      const whole = Math.round(each / quarterMs) * quarterMs;
      if (Math.abs(each - whole) > nearMs || Math.abs(whole) > aheadMaxMs) continue;
      votes.set(whole, (votes.get(whole) ?? new Set()).add(row));
    }
  }
  const [first, second] = [...votes].sort((a, b) => b[1].size - a[1].size);
  if (first === undefined || first[0] === 0 || first[1].size < 2) return null;
  if (votes.has(0) || first[1].size === second?.[1].size) return null;
  const [aheadMs, found] = first;
  const rows = [...found];
  const sentence =
    `${name} is ${durationText(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead of' : 'behind'} the ` +
    `database (rows ${listText(rows)}); ages are counted by one clock`;
  return { reason: 'CLOCK_SKEW', against, aheadMs, rows, sentence };
}

/** `4 h`, `5 h 45 min`. */
export function durationText(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  const parts = [hours > 0 ? `${hours} h` : '', rest > 0 || hours === 0 ? `${rest} min` : ''];
  return parts.filter((part) => part !== '').join(' ');
}

/** Stamps of the database by the venue's clock. */
export const byVenueClock = (clock: ClockFinding | null) => (at: Instant | null) =>
  at === null || clock === null ? at : addMilliseconds(at, clock.aheadMs);
