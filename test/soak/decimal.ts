/** Any number of random decimal operations against big.js and fractions. */
import { parseArgs } from 'node:util';
import { type Mismatch, mismatchesOf, operations } from '../decimal/operations.ts';
import { Random } from '../decimal/random.ts';

const atOnce = operations.length * 100_000;
const shownMismatches = 20;

export async function soak(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      operations: { type: 'string', default: '10000000' },
      seed: { type: 'string', default: '1' },
    },
  });
  const wanted = Number(values.operations);
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(wanted) || wanted < 1 || !Number.isSafeInteger(seed)) {
    console.error('--operations is a whole number > 0, --seed a whole number');
    return 2;
  }
  const random = new Random(seed);
  const start = performance.now();
  const seconds = () => ((performance.now() - start) / 1000).toFixed(1);
  let done = 0;
  let mismatches = 0;
  while (done < wanted) {
    const count = Math.min(atOnce, wanted - done);
    const found = mismatchesOf(count, random);
    for (const one of found.slice(0, Math.max(shownMismatches - mismatches, 0))) print(one);
    mismatches += found.length;
    done += count;
    console.error(`${done} of ${wanted} operations, ${mismatches} mismatches, ${seconds()} s`);
  }
  console.log(
    `decimal: ${done} operations, seed ${seed}, ${mismatches} mismatches, ${seconds()} seconds`,
  );
  return mismatches === 0 ? 0 : 1;
}

function print({ operation, operands, ours, expected }: Mismatch): void {
  console.error(`${operation}(${operands.join(', ')}) is ${expected}, not ${ours}`);
}
