/** What a state, a severity or a wait is called, and which shape it has. */

import type { SideState } from '../api/account.ts';
import type { BreakState, BreakSummary } from '../api/breaks.ts';
import type { Verdict } from '../api/forms.ts';

/** Drawn as a form of its own, so that colour is only the third signal. */
export type ShapeName = 'true' | 'break' | 'cannot-say' | 'settling' | 'paused';

export const verdictWord: Readonly<Record<Verdict, string>> = {
  true: 'TRUE',
  break: 'BREAK',
  'cannot-say': 'CANNOT SAY',
};

export const closedStates: readonly BreakState[] = ['VERIFIED', 'SELF_CLEARED'];
export const heldStates: readonly BreakState[] = ['SNOOZED', 'ACCEPTED'];

export const stateWord: Readonly<Record<BreakState, string>> = {
  SETTLING: 'settling',
  OPEN: 'open',
  EXPLAINED: 'explained',
  PROPOSED: 'proposed',
  APPROVED: 'approved',
  REPAIRED: 'repaired',
  VERIFIED: 'verified',
  SNOOZED: 'snoozed',
  ACCEPTED: 'accepted',
  SELF_CLEARED: 'cleared by itself',
  REOPENED: 'reopened',
};

export function shapeOfState(state: BreakState): ShapeName {
  if (closedStates.includes(state)) return 'true';
  if (heldStates.includes(state)) return 'paused';
  return state === 'SETTLING' || state === 'REPAIRED' ? 'settling' : 'break';
}

export const waitWord: Readonly<Record<BreakSummary['waitsFor'], string>> = {
  person: 'needs your approval',
  policy: 'will repair itself',
  venue: 'waits for the venue',
  nobody: 'no repair known yet',
  closed: 'closed',
};

/** The same, of an instant that is past. */
export const waitedWord: Readonly<Record<BreakSummary['waitsFor'], string>> = {
  person: 'needed an approval',
  policy: 'was about to repair itself',
  venue: 'waited for the venue',
  nobody: 'no repair was known',
  closed: 'closed',
};

export const sideShape: Readonly<Record<SideState, ShapeName>> = {
  equal: 'true',
  'within-tolerance': 'true',
  different: 'break',
  settling: 'settling',
  unknown: 'cannot-say',
  // Of somebody else: no break, and nothing that we vouch for.
  foreign: 'cannot-say',
};

export const sideWord: Readonly<Record<SideState, string>> = {
  equal: 'equal',
  'within-tolerance': 'within tolerance',
  different: 'different',
  settling: 'settling',
  unknown: 'cannot say',
  foreign: 'not ours',
};
