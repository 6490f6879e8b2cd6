import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { toText, toTextOrNull } from '../../src/decimal/text.ts';
import type { Fact } from '../../src/model/fact.ts';
import { instant } from '../../src/model/instant.ts';
import { parseFact } from '../../src/model/parse-fact.ts';
import { type Book, openBook } from '../../src/service/open-book.ts';

let folder: string;
let book: Book;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trueup-open-book-'));
  book = await openBook(join(folder, 'bot.db'), { holder: 'the test' });
});
afterEach(async () => {
  await book.close();
  rmSync(folder, { recursive: true, force: true });
});

const fact = (row: object): Fact => {
  const { fact: parsed, refusals } = parseFact({ account: 'main', ...row }, {}, { strict: true });
  if (parsed === null) throw new Error(refusals[0]!.message);
  return parsed;
};

const deposit = fact({
  ...{ kind: 'deposit', currency: 'USD', amount: '10000', id: 'd1' },
  time: '2026-01-05T14:00:00Z',
});
const bought = fact({
  ...{ kind: 'fill', instrument: 'ACI/USD', side: 'buy', quantity: '62.5', price: '16.88' },
  ...{ fee: '0', executionId: 'e1', time: '2026-01-05T15:00:00Z' },
});
const mark = (price: string, time: string): Fact => {
  const row = { kind: 'mark', instrument: 'ACI/USD', price, time };
  return parseFact(row, {}, { strict: true }).fact!;
};

test('I15 equity is current after every fact, and nothing else is called', async () => {
  await book.record(deposit);
  expect(toTextOrNull(book.equity().total)).toBe('10000');
  await book.record(bought);
  // 10000 - 62.5 x 16.88 = 8945, and nothing prices what was bought
  expect(book.equity()).toMatchObject({ total: null, unpriced: [{ what: 'ACI' }] });
  await book.record(mark('16', '2026-01-05T15:01:00Z'));
  expect(toTextOrNull(book.equity('main').total)).toBe('9945'); //  8945 + 62.5 x 16
  await book.record(mark('16.16', '2026-01-05T15:02:00Z'));
  expect(toTextOrNull(book.equity('main').total)).toBe('9955'); //  8945 + 62.5 x 16.16
});

test('I15 looks back in time and knowledge', async () => {
  await book.recordAll([deposit, bought]);
  const before = { asOf: instant('2026-01-05T14:30:00Z') };
  expect(toText(book.look('main', before).equity.cash)).toBe('10000');
  expect(toText(book.look('main', { knownAt: 2 }).equity.cash)).toBe('10000'); // account, deposit
  expect(toText(book.look('main').equity.cash)).toBe('8945');
});

test('I15 an account that is not there is told with those that are', async () => {
  expect(() => book.look()).toThrow('has no account yet');
  await book.record(deposit);
  expect(book.accounts()).toEqual(['main']);
  expect(() => book.look('mian')).toThrow('it has main');
});

test('I15 a book that must be there and is not is refused', async () => {
  const absent = openBook(join(folder, 'absent.db'), { create: false });
  await expect(absent).rejects.toThrow('there is no book');
});
