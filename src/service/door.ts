/** The local socket on which the holder of a book answers other processes. */
import { createHash } from 'node:crypto';
import { chmodSync, realpathSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { StoreError } from '../store/store-error.ts';
import type { BookWriter } from './book.ts';
import { type Answer, answer, type Request } from './forwarding.ts';
import { onLines } from './line-socket.ts';
import { socketFolder } from './socket-folder.ts';
import type { WaitingClock } from './system-clock.ts';

/** How long whoever does not read its answers holds up the end. */
const hangUpAfterMs = 1_000;
let opened = 0;

export class Door {
  readonly socket: string;
  readonly #server: Server = createServer();
  /** Each connection with the last answer that is owed to it. */
  readonly #connections = new Map<Socket, Promise<void>>();
  #book: BookWriter | null = null;

  readonly #clock: WaitingClock;

  private constructor(socket: string, clock: WaitingClock) {
    this.socket = socket;
    this.#clock = clock;
    this.#server.on('connection', (connection) => this.#meet(connection));
  }

  /** Listens for the book at a path. Nobody knows where before the lease says so. */
  static async open(path: string, clock: WaitingClock): Promise<Door> {
    const door = new Door(socketPath(path), clock);
    await door.#listen();
    return door;
  }

  /** Who answers from now on. */
  answerFor(book: BookWriter): void {
    this.#book = book;
  }

  /** Gives the answers that are owed, and hangs up. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await Promise.all(this.#connections.values());
    for (const connection of this.#connections.keys()) connection.destroySoon();
    const cut = this.#clock.after(hangUpAfterMs, () => {
      for (const connection of this.#connections.keys()) connection.destroy();
    });
    await closed;
    cut();
  }

  #listen(): Promise<void> {
    rmSync(this.socket, { force: true });
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error) => reject(notListening(this.socket, error)));
      this.#server.listen(this.socket, () => {
        chmodSync(this.socket, 0o600);
        // Listening alone keeps no process alive: a command ends when its work is done.
        this.#server.unref();
        resolve();
      });
    });
  }

  #meet(connection: Socket): void {
    this.#connections.set(connection, Promise.resolve());
    connection.once('close', () => this.#connections.delete(connection));
    connection.on('error', () => connection.destroy());
    onLines(connection, (line) => {
      const answered = this.#answerLine(line);
      // Answers keep the order of the requests, while the requests are grouped as they come.
      const before = this.#connections.get(connection);
      const owed = (async () => {
        await before;
        connection.write(`${JSON.stringify(await answered)}\n`);
      })();
      this.#connections.set(connection, owed);
    });
  }

  async #answerLine(line: string): Promise<Answer> {
    try {
      if (this.#book === null) throw new StoreError('held', 'nobody answers here', 'ask again');
      return await answer(JSON.parse(line) as Request, this.#book);
    } catch (error) {
      if (error instanceof StoreError) {
        const { code, message, hint } = error;
        return { ok: false, failure: { code, message, hint } };
      }
      const message = error instanceof Error ? error.message : String(error);
      return { ok: false, failure: { code: 'internal', message, hint: 'see the holder' } };
    }
  }
}

const notListening = (socket: string, error: Error): StoreError =>
  new StoreError(
    'io-error',
    `nobody can be listened to at ${socket} (${error.message})`,
    'set TMPDIR to a folder of this machine with a short path that you may write',
    error,
  );

/** Each is another one: a name of the book, of this process, and of this door. */
function socketPath(path: string): string {
  const book = createHash('sha256').update(realpathSync(path)).digest('hex').slice(0, 16);
  opened += 1;
  const name = `${book}-${process.pid}-${opened}.sock`;
  return join(socketFolder(name.length), name);
}
