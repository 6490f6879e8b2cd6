/** What commands on a venue have in common: it is opened by the name that the settings give it. */
import { surroundings } from '../../service/config.ts';
import { systemClock } from '../../service/system-clock.ts';
import { type OpenedVenue, type OpenVenue, openVenue } from '../../service/venues/opening.ts';
import type { Shell } from '../command.ts';
import { wanted } from '../open-book.ts';

/** Opens the venue for the work, and closes it whatever happens. */
export const withVenue = <T>(
  shell: Shell,
  name: string,
  work: (opened: OpenedVenue) => Promise<T>,
  open?: OpenVenue,
): Promise<T> => withVenues(shell, [name], ([opened]) => work(opened!), open);

export async function withVenues<T>(
  { globals }: Shell,
  names: readonly string[],
  work: (opened: readonly OpenedVenue[]) => Promise<T>,
  open: OpenVenue = openVenue,
): Promise<T> {
  const opened: OpenedVenue[] = [];
  try {
    for (const name of names) {
      opened.push(wanted(await open(name, globals.configuration, surroundings(), systemClock)));
    }
    return await work(opened);
  } finally {
    await Promise.all(opened.map(({ venue }) => venue.close()));
  }
}
