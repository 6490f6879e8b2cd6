/**
 * The instruments that a book knows of a venue, traded or not: a symbol that a bot stores may be
 * any of them. Kept by who looks after each fill: there may be thousands.
 */
import { type Instant, millisecondsBetween } from '../../model/instant.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { BookFile } from '../../store/book-file.ts';

/** A new version of what is known may come at any time, and is seen after so long. */
const keptMs = 60_000;

export const registeredAt = (file: BookFile, venue: string): readonly Instrument[] =>
  file.instruments().filter((one) => one.venue === venue);

interface Registered {
  readonly at: Instant;
  readonly instruments: readonly Instrument[];
  /** Names and symbols that were looked for, found or not. */
  readonly asked: Set<string>;
}

export class KnownInstruments {
  #last: Registered | null = null;

  /** Read again where a symbol comes up that was not asked for yet. */
  of(
    file: BookFile,
    venue: string,
    symbols: readonly string[],
    now: Instant,
  ): readonly Instrument[] {
    const last = this.#last;
    const isYoung = last !== null && Math.abs(millisecondsBetween(last.at, now)) < keptMs;
    if (isYoung && symbols.every((symbol) => last.asked.has(symbol))) return last.instruments;
    const instruments = registeredAt(file, venue);
    this.#last = { at: now, instruments, asked: new Set(symbols) };
    return instruments;
  }
}
