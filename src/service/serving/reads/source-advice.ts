/** What is to be done where a database is looked after, and nothing can be said of it. */
import type { BalanceSheet } from '../../../reconcile/source/sheet.ts';
import { SourceError } from '../../../sources/source-error.ts';
import type { ServedSource } from '../../source/served-source.ts';
import type { ServingParts } from '../parts.ts';
import { quoted } from '../views/repair-view.ts';
import { kindSeen, sourceSeen } from './source-look.ts';

/** A total is as true as its prices. Null: all of them count. */
export function pricesAdvice(
  { unpriced }: Pick<BalanceSheet, 'unpriced'>,
  { name }: Pick<ServedSource, 'name'>,
): string | null {
  const stale = unpriced.some(({ reason }) => reason === 'MARK_STALE');
  if (!stale && unpriced.every(({ reason }) => reason !== 'MARK_MISSING')) return null;
  const said = stale
    ? 'the stored prices are too old for a verdict'
    : 'prices are missing, and there is no verdict without them';
  return (
    `${said}: the next quotes of the bot set that right, or ` +
    `trueup update --source ${quoted(name)} --prices FROM (a file, an address or venue:NAME)`
  );
}

type Looked = Pick<ServingParts, 'source' | 'desks'>;

/** Rows are those of an account, and a venue says which. Null: one is named, or none is needed. */
export async function venueAdvice({ source, desks }: Looked): Promise<string | null> {
  if (source === undefined || desks.length > 0) return null;
  try {
    if ((await kindSeen(source)) !== 'positions') return null;
  } catch (error) {
    // What it is cannot be told: whoever looks at it says why.
    if (error instanceof SourceError) return null;
    throw error;
  }
  const { name } = source;
  return (
    `${name} keeps positions, and no exchange is named that answers for them: ` +
    `start the service with --source ${quoted(name)} --venue NAME`
  );
}

/** Why there is no account though a database is looked after; null: none is. */
export async function noAccountWhy(parts: ServingParts): Promise<string | null> {
  const { source } = parts;
  if (source === undefined) return null;
  const advice = await venueAdvice(parts);
  if (advice !== null) return advice;
  // The account of a venue begins with its first check.
  if (parts.desks.length > 0) return null;
  const why = (await sourceSeen(parts))?.why ?? null;
  return why === null
    ? `${source.name} is looked after: its account appears with the first check`
    : `${source.name} cannot be looked at: ${why}`;
}
