/** Bit flips over the file of a book and damage to its log, any number, from one seed. */
import { parseArgs } from 'node:util';
import { damages } from '../service/damage.ts';

export async function soak(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      flips: { type: 'string', default: '1000' },
      every: { type: 'string', default: '512' },
      seed: { type: 'string', default: '1' },
    },
  });
  const [flips, every, seed] = [Number(values.flips), Number(values.every), Number(values.seed)];
  if (![flips, every, seed].every((value) => Number.isSafeInteger(value) && value >= 1)) {
    console.error('--flips, --every and --seed are whole numbers > 0');
    return 2;
  }
  const start = performance.now();
  const result = await damages({ flips, every, seed });
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  for (const failure of result.failures.slice(0, 50)) console.error(failure);
  const words = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([verdict, count]) => `${count} ${verdict}`)
      .join(', ');
  console.log(`damage: ${flips} flips of the file: ${words(result.flips)}`);
  console.log(`damage: the log at every ${every} bytes: ${words(result.log)}`);
  console.log(`damage: seed ${seed}, ${result.failures.length} failures, ${seconds} seconds`);
  return result.failures.length === 0 ? 0 : 1;
}
