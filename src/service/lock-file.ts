/**
 * A lock between processes for work of a moment: a file that only one of them can make. Whoever
 * ends without removing it, or keeps it for longer than any such work takes, has lost it.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import {
  addMilliseconds,
  type Instant,
  instantText,
  parseInstant,
} from '../model/instant.ts';
import type { WaitingClock } from './system-clock.ts';

/** Work under the lock takes milliseconds. */
const staleMs = 10_000;
/** Then the work is done without it: it must not be left undone because of others. */
const waitMaxMs = 2_000;
const againMs = 5;

export class LockFile {
  readonly #path: string;
  readonly #clock: WaitingClock;
  /** Work that waits, in the order in which it came. */
  #queue: Promise<void> | null = null;

  constructor(path: string, clock: WaitingClock) {
    this.#path = path;
    this.#clock = clock;
  }

  /** Done before this returns where nobody else is at it. */
  hold(work: () => void): Promise<void> {
    if (this.#queue === null && this.#take()) {
      this.#do(work);
      return Promise.resolve();
    }
    const before = this.#queue ?? Promise.resolve();
    const turn = before.then(() => this.#waited(work));
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
    this.#do(work);
  }

  #do(work: () => void): void {
    try {
      work();
    } finally {
      rmSync(this.#path, { force: true });
    }
  }

  /** True also where no lock can be made at all: then the work itself will say what is wrong. */
  #take(): boolean {
    const at = instantText(this.#clock.now());
    try {
      writeFileSync(this.#path, JSON.stringify({ pid: process.pid, at }), { flag: 'wx' });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return true;
      this.#dropStale();
      return false;
    }
  }

  #dropStale(): void {
    const seen = this.#text();
    if (seen === null || !this.#isStale(seen)) return;
    // Others may find it stale at the same moment: of a name of one's own it is removed once.
    const aside = `${this.#path}.${process.pid}`;
    try {
      renameSync(this.#path, aside);
    } catch {
      return; // somebody else did it
    }
    rmSync(aside, { force: true });
  }

  #text(): string | null {
    try {
      return readFileSync(this.#path, 'utf8');
    } catch {
      return null; // it was given back meanwhile
    }
  }

  #isStale(text: string): boolean {
    const holder = holderOf(text);
    if (holder === null) return this.#isSilent();
    return !isAlive(holder.pid) || addMilliseconds(holder.at, staleMs) <= this.#clock.now();
  }
}
