import { copyFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { canonicalLine } from '../../src/journal/chain.ts';
import { draftOf } from '../../src/journal/codec.ts';
import { instrumentFromName } from '../../src/model/instrument.ts';
import { type BookFile, openBookFile } from '../../src/store/book-file.ts';
import { StoreError } from '../../src/store/store-error.ts';
import { verifyChain } from '../../src/store/verify.ts';
import {
  append,
  bookPath,
  fillDraft,
  newBook,
  settings,
  start,
  type TestBook,
} from './new-book.ts';

/** Repeats: the same damage in every run. */
function dice(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Two accounts, eighty batches, and something in every table outside the chain. */
function richBook(): TestBook {
  const book = newBook();
  const other = book.book.write(book.epoch, (tx) => {
    tx.putInstrument(instrumentFromName('paper', 'BTC/USDT:USDT')!);
    tx.putText('approved by Ada');
    const price = { coefficient: 61000, scale: 0 };
    tx.putMark({ kind: 'mark', instrument: 'BTC/USDT', price, source: 'venue', time: start });
    return tx.addAccount('other', settings);
  });
  for (const [account, name] of [[book.main, 'main'] as const, [other, 'other'] as const]) {
    const opened = { kind: 'account' as const, account: name, ...settings, time: null };
    append(book, account, [draftOf(opened, start, [])]);
    for (let batch = 0; batch < 40; batch++) {
      const numbers = Array.from({ length: 10 }, (_, index) => batch * 10 + index);
      const drafts = numbers.map((n) => fillDraft(n, { strategy: n % 3 === 0 ? 'trend' : null }));
      append(book, account, drafts);
      book.clock.advance(1000);
    }
  }
  return book;
}

/** All that must be true of a book that verifies. */
const truth = (book: BookFile) => ({
  accounts: book.accounts(),
  entries: book.accounts().map(({ account }) => [...book.entries(account)].map(canonicalLine)),
  batches: book.accounts().map(({ account }) => [...book.batches(account)]),
  instruments: book.instruments(),
  mark: book.newestMark('BTC/USDT', start),
});

const scratch = bookPath();

/** What a program sees in the scratch file: the truth it reads, or null where damage is told. */
function seen(): ReturnType<typeof truth> | null {
  let book: BookFile | null = null;
  try {
    book = openBookFile(scratch, { clock: { now: () => start } });
    return verifyChain(book).findings.length > 0 ? null : truth(book);
  } catch (error) {
    if (error instanceof StoreError) return null;
    throw error;
  } finally {
    book?.close();
  }
}

function remove(): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(scratch + suffix, { force: true });
}

afterAll(remove);

describe('damage', () => {
  test('S64 of any single bit is told, or was in no byte that matters', () => {
    const { book, path } = richBook();
    const whole = truth(book);
    book.close();
    const bytes = readFileSync(path);
    const roll = dice(20260112);
    let told = 0;
    for (let round = 0; round < 500; round++) {
      const at = roll(bytes.length);
      const bit = 1 << roll(8);
      remove();
      bytes[at] = bytes[at]! ^ bit;
      writeFileSync(scratch, bytes);
      bytes[at] = bytes[at]! ^ bit;
      const found = seen();
      if (found === null) told += 1;
      else expect(found, `bit ${bit} of byte ${at}`).toEqual(whole);
    }
    expect(told).toBeGreaterThan(150);
  });

  test('S65 of the log leaves a whole number of batches, or is told', () => {
    const rich = richBook();
    const { book, path, main } = rich;
    book.driver.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const before = book.head(main).sequence;
    for (let batch = 0; batch < 20; batch++) {
      const numbers = [1, 2, 3].map((index) => 1000 + batch * 3 + index);
      append(
        rich,
        main,
        numbers.map((n) => fillDraft(n)),
      );
    }
    const whole = truth(book);
    const log = readFileSync(`${path}-wal`);
    const prefixes = new Map<string, number>();
    for (let sequence = before; sequence <= before + 60; sequence += 3) {
      prefixes.set(whole.entries[0]!.slice(0, sequence).join(''), sequence);
    }
    const lengths = new Set<number>();
    for (let at = Math.max(0, log.length - 65_536); at < log.length; at += 512) {
      for (const damage of ['cut', 'zeros', 'flip'] as const) {
        remove();
        copyFileSync(path, scratch);
        const copy = Buffer.from(log);
        if (damage === 'zeros') copy.fill(0, at);
        if (damage === 'flip') copy[at] = copy[at]! ^ 0x10;
        writeFileSync(`${scratch}-wal`, copy);
        if (damage === 'cut') truncateSync(`${scratch}-wal`, at);
        const found = seen();
        if (found === null) continue;
        const sequence = prefixes.get(found.entries[0]!.join(''));
        expect(sequence, `${damage} at ${at}`).toBeDefined();
        lengths.add(sequence!);
      }
    }
    expect(lengths.size).toBeGreaterThan(3);
  });
});
