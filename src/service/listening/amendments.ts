/**
 * What a venue took back or changed without a word: an execution that it does not list any more,
 * or lists otherwise than it was booked. One listing proves nothing (it may be old or cut short):
 * two in a row must agree, and of a fill that is gone the order's own filled quantity as well.
 */
import { equals, subtract } from '../../decimal/decimal.ts';
import { shortDigest } from '../../journal/digest.ts';
import type { EntryRow } from '../../model/entry.ts';
import type { Bust, Correction, Fact, Fill, OrderReport } from '../../model/fact.ts';
import type { Instant } from '../../model/instant.ts';
import type { Outcome } from '../outcome.ts';
import { contentOf, identityOf } from './identity.ts';
import type { Relisted } from './listing.ts';
import { OrderProgress } from './order-progress.ts';

const changeable: readonly string[] = ['quantity', 'price', 'fees'];

export class Amendments {
  readonly progress = new OrderProgress();
  /** Fills in force that are young enough to be listed again, by execution id. */
  readonly #fills = new Map<string, Fill[]>();
  /** Busts that came before their fill. */
  readonly #early = new Set<string>();
  readonly #differing = new Map<string, { readonly content: string; readonly round: number }>();
  readonly #absent = new Map<string, { readonly round: number; readonly times: number }>();
  #round = 0;
  /** What happened before is not listed any more. */
  #from: Instant | null = null;

  load(fill: Fill): void {
    this.progress.fill(fill);
    if (this.#from !== null && fill.time < this.#from) return;
    const known = this.#fills.get(fill.executionId);
    if (known === undefined) this.#fills.set(fill.executionId, [fill]);
    else known.push(fill);
  }

  /** What became of facts, whoever told them. */
  take(facts: readonly Fact[], outcomes: readonly Outcome[]): void {
    for (const [index, fact] of facts.entries()) this.#takeOne(fact, outcomes[index]!);
  }

  #takeOne(fact: Fact, { status }: Outcome): void {
    if (fact.kind === 'order') this.progress.order(fact);
    else if (fact.kind === 'fill' && status === 'booked') {
      if (!this.#early.delete(fact.executionId)) this.load(fact);
    } else if (fact.kind === 'bust' && status === 'waiting') this.#early.add(fact.executionId);
    else if (fact.kind === 'bust' && status === 'booked') this.#takeBack(fact);
    else if (fact.kind === 'correction' && status === 'booked') this.#change(fact);
  }

  /** Something was listed otherwise, or was lacking, once: the next listing has to cover it. */
  get suspects(): boolean {
    const young = (round: number) => round >= this.#round - 1;
    return (
      this.#differing.values().some(({ round }) => young(round)) ||
      this.#absent.values().some(({ round, times }) => times === 1 && young(round))
    );
  }

  /**
   * A listing begins; fills before `from` are not listed any more. It is a new round unless the
   * one before it came to no end: that one proved nothing.
   */
  begin(from: Instant, isNew: boolean): void {
    this.#from = from;
    if (isNew) this.#round += 1;
    for (const [id, fills] of this.#fills) {
      if (fills.every((fill) => fill.time < from)) this.#fills.delete(id);
    }
    for (const [key, { round }] of this.#differing) {
      if (round < this.#round - 1) this.#differing.delete(key);
    }
    for (const [key, { round }] of this.#absent) {
      if (round < this.#round - 1) this.#absent.delete(key);
    }
  }

  /**
   * Whether it is certain that a fill is to be corrected: listed in two rounds with these fields
   * otherwise than it stands, and the same both times. Without fields it is listed as it stands.
   */
  otherwise(listed: Fill, fields: readonly string[]): boolean {
    const key = identityOf(listed)!;
    if (fields.length === 0) this.#differing.delete(key);
    if (fields.length === 0 || fields.some((field) => !changeable.includes(field))) return false;
    const content = contentOf(listed);
    const before = this.#differing.get(key);
    if (before?.content === content) {
      if (before.round === this.#round) return false;
      this.#differing.delete(key);
      return true;
    }
    this.#differing.set(key, { content, round: this.#round });
    return false;
  }

  /** Fills that a complete listing lacks, for the second time in a row. */
  absent({ from, to, identities }: Relisted): readonly Fill[] {
    const gone: Fill[] = [];
    for (const fills of this.#fills.values()) {
      for (const fill of fills) {
        if (fill.time < from || fill.time >= to) continue;
        const key = identityOf(fill)!;
        if (identities.has(key)) this.#absent.delete(key);
        else {
          const { times } = this.#absent.get(key) ?? { times: 0 };
          if (times > 0) gone.push(fill);
          this.#absent.set(key, { round: this.#round, times: times + 1 });
        }
      }
    }
    return gone;
  }

  /** Their order did not answer: they count as lacking for the first time. */
  askAgain(gone: readonly Fill[]): void {
    for (const fill of gone) this.#absent.set(identityOf(fill)!, { round: this.#round, times: 1 });
  }

  /** Whether the order's own filled quantity is that of its fills without the one that is gone. */
  confirms({ filled, instrument, orderId }: OrderReport, gone: readonly Fill[]): boolean {
    const progress = this.progress.of(instrument, orderId);
    if (filled === null || progress === null) return false;
    const rest = gone.reduce((sum, fill) => subtract(sum, fill.quantity), progress.filled);
    return equals(filled, rest);
  }

  #takeBack(bust: Bust): void {
    for (const fill of this.#meant(bust)) this.progress.bust(fill);
    const left = (this.#fills.get(bust.executionId) ?? []).filter((fill) => !isMeant(bust, fill));
    if (left.length === 0) this.#fills.delete(bust.executionId);
    else this.#fills.set(bust.executionId, left);
  }

  #change(correction: Correction): void {
    for (const fill of this.#meant(correction)) {
      this.progress.fill({ ...fill, quantity: correction.quantity ?? fill.quantity });
    }
  }

  #meant = (fact: Bust | Correction): readonly Fill[] =>
    (this.#fills.get(fact.executionId) ?? []).filter((fill) => isMeant(fact, fill));
}

const isMeant = (fact: Bust | Correction, fill: Fill): boolean =>
  (fact.instrument === null || fact.instrument === fill.instrument) &&
  (fact.side === null || fact.side === fill.side) &&
  (fact.leg === null || fact.leg === fill.leg);

const referenceOf = ({ account, executionId, instrument, side, leg }: Fill) => ({
  ...{ account, executionId, instrument, side, leg },
});

/** A fill's correction to what is listed, of the fields that are listed otherwise. */
export function correctionOf(fill: Fill, fields: readonly string[], time: Instant): Correction {
  const changed = <T>(field: string, value: T): T | null => (fields.includes(field) ? value : null);
  return {
    kind: 'correction',
    ...referenceOf(fill),
    correctionId: `listed:${identityOf(fill)}:${shortDigest(contentOf(fill))}`,
    price: changed('price', fill.price),
    quantity: changed('quantity', fill.quantity),
    fees: changed('fees', fill.fees),
    time,
  };
}

const unlisted = 'unlisted:';

/** It says that nothing lists the fill any more: our conclusion, and no word of the venue. */
export const bustOf = (fill: Fill, time: Instant): Bust => ({
  kind: 'bust',
  ...referenceOf(fill),
  bustId: `${unlisted}${identityOf(fill)}`,
  time,
});

export const isOwnBust = ({ kind, id }: Pick<EntryRow, 'kind' | 'id'>): boolean =>
  kind === 'bust' && id.startsWith(unlisted);
