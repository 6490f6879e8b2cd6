/** An account of the book beside the venue that holds it, which is asked now. */
import { differs } from '../../reconcile/judge.ts';
import type { Account } from '../../store/accounts.ts';
import type { Venue } from '../../venues/venue.ts';
import { checkAccount } from '../checking.ts';
import type { BookReader } from '../reading.ts';
import { type Compared, type ReconcileOptions, requestOf } from '../reconciling.ts';
import type { WaitingClock } from '../system-clock.ts';
import { knownBefore, waitingMessages } from './known.ts';
import {
  type Looked,
  type Taken,
  type TakenSource,
  type TakingTimes,
  takeVenueStatement,
  usualTimes,
} from './taking.ts';

export interface VenueOfAccount {
  readonly account: Account;
  readonly venue: Venue;
}

export interface VenueAsking {
  readonly clock: WaitingClock;
  readonly signal: AbortSignal;
  readonly times?: Partial<TakingTimes>;
  /** A person said that an empty answer is to be believed. */
  readonly believesEmpty?: boolean;
}

/** An account beside its venue's statement, as every command of reconciliation takes it. */
export interface ComparedWithVenue extends Compared {
  readonly taken: Taken;
}

/** Nothing is written; never throws for what a venue does. */
export async function comparedWithVenue(
  reader: BookReader,
  { account, venue }: VenueOfAccount,
  options: ReconcileOptions,
  asking: VenueAsking,
): Promise<ComparedWithVenue> {
  const { clock, signal } = asking;
  const times = { ...usualTimes, ...asking.times };
  const take = (): Promise<Taken> =>
    takeVenueStatement(venue, {
      ...{ clock, signal, times },
      ...(asking.believesEmpty === true ? { believesEmpty: true } : {}),
      known: knownBefore(reader, account, venue, clock.now()),
      waiting: () => waitingMessages(reader, venue, { now: clock.now(), maxAgeMs: times.settleMs }),
      look: (source) => lookAt(reader, { account, source }, options),
    });
  const taken = await take();
  return { account, source: taken.source, taken, again: async () => (await take()).source };
}

function lookAt(
  reader: BookReader,
  compared: { readonly account: Account; readonly source: TakenSource },
  options: ReconcileOptions,
): Looked {
  const { reconciled } = checkAccount(reader, requestOf(compared, options));
  const { comparison, current, unknown } = reconciled;
  if (comparison === null) return { differs: true, settles: true, open: true };
  const isStale = unknown.some(({ reason }) => reason?.startsWith('SNAPSHOT_') === true);
  const isDifferent = comparison.lines.some(({ verdict }) => differs(verdict));
  const cases = [...current.values()];
  return {
    differs: isStale || isDifferent || comparison.gaps.length > 0,
    settles: isStale || cases.some(({ settling }) => settling),
    open: cases.some(({ settling, confidence }) => !settling && confidence === 'unexplained'),
  };
}
