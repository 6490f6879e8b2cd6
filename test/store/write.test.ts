import { chmodSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openBookFile } from '../../src/store/book-file.ts';
import type { StoreErrorCode } from '../../src/store/store-error.ts';
import { verifyChain } from '../../src/store/verify.ts';
import { append, fillDraft, fillUp, newBook, sequences, take } from './new-book.ts';

const failing = (code: StoreErrorCode) => expect.objectContaining({ name: 'StoreError', code });

describe('a write', () => {
  test('S9 leaves nothing behind when its work throws, and throws it on', () => {
    const test = newBook();
    const { book, epoch, main, clock } = test;
    const boom = new Error('boom');
    const work = () =>
      book.write(epoch, (tx) => {
        tx.insertEntry(main, { ...fillDraft(1), sequence: 1 });
        tx.sealBatch(main, clock.now());
        tx.touchBalance(main, { currency: 'USDT', total: '1', updatedAt: 1n });
        throw boom;
      });
    expect(work).toThrow(boom);
    expect(book.balances(main)).toEqual([]);
    expect(append(test, main, [fillDraft(1)])).toBe(1);
    expect(() => book.write(epoch, () => book.write(epoch, () => 1))).toThrow('inside a write');
  });

  test('S10 with an older epoch is fenced and changes nothing', () => {
    const test = newBook();
    const { book, path, clock, epoch, main } = test;
    const other = openBookFile(path, { clock });
    clock.advance(10_000);
    const epochNow = take(other, clock, 'the other');
    expect(() => append(test, main, [fillDraft(1)])).toThrow(failing('fenced'));
    expect(() => append(test, main, [fillDraft(1)])).toThrow(
      'the other (process 1) has taken over',
    );
    expect(book.head(main).sequence).toBe(0);
    append({ book: other, clock, epoch: epochNow }, main, [fillDraft(1)]);
    expect(sequences(book.entries(main))).toEqual([1]);
    expect(epochNow).toBeGreaterThan(epoch);
  });

  test('S11 waits for another connection and then says busy', () => {
    const { book, epoch, path, clock } = newBook({ busyTimeoutMs: 50 });
    const other = openBookFile(path, { clock, busyTimeoutMs: 50 });
    other.driver.exec('BEGIN IMMEDIATE');
    expect(() => book.write(epoch, () => 1)).toThrow(failing('busy'));
    other.driver.exec('ROLLBACK');
    expect(book.write(epoch, () => 1)).toBe(1);
  });

  test('S12 is not seen by a reader before it is whole, nor while that one reads on', () => {
    const test = newBook();
    const { book, path, clock, epoch, main } = test;
    fillUp(test, 1, 5);
    const reader = openBookFile(path, { clock, readOnly: true });
    reader.read(() => {
      expect(reader.head(main).sequence).toBe(5);
      book.write(epoch, (tx) => {
        tx.insertEntry(main, { ...fillDraft(6), sequence: 6 });
        expect(sequences(reader.entries(main))).toHaveLength(5);
        tx.sealBatch(main, clock.now());
      });
      expect(sequences(reader.entries(main))).toHaveLength(5);
    });
    expect(sequences(reader.entries(main))).toHaveLength(6);
    expect(verifyChain(reader).findings).toEqual([]);
  });

  test('S13 on a full disk writes nothing by halves, and goes on when there is room', () => {
    const test = newBook();
    const { book, main } = test;
    fillUp(test, 1, 10);
    const pages = Number(book.driver.value('PRAGMA page_count'));
    book.driver.exec(`PRAGMA max_page_count = ${pages + 2}`);
    const many = Array.from({ length: 500 }, (_, index) => fillDraft(index + 100));
    expect(() => append(test, main, many)).toThrow(failing('disk-full'));
    expect(sequences(book.entries(main))).toHaveLength(10);
    expect(verifyChain(book).findings).toEqual([]);
    book.driver.exec('PRAGMA max_page_count = 1000000');
    expect(append(test, main, many)).toBe(500);
    expect(verifyChain(book)).toMatchObject({ findings: [], entries: 510 });
  });

  test('S14 is refused while space is low, and resumes by itself', () => {
    let free: number | null = 1000;
    let asked = 0;
    const freeBytes = () => {
      asked += 1;
      return free;
    };
    const test = newBook({ freeBytes, reserveBytes: 500 });
    append(test, test.main, [fillDraft(1)]);
    expect(asked).toBe(1);
    free = 499;
    test.clock.advance(200);
    expect(() => append(test, test.main, [fillDraft(2)])).toThrow(failing('low-space'));
    expect(test.book.head(test.main).sequence).toBe(1);
    free = 500;
    expect(append(test, test.main, [fillDraft(2)])).toBe(1);
    free = 0;
    test.clock.advance(-3_600_000);
    expect(() => append(test, test.main, [fillDraft(3)])).toThrow(failing('low-space'));
    free = null;
    expect(append(test, test.main, [fillDraft(3)])).toBe(1);
  });

  test('S15 asks for space again after a thousand writes at the latest', () => {
    let asked = 0;
    const freeBytes = () => {
      asked += 1;
      return null;
    };
    const { book, epoch } = newBook({ freeBytes });
    book.driver.exec('PRAGMA synchronous = OFF');
    for (let count = 0; count < 1000; count++) book.write(epoch, () => count);
    expect(asked).toBe(2);
  });

  test('S16 on a file that is open for reading only says so', () => {
    const { path, clock, epoch } = newBook();
    const reader = openBookFile(path, { clock, readOnly: true });
    expect(() => reader.write(epoch, () => 1)).toThrow(failing('read-only'));
  });

  const asPlainUser = test.skipIf(process.getuid?.() === 0); // root may write everywhere
  asPlainUser('S16 on a file without permission says so', () => {
    const { book, path, clock } = newBook();
    book.close();
    chmodSync(path, 0o444);
    expect(() => openBookFile(path, { clock })).toThrow(failing('read-only'));
  });
});
