/**
 * The book as the process that holds its lease writes it. Facts reported one by one are committed
 * together: an idle book commits at once, a busy one in groups. What is acknowledged is durable.
 */
import type { Fact } from '../model/fact.ts';
import type { Instant } from '../model/instant.ts';
import { InvariantError } from '../model/result.ts';
import type { BookFile } from '../store/book-file.ts';
import { isStoreError, StoreError } from '../store/store-error.ts';
import type { Transaction } from '../store/transaction.ts';
import { AccountWriter } from './account-writer.ts';
import type { BookWriter, Keeping, Kept, Plan, PlanResult, Recorded, RecordMode } from './book.ts';
import { keepBeside } from './keeping.ts';
import type { Outcome } from './outcome.ts';
import { readFault } from './read-faults.ts';
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

/** Work with a transaction of its own, kept or undone as a whole. */
interface WholeJob {
  readonly work: (writer: AccountWriter, now: Instant, tx: Transaction) => void;
  /** Asked after the work: false undoes it. */
  readonly keep: () => boolean;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

type Job = FactsJob | WholeJob;

export interface LocalBookOptions {
  readonly clock: WaitingClock;
  readonly markMaxAgeMs: number;
  /** The lease's epoch that every write names. */
  readonly epoch: number;
  /** Ends the lease and closes the file. */
  readonly release: () => Promise<void>;
  /** After each commit, once those who reported know of it. Must not throw. */
  readonly onCommitted?: () => void;
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
  #closed: Promise<void> | null = null;

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

  async recordAll(facts: readonly Fact[], mode: RecordMode = 'grouped'): Promise<Recorded> {
    if (mode !== 'grouped') return this.#recordWhole(facts, mode);
    const parts: Promise<Recorded>[] = [];
    for (let from = 0; from < facts.length; from += batchFactsMax) {
      parts.push(this.#enqueueFacts(facts.slice(from, from + batchFactsMax)));
    }
    const recorded = await Promise.all(parts);
    return {
      outcomes: recorded.flatMap((part) => part.outcomes),
      accountsMade: recorded.flatMap((part) => part.accountsMade),
      written: true,
    };
  }

  async apply(plan: Plan): Promise<PlanResult> {
    let result: PlanResult | null = null;
    await this.#enqueueWhole(
      (writer, now) => {
        result = writer.takePlan(plan);
        writer.seal(now);
      },
      () => result?.status === 'written',
    );
    return result!;
  }

  async keep(facts: readonly Fact[], keeping: Keeping): Promise<Kept> {
    let kept: Kept | null = null;
    await this.#enqueueWhole(
      (writer, now, tx) => {
        const outcomes: Outcome[] = [];
        for (const [index, fact] of facts.entries()) {
          outcomes.push(writer.take(fact, now));
          if ((index + 1) % batchFactsMax === 0) writer.seal(now);
        }
        const accountsMade = writer.takeMade();
        writer.seal(now);
        kept = {
          outcomes,
          accountsMade,
          written: true,
          ...keepBeside(tx, facts, keeping, outcomes),
        };
      },
      () => true,
    );
    return kept!;
  }

  async #recordWhole(facts: readonly Fact[], mode: RecordMode): Promise<Recorded> {
    const outcomes: Outcome[] = [];
    let accountsMade: readonly string[] = [];
    const isSound = () => !outcomes.some((outcome) => outcome.status === 'refused');
    await this.#enqueueWhole(
      (writer, now) => {
        for (const [index, fact] of facts.entries()) {
          outcomes.push(writer.take(fact, now));
          if ((index + 1) % batchFactsMax === 0) writer.seal(now);
        }
        accountsMade = writer.takeMade();
        writer.seal(now);
      },
      () => mode === 'atomic' && isSound(),
    );
    return { outcomes, accountsMade, written: mode === 'atomic' && isSound() };
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    while (this.#queue.length > 0) this.#flush();
    this.#stop(new StoreError('holder-lost', `${this.path} was closed`, 'open the book again'));
    await this.#options.release();
  }

  /** From now on nothing is written, and whoever waits is told why. */
  #stop(why: unknown): void {
    this.#stopped ??= why;
    this.#cancelWait?.();
    this.#cancelWait = null;
    this.#queued = 0;
    for (const job of this.#queue.splice(0)) job.failed(this.#stopped);
  }

  #enqueueFacts(facts: readonly Fact[]): Promise<Recorded> {
    return new Promise((done, failed) => this.#enqueue({ facts, done, failed }, facts.length));
  }

  #enqueueWhole(work: WholeJob['work'], keep: () => boolean): Promise<void> {
    return new Promise((done, failed) => this.#enqueue({ work, keep, done, failed }, 1));
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

  /** Commits what is at the front of the queue: one whole, or as many facts as fit. */
  #flush(): void {
    const first = this.#queue[0]!;
    if ('work' in first) {
      this.#queue.shift();
      this.#queued -= 1;
      this.#commitWhole(first);
      return;
    }
    const jobs: FactsJob[] = [];
    let facts = 0;
    for (const job of this.#queue) {
      if ('work' in job || (facts > 0 && facts + job.facts.length > batchFactsMax)) break;
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
        recorded.push({ outcomes, accountsMade: this.#writer.takeMade(), written: true });
      }
      this.#writer.seal(now);
    };
    if (this.#write(work, jobs) !== 'written') return;
    for (const [index, job] of jobs.entries()) job.done(recorded[index]!);
    this.#options.onCommitted?.();
  }

  #commitWhole(job: WholeJob): void {
    const work = (tx: Transaction) => {
      job.work(this.#writer, this.#options.clock.now(), tx);
      if (!job.keep()) throw new Undone();
    };
    const outcome = this.#write(work, [job]);
    if (outcome !== 'failed') job.done();
    if (outcome === 'written') this.#options.onCommitted?.();
  }

  /** After `failed` the jobs know why; after `undone` nothing was written, as the work wished. */
  #write(work: (tx: Transaction) => void, jobs: readonly Job[]): 'written' | 'undone' | 'failed' {
    try {
      this.#file.write(this.#options.epoch, (tx) => {
        this.#writer.begin(tx);
        work(tx);
      });
      return 'written';
    } catch (error) {
      // What is in memory went ahead of what is on disk: start again from the disk.
      this.#writer = new AccountWriter(this.#file, this.#options.markMaxAgeMs);
      if (error instanceof Undone) return 'undone';
      const fault = readFault(error, this.#file);
      for (const job of jobs) job.failed(fault);
      const isDamage = fault !== error;
      if (isDamage || error instanceof InvariantError || isStoreError(error, 'fenced')) {
        this.#stop(fault);
      }
      return 'failed';
    }
  }
}

/** Thrown to roll back what was never meant to be kept. */
class Undone extends Error {}
