/**
 * Where the next page of a list goes on. A cursor says nothing to whoever gets it: it is of one
 * list, of this version of the service, and anything else is refused.
 */
import { z } from 'zod';
import { Problem } from './problem.ts';

const version = 1;

const place = z.int().min(0);
/** A sum may have more digits than what comes in. */
const figure = /^-?(0|[1-9]\d{0,60})(\.\d{1,60})?$/;

/** A list of one account goes on before an entry. */
const beforeEntry = z.tuple([place]);

/** As `orderText` writes it. */
function isOrder(text: string): boolean {
  try {
    return order.safeParse(JSON.parse(text)).success;
  } catch {
    return false; // no JSON
  }
}

const word = z.string();
const order = z.tuple([word.regex(/^-?\d{1,19}$/), z.int(), word, word, word, word, word]);

/** The lists there are, and what a place in each is. */
const lists = {
  fills: beforeEntry,
  entries: beforeEntry,
  orders: beforeEntry,
  runs: beforeEntry,
  actions: beforeEntry,
  approvals: beforeEntry,
  /** How many were shown: the list is short, and made anew each time. */
  breaks: z.tuple([place]),
  accounts: z.tuple([place]),
  reports: z.tuple([place]),
  /** Of several accounts: when the last one was recorded, its account and its sequence. */
  audit: z.tuple([z.string().regex(/^-?\d{1,19}$/), place, place]),
  /** Where the history goes on, the figure there, and the last entry of the book then. */
  why: z.tuple([z.string().max(900).refine(isOrder), z.string().regex(figure), place]),
} as const;

export type CursorList = keyof typeof lists;
export type CursorPlace<L extends CursorList> = z.infer<(typeof lists)[L]>;

export const cursorOf = <L extends CursorList>(list: L, at: CursorPlace<L>): string =>
  Buffer.from(JSON.stringify([version, list, ...at])).toString('base64url');

/** Null: the first page. Throws a Problem for what is no cursor of this list. */
export function placeOf<L extends CursorList>(
  list: L,
  cursor: string | undefined,
): CursorPlace<L> | null {
  if (cursor === undefined) return null;
  const read = readCursor(cursor);
  const [given, name, ...at] = Array.isArray(read) ? (read as unknown[]) : [];
  const found = lists[list].safeParse(at);
  if (given === version && name === list && found.success) {
    return found.data as CursorPlace<L>;
  }
  throw new Problem('invalid', 'cursor is none of this list', {
    errors: [{ where: 'querystring/cursor', message: 'is none that this list gave' }],
    hint: 'begin again without a cursor, and pass on `next` as it is',
  });
}

function readCursor(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return null; // no cursor: the caller says so
  }
}

/** One page of a list that is in memory as a whole. */
export function pageOfList<T>(
  list: 'breaks' | 'accounts' | 'reports',
  items: readonly T[],
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
): { readonly items: T[]; readonly next: string | null } {
  const [from] = placeOf(list, cursor) ?? [0];
  const end = from + limit;
  return { items: items.slice(from, end), next: end < items.length ? cursorOf(list, [end]) : null };
}
