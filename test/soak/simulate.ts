/** Any number of simulated days in the life of a book, each from its seed. */
import { parseArgs } from 'node:util';
import { simulate } from '../service/simulation.ts';

export async function soak(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string', default: '1' },
      seeds: { type: 'string', default: '1' },
      steps: { type: 'string', default: '5000' },
    },
  });
  const [first, seeds, steps] = [values.seed, values.seeds, values.steps].map(Number);
  if (![first, seeds, steps].every((value) => Number.isSafeInteger(value) && value! >= 1)) {
    console.error('--seed, --seeds and --steps are whole numbers > 0');
    return 2;
  }
  const start = performance.now();
  const failed: number[] = [];
  let entries = 0;
  for (let seed = first!; seed < first! + seeds!; seed++) {
    const result = await simulate({ seed, steps: steps! });
    entries += result.entries;
    if (result.faults.length > 0) failed.push(seed);
    for (const fault of result.faults) console.error(fault.slice(0, 500));
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const failures = failed.length === 0 ? 'none failed' : `failed: ${failed.join(', ')}`;
  console.log(
    `simulate: ${seeds} seeds from ${first}, ${steps} steps each, ${entries} entries, ` +
      `${failures}, ${seconds} seconds`,
  );
  return failed.length === 0 ? 0 : 1;
}
