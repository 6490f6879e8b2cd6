/** The first page of a list, kept up to date, with the older ones that were read after it. */

/**
 * The first page as it is now, then what followed it. Of what lay among its rows and is not there
 * any more nothing is kept. Null: so much is new that the two do not meet, and what lies between
 * them has to be read first.
 */
export function joinedPages<T>(
  head: readonly T[],
  known: readonly T[],
  keyOf: (item: T) => string,
): readonly T[] | null {
  // A first page may be empty, and have more behind it.
  if (head.length === 0) return known;
  const places = new Map(known.map((item, place) => [keyOf(item), place]));
  const last = head.findLast((item) => places.has(keyOf(item)));
  if (last === undefined) return null;
  const shown = new Set(head.map(keyOf));
  const rest = known.slice(places.get(keyOf(last))! + 1);
  return [...head, ...rest.filter((item) => !shown.has(keyOf(item)))];
}
