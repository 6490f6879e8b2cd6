/** A venue on a small Bybit of this machine, made anew for each test. */
import { afterEach, beforeEach, expect } from 'vitest';
import { fromMilliseconds } from '../../../src/model/instant.ts';
import { type CcxtVenueSettings, ccxtVenue } from '../../../src/venues/ccxt/ccxt-venue.ts';
import type { Venue } from '../../../src/venues/venue.ts';
import { fakeBybit, venueTime } from './fake-bybit.ts';
import type { Asked, FakeExchange, Teller } from './fake-exchange.ts';

export let server: FakeExchange;
let venues: Venue[] = [];

/** Call it once in a file: starts a server before each test, and ends it after. */
export function standing(): void {
  beforeEach(async () => {
    server = await fakeBybit();
  });
  afterEach(async () => {
    for (const venue of venues) await venue.close();
    venues = [];
    await server.close();
  });
}

export const wait = (ms: number, signal?: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, Math.min(ms, 2000));
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

let keys = 0;

export const open = async (more: Partial<CcxtVenueSettings> = {}) => {
  keys += 1;
  const venue = await ccxtVenue({
    exchange: 'bybit',
    name: 'bybit',
    account: 'main',
    credentials: { key: `key-${keys}-of-the-account`, secret: 'the-secret-of-the-key' },
    local: server.url,
    clock: { now: () => fromMilliseconds(venueTime) },
    wait,
    paceMs: 0.1,
    ...more,
  });
  venues.push(venue);
  return venue;
};

export const at = (path: string, tell: (asked: Asked) => ReturnType<Teller>): Teller => {
  return (asked) => (asked.path === path ? tell(asked) : undefined);
};
export const asked = (path: string) => server.asked.filter((one) => one.path === path);
export const value = <T>(answer: { status: string; value?: T }): T => {
  expect(answer).toMatchObject({ status: 'answered' });
  return answer.value as T;
};

export const position = (more: Record<string, unknown> = {}) => ({
  symbol: 'BTCUSDT',
  positionIdx: 0,
  side: 'Buy',
  size: '0.5',
  avgPrice: '60000',
  ...more,
});
