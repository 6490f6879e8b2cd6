/**
 * Where the next page of a list goes on. A cursor says nothing to whoever gets it: it is of one
 * list, of this version of the service, and anything else is refused.
 */
import { z } from 'zod';
import { severities } from '../../model/break.ts';
import type { Instant } from '../../model/instant.ts';
import { Problem } from './problem.ts';

const version = 1;

const place = z.int().min(0);
/** A sum may have more digits than what comes in. */
const figure = z.string().regex(/^-?(0|[1-9]\d{0,60})(\.\d{1,60})?$/);
/** Nanoseconds since 1970. */
const timeOrder = z.string().regex(/^-?\d{1,19}$/);

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
  /** As of the audit trail. */
  approvals: z.tuple([timeOrder, place, place]),
  /** The last one that was shown, by what puts it where it is: others come and go meanwhile. */
  breaks: z.tuple([z.enum(severities), figure.nullable(), timeOrder, z.string().max(40)]),
  /** How many were shown: the list is short, and made anew each time. */
  accounts: z.tuple([place]),
  reports: z.tuple([place]),
  rows: z.tuple([place]),
  sides: z.tuple([place]),
  /** Of several accounts: when the last one was recorded, its account and its sequence. */
  audit: z.tuple([timeOrder, place, place]),
  /** Where the history goes on, the figure there, and the last entry of the book then. */
  why: z.tuple([z.string().max(900).refine(isOrder), figure, place]),
} as const;

export type CursorList = keyof typeof lists;
export type CursorPlace<L extends CursorList> = z.infer<(typeof lists)[L]>;

/** A list as of an instant is another list than that of now, or of another instant. */
const nameOf = (list: CursorList, asOf: Instant | null): string =>
  asOf === null ? list : `${list} ${asOf}`;

/** `asOf`: the instant that the list is of; null: it is of now. */
export const cursorOf = <L extends CursorList>(
  list: L,
  at: CursorPlace<L>,
  asOf: Instant | null = null,
): string =>
  Buffer.from(JSON.stringify([version, nameOf(list, asOf), ...at])).toString('base64url');

/** Null: the first page. Throws a Problem for what is no cursor of this list, of that instant. */
export function placeOf<L extends CursorList>(
  list: L,
  cursor: string | undefined,
  asOf: Instant | null = null,
): CursorPlace<L> | null {
  if (cursor === undefined) return null;
  const read = readCursor(cursor);
  const [given, name, ...at] = Array.isArray(read) ? (read as unknown[]) : [];
  const found = lists[list].safeParse(at);
  if (given === version && name === nameOf(list, asOf) && found.success) {
    return found.data as CursorPlace<L>;
  }
  const isOfOther = String(name).split(' ')[0] === list;
  const said = isOfOther ? 'is of another instant' : 'is none that this list gave';
  throw new Problem('invalid', 'cursor is none of this list', {
    errors: [{ where: 'querystring/cursor', message: said }],
    hint: 'begin again without a cursor, and pass on `next` as it is, with the same as_of',
  });
}

function readCursor(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return null; // no cursor: the caller says so
  }
}

export interface PageAsked {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

interface InOrder<T, L extends CursorList> {
  readonly placeOf: (item: T) => CursorPlace<L>;
  readonly isBehind: (place: CursorPlace<L>) => (item: T) => boolean;
}

/** One page of a list in order: what is behind the last one shown, whatever came or went before. */
export function pageBehind<T, L extends CursorList>(
  list: L,
  items: readonly T[],
  { cursor, limit }: PageAsked,
  order: InOrder<T, L>,
  asOf: Instant | null = null,
): { readonly items: T[]; readonly next: string | null } {
  const place = placeOf(list, cursor, asOf);
  const left = place === null ? items : items.filter(order.isBehind(place));
  const shown = left.slice(0, limit);
  const isMore = left.length > limit;
  return { items: shown, next: isMore ? cursorOf(list, order.placeOf(shown.at(-1)!), asOf) : null };
}

/** One page of a list that is in memory as a whole. */
export function pageOfList<T>(
  list: 'accounts' | 'reports' | 'rows' | 'sides',
  items: readonly T[],
  { cursor, limit }: PageAsked,
  asOf: Instant | null = null,
): { readonly items: T[]; readonly next: string | null } {
  const [from] = placeOf(list, cursor, asOf) ?? [0];
  const end = from + limit;
  const next = end < items.length ? cursorOf(list, [end], asOf) : null;
  return { items: items.slice(from, end), next };
}
