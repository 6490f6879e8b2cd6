/**
 * Tokens: what a program or a person shows to be let in. Kept as their hash alone, with what they
 * may do, until when, and when they were used last. Another process may add and revoke them.
 */
import {
  addMilliseconds,
  type Instant,
  instant,
  millisecondsBetween,
} from '../../../model/instant.ts';
import { accepted, type Refusal, type Result, refused } from '../../../model/result.ts';
import type { Row, Statement } from '../../../store/driver.ts';
import type { ServiceFile } from '../../../store/service-file.ts';
import { isStoreError } from '../../../store/store-error.ts';
import type { WaitingClock } from '../../system-clock.ts';
import { FileVersion } from '../file-version.ts';
import { type Scope, scopes } from './actor.ts';
import { newSecret, secretHash } from './secrets.ts';

const tokenPrefix = 'tru_';
export const usualTokenDays = 90;

export interface Token {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly madeAt: Instant;
  readonly madeBy: string;
  /** Null: never. */
  readonly expiresAt: Instant | null;
  readonly revokedAt: Instant | null;
  /** To the minute; null: it never was. */
  readonly usedAt: Instant | null;
}

export interface NewToken {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: Instant | null;
  readonly by: string;
}

/** Names that stand for nobody who shows a token. */
const reserved: ReadonlySet<string> = new Set(['anonymous', 'policy']);

/** A file holds no later ones. */
const last = instant('2262-01-01T00:00:00Z');

/** So many milliseconds from now. */
export function expiryAfter(now: Instant, ms: number): Result<Instant> {
  const at = addMilliseconds(now, ms);
  if (at < last) return accepted(at);
  return refused({
    code: 'expiry-too-late',
    message: 'the token would end after the year 2261',
    where: { field: 'expires' },
    rule: 'it ends before 2262, or never',
    hint: 'give it fewer days, or say that it never expires',
  });
}

/** The use of a token is written down no more often. */
const usedEveryMs = 60_000;

const columns = 'id, name, scopes, made_at, made_by, expires_at, revoked_at, used_at';

export class Tokens {
  readonly #file: ServiceFile;
  readonly #clock: WaitingClock;
  readonly #version: FileVersion;
  readonly #byHash: Statement;
  readonly #byId: Statement;
  readonly #use: Statement;
  /** Those that were asked for, by their hash. */
  readonly #known = new Map<string, Token>();
  #seen = -1;

