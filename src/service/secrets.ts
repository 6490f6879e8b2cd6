/**
 * Secrets by name: a variable, a file that a variable names, or a credential that systemd hands
 * over. They are never in settings files, and nothing here tells one.
 */
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { accepted, type Refusal, type Result, refused } from '../model/result.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export const isSecretName = (name: string): boolean => /^TRUEUP_[A-Z0-9_]{1,60}$/.test(name);

/** Null: nobody set it. */
export function secretOf(name: string, environment: Environment): Result<string | null> {
  // An empty variable is one that somebody unset the only way their shell allows.
  if (environment[name]) return accepted(environment[name].trim());
  const place = secretFileOf(name, environment);
  if (place === null) return accepted(null);
  const read = secretText(place, environment);
  if (!read.ok) return read;
  const secret = read.value.trim();
  if (secret !== '') return accepted(secret);
  const { file, field } = place;
  return refused(unreadable(place, `${file} is empty`, `check what ${field} names`));
}

export interface SecretPlace {
  readonly file: string;
  /** What names it. */
  readonly field: string;
}

/** The file of a secret that a variable names or systemd hands over; null: neither does. */
export function secretFileOf(name: string, environment: Environment): SecretPlace | null {
  const variable = `${name}_FILE`;
  if (environment[variable]) return { file: environment[variable], field: variable };
  const folder = environment['CREDENTIALS_DIRECTORY'];
  const credential = folder ? join(folder, name) : null;
  if (credential === null || !existsSync(credential)) return null;
  return { file: credential, field: name };
}

/** What such a file holds; one that others may read or write is refused, with what to do. */
export function secretText(place: SecretPlace, environment: Environment): Result<string> {
  const refusal = secretFileRefusal(place, environment);
  if (refusal !== null) return refused(refusal);
  try {
    return accepted(readFileSync(place.file, 'utf8'));
  } catch (error) {
    return refused(notRead(place, error));
  }
}

/** Null: it can be read, and by nobody else. It is not. */
export function secretFileRefusal(place: SecretPlace, environment: Environment): Refusal | null {
  const { file } = place;
  try {
    accessSync(file, constants.R_OK);
    const mode = statSync(file).mode & 0o777;
    if ((mode & othersOf(file, environment)) === 0) return null;
    const said = `${file} may be read or written by others: its mode is ${mode.toString(8)}`;
    return { ...unreadable(place, said, `chmod 600 ${file}`), code: 'secret-exposed' };
  } catch (error) {
    return notRead(place, error);
  }
}

function notRead(place: SecretPlace, error: unknown): Refusal {
  const why = error instanceof Error ? error.message : String(error);
  const hint = `check the path that ${place.field} names, and its permissions`;
  return unreadable(place, `${place.file} cannot be read: ${why}`, hint);
}

/**
 * The bits of its mode that let anybody in but its owner. systemd lets its credentials to the user
 * of a service by a list of access, whose most is then shown as the group's.
 */
const othersOf = (file: string, environment: Environment): number =>
  dirname(file) === environment['CREDENTIALS_DIRECTORY'] ? 0o037 : 0o077;

const unreadable = ({ file, field }: SecretPlace, message: string, hint: string) => ({
  code: 'secret-unreadable',
  message,
  where: { file, field },
  rule: 'a secret is the only line of a file that its owner alone may read and write',
  hint,
});
