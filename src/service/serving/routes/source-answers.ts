/** What people are answered who decide about a bot's database: what was reached, or why not. */
import type { Break } from '../../../model/break.ts';
import type { SourceAuditRow } from '../../../model/source.ts';
import type { Plan } from '../../../reconcile/repair.ts';
import { failureOf } from '../../failure.ts';
import { breakOf } from '../../reconcile-entries.ts';
import { bodyOfSource } from '../../source/source-entries.ts';
import { isNoted, writeOf } from '../../source/write-entries.ts';
import { changed } from '../anew.ts';
import type { ServingParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { type BreakPlace, stepsOf } from '../reads/break-history.ts';
import { standingsOf } from '../reads/standings.ts';
import type { Answered } from '../route.ts';

export interface RepairAsked {
  readonly by: string;
  /** The plan that was looked at, or its beginning; absent: whatever was agreed to. */
  readonly plan: string | undefined;
}

export const leftWhy = ({ leftAlone }: Plan, id: string): string =>
  leftAlone.find(({ breakId }) => breakId === id)?.because ?? 'no plan repairs it';

export const stale = (planHash: string | null): Problem =>
  new Problem('stale', 'the plan is not for what is stored now: nothing was written', {
    ...(planHash === null ? {} : { planHash }),
    hint: 'propose it anew, and look at what it becomes now',
  });

/** The entry that notes the row of the database's own log. */
export function writtenIn(
  { reader: { file } }: ServingParts,
  { account }: BreakPlace,
  audit: number,
): readonly number[] {
  const row = file.lastOfKind(account.account, 'source-write');
  return row !== null && writeOf(row).audit === audit ? [row.sequence] : [];
}

/** The break as it is on record now. */
export const nowOf = ({ reader }: ServingParts, { account, one }: BreakPlace): Break =>
  standingsOf(reader).of(account).breaks.get(one.id)!;

/** The plan that was agreed to was carried out, by whoever did, and stands. */
export function isCarriedOut(parts: ServingParts, place: BreakPlace): boolean {
  const { account, one } = place;
  const { state } = nowOf(parts, place);
  if (one.repair == null || (state !== 'REPAIRED' && state !== 'VERIFIED')) return false;
  const steps = stepsOf(parts, account, one.id).map(breakOf);
  const last = steps.findLast((step) => step.state === 'REPAIRED');
  return last?.repair?.planHash === one.repair.planHash;
}

/** What is still to be done; null: nothing is left. `isCompared`: somebody looked since. */
export function leftOf(parts: ServingParts, place: BreakPlace, isCompared: boolean) {
  const { state } = nowOf(parts, place);
  if (state === 'VERIFIED') {
    return isCompared ? null : 'written and read back; nobody could compare the account again yet';
  }
  if (state !== 'REPAIRED') return `written, and it differs again: it is ${state}`;
  return isCompared
    ? 'written; the next look at the database proves it'
    : 'written; nobody could compare again yet: the next look proves it';
}

/** What is written is answered as written, whatever fails behind it. */
export async function repairing(
  parts: ServingParts,
  place: BreakPlace,
  work: (wrote: (row: SourceAuditRow) => void) => Promise<Answered>,
): Promise<Answered> {
  const rows: SourceAuditRow[] = [];
  try {
    return await work((row) => rows.push(row));
  } catch (error) {
    const [row] = rows;
    if (row === undefined) throw error;
    const { account, one } = place;
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const msg = `${one.id} is written, as row ${row.id} of trueup_audit says; then failed: ${why}`;
    parts.log.error({ event: 'request.failed', msg });
    if (!isOnRecord(parts, place, row)) throw notNoted(row, error);
    const sequences = writtenIn(parts, place, row.id);
    return changed(parts, account, one.id, sequences, leftOf(parts, place, false));
  }
}

function isOnRecord(
  { reader: { file } }: ServingParts,
  { account: { account } }: BreakPlace,
  row: SourceAuditRow,
): boolean {
  try {
    const last = file.lastOfKind(account, 'source');
    return last !== null && isNoted(file, account, bodyOfSource(last).location, row);
  } catch {
    // A book that cannot be read says of nothing that it is noted.
    return false;
  }
}

const notNoted = ({ id }: SourceAuditRow, error: unknown): Problem =>
  new Problem(
    'internal',
    `it was written, as row ${id} of trueup_audit says, and our book could not note it`,
    {
      ...{ audit: id, failure: failureOf(error)?.code ?? null },
      hint: 'repair it again with a new key: the write is found, noted, and not done a second time',
    },
  );
