/**
 * Answers to reads, kept as the bytes that go over the wire. One holds while the book is as it was,
 * and no longer than its route says: what is asked a thousand times is computed once.
 */
import { createHash } from 'node:crypto';
import { millisecondsBetween } from '../../model/instant.ts';
import type { BookReader } from '../reading.ts';
import type { WaitingClock } from '../system-clock.ts';
import { FileVersion } from './file-version.ts';
import { ownBytes } from './own-bytes.ts';
import type { Answered } from './route.ts';

export interface KeptAnswer {
  readonly status: number;
  readonly type: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
  readonly etag: string;
}

interface Kept {
  readonly answer: KeptAnswer;
  readonly version: number;
  readonly at: bigint;
  readonly holdsMs: number;
}

/** More would be those of somebody who asks for everything once. */
const keptMax = 1_000;
const keptBytesMax = 16 * 1024 * 1024;

export class Answers {
  readonly #clock: WaitingClock;
  readonly #version: FileVersion;
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;

  constructor(reader: BookReader, clock: WaitingClock) {
    this.#clock = clock;
    // The reader's connection writes nothing itself.
    this.#version = new FileVersion(reader.file.driver);
  }

  /** That of this address, while it holds; null: there is none. */
  kept(url: string): KeptAnswer | null {
    const kept = this.#kept.get(url);
    if (kept === undefined) return null;
    const { at, holdsMs, version, answer } = kept;
    const isYoung = millisecondsBetween(at, this.#clock.now()) < holdsMs;
    return isYoung && version === this.#version.ofTurn() ? answer : null;
  }

  /** The answer of this address, made anew where it no longer holds. */
  async of(url: string, holdsMs: number, make: () => Promise<Answered>): Promise<KeptAnswer> {
    const kept = this.kept(url);
    if (kept !== null) return kept;
    // Asked before it is made: what is committed meanwhile makes it be made once more.
    const [version, at] = [this.#version.now(), this.#clock.now()];
    const answer = bytesOf(await make());
    if (answer.status === 200) this.#keep(url, { answer, version, at, holdsMs });
    return answer;
  }

  #keep(url: string, kept: Kept): void {
    this.#forget(url);
    this.#kept.set(url, kept);
    this.#bytes += kept.answer.bytes.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= keptMax && this.#bytes <= keptBytesMax) return;
      this.#forget(oldest);
    }
  }

  #forget(url: string): void {
    this.#bytes -= this.#kept.get(url)?.answer.bytes.length ?? 0;
    this.#kept.delete(url);
  }
}

export function bytesOf({ status = 200, body, type, headers = {} }: Answered): KeptAnswer {
  const text = type === undefined ? JSON.stringify(body) : String(body);
  const bytes = ownBytes(text);
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
  return { status, type: type ?? 'application/json; charset=utf-8', headers, bytes, etag };
}
