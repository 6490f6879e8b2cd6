/**
 * The library's call for bots: the stored total of their database, true after every order. The
 * work is done in a thread of its own, so the bot's thread pays for a message and nothing else.
 */
import { Worker } from 'node:worker_threads';
import type {
  BalanceAnswer,
  BalanceAsk,
  BalanceCheck,
  BalanceFailure,
  BalanceSettings,
  BalanceUpdate,
} from './balance-protocol.ts';

export interface BalanceOptions extends Omit<BalanceSettings, 'source'> {
  /**
   * Told of every run that failed, once, whether or not somebody holds its promise. Absent: the
   * process gets a warning (`TrueupBalanceWarning`).
   */
  readonly onError?: (error: BalanceError) => void;
}

/** Why a run failed; `code` and `hint` are those that a command would end with. */
export class BalanceError extends Error {
  readonly code: string;
  readonly hint: string | null;
  /** Whether the next call can succeed without anything being changed. */
  readonly retry: boolean;

  constructor({ code, message, hint, retry }: BalanceFailure) {
    super(message);
    this.name = 'BalanceError';
    this.code = code;
    this.hint = hint;
    this.retry = retry;
  }
}

export interface Balance {
  /**
   * Brings the stored total to the truth, if it is another one. Call it after every order and
   * every price, once they are committed. A call that finds a run under way shares the next one
   * with all that come before it begins, so any burst costs two runs, and what a promise resolves
   * with was seen after the call. Rejects with a BalanceError; a promise that nobody holds ends
   * no process.
   */
  update(): Promise<BalanceUpdate>;
  /** Looks, and writes nothing into the database. Shared as `update` is. */
  check(): Promise<BalanceCheck>;
  /** Ends when what was asked for is done. Nothing can be asked for afterwards. */
  close(): Promise<void>;
}

/** Whether `sqlite:PATH` or a PostgreSQL URL: the database that a bot keeps its account in. */
export function balance(source: string, options: BalanceOptions = {}): Balance {
  const { onError = warn, ...settings } = options;
  const thread = new BalanceThread({ source, ...settings });
  const asked = new Set<Promise<unknown>>();
  let closing: Promise<void> | null = null;
  const told = <T>(run: Promise<T>): Promise<T> => {
    run.catch((error: unknown) => onError(error as BalanceError));
    return run;
  };
  const asking = <T>(ask: BalanceAsk) => {
    const share = coalesced(() => told(thread.ask(ask) as Promise<T>));
    return (): Promise<T> => {
      if (closing !== null) return told(Promise.reject(new BalanceError(closed)));
      const answer = share();
      const ended = () => asked.delete(answer);
      asked.add(answer);
      answer.then(ended, ended);
      return answer;
    };
  };
  return {
    update: asking<BalanceUpdate>('update'),
    check: asking<BalanceCheck>('check'),
    close() {
      // What waits for a run under way was asked for too, and is in no thread yet.
      closing ??= Promise.allSettled(asked).then(() => thread.close());
      return closing;
    },
  };
}

const warn = ({ message, code, hint }: BalanceError): void =>
  process.emitWarning(hint === null ? message : `${message}; ${hint}`, {
    type: 'TrueupBalanceWarning',
    code,
  });

/**
 * At most one run under way and one waiting. Whoever calls while one is under way is answered by
 * a run that begins later.
 */
export function coalesced<T>(run: () => Promise<T>): () => Promise<T> {
  let current: Promise<T> | null = null;
  let waiting: Promise<T> | null = null;
  const begin = (): Promise<T> => {
    const begun = run();
    const ended = (): void => {
      if (current === begun) current = null;
    };
    current = begun;
    begun.then(ended, ended);
    return begun;
  };
  return () => {
    if (current === null) return begin();
    const next = (): Promise<T> => {
      waiting = null;
      // Somebody who called in between has begun it.
      return current ?? begin();
    };
    waiting ??= current.then(next, next);
    // Nobody need hold it: whoever does is told by what they make of it.
    waiting.catch(() => undefined);
    return waiting;
  };
}

interface Asked {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: BalanceError) => void;
}

const lost = (message: string): BalanceFailure => ({
  code: 'worker-lost',
  message: `the thread that updates the balance ended: ${message}`,
  hint: 'the next call starts another one',
  retry: true,
});

const closed: BalanceFailure = {
  code: 'closed',
  message: 'this balance was closed',
  hint: 'call balance(source) again',
  retry: false,
};

/** The thread that does the work. It keeps the process alive only while something is asked. */
class BalanceThread {
  readonly #settings: BalanceSettings;
  readonly #asked = new Map<number, Asked>();
  #worker: Worker | null = null;
  #next = 0;

  constructor(settings: BalanceSettings) {
    this.#settings = settings;
    // At once: it takes a while, and the first order shall not wait for it.
    this.#worker = this.#started();
  }

  ask(ask: BalanceAsk): Promise<unknown> {
    this.#worker ??= this.#started();
    return this.#post(this.#worker, ask);
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    // One that dies of it is closed too.
    await this.#post(worker, 'close').catch(() => undefined);
    this.#worker = null;
    await worker.terminate();
  }

  #post(worker: Worker, ask: BalanceAsk): Promise<unknown> {
    worker.ref();
    this.#next += 1;
    const id = this.#next;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      worker.postMessage({ id, ask });
    });
  }

  #started(): Worker {
    const workerData = this.#settings;
    const worker = new Worker(new URL('./balance-worker.ts', import.meta.url), { workerData });
    worker.on('message', (answer: BalanceAnswer) => this.#answered(worker, answer));
    worker.on('error', (error) => this.#gone(worker, error.message));
    worker.on('exit', (code) => this.#gone(worker, `exit code ${code}`));
    worker.unref();
    return worker;
  }

  #answered(worker: Worker, answer: BalanceAnswer): void {
    const asked = this.#asked.get(answer.id);
    this.#asked.delete(answer.id);
    if (this.#asked.size === 0) worker.unref();
    if ('value' in answer) asked?.resolve(answer.value);
    else asked?.reject(new BalanceError(answer.failure));
  }

  #gone(worker: Worker, message: string): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    const asked = [...this.#asked.values()];
    this.#asked.clear();
    for (const { reject } of asked) reject(new BalanceError(lost(message)));
  }
}
