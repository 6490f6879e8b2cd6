/**
 * The door: a loopback HTTP and WebSocket server that hands requests and connections to a
 * protocol. It knows nothing of exchanges.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

export interface Ask {
  readonly method: string;
  readonly path: string;
  /** As it was sent, without the question mark. */
  readonly query: string;
  readonly body: string;
  /** In small letters. */
  readonly header: (name: string) => string | null;
}

/** Null: nothing is answered, and the connection stays until the client gives up. */
export type Reply = {
  readonly status: number;
  readonly type: 'application/json' | 'text/html';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
} | null;

/** The other end of a connection, as a protocol holds it. */
export interface Line {
  send(text: string): void;
  close(code: number, reason: string): void;
  /** Without a farewell: the other side sees 1006. */
  cut(): void;
}

export interface LineListener {
  heard(text: string): void;
  /** A ping of the WebSocket protocol itself; false: it stays unanswered. */
  pinged(): boolean;
  ended(): void;
}

export interface Protocol {
  answer(ask: Ask): Reply;
  /** Null: there is nothing to connect to at that address. */
  connect(address: string, line: Line): LineListener | null;
}

export class Door {
  readonly #server: Server;
  readonly #sockets: WebSocketServer;

  private constructor(protocol: Protocol) {
    this.#server = createServer((request, response) => {
      // A client that goes away in the middle of its own request is owed nothing.
      answer(protocol, request, response).catch(() => response.destroy());
    });
    this.#sockets = new WebSocketServer({ noServer: true, autoPong: false });
    this.#server.on('upgrade', (request, socket, head) => {
      this.#sockets.handleUpgrade(request, socket, head, (connected) =>
        attach(protocol, request.url ?? '/', connected),
      );
    });
  }

  static open(protocol: Protocol, port: number): Promise<Door> {
    const door = new Door(protocol);
    return new Promise((resolve, reject) => {
      door.#server.once('error', reject);
      door.#server.listen(port, '127.0.0.1', () => resolve(door));
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

async function answer(protocol: Protocol, request: IncomingMessage, response: ServerResponse) {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const [path, query] = splitOnce(request.url ?? '/', '?');
  const reply = protocol.answer({
    method: request.method ?? 'GET',
    path,
    query,
    body: Buffer.concat(parts).toString('utf8'),
    header: (name) => {
      const value = request.headers[name];
      return typeof value === 'string' ? value : null;
    },
  });
  if (reply === null) return;
  response.writeHead(reply.status, { ...reply.headers, 'content-type': reply.type });
  response.end(reply.body);
}

function splitOnce(text: string, by: string): readonly [string, string] {
  const at = text.indexOf(by);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function attach(protocol: Protocol, address: string, socket: WebSocket): void {
  const listener = protocol.connect(address, {
    send: (text) => {
      if (socket.readyState === socket.OPEN) socket.send(text);
    },
    close: (code, reason) => socket.close(code, reason),
    cut: () => socket.terminate(),
  });
  if (listener === null) return socket.close(1008, 'there is nothing here');
  socket.on('message', (data) => listener.heard(String(data)));
  socket.on('ping', (data) => {
    if (listener.pinged()) socket.pong(data);
  });
  socket.on('close', () => listener.ended());
  // A broken frame ends the connection; its close is told next.
  socket.on('error', () => socket.terminate());
}
