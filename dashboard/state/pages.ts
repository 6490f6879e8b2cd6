/** A list that is read page by page: the first is kept up to date, older ones are as they came. */
import { useEffect, useState } from 'preact/hooks';
import { tell } from './notices.ts';
import { addressOf, type Reading, useReading } from './reading.ts';

interface Paged {
  readonly next: string | null;
}

export interface Pages<P, T> {
  readonly first: Reading<P>;
  readonly items: readonly T[];
  /** Reads on; null: there is no more, or it is under way. */
  readonly more: (() => void) | null;
}

interface Older<T> {
  /** The address that they follow: of another list they are of no use. */
  readonly of: string;
  readonly items: readonly T[];
  readonly next: string | null;
}

/** What a page of a list holds, and how its items are told apart. */
export interface PagedBy<P, T> {
  readonly itemsOf: (page: P) => readonly T[];
  readonly keyOf: (item: T) => string;
}

/** A list that began anew shows its new items above the older ones, each once. */
export function usePages<P extends Paged, T>(
  url: string,
  { itemsOf, keyOf }: PagedBy<P, T>,
): Pages<P, T> {
  const first = useReading<P>(url);
  const [older, setOlder] = useState<Older<T> | null>(null);
  const [isAsking, setAsking] = useState(false);
  const address = addressOf(url);
  useEffect(() => setOlder(null), [address]);
  const head = first.data === null ? [] : itemsOf(first.data);
  const mine = older?.of === address ? joined(head, older, keyOf) : null;
  const items = mine === null ? head : mine.items;
  const next = mine === null ? (first.data?.next ?? null) : mine.next;
  const more = () => {
    setAsking(true);
    const mark = address.includes('?') ? '&' : '?';
    const from = `${address}${mark}cursor=${encodeURIComponent(next!)}`;
    fetch(from)
      .then(async (response) => {
        if (!response.ok) throw new Error(`the service answered ${response.status}`);
        const page = (await response.json()) as P;
        setOlder({ of: address, items: [...items, ...itemsOf(page)], next: page.next });
      })
      .catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        const words = `Older ones could not be read: ${why}`;
        tell({ tone: 'failed', words, detail: null, undo: null });
      })
      .finally(() => setAsking(false));
  };
  return { first, items, more: next === null || isAsking ? null : more };
}

/** Null: so much is new that the two do not meet; what lies between them has to be read first. */
function joined<T>(
  head: readonly T[],
  older: Older<T>,
  keyOf: (item: T) => string,
): Older<T> | null {
  const known = new Set(older.items.map(keyOf));
  const added = head.findIndex((item) => known.has(keyOf(item)));
  return added === -1 ? null : { ...older, items: [...head.slice(0, added), ...older.items] };
}
