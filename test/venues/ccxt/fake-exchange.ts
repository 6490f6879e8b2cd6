/** A server of a dozen lines per endpoint, on this machine: answers what a test tells it to. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: IncomingMessage['headers'];
}

/** The body as text or value; `status` and `drop` for what goes wrong on the way. */
export interface Told {
  readonly status?: number;
  readonly body?: unknown;
  /** Breaks the connection off without an answer. */
  readonly drop?: true;
  /** Never answers. */
  readonly silent?: true;
}

export type Teller = (asked: Asked) => Told | undefined;

export interface FakeExchange {
  readonly url: string;
  readonly asked: Asked[];
  readonly sockets: Set<WebSocket>;
  /** Frames that clients sent, as values. */
  readonly frames: Record<string, unknown>[];
  tell(teller: Teller): void;
  push(frame: unknown): void;
  close(): Promise<void>;
}

export async function fakeExchange(
  fallback: Teller,
  onFrame: (frame: Record<string, unknown>) => unknown = () => undefined,
): Promise<FakeExchange> {
  const asked: Asked[] = [];
  const frames: Record<string, unknown>[] = [];
  let tellers: Teller[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      const one = askedOf(request, body);
      asked.push(one);
      const told = tellers.map((tell) => tell(one)).find((answer) => answer !== undefined);
      answer(response, told ?? fallback(one) ?? { status: 404, body: 'not here' });
    });
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as Record<string, unknown>;
      frames.push(frame);
      const reply = onFrame(frame);
      if (reply !== undefined) socket.send(JSON.stringify(reply));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    frames,
    sockets: sockets.clients,
    tell: (teller) => {
      tellers = [teller, ...tellers];
    },
    push: (frame) => {
      for (const socket of sockets.clients) {
        socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
      }
    },
    close: () => closed(server, sockets),
  };
}

async function closed(server: ReturnType<typeof createServer>, sockets: WebSocketServer) {
  for (const socket of sockets.clients) socket.terminate();
  sockets.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

function askedOf(request: IncomingMessage, body: string): Asked {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    body: body.startsWith('{')
      ? (JSON.parse(body) as Record<string, unknown>)
      : Object.fromEntries(new URLSearchParams(body)),
    headers: request.headers,
  };
}

function answer(response: ServerResponse, { status = 200, body, drop, silent }: Told): void {
  if (silent === true) return;
  if (drop === true) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
