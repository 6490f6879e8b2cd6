/** The book as a process writes it that does not hold it: every report goes to the holder. */
import { createConnection, type Socket } from 'node:net';
import type { Fact } from '../model/fact.ts';
import { StoreError } from '../store/store-error.ts';
import type { BookWriter, Keeping, Kept, Plan, PlanResult, Recorded, RecordMode } from './book.ts';
import {
  type Answer,
  applyRequest,
  keepRequest,
  type Request,
  recordRequest,
} from './forwarding.ts';
import { onLines } from './line-socket.ts';
import type { Outcome } from './outcome.ts';
import type { WaitingClock } from './system-clock.ts';

/** A holder that does not answer for so long is stopped, or not there. */
const answerWaitMs = 1_000;
/** Facts in one request: large enough to commit well, small enough to be read at once. */
const requestFacts = 2_000;

export type Reached =
  | { readonly reached: RemoteBook }
  /** Nobody listens there: the holder is gone. */
  | { readonly reached: null; readonly why: 'gone' | 'silent' };

/** Connects to a holder and asks whether it is alive. */
export async function reach(
  path: string,
  socketPath: string,
  clock: WaitingClock,
): Promise<Reached> {
  const socket = await connect(socketPath, clock);
  if (socket === 'gone' || socket === 'silent') return { reached: null, why: socket };
  const book = new RemoteBook(path, socket);
  const alive = await new Promise<boolean>((resolve) => {
    const cancel = clock.after(answerWaitMs, () => resolve(false));
    const answered = (is: boolean) => {
      cancel();
      resolve(is);
    };
    book.ask({ op: 'ping' }).then(
      () => answered(true),
      () => answered(false),
    );
  });
  if (alive) return { reached: book };
  socket.destroy();
  return { reached: null, why: 'silent' };
}

/** What a connection fails with when nobody listens; whatever else it is, somebody may. */
const goneCodes: readonly unknown[] = ['ECONNREFUSED', 'ENOENT'];

function connect(socketPath: string, clock: WaitingClock): Promise<Socket | 'gone' | 'silent'> {
  return new Promise((resolve) => {
    const socket = createConnection(socketPath);
    const cancel = clock.after(answerWaitMs, () => {
      socket.destroy();
      resolve('silent');
    });
    socket.once('connect', () => {
      cancel();
      resolve(socket);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      cancel();
      resolve(goneCodes.includes(error.code) ? 'gone' : 'silent');
    });
  });
}

export class RemoteBook implements BookWriter {
  readonly path: string;
  readonly #socket: Socket;
  readonly #waiting: { done: (answer: Answer) => void; failed: (error: unknown) => void }[] = [];

  #lost: StoreError | null = null;

  constructor(path: string, socket: Socket) {
    this.path = path;
    this.#socket = socket;
    onLines(socket, (line) => this.#waiting.shift()?.done(JSON.parse(line) as Answer));
    const lost = () => {
      this.#lost = new StoreError(
        'holder-lost',
        `the process that holds ${path} ended before it answered`,
        'run the command again: what was written is recognised and not written twice',
      );
      for (const waiting of this.#waiting.splice(0)) waiting.failed(this.#lost);
    };
    socket.on('error', lost);
    socket.on('close', lost);
  }

  /** Answers come in the order of the requests. */
  async ask(request: Request): Promise<Recorded | Kept | PlanResult | null> {
    if (this.#lost !== null) throw this.#lost;
    const answer = await new Promise<Answer>((done, failed) => {
      this.#waiting.push({ done, failed });
      this.#socket.write(`${JSON.stringify(request)}\n`);
    });
    if (answer.ok) return answer.result;
    const { code, message, hint } = answer.failure;
    throw new StoreError(code as StoreError['code'], message, hint);
  }

  async record(fact: Fact): Promise<Outcome> {
    const { outcomes } = (await this.ask(recordRequest([fact], 'grouped'))) as Recorded;
    return outcomes[0]!;
  }

  async recordAll(facts: readonly Fact[], mode: RecordMode = 'grouped'): Promise<Recorded> {
    if (mode !== 'grouped') return (await this.ask(recordRequest(facts, mode))) as Recorded;
    const outcomes: Outcome[] = [];
    const accountsMade: string[] = [];
    for (let from = 0; from < facts.length; from += requestFacts) {
      const request = recordRequest(facts.slice(from, from + requestFacts), mode);
      const recorded = (await this.ask(request)) as Recorded;
      outcomes.push(...recorded.outcomes);
      accountsMade.push(...recorded.accountsMade);
    }
    return { outcomes, accountsMade, written: true };
  }

  async apply(plan: Plan): Promise<PlanResult> {
    return (await this.ask(applyRequest(plan))) as PlanResult;
  }

  async keep(facts: readonly Fact[], keeping: Keeping): Promise<Kept> {
    return (await this.ask(keepRequest(facts, keeping))) as Kept;
  }

  async close(): Promise<void> {
    this.#socket.destroySoon();
  }
}
