/** An account of the book beside the venue that holds it, which is asked now. */
import { differs } from '../../reconcile/judge.ts';
import type { Reconciled } from '../../reconcile/reconcile.ts';
import type { Account } from '../../store/accounts.ts';
import type { Venue } from '../../venues/venue.ts';
import { checkAccount } from '../checking.ts';
import type { BookReader } from '../reading.ts';
import { type Compared, type ReconcileOptions, requestOf, type SeenCheck } from '../reconciling.ts';
import type { WaitingClock } from '../system-clock.ts';
import { knownBefore, waitingMessages } from './known.ts';
import {
  anything,
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
  /** See TakeRequest. */
  readonly isBrief?: boolean;
}

/** An account beside its venue's statement, as every command of reconciliation takes it. */
export interface ComparedWithVenue extends Compared {
  readonly taken: Taken;
  /** What was taken last: after a repair it is asked again. */
  readonly last: () => Taken;
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
  let looked: LookedAt | null = null;
  let last: Taken | null = null;
  const take = async (): Promise<Taken> => {
    last = await takeVenueStatement(venue, {
      ...{ clock, signal, times },
      ...(asking.believesEmpty === true ? { believesEmpty: true } : {}),
      ...(asking.isBrief === true ? { isBrief: true } : {}),
      known: knownBefore(reader, account, venue, clock.now()),
      waiting: () => waitingMessages(reader, venue, { now: clock.now(), maxAgeMs: times.settleMs }),
      look: (source) => {
        const request = requestOf({ account, source }, options);
        const checked = checkAccount(reader, request);
        looked = {
          source,
          found: foundIn(checked.reconciled, venue),
          seen: { checked, now: request.now, options },
        };
        return looked.found;
      },
    });
    return last;
  };
  const taken = await take();
  const { source } = taken;
  const again = async () => (await take()).source;
  return {
    account,
    source,
    taken,
    last: () => last ?? taken,
    again,
    ...(seenIn(looked, source) ?? {}),
  };
}

interface LookedAt {
  readonly source: TakenSource;
  readonly found: Looked;
  readonly seen: SeenCheck;
}

const seenIn = (looked: LookedAt | null, source: TakenSource) =>
  looked?.source === source ? { seen: looked.seen } : null;

function foundIn({ comparison, current, unknown }: Reconciled, { capabilities }: Venue): Looked {
  if (comparison === null) return anything;
  const isStale = unknown.some(({ reason }) => reason?.startsWith('SNAPSHOT_') === true);
  const isDifferent = comparison.lines.some(({ verdict }) => differs(verdict));
  // Lists that reach further say whose they are, where the venue has them whole.
  const strangers = capabilities.executions.complete
    ? comparison.foreign.flatMap(({ key, verdict }) => (verdict === 'unknown' ? [key] : []))
    : [];
  const cases = [...current.values()];
  return {
    differs: isStale || isDifferent || strangers.length + comparison.gaps.length + cases.length > 0,
    settles: isStale || cases.some(({ settling }) => settling),
    open: cases.some(({ settling, confidence }) => !settling && confidence !== 'proven'),
    strangers: new Set(strangers),
    ghosts: comparison.gaps.flatMap((gap) =>
      gap.kind === 'order' && gap.how === 'ghost' && gap.ours !== null ? [gap.ours.report] : [],
    ),
  };
}
