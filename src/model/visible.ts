/**
 * Text of others, made harmless: control characters, line breaks and signs that turn the writing
 * direction become escapes that are seen. A symbol of a database forges no line of ours.
 */

/** C0, DEL, C1, the separators of lines and paragraphs, and what changes the direction. */
const unseen = /\p{Cc}|[\u2028\u2029]|\p{Bidi_Control}/gu;

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

export const visible = (text: string): string =>
  text.replace(unseen, (sign) => short[sign] ?? escapeOf(sign.codePointAt(0)!));

function escapeOf(code: number): string {
  const hex = code.toString(16);
  return code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`;
}

/** JSON in lines that can be compared, with nothing that a screen obeys; it is read the same. */
export const jsonText = (value: unknown): string => jsonOf(value, 2);

/** The same in one line. */
export const jsonLine = (value: unknown): string => jsonOf(value, 0);

const jsonOf = (value: unknown, indent: number): string =>
  JSON.stringify(value, null, indent).replace(unseen, (sign) =>
    sign === '\n' ? sign : `\\u${sign.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  );

/** The same of every text inside, whatever its shape: of what is printed, never of what is kept. */
export function visibleIn<T>(value: T): T {
  if (typeof value === 'string') return visible(value) as T;
  if (Array.isArray(value)) return value.map(visibleIn) as T;
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, one]) => [visible(name), visibleIn(one)]);
  return Object.fromEntries(members) as T;
}
