/**
 * Secrets by name: a variable, a file that a variable names, or a credential that systemd hands
 * over. They are never in settings files, and nothing here tells one.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accepted, type Result, refused } from '../model/result.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export const isSecretName = (name: string): boolean => /^TRUEUP_[A-Z0-9_]{1,60}$/.test(name);

/** Null: nobody set it. */
export function secretOf(name: string, environment: Environment): Result<string | null> {
  // An empty variable is one that somebody unset the only way their shell allows.
  if (environment[name]) return accepted(environment[name].trim());
  const file = environment[`${name}_FILE`];
  if (file) return secretFrom(file, `${name}_FILE`);
  const folder = environment['CREDENTIALS_DIRECTORY'];
  const credential = folder ? join(folder, name) : null;
  if (credential === null || !existsSync(credential)) return accepted(null);
  return secretFrom(credential, name);
}

function secretFrom(file: string, field: string): Result<string> {
  const refuse = (message: string) =>
    refused({
      code: 'secret-unreadable',
      message,
      where: { file, field },
      rule: 'a secret is the only line of a file that may be read',
      hint: `check the path that ${field} names, and its permissions`,
    });
  try {
    const secret = readFileSync(file, 'utf8').trim();
    return secret === '' ? refuse(`${file} is empty`) : accepted(secret);
  } catch (error) {
    return refuse(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}
