/**
 * Holding a book: one process has the lease, listens on a local socket for the others, and
 * renews while it lives. Whoever wants to write either gets the lease or reaches its holder.
 */
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, realpathSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BookFile, openBookFile } from '../store/book-file.ts';
import { isHeld, type LeaseHolder, type LeaseRequest } from '../store/lease.ts';
import { StoreError } from '../store/store-error.ts';
import type { BookWriter } from './book.ts';
import { type Answer, answer, type Request } from './forwarding.ts';
import { onLines } from './line-socket.ts';
import { LocalBook } from './local-book.ts';
import { reach } from './remote-book.ts';
import type { WaitingClock } from './system-clock.ts';

/** Erring long keeps a book closed after a crash that left its socket open; erring short fences
 * a holder that was only slow. */
const leaseMs = 10_000;
const renewEveryMs = 3_000;

export interface OpenOptions {
  readonly clock: WaitingClock;
  /** Who writes, in words for people. */
  readonly holder: string;
  readonly create?: boolean;
  readonly programVersion?: string;
  readonly markMaxAgeMs: number;
  readonly freeBytes?: () => number | null;
  readonly reserveBytes?: number;
}

/** Throws a StoreError; `held` when another process holds the book and does not answer. */
export async function openForWriting(path: string, options: OpenOptions): Promise<BookWriter> {
  const { clock } = options;
  const file = openBookFile(path, {
    clock,
    create: options.create ?? false,
    ...(options.programVersion === undefined ? {} : { programVersion: options.programVersion }),
    ...(options.freeBytes === undefined ? {} : { freeBytes: options.freeBytes }),
    ...(options.reserveBytes === undefined ? {} : { reserveBytes: options.reserveBytes }),
  });
  try {
    const socket = socketPath(path);
    const request = (): LeaseRequest => ({
      holder: options.holder,
      socket,
      pid: process.pid,
      now: clock.now(),
      ttlMs: leaseMs,
    });
    const granted = file.acquireLease(request());
    if (!isHeld(granted)) return await hold(file, granted.epoch, socket, options);
    const other = await reachHolder(path, granted.heldBy, clock);
    if (other !== null) {
      file.close();
      return other;
    }
    const taken = file.takeOver(request(), granted.heldBy);
    if (!isHeld(taken)) return await hold(file, taken.epoch, socket, options);
    throw heldBy(path, taken.heldBy);
  } catch (error) {
    file.close();
    throw error;
  }
}

/** The holder as a book to write to; null when it is gone. */
async function reachHolder(
  path: string,
  holder: LeaseHolder,
  clock: WaitingClock,
): Promise<BookWriter | null> {
  if (holder.socket === null) throw heldBy(path, holder);
  const answer = await reach(path, holder.socket, clock);
  if (answer.reached !== null) return answer.reached;
  if (answer.why === 'gone') return null;
  throw heldBy(path, holder);
}

const heldBy = (path: string, { holder, pid }: LeaseHolder) =>
  new StoreError(
    'held',
    `${path} is held by ${holder} (process ${pid}), which does not answer`,
    'try again in a few seconds: a holder that stays silent loses the book by itself',
  );

async function hold(
  file: BookFile,
  epoch: number,
  socket: string,
  options: OpenOptions,
): Promise<BookWriter> {
  const { clock } = options;
  let cancelRenewal: (() => void) | null = null;
  const server = createServer();
  const connections = new Set<Socket>();
  const book = new LocalBook(file, {
    clock,
    epoch,
    markMaxAgeMs: options.markMaxAgeMs,
    async release() {
      cancelRenewal?.();
      await closed(server, connections);
      file.releaseLease(epoch);
      file.close();
    },
  });
  await listen(server, connections, socket, book);
  const renew = () => {
    const again = () => {
      if (file.renewLease(epoch, clock.now(), leaseMs)) renew();
    };
    cancelRenewal = clock.after(renewEveryMs, again, 'background');
  };
  renew();
  return book;
}

/** A short path of our own: socket paths are limited to about a hundred bytes. */
function socketPath(path: string): string {
  const folder = join(tmpdir(), `trueup-${process.getuid?.() ?? 'user'}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const name = createHash('sha256').update(realpathSync(path)).digest('hex').slice(0, 16);
  return join(folder, `${name}-${process.pid}.sock`);
}

function listen(
  server: Server,
  connections: Set<Socket>,
  socket: string,
  book: BookWriter,
): Promise<void> {
  rmSync(socket, { force: true });
  server.on('connection', (connection) => {
    let last = Promise.resolve();
    connections.add(connection);
    connection.once('close', () => connections.delete(connection));
    connection.on('error', () => connection.destroy());
    onLines(connection, (line) => {
      const answered = answerLine(line, book);
      // Answers keep the order of the requests, while the requests are grouped as they come.
      last = last.then(async () => {
        connection.write(`${JSON.stringify(await answered)}\n`);
      });
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, () => {
      chmodSync(socket, 0o600);
      // Listening alone keeps no process alive: a command ends when its work is done.
      server.unref();
      resolve();
    });
  });
}

async function answerLine(line: string, book: BookWriter): Promise<Answer> {
  try {
    return await answer(JSON.parse(line) as Request, book);
  } catch (error) {
    if (error instanceof StoreError) {
      const { code, message, hint } = error;
      return { ok: false, failure: { code, message, hint } };
    }
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, failure: { code: 'internal', message, hint: 'see the holder' } };
  }
}

const closed = (server: Server, connections: ReadonlySet<Socket>): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    for (const connection of connections) connection.destroySoon();
  });
