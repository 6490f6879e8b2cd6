/**
 * Whether the service may be relied on: the book is held and is the one that was left, and since
 * the start each account was compared once, whole. Until then no gate lets anybody trade.
 */
import type { Instant } from '../../model/instant.ts';
import type { Finding } from '../../store/verify.ts';
import type { BookReader } from '../reading.ts';
import { notedChecks } from '../reconcile-entries.ts';

export interface ReadinessParts {
  readonly reader: BookReader;
  readonly startedAt: Instant;
  /** Accounts that a venue is asked about. */
  readonly accounts: readonly string[];
  /** Where no venue is asked: what was not compared yet since the start; null: all was. */
  readonly unchecked: () => string | null;
  /** What is wrong with the end of the book; null: it is as it was left. */
  readonly head: Finding | null;
  readonly isStopping: () => boolean;
}

export class Readiness {
  readonly #parts: ReadinessParts;
  /** What was compared once stays compared; how long it counts is for the gate. */
  readonly #compared = new Set<string>();
  #isBookCompared = false;

  constructor(parts: ReadinessParts) {
    this.#parts = parts;
  }

  /** Null: all is ready. */
  whyNot(): string | null {
    const { head, isStopping, accounts, reader } = this.#parts;
    if (isStopping()) return 'the service is stopping';
    if (head !== null) return `the book is not the one that was left: ${head.message}`;
    const holder = reader.file.leaseHolder();
    if (holder === null) return 'nobody holds the book';
    if (holder.pid !== process.pid) return `${holder.holder} holds the book`;
    const waits = accounts.filter((name) => !this.#isCompared(name));
    if (waits.length > 0) {
      return `the first complete check of ${waits.join(', ')} has not ended`;
    }
    if (this.#isBookCompared) return null;
    const open = this.#parts.unchecked();
    this.#isBookCompared = open === null;
    return open;
  }

  #isCompared(name: string): boolean {
    if (this.#compared.has(name)) return true;
    const { reader, startedAt } = this.#parts;
    const account = reader.file.accountNamed(name);
    if (account === null) return false;
    for (const { at, complete } of notedChecks(reader.file, account.account)) {
      if (at < startedAt) return false;
      if (!complete) continue;
      this.#compared.add(name);
      return true;
    }
    return false;
  }
}
