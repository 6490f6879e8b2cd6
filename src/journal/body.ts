/** Reads the body of an entry. What is missing reads as null; what is wrong is damage. */
import type { Decimal } from '../decimal/decimal.ts';
import { decimal } from '../decimal/text.ts';
import { type Instant, instant } from '../model/instant.ts';
import type { Json, JsonObject } from './canonical-json.ts';

const empty: JsonObject = {};

/** Most bodies are short and say the same as many others. */
const known = new Map<string, JsonObject>();
const knownLength = 40;
const knownCount = 1000;

export function parseBody(text: string | null): JsonObject {
  if (text === null) return empty;
  if (text.length > knownLength) return parsed(text);
  const found = known.get(text);
  if (found !== undefined) return found;
  const body = parsed(text);
  if (known.size >= knownCount) known.clear();
  known.set(text, body);
  return body;
}

function parsed(text: string): JsonObject {
  const value: Json = JSON.parse(text);
  return objectOf(value);
}

export const objectOf = (value: Json): JsonObject =>
  isObject(value) ? value : damaged('an object', value);

const isObject = (value: Json): value is JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

export function damaged(wanted: string, value: unknown): never {
  throw new RangeError(`a stored entry has ${JSON.stringify(value)} instead of ${wanted}`);
}

export function textAt(body: JsonObject, name: string): string | null {
  const value = body[name] ?? null;
  return value === null || typeof value === 'string' ? value : damaged(`text in ${name}`, value);
}

export const requiredText = (body: JsonObject, name: string): string =>
  textAt(body, name) ?? damaged(`text in ${name}`, null);

export function decimalAt(body: JsonObject, name: string): Decimal | null {
  const text = textAt(body, name);
  return text === null ? null : decimal(text);
}

export const requiredDecimal = (body: JsonObject, name: string): Decimal =>
  decimal(requiredText(body, name));

export function instantAt(body: JsonObject, name: string): Instant | null {
  const text = textAt(body, name);
  return text === null ? null : instant(text);
}

export const flagAt = (body: JsonObject, name: string): boolean => body[name] === true;

/** The objects of a list; null when it is absent. */
export function listAt(body: JsonObject, name: string): readonly JsonObject[] | null {
  const value = body[name] ?? null;
  if (value === null) return null;
  return Array.isArray(value) ? value.map(objectOf) : damaged(`a list in ${name}`, value);
}

/** A word of a closed list. */
export function wordOf<W extends string>(words: readonly W[], value: string | null): W {
  for (const word of words) if (word === value) return word;
  return damaged(`one of ${words.join(', ')}`, value);
}

export const wordOrNull = <W extends string>(
  words: readonly W[],
  value: string | null,
): W | null => (value === null ? null : wordOf(words, value));

export const present = (value: string | null, name: string): string =>
  value ?? damaged(`text in ${name}`, value);
