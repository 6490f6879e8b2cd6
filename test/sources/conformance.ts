/**
 * What every database of another program has to do here, on every engine: the port of
 * src/sources/source.ts, with the schema of src/sources/falcon. A suite is given a way to make a
 * database of tables; a case that an engine cannot have is skipped with its reason.
 */
import { afterAll, describe, test } from 'vitest';
import { readingCases } from './reading-cases.ts';
import type { Scenario } from './scenario.ts';
import { takingBackCases } from './taking-back-cases.ts';
import type { MakeWorld, World } from './worlds.ts';
import { writingCases } from './writing-cases.ts';

export interface SuiteOptions {
  /** By the name of a case: why this engine cannot have it. */
  readonly skip?: Readonly<Record<string, string>>;
}

const cases: readonly Scenario[] = [...readingCases, ...writingCases, ...takingBackCases];

export function describeSource(name: string, make: MakeWorld, { skip = {} }: SuiteOptions = {}) {
  describe(`a source on ${name}`, () => {
    const made: World[] = [];
    afterAll(async () => {
      for (const world of made) await world.end();
    });
    const kept: MakeWorld = async (tables) => {
      const world = await make(tables);
      made.push(world);
      return world;
    };
    for (const { name: title, run } of cases) {
      const why = skip[title];
      test.skipIf(why !== undefined)(title, () => run(kept)); // why is in the suite's options
    }
  });
}
