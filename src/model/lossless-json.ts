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

/** A value as JSON text again, numbers with their own digits; for messages. */
export function jsonText(value: unknown): string {
  const number = numberText(value);
  if (number !== null) return number;
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value) ?? String(value);
  const members = Object.entries(value).map(
    ([key, one]) => `${JSON.stringify(key)}:${jsonText(one)}`,
  );
  return `{${members.join(',')}}`;
}

/** Refuses with json-bad, json-too-deep or json-duplicate-key. */
export function parseJson(text: string, where: Where = {}): Result<Json> {
  try {
    const plain = plainValue(text);
    if (plain !== undefined) return accepted(plain);
    const value = JSON.parse(text, keepDigits as Reviver) as Json;
    const twice = duplicateKey(text);
    if (twice === null) return accepted(value);
    const says = `the key "${twice}" stands twice in one object`;
    return refused(refusal('json-duplicate-key', { ...where, field: twice }, says));
  } catch (error) {
    // The engine's recursion over the value is the only other thing that can fail.
    if (error instanceof RangeError) {
      return refused(refusal('json-too-deep', where, 'the JSON is nested too deep to be read'));
    }
    if (!(error instanceof SyntaxError)) throw error;
    return refused(refusal('json-bad', where, `not valid JSON: ${error.message}`));
  }
}

// The library's type does not know the reviver's third argument yet.
type Reviver = (key: string, value: unknown) => unknown;

function keepDigits(_key: string, value: unknown, context: { source?: string }): unknown {
  return typeof value === 'number' ? jsonNumber(context.source ?? String(value)) : value;
}

/**
 * The value of a text that cannot lose anything: without numbers, and with exactly two quotes
 * for every key and text that came out, so that no key was dropped. Undefined: look closer. It
 * is several times faster than keeping digits, and all that most lines need.
 */
function plainValue(text: string): Json | undefined {
  if (text.includes('\\')) return undefined;
  const value = JSON.parse(text) as Json;
  let quotes = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) quotes += 1;
  return 2 * textsIn(value, 0) === quotes ? value : undefined;
}

const plainDepthMax = 8;

/** Keys and texts in the value; NaN when there is a number in it or it is nested deep. */
function textsIn(value: unknown, depth: number): number {
  if (typeof value === 'string') return 1;
  if (value === null || typeof value === 'boolean') return 0;
  if (typeof value === 'number' || depth > plainDepthMax) return Number.NaN;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += textsIn(item, depth + 1);
    return count;
  }
  const members = value as Readonly<Record<string, unknown>>;
  for (const key in members) {
    const member = members[key];
    count += typeof member === 'string' ? 2 : 1 + textsIn(member, depth + 1);
  }
  return count;
}

const token = /"(?:[^"\\]|\\.)*"|[{}]|:/g;

/** The first key that stands twice in one object of a valid JSON text, or null. */
function duplicateKey(text: string): string | null {
  const open: Set<string>[] = [];
  let last = '';
  for (const [found] of text.matchAll(token)) {
    if (found === '{') open.push(new Set());
    else if (found === '}') open.pop();
    else if (found === ':') {
      const key = JSON.parse(last) as string;
      const keys = open.at(-1)!;
      if (keys.has(key)) return key;
      keys.add(key);
    } else last = found;
  }
  return null;
}
