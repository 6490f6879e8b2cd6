/** Rehearsals: an incident from its planted fault to TRUE, with every figure held against the real
 * one. A step says what is done, does it through the same services as the commands, and compares.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Instant } from '../../model/instant.ts';
import type {
  RehearsalFigure,
  RehearsalResult,
  RehearsedStep,
} from '../../report/rehearsal-document.ts';
import { failureOf } from '../failure.ts';
import { systemClock, type WaitingClock } from '../system-clock.ts';

/** What is expected and what was found, both as text; amounts of money as decimals. */
export type Expectation = readonly [what: string, expected: string, found: string, is?: 'money'];

export interface RehearsalStep<Stage> {
  readonly name: string;
  /** The command that does the same, and what happens in words. */
  readonly command: string | null;
  readonly says: string;
  run(stage: Stage): Promise<readonly Expectation[]>;
}

/** Where and when it plays: waiting is real, the time is what it is set to. */
export class RehearsalClock implements WaitingClock {
  #now: Instant;

  constructor(now: Instant) {
    this.#now = now;
  }

  now(): Instant {
    return this.#now;
  }

  advance(ms: number): void {
    this.#now += BigInt(ms) * 1_000_000n;
  }

  after(ms: number, work: () => void, how?: 'background'): () => void {
    return systemClock.after(ms, work, how);
  }
}

/** What a step needs to go on is not there: the step went wrong, and nothing of the code. */
export class NotThere extends Error {}

/** Plays all steps, or up to the first that goes wrong; nothing of it is left behind. */
export async function rehearse<Stage extends { close(): Promise<void> }>(
  name: string,
  opened: (folder: string) => Promise<Stage>,
  steps: readonly RehearsalStep<Stage>[],
  told: (step: RehearsedStep) => void = () => undefined,
): Promise<RehearsalResult> {
  const folder = mkdtempSync(join(tmpdir(), 'trueup-rehearsal-'));
  const done: RehearsedStep[] = [];
  try {
    const stage = await opened(folder);
    try {
      for (const step of steps) {
        const { name: title, command, says } = step;
        const rehearsed = { name: title, command, says, figures: await figuresOf(step, stage) };
        done.push(rehearsed);
        told(rehearsed);
        if (rehearsed.figures.some(({ ok }) => !ok)) break;
      }
    } finally {
      await stage.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  return { name, steps: done, planned: steps.length };
}

async function figuresOf<Stage>(
  step: RehearsalStep<Stage>,
  stage: Stage,
): Promise<readonly RehearsalFigure[]> {
  try {
    const figures = await step.run(stage);
    return figures.map(([what, expected, found, is]) => ({
      ...{ what, is: is ?? 'text', expected, found },
      ok: expected === found,
    }));
  } catch (error) {
    // What the services refuse or cannot do is a finding; anything else is a fault of ours.
    const failure = error instanceof NotThere ? error : failureOf(error);
    if (failure === null) throw error;
    return [
      { what: 'carried out', is: 'text', expected: 'yes', found: failure.message, ok: false },
    ];
  }
}
