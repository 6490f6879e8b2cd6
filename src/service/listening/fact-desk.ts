/**
 * Books what a venue told: with the instruments that it is about, idempotent by the identity of
 * each fact, together with what must stand or fall with it.
 */
import type { AccountFact, Fact } from '../../model/fact.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { Venue } from '../../venues/venue.ts';
import type { Keeping, Kept, Plan, PlanResult } from '../book.ts';
import { taggedText } from '../tagged-json.ts';
import { type Asked, asked, type Patience } from './asking.ts';

/** Whoever writes: a book, or one that waits until it can be written. */
export interface Keeper {
  keep(facts: readonly Fact[], keeping: Keeping): Promise<Kept>;
  apply(plan: Plan): Promise<PlanResult>;
}

export class FactDesk {
  readonly #venue: Venue;
  readonly #keeper: Keeper;
  readonly #listed = new Map<string, Instrument>();
  /** Instruments that the book was told as they are listed now. */
  readonly #told = new Set<string>();

  constructor(venue: Venue, keeper: Keeper) {
    this.#venue = venue;
    this.#keeper = keeper;
  }

  /** Reads the venue's list again: whether it says anything new. */
  async readInstruments(patience: Patience): Promise<Asked<boolean>> {
    const answer = await asked(() => this.#venue.instruments(), patience);
    if (!answer.ok) return answer;
    let isNew = false;
    for (const listed of answer.value) {
      const instrument = { ...listed, venue: this.#venue.name };
      const known = this.#listed.get(instrument.name);
      if (known !== undefined && taggedText(known) === taggedText(instrument)) continue;
      this.#listed.set(instrument.name, instrument);
      this.#told.delete(instrument.name);
      isNew = true;
    }
    return { ok: true, value: isNew };
  }

  /** Null: the venue does not list it. */
  instrument(name: string): Instrument | null {
    return this.#listed.get(name) ?? null;
  }

  /** Makes the account; told again it is the same. */
  async open(account: AccountFact): Promise<Kept> {
    return await this.#keeper.keep([account], {});
  }

  /** One outcome for each fact. */
  async book(facts: readonly Fact[], keeping: Keeping): Promise<Kept> {
    const before = this.#untold(facts);
    const shift = before.length;
    const read = keeping.read?.map((one) => ({
      ...one,
      from: one.from + shift,
      to: one.to + shift,
    }));
    const kept = await this.#keeper.keep(
      [...before.map((instrument) => ({ kind: 'instrument' as const, instrument })), ...facts],
      read === undefined ? keeping : { ...keeping, read },
    );
    for (const { name } of before) this.#told.add(name);
    return { ...kept, outcomes: kept.outcomes.slice(shift) };
  }

  /** The book knows an instrument before the first fact that is about it. */
  #untold(facts: readonly Fact[]): readonly Instrument[] {
    const names = new Set<string>();
    for (const fact of facts) {
      if (!('instrument' in fact) || typeof fact.instrument !== 'string') continue;
      if (!this.#told.has(fact.instrument)) names.add(fact.instrument);
    }
    return [...names].flatMap((name) => this.#listed.get(name) ?? []);
  }
}
