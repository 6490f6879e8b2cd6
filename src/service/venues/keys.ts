/**
 * The key of an exchange: the file or the entry of the keyring that the settings name, the file
 * that a variable names, or a credential that systemd hands over. Never an argument, and never a
 * variable that holds it.
 */
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { parsePlainJson } from '../../model/lossless-json.ts';
import { accepted, type Refusal, type Result, refused } from '../../model/result.ts';
import type { Surroundings } from '../config.ts';
import { type Environment, type SecretPlace, secretFileOf, secretText } from '../secrets.ts';
import { keyringText } from './keyring.ts';

const keys = z.strictObject({
  key: z.string().min(1),
  secret: z.string().min(1),
  passphrase: z.string().min(1).optional(),
});

export type VenueKeys = z.infer<typeof keys>;

const secretNameOf = (venue: string): string =>
  `TRUEUP_VENUE_${venue.toUpperCase().replaceAll('-', '_')}_KEY`;

export const keyVariableOf = (venue: string): string => `${secretNameOf(venue)}_FILE`;

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
  const name = secretNameOf(venue);
  const from = (place: SecretPlace) => keysFrom(place, environment);
  const told = secretFileOf(name, environment);
  // A variable wins over the settings, and they over what systemd hands over.
  if (told?.field === keyVariableOf(venue)) return from(told);
  if (keyFile !== null) {
    const file = keyFile.startsWith('~/')
      ? join(home, keyFile.slice(2))
      : resolve(dirname(settingsFile), keyFile);
    return from({ file, field: `venues.${venue}.keyFile` });
  }
  if (keyring !== null) {
    const field = `venues.${venue}.keyring`;
    const text = await keyringText({ entry: keyring, field }, { environment, platform });
    if (!text.ok) return text;
    const read = parsedKeys(text.value);
    return read.keys === null ? refused(badEntry(field, keyring, read.why)) : accepted(read.keys);
  }
  return told === null ? accepted(null) : from(told);
}

function keysFrom(place: SecretPlace, environment: Environment): Result<VenueKeys> {
  const rule = 'a key file is JSON with key and secret, and nobody else may read or write it';
  const text = secretText(place, environment);
  if (!text.ok) {
    const code = text.refusal.code.replace('secret', 'key');
    return refused({ ...text.refusal, code, rule });
  }
  const read = parsedKeys(text.value);
  if (read.keys !== null) return accepted(read.keys);
  const { file, field } = place;
  const message = `${file} ${read.why}`;
  return refused({
    ...{ code: 'key-bad', message, where: { file, field }, rule },
    hint: `${form} into it`,
  });
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
