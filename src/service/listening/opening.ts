/** An account of a venue and its book, opened to be followed. */
import type { AccountFact } from '../../model/fact.ts';
import type { Instant } from '../../model/instant.ts';
import { accepted, type Result, refused } from '../../model/result.ts';
import type { Account } from '../../store/accounts.ts';
import type { Venue } from '../../venues/venue.ts';
import type { BookWriter } from '../book.ts';
import type { Log } from '../log.ts';
import { openForWriting } from '../open-for-writing.ts';
import { BookReader } from '../reading.ts';
import type { WaitingClock } from '../system-clock.ts';
import type { VenueSettings } from '../venues/settings.ts';
import { Following } from './following.ts';
import type { SectionName } from './listing.ts';
import { type ListenSettings, usualListening } from './settings.ts';
import { SteadyWriter } from './steady-writer.ts';

export interface FollowRequest {
  readonly venue: Venue;
  readonly settings: Pick<VenueSettings, 'currency' | 'positionMode'>;
  readonly book: string;
  readonly holder: string;
  readonly programVersion: string;
  readonly markMaxAgeMs: number;
  readonly clock: WaitingClock;
  readonly log: Log;
  /** Aborted: what cannot be written is not tried again. */
  readonly signal: AbortSignal;
  readonly streams: boolean;
  /** What reads the book; absent: one of its own, for as long as it is followed. */
  readonly reader?: () => BookReader;
  /** Who writes, where that is not for `holder` to find out. */
  readonly openWriter?: () => Promise<BookWriter>;
  readonly listening?: Partial<ListenSettings>;
  readonly deepAt?: Instant | null;
  readonly onProgress?: (section: SectionName, facts: number) => void;
  readonly onBooked?: () => void;
}

export interface Followed {
  readonly following: Following;
  readonly keeper: SteadyWriter;
  readonly reader: BookReader;
  readonly account: AccountFact;
  readonly listening: ListenSettings;
  close(): Promise<void>;
}

/** Throws a StoreError where the book cannot be opened. */
export async function openFollowed(request: FollowRequest): Promise<Result<Followed>> {
  const { venue, book, clock, log, signal, holder, programVersion, markMaxAgeMs } = request;
  const options = { clock, holder, programVersion, markMaxAgeMs, create: true };
  // Opened here once, so that a book that cannot be is told before anything is asked.
  const openWriter = request.openWriter ?? (() => openForWriting(book, options));
  const first = await openWriter();
  let given = false;
  const keeper = new SteadyWriter({
    ...{ clock, log, signal },
    async open() {
      if (given) return openWriter();
      given = true;
      return first;
    },
  });
  await keeper.keep([], {});
  const reader = request.reader?.() ?? new BookReader(book, clock);
  const close = async () => {
    if (request.reader === undefined) reader.close();
    await keeper.close();
  };
  const known = reader.file.accountNamed(venue.account);
  const refusal = known === null ? null : mismatch(known, venue);
  if (refusal !== null) {
    await close();
    return refusal;
  }
  const listening = { ...usualListening, ...request.listening };
  const { streams, deepAt = null, onProgress, onBooked } = request;
  const following = new Following({
    ...{ venue, keeper, reader, clock, log, settings: listening, streams, deepAt },
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(onBooked === undefined ? {} : { onBooked }),
  });
  return accepted({ following, keeper, reader, account: accountOf(request), listening, close });
}

const accountOf = ({ venue, settings }: FollowRequest): AccountFact => ({
  kind: 'account',
  account: venue.account,
  venue: venue.name,
  currency: settings.currency,
  costMethod: 'average',
  feesInCost: false,
  mode: venue.capabilities.mode,
  positionMode: settings.positionMode,
  time: null,
});

/** An account of another venue, or of paper, is never mixed with this one. */
function mismatch({ name, venue: known, mode }: Account, venue: Venue) {
  const wanted = venue.capabilities.mode;
  if (known === venue.name && mode === wanted) return null;
  const said =
    known === venue.name
      ? `the account ${name} is ${mode}, the venue ${venue.name} is ${wanted}`
      : `the account ${name} of the book is of the venue ${known}, not of ${venue.name}`;
  return refused({
    code: 'account-of-another-venue',
    message: said,
    where: { field: 'account', value: name },
    rule: 'an account is of one venue, and paper is never mixed with live',
    hint: 'name another account in the settings of the venue, or the venue as the book does',
  });
}
