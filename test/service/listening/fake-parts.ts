/** Parts of the fake venue: its faults, its random numbers, and the forms of what it says. */
import { zero } from '../../../src/decimal/decimal.ts';
import { decimal } from '../../../src/decimal/text.ts';
import type { Fill, OrderReport } from '../../../src/model/fact.ts';
import type { Instant } from '../../../src/model/instant.ts';
import type { StatementSection } from '../../../src/model/statement.ts';
import type { WaitingClock } from '../../../src/service/system-clock.ts';
import type { Answer, VenueCapabilities } from '../../../src/venues/venue.ts';

export const account = 'main';

/** Shares between 0 and 1 of frames or answers, and how long things take. */
export interface Faults {
  drop: number;
  duplicate: number;
  delay: number;
  /** Up to so long; a duplicate comes up to ten times later. */
  delayMs: number;
  fail: number;
  truncate: number;
  /** Listings lag so far behind. */
  lagMs: number;
}

export const noFaults: Faults = {
  ...{ drop: 0, duplicate: 0, delay: 0, delayMs: 0, fail: 0, truncate: 0, lagMs: 0 },
};

export type Random = () => number;

export interface FakeOptions {
  readonly clock: WaitingClock;
  readonly random?: Random;
  readonly instruments?: readonly string[];
  readonly pageLength?: number;
  readonly capabilities?: Partial<VenueCapabilities>;
}

/** The same numbers for the same seed. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const failed = (why: string, credentials = false): Answer<never> => ({
  status: 'failed',
  ...{ why, retry: !credentials, retryAfterMs: null, credentials },
});

export function placeOf(cursor: string): [Instant, number] {
  const [from, start] = cursor.split(':');
  return [BigInt(from!), Number(start)];
}

export const section = <T>(items: readonly T[]): StatementSection<T> => ({
  ...{ complete: true, scope: null, error: null, from: null, to: null, items },
});

/** What a statement says of positions and balances, whole. */
export const held = (
  positions: ReadonlyMap<string, string>,
  balances: ReadonlyMap<string, string>,
) => ({
  positions: section(
    [...positions].map(([instrument, quantity]) => ({
      ...{ instrument, leg: 'net' as const, quantity: decimal(quantity) },
      ...{ averagePrice: null, markPrice: null, unrealisedPnl: null },
    })),
  ),
  balances: section(
    [...balances].map(([currency, total]) => ({
      ...{ currency, total: decimal(total), available: null, equity: null, borrowed: null },
    })),
  ),
  executions: null,
  cashFlows: null,
});

export const orderOf = (fill: Fill): OrderReport => ({
  kind: 'order',
  account,
  ...{ instrument: fill.instrument, leg: fill.leg, orderId: fill.orderId!, clientOrderId: null },
  ...{ side: fill.side, type: 'limit', quantity: decimal('10'), price: fill.price },
  ...{ filled: zero, averagePrice: null, status: 'open', reduceOnly: false, time: fill.time },
});
