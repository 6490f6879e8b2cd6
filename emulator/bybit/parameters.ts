/** What a request says, read with the venue's own complaints. */
import type { Decimal } from '../../src/decimal/decimal.ts';
import { parseDecimal } from '../../src/decimal/text.ts';
import { fromMilliseconds, type Instant } from '../../src/model/instant.ts';
import type { Category } from './names.ts';
import { badParameter } from './refusal.ts';

const day = 86_400_000;

/** How far a list looks: from its default to the most that a request may span. */
export interface Window {
  readonly defaultMs: number;
  readonly mostMs: number;
}

export const weekWindow: Window = { defaultMs: 7 * day, mostMs: 7 * day };
export const dayWindow: Window = { defaultMs: day, mostMs: 7 * day };

export class RequestParameters {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  /** Null where it is absent or empty. */
  text(name: string): string | null {
    const value = this.#values[name];
    if (value === undefined || value === null || value === '') return null;
    if (typeof value === 'object') throw badParameter(`${name} is no text`);
    return String(value);
  }

  needed(name: string): string {
    const value = this.text(name);
    if (value === null) throw badParameter(`${name} is missing`);
    return value;
  }

  isTrue(name: string): boolean {
    return this.#values[name] === true || this.#values[name] === 'true';
  }

  whole(name: string): number | null {
    const text = this.text(name);
    if (text === null) return null;
    if (!/^\d{1,15}$/.test(text)) throw badParameter(`${name} ${text} is no number`);
    return Number(text);
  }

  /** Numbers are text in this protocol: digits, not a number of JSON. */
  decimal(name: string): Decimal | null {
    const value = this.#values[name];
    if (typeof value === 'number') throw badParameter(`${name} is a number, write it as text`);
    const text = this.text(name);
    if (text === null) return null;
    const read = parseDecimal(text);
    if (!read.ok) throw badParameter(`${name} ${text} is no decimal`);
    return read.value;
  }

  category(): Category {
    const category = this.needed('category');
    if (category === 'spot' || category === 'linear' || category === 'inverse') return category;
    throw badParameter(`category ${category} is not supported`);
  }

  limit(usual: number, most: number): number {
    const limit = this.whole('limit') ?? usual;
    return Math.min(Math.max(1, limit), most);
  }

  /** [from, to], whichever of the two is given. */
  window(now: Instant, { defaultMs, mostMs }: Window): readonly [Instant, Instant] {
    const start = this.whole('startTime');
    const end = this.whole('endTime');
    const length = fromMilliseconds(defaultMs);
    if (start !== null && end !== null) {
      if (end - start > mostMs) throw badParameter('the time range exceeds 7 days');
      return [fromMilliseconds(start), fromMilliseconds(end)];
    }
    if (start !== null) return [fromMilliseconds(start), fromMilliseconds(start) + length];
    const to = end === null ? now : fromMilliseconds(end);
    return [to - length, to];
  }
}
