/** A list that is read page by page: the first is kept up to date, older ones are as they came. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { problemFrom, unreachable } from '../api/problem.ts';
import { joinedPages } from './joined-pages.ts';
import { addressOf, type Reading, useReading } from './reading.ts';

interface Paged {
  readonly next: string | null;
}

export interface Pages<P, T> {
  readonly first: Reading<P>;
  readonly items: readonly T[];
  /** Reads on; null: there is no more, it is under way, or it failed. */
  readonly more: (() => void) | null;
  /** There is no more. */
  readonly isWhole: boolean;
  /** How many pages were read after the first. */
  readonly read: number;
  /** Why older ones could not be read. Nobody asks for them again but who presses `again`. */
  readonly failed: string | null;
  readonly again: () => void;
}

interface Older<T> {
  /** The address that they follow: of another list they are of no use. */
  readonly of: string;
  /** With those of the first page that they followed. */
  readonly items: readonly T[];
  readonly next: string | null;
  readonly read: number;
  readonly failed: Failed | null;
}

interface Failed {
  readonly why: string;
  /** The place is none any more: the list is read anew. */
  readonly isRefused: boolean;
}

/** What a page of a list holds, and how its items are told apart. */
export interface PagedBy<P, T> {
  readonly itemsOf: (page: P) => readonly T[];
  readonly keyOf: (item: T) => string;
  /** What is listed changes: older pages are read again when the first one is another. */
  readonly isChanging?: boolean;
}

/** A list that began anew shows its new items above the older ones, each once. */
export function usePages<P extends Paged, T>(
  url: string,
  { itemsOf, keyOf, isChanging = false }: PagedBy<P, T>,
): Pages<P, T> {
  const first = useReading<P>(url);
  const [older, setOlder] = useState<Older<T> | null>(null);
  const [asking, setAsking] = useState<string | null>(null);
  const address = addressOf(url);
  const { data } = first;
  const mine = useMemo(() => {
    const head = data === null ? [] : itemsOf(data);
    const begin = { of: address, items: head, next: data?.next ?? null, read: 0, failed: null };
    if (older?.of !== address) return begin;
    const items = joinedPages(head, older.items, keyOf);
    return items === null ? begin : { ...older, items };
  }, [data, older, address]);
  const { items, next, read, failed } = mine;
  const ask = () => {
    setAsking(address);
    void pageAfter<P>(address, next!).then((told) => {
      setOlder(
        'why' in told
          ? { ...mine, failed: told }
          : {
              ...{ of: address, items: [...items, ...itemsOf(told)], next: told.next },
              ...{ read: read + 1, failed: null },
            },
      );
      setAsking(null);
    });
  };
  useEffect(() => {
    if (!isChanging || data === null || read === 0) return;
    let isGone = false;
    void pagesAfter(address, data, read, itemsOf).then((told) => {
      if (!isGone && told !== null) setOlder({ ...told, of: address, read, failed: null });
    });
    return () => {
      isGone = true;
    };
  }, [data]);
  const isIdle = next !== null && asking !== address;
  return {
    ...{ first, items, isWhole: data !== null && next === null, read },
    failed: failed?.why ?? null,
    again: failed?.isRefused === true ? () => setOlder(null) : ask,
    more: isIdle && failed === null ? ask : null,
  };
}

/** As many pages as were read; null: not all of them could be read again. */
async function pagesAfter<P extends Paged, T>(
  address: string,
  first: P,
  count: number,
  itemsOf: (page: P) => readonly T[],
): Promise<Pick<Older<T>, 'items' | 'next'> | null> {
  let items = itemsOf(first);
  let { next } = first;
  for (let page = 0; page < count && next !== null; page += 1) {
    const told = await pageAfter<P>(address, next);
    if ('why' in told) return null;
    items = [...items, ...itemsOf(told)];
    next = told.next;
  }
  return { items, next };
}

async function pageAfter<P>(address: string, cursor: string): Promise<P | Failed> {
  const mark = address.includes('?') ? '&' : '?';
  try {
    const response = await fetch(`${address}${mark}cursor=${encodeURIComponent(cursor)}`);
    if (response.ok) return (await response.json()) as P;
    const isRefused = response.status === 400 || response.status === 409;
    return { why: (await problemFrom(response)).detail, isRefused };
  } catch (error) {
    return { why: unreachable(error).detail, isRefused: false };
  }
}

export interface ReadOn {
  /** Reads on; null: it does not, or not by itself. */
  readonly more: (() => void) | null;
  /** So much was looked through in vain that somebody has to want more of it. */
  readonly isStopped: boolean;
  readonly lookOn: () => void;
}

/** Pages without a row that is shown, after which nobody reads on by themselves. */
const inVainMax = 20;

/** Where nothing of what was read is shown it reads on, until something is, or for a while. */
export function useReadOn(
  shown: number,
  { more, read }: Pick<Pages<unknown, unknown>, 'more' | 'read'>,
): ReadOn {
  const mark = useRef({ shown, read });
  if (mark.current.shown !== shown || read < mark.current.read) mark.current = { shown, read };
  const isStopped = more !== null && read - mark.current.read >= inVainMax;
  useEffect(() => {
    if (shown === 0 && !isStopped) more?.();
  }, [shown === 0, more === null, read, isStopped]);
  const lookOn = () => {
    mark.current = { shown, read };
    more?.();
  };
  return { more: isStopped ? null : more, isStopped, lookOn };
}
