/**
 * `npm run simulate -- --seed N --steps M`: one seed, or many with `--seeds`, in worker threads
 * with `--workers`. A seed that goes wrong is told with its shrunk story. Exit code 1: one did.
 */
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { planOf } from '../simulation/plan.ts';
import { shrunk } from '../simulation/shrink.ts';
import { type Simulated, simulate } from '../simulation/simulation.ts';
import { stepText } from '../simulation/step.ts';
import { Sums } from '../simulation/sums.ts';
import type { Task } from '../simulation/worker.ts';

interface Wanted {
  readonly first: number;
  readonly seeds: number;
  readonly steps: number;
  readonly workers: number;
  readonly log: boolean;
}

export async function soak(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string', default: '1' },
      seeds: { type: 'string', default: '1' },
      steps: { type: 'string', default: '2000' },
      workers: { type: 'string', default: '0' },
      log: { type: 'boolean', default: false },
    },
  });
  const { seed, log } = values;
  const numbers = [seed, values.seeds, values.steps, values.workers].map(Number);
  if (!numbers.every((value) => Number.isSafeInteger(value) && value >= 0)) {
    console.error('--seed, --seeds, --steps and --workers are whole numbers');
    return 2;
  }
  const [first, seeds, steps, workers] = numbers as [number, number, number, number];
  return await run({ first, seeds, steps, workers, log });
}

async function run(wanted: Wanted): Promise<number> {
  const { first, seeds, steps, workers, log } = wanted;
  const began = performance.now();
  const sums = new Sums();
  const failed: number[] = [];
  const take = (seed: number, simulated: Simulated) => {
    sums.add(simulated);
    if (simulated.faults.length > 0) failed.push(seed);
    for (const fault of simulated.faults) console.error(`seed ${seed}: ${fault.slice(0, 800)}`);
  };
  const onLine = log ? { onLine: (line: string) => void process.stderr.write(line) } : {};
  if (workers > 0) await inThreads(wanted, take);
  else {
    for (let seed = first; seed < first + seeds; seed += 1) {
      take(seed, await simulate({ seed, plan: planOf(seed, steps), ...onLine }));
    }
  }
  for (const seed of failed.slice(0, 5)) await tellStory(seed, steps);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const failures = failed.length === 0 ? 'none failed' : `failed: ${failed.join(', ')}`;
  console.log(sums.text());
  console.log(
    `simulate: ${seeds} seeds from ${first}, ${steps} steps each, ${failures}, ${seconds} seconds`,
  );
  return failed.length === 0 ? 0 : 1;
}

/** Most of what a day makes is garbage at its end, and is never to be moved. */
const resourceLimits = { maxYoungGenerationSizeMb: 96 };

/** Each thread gets its next seed when it has done the last. */
async function inThreads(
  { first, seeds, steps, workers }: Wanted,
  take: (seed: number, simulated: Simulated) => void,
): Promise<void> {
  let next = first;
  const ended = Array.from({ length: Math.min(workers, seeds) }, () => {
    const worker = new Worker(new URL('../simulation/worker.ts', import.meta.url), {
      resourceLimits,
    });
    return new Promise<void>((resolve, reject) => {
      const give = () => {
        if (next >= first + seeds) return worker.postMessage(null);
        worker.postMessage({ seed: next, steps } satisfies Task);
        next += 1;
      };
      worker.on('error', reject);
      worker.on('exit', () => resolve());
      worker.on('message', ({ seed, simulated }: { seed: number; simulated: Simulated }) => {
        take(seed, simulated);
        give();
      });
      give();
    });
  });
  await Promise.all(ended);
}

async function tellStory(seed: number, steps: number): Promise<void> {
  const story = await shrunk(seed, planOf(seed, steps));
  if (story === null) return console.error(`seed ${seed} goes wrong in company only`);
  console.error(
    `seed ${seed}, ${story.plan.length} steps after ${story.runs} runs: ${story.fault}`,
  );
  for (const step of story.plan) console.error(`  ${stepText(step)}`);
}
