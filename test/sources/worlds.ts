/** What the tests of sources stand on: a clock that is set, and the databases they look at. */
import { fromMilliseconds, type Instant, instant } from '../../src/model/instant.ts';
import type { Database } from '../../src/sources/database.ts';
import { openFalcon } from '../../src/sources/falcon/falcon.ts';
import type { Source } from '../../src/sources/source.ts';
import type { PortableTables } from './portable.ts';

/** A database that a bot made, on some engine. */
export interface World {
  /** Opens it as a program of ours does. */
  open(clock: TestClock): Promise<Database>;
  /** Runs a statement as the bot does. */
  bot(sql: string): Promise<void>;
  end(): Promise<void>;
}

export type MakeWorld = (tables: PortableTables) => Promise<World>;

export class TestClock {
  #now: Instant;

  constructor(text = '2026-01-12T21:00:00Z') {
    this.#now = instant(text);
  }

  now(): Instant {
    return this.#now;
  }

  set(text: string): void {
    this.#now = instant(text);
  }

  passDays(days: number): void {
    this.#now += fromMilliseconds(days * 86_400_000);
  }
}

export const sourceOn = async (
  world: World,
  clock: TestClock = new TestClock(),
  zone: string | null = 'UTC',
): Promise<Source> => openFalcon(await world.open(clock), { clock, zone, schema: null });
