/** The life of a break: which state may follow which, and why. Anything else is refused. */
import type { Decimal } from '../decimal/decimal.ts';
import { type Break, type BreakState, type Hold, type HoldScope, lineId } from './break.ts';
import type { Instant } from './instant.ts';
import { accepted, type Result, refused } from './result.ts';

export interface Move {
  readonly from: BreakState;
  readonly to: BreakState;
  readonly because: string;
}

const from = (
  state: BreakState,
  moves: Readonly<Partial<Record<BreakState, string>>>,
): readonly Move[] =>
  Object.entries(moves).map(([to, because]) => ({ from: state, to: to as BreakState, because }));

const cleared = 'a fresh comparison found no difference, and nothing of ours made it go';
const snoozed = 'a person looks at it later';
const held = 'a person lives with it, up to a sum and a day';

export const lifeCycle: readonly Move[] = [
  ...from('SETTLING', {
    OPEN: 'it outlived the time that a fact may be on its way',
    SELF_CLEARED: cleared,
  }),
  ...from('OPEN', {
    EXPLAINED: 'a cause was found that leaves nothing over',
    PROPOSED: 'a repair without a cause is an adjustment, which a person must approve',
    SNOOZED: snoozed,
    ACCEPTED: held,
    SELF_CLEARED: cleared,
  }),
  ...from('EXPLAINED', {
    OPEN: 'newer evidence took the cause away',
    PROPOSED: 'a plan holds its repair',
    SNOOZED: snoozed,
    ACCEPTED: held,
    SELF_CLEARED: cleared,
  }),
  ...from('PROPOSED', {
    OPEN: 'the lines changed, and the cause no longer holds',
    EXPLAINED: 'the book or the lines moved: the plan is void',
    APPROVED: 'a person or the policy agreed to this very plan',
    SNOOZED: snoozed,
    ACCEPTED: held,
    SELF_CLEARED: cleared,
  }),
  ...from('APPROVED', {
    OPEN: 'the lines changed, and the cause no longer holds',
    EXPLAINED: 'the book or the lines moved: the approval was for another plan',
    REPAIRED: 'the entries of the plan were appended',
    SELF_CLEARED: cleared,
  }),
  ...from('REPAIRED', {
    VERIFIED: 'a fresh comparison found residual 0',
    REOPENED: 'a fresh comparison still differs: the repair did not repair it',
  }),
  ...from('VERIFIED', { REOPENED: 'the same line differs again' }),
  ...from('SELF_CLEARED', { REOPENED: 'the same line differs again' }),
  ...from('SNOOZED', {
    OPEN: 'the time of the snooze is over, a person ended it, or another line came to it',
    ACCEPTED: held,
    SELF_CLEARED: cleared,
  }),
  ...from('ACCEPTED', {
    REOPENED: 'its day has come, a person ended it, another line came to it, or it outgrew the sum',
    SELF_CLEARED: cleared,
  }),
  ...from('REOPENED', {
    EXPLAINED: 'a cause was found that leaves nothing over',
    PROPOSED: 'a repair without a cause is an adjustment, which a person must approve',
    SNOOZED: snoozed,
    ACCEPTED: held,
    SELF_CLEARED: cleared,
  }),
];

const legal = new Set(lifeCycle.map((one) => `${one.from} ${one.to}`));

export const isLegalMove = (before: BreakState, after: BreakState): boolean =>
  legal.has(`${before} ${after}`);

/** The break in its next state. Who held it, and why, is of the state that it leaves. */
export function move(one: Break, to: BreakState, at: Instant): Result<Break> {
  if (!isLegalMove(one.state, to)) return refusedMove(one, to);
  const { heldBy: _, ...rest } = one;
  return accepted({ ...rest, state: to, changedAt: at, hold: null });
}

export type HoldTerms = Pick<Hold, 'until' | 'reason'> & { readonly scope?: HoldScope };

export function snooze(one: Break, terms: HoldTerms, at: Instant): Result<Break> {
  return hold(one, 'SNOOZED', { ...terms, cap: null }, at);
}

/** `cap`: the largest gross value that is accepted. */
export function accept(
  one: Break,
  terms: HoldTerms & { readonly cap: Decimal },
  at: Instant,
): Result<Break> {
  return hold(one, 'ACCEPTED', terms, at);
}

function hold(
  one: Break,
  to: 'SNOOZED' | 'ACCEPTED',
  { until, reason, cap, scope = 'lines' }: HoldTerms & Pick<Hold, 'cap'>,
  at: Instant,
): Result<Break> {
  const moved = move(one, to, at);
  if (!moved.ok) return moved;
  const reach: Pick<Hold, 'lines' | 'covers'> =
    scope === 'lines'
      ? { lines: one.lines.map(lineId) }
      : { covers: { scope, of: one.id, since: at } };
  return accepted({ ...moved.value, repair: null, hold: { until, reason, cap, ...reach } });
}

/** Out of SNOOZED or ACCEPTED, because it is over. */
export const release = (one: Break, at: Instant): Result<Break> =>
  move(one, one.state === 'ACCEPTED' ? 'REOPENED' : 'OPEN', at);

export const isHeld = ({ state }: Break): boolean => state === 'SNOOZED' || state === 'ACCEPTED';

function refusedMove(one: Break, to: BreakState) {
  const next = lifeCycle.filter((row) => row.from === one.state).map((row) => row.to);
  return refused({
    code: 'break-move-illegal',
    message: `${one.id} is ${one.state}: it cannot become ${to}`,
    where: { field: 'state', value: to },
    rule: 'a break moves along its life-cycle only',
    hint: next.length === 0 ? `nothing follows ${one.state}` : `next: ${next.join(', ')}`,
  });
}

const closedStates: ReadonlySet<BreakState> = new Set(['VERIFIED', 'SELF_CLEARED']);

/** Closed breaks no longer differ; they are kept because they may reopen. */
export const isClosed = (one: Break): boolean => closedStates.has(one.state);
