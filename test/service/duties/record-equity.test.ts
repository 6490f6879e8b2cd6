import { expect, test } from 'vitest';
import { parseFact } from '../../../src/model/parse-fact.ts';
import type { DutyContext } from '../../../src/service/duties/duty.ts';
import { recordEquity } from '../../../src/service/duties/record-equity.ts';
import { readerOnce } from '../../../src/service/reading.ts';
import { holdBook, markMaxAgeMs } from '../held-book.ts';
import { rememberedLog } from './duty-kit.ts';

const factOf = (told: object) => {
  const { fact, refusals } = parseFact(told, {}, { strict: true });
  if (fact === null) throw new Error(refusals[0]?.message);
  return fact;
};

const cash = { kind: 'deposit', currency: 'USDT', amount: '1000', time: '2026-01-12T08:00:00Z' };
const coin = { ...cash, currency: 'BTC', amount: '2', id: 'd2', time: '2026-01-12T08:30:00Z' };
const mark = { kind: 'mark', instrument: 'BTC/USDT', price: '60000', time: '2026-01-12T09:00:00Z' };

async function recorder() {
  const { book, file, clock, path } = holdBook();
  const log = rememberedLog();
  const openWriter = async () => ({ ...bound(book), close: async () => undefined });
  const duty = recordEquity(
    { reader: readerOnce(path, clock), markMaxAgeMs, intervalMinutes: 5, openWriter },
    15,
  );
  const run = () => duty.run({ clock, log } as unknown as DutyContext);
  const stated = (account: string) =>
    file
      .entriesOfKind(file.accountNamed(account)!.account, 'performance')
      .map(({ body }) => JSON.parse(body!) as { readonly totalValue?: unknown });
  return { book, run, log, stated };
}

const bound = (book: ReturnType<typeof holdBook>['book']) => ({
  path: book.path,
  record: book.record.bind(book),
  recordAll: book.recordAll.bind(book),
  apply: book.apply.bind(book),
  keep: book.keep.bind(book),
});

test('DM1 each account is recorded, once while nothing happens', async () => {
  const { book, run, stated } = await recorder();
  await book.record(factOf({ ...cash, account: 'one', id: 'd1' }));
  await book.record(factOf({ ...cash, account: 'two', id: 'd1' }));
  expect(await run()).toEqual({ exitCode: 0, sentence: '2 records of equity' });
  expect(await run()).toEqual({ exitCode: 0, sentence: '0 records of equity' });
  expect([stated('one'), stated('two')].map(({ length }) => length)).toEqual([1, 1]);
  await book.close();
});

test('DM1 what cannot be said is not recorded, holds up nobody, and is told', async () => {
  const { book, run, log, stated } = await recorder();
  await book.record(factOf({ ...cash, account: 'known', id: 'd1' }));
  await book.record(factOf({ kind: 'account', account: 'unpriced', venue: 'x', currency: 'USDT' }));
  await book.record(factOf({ ...coin, account: 'unpriced' }));
  expect(await run()).toEqual({
    exitCode: 5,
    sentence: '1 record of equity; CANNOT SAY what unpriced is worth: prices are missing',
  });
  expect(stated('unpriced')).toEqual([]);
  expect(log.lines.map(({ level, event }) => `${level} ${event}`)).toEqual([
    'warn performance.unknown',
  ]);
  await book.record(factOf(mark));
  expect((await run()).exitCode).toBe(0);
  expect(stated('unpriced')).toHaveLength(1);
  await book.close();
});
