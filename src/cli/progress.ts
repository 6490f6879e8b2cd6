/**
 * Progress of what takes longer than a second, on standard error: one line that is rewritten
 * where a person looks, else one line when it has begun to take long and one at its end.
 */
import { type Instant, millisecondsBetween } from '../model/instant.ts';
import { systemClock } from '../service/system-clock.ts';
import type { Terminal } from './terminal.ts';

const quietMs = 1_000;
const rewriteMs = 100;

export class Progress {
  readonly #terminal: Terminal;
  readonly #started: Instant = systemClock.now();
  #told: Instant | null = null;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** How far it is; shown when it is time to. */
  at(text: string): void {
    const now = systemClock.now();
    if (millisecondsBetween(this.#started, now) < quietMs) return;
    this.#show(text, now);
  }

  /** As `at`, for what is known to take long from the beginning. */
  long(text: string): void {
    this.#show(text, systemClock.now());
  }

  /** Ends it; `text` is told only if something was shown. */
  end(text: string): void {
    if (this.#told === null) return;
    if (this.#terminal.isTalkTty) this.#terminal.retell(`${text}\n`);
    else this.#terminal.tell(text);
  }

  #show(text: string, now: Instant): void {
    if (this.#terminal.isTalkTty) {
      if (this.#told !== null && millisecondsBetween(this.#told, now) < rewriteMs) return;
      this.#terminal.retell(text);
    } else if (this.#told === null) this.#terminal.tell(text);
    this.#told = now;
  }
}
