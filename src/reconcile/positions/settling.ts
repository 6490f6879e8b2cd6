/** Whether a difference is old enough to stand: by the facts of leg and row, not by the look. */

import { lineId } from '../../model/break.ts';
import { type Instant, millisecondsBetween } from '../../model/instant.ts';
import { type ComparedLine, differenceText, type Sighting } from '../judge.ts';
import type { LegStep } from './leg-history.ts';
import type { CheckPositionsInput } from './port.ts';

/**
 * Age counts from the later of the youngest execution and the row's last change. A bot that
 * touches its rows all the time does not keep a difference young: what an earlier look saw
 * unchanged has stood since then. Without executions and stamps it counts from the first look.
 */
export function hasSettled(
  line: ComparedLine,
  steps: readonly LegStep[],
  written: Instant | null,
  seen: ReadonlyMap<string, Sighting>,
  { now, settleMs, truth }: CheckPositionsInput,
): boolean {
  if (settleMs <= 0) return true;
  const isOld = (at: Instant): boolean => millisecondsBetween(at, now) >= settleMs;
  const traded = steps.at(-1)?.fill.time ?? null;
  if (traded !== null && !isOld(traded)) return false;
  const sighting = seen.get(lineId(line));
  const isSame = sighting !== undefined && sighting.difference === differenceText(line);
  if (isSame && isOld(sighting.since)) return true;
  // A stamp that has not come yet is no age.
  const stamps = [traded, written].filter((at) => at !== null && at <= now) as Instant[];
  const youngest = stamps.reduce<Instant | null>((a, b) => (a === null || b > a ? b : a), null);
  return isOld(youngest ?? truth.statement.asOf);
}
