/**
 * Reading what an exchange answered: fields of its raw JSON as text, never through a double. What
 * is not there, or is no number, is said with the field's name and is never zero.
 */
import type { Decimal } from '../../decimal/decimal.ts';
import { decimal } from '../../decimal/text.ts';
import type { Side } from '../../model/fact.ts';
import { fromMilliseconds, type Instant } from '../../model/instant.ts';
import { isJsonObject, jsonText, numberText, parseJsonAsText } from '../../model/lossless-json.ts';
import type { Interpreted } from '../venue.ts';

export type Raw = Readonly<Record<string, unknown>>;

/** An answer that is not as it should be; the message says where. */
export class PayloadFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PayloadFault';
  }
}

/** The text of a value: texts and numbers with their own digits; null for all else. */
export const textOf = (value: unknown): string | null =>
  typeof value === 'string' ? value : numberText(value);

/** A field's text; '' where it is missing or null, as exchanges write what they do not know. */
export const text = (raw: Raw, name: string): string => textOf(raw[name]) ?? '';

export function requiredText(raw: Raw, name: string): string {
  const value = text(raw, name);
  if (value === '') throw new PayloadFault(`${name} is missing in ${jsonText(raw)}`);
  return value;
}

export const textOrNull = (raw: Raw, name: string): string | null => text(raw, name) || null;

const plain = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d{1,3}))?$/;

/** A venue's number of any length, also one with an exponent; null when it is none. */
export function venueDecimal(value: string): Decimal | null {
  const match = plain.exec(value);
  if (match === null) return null;
  const [mantissa = ''] = value.replace(/^\+/, '').split(/[eE]/);
  const negative = mantissa.startsWith('-');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const exponent = Number(match[1] ?? '0');
  const digits = whole + fraction;
  const point = whole.length + exponent;
  const wide = point > 0 ? digits.padEnd(point, '0') : '0'.repeat(1 - point) + digits;
  const at = Math.max(point, 1);
  const head = wide.slice(0, at).replace(/^0+(?=\d)/, '') || '0';
  const tail = wide.slice(at);
  return decimal(`${negative ? '-' : ''}${head}${tail === '' ? '' : `.${tail}`}`);
}

export function decimalField(raw: Raw, name: string): Decimal {
  const value = venueDecimal(text(raw, name));
  if (value === null) {
    throw new PayloadFault(`${name} ${jsonText(raw[name])} is no number in ${jsonText(raw)}`);
  }
  return value;
}

/** Null where the venue says nothing; a text that is no number is still a fault. */
export const optionalDecimal = (raw: Raw, name: string): Decimal | null =>
  text(raw, name) === '' ? null : decimalField(raw, name);

/** Milliseconds since 1970, as exchanges tell time. */
export function instantField(raw: Raw, name: string): Instant {
  const value = text(raw, name);
  if (!/^\d{10,16}$/.test(value)) {
    throw new PayloadFault(`${name} ${jsonText(raw[name])} is no time in ${jsonText(raw)}`);
  }
  return fromMilliseconds(Number(value));
}

export const optionalInstant = (raw: Raw, name: string): Instant | null =>
  text(raw, name) === '' || text(raw, name) === '0' ? null : instantField(raw, name);

export function sideField(raw: Raw, name: string): Side {
  const value = text(raw, name).toLowerCase();
  if (value !== 'buy' && value !== 'sell') {
    throw new PayloadFault(`${name} ${jsonText(raw[name])} is no side in ${jsonText(raw)}`);
  }
  return value;
}

export const flag = (raw: Raw, name: string): boolean =>
  raw[name] === true || text(raw, name) === 'true';

export function object(value: unknown, what: string): Raw {
  if (!isJsonObject(value)) throw new PayloadFault(`${what} is no object: ${jsonText(value)}`);
  return value;
}

/** A list of objects. An answer without the list is no empty list. */
export function list(value: unknown, what: string): readonly Raw[] {
  if (!Array.isArray(value)) throw new PayloadFault(`${what} is no list: ${jsonText(value)}`);
  return value.map((one) => object(one, `an item of ${what}`));
}

export interface Mapped<T> {
  readonly items: readonly T[];
  readonly faults: readonly string[];
}

const rowOf = new WeakMap<object, Raw>();
let keepers = 0;

/** While it works, items remember the rows that they are read from. */
export async function keepingRows<T>(work: () => Promise<T>): Promise<T> {
  keepers += 1;
  try {
    return await work();
  } finally {
    keepers -= 1;
  }
}

/** The row of an item as JSON, numbers as their text; null where it was not kept. */
export function rowText(item: object): string | null {
  const row = rowOf.get(item);
  return row === undefined ? null : jsonText(row);
}

/** Each row by itself: one that cannot be read is told, and takes none of the others with it. */
export function mapRows<T extends object>(
  rows: readonly Raw[],
  map: (row: Raw) => readonly T[],
): Mapped<T> {
  const items: T[] = [];
  const faults: string[] = [];
  for (const row of rows) {
    try {
      const read = map(row);
      items.push(...read);
      if (keepers > 0) for (const item of read) rowOf.set(item, row);
    } catch (error) {
      if (!(error instanceof PayloadFault)) throw error;
      faults.push(error.message);
    }
  }
  return { items, faults };
}

/** JSON with every number as the text it was written with; throws a PayloadFault. */
export function rawJson(body: string): unknown {
  const parsed = parseJsonAsText(body);
  if (!parsed.ok) throw new PayloadFault(parsed.refusal.message);
  return parsed.value;
}

/** A frame read, or why it cannot be. */
export function interpretedFrame(raw: string, read: (frame: Raw) => Interpreted): Interpreted {
  try {
    return read(object(rawJson(raw), 'the frame'));
  } catch (error) {
    if (error instanceof PayloadFault) return { facts: [], faults: [error.message] };
    throw error;
  }
}
