/** A venue on a small Binance of this machine, made anew for each test. */
import { afterEach, beforeEach } from 'vitest';
import type { Fact } from '../../../src/model/fact.ts';
import { fromMilliseconds } from '../../../src/model/instant.ts';
import { type CcxtVenueSettings, ccxtVenue } from '../../../src/venues/ccxt/ccxt-venue.ts';
import type { Answer, FactPage, Venue } from '../../../src/venues/venue.ts';
import { value, wait } from './bybit-stand.ts';
import { fakeBinance } from './fake-binance.ts';
import { venueTime } from './fake-bybit.ts';
import type { Asked, FakeExchange, Told } from './fake-exchange.ts';

export let server: FakeExchange;
let venues: Venue[] = [];

/** Call it once in a file: starts a server before each test, and ends it after. */
export function standing(): void {
  beforeEach(async () => {
    server = await fakeBinance();
  });
  afterEach(async () => {
    for (const venue of venues) await venue.close();
    venues = [];
    await server.close();
  });
}

let keys = 0;

export async function open(
  exchange: string,
  more: Partial<CcxtVenueSettings> = {},
): Promise<Venue> {
  keys += 1;
  const venue = await ccxtVenue({
    ...{ exchange, name: exchange, account: 'main', local: server.url, wait, paceMs: 0.1 },
    credentials: { key: `the-key-${keys}-of-nobody`, secret: 'the-secret-of-nobody' },
    clock: { now: () => fromMilliseconds(venueTime) },
    ...more,
  });
  venues.push(venue);
  return venue;
}

export const at =
  (path: string, tell: (asked: Asked) => Told | undefined) =>
  (asked: Asked): Told | undefined =>
    asked.path === path ? tell(asked) : undefined;

export const asked = (path: string) => server.asked.filter((one) => one.path === path);

export { value };

/** A list of the past to its end. */
export async function toTheEnd<F extends Fact>(
  list: (cursor: string | null) => Promise<Answer<FactPage<F>>>,
): Promise<{ readonly facts: readonly F[]; readonly faults: readonly string[] }> {
  const pages: FactPage<F>[] = [];
  do pages.push(value(await list(pages.at(-1)?.cursor ?? null)));
  while (pages.at(-1)?.more === true);
  return {
    facts: pages.flatMap(({ facts }) => facts),
    faults: pages.flatMap(({ faults = [] }) => faults),
  };
}
