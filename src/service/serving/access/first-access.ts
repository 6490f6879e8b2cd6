/** The way in for the one who starts the service for the first time. */
import { addMilliseconds } from '../../../model/instant.ts';
import type { ServiceFile } from '../../../store/service-file.ts';
import type { WaitingClock } from '../../system-clock.ts';
import type { Access } from './access.ts';
import { type Token, usualTokenDays } from './tokens.ts';

export interface FirstAccess {
  /** Told once, and kept as its hash. */
  readonly secret: string;
  /** Signs in at the page, once and for ten minutes. */
  readonly code: string;
  /** To be said once somebody could read it: until then the next start makes another. */
  readonly told: () => void;
}

const dayMs = 86_400_000;

const name = 'first';
const madeBy = 'first start';

/**
 * Null: a token was made before, by whomever. A start that failed before it told its own leaves one
 * that nobody can know: it is revoked, and made anew.
 */
export function firstAccess(
  { tokens, sessions }: Pick<Access, 'tokens' | 'sessions'>,
  file: ServiceFile,
  clock: WaitingClock,
): FirstAccess | null {
  const toldId = file.driver.value("SELECT value FROM service_meta WHERE key = 'first-told'");
  const isUntold = (one: Token) =>
    one.name === name && one.madeBy === madeBy && one.usedAt === null && one.id !== toldId;
  const before = tokens.list();
  if (!before.every(isUntold)) return null;
  for (const { id } of before) tokens.revoke(id);
  const expiresAt = addMilliseconds(clock.now(), usualTokenDays * dayMs);
  const { token, secret } = tokens.add({ name, scopes: ['admin'], expiresAt, by: madeBy });
  const told = () =>
    file.write(() =>
      file.driver
        .prepare("INSERT OR REPLACE INTO service_meta VALUES ('first-told', ?)")
        .run(token.id),
    );
  return { secret, code: sessions.code(token), told };
}

/** For whoever starts it at a terminal; null: no token lets anybody do everything. */
export function signInCode({ tokens, sessions }: Access): string | null {
  const isUsable = (token: Token) => tokens.isValid(token) && token.scopes.includes('admin');
  const token = tokens.list().find(isUsable);
  return token === undefined ? null : sessions.code(token);
}

/** In the fragment, which browsers send to nobody. */
export const signInAddress = (address: string, code: string): string =>
  `${address}/#sign-in=${code}`;
