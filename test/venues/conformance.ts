/**
 * What every venue has to do, whatever is behind it. A suite is given a way to make a venue with a
 * market to move; a case that a venue cannot have is skipped with its reason.
 */
import { afterAll, describe, test } from 'vitest';
import { type MakeVenue, type VenueCase, type VenueWorld, venueCases } from './venue-cases.ts';

export interface VenueSuite {
  /** By the name of a case: why this venue cannot have it. */
  readonly skip?: Readonly<Record<string, string>>;
}

export function describeVenue(name: string, make: MakeVenue, { skip = {} }: VenueSuite = {}) {
  describe(`the venue ${name}`, () => {
    const made: VenueWorld[] = [];
    afterAll(async () => {
      for (const world of made) await world.close();
    });
    const kept: MakeVenue = async () => {
      const world = await make();
      made.push(world);
      return world;
    };
    for (const { name: title, run } of venueCases as readonly VenueCase[]) {
      const why = skip[title];
      test.skipIf(why !== undefined)(title, () => run(kept)); // why is in the suite's options
    }
  });
}
