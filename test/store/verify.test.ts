import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { draftOf } from '../../src/journal/codec.ts';
import type { AccountFact } from '../../src/model/fact.ts';
import { openBookFile } from '../../src/store/book-file.ts';
import { type Finding, verifyChain, verifyHead } from '../../src/store/verify.ts';
import {
  append,
  bookPath,
  fillDraft,
  fillUp,
  newBook,
  settings,
  start,
  type TestBook,
} from './new-book.ts';

/** A sound book of three batches of ten fills. */
function sound(): TestBook {
  const test = newBook();
  fillUp(test, 3, 10);
  return test;
}

const withoutProtection = (test: TestBook) =>
  test.book.driver.exec(`DROP TRIGGER book_entries_no_update; DROP TRIGGER book_entries_no_delete;
    DROP TRIGGER book_batches_no_update; DROP TRIGGER book_batches_no_delete`);

const codes = (findings: readonly Finding[]) =>
  findings
    .filter(({ code }) => code !== 'schema-changed')
    .map(({ code, firstSequence, lastSequence }) => [code, firstSequence, lastSequence]);

describe('verify', () => {
  test('S40 finds nothing in a sound book, and says what it saw', () => {
    const test = sound();
    const seen: number[] = [];
    const { findings, heads, entries } = verifyChain(test.book, undefined, ({ sequence }) =>
      seen.push(sequence),
    );
    const { sequence, hash } = test.book.head(test.main);
    expect(findings).toEqual([]);
    expect(heads).toEqual([{ account: 'main', sequence, hash }]);
    expect(entries).toBe(30);
    expect(seen).toEqual([10, 20, 30]);
    expect(verifyChain(test.book, 'main').entries).toBe(30);
    expect(codes(verifyChain(test.book, 'nobody').findings)).toEqual([
      ['account-missing', null, null],
    ]);
  });

  test.each<[string, string, unknown[][]]>([
    ['a price', `UPDATE book_entries SET price = '1' WHERE sequence = 15`, []],
    ['a time', 'UPDATE book_entries SET effective_at = effective_at + 1 WHERE sequence = 15', []],
    ['an id', `UPDATE book_entries SET id = 'x' WHERE sequence = 15`, []],
    ['a missing fee', 'UPDATE book_entries SET amount = NULL WHERE sequence = 15', []],
    ['a batch hash', `UPDATE book_batches SET hash = upper(hash) WHERE last_sequence = 20`, []],
    [
      'a number that is none',
      `UPDATE book_entries SET quantity = '1e5' WHERE sequence = 15`,
      [['entry-damaged', 15, 15]],
    ],
    [
      'a side that is none',
      `UPDATE book_entries SET side = 'up' WHERE sequence = 15`,
      [['entry-damaged', 15, 15]],
    ],
    [
      'a body that is none',
      `UPDATE book_entries SET body = '{' WHERE sequence = 15`,
      [['entry-damaged', 15, 15]],
    ],
    [
      'a later cause',
      'UPDATE book_entries SET caused_by = 16 WHERE sequence = 15',
      [['entry-damaged', 15, 15]],
    ],
    [
      'a version that is none',
      'UPDATE book_entries SET v = 7 WHERE sequence = 15',
      [['entry-damaged', 15, 15]],
    ],
    [
      'a missing entry',
      'DELETE FROM book_entries WHERE sequence = 15',
      [['entry-missing', 15, 15]],
    ],
    [
      'a missing tail of a batch',
      'DELETE FROM book_entries WHERE sequence BETWEEN 18 AND 20',
      [['entry-missing', 18, 20]],
    ],
  ])('S41 names the batch and, where it shows, the entry of %s', (_what, sql, shown) => {
    const test = sound();
    withoutProtection(test);
    test.book.driver.exec(sql);
    const found = codes(verifyChain(test.book).findings);
    // A changed hash also breaks the link of the batch that stands on it.
    const next = sql.includes('upper') ? [['batch-changed', 21, 30]] : [];
    expect(found).toEqual([...shown, ['batch-changed', 11, 20], ...next]);
  });

  test('S42 finds exchanged entries, missing batches and forged entries', () => {
    const swapped = sound();
    withoutProtection(swapped);
    swapped.book.driver.exec(`UPDATE book_entries SET sequence = 999 WHERE sequence = 15;
      UPDATE book_entries SET sequence = 15 WHERE sequence = 16;
      UPDATE book_entries SET sequence = 16 WHERE sequence = 999`);
    expect(codes(verifyChain(swapped.book).findings)).toEqual([['batch-changed', 11, 20]]);

    const gone = sound();
    withoutProtection(gone);
    gone.book.driver.exec('DELETE FROM book_batches WHERE last_sequence = 20');
    expect(codes(verifyChain(gone.book).findings)).toContainEqual(['batch-missing', 11, 20]);

    const slipped = sound();
    slipped.book.driver.exec(`INSERT INTO book_entries
      SELECT account, 31, v, effective_at, kind, 'forged', instrument, side, leg, quantity, price,
        amount, currency, order_id, body, caused_by FROM book_entries WHERE sequence = 1`);
    expect(codes(verifyChain(slipped.book).findings)).toEqual([['entry-unsealed', 31, 31]]);
  });

  test('S43 finds recorded times that go back, and settings that their entry does not say', () => {
    const test = newBook();
    const account: AccountFact = { kind: 'account', account: 'main', ...settings, time: null };
    append(test, test.main, [draftOf(account, start, []), fillDraft(1)]);
    append(test, test.main, [fillDraft(2)]);
    expect(verifyChain(test.book).findings).toEqual([]);
    withoutProtection(test);
    test.book.driver.exec(`UPDATE book_accounts SET cost_method = 'fifo';
      UPDATE book_batches SET recorded_at = recorded_at - 1 WHERE last_sequence = 3`);
    expect(codes(verifyChain(test.book).findings)).toEqual([
      ['account-changed', 1, 1],
      ['time-goes-back', 3, 3],
      ['batch-changed', 3, 3],
    ]);
  });

  test('S44 says that the triggers which keep history are gone', () => {
    const test = sound();
    withoutProtection(test);
    const { findings } = verifyChain(test.book);
    expect(findings).toHaveLength(4);
    expect(findings[0]).toMatchObject({ code: 'schema-changed' });
  });

  test('S45 finds a renamed account and a changed text', () => {
    const test = sound();
    test.book.write(test.epoch, (tx) => tx.putText('approved by Ada'));
    test.book.driver.exec(`UPDATE book_accounts SET name = 'mine';
      UPDATE book_texts SET text = 'approved by Eve'`);
    expect(codes(verifyChain(test.book).findings)).toEqual([
      ['batch-changed', 1, 10],
      ['batch-changed', 11, 20],
      ['batch-changed', 21, 30],
      ['text-damaged', null, null],
    ]);
  });

  test('S46 names a flipped byte in the file', () => {
    const test = sound();
    test.book.close();
    const bytes = readFileSync(test.path);
    const at = bytes.indexOf('60015');
    bytes[at] = bytes[at]! ^ 1;
    writeFileSync(test.path, bytes);
    const book = openBookFile(test.path, { clock: test.clock });
    expect(codes(verifyChain(book).findings)).toEqual([['batch-changed', 11, 20]]);
  });

  test('S47 reports a torn page as damage of the file, and still looks at the rest', () => {
    const test = newBook();
    fillUp(test, 20, 100);
    test.book.close();
    const bytes = readFileSync(test.path);
    const page = 4096 * Math.floor(bytes.indexOf('e000900') / 4096);
    bytes.fill(0xa5, page, page + 4096);
    writeFileSync(test.path, bytes);
    const book = openBookFile(test.path, { clock: test.clock });
    const { findings, heads } = verifyChain(book);
    expect(findings[0]).toMatchObject({ code: 'file-damaged' });
    expect(heads).toHaveLength(1);
  });
});

