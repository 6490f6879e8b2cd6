/**
 * The key of an exchange: the file that the settings name, the file that a variable names, or a
 * credential that systemd hands over. Never an argument, and never a variable that holds it.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { accepted, type Result, refused } from '../../model/result.ts';
import type { Surroundings } from '../config.ts';

const keys = z.strictObject({
  key: z.string().min(1),
  secret: z.string().min(1),
  passphrase: z.string().min(1).optional(),
});

export type VenueKeys = z.infer<typeof keys>;

export const keyVariableOf = (venue: string): string =>
  `TRUEUP_VENUE_${venue.toUpperCase().replaceAll('-', '_')}_KEY_FILE`;

export interface KeyPlace {
  readonly venue: string;
  /** As the settings name it; null: they do not. */
  readonly keyFile: string | null;
  /** Where the settings stand: what they name is relative to it. */
  readonly settingsFile: string;
}

/** Null: nobody named one. */
export function keysOf(
  { venue, keyFile, settingsFile }: KeyPlace,
  { environment, home }: Pick<Surroundings, 'environment' | 'home'>,
): Result<VenueKeys | null> {
  const variable = keyVariableOf(venue);
  if (environment[variable]) return keysFrom(environment[variable], variable);
  if (keyFile !== null) {
    const path = keyFile.startsWith('~/')
      ? join(home, keyFile.slice(2))
      : resolve(dirname(settingsFile), keyFile);
    return keysFrom(path, `venues.${venue}.keyFile`);
  }
  const folder = environment['CREDENTIALS_DIRECTORY'];
  const credential = folder ? join(folder, variable.replace(/_FILE$/, '')) : null;
  if (credential === null || !existsSync(credential)) return accepted(null);
  return keysFrom(credential, variable);
}

function keysFrom(file: string, field: string): Result<VenueKeys> {
  const refuse = (code: string, message: string, hint: string) =>
    refused({
      code,
      message,
      where: { file, field },
      rule: 'a key file is JSON with key and secret, and nobody else may read it',
      hint,
    });
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return refuse('key-unreadable', `${file} cannot be read: ${why}`, `check what ${field} names`);
  }
  if ((statSync(file).mode & 0o004) !== 0) {
    return refuse('key-exposed', `${file} may be read by everybody`, `chmod 600 ${file}`);
  }
  const hint = 'write {"key": "...", "secret": "..."} into it';
  try {
    const read = keys.safeParse(JSON.parse(text));
    if (read.success) return accepted(read.data);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  // What it holds is not told: it is a secret, however it is written.
  return refuse('key-bad', `${file} is no JSON object with key and secret`, hint);
}
