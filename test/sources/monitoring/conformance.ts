/**
 * What every database that keeps positions has to do here, on every engine: the port of
 * src/sources/position-source.ts, with the schema of src/sources/monitoring.
 */
import { afterAll, describe, test } from 'vitest';
import { addingCases } from './adding-cases.ts';
import type { MakeMonitoring, MonitoringWorld } from './ground.ts';
import { orderCases } from './order-cases.ts';
import { readingCases } from './reading-cases.ts';
import { reopeningCases } from './reopening-cases.ts';
import { writingCases } from './writing-cases.ts';

const writing = [...writingCases, ...addingCases, ...reopeningCases, ...orderCases];
const cases = [...readingCases, ...writing];

export function describePositions(name: string, make: MakeMonitoring): void {
  describe(`positions on ${name}`, () => {
    const made: MonitoringWorld[] = [];
    afterAll(async () => {
      for (const world of made) await world.end();
    });
    const kept: MakeMonitoring = async (generation, since) => {
      const world = await make(generation, since);
      made.push(world);
      return world;
    };
    for (const { name: title, run } of cases) test(title, () => run(kept));
  });
}
