/** One case of the conformance suite; its name begins with the rules that it is about. */
import type { MakeWorld } from './worlds.ts';

export interface Scenario {
  readonly name: string;
  readonly run: (make: MakeWorld) => Promise<void>;
}

export const scenario = (name: string, run: Scenario['run']): Scenario => ({ name, run });
