/** Simulates the seeds it is given, in a thread of its own. */
import { parentPort } from 'node:worker_threads';
import { planOf } from './plan.ts';
import { simulate } from './simulation.ts';

export interface Task {
  readonly seed: number;
  readonly steps: number;
}

const port = parentPort;
port?.on('message', async (task: Task | null) => {
  // It ends by itself, and leaves nothing behind.
  if (task === null) return port.close();
  const { seed, steps } = task;
  const simulated = await simulate({ seed, plan: planOf(seed, steps) });
  port.postMessage({ seed, simulated });
});
