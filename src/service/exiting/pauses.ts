/**
 * Positions that are left alone, in a file beside the book, written whole before anything else is
 * done: what the venue refused a moment ago is not tried again by a process that starts anew.
 */
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { ExitPause } from '../../exits/facts.ts';
import { type Instant, instant, instantText, parseInstant } from '../../model/instant.ts';
import { StoreError } from '../../store/store-error.ts';
import { writeWhole } from '../write-whole.ts';

export interface Pauses {
  /** Those that have not ended. */
  at(now: Instant): readonly ExitPause[];
  /** Of a position that is paused already, the later end holds. */
  add(pause: ExitPause, now: Instant): void;
}

export const pausesFileOf = (book: string, account: string): string =>
  `${book}.exits.${encodeURIComponent(account)}.json`;

const time = z
  .string()
  .refine((text) => parseInstant(text) !== null)
  .transform((text) => instant(text));

const stored = z.object({
  schema: z.literal('trueup.exit-state/1'),
  pauses: z.array(z.object({ position: z.string(), until: time, why: z.string() })),
});

export function pausesAt(path: string): Pauses {
  const at = (now: Instant) => read(path).filter(({ until }) => now < until);
  return {
    at,
    add(pause, now) {
      const others = at(now).filter(({ position }) => position !== pause.position);
      const before = at(now).find(({ position }) => position === pause.position);
      const later = before !== undefined && before.until > pause.until ? before : pause;
      writeWhole(path, textOf([...others, later]));
    },
  };
}

/** Damaged, it cannot say what is not to be tried: nothing is, until a person looks. */
function read(path: string): readonly ExitPause[] {
  if (!existsSync(path)) return [];
  const hint = `look at it, then delete it: only pauses of refused exits are lost with it`;
  try {
    return stored.parse(JSON.parse(readFileSync(path, 'utf8'))).pauses;
  } catch (error) {
    const why = error instanceof z.ZodError ? error.issues[0]?.message : String(error);
    throw new StoreError('io-error', `${path} cannot be read: ${why}`, hint, error);
  }
}

const textOf = (pauses: readonly ExitPause[]): string =>
  `${JSON.stringify(
    {
      schema: 'trueup.exit-state/1',
      pauses: pauses.map((one) => ({ ...one, until: instantText(one.until) })),
    },
    null,
    1,
  )}\n`;
