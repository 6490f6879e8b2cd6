/** Names of breaks: short enough to say, functions of what they name. */
import { createHash } from 'node:crypto';
import type { Leg } from '../model/fact.ts';

/** Crockford's base 32: no I, L, O or U, so that it can be read aloud and typed. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

const lengthMin = 6;

export interface BreakIdentity {
  readonly account: string;
  readonly oursParty: string;
  readonly theirsParty: string;
  /** Of the first line. */
  readonly what: string;
  readonly key: string;
  readonly leg: Leg | null;
  /** The book's sequence when it was opened. */
  readonly sequence: number;
}

/** Six characters, and one more for as long as the name is taken. */
export function breakId(identity: BreakIdentity, taken: ReadonlySet<string>): string {
  const { account, oursParty, theirsParty, what, key, leg, sequence } = identity;
  const text = JSON.stringify([account, oursParty, theirsParty, what, key, leg, sequence]);
  const characters = base32(createHash('sha256').update(text).digest());
  for (let length = lengthMin; length < characters.length; length++) {
    const id = `BRK-${characters.slice(0, length)}`;
    if (!taken.has(id)) return id;
  }
  throw new RangeError(`no name is left for ${text}`);
}

const base32 = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => alphabet[byte & 31]!).join('');