describe('a head that was noted down', () => {
  test('S48 is found again, also when the book went on', () => {
    const test = sound();
    for (const { lastSequence, hash } of test.book.batches(test.main)) {
      expect(verifyHead(test.book, 'main', lastSequence, hash)).toBeNull();
    }
    expect(verifyHead(test.book, 'main', 0, '0'.repeat(64))).toBeNull();
  });

  test('S49 shows an older file put back, a cut tail and another history', () => {
    const test = sound();
    const older = bookPath();
    test.book.driver.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    copyFileSync(test.path, older);
    append(test, test.main, [fillDraft(31)]);
    const { sequence, hash } = test.book.head(test.main);
    const restored = openBookFile(older, { clock: test.clock });
    expect(verifyChain(restored).findings).toEqual([]);
    const cut = verifyHead(restored, 'main', sequence, hash);
    expect(cut).toMatchObject({ code: 'tail-cut', firstSequence: 31, lastSequence: 31 });
    expect(verifyHead(test.book, 'main', 31, 'f'.repeat(64))).toMatchObject({
      code: 'head-differs',
      message: 'has another hash at this head',
    });
    expect(verifyHead(test.book, 'main', 15, hash)).toMatchObject({ code: 'head-differs' });
    expect(verifyHead(test.book, 'nobody', 1, hash)).toMatchObject({ code: 'account-missing' });
  });
});
