/** The gate of a venue as it is now: its account is held against the book, and nothing noted. */
import type { Account } from '../../store/accounts.ts';
import type { Venue } from '../../venues/venue.ts';
import { checkAccount } from '../checking.ts';
import { gateAfter, isCompleteCheck } from '../gate.ts';
import type { BookReader } from '../reading.ts';
import { type ReconcileOptions, requestOf } from '../reconciling.ts';
import type { WaitingClock } from '../system-clock.ts';
import { comparedWithVenue } from '../venue-check/comparing.ts';
import { timesOf } from '../venue-check/times.ts';
import type { VenueSettings } from '../venues/settings.ts';
import type { ExitGate } from './run.ts';

export interface GateParts {
  readonly reader: BookReader;
  readonly account: Account;
  readonly venue: Venue;
  readonly settings: VenueSettings;
  readonly clock: WaitingClock;
  readonly signal: AbortSignal;
  readonly markMaxAgeMs: number;
}

export const venueGate =
  ({ reader, account, venue, settings, clock, signal, markMaxAgeMs }: GateParts): ExitGate =>
  async () => {
    const options: ReconcileOptions = {
      ...{ clock, strict: false, markMaxAgeMs, toleranceSteps: 0, adjust: new Set() },
    };
    const times = timesOf(settings);
    const asking = { clock, signal, times };
    const compared = await comparedWithVenue(reader, { account, venue }, options, asking);
    const { reconciled } = checkAccount(reader, requestOf(compared, options));
    const now = clock.now();
    const check = { at: now, complete: compared.taken.why === null && isCompleteCheck(reconciled) };
    const { gate, reasons } = gateAfter(reader.file, account, now, { reconciled, check });
    return gate === 'allow' ? null : reasons.map(({ why }) => why).join('; ');
  };
