/** Any number of SIGKILLs of a process that writes a book, from one seed. */
import { parseArgs } from 'node:util';
import { crashes } from '../service/crashes.ts';

export async function soak(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      kills: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
    },
  });
  const [kills, seed] = [Number(values.kills), Number(values.seed)];
  if (!Number.isSafeInteger(kills) || kills < 1 || !Number.isSafeInteger(seed)) {
    console.error('--kills is a whole number > 0, --seed a whole number');
    return 2;
  }
  const start = performance.now();
  const onProgress = (line: string) => console.error(line);
  const { acknowledged, fills, faults, recoveries } = await crashes({ kills, seed, onProgress });
  for (const fault of faults.slice(0, 20)) console.error(fault.slice(0, 500));
  const sorted = recoveries.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)]!.toFixed(0);
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(
    `crash: ${recoveries.length} kills, seed ${seed}, ${acknowledged} fills acknowledged, ` +
      `${fills} in the books, ${faults.length} faults, back in ${at(0.5)} ms (median), ` +
      `${at(0.99)} ms (p99), ${at(1)} ms (longest), ${seconds} seconds`,
  );
  return faults.length === 0 ? 0 : 1;
}
