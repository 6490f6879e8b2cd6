/** A bot's database that is looked after: its total is the account's, and its check the verdict. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { instantText } from '../../../src/model/instant.ts';
import type { DutyContext } from '../../../src/service/duties/duty.ts';
import { recordEquity } from '../../../src/service/duties/record-equity.ts';
import { gateOf } from '../../../src/service/gate.ts';
import { openForWriting } from '../../../src/service/open-for-writing.ts';
import { recordPerformance } from '../../../src/service/performing.ts';
import { BookReader } from '../../../src/service/reading.ts';
import type { ServingParts } from '../../../src/service/serving/parts.ts';
import { rememberedLog } from '../../service/duties/duty-kit.ts';
import { markMaxAgeMs } from '../../service/held-book.ts';
import { Ground } from '../../service/source/kit.ts';
import { ask, type Json, partsOn, problemAt } from './asking.ts';

let ground: Ground;
let reader: BookReader;
let parts: ServingParts;

beforeEach(async () => {
  ground = new Ground();
  const startedAt = ground.clock.now();
  await ground.at((desk) => desk.check({ record: true, prices: null, create: true }));
  reader = new BookReader(ground.book, ground.clock);
  parts = partsOn({ path: ground.book, clock: ground.clock, reader }, { startedAt });
});
afterEach(() => reader.close());

/** The account that the book made for it. */
const own = () => reader.file.accounts()[0]!;
const summary = async () =>
  (await ask<{ items: readonly Json[] }>(parts, '/api/v1/accounts')).items[0]!;
const openWriter = () =>
  openForWriting(ground.book, { clock: ground.clock, holder: 'test', markMaxAgeMs });

test('RD29 what was found in its database is the verdict, and never zero', async () => {
  // 1,058.70 + 9,152.99 = 10,211.69; stored are 10,000.00; and the last record is stale.
  expect(await summary()).toMatchObject({
    ...{ verdict: 'break', equity: '10211.69', gate: 'deny', breaks: 2 },
    source: {
      ...{ party: 'source', stored: '10000', calculated: '10211.69', difference: '211.69' },
    },
  });
  await ground.update({ record: true });
  expect(await summary()).toMatchObject({
    ...{ verdict: 'true', why: null, equity: '10211.69', gate: 'allow', breaks: 0 },
    source: { stored: '10211.69', difference: '0' },
  });
  expect(await ask(parts, '/api/v1/home')).toMatchObject({
    live: { verdict: 'true', cannotSay: 0, accounts: [{ equity: '10211.69' }] },
  });
  // The command that asks the book alone says the same.
  expect(gateOf(reader.file, own(), { now: ground.clock.now() })).toMatchObject({ gate: 'allow' });
  ground.clock.advance(301_000);
  expect(await summary()).toMatchObject({
    ...{ verdict: 'cannot-say', why: expect.stringContaining('stale'), gate: 'deny' },
  });
});

test('RD37 as of an instant, a database says what it said then', async () => {
  const first = instantText(ground.clock.now());
  ground.clock.advance(60_000);
  await ground.update({ record: true });
  const home = (time: string) => ask<Json>(parts, `/api/v1/home?as_of=${time}`);
  expect(await home(first)).toMatchObject({
    live: {
      verdict: 'break',
      accounts: [{ equity: '10211.69', breaks: 2, source: { stored: '10000' } }],
    },
  });
  const account = await ask<Json>(parts, `/api/v1/accounts/${own().name}?as_of=${first}`);
  expect(account).toMatchObject({ verdict: 'break', equity: '10211.69' });
  expect(await home(instantText(ground.clock.now()))).toMatchObject({
    live: { verdict: 'true', accounts: [{ source: { stored: '10211.69' } }] },
  });
  // Nothing of it was known yet.
  expect(await home('2020-01-01T00:00:00Z')).toMatchObject({ live: null });
});

test('RD29 a price that is not known makes the verdict one that cannot be said', async () => {
  await ground.update({ record: true });
  ground.bot('UPDATE positions SET current_price = NULL');
  await ground.check();
  expect(await summary()).toMatchObject({ equity: null, gate: 'deny' });
  expect((await summary())['verdict']).not.toBe('true');
  expect((await summary())['why']).toMatch(/ACI|price/);
});

test('RD30 no equity is recorded, drawn or bridged where nothing was ever booked', async () => {
  const writer = await openWriter();
  const duty = recordEquity(
    {
      ...{ reader: () => reader, markMaxAgeMs, intervalMinutes: 5 },
      openWriter: async () => ({ ...bound(writer), close: async () => undefined }),
    },
    15,
  );
  const context = { clock: ground.clock, log: rememberedLog() } as unknown as DutyContext;
  expect(await duty.run(context)).toEqual({ exitCode: 0, sentence: '0 records of equity' });
  const said = await recordPerformance(writer, reader, own(), null, markMaxAgeMs);
  expect(said.status).toBe('cannot-say');
  await writer.close();
  expect(reader.file.performance(own().account)).toEqual([]);
  expect(await ask(parts, '/api/v1/equity')).toMatchObject({
    points: [{ total: '10211.69', provisional: true }],
  });
  expect(await ask(parts, '/api/v1/bridge')).toMatchObject({
    ...{ opening: null, closing: null },
    unknown: [`${own().name}: nothing of it was ever booked`],
  });
  expect(await ask(parts, '/api/v1/performance')).toMatchObject({ equity: { total: null } });
});

const bound = (book: Awaited<ReturnType<typeof openWriter>>) => ({
  path: book.path,
  record: book.record.bind(book),
  recordAll: book.recordAll.bind(book),
  apply: book.apply.bind(book),
  keep: book.keep.bind(book),
});

test('RD31 the routes of the first incident answer from the database itself', async () => {
  expect(await ask(parts, '/api/account')).toMatchObject({
    ...{ totalValue: '10211.69', cash: '1058.7', positionsValue: '9152.99', verdict: 'break' },
    ...{ initialBalance: null, initialBalanceWhy: 'no opening and no deposit is booked' },
    source: { stored: '10000', calculated: '10211.69' },
  });
  const positions = await ask<readonly Json[]>(parts, '/api/positions');
  expect(positions).toContainEqual(
    expect.objectContaining({ symbol: expect.any(String), quantity: expect.any(String) }),
  );
  await ground.update({ record: true });
  const records = await ask<readonly Json[]>(parts, '/api/performance');
  expect(records.at(-1)).toMatchObject({ totalValue: '10211.69', cash: '1058.7' });
  const { kind, message } = await problemAt(parts, '/api/trades');
  expect([kind.code, message]).toEqual(['not-found', expect.stringContaining('its own database')]);
});
