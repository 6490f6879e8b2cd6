/** What values of settings have in common, whichever key they stand under. */
import { z } from 'zod';
import { isNegative } from '../decimal/decimal.ts';
import { decimal, parseDecimal } from '../decimal/text.ts';
import { parseDuration } from './duration.ts';

/** A whole number that a file holds as a number; all others come as the text of their digits. */
const asText = (value: unknown): unknown =>
  typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;

const isSum = (text: string): boolean => {
  const read = parseDecimal(text);
  return read.ok && !isNegative(read.value);
};

/** Money, a share or a quantity, not negative: exact, quoted or not. */
export const sum = z
  .preprocess(
    asText,
    z
      .string('is a decimal such as 100.50')
      .refine(isSum, 'is a decimal such as 100.50, not negative and without an exponent')
      .transform((text) => decimal(text)),
  )
  .meta({ type: ['string', 'number'], pattern: String.raw`^\d+(\.\d+)?$`, minimum: 0 });

export const durationPattern = String.raw`^\d{1,9}(ms|s|m|h|d)$`;

/** Read as milliseconds. */
export const duration = (example: string) =>
  z
    .string('is a text')
    .refine((one) => parseDuration(one) !== null, `is a duration such as "${example}"`)
    .transform((one) => parseDuration(one)!)
    .meta({ pattern: durationPattern });

export const text = z.string('is a text').min(1, 'is not empty');

export const flag = z.boolean('is true or false');

export const count = z
  .number('is a whole number')
  .int('is a whole number')
  .min(0, 'is not negative');

/**
 * What a JSON Schema and the reference say of a setting; `usual` says what holds without it where
 * that is no value that could be written, or is known elsewhere.
 */
export const says = (description: string, usual: string | null = null) =>
  usual === null ? { description } : { description, 'x-default': usual };

/** A larger number may be what somebody signs in with. */
const toldMax = 999_999;

/**
 * What is wrong at a path of what a file holds. A small number and a switch are told; a text is
 * not: one that stands under the wrong key may be a secret.
 */
export function problemAt(value: unknown, path: readonly PropertyKey[]): string {
  const held = path.reduce<unknown>(
    (one, key) => (Object(one) === one ? (one as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  );
  if (held === undefined) return 'is missing';
  const isTold =
    typeof held === 'number'
      ? Math.abs(held) <= toldMax
      : typeof held === 'boolean' || held === null;
  return isTold ? `is ${String(held)}, which is not allowed` : 'is not allowed';
}