  constructor(file: ServiceFile, clock: WaitingClock) {
    const { driver } = file;
    this.#file = file;
    this.#clock = clock;
    // Changes when another process added or revoked one.
    this.#version = new FileVersion(driver);
    this.#byHash = driver.prepare(`SELECT ${columns} FROM service_tokens WHERE hash = ?`, {
      bigints: true,
    });
    this.#byId = driver.prepare(`SELECT ${columns} FROM service_tokens WHERE id = ?`, {
      bigints: true,
    });
    this.#use = driver.prepare('UPDATE service_tokens SET used_at = ? WHERE id = ?');
  }

  /** The secret is told here and nowhere else. */
  add({ name, scopes: held, expiresAt, by }: NewToken): {
    readonly token: Token;
    readonly secret: string;
  } {
    const secret = tokenPrefix + newSecret();
    const id = newSecret()
      .replace(/[^A-Za-z0-9]/g, '')
      .slice(0, 8);
    const madeAt = this.#clock.now();
    this.#file.write(() =>
      this.#file.driver
        .prepare(
          `INSERT INTO service_tokens (id, name, hash, scopes, made_at, made_by, expires_at)
           VALUES (?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(id, name, secretHash(secret), held.join(','), madeAt, by, expiresAt),
    );
    const none = { revokedAt: null, usedAt: null };
    return { token: { id, name, scopes: held, madeAt, madeBy: by, expiresAt, ...none }, secret };
  }

  /** The newest first. */
  list(): readonly Token[] {
    const rows = this.#file.driver
      .prepare(`SELECT ${columns} FROM service_tokens ORDER BY made_at DESC, rowid DESC`, {
        bigints: true,
      })
      .all();
    return rows.map(tokenOf);
  }

  get(id: string): Token | null {
    const row = this.#byId.get(id);
    return row === undefined ? null : tokenOf(row);
  }

  /** Null: a new one may have it. Of two by one name nobody could say later which of them asked. */
  nameRefusal(name: string): Refusal | null {
    const isTaken = this.list().some((one) => one.name === name && this.isValid(one));
    if (!isTaken && !reserved.has(name)) return null;
    return {
      code: 'name-taken',
      message: `${name} ${isTaken ? 'is the name of a token that holds' : 'names nobody'}`,
      where: { field: 'name', value: name },
      rule: 'what a token did is on record by its name',
      hint: 'name it otherwise, or revoke the other one first',
    };
  }

  /** Null: there is none of this id. Said twice it is said once. */
  revoke(id: string): Token | null {
    const token = this.get(id);
    if (token === null || token.revokedAt !== null) return token;
    const revokedAt = this.#clock.now();
    this.#file.write(() => {
      const { driver } = this.#file;
      driver.prepare('UPDATE service_tokens SET revoked_at = ? WHERE id = ?').run(revokedAt, id);
      driver.prepare('DELETE FROM service_sessions WHERE token = ?').run(id);
    });
    this.#known.clear();
    return { ...token, revokedAt };
  }

  /** That of a secret, while it holds. */
  find(secret: string): Token | null {
    this.#refresh();
    const hash = secretHash(secret);
    const token = this.#known.get(hash) ?? this.#read(hash);
    if (token === null || !this.isValid(token)) return null;
    return this.#used(hash, token);
  }

  isValid({ revokedAt, expiresAt }: Token): boolean {
    return revokedAt === null && (expiresAt === null || expiresAt > this.#clock.now());
  }

  /**
   * Nobody waits for it, or is kept out by it: while another process writes, or nothing can be
   * written, the use is noted a minute later.
   */
  #noteUse(now: Instant, id: string): void {
    const { driver } = this.#file;
    const before = Number(driver.value('PRAGMA busy_timeout'));
    driver.exec('PRAGMA busy_timeout = 0');
    try {
      this.#file.write(() => this.#use.run(now, id));
    } catch (error) {
      if (!isStoreError(error)) throw error;
    } finally {
      driver.exec(`PRAGMA busy_timeout = ${before}`);
    }
  }

  /** Another process may have added and revoked some. */
  #refresh(): void {
    const version = this.#version.ofTurn();
    if (version === this.#seen) return;
    this.#seen = version;
    this.#known.clear();
  }

  #read(hash: string): Token | null {
    const row = this.#byHash.get(hash);
    if (row === undefined) return null;
    const token = tokenOf(row);
    this.#known.set(hash, token);
    return token;
  }

  #used(hash: string, token: Token): Token {
    const now = this.#clock.now();
    const { usedAt } = token;
    if (usedAt !== null && millisecondsBetween(usedAt, now) < usedEveryMs) return token;
    const used = { ...token, usedAt: now };
    this.#known.set(hash, used);
    this.#noteUse(now, token.id);
    return used;
  }
}

function tokenOf(row: Row): Token {
  const [id, name, held, madeAt, madeBy, expiresAt, revokedAt, usedAt] = row;
  return {
    ...{ id: String(id), name: String(name), madeBy: String(madeBy) },
    scopes: scopesIn(String(held)),
    madeAt: madeAt as bigint,
    expiresAt: expiresAt as bigint | null,
    revokedAt: revokedAt as bigint | null,
    usedAt: usedAt as bigint | null,
  };
}

const scopesIn = (text: string): readonly Scope[] =>
  text.split(',').flatMap((one) => scopes.find((scope) => scope === one) ?? []);

/** As a person writes them: `read,trade`. */
export function parseScopes(text: string): Result<readonly Scope[]> {
  const names = text.split(',').map((one) => one.trim());
  const found = scopes.filter((scope) => names.includes(scope));
  const wrong = names.find((name) => !scopes.some((scope) => scope === name));
  if (wrong === undefined && found.length > 0) return accepted(found);
  return refused(scopeUnknown(wrong ?? text));
}

const scopeUnknown = (value: string): Refusal => ({
  code: 'scope-unknown',
  message: `${JSON.stringify(value)} is no scope`,
  where: { field: 'scope', value },
  rule: `a token may one or more of ${scopes.join(', ')}`,
  hint: 'write them with commas, such as read,trade',
});
