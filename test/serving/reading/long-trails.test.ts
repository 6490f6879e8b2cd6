/** Pages of a trail that is long, or that somebody says is longer than it is. */
import { beforeAll, expect, test, vi } from 'vitest';
import type { EntryRow } from '../../../src/model/entry.ts';
import type { BookReader } from '../../../src/service/reading.ts';
import type { CursorPlace } from '../../../src/service/serving/cursors.ts';
import { recordedBackwards } from '../../../src/service/serving/reads/audit.ts';
import { pagesOf } from '../../../src/service/serving/reads/chronicle.ts';
import { fillsBefore } from '../../../src/service/serving/reads/fills.ts';
import { fillsThen } from '../../../src/service/serving/reads/past-rows.ts';
import { systemClock } from '../../../src/service/system-clock.ts';
import type { Account } from '../../../src/store/accounts.ts';
import { Driver } from '../../../src/store/driver.ts';
import { lookedMax, pageReads } from '../../../src/store/page-reads.ts';
import { tables } from '../../../src/store/schema.ts';

/** Of `long`, and as many of `other`; the fifth entry of each is the only bust. */
const length = 50_000;
const long = { account: 1, name: 'long' } as Account;
const other = { account: 2, name: 'other' } as Account;
const driver = new Driver(':memory:', { readOnly: false, busyTimeoutMs: 0 });
// There is no table of messages.
driver.isLazy = true;
let last = length;
const head = () => ({ sequence: last });
const reader = { file: { driver, head } } as unknown as BookReader;

beforeAll(() => {
  driver.exec(tables);
  driver.exec(`
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${length})
    INSERT INTO book_entries
      (account, sequence, v, effective_at, kind, id, instrument, side, leg)
    SELECT account, i, 1, i, CASE i WHEN 5 THEN 'bust' ELSE 'fill' END, i, '', '', ''
    FROM n, (SELECT 1 AS account UNION SELECT 2);
    INSERT INTO book_entries
      (account, sequence, v, effective_at, kind, id, instrument, side, leg)
    SELECT 3, sequence, 1, sequence, CASE WHEN sequence IN (7, 45000) THEN 'fill' ELSE 'order' END,
      id, 'BTC', '', '' FROM book_entries WHERE account = 1;
    INSERT INTO book_batches SELECT account, sequence, sequence, sequence, '' FROM book_entries`);
});

const kinds = ['bust'] as const;

/** Pages of busts, and what is on them: `long 5`. */
function pagesFrom(accounts: readonly Account[], from: CursorPlace<'audit'> | null = null) {
  const pages: string[][] = [];
  for (let place: CursorPlace<'audit'> | null = from; pages.length < 100; ) {
    const choice = { place, upTo: null, kinds, limit: 10 };
    const { items, next } = recordedBackwards({ reader }, accounts, choice);
    pages.push(items.map(({ account, row }) => `${account.name} ${row.sequence}`));
    if (next === null) return pages;
    place = next;
  }
  throw new Error('the pages have no end');
}

test('RD25 a page of the trail looks at so many rows, and says where the next goes on', () => {
  // 50,000 rows, 20,000 at a time.
  expect(pagesFrom([long])).toEqual([[], [], ['long 5']]);
  // 100,000 of two accounts; the one that was made last comes first.
  const both = pagesFrom([long, other]);
  expect(both.flat()).toEqual(['other 5', 'long 5']);
  expect(both.length).toBeGreaterThanOrEqual((2 * length) / (2 * lookedMax));
});

const quiet = { account: 3, name: 'quiet' } as Account;
let turns = 0;
/** Counts how often others have their turn. */
const clock = {
  now: () => 0n,
  after: (ms: number, work: () => void) => {
    turns += 1;
    return systemClock.after(ms, work);
  },
};

test('RD53 fills are found however far back they are, and others have their turn', async () => {
  const pages = pagesOf(reader);
  const looks = vi.spyOn(pages, 'entriesBefore');
  const fills = async (before: number, limit: number, without: number | null = null) => {
    const show = ({ sequence }: EntryRow) => (sequence === without ? [] : [sequence]);
    const choice = { before, limit, instrument: null, show };
    return await fillsBefore({ reader, clock }, quiet, choice);
  };
  expect(await fills(farAway, 10)).toEqual({ items: [45_000, 7], before: null });
  expect(turns).toBeGreaterThanOrEqual(2);
  expect(await fills(length + 1, 1)).toEqual({ items: [45_000], before: 45_000 });
  expect(await fills(45_000, 1)).toEqual({ items: [7], before: 7 });
  // One that was taken back makes no page short.
  expect(await fills(length + 1, 1, 45_000)).toEqual({ items: [7], before: 7 });
  // What was looked through once is not looked through again: the two fills, and what is before.
  looks.mockClear();
  await fills(length + 1, 10);
  expect(looks.mock.results.map(({ value }) => value.items.length)).toEqual([1, 1]);
  // And what is recorded later is seen, whatever place was asked for before.
  const [account, sequence] = [3, length + 1];
  driver.exec(`INSERT INTO book_entries
    (account, sequence, v, effective_at, kind, id, instrument, side, leg)
    VALUES (${account}, ${sequence}, 1, 1, 'fill', 'new', 'BTC', '', '')`);
  last = sequence;
  expect((await fills(farAway, 10)).items).toEqual([sequence, 45_000, 7]);
  last = length;
});

const farAway = Number.MAX_SAFE_INTEGER;

test('RD25 RD33 what came after an instant is looked past, so many rows at a time', () => {
  // The first five entries took effect by then; one of them is a bust.
  const asked = { account: long, asOf: 5n, limit: 10, instrument: null, looks: 20_000 };
  const pages: (readonly number[])[] = [];
  for (let before: number | null = farAway; before !== null; ) {
    const page = fillsThen(reader, { ...asked, before });
    pages.push(page.items.map(({ sequence }) => sequence));
    before = page.before;
  }
  expect(pages).toEqual([[], [], [4, 3, 2, 1]]);
});

test('RD25 a place beyond the end is the end: whoever forges one is shown the first page', () => {
  expect(pagesFrom([long], ['1', 1, farAway])).toEqual([[], [], ['long 5']]);
  const { entriesBefore } = pageReads(driver);
  const choice = { before: farAway, limit: 2, kinds: null };
  const { items, before } = entriesBefore(1, choice);
  expect([items.map(({ sequence }) => sequence), before]).toEqual([[50_000, 49_999], 49_999]);
  const rare = entriesBefore(1, { ...choice, kinds });
  expect([rare.items, rare.before]).toEqual([[], length + 1 - lookedMax]);
});
