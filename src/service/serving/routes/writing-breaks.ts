/**
 * What a person decides about a break. A venue is asked anew for a plan and after a repair, and the
 * answer is the state that was reached, never the one that was wished for.
 */
import { z } from 'zod';
import { isClosed } from '../../../model/life-cycle.ts';
import { requestOf } from '../../reconciling.ts';
import { addRemark } from '../../remarks.ts';
import { type Applied, applySync, approveBreak, proposePlan, type Synced } from '../../syncing.ts';
import { allowed, changed, comparedNow, reconcileOptions, writing } from '../anew.ts';
import { breakChange } from '../documents/changes.ts';
import { Problem, problemOf } from '../problem.ts';
import { breakNamed } from '../reads/break-history.ts';
import { route } from '../route.ts';
import { databaseOf, proposeInSource, repairInSource } from './writing-source.ts';

const tag = 'breaks';
const params = z.object({ id: z.string().max(40) });
const planHash = z
  .string()
  .regex(/^[0-9a-f]{4,64}$/)
  .meta({ description: 'Hash of the plan that was looked at, or its beginning' });

const pathOf = (what: string) => `/api/v1/breaks/:id/${what}`;

const proposeRoute = route(
  {
    ...{ method: 'POST', path: pathOf('propose'), tag, scope: 'repair', params },
    summary: 'Make the plan of its account, and propose this break in it',
    answer: breakChange,
  },
  async (parts, { params: { id }, actor }) => {
    const place = breakNamed(parts, id);
    const { account, one } = place;
    const database = databaseOf(parts, one);
    if (database !== null) return proposeInSource(parts, database, place, actor.name);
    const options = reconcileOptions(parts);
    const compared = await comparedNow(parts, account, options);
    const { reconciled } = await writing(parts, (writer) =>
      proposePlan(parts.reader, writer, requestOf(compared, options), actor.name),
    );
    const isIn = reconciled.plan.repairs.some(({ breakId }) => breakId === id);
    const because = reconciled.plan.leftAlone.find(({ breakId }) => breakId === id)?.because;
    const left = isIn ? null : (because ?? compared.why ?? 'no plan repairs it');
    return changed(parts, account, id, [], left);
  },
);

const approveRoute = route(
  {
    ...{ method: 'POST', path: pathOf('approve'), tag, scope: 'approve', params },
    summary: 'Agree to the repair of this break by one plan',
    ...{ body: z.strictObject({ plan: planHash }), answer: breakChange },
  },
  async (parts, { params: { id }, body: { plan }, actor }) => {
    const { account } = breakNamed(parts, id);
    const { fourEyes } = parts.policy().approvals;
    const approval = {
      breakId: id,
      plans: [plan],
      at: parts.clock.now(),
      by: actor.name,
      fourEyes,
    };
    allowed(
      await writing(parts, (writer) => approveBreak(parts.reader, writer, account, approval)),
    );
    return changed(parts, account, id);
  },
);

const repairRoute = route(
  {
    ...{ method: 'POST', path: pathOf('repair'), tag, scope: 'repair', params },
    summary: 'Carry out its repair, ask the venue anew, and compare again',
    ...{ body: z.strictObject({ plan: planHash.optional() }), answer: breakChange },
  },
  async (parts, { params: { id }, body: { plan }, actor }) => {
    const place = breakNamed(parts, id);
    const { account, one } = place;
    const database = databaseOf(parts, one);
    if (database !== null) return repairInSource(parts, database, place, { by: actor.name, plan });
    if (isClosed(one)) throw new Problem('conflict', `${id} is ${one.state} already`);
    const options = reconcileOptions(parts);
    const compared = await comparedNow(parts, account, options);
    if (compared.source === null) {
      const hint = 'POST a statement to /api/v1/statements, or name a venue in the settings';
      throw new Problem('conflict', `nothing says what ${account.name} should hold`, { hint });
    }
    const choice = { only: new Set([id]), auto: false, plans: plan === undefined ? null : [plan] };
    const synced = await writing(parts, (writer) =>
      applySync(parts.reader, writer, { ...requestOf(compared, options), ...choice }),
    );
    const applied = appliedOf(id, synced);
    return changed(parts, account, id, sequencesOf(applied), leftOf(applied));
  },
);

/** Throws a Problem where nothing was written. */
function appliedOf(id: string, synced: Synced): Applied {
  const { plan, breaks } = synced.checked.reconciled;
  if (synced.status === 'stale') {
    throw new Problem(
      'stale',
      `the plan is not for the book as it is, whose plan is ${plan.hash}`,
      {
        planHash: plan.hash,
      },
    );
  }
  if (synced.status === 'refused') throw problemOf(synced.refusal, 'conflict');
  const applied = synced.status === 'applied' ? synced.applied[0] : undefined;
  if (applied !== undefined) return applied;
  const repair = plan.repairs.find(({ breakId }) => breakId === id);
  const because = plan.leftAlone.find(({ breakId }) => breakId === id)?.because;
  const state = breaks.find((one) => one.id === id)?.state;
  if (repair !== undefined) {
    const hint = `approve it in plan ${plan.hash.slice(0, 8)} first`;
    throw new Problem('conflict', `${id} waits for a person: ${repair.because}`, {
      ...{ hint, planHash: plan.hash },
    });
  }
  throw new Problem('conflict', because ?? `no plan repairs ${id}, which is ${state ?? 'gone'}`);
}

const sequencesOf = ({ outcomes }: Applied): readonly number[] =>
  outcomes.flatMap((outcome) => ('sequence' in outcome ? [outcome.sequence] : []));

function leftOf({ after }: Applied): string | null {
  if (after === null) return 'the comparison after it does not know the break';
  if (after.state === 'VERIFIED') return null;
  if (after.state === 'REPAIRED') return 'written; the next complete answer of the venue proves it';
  return `it still differs: ${after.explanation.sentence}`;
}

const commentRoute = route(
  {
    ...{ method: 'POST', path: pathOf('comment'), tag, scope: 'repair', params },
    summary: 'Say something about it, in the book',
    ...{ body: z.strictObject({ text: z.string().min(1).max(4_000) }), answer: breakChange },
  },
  async (parts, { params: { id: breakId }, body: { text }, actor }) => {
    const { account } = breakNamed(parts, breakId);
    const remark = { breakId, text, by: actor.name, at: parts.clock.now() };
    const sequence = allowed(await writing(parts, (writer) => addRemark(writer, account, remark)));
    return changed(parts, account, breakId, [sequence]);
  },
);

export const breakRoutes = [proposeRoute, approveRoute, repairRoute, commentRoute] as const;
