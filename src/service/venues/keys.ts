/**
 * The key of an exchange: the file or the entry of the keyring that the settings name, the file
 * that a variable names, or a credential that systemd hands over. Never an argument, and never a
 * variable that holds it.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { parsePlainJson } from '../../model/lossless-json.ts';
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
  const credentials = environment['CREDENTIALS_DIRECTORY'] || null;
  const from = (file: string, field: string) =>
    keysFrom(file, field, dirname(file) === credentials ? 0o037 : 0o077);
  if (environment[variable]) return from(environment[variable], variable);
  if (keyFile !== null) {
    const path = keyFile.startsWith('~/')
      ? join(home, keyFile.slice(2))
      : resolve(dirname(settingsFile), keyFile);
    return from(path, `venues.${venue}.keyFile`);
  }
  if (keyring !== null) {
    const field = `venues.${venue}.keyring`;
    const text = await keyringText({ entry: keyring, field }, { environment, platform });
    if (!text.ok) return text;
    const read = parsedKeys(text.value);
    return read.keys === null ? refused(badEntry(field, keyring, read.why)) : accepted(read.keys);
  }
  if (credentials === null) return accepted(null);
  const credential = join(credentials, variable.replace(/_FILE$/, ''));
  return existsSync(credential) ? from(credential, variable) : accepted(null);
}

/**
 * `others`: the bits of its mode that let anybody in but its owner. systemd lets its credentials
 * to the user of a service by a list of access, whose most is then shown as the group's.
 */
function keysFrom(file: string, field: string, others: number): Result<VenueKeys> {
  const refuse = (code: string, message: string, hint: string) =>
    refused({
      code,
      message,
      where: { file, field },
      rule: 'a key file is JSON with key and secret, and nobody else may read or write it',
      hint,
    });
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return refuse('key-unreadable', `${file} cannot be read: ${why}`, `check what ${field} names`);
  }
  const mode = statSync(file).mode & 0o777;
  if ((mode & others) !== 0) {
    const said = `${file} may be read or written by others: its mode is ${mode.toString(8)}`;
    return refuse('key-exposed', said, `chmod 600 ${file}`);
  }
  const read = parsedKeys(text);
  if (read.keys !== null) return accepted(read.keys);
  return refuse('key-bad', `${file} ${read.why}`, `${form} into it`);
}

const form = 'write {"key": "...", "secret": "..."}';

type Parsed = { readonly keys: VenueKeys } | { readonly keys: null; readonly why: string };

/** What it holds is not told: it is a secret, however it is written. */
function parsedKeys(text: string): Parsed {
  const json = parsePlainJson(text);
  const read = json.ok ? keys.safeParse(json.value) : null;
  if (read?.success === true) return { keys: read.data };
  const twice = json.ok ? undefined : json.refusal.where.field;
  if (twice === undefined) return { keys: null, why: 'is no JSON object with key and secret' };
  // A name that is none of ours may be a secret that stands in the wrong place.
  const name = twice in keys.shape ? `"${twice}"` : 'a key';
  return { keys: null, why: `is no JSON object of single keys: ${name} stands twice` };
}

const badEntry = (field: string, entry: string, why: string): Refusal => ({
  code: 'key-bad',
  message: `the entry ${entry} of the keyring ${why}`,
  where: { field, value: entry },
  rule: 'an entry of the keyring is JSON on one line, with key and secret',
  hint: `${form} when it is kept, on one line`,
});
