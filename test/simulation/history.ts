/**
 * What was said of the past stays said: as it was known after an entry, for ever; as of an
 * instant, unless facts of before it came later. And every reversal is of something untrue.
 */
import type { Instant } from '../../src/model/instant.ts';
import { addMilliseconds } from '../../src/model/instant.ts';
import type { BookReader } from '../../src/service/reading.ts';
import { viewText } from '../service/book-checks.ts';
import type { Oracle } from './oracle.ts';

const markMaxAgeMs = 3_600_000;

export class History {
  readonly #sequence: number;
  readonly #asOf: Instant;
  readonly #known: string;
  readonly #then: string;

  /** Null: there is no account yet. */
  static of(reader: BookReader, now: Instant): History | null {
    return reader.file.accountNamed('main') === null ? null : new History(reader, now);
  }

  private constructor(reader: BookReader, now: Instant) {
    const account = reader.file.accountNamed('main')!;
    this.#sequence = reader.file.head(account.account).sequence;
    this.#asOf = addMilliseconds(now, -60_000);
    this.#known = this.#at(reader, null, this.#sequence);
    this.#then = this.#at(reader, this.#asOf, null);
  }

  /** I9, by whoever reads the book now. */
  check(reader: BookReader, oracle: Oracle): void {
    if (this.#at(reader, null, this.#sequence) !== this.#known) {
      oracle.fault('I9', `the book as it was known after ${this.#sequence} is another one now`);
    }
    if (this.#at(reader, this.#asOf, null) === this.#then) return;
    const { account } = reader.file.accountNamed('main')!;
    for (const { effectiveAt, kind, causedBy } of reader.file.entries(account, this.#sequence)) {
      // What takes an earlier fact back, or changes it, names it.
      const isAbout = kind === 'bust' || kind === 'correction' || causedBy !== null;
      if (effectiveAt <= this.#asOf || isAbout) return;
    }
    oracle.fault('I9', `the book as of ${this.#asOf} changed without a fact of before it`);
  }

  #at(reader: BookReader, asOf: Instant | null, knownAt: number | null): string {
    const account = reader.file.accountNamed('main')!;
    return viewText(reader.look(account, { asOf, knownAt, markMaxAgeMs }));
  }
}

/** I8: what was reversed was untrue, or a report of it; who approved stands in the break. */
export function checkRepairs(reader: BookReader, oracle: Oracle): void {
  const { account } = reader.file.accountNamed('main')!;
  for (const row of reader.file.entries(account, 0)) {
    if (row.kind === 'adjustment') oracle.fault('I8', `an adjustment was booked: ${row.amount}`);
    if (row.kind !== 'reversal') continue;
    const [target] = reader.file.entriesAt(account, [row.causedBy!]);
    const { kind, id } = target!;
    const isFact =
      kind === 'fill' || kind === 'deposit' || kind === 'withdrawal' || kind === 'funding';
    if (!isFact || oracle.planted.has(id) || oracle.ledger.busted.has(id)) continue;
    oracle.fault('I8', `${kind} ${id} happened, and was reversed`);
  }
  for (const { id, state, repair, approvedBy } of oracle.breaks) {
    const isDone = state === 'REPAIRED' || state === 'VERIFIED';
    if (isDone && repair?.needsApproval === true && approvedBy === undefined) {
      oracle.fault('I8', `${id} was repaired, and nobody approved it`);
    }
  }
}
