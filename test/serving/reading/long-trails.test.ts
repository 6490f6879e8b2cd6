/** Pages of a trail that is long, or that somebody says is longer than it is. */
import { beforeAll, expect, test } from 'vitest';
import type { BookReader } from '../../../src/service/reading.ts';
import type { CursorPlace } from '../../../src/service/serving/cursors.ts';
import { recordedBackwards } from '../../../src/service/serving/reads/audit.ts';
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
const head = () => ({ sequence: length });
const reader = { file: { driver, head } } as unknown as BookReader;

beforeAll(() => {
  driver.exec(tables);
  driver.exec(`
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${length})
    INSERT INTO book_entries
      (account, sequence, v, effective_at, kind, id, instrument, side, leg)
    SELECT account, i, 1, i, CASE i WHEN 5 THEN 'bust' ELSE 'fill' END, i, '', '', ''
    FROM n, (SELECT 1 AS account UNION SELECT 2);
    INSERT INTO book_batches SELECT account, sequence, sequence, sequence, '' FROM book_entries`);
});

const kinds = ['bust'] as const;

/** Pages of busts, and what is on them: `long 5`. */
function pagesFrom(accounts: readonly Account[], from: CursorPlace<'audit'> | null = null) {
  const pages: string[][] = [];
  for (let place: CursorPlace<'audit'> | null = from; pages.length < 100; ) {
    const { items, next } = recordedBackwards({ reader }, accounts, { place, kinds, limit: 10 });
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

const farAway = Number.MAX_SAFE_INTEGER;

test('RD25 a place beyond the end is the end: whoever forges one is shown the first page', () => {
  expect(pagesFrom([long], ['1', 1, farAway])).toEqual([[], [], ['long 5']]);
  const { entriesBefore } = pageReads(driver);
  const choice = { before: farAway, limit: 2, kinds: null };
  const { items, before } = entriesBefore(1, choice);
  expect([items.map(({ sequence }) => sequence), before]).toEqual([[50_000, 49_999], 49_999]);
  const rare = entriesBefore(1, { ...choice, kinds });
  expect([rare.items, rare.before]).toEqual([[], length + 1 - lookedMax]);
});
