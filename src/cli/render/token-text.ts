/** Tokens as a person reads them. */
import { type Instant, instantText } from '../../model/instant.ts';
import type { Token } from '../../service/serving/access/tokens.ts';
import type { Terminal } from '../terminal.ts';
import { tableLines } from './table.ts';

export function tokenLines(
  terminal: Terminal,
  tokens: readonly Token[],
  now: Instant,
): readonly string[] {
  if (tokens.length === 0) return ['no tokens yet: trueup token add NAME --scope read'];
  const rows = tokens.map((token) => [
    token.id,
    token.name,
    token.scopes.join(','),
    stateOf(token, now),
    token.usedAt === null ? 'never' : instantText(token.usedAt),
  ]);
  return tableLines(terminal, ['id', 'name', 'scopes', 'opens', 'last used'], rows);
}

function stateOf({ revokedAt, expiresAt }: Token, now: Instant): string {
  if (revokedAt !== null) return `revoked ${instantText(revokedAt)}`;
  if (expiresAt === null) return 'until revoked';
  return `${expiresAt <= now ? 'ended' : 'until'} ${instantText(expiresAt)}`;
}
