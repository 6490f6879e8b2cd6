/** What commands on a venue have in common: it is opened by the name that the settings give it. */
import { surroundings } from '../../service/config.ts';
import { systemClock } from '../../service/system-clock.ts';
import { type OpenedVenue, type OpenVenue, openVenue } from '../../service/venues/opening.ts';
import type { Shell } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { wanted } from '../open-book.ts';

/** Opens the venue for the work, and closes it whatever happens. */
export async function withVenue<T>(
  { globals }: Shell,
  name: string,
  work: (opened: OpenedVenue) => Promise<T>,
  open: OpenVenue = openVenue,
): Promise<T> {
  const opened = wanted(await open(name, globals.configuration, surroundings(), systemClock));
  try {
    return await work(opened);
  } finally {
    await opened.venue.close();
  }
}

export const credentialsError = (venue: string, why: string): CommandError =>
  new CommandError(4, {
    code: 'venue-credentials',
    message: `${venue} refuses the key: ${why}`,
    where: { field: `venues.${venue}.keyFile` },
    rule: 'a key is valid, and may read what it is asked for',
    hint: 'make a key that may read, and write it into the file that keyFile names',
  });
