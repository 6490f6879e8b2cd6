/**
 * The book as the process that holds its lease writes it. Facts reported one by one are committed
 * together: an idle book commits at once, a busy one in groups. What is acknowledged is durable.
 */
import type { Fact } from '../model/fact.ts';
import { InvariantError } from '../model/result.ts';
import type { BookFile } from '../store/book-file.ts';
import { isStoreError } from '../store/store-error.ts';
import { AccountWriter } from './account-writer.ts';
import type { BookWriter, Plan, PlanResult, Recorded } from './book.ts';
import type { Outcome } from './outcome.ts';
import type { WaitingClock } from './system-clock.ts';

/** A commit holds at most so many facts: more gain nothing and delay the others. */
const batchFactsMax = 5_000;
/** How long a busy book waits for more facts before it commits. */
const batchWaitMs = 5;

interface FactsJob {
  readonly facts: readonly Fact[];
  readonly done: (recorded: Recorded) => void;
  readonly failed: (error: unknown) => void;
}

interface PlanJob {
  readonly plan: Plan;
  readonly done: (result: PlanResult) => void;
  readonly failed: (error: unknown) => void;
}

type Job = FactsJob | PlanJob;

export interface LocalBookOptions {
  readonly clock: WaitingClock;
  readonly markMaxAgeMs: number;
  /** The lease's epoch that every write names. */
  readonly epoch: number;
  /** Ends the lease and closes the file. */
  readonly release: () => Promise<void>;
}

export class LocalBook implements BookWriter {
  readonly path: string;
  readonly #file: BookFile;
  readonly #options: LocalBookOptions;
  #writer: AccountWriter;
  #queue: Job[] = [];
  #queued = 0;
  #scheduled = false;
  #cancelWait: (() => void) | null = null;
  /** More than one report was committed last time, so more are likely on their way. */
  #busy = false;
  #stopped: unknown = null;

  constructor(file: BookFile, options: LocalBookOptions) {
    this.path = file.path;
    this.#file = file;
    this.#options = options;
    this.#writer = new AccountWriter(file, options.markMaxAgeMs);
  }

  async record(fact: Fact): Promise<Outcome> {
    const { outcomes } = await this.#enqueueFacts([fact]);
    return outcomes[0]!;
  }

  async recordAll(facts: readonly Fact[]): Promise<Recorded> {
    const parts: Promise<Recorded>[] = [];
    for (let from = 0; from < facts.length; from += batchFactsMax) {
      parts.push(this.#enqueueFacts(facts.slice(from, from + batchFactsMax)));
    }
    const recorded = await Promise.all(parts);
    return {
      outcomes: recorded.flatMap((part) => part.outcomes),
      accountsMade: recorded.flatMap((part) => part.accountsMade),
    };
  }

  apply(plan: Plan): Promise<PlanResult> {
    return new Promise((done, failed) => this.#enqueue({ plan, done, failed }, 1));
  }

  async close(): Promise<void> {
    while (this.#queue.length > 0 && this.#stopped === null) this.#flush();
    await this.#options.release();
  }

  #enqueueFacts(facts: readonly Fact[]): Promise<Recorded> {
    return new Promise((done, failed) => this.#enqueue({ facts, done, failed }, facts.length));
  }

  #enqueue(job: Job, size: number): void {
    if (this.#stopped !== null) {
      job.failed(this.#stopped);
      return;
    }
    this.#queue.push(job);
    this.#queued += size;
    if (this.#busy && this.#queued < batchFactsMax) {
      this.#cancelWait ??= this.#options.clock.after(batchWaitMs, () => this.#schedule());
    } else this.#schedule();
  }

  #schedule(): void {
    this.#cancelWait?.();
    this.#cancelWait = null;
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#queue.length > 0) this.#flush();
      if (this.#queue.length > 0) this.#schedule();
    });
  }

  /** Commits what is at the front of the queue: one plan, or as many facts as fit. */
  #flush(): void {
    const first = this.#queue[0]!;
    if ('plan' in first) {
      this.#queue.shift();
      this.#queued -= 1;
      this.#commitPlan(first);
      return;
    }
    const jobs: FactsJob[] = [];
    let facts = 0;
    for (const job of this.#queue) {
      if ('plan' in job || (facts > 0 && facts + job.facts.length > batchFactsMax)) break;
      jobs.push(job);
      facts += job.facts.length;
    }
    this.#queue = this.#queue.slice(jobs.length);
    this.#queued -= facts;
    this.#busy = jobs.length > 1;
    this.#commitFacts(jobs);
  }

  #commitFacts(jobs: readonly FactsJob[]): void {
    const recorded: Recorded[] = [];
    const work = () => {
      const now = this.#options.clock.now();
      for (const job of jobs) {
        const outcomes = job.facts.map((fact) => this.#writer.take(fact, now));
        recorded.push({ outcomes, accountsMade: this.#writer.takeMade() });
      }
      this.#writer.seal(now);
    };
    if (this.#write(work, jobs) !== 'written') return;
    for (const [index, job] of jobs.entries()) job.done(recorded[index]!);
  }

  #commitPlan(job: PlanJob): void {
    let result: PlanResult | null = null;
    const work = () => {
      result = this.#writer.takePlan(job.plan);
      // Undoes what the plan began, and is no failure.
      if (result.status !== 'written') throw new PlanNotWritten();
      this.#writer.seal(this.#options.clock.now());
    };
    if (this.#write(work, [job]) !== 'failed') job.done(result!);
  }

  /** After `failed` the jobs know why; after `undone` nothing was written, as the work wished. */
  #write(work: () => void, jobs: readonly Job[]): 'written' | 'undone' | 'failed' {
    try {
      this.#file.write(this.#options.epoch, (tx) => {
        this.#writer.begin(tx);
        work();
      });
      return 'written';
    } catch (error) {
      // What is in memory went ahead of what is on disk: start again from the disk.
      this.#writer = new AccountWriter(this.#file, this.#options.markMaxAgeMs);
      if (error instanceof PlanNotWritten) return 'undone';
      if (error instanceof InvariantError || isStoreError(error, 'fenced')) this.#stopped = error;
      for (const job of jobs) job.failed(error);
      return 'failed';
    }
  }
}

class PlanNotWritten extends Error {}
