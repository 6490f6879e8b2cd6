/** What a command compares: documents, what is on record, or venues that are asked each time. */
import type { Shell } from '../command.ts';
import { usageError } from '../command-error.ts';
import {
  type Comparing,
  type ComparingOptions,
  type ComparingRequest,
  comparedOf,
} from './reconcile-options.ts';

/** Venues are open as long as the work lasts; what speaks to them is loaded where one is asked. */
export async function withComparing<T>(
  shell: Shell,
  request: ComparingRequest,
  work: (comparing: Comparing) => Promise<T>,
): Promise<T> {
  const { reader, options, recorded } = request;
  const { venue, statement } = options;
  if (venue !== undefined && statement !== undefined) {
    const hint = 'give one of the two';
    throw usageError('option-unfit', '--venue and --statement exclude each other', hint, '--venue');
  }
  const hasVenues = shell.globals.configuration.venues !== null && statement === undefined;
  if (venue !== undefined || hasVenues) {
    const { venueNames, withVenuesCompared } = await import('./comparing-venues.ts');
    const names = venueNames(shell, request);
    if (names.length > 0) return await withVenuesCompared(shell, request, names, work);
  }
  refuseUnfit(options);
  return await work({
    async compare() {
      return { compared: comparedOf(shell, reader, options, recorded), credentials: false };
    },
  });
}

function refuseUnfit({ settle, believeEmpty }: ComparingOptions): void {
  const extra =
    settle !== undefined ? '--settle' : believeEmpty === true ? '--believe-empty' : null;
  if (extra === null) return;
  const hint = 'name a venue with --venue, or leave it out';
  throw usageError('option-unfit', `${extra} is of a venue, and none is asked`, hint, extra);
}
