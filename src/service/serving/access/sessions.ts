/**
 * Sessions of people at the page: a cookie that no script can read, and beside it a text that our
 * own page alone is told and sends with each write. A session ends with its token.
 */
import { addMilliseconds, type Instant } from '../../../model/instant.ts';
import type { Statement } from '../../../store/driver.ts';
import type { ServiceFile } from '../../../store/service-file.ts';
import type { WaitingClock } from '../../system-clock.ts';
import { derived, newSecret, sameSecret, secretHash } from './secrets.ts';
import type { Token, Tokens } from './tokens.ts';

export const sessionMs = 7 * 86_400_000;
/** How long an address that signs in is good for. */
const codeMs = 10 * 60_000;

export interface Session {
  readonly hash: string;
  readonly token: Token;
  /** What the page sends as x-csrf-token. */
  readonly csrf: string;
}

interface Kept {
  readonly tokenId: string;
  readonly csrfHash: string;
  readonly expiresAt: Instant;
}

export class Sessions {
  /** Of this book's service: another one of the same machine has another. */
  readonly cookie: string;
  readonly #file: ServiceFile;
  readonly #tokens: Tokens;
  readonly #clock: WaitingClock;
  readonly #byHash: Statement;
  readonly #codes = new Map<string, { readonly tokenId: string; readonly until: Instant }>();

  /** `isSecure`: browsers take the cookie over TLS alone, and from nobody else of our name. */
  constructor(file: ServiceFile, tokens: Tokens, clock: WaitingClock, isSecure = false) {
    this.cookie = `${isSecure ? '__Host-' : ''}trueup_session_${placeIn(file)}`;
    this.#file = file;
    this.#tokens = tokens;
    this.#clock = clock;
    this.#byHash = file.driver.prepare(
      'SELECT token, csrf_hash, expires_at FROM service_sessions WHERE hash = ?',
      { bigints: true },
    );
  }

  /** The cookie's value is told here and nowhere else. */
  make(token: Token): { readonly cookie: string; readonly session: Session } {
    const cookie = newSecret();
    const csrf = csrfOf(cookie);
    const hash = secretHash(cookie);
    const now = this.#clock.now();
    this.#file.write(() => {
      const { driver } = this.#file;
      driver.prepare('DELETE FROM service_sessions WHERE expires_at <= ?').run(now);
      driver
        .prepare('INSERT INTO service_sessions VALUES (?, ?, ?, ?, ?)')
        .run(hash, token.id, secretHash(csrf), now, addMilliseconds(now, sessionMs));
    });
    return { cookie, session: { hash, token, csrf } };
  }

  find(cookie: string): Session | null {
    const hash = secretHash(cookie);
    const kept = this.#read(hash);
    if (kept === null || kept.expiresAt <= this.#clock.now()) return null;
    const token = this.#tokens.get(kept.tokenId);
    const csrf = csrfOf(cookie);
    const isOurs = token !== null && this.#tokens.isValid(token);
    if (!isOurs || !sameSecret(secretHash(csrf), kept.csrfHash)) return null;
    return { hash, token, csrf };
  }

  isOpen(hash: string): boolean {
    const kept = this.#read(hash);
    return kept !== null && kept.expiresAt > this.#clock.now();
  }

  end(hash: string): void {
    const { driver } = this.#file;
    this.#file.write(() => driver.prepare('DELETE FROM service_sessions WHERE hash = ?').run(hash));
  }

  /** Good once, and for ten minutes; forgotten when the process ends. */
  code(token: Token): string {
    const code = newSecret();
    const until = addMilliseconds(this.#clock.now(), codeMs);
    this.#codes.set(secretHash(code), { tokenId: token.id, until });
    return code;
  }

  /** The token that a code stands for; it is spent by it. */
  spend(code: string): Token | null {
    const hash = secretHash(code);
    const kept = this.#codes.get(hash);
    this.#codes.delete(hash);
    if (kept === undefined || kept.until <= this.#clock.now()) return null;
    const token = this.#tokens.get(kept.tokenId);
    return token !== null && this.#tokens.isValid(token) ? token : null;
  }

  #read(hash: string): Kept | null {
    const row = this.#byHash.get(hash);
    if (row === undefined) return null;
    const [tokenId, csrfHash, expiresAt] = row;
    const [id, csrf] = [String(tokenId), String(csrfHash)];
    return { tokenId: id, csrfHash: csrf, expiresAt: expiresAt as bigint };
  }
}

/** Browsers give one cookie to all ports of a machine: its name says whose it is. */
function placeIn(file: ServiceFile): string {
  const known = () => file.driver.value("SELECT value FROM service_meta WHERE key = 'place'");
  if (known() === null) {
    const place = newSecret().replace(/\W|_/g, '').slice(0, 6);
    const insert = "INSERT OR IGNORE INTO service_meta VALUES ('place', ?)";
    file.write(() => file.driver.prepare(insert).run(place));
  }
  return String(known());
}

/** Follows from the cookie, so that the page can be told it again. */
const csrfOf = (cookie: string): string => derived(cookie, 'x-csrf-token');
