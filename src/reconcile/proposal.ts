/** How a break meets its plan: proposed in it, approved as this very plan, repaired by it. */
import type { Break } from '../model/break.ts';
import type { Instant } from '../model/instant.ts';
import { move } from '../model/life-cycle.ts';
import { accepted, type Result, refused } from '../model/result.ts';
import { type Plan, shownHash } from './repair.ts';

/** Refused where the plan holds nothing for the break. */
export function propose(one: Break, plan: Plan, at: Instant): Result<Break> {
  const found = plan.repairs.find(({ breakId }) => breakId === one.id);
  if (found === undefined) {
    return refused({
      code: 'break-not-in-plan',
      message: `plan ${shownHash(plan.hash)} holds no repair of ${one.id}`,
      where: { field: 'break', value: one.id },
      rule: 'only what a plan repairs is proposed',
      hint: plan.leftAlone.find(({ breakId }) => breakId === one.id)?.because ?? 'check again',
    });
  }
  const moved = move(one, 'PROPOSED', at);
  if (!moved.ok) return moved;
  const { needsApproval, kind } = found;
  const planHash = plan.hash;
  return accepted({ ...moved.value, repair: { planHash, needsApproval, kind } });
}

/** `hash` may be shortened as it is shown, to at least four characters of its beginning. */
export function approve(one: Break, hash: string, at: Instant): Result<Break> {
  const planned = one.repair?.planHash;
  if (planned === undefined || hash.length < 4 || !planned.startsWith(hash)) {
    return refused({
      code: 'plan-stale',
      message: `${one.id} is not proposed by plan ${hash}`,
      where: { field: 'plan', value: hash },
      rule: 'an approval is for one plan, and void once the book has moved',
      hint: planned === undefined ? 'make a plan first' : `its plan is ${shownHash(planned)}`,
    });
  }
  return move(one, 'APPROVED', at);
}

/** After every entry of the plan was appended. */
export const repaired = (one: Break, at: Instant): Result<Break> => move(one, 'REPAIRED', at);
