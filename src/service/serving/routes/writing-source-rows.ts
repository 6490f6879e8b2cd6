/** Rows of a bot's database: proposed and written by what `sync --source` does. */
import type { Plan } from '../../../reconcile/repair.ts';
import type { CheckedAccount } from '../../../report/check-document.ts';
import type { BookWriter } from '../../book.ts';
import { type Compared, checkAll } from '../../reconciling.ts';
import type { RowsGround, RowsLook } from '../../source/positions-look.ts';
import { booksNow, seenRows } from '../../source/positions-seen.ts';
import { applyRows, planRows, type RowsSynced } from '../../source/positions-sync.ts';
import { atRows, type ServedSource } from '../../source/served-source.ts';
import { isNamed } from '../../syncing.ts';
import { changed, comparedNow, reconcileOptions, writing } from '../anew.ts';
import type { ServingParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import type { BreakPlace } from '../reads/break-history.ts';
import { comparedOnRecord, groundOf } from '../reads/source-look.ts';
import type { Answered } from '../route.ts';
import {
  isCarriedOut,
  leftOf,
  leftWhy,
  type RepairAsked,
  repairing,
  stale,
  writtenIn,
} from './source-answers.ts';

type RowsWork<T> = (ground: RowsGround, writer: BookWriter, look: RowsLook) => Promise<T>;

/** The venue is asked now, the book is held against it, and the rows against both. */
export async function atLook<T>(
  parts: ServingParts,
  database: ServedSource,
  { account }: Pick<BreakPlace, 'account'>,
  work: RowsWork<T>,
): Promise<T> {
  const how = reconcileOptions(parts);
  const compared = await comparedNow(parts, account, how);
  return await atRows(database, (source) =>
    writing(parts, async (writer) => {
      const ground = groundOf(parts, database, source);
      // Only what was asked now is noted; the others say whose rows are not this account's.
      const check = async (all: readonly Compared[]) => {
        const books: CheckedAccount[] = [];
        for (const one of all) {
          books.push(...(await booksNow(ground, how, one === compared ? writer : null)([one])));
        }
        return books;
      };
      const isOther = (one: Compared) => one.account.account !== account.account;
      const all = [compared, ...comparedOnRecord(parts).filter(isOther)];
      const { looks } = await seenRows(ground, all, check);
      const look = looks.find((one) => one.compared === compared);
      if (look !== undefined) return await work(ground, writer, look);
      throw new Problem('conflict', `no row of ${database.name} is of ${account.name}`);
    }),
  );
}

export const proposeRows = (
  parts: ServingParts,
  database: ServedSource,
  place: BreakPlace,
  by: string,
): Promise<Plan> =>
  atLook(parts, database, place, async (ground, writer, look) => {
    const { after } = await planRows(ground, writer, look, by);
    return after.checked.reconciled.plan;
  });

export async function repairRows(
  parts: ServingParts,
  database: ServedSource,
  place: BreakPlace,
  { by, plan }: RepairAsked,
): Promise<Answered> {
  const { account, one } = place;
  const only = new Set([one.id]);
  const plans = plan === undefined ? null : [plan];
  const before = lastWriteOf(parts, place);
  return await repairing(parts, place, async (wrote) => {
    const choice = { only, auto: false, plans, actor: by, wrote };
    const synced = await atLook(parts, database, place, (ground, writer, look) =>
      applyRows(ground, writer, look, choice),
    );
    const found = synced.applied.length === 0 && isFound(parts, place, plan);
    const sequences = found
      ? [lastWriteOf(parts, place)].filter((last) => last > before)
      : writtenIn(parts, place, appliedIn(synced, one.id).audit);
    // The verdict is that of a check, and the last one saw the row as it was.
    const how = reconcileOptions(parts);
    const anew = await comparedNow(parts, account, how);
    await writing(parts, (writer) => checkAll(parts.reader, writer, [anew], how));
    return changed(parts, account, one.id, sequences, leftOf(parts, place, true));
  });
}

const lastWriteOf = ({ reader }: ServingParts, { account }: BreakPlace): number =>
  reader.file.lastSequenceOf(account.account, 'source-write');

/** Written under this plan before, and not noted then: the look just noted it. */
const isFound = (parts: ServingParts, place: BreakPlace, plan: string | undefined): boolean =>
  isCarriedOut(parts, place) && (plan === undefined || isNamed(place.one.repair!.planHash, plan));

/** Throws a Problem where nothing was written. */
function appliedIn({ status, applied, after }: RowsSynced, id: string) {
  const { plan } = after.checked.reconciled;
  if (status === 'stale') throw stale(plan.hash);
  const [done] = applied;
  if (done !== undefined) return done;
  const repair = plan.repairs.find(({ breakId }) => breakId === id);
  if (repair === undefined) throw new Problem('conflict', leftWhy(plan, id));
  throw new Problem('conflict', `${id} waits for a person: ${repair.because}`, {
    ...{ hint: `approve it in plan ${plan.hash.slice(0, 8)} first`, planHash: plan.hash },
  });
}
