/**
 * `npm run simulate -- --seed N --steps M`: one seed, or many with `--seeds`, in worker threads
 * with `--workers`. A seed that goes wrong is told with its shrunk story. Exit code 1: one did.
 */
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { planOf } from './plan.ts';
import { shrunk } from './shrink.ts';
import { type Simulated, simulate } from './simulation.ts';
import { stepText } from './step.ts';
import { Sums } from './sums.ts';
import type { Task } from './worker.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    steps: { type: 'string', default: '2000' },
    workers: { type: 'string', default: '0' },
    log: { type: 'boolean', default: false },
  },
});
const [first, seeds, steps, workers] = [
  values.seed,
  values.seeds,
  values.steps,
  values.workers,
].map(Number) as [number, number, number, number];

if (![first, seeds, steps, workers].every((value) => Number.isSafeInteger(value) && value >= 0)) {
  console.error('--seed, --seeds, --steps and --workers are whole numbers');
  process.exitCode = 2;
} else process.exitCode = await run();

async function run(): Promise<number> {
  const began = performance.now();
  const sums = new Sums();
  const failed: number[] = [];
  const take = (seed: number, simulated: Simulated) => {
    sums.add(simulated);
    if (simulated.faults.length > 0) failed.push(seed);
    for (const fault of simulated.faults) console.error(`seed ${seed}: ${fault.slice(0, 800)}`);
  };
  if (workers === 0) {
    const onLine = values.log ? { onLine: (line: string) => process.stderr.write(line) } : {};
    for (let seed = first; seed < first + seeds; seed += 1) {
      take(seed, await simulate({ seed, plan: planOf(seed, steps), ...onLine }));
    }
  } else await inThreads(take);
  for (const seed of failed.slice(0, 5)) await tellStory(seed);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(sums.text());
  const failures = failed.length === 0 ? 'none failed' : `failed: ${failed.join(', ')}`;
  console.log(
    `simulate: ${seeds} seeds from ${first}, ${steps} steps each, ${failures}, ${seconds} s`,
  );
  return failed.length === 0 ? 0 : 1;
}

/** Each thread gets its next seed when it has done the last. */
async function inThreads(take: (seed: number, simulated: Simulated) => void): Promise<void> {
  let next = first;
  const ended = Array.from({ length: Math.min(workers, seeds) }, () => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url));
    return new Promise<void>((resolve, reject) => {
      const give = () => {
        if (next >= first + seeds) return void worker.terminate().then(() => resolve());
        worker.postMessage({ seed: next, steps } satisfies Task);
        next += 1;
      };
      worker.on('error', reject);
      worker.on('message', ({ seed, simulated }: { seed: number; simulated: Simulated }) => {
        take(seed, simulated);
        give();
      });
      give();
    });
  });
  await Promise.all(ended);
}

async function tellStory(seed: number): Promise<void> {
  const story = await shrunk(seed, planOf(seed, steps));
  if (story === null) return console.error(`seed ${seed} goes wrong in company only`);
  console.error(
    `seed ${seed}, ${story.plan.length} steps after ${story.runs} runs: ${story.fault}`,
  );
  for (const step of story.plan) console.error(`  ${stepText(step)}`);
}
