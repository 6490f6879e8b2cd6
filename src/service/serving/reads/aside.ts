/** Does a task at once where the book is small, and else in a thread that reads. */
import { Worker } from 'node:worker_threads';
import { StoreError } from '../../../store/store-error.ts';
import type { BookReader } from '../../reading.ts';
import type { WaitingClock } from '../../system-clock.ts';
import type { ServingParts } from '../parts.ts';
import { type Asked, type Done, runTask, type TaskName } from './tasks.ts';
import type { Fault, TaskAnswer, TaskMessage } from './thread.ts';

/** Entries that are looked through in a few milliseconds. */
const smallMax = 2_000;
/** A thread that is not asked for so long ends; the next task begins another one. */
const idleMs = 60_000;

type Parts = Pick<ServingParts, 'reader' | 'clock'>;

/** Reads all of every chain: a person's questions do not stand behind it. */
const longest: TaskName = 'verified';

interface Threads {
  readonly usual: ReadingThread;
  readonly longest: ReadingThread;
}

const threads = new WeakMap<BookReader, Threads>();

function threadsOf({ reader, clock }: Parts): Threads {
  const known = threads.get(reader);
  if (known !== undefined) return known;
  const thread = () => new ReadingThread(reader.file.path, clock);
  const made = { usual: thread(), longest: thread() };
  threads.set(reader, made);
  return made;
}

export async function aside<N extends TaskName>(
  parts: Parts,
  name: N,
  asked: Asked<N>,
): Promise<Done<N>> {
  const { reader } = parts;
  if (isSmall(reader, asked)) return runTask(reader, name, asked);
  const thread = threadsOf(parts)[name === longest ? 'longest' : 'usual'];
  return (await thread.run(name, asked)) as Done<N>;
}

/** Its threads end with the service, whatever they were asked. */
export async function endAside(reader: BookReader): Promise<void> {
  const own = threads.get(reader);
  await Promise.all([own?.usual.end(), own?.longest.end()]);
  threads.delete(reader);
}

function isSmall({ file }: BookReader, asked: object): boolean {
  const { account } = asked as { readonly account?: { readonly account: number } };
  const ids = account === undefined ? file.accounts().map((one) => one.account) : [account.account];
  return ids.reduce((sum, id) => sum + file.head(id).sequence, 0) <= smallMax;
}

/** Instants are no JSON. */
const textOf = (asked: unknown): string =>
  JSON.stringify(asked, (_, one: unknown) => (typeof one === 'bigint' ? String(one) : one));

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

class ReadingThread {
  readonly #path: string;
  readonly #clock: WaitingClock;
  readonly #waiting = new Map<number, Waiting>();
  /** What is under way is not done twice: a page that is loaded anew asks the same again. */
  readonly #underWay = new Map<string, Promise<unknown>>();
  #worker: Worker | null = null;
  #asked = 0;

  constructor(path: string, clock: WaitingClock) {
    this.#path = path;
    this.#clock = clock;
  }

  run(name: TaskName, asked: unknown): Promise<unknown> {
    const key = `${name} ${textOf(asked)}`;
    const known = this.#underWay.get(key);
    if (known !== undefined) return known;
    const done = this.#ask(name, asked).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, done);
    return done;
  }

  #ask(name: TaskName, asked: unknown): Promise<unknown> {
    this.#asked += 1;
    const message: TaskMessage = { id: this.#asked, name, asked };
    return new Promise((resolve, reject) => {
      this.#waiting.set(message.id, { resolve, reject });
      this.#started().postMessage(message);
    });
  }

  async end(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    this.#ended(worker, new Error('the service stops'));
    await worker.terminate();
  }

  #started(): Worker {
    if (this.#worker !== null) return this.#worker;
    const url = new URL('./thread.ts', import.meta.url);
    const worker = new Worker(url, { workerData: { path: this.#path } });
    // It reads only: nothing waits for it when the service ends.
    worker.unref();
    worker.on('message', (answer: TaskAnswer) => this.#answered(answer));
    worker.on('error', (error) => this.#ended(worker, error as Error));
    worker.on('exit', () => this.#ended(worker, new Error('the thread that reads has ended')));
    this.#worker = worker;
    return worker;
  }

  #answered(answer: TaskAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('fault' in answer) waiting?.reject(thrownOf(answer.fault));
    else waiting?.resolve(answer.value);
    if (this.#waiting.size === 0) this.#restLater(this.#asked);
  }

  #restLater(asked: number): void {
    this.#clock.after(
      idleMs,
      () => {
        if (this.#asked !== asked) return;
        void this.#worker?.terminate();
        this.#worker = null;
      },
      'background',
    );
  }

  #ended(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

function thrownOf({ message, stack, store }: Fault): Error {
  if (store !== null) return new StoreError(store.code, message, store.hint);
  return Object.assign(new Error(message), { stack });
}
