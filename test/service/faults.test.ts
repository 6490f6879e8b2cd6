import { describe, expect, test } from 'vitest';
import type { Fact } from '../../src/model/fact.ts';
import { InvariantError } from '../../src/model/result.ts';
import { BookReader } from '../../src/service/reading.ts';
import type { StoreErrorCode } from '../../src/store/store-error.ts';
import { faultsOf, lookNow, replayFaults, viewText } from './book-checks.ts';
import { type HeldBook, holdBook } from './held-book.ts';
import { fact } from './random-facts.ts';

const failing = (code: StoreErrorCode) => expect.objectContaining({ name: 'StoreError', code });

const fill = (id: string) =>
  fact({
    kind: 'fill',
    account: 'main',
    instrument: `C${Number(id) % 7}/USDT`,
    side: Number(id) % 3 === 0 ? 'sell' : 'buy',
    quantity: '1.5',
    price: '100',
    fee: '0.1',
    feeCurrency: 'BNB',
    executionId: id,
    time: '2024-01-01T00:00:00Z',
  });

const fills = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => fill(String(from + index)));

async function filled(options: Parameters<typeof holdBook>[2] = {}): Promise<HeldBook> {
  const held = holdBook(undefined, undefined, options);
  await held.book.record(fact({ kind: 'account', account: 'main', currency: 'USDT' }));
  await held.book.recordAll(fills(1, 50));
  return held;
}

function bookText({ path, clock }: HeldBook): string {
  const reader = new BookReader(path, clock);
  const text = viewText(lookNow(reader, reader.file.accounts()[0]!));
  reader.close();
  return text;
}

/** After a failed write: as before, sound, and the next fact lands on what is on disk. */
async function expectGoesOn(held: HeldBook, before: string): Promise<void> {
  expect(bookText(held)).toBe(before);
  const outcome = await held.book.record(fill('51'));
  expect(outcome).toEqual({ status: 'booked', sequence: held.file.head(1).sequence });
  expect(faultsOf(held.path)).toEqual([]);
  expect(await replayFaults(held.path)).toEqual([]);
}

describe('a commit that fails', () => {
  test('Z1 on a full disk rejects its whole group, and goes on when there is room', async () => {
    const held = await filled();
    const before = bookText(held);
    const pages = Number(held.file.driver.value('PRAGMA page_count'));
    held.file.driver.exec(`PRAGMA max_page_count = ${pages + 2}`);
    const reports = fills(1000, 800).map((one) => held.book.record(one));
    const settled = await Promise.allSettled(reports);
    expect(new Set(settled.map(({ status }) => status))).toEqual(new Set(['rejected']));
    await expect(reports[0]).rejects.toEqual(failing('disk-full'));
    held.file.driver.exec('PRAGMA max_page_count = 1000000');
    await expectGoesOn(held, before);
    expect((await held.book.recordAll(fills(1000, 800))).outcomes).toHaveLength(800);
  });

  test('Z2 on low space rejects before anything is written, and resumes by itself', async () => {
    let free = 1_000_000;
    const held = await filled({ freeBytes: () => free, reserveBytes: 1000 });
    const before = bookText(held);
    free = 999;
    held.clock.advance(500);
    await expect(held.book.record(fill('51'))).rejects.toEqual(failing('low-space'));
    await expect(held.book.recordAll([fill('51')], 'rehearse')).rejects.toEqual(
      failing('low-space'),
    );
    free = 1000;
    await expectGoesOn(held, before);
  });

  test('Z3 while another program locks the file rejects, and the next goes through', async () => {
    const held = await filled({ busyTimeoutMs: 20 });
    const before = bookText(held);
    const other = new BookReader(held.path, held.clock);
    const locking = holdBook(held.path, held.clock, { busyTimeoutMs: 20 });
    locking.file.releaseLease(locking.epoch);
    held.file.driver.exec(`UPDATE book_lease SET epoch = ${held.epoch}`);
    locking.file.driver.exec('BEGIN IMMEDIATE');
    await expect(held.book.record(fill('51'))).rejects.toEqual(failing('busy'));
    locking.file.driver.exec('ROLLBACK');
    other.close();
    await expectGoesOn(held, before);
  });

  test('Z4 without a right to write rejects and says so', async () => {
    const held = await filled();
    held.file.driver.exec('PRAGMA query_only = ON');
    const before = bookText(held);
    await expect(held.book.record(fill('51'))).rejects.toEqual(failing('read-only'));
    held.file.driver.exec('PRAGMA query_only = OFF');
    await expectGoesOn(held, before);
  });
});

describe('a writer that stops', () => {
  test('Z5 after a violated invariant of our own: nobody is left waiting', async () => {
    const held = await filled();
    const wrong = new InvariantError('a planted bug');
    const planted = {
      ...fill('53'),
      get account(): string {
        throw wrong;
      },
    } as Fact;
    const all = [held.book.recordAll([planted], 'atomic'), held.book.record(fill('54'))];
    for (const one of all) await expect(one).rejects.toBe(wrong);
    await expect(held.book.record(fill('55'))).rejects.toBe(wrong);
    await held.book.close();
    expect(faultsOf(held.path)).toEqual([]);
  });

  test('Z6 when another holds the book: every later report is refused as fenced', async () => {
    const held = await filled();
    const next = holdBook(held.path, held.clock);
    const reports = [held.book.recordAll([fill('51')], 'atomic'), held.book.record(fill('52'))];
    const closed = held.book.close();
    for (const one of reports) await expect(one).rejects.toEqual(failing('fenced'));
    await closed;
    await expect(held.book.record(fill('53'))).rejects.toEqual(failing('fenced'));
    expect((await next.book.record(fill('51'))).status).toBe('booked');
    expect(next.file.head(1).sequence).toBeGreaterThan(50);
    expect(faultsOf(held.path)).toEqual([]);
  });

  test('Z7 closing writes what was reported and refuses what comes later', async () => {
    const held = await filled();
    const last = held.book.record(fill('51'));
    await Promise.all([held.book.close(), held.book.close()]);
    expect((await last).status).toBe('booked');
    await expect(held.book.record(fill('52'))).rejects.toEqual(failing('holder-lost'));
    expect(faultsOf(held.path)).toEqual([]);
  });
});

test('Z8 a clock that goes back neither unorders what was recorded nor loses it', async () => {
  const held = await filled();
  const head = held.file.head(1);
  held.clock.advance(-86_400_000);
  await held.book.record(fill('51'));
  expect(held.file.head(1).recordedAt).toBe(head.recordedAt);
  held.clock.advance(2 * 86_400_000);
  await held.book.record(fill('52'));
  expect(held.file.head(1).recordedAt).toBe(held.clock.now());
  expect(faultsOf(held.path)).toEqual([]);
});
