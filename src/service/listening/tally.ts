/** What the listener saw, in numbers, and which facts the stream still owes. */
import type { Fact } from '../../model/fact.ts';
import { addMilliseconds, type Instant } from '../../model/instant.ts';
import type { Outcome } from '../outcome.ts';
import { identityOf } from './identity.ts';

export interface Tally {
  readonly messages: number;
  readonly booked: number;
  /** Facts that the stream told again. */
  readonly duplicates: number;
  readonly conflicts: number;
  /** Facts that a listing brought for an open gap. */
  readonly backfilled: number;
  /** Facts that the stream should have told, and did not. */
  readonly missedByStream: number;
}

export class TallyKeeper {
  #messages = 0;
  #booked = 0;
  #duplicates = 0;
  #conflicts = 0;
  #backfilled = 0;
  #missed = 0;
  /** What a listing told before the stream did: by identity, when. */
  readonly #owed = new Map<string, { readonly fact: Fact; readonly at: Instant }>();

  get now(): Tally {
    return {
      messages: this.#messages,
      booked: this.#booked,
      duplicates: this.#duplicates,
      conflicts: this.#conflicts,
      backfilled: this.#backfilled,
      missedByStream: this.#missed,
    };
  }

  streamed(messages: number, facts: readonly Fact[], outcomes: readonly Outcome[]): void {
    this.#messages += messages;
    for (const [index, { status }] of outcomes.entries()) {
      if (status === 'booked') this.#booked += 1;
      if (status === 'conflict') this.#conflicts += 1;
      const key = identityOf(facts[index]!);
      const wasOwed = key !== null && this.#owed.delete(key);
      if (status === 'duplicate' && key !== null && !wasOwed) this.#duplicates += 1;
    }
  }

  /** `explained`: by a gap, so the stream does not owe it. */
  listed(fact: Fact, { status }: Outcome, explained: boolean | null, now: Instant): void {
    if (status === 'conflict') this.#conflicts += 1;
    if (status !== 'booked') return;
    this.#booked += 1;
    if (explained === true) this.#backfilled += 1;
    const key = identityOf(fact);
    if (explained === false && key !== null) this.#owed.set(key, { fact, at: now });
  }

  /** What the stream has owed for longer: it missed that. */
  missed(now: Instant, graceMs: number): readonly Fact[] {
    const missed: Fact[] = [];
    for (const [key, { fact, at }] of this.#owed) {
      if (addMilliseconds(at, graceMs) > now) continue;
      this.#owed.delete(key);
      this.#missed += 1;
      missed.push(fact);
    }
    return missed;
  }
}
