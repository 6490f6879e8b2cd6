/** From when to when each break was open. */
import type { Instant } from '../../../model/instant.ts';
import type { Life } from '../views/equity-view.ts';
import type { BreakStep } from './chronicle.ts';

/** A break that is reopened has another life. What only settles, or is accepted, is none. */
export function livesOf(steps: readonly BreakStep[]): readonly Life[] {
  const open = new Map<string, Instant>();
  const lives: Life[] = [];
  for (const { id, at, counts } of steps) {
    const from = open.get(id);
    if (counts && from === undefined) open.set(id, at);
    if (counts || from === undefined) continue;
    lives.push({ from, to: at });
    open.delete(id);
  }
  for (const from of open.values()) lives.push({ from, to: null });
  return lives;
}

/** Breaks that counted at an instant. */
export function openAt(lives: readonly Life[], at: Instant): number {
  return lives.filter((one) => one.from < at && (one.to === null || one.to >= at)).length;
}
