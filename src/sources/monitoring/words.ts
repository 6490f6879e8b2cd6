/**
 * The words of the schema's columns, whatever their case. Between the first order and the stop a
 * row has a status of its own: once the entry was executed it is a position, before that nobody can
 * tell. Whatever ended without having been opened is closed.
 */
import type { OrderChange, StoredPosition } from '../../model/position-source.ts';
import type { Cell } from '../database.ts';

export const activeWords = ['active', 'open', 'opened', 'pending_sl'] as const;

export const closedWords = ['closed', 'close', 'phantom', 'liquidated', 'exited'].concat([
  'failed',
  'error',
  'canceled',
  'cancelled',
  'rejected',
  'expired',
  'rolled_back',
]);

/** Orders of which nothing more will be executed. */
export const overWords = ['filled', 'closed', 'done', 'triggered'].concat([
  'failed',
  'error',
  'canceled',
  'cancelled',
  'rejected',
  'expired',
]);

const wordOf = (cell: Cell | undefined): string | null => cell?.trim().toLowerCase() ?? null;

export const isOverWord = (cell: Cell | undefined): boolean =>
  overWords.includes(wordOf(cell) ?? '');

/** What bots call the states of an order; the first is what one that never says so is given. */
const orderWords = {
  open: ['open', 'new', 'active', 'placed'],
  filled: ['filled', 'closed', 'done'],
  cancelled: ['canceled', 'cancelled'],
  rejected: ['rejected'],
  expired: ['expired'],
} satisfies Readonly<Record<NonNullable<OrderChange['status']>, readonly string[]>>;

/** The bot's own word, as it was written in one of its rows; null: none of them says it. */
export function orderWordIn(
  status: NonNullable<OrderChange['status']>,
  rows: readonly (Cell | undefined)[],
): string | null {
  const said = new Map(rows.map((cell) => [wordOf(cell), cell?.trim()]));
  const word = orderWords[status].find((one) => said.has(one));
  return word === undefined ? null : (said.get(word) ?? null);
}

export const usualOrderWord = (status: NonNullable<OrderChange['status']>): string =>
  orderWords[status][0]!;

export function statusOf(cell: Cell | undefined): StoredPosition['status'] {
  const word = wordOf(cell);
  if (word === null) return 'unknown';
  if ((activeWords as readonly string[]).includes(word)) return 'active';
  return closedWords.includes(word) ? 'closed' : 'unknown';
}

/** `open` where the bot's rows say so, else `active`: its capitals are those of the sample. */
export function activeWord(sample: Cell | undefined): 'open' | 'active' {
  const isOpen = statusOf(sample) === 'active' && /^open$/i.test(sample!.trim());
  // Bots that write CLOSED in capitals write OPEN.
  return isOpen || sample === 'CLOSED' ? 'open' : 'active';
}

export function directionOf(cell: Cell | undefined): StoredPosition['direction'] {
  const word = wordOf(cell);
  if (word === 'long' || word === 'buy') return 'long';
  return word === 'short' || word === 'sell' ? 'short' : null;
}

export function sideOf(cell: Cell | undefined): 'buy' | 'sell' | null {
  const direction = directionOf(cell);
  return direction === null ? null : direction === 'long' ? 'buy' : 'sell';
}

/** Null: neither, or nothing. */
export function flagOf(cell: Cell | undefined): boolean | null {
  const word = wordOf(cell);
  if (word === 't' || word === 'true' || word === '1') return true;
  return word === 'f' || word === 'false' || word === '0' ? false : null;
}
