/**
 * JSON without loss: a number keeps the digits it was written with, a key that stands twice in
 * one object is refused instead of the first being dropped.
 */

import { refusal } from './faults.ts';
import { accepted, type Result, refused, type Where } from './result.ts';

const digits = Symbol('digits');

/** A JSON number, as the digits of its text. Nothing in a JSON text can be taken for one. */
export interface JsonNumber {
  readonly [digits]: string;
}

export interface JsonObject {
  readonly [name: string]: Json;
}

export type Json = null | boolean | string | JsonNumber | readonly Json[] | JsonObject;

export const jsonNumber = (text: string): JsonNumber => ({ [digits]: text });

/** The text of a number, whether it was read here or by plain JSON.parse; null for all else. */
export function numberText(value: unknown): string | null {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null || !(digits in value)) return null;
  return (value as JsonNumber)[digits];
}

export const isJsonObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(digits in value);

/** A value as JSON text again, numbers with their own digits, its depths cut; for messages. */
export function jsonText(value: unknown, depth = 0): string {
  const number = numberText(value);
  if (number !== null) return number;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? String(value);
  if (depth > 2) return '...';
  if (Array.isArray(value)) return `[${value.map((one) => jsonText(one, depth + 1)).join(',')}]`;
  const members = Object.entries(value).map(
    ([key, one]) => `${JSON.stringify(key)}:${jsonText(one, depth + 1)}`,
  );
  return `{${members.join(',')}}`;
}

/** Refuses with json-bad, json-too-deep or json-duplicate-key. */
export const parseJson = (text: string, where: Where = {}): Result<Json> =>
  parsed(text, where, jsonNumber) as Result<Json>;

/** The same, with every number as the text of its digits. */
export const parseJsonAsText = (text: string): Result<unknown> =>
  parsed(text, {}, (written) => written);

/** The same, with every number as JSON.parse reads it: for settings, which hold no money. */
export const parsePlainJson = (text: string): Result<unknown> => parsed(text, {}, Number);

/** What a number becomes, of the digits it was written with. */
type OfNumber = (written: string) => unknown;

function parsed(text: string, where: Where, ofNumber: OfNumber): Result<unknown> {
  try {
    const plain = JSON.parse(text) as unknown;
    const twice = hasAllKeys(text, plain) ? null : duplicateKey(text);
    if (twice === null) return accepted(withNumbers(text, plain, ofNumber));
    const says = `the key "${twice}" stands twice in one object`;
    return refused(refusal('json-duplicate-key', { ...where, field: twice }, says));
  } catch (error) {
    // Recursion over the value is the only other thing that can fail.
    if (error instanceof RangeError) {
      return refused(refusal('json-too-deep', where, 'the JSON is nested too deep to be read'));
    }
    if (!(error instanceof SyntaxError)) throw error;
    return refused(refusal('json-bad', where, `not valid JSON: ${error.message}`));
  }
}

/** Reading it again for its digits is several times slower, and most texts have none to keep. */
function withNumbers(text: string, plain: unknown, ofNumber: OfNumber): unknown {
  if (!hasNumber(plain)) return plain;
  if (!otherwiseWritten.test(text)) return replaced(plain, ofNumber);
  const keep: Reviver = (_key, value, { source }) =>
    typeof value === 'number' ? ofNumber(source ?? String(value)) : value;
  return JSON.parse(text, keep as (key: string, value: unknown) => unknown);
}

// The library's type does not know the reviver's third argument yet.
type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;

/**
 * A number that is not written as its double is: with a fraction or an exponent, as a negative
 * zero, or of more digits than a double keeps. A text may look like one; no such number does not.
 */
const otherwiseWritten = /(?:^|[[:,\s])(?:-0|-?\d+[.eE]|-?\d{16})/;

/** In place: nobody else has the value yet. */
function replaced(value: unknown, ofNumber: OfNumber): unknown {
  if (typeof value === 'number') return ofNumber(String(value));
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const item: unknown = value[index];
      const now = replaced(item, ofNumber);
      if (now !== item) value[index] = now;
    }
    return value;
  }
  const members = value as Record<string, unknown>;
  for (const key in members) {
    const member = members[key];
    if (typeof member === 'string') continue;
    const now = replaced(member, ofNumber);
    if (now !== member) members[key] = now;
  }
  return value;
}

/**
 * Whether the text has exactly two quotes for every key and text that came out of it, so that no
 * key was dropped. False where a backslash makes counting unsure.
 */
function hasAllKeys(text: string, value: unknown): boolean {
  if (text.includes('\\')) return false;
  let quotes = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) quotes += 1;
  return 2 * textsIn(value) === quotes;
}

/** Keys and texts in the value. */
function textsIn(value: unknown): number {
  if (typeof value === 'string') return 1;
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += textsIn(item);
    return count;
  }
  const members = value as Readonly<Record<string, unknown>>;
  for (const key in members) {
    const member = members[key];
    count += typeof member === 'string' ? 2 : 1 + textsIn(member);
  }
  return count;
}

function hasNumber(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value === 'number';
  if (Array.isArray(value)) return value.some(hasNumber);
  const members = value as Readonly<Record<string, unknown>>;
  for (const key in members) {
    const member = members[key];
    if (typeof member !== 'string' && hasNumber(member)) return true;
  }
  return false;
}

/** The first key that stands twice in one object of a valid JSON text, or null. */
function duplicateKey(text: string): string | null {
  const open: Set<string>[] = [];
  let start = 0;
  let end = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      start = at;
      at = closingQuote(text, at);
      end = at + 1;
    } else if (character === '{') open.push(new Set());
    else if (character === '}') open.pop();
    else if (character === ':') {
      const key = JSON.parse(text.slice(start, end)) as string;
      const keys = open.at(-1)!;
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return null;
}

// By hand, because a regular expression exhausts its stack on a text of some megabytes.
function closingQuote(text: string, opening: number): number {
  let at = opening;
  let backslashes = 1;
  while (backslashes % 2 === 1) {
    at = text.indexOf('"', at + 1);
    backslashes = 0;
    while (text[at - 1 - backslashes] === '\\') backslashes += 1;
  }
  return at;
}
