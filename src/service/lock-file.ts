/**
 * A lock between processes for work of a moment: a file that only one of them can make. Whoever
 * ends without removing it, or keeps it for longer than any such work takes, has lost it.
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { addMilliseconds, type Instant, instantText, parseInstant } from '../model/instant.ts';
import type { WaitingClock } from './system-clock.ts';

/** Work under the lock takes milliseconds. */
const staleMs = 10_000;
/** Its holder's name is written right after it is made. */
const namelessMs = 1_000;
/** Then the work is done without it: it must not be left undone because of others. */
const waitMaxMs = 2_000;
const againMs = 5;

export class LockFile {
  readonly #path: string;
  readonly #clock: WaitingClock;
  /** Work that waits, in the order in which it came. */
  #queue: Promise<void> | null = null;
  /** What we wrote into the file that we hold. */
  #ours = '';
  #namelessSince: Instant | null = null;

  constructor(path: string, clock: WaitingClock) {
    this.#path = path;
    this.#clock = clock;
  }

  /** Where nobody else is at it, the work is done before this returns. */
  hold(work: () => void): Promise<void> {
    if (this.#queue === null && this.#take()) {
      this.#doAndRelease(work);
      return Promise.resolve();
    }
    const turn = (this.#queue ?? Promise.resolve()).then(() => this.#waited(work));
    const ended = () => {
      if (this.#queue === queued) this.#queue = null;
    };
    const queued: Promise<void> = turn.then(ended, ended);
    this.#queue = queued;
    return turn;
  }

  async #waited(work: () => void): Promise<void> {
    const until = addMilliseconds(this.#clock.now(), waitMaxMs);
    while (!this.#take()) {
      if (this.#clock.now() >= until) {
        work();
        return;
      }
      await new Promise<void>((resolve) => this.#clock.after(againMs, resolve));
    }
    this.#doAndRelease(work);
  }

  #doAndRelease(work: () => void): void {
    try {
      work();
    } finally {
      // Work that took too long has lost it to another, whose lock it is now.
      if (this.#text() === this.#ours) rmSync(this.#path, { force: true });
    }
  }

  /** True also where none can be made at all: then the work itself will say what is wrong. */
  #take(): boolean {
    this.#ours = JSON.stringify({ pid: process.pid, at: instantText(this.#clock.now()) });
    try {
      writeFileSync(this.#path, this.#ours, { flag: 'wx' });
      return true;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') return true;
    }
    const seen = this.#text();
    if (seen !== null && this.#isStale(seen)) this.#drop(seen);
    return false;
  }

  #isStale(text: string): boolean {
    const now = this.#clock.now();
    const holder = holderOf(text);
    if (holder === null) {
      this.#namelessSince ??= now;
      return now >= addMilliseconds(this.#namelessSince, namelessMs);
    }
    this.#namelessSince = null;
    return !isAlive(holder.pid) || now >= addMilliseconds(holder.at, staleMs);
  }

  /** Several may find it stale at once, and one of them hold a new one by now: that is put back. */
  #drop(seen: string): void {
    const aside = `${this.#path}.${process.pid}`;
    try {
      renameSync(this.#path, aside);
      if (readFileSync(aside, 'utf8') !== seen) linkSync(aside, this.#path);
    } catch (error) {
      // Gone already, or there is a newer one.
      if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'EEXIST') throw error;
    }
    rmSync(aside, { force: true });
  }

  /** Null: it was given back meanwhile, or there is none. */
  #text(): string | null {
    try {
      return readFileSync(this.#path, 'utf8');
    } catch {
      return null; // whoever cannot read it cannot judge it either
    }
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

function holderOf(text: string): { readonly pid: number; readonly at: Instant } | null {
  const [, pid, time = ''] = /^\{"pid":(\d+),"at":"([^"]+)"\}$/.exec(text) ?? [];
  const at = parseInstant(time);
  return pid === undefined || at === null ? null : { pid: Number(pid), at };
}

/** A process of another user cannot be asked, and is there. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}
