/** Records with exact numbers and instants as JSON text, and back without loss. */
import type { Decimal } from '../decimal/decimal.ts';
import { decimal, toText } from '../decimal/text.ts';

const isDecimal = (value: unknown): value is Decimal =>
  typeof value === 'object' && value !== null && 'coefficient' in value && 'scale' in value;

/** A decimal becomes {"$d": text}, an instant {"$t": nanoseconds}. */
export function taggedText(value: unknown): string {
  return JSON.stringify(tagged(value));
}

function tagged(value: unknown): unknown {
  if (typeof value === 'bigint') return { $t: String(value) };
  if (isDecimal(value)) return { $d: toText(value) };
  if (Array.isArray(value)) return value.map(tagged);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, tagged(one)]));
}

/** Trusted: the text was written by `taggedText`. */
export const fromTaggedText = (text: string): unknown => untagged(JSON.parse(text));

/** In place, which is several times faster than a reviver: nobody else has the value yet. */
function untagged(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('$d' in value) return decimal(String(value.$d));
  if ('$t' in value) return BigInt(String(value.$t));
  const members = value as Record<string, unknown>;
  for (const name in members) {
    const member = members[name];
    if (typeof member === 'object' && member !== null) members[name] = untagged(member);
  }
  return value;
}
