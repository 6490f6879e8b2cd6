/** How a break meets its plan: proposed in it, approved as this very plan, repaired by it. */
import type { Break } from '../model/break.ts';
import type { Instant } from '../model/instant.ts';
import { move } from '../model/life-cycle.ts';
import { accepted, type Refusal, type Result, refused } from '../model/result.ts';
import { type Plan, shownHash } from './repair.ts';

/** As `proposedBy` says it where no person made the plan: anybody may approve it. */
export const automaticProposer = 'trueup';

/** Refused where the plan holds nothing for the break. `by`: as `proposedBy` says it. */
export function propose(one: Break, plan: Plan, at: Instant, by?: string): Result<Break> {
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
  const { hash: planHash, sequence } = plan;
  const proposedBy = by === undefined ? {} : { proposedBy: by };
  const repair = { planHash, sequence, needsApproval, kind, ...proposedBy };
  return accepted({ ...moved.value, repair });
}

/** Who says yes to a plan. */
export interface Approver {
  /** sha256 of the name; null: nobody said. */
  readonly by: string | null;
  /** As it is shown; null: nobody said. */
  readonly name: string | null;
  /** Whoever proposed does not approve. */
  readonly fourEyes: boolean;
}

const anybody: Approver = { by: null, name: null, fourEyes: false };

/** `hash` may be shortened as it is shown, to at least four characters of its beginning. */
export function approve(
  one: Break,
  hash: string,
  at: Instant,
  approver: Approver = anybody,
): Result<Break> {
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
  const refusal = approver.fourEyes ? needsAnother(one, planned, approver) : null;
  return refusal === null ? move(one, 'APPROVED', at) : refused(refusal);
}

/** Two people are two names that are known: what nobody said proves no second one. */
function needsAnother({ id, repair }: Break, plan: string, { by, name }: Approver): Refusal | null {
  const proposer = repair?.proposedBy;
  if (proposer === automaticProposer) return null;
  const rule = 'whoever proposed does not approve (policy.approvals.fourEyes)';
  const refusal = (code: string, message: string, hint: string): Refusal => ({
    ...{ code, message, where: { field: 'break', value: id }, rule, hint },
  });
  const another = `another person: trueup approve ${id} --plan ${plan.slice(0, 8)}`;
  if (proposer === undefined) {
    const hint = 'make the plan again with sync, which notes your name; another person approves it';
    return refusal('proposal-unnamed', `nobody is on record who proposed ${id}`, hint);
  }
  if (by === null) return refusal('approval-unnamed', `nobody says who approves ${id}`, another);
  if (by !== proposer) return null;
  return refusal('approval-own', `${name ?? 'the same person'} proposed ${id}`, another);
}

/** After every entry of the plan was appended. */
export const repaired = (one: Break, at: Instant): Result<Break> => move(one, 'REPAIRED', at);
