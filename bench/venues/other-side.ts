/** The emulator's process, and a client of it that does nothing but read: the floor. */
import { type ChildProcess, fork } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';

export interface Traded {
  readonly began: bigint;
  readonly ended: bigint;
  /** The last execution of them. */
  readonly last: string;
}

export interface OtherSide {
  readonly port: number;
  /** One order after the other, each told at once. */
  trade(fills: number): Promise<Traded>;
  /** So many, traded first; `began` is when the first frame of them was sent. */
  burst(fills: number): Promise<Traded>;
  /** So many from its beginning until now, with funding on the way. */
  past(fills: number): Promise<Traded>;
  close(): void;
}

const sign = (text: string) => createHmac('sha256', 'trader-secret').update(text).digest('hex');

/** It began so long ago. */
export async function openOtherSide(pastMs = 0): Promise<OtherSide> {
  const path = new URL('./emulator-process.ts', import.meta.url);
  const child: ChildProcess = fork(path, [String(pastMs)]);
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const ask = async (asked: object): Promise<Traded> => {
    child.send(asked);
    const [told] = (await once(child, 'message')) as [Record<keyof Traded, string>];
    return { began: BigInt(told.began), ended: BigInt(told.ended), last: told.last };
  };
  return {
    port,
    trade: (fills) => ask({ what: 'trade', fills }),
    burst: (fills) => ask({ what: 'burst', fills }),
    past: (fills) => ask({ what: 'past', fills }),
    close: () => child.disconnect(),
  };
}

type Keep = (frame: string) => void;

/** Reads frames, looks for the execution in each, and does nothing with it. */
export class BareClient {
  /** When each execution was read. */
  readonly heard = new Map<string, bigint>();
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket, keep?: Keep) {
    this.#socket = socket;
    socket.on('message', (data) => {
      const text = String(data);
      const frame = JSON.parse(text) as { topic?: string; data?: { execId: string }[] };
      keep?.(text);
      if (frame.topic !== 'execution') return;
      for (const { execId } of frame.data ?? []) this.heard.set(execId, process.hrtime.bigint());
    });
  }

  /** `keep` is given each frame before it counts as read. */
  static async open({ port }: OtherSide, keep?: Keep): Promise<BareClient> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/v5/private`);
    const client = new BareClient(socket, keep);
    await once(socket, 'open');
    const expires = Date.now() + 10_000;
    const auth = ['trader', expires, sign(`GET/realtime${expires}`)];
    socket.send(JSON.stringify({ op: 'auth', args: auth }));
    await once(socket, 'message');
    const args = ['execution', 'order', 'position', 'wallet'];
    socket.send(JSON.stringify({ op: 'subscribe', args }));
    await once(socket, 'message');
    return client;
  }

  close(): void {
    this.#socket.close();
  }
}

const windowMs = 7 * 86_400_000;

/** What there is of a list in so long a past, by its longest pages, parsed and counted. */
export async function barePages(
  { port }: OtherSide,
  { path, query }: { readonly path: string; readonly query: string },
  pastMs: number,
): Promise<number> {
  const now = Date.now();
  let rows = 0;
  for (let from = now - pastMs; from < now; from += windowMs) {
    const span = `${query}&startTime=${from}&endTime=${from + windowMs}`;
    for (let cursor = '', more = true; more; ) {
      const result = await barePage(port, path, cursor === '' ? span : `${span}&cursor=${cursor}`);
      rows += result.list.length;
      cursor = result.nextPageCursor;
      more = cursor !== '';
    }
  }
  return rows;
}

async function barePage(port: number, path: string, query: string) {
  const stamp = String(Date.now());
  const headers = {
    'X-BAPI-API-KEY': 'trader',
    'X-BAPI-TIMESTAMP': stamp,
    'X-BAPI-RECV-WINDOW': '5000',
    'X-BAPI-SIGN': sign(`${stamp}trader5000${query}`),
  };
  const answer = await fetch(`http://127.0.0.1:${port}${path}?${query}`, { headers });
  const { result } = (await answer.json()) as {
    result: { list: unknown[]; nextPageCursor: string };
  };
  return result;
}
