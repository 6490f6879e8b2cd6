/** The total of a bot's database, or a record of it: proposed, and written once a person agreed. */
import type { Plan } from '../../../reconcile/repair.ts';
import { agreedPlan, proposalOf, rewriteOf } from '../../source/agreed.ts';
import type { SourceUpdate } from '../../source/desk.ts';
import { isAgreed } from '../../source/repaired.ts';
import { atDesk, type ServedSource } from '../../source/served-source.ts';
import { bodyOfSource, placeOf } from '../../source/source-entries.ts';
import { isNamed } from '../../syncing.ts';
import { changed } from '../anew.ts';
import type { ServingParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import type { BreakPlace } from '../reads/break-history.ts';
import type { Answered } from '../route.ts';
import {
  isCarriedOut,
  leftOf,
  nowOf,
  type RepairAsked,
  repairing,
  stale,
  writtenIn,
} from './source-answers.ts';

/** Of the database's own account, so that no other one of it is touched. */
function accountIn({ reader: { file } }: ServingParts, { account }: BreakPlace): string {
  const last = file.lastOfKind(account.account, 'source');
  if (last !== null) return bodyOfSource(last).accountId;
  throw new Problem('conflict', `nobody looked at the database of ${account.name} yet`);
}

/** What it would be refused for is refused before anything is proposed. */
export async function proposeTotal(
  parts: ServingParts,
  database: ServedSource,
  place: BreakPlace,
  by: string,
): Promise<Plan> {
  const { id } = place.one;
  return await atDesk(database, accountIn(parts, place), async (desk) => {
    const own = placeOf(desk.identity);
    const first = await desk.check({ record: false, prices: null, explains: false });
    const before = first.checked?.accounts.find(({ name }) => name === place.account.name);
    const repair =
      before && agreedPlan(before, own, null).repairs.find(({ breakId }) => breakId === id);
    if (repair !== undefined) {
      const rewrites = rewriteOf(place.one)!;
      const agreed = { breakId: id, rewrites, plan: repair.planHash! };
      await desk.rewrite({ agreed, actor: by, dryRun: true });
    }
    const decided = { steps: proposalOf(id, own, by), by };
    const { checked } = await desk.check({ record: true, prices: null, decided });
    const after = checked?.accounts.find(({ name }) => name === place.account.name);
    if (after === undefined) {
      throw new Problem('sourceSilent', `${database.name} did not answer`);
    }
    return agreedPlan(after, own, null);
  });
}

export async function repairTotal(
  parts: ServingParts,
  database: ServedSource,
  place: BreakPlace,
  { by, plan: named }: RepairAsked,
): Promise<Answered> {
  const { account, one } = place;
  const plan = one.repair?.planHash ?? null;
  const isWritten = plan !== null && one.state === 'REPAIRED';
  if (plan === null || !(isWritten || isAgreed(one, plan))) {
    const hint =
      plan === null ? 'propose it first' : `approve it in plan ${plan.slice(0, 8)} first`;
    throw new Problem('conflict', `${one.id} waits for a person`, {
      ...{ hint, ...(plan === null ? {} : { planHash: plan }) },
    });
  }
  if (named !== undefined && !isNamed(plan, named)) throw stale(plan);
  if (isWritten) return await lookedAgain(parts, database, place);
  const agreed = { breakId: one.id, rewrites: rewriteOf(one)!, plan };
  return await repairing(parts, place, async (wrote) => {
    const update = await atDesk(database, accountIn(parts, place), (desk) =>
      desk.rewrite({ agreed, actor: by, dryRun: false, wrote }),
    );
    if (update.isStale) throw staleNow(parts, place);
    if (update.audit === null) throw new Problem('conflict', notWritten(update));
    const sequences = writtenIn(parts, place, update.audit.id);
    const left = leftOf(parts, place, update.after?.snapshot !== null);
    return changed(parts, account, one.id, sequences, left);
  });
}

/** What nobody could compare yet behind its write is compared now, and not written again. */
async function lookedAgain(
  parts: ServingParts,
  database: ServedSource,
  place: BreakPlace,
): Promise<Answered> {
  const { snapshot } = await atDesk(database, accountIn(parts, place), (desk) =>
    desk.check({ record: true, prices: null }),
  );
  const left = leftOf(parts, place, snapshot !== null);
  return changed(parts, place.account, place.one.id, [], left);
}

/** Two who ask at once write once: the other one's write is no reason to say that none was. */
function staleNow(parts: ServingParts, place: BreakPlace): Problem {
  if (!isCarriedOut(parts, place)) return stale(null);
  const { id, state } = nowOf(parts, place);
  return new Problem('conflict', `${id} is ${state} already`);
}

function notWritten({ before }: SourceUpdate): string {
  const [first] = before.flatMap(({ unpriced }) => unpriced);
  return first === undefined
    ? 'there is nothing to write: what is stored is the truth'
    : `nothing is written while a part of the total is unknown: ${first.what}: ${first.why}`;
}
