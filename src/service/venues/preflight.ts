/** Whether what commands on a venue need is in order: the steps of `doctor --venue`. */
import type { Diagnosis, DoctorCheck } from '../../report/doctor-document.ts';
import type { Venue, VenueStep } from '../../venues/venue.ts';

/** Nothing is written, at the venue or in the book. */
export async function diagnoseVenue(venue: Venue, book: string): Promise<Diagnosis> {
  const checks: DoctorCheck[] = [];
  let hasCredentials = true;
  for await (const one of stepsOf(venue)) {
    const { name, outcome, detail: found, hint, credentials } = one;
    checks.push({ name, status: statuses[outcome], found, hint });
    if (credentials === true) hasCredentials = false;
  }
  const isFaulty = checks.some(({ status }) => status === 'fault');
  const exitCode = hasCredentials ? (isFaulty ? 1 : 0) : 4;
  return { book, venue: venue.name, mode: venue.capabilities.mode, checks, exitCode };
}

const statuses = { passed: 'ok', doubtful: 'warning', failed: 'fault' } as const;

async function* stepsOf(venue: Venue): AsyncIterable<VenueStep> {
  if (venue.diagnose !== undefined) return yield* venue.diagnose();
  const detail = 'this venue has no connection to look at';
  yield { name: 'connection', outcome: 'doubtful', detail, hint: null };
}
