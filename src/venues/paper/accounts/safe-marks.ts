/**
 * Marks of one instrument between which nothing is liquidated. What equity has above maintenance
 * is linear in the mark (of inverse contracts in its inverse): safe at both ends is safe between.
 * It holds until money, positions or the instrument that is looked at change.
 */
import { compare, type Decimal, decimalOf, multiply } from '../../../decimal/decimal.ts';
import type { Ledger } from './ledger.ts';
import { type MarginRules, toLiquidate } from './margin.ts';

/** How far beyond the present mark it is looked, once it must be looked at all. */
const below = decimalOf(99, 2);
const above = decimalOf(101, 2);

export class SafeMarks {
  #ledger: Ledger | null = null;
  #version = -1;
  #instrument = '';
  #low: Decimal | null = null;
  #high: Decimal | null = null;

  isSafe(ledger: Ledger, instrument: string, mark: Decimal): boolean {
    const isKnown =
      ledger === this.#ledger &&
      ledger.version === this.#version &&
      instrument === this.#instrument;
    return (
      isKnown &&
      this.#low !== null &&
      this.#high !== null &&
      compare(this.#low, mark) <= 0 &&
      compare(mark, this.#high) <= 0
    );
  }

  /** The mark in force was found to liquidate nothing. */
  note(ledger: Ledger, instrument: string, coin: string, mark: Decimal, rules: MarginRules): void {
    const safeAt = (price: Decimal): boolean => {
      const markOf = (name: string) => (name === instrument ? price : rules.markOf(name));
      return toLiquidate(coin, ledger, { ...rules, markOf }) === null;
    };
    const [low, high] = [multiply(mark, below), multiply(mark, above)];
    this.#ledger = ledger;
    this.#version = ledger.version;
    this.#instrument = instrument;
    this.#low = safeAt(low) ? low : mark;
    this.#high = safeAt(high) ? high : mark;
  }
}
