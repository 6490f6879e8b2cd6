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
  trade(fills: number): Promise<Traded>;
  close(): void;
}

const sign = (text: string) => createHmac('sha256', 'trader-secret').update(text).digest('hex');

export async function openOtherSide(): Promise<OtherSide> {
  const child: ChildProcess = fork(new URL('./emulator-process.ts', import.meta.url));
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return {
    port,
    async trade(fills) {
      child.send({ fills });
      const [told] = (await once(child, 'message')) as [Record<keyof Traded, string>];
      return { began: BigInt(told.began), ended: BigInt(told.ended), last: told.last };
    },
    close: () => child.disconnect(),
  };
}

/** Reads frames, looks for the execution in each, and does nothing with it. */
export class BareClient {
  /** When each execution was read. */
  readonly heard = new Map<string, bigint>();
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as { topic?: string; data?: { execId: string }[] };
      if (frame.topic !== 'execution') return;
      for (const { execId } of frame.data ?? []) this.heard.set(execId, process.hrtime.bigint());
    });
  }

  static async open(port: number): Promise<BareClient> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/v5/private`);
    const client = new BareClient(socket);
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

/** All executions by pages of a hundred, parsed and counted. */
export async function barePages(port: number): Promise<number> {
  let rows = 0;
  for (let cursor = ''; ; ) {
    const to = Date.now() + 1_000;
    const span = `category=linear&limit=100&startTime=${to - 86_400_000}&endTime=${to}`;
    const query = cursor === '' ? span : `${span}&cursor=${cursor}`;
    const stamp = String(Date.now());
    const headers = {
      'X-BAPI-API-KEY': 'trader',
      'X-BAPI-TIMESTAMP': stamp,
      'X-BAPI-RECV-WINDOW': '5000',
      'X-BAPI-SIGN': sign(`${stamp}trader5000${query}`),
    };
    const answer = await fetch(`http://127.0.0.1:${port}/v5/execution/list?${query}`, { headers });
    const { result } = (await answer.json()) as {
      result: { list: unknown[]; nextPageCursor: string };
    };
    rows += result.list.length;
    if (result.nextPageCursor === '') return rows;
    cursor = result.nextPageCursor;
  }
}
