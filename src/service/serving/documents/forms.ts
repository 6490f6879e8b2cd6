/** The forms that members of answers have: numbers as decimal text, times in UTC. */
import { z } from 'zod';
import { parseInstant } from '../../../model/instant.ts';

export const amount = z
  .string()
  .regex(/^-?(0|[1-9]\d*)(\.\d+)?$/)
  .meta({ description: 'A decimal as text, exact', examples: ['-3160.5'] });
/** Null is unknown; why stands beside it. */
export const amountOrNull = amount.nullable();
export const time = z.string().meta({ description: 'RFC 3339, UTC', format: 'date-time' });
export const timeOrNull = time.nullable();
/** A time that somebody asks for. */
export const instantIn = z
  .string()
  .max(40)
  .refine((text) => parseInstant(text) !== null, 'is RFC 3339 with an offset')
  .meta({ description: 'RFC 3339 with an offset', format: 'date-time' });
export const verdict = z.enum(['true', 'break', 'cannot-say']);
export const severity = z.enum(['low', 'medium', 'high', 'critical']);
export const confidence = z.enum(['proven', 'likely', 'unexplained']);
export const party = z.enum(['book', 'venue', 'source', 'statement']);
export const mode = z.enum(['live', 'paper']);
export const sequence = z.int().min(0);

/** Looks back: facts that took effect later, and entries after one, are left out. */
export const lookQuery = {
  as_of: instantIn.optional(),
  known_at: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
};

/** Looks back at a list, in whose own words. */
export const asOfIn = (description: string) => ({
  as_of: instantIn.optional().meta({ description, format: 'date-time' }),
});

/** Of which instant a list is that may be asked for as it was. */
export const ofThen = {
  asOf: timeOrNull.meta({ description: 'The instant that was asked for; null: it is of now' }),
};

/** `cursor` null: the first page. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().max(200).optional(),
};

/** A page of a list; `next` null: there is no more. */
export const pageOf = <T extends z.ZodType>(name: string, item: T) =>
  z.object({
    schema: z.literal(`trueup.${name}/1`),
    items: z.array(item),
    next: z.string().nullable(),
  });
