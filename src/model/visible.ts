/**
 * Text of others, made harmless: control characters, line breaks and signs that turn the writing
 * direction become escapes that are seen. A symbol of a database forges no line of ours.
 */

/** C0, DEL, C1, the separators of lines and paragraphs, and what changes the direction. */
const unseen = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

export const visible = (text: string): string =>
  text.replace(unseen, (sign) => short[sign] ?? escapeOf(sign.codePointAt(0)!));

const escapeOf = (code: number): string =>
  code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;

/** The same of every text inside, whatever its shape: of what is printed, never of what is kept. */
export function visibleIn<T>(value: T): T {
  if (typeof value === 'string') return visible(value) as T;
  if (Array.isArray(value)) return value.map(visibleIn) as T;
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, one]) => [visible(name), visibleIn(one)]);
  return Object.fromEntries(members) as T;
}
