/**
 * The key of an exchange: the file or the entry of the keyring that the settings name, the file
 * that a variable names, or a credential that systemd hands over. Never an argument, and never a
 * variable that holds it.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { accepted, type Refusal, type Result, refused } from '../../model/result.ts';
import type { Surroundings } from '../config.ts';
import { keyringText } from './keyring.ts';

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
  /** An entry of the user's keyring; null: none is named. */
  readonly keyring: string | null;
  /** Where the settings stand: what they name is relative to it. */
  readonly settingsFile: string;
}

/** Null: nobody named one. */
export async function keysOf(
  { venue, keyFile, keyring, settingsFile }: KeyPlace,
  { environment, home }: Pick<Surroundings, 'environment' | 'home'>,
  platform = process.platform,
): Promise<Result<VenueKeys | null>> {
  const variable = keyVariableOf(venue);
  if (environment[variable]) return keysFrom(environment[variable], variable);
  if (keyFile !== null) {
    const path = keyFile.startsWith('~/')
      ? join(home, keyFile.slice(2))
      : resolve(dirname(settingsFile), keyFile);
    return keysFrom(path, `venues.${venue}.keyFile`);
  }
  if (keyring !== null) {
    const field = `venues.${venue}.keyring`;
    const text = await keyringText({ entry: keyring, field }, { environment, platform });
    if (!text.ok) return text;
    const read = parsedKeys(text.value);
    return read === null ? refused(badEntry(field, keyring)) : accepted(read);
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
  const read = parsedKeys(text);
  if (read !== null) return accepted(read);
  return refuse('key-bad', `${file} is no JSON object with key and secret`, `${form} into it`);
}

const form = 'write {"key": "...", "secret": "..."}';

/** Null: it is none. What it holds is not told: it is a secret, however it is written. */
function parsedKeys(text: string): VenueKeys | null {
  try {
    const read = keys.safeParse(JSON.parse(text));
    return read.success ? read.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

const badEntry = (field: string, entry: string): Refusal => ({
  code: 'key-bad',
  message: `the entry ${entry} of the keyring is no JSON object with key and secret`,
  where: { field, value: entry },
  rule: 'an entry of the keyring is JSON on one line, with key and secret',
  hint: `${form} when it is kept, on one line`,
});
