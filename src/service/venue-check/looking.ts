/** One look at a venue's account: held against the book, noted, repaired where that is wanted. */
import type { Statement } from '../../model/statement.ts';
import type { PolicySettings } from '../../reconcile/limits.ts';
import type { CheckedAccount } from '../../report/check-document.ts';
import type { Venue } from '../../venues/venue.ts';
import type { BookWriter } from '../book.ts';
import { type AccountGate, gateOf } from '../gate.ts';
import type { BookReader } from '../reading.ts';
import { type ReconcileOptions, requestOf } from '../reconciling.ts';
import { type Applied, applySync, checkAndNote } from '../syncing.ts';
import type { WaitingClock } from '../system-clock.ts';
import { accountAt } from '../venues/of-accounts.ts';
import { VenueRefused } from '../venues/refused.ts';
import { comparedWithVenue } from './comparing.ts';
import { type AskedHow, timesOf } from './times.ts';

export interface LookRequest {
  readonly venue: Venue;
  readonly settings: AskedHow;
  readonly reader: BookReader;
  readonly markMaxAgeMs: number;
  readonly clock: WaitingClock;
  /** Aborted: nothing is waited for, and what is not known by then is not noted. */
  readonly signal: AbortSignal;
  readonly openWriter: () => Promise<BookWriter>;
  /** `auto`: what the policy lets be repaired without a person is, and the rest is proposed. */
  readonly repair: 'auto' | 'never';
  /** Lists go back to when all was true, no further. */
  readonly isBrief: boolean;
  /** Absent: as by default. */
  readonly policy?: PolicySettings;
}

export interface VenueLook {
  /** As it is now: after the repairs, where some were made. */
  readonly checked: CheckedAccount;
  /** What was repaired without a person, and what became of it. */
  readonly applied: readonly Applied[];
  /** As the book has it on record. */
  readonly gate: AccountGate;
  /** Why there was no answer; null: there was one. */
  readonly why: string | null;
  /** The key is wrong, expired or lacks a permission. */
  readonly credentials: boolean;
  /** As it was told last, with what is not written down; null: there was no answer. */
  readonly told: Statement | null;
}

/** Null: it was stopped before it could say anything. Throws a VenueRefused, or a StoreError. */
export async function lookAtVenue(request: LookRequest): Promise<VenueLook | null> {
  const { reader, venue, settings, clock, signal, isBrief } = request;
  const found = accountAt(reader.file.accounts(), venue, null);
  if (!found.ok) throw new VenueRefused(found.refusal);
  const of = { account: found.value, venue };
  const asking = { clock, signal, times: timesOf(settings), isBrief };
  const compared = await comparedWithVenue(reader, of, optionsOf(request), asking);
  if (signal.aborted) return null;
  const { why, credentials } = compared.taken;
  const noted = await notedBy(compared, request);
  const gate = gateOf(reader.file, found.value, { now: clock.now() });
  const last = compared.last();
  const told = last.why === null ? last.source.statement : null;
  return { ...noted, gate, why, credentials, told };
}

async function notedBy(
  compared: Awaited<ReturnType<typeof comparedWithVenue>>,
  request: LookRequest,
): Promise<Pick<VenueLook, 'checked' | 'applied'>> {
  const { reader } = request;
  const check = requestOf(compared, optionsOf(request));
  const writer = await request.openWriter();
  try {
    if (request.repair === 'never') {
      const { account } = await checkAndNote(reader, writer, check);
      return { checked: account, applied: [] };
    }
    const how = { ...check, only: null, auto: true, plans: null, proposes: true };
    const synced = await applySync(reader, writer, how);
    const applied = synced.status === 'applied' ? synced.applied : [];
    return { checked: synced.checked.account, applied };
  } finally {
    await writer.close();
  }
}

const optionsOf = ({ clock, markMaxAgeMs, policy }: LookRequest): ReconcileOptions => ({
  ...{ clock, strict: false, markMaxAgeMs, toleranceSteps: 0, adjust: new Set<string>() },
  ...(policy === undefined ? {} : { policy }),
});
