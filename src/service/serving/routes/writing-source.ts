/**
 * What a person decides about a break of a bot's database, as `update` and `sync --source` carry it
 * out: after a backup, in one transaction, with an audit row, and proved by looking again.
 */
import type { Break } from '../../../model/break.ts';
import type { EntryRow } from '../../../model/entry.ts';
import { isClosed } from '../../../model/life-cycle.ts';
import type { SourceIdentity } from '../../../model/source.ts';
import { SourceError } from '../../../sources/source-error.ts';
import type { Account } from '../../../store/accounts.ts';
import { isOfSource } from '../../checks-on-record.ts';
import { isUnanswered } from '../../failure.ts';
import { rewriteOf } from '../../source/agreed.ts';
import { noteRows } from '../../source/positions-notes.ts';
import { undoRows } from '../../source/positions-undo.ts';
import { SourceRefused } from '../../source/refused.ts';
import { atDesk, atRows, kindOfServed, type ServedSource } from '../../source/served-source.ts';
import { bodyOfSource, placeOf } from '../../source/source-entries.ts';
import { writeOf } from '../../source/write-entries.ts';
import { changed, writing } from '../anew.ts';
import type { ServingParts } from '../parts.ts';
import { Problem, problemOf } from '../problem.ts';
import type { BreakPlace } from '../reads/break-history.ts';
import { forgetSource, sourceSeen } from '../reads/source-look.ts';
import { isOfDatabase, shutWhy } from '../reads/source-plan.ts';
import type { Answered } from '../route.ts';
import { leftWhy, type RepairAsked } from './source-answers.ts';
import { atLook, proposeRows, repairRows } from './writing-source-rows.ts';
import { proposeTotal, repairTotal } from './writing-source-total.ts';

/** Null: the break is the book's own. Throws a Problem where nothing may be written there. */
export const databaseOf = (parts: ServingParts, one: Break): ServedSource | null =>
  isOfDatabase(one) ? writtenDatabase(parts, one.id) : null;

function writtenDatabase({ source }: ServingParts, what: string): ServedSource {
  const byHand = 'use trueup update or sync with --source';
  if (source === undefined) {
    const said = `${what} is of a database that this service does not look after`;
    throw new Problem('conflict', said, { hint: `start it with --source, or ${byHand}` });
  }
  const shut = shutWhy(source);
  if (shut === null) return source;
  throw new Problem('conflict', shut, { hint: `start it with --repair ask or auto, or ${byHand}` });
}

export async function proposeInSource(
  parts: ServingParts,
  database: ServedSource,
  place: BreakPlace,
  by: string,
): Promise<Answered> {
  const { account, one } = place;
  const propose = rewriteOf(one) === null ? proposeRows : proposeTotal;
  const plan = await inSource(parts, () => propose(parts, database, place, by));
  const isIn = plan.repairs.some(({ breakId }) => breakId === one.id);
  return changed(parts, account, one.id, [], isIn ? null : leftWhy(plan, one.id));
}

export async function repairInSource(
  parts: ServingParts,
  database: ServedSource,
  place: BreakPlace,
  asked: RepairAsked,
): Promise<Answered> {
  const { one } = place;
  if (isClosed(one)) throw new Problem('conflict', `${one.id} is ${one.state} already`);
  const repair = rewriteOf(one) === null ? repairRows : repairTotal;
  return await inSource(parts, () => repair(parts, database, place, asked));
}

/** What a database refuses, and that it does not answer, is a problem of its own. */
async function inSource<T>(parts: ServingParts, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SourceRefused) throw problemOf(error.refusal, 'conflict');
    if (!(error instanceof SourceError)) throw error;
    const { code, message, hint } = error;
    const name = isUnanswered(error)
      ? 'sourceSilent'
      : code === 'source-moved'
        ? 'stale'
        : 'conflict';
    throw new Problem(name, message, { failure: code, hint });
  } finally {
    forgetSource(parts);
  }
}

/** Looks at the database of those accounts that are of it, and notes what was seen. */
export async function lookAtSource(
  parts: ServingParts,
  accounts: readonly Account[],
): Promise<void> {
  const { source: database, reader } = parts;
  if (database === undefined) return;
  forgetSource(parts);
  const { seen, why, isSilent } = (await sourceSeen(parts))!;
  if (isSilent) throw new Problem('sourceSilent', why ?? `${database.name} did not answer`);
  // Whose rows they are cannot be told, say: the account page has why.
  if (seen === null || why !== null) return;
  await inSource(parts, async () => {
    if (seen.kind === 'positions') {
      const names = new Set(seen.looks.map(({ compared }) => compared.account.name));
      const own = accounts.filter(({ name }) => names.has(name));
      for (const account of own) await atLook(parts, database, { account }, noteRows);
    } else if (accounts.some(({ account }) => isOfSource(reader.file, account))) {
      const request = { record: true, prices: null };
      await atDesk(database, database.options.sourceAccount, (desk) => desk.check(request));
    }
  });
}

/** What one write changed becomes what it was; the row of the database's log that says so. */
export async function undoInSource(
  parts: ServingParts,
  account: Account,
  row: EntryRow,
  actor: string,
): Promise<number> {
  const database = writtenDatabase(parts, `entry ${row.sequence}`);
  const { audit: auditId, location } = writeOf(row);
  await inSource(parts, async () => {
    if ((await kindOfServed(database)) === 'positions') {
      await atRows(database, async (source) => {
        refuseOther(location, source.identity);
        const terms = { at: parts.clock.now(), actor };
        await writing(parts, (writer) => undoRows(source, writer, account, row, terms));
      });
      return;
    }
    const { accountId } = bodyOfSource(parts.reader.file.lastOfKind(account.account, 'source')!);
    await atDesk(database, accountId, async (desk) => {
      refuseOther(location, desk.identity);
      await desk.undo({ auditId, actor });
    });
  });
  await lookAtSource(parts, [account]);
  return parts.reader.file.lastSequenceOf(account.account, 'source-write');
}

function refuseOther(location: string, identity: SourceIdentity): void {
  if (placeOf(identity) === location) return;
  throw new Problem('conflict', 'that was written into another database than is looked after');
}
