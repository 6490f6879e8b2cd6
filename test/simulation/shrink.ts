/** Delta debugging: the fewest steps that still go wrong in the same way. */
import { type Simulated, simulate } from './simulation.ts';
import type { Step } from './step.ts';

export interface Shrunk {
  readonly plan: readonly Step[];
  readonly fault: string;
  readonly runs: number;
}

/** The rule that was broken: what is wrong in detail may change on the way. */
const ruleOf = ({ faults }: Simulated): string | null => faults[0]?.split(':')[0] ?? null;

export async function shrunk(
  seed: number,
  plan: readonly Step[],
  mostRuns = 400,
): Promise<Shrunk | null> {
  const first = await simulate({ seed, plan });
  const rule = ruleOf(first);
  if (rule === null) return null;
  let [left, fault, runs] = [plan, first.faults[0]!, 1];
  for (let size = Math.ceil(left.length / 2); runs < mostRuns; ) {
    let isSmaller = false;
    for (let from = 0; from < left.length && runs < mostRuns; ) {
      const tried = [...left.slice(0, from), ...left.slice(from + size)];
      const result = await simulate({ seed, plan: tried });
      runs += 1;
      if (ruleOf(result) === rule) {
        [left, fault, isSmaller] = [tried, result.faults[0]!, true];
      } else from += size;
    }
    if (size === 1 && !isSmaller) break;
    if (!isSmaller || size > left.length) size = Math.max(1, Math.ceil(size / 2));
  }
  return { plan: left, fault, runs };
}
