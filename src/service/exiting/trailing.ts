/** What a bot's own database says that a venue does not: trailing stops, and whose orders are. */
import { placeKey } from '../../exits/plan.ts';
import type { Leg } from '../../model/fact.ts';
import type { Clock } from '../../model/instant.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { StoredPosition } from '../../model/position-source.ts';
import { openPositionSource } from '../../sources/open-source.ts';
import { addedIn } from '../source/positions-added.ts';
import { ordersIn } from '../source/positions-look.ts';
import { VenueRefused } from '../venues/refused.ts';

export type StoredTrailing = Pick<StoredPosition, 'symbol' | 'direction'>;

/** Of its active rows; throws a SourceError where it cannot be read, and where it does not say. */
export async function storedTrailing(
  location: string,
  clock: Clock,
): Promise<readonly StoredTrailing[]> {
  const source = await openPositionSource(location, { clock, zone: null, schema: null });
  try {
    const { positions, identity } = await source.snapshot();
    const active = positions.filter(({ status }) => status !== 'closed');
    const silent = active.find(({ trailingActivated }) => trailingActivated === null);
    if (silent !== undefined) throw unsaid(identity.location, silent.id);
    return active.filter(({ trailingActivated }) => trailingActivated === true);
  } finally {
    await source.close();
  }
}

/** Ids of every order that it ever knew. */
export async function storedOrders(location: string, clock: Clock): Promise<ReadonlySet<string>> {
  const source = await openPositionSource(location, { clock, zone: null, schema: null });
  try {
    return await ordersIn(source, await addedIn(source));
  } finally {
    await source.close();
  }
}

/** A symbol may be the venue's or the unified name; one that fits several means each of them. */
export function trailingPlaces(
  stored: readonly StoredTrailing[],
  instruments: Iterable<Instrument>,
): readonly string[] {
  const listed = [...instruments];
  return stored.flatMap(({ symbol, direction }) => {
    const legs: readonly Leg[] = direction === null ? ['net', 'long', 'short'] : ['net', direction];
    return listed
      .filter((one) => one.name === symbol || one.symbol === symbol)
      .flatMap(({ name: instrument }) => legs.map((leg) => placeKey({ instrument, leg })));
  });
}

const unsaid = (location: string, id: string): VenueRefused =>
  new VenueRefused(
    {
      code: 'exits-trailing-unknown',
      message: `row ${id} of ${location} does not say whether its trailing stop is active`,
      where: { field: 'exits.trailingFrom', value: location },
      rule: 'an active trailing stop has precedence over an aged exit',
      hint: 'fill trailing_activated, or leave trailingFrom out where the bot has no such stops',
    },
    5,
  );
