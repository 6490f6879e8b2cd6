/** One case of the conformance suite of positions; its name begins with its rules. */
import type { MakeMonitoring } from './ground.ts';

export interface PositionScenario {
  readonly name: string;
  readonly run: (make: MakeMonitoring) => Promise<void>;
}

export const scenario = (name: string, run: PositionScenario['run']): PositionScenario => ({
  name,
  run,
});
