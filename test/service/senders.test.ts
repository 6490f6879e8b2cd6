/** Who may send an order: nothing that looks, books, folds, explains or repairs. */
import { expect, test } from 'vitest';
import { readRepository } from '../house/sources.ts';

/** `fold.amend` is of the books. */
const sends = /(?<!fold)\.(?:place|amend|cancel)\(/;

/** Exits and strategies, orders that a person sends to the service, and bots of rehearsals. */
const maySend = /^src\/(?:venues|service\/(?:exiting|executing|serving|rehearsal))\//;

/** What replays a book, fills it from a venue's past, holds it against others, or repairs. */
const looking = [
  ...['src/service/listening/', 'src/service/venue-check/', 'src/service/source/'],
  ...['src/service/syncing.ts', 'src/service/reconciling.ts', 'src/service/rebuilding.ts'],
];

const sources = readRepository().filter(({ path }) => path.startsWith('src/'));

test('VC28 no replay, backfill, check or repair can send an order', () => {
  const senders = sources.filter(({ path, text }) => sends.test(text) && !maySend.test(path));
  expect(senders.map(({ path }) => path)).toEqual([]);
  // Nor by way of somebody who may.
  const borrowed = sources.filter(
    ({ path, text }) =>
      looking.some((place) => path.startsWith(place)) &&
      /from '[^']*\/(?:exiting|executing|serving)\//.test(text),
  );
  expect(borrowed.map(({ path }) => path)).toEqual([]);
  // The rule would find one.
  expect(sources.filter(({ text }) => sends.test(text)).length).toBeGreaterThan(1);
});
