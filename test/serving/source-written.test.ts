/** Written into a bot's database, and then something failed: in our book, or in looking again. */
import { afterEach, expect, test, vi } from 'vitest';
import type { BookWriter } from '../../src/service/book.ts';
import { SourceBook } from '../../src/service/source/source-book.ts';
import { VenueRefused } from '../../src/service/venues/refused.ts';
import { StoreError } from '../../src/store/store-error.ts';
import { rowBehind } from './rows-stage.ts';
import type { Answer, Json, Served } from './served.ts';
import { serveSource } from './source-stage.ts';

let served: Served;
afterEach(async () => {
  vi.restoreAllMocks();
  await served.close();
});

const busy = () => new StoreError('busy', 'the book is locked', 'try again');

const post = (id: string, what: string, body: Json = {}): Promise<Answer> =>
  served.post(`/api/v1/breaks/${id}/${what}`, body);

const stateOf = async (id: string) =>
  (await served.get(`/api/v1/breaks/${id}`)).body!['state'] as string;

const writesOf = (account: string): number => {
  const { file } = served.parts.reader;
  const rows = [...file.entries(file.accountNamed(account)!.account, 0, 1_000)];
  return rows.filter(({ kind }) => kind === 'source-write').length;
};

/** The break of a total of 10,000 that should be 10,211.69, approved in its plan. */
async function agreedTotal() {
  const staged = await serveSource();
  served = staged.served;
  await staged.look();
  const { body } = await served.get('/api/v1/breaks');
  const all = body!['items'] as readonly { readonly id: string; readonly reason: string }[];
  const { id } = all.find(({ reason }) => reason === 'TOTAL_STALE')!;
  const plan = (await post(id, 'propose')).body!['planHash'] as string;
  expect((await post(id, 'approve', { plan })).body).toMatchObject({ state: 'APPROVED' });
  const total = () => staged.cell('SELECT total_value FROM account');
  const logged = () => staged.cell('SELECT count(*) FROM trueup_audit');
  return { ...{ staged, id, plan, total, logged } };
}

/** The book is prepared by the first write of a repair; the others note, in their order. */
function failFrom(call: number): void {
  const real = SourceBook.prototype.write;
  let calls = 0;
  vi.spyOn(SourceBook.prototype, 'write').mockImplementation(function (this: SourceBook, ...words) {
    calls += 1;
    return calls < call ? real.apply(this, words) : Promise.reject(busy());
  });
}

const unnoted = {
  status: 500,
  body: {
    detail: 'it was written, as row 1 of trueup_audit says, and our book could not note it',
    ...{ audit: 1, failure: 'busy', hint: expect.stringContaining('not done a second time') },
  },
};

test('SV59 a total that is written and not noted is told so, and found the next time', async () => {
  const { id, plan, total, logged } = await agreedTotal();
  failFrom(2);
  const once = () => served.post(`/api/v1/breaks/${id}/repair`, { plan }, { key: 'once' });
  expect(await once()).toMatchObject(unnoted);
  expect(await once()).toMatchObject({ status: 409, body: { type: '/problems/outcome-unknown' } });
  expect([total(), logged(), await stateOf(id)]).toEqual([10_211.69, 1, 'APPROVED']);
  // While the book cannot be written it is told alike, and not written again.
  expect(await post(id, 'repair', { plan })).toMatchObject(unnoted);
  vi.restoreAllMocks();
  const again = await post(id, 'repair', { plan });
  expect(again).toMatchObject({ status: 200, body: { state: 'VERIFIED', left: null } });
  expect(again.body!['sequences']).toHaveLength(1);
  expect([total(), logged(), writesOf('falcon')]).toEqual([10_211.69, 1, 1]);
});

test('SV59 one word of a person is one write, also where the bot wrote over it', async () => {
  const { staged, id, plan, total, logged } = await agreedTotal();
  failFrom(2);
  expect(await post(id, 'repair', { plan })).toMatchObject(unnoted);
  vi.restoreAllMocks();
  // What is stored is what was agreed to be replaced: the plan would be the same.
  staged.bot('UPDATE account SET total_value = 10000');
  const again = await post(id, 'repair', { plan });
  expect(again.status).toBe(200);
  expect(again.body!['state']).not.toMatch(/REPAIRED|VERIFIED/);
  expect(again.body!['left']).toContain('written, and it differs again');
  expect([total(), logged()]).toEqual([10_000, 1]);
});

test('SV60 a total that nobody could look at again is repaired, and not proved', async () => {
  const { id, plan, total, logged } = await agreedTotal();
  failFrom(3);
  const done = await post(id, 'repair', { plan });
  expect(done).toMatchObject({
    status: 200,
    body: { state: 'REPAIRED', left: expect.stringContaining('nobody could compare again yet') },
  });
  expect(done.body!['sequences']).toHaveLength(1);
  vi.restoreAllMocks();
  // Asked for again it is looked at, and not written.
  const again = await post(id, 'repair', { plan });
  expect(again).toMatchObject({ status: 200, body: { state: 'VERIFIED', left: null } });
  expect([total(), logged(), writesOf('falcon')]).toEqual([10_211.69, 1, 1]);
});

/** The row that says 0.5 where the exchange holds 0.3, approved in its plan. */
async function agreedRow() {
  const staged = await rowBehind();
  served = staged.served;
  expect((await served.post('/api/v1/checks')).status).toBe(200);
  served.of.clock.pass(3_000);
  const { body } = await served.get('/api/v1/accounts/main/rows');
  const [row] = body!['items'] as readonly { readonly break: { readonly id: string } }[];
  const { id } = row!.break;
  const plan = (await post(id, 'propose')).body!['planHash'] as string;
  expect((await post(id, 'approve', { plan })).body).toMatchObject({ state: 'APPROVED' });
  const quantity = () => staged.sql('SELECT quantity FROM positions WHERE id = 7')[0]!['quantity'];
  const isWritten = () =>
    staged.sql("SELECT 1 FROM sqlite_master WHERE name = 'trueup_audit'").length > 0 &&
    staged.sql('SELECT 1 FROM trueup_audit').length > 0;
  const logged = () => staged.sql('SELECT 1 FROM trueup_audit').length;
  return { ...{ id, plan, quantity, isWritten, logged } };
}

/** Behind the write into the database, this many notes are made before the book is busy. */
function failBehind(isWritten: () => boolean, notes: number): void {
  let behind = 0;
  const real = served.parts.writer;
  vi.spyOn(served.parts, 'writer').mockImplementation(async () => {
    const writer = await real();
    const apply: BookWriter['apply'] = async (plan) => {
      if (isWritten()) behind += 1;
      if (behind > notes) throw busy();
      return await writer.apply(plan);
    };
    return {
      ...{ path: writer.path, apply },
      record: (fact) => writer.record(fact),
      recordAll: (...words) => writer.recordAll(...words),
      keep: (...words) => writer.keep(...words),
      close: () => writer.close(),
    };
  });
}

test('SV59 a row that is written and not noted is told so, and found the next time', async () => {
  const { id, plan, quantity, isWritten, logged } = await agreedRow();
  failBehind(isWritten, 0);
  expect(await post(id, 'repair', { plan })).toMatchObject(unnoted);
  expect([quantity(), logged(), await stateOf(id)]).toEqual([0.3, 1, 'APPROVED']);
  vi.restoreAllMocks();
  const again = await post(id, 'repair', { plan });
  expect(again, again.text).toMatchObject({ status: 200, body: { state: 'VERIFIED', left: null } });
  expect(again.body!['sequences']).toHaveLength(1);
  expect([quantity(), logged(), writesOf('main')]).toEqual([0.3, 1, 1]);
});

test('SV60 a row that nobody could look at again is repaired, and not proved', async () => {
  const { id, plan, quantity, isWritten, logged } = await agreedRow();
  failBehind(isWritten, 1);
  expect(await post(id, 'repair', { plan })).toMatchObject({
    status: 200,
    body: { state: 'REPAIRED', left: expect.stringContaining('nobody could compare again yet') },
  });
  vi.restoreAllMocks();
  const again = await post(id, 'repair', { plan });
  expect(again, again.text).toMatchObject({ status: 200, body: { state: 'VERIFIED', left: null } });
  expect([quantity(), logged(), writesOf('main')]).toEqual([0.3, 1, 1]);
});

test('SV60 where the venue refuses behind a repair, it is done, the account is not', async () => {
  const { id, plan, quantity } = await agreedRow();
  const desk = served.of.desk!;
  const real = desk.compared.bind(desk);
  let calls = 0;
  vi.spyOn(desk, 'compared').mockImplementation((...words) => {
    calls += 1;
    if (calls === 1) return real(...words);
    const where = { field: 'venues.paper' };
    const refusal = { code: 'venue-refused', message: 'no', where, rule: 'none', hint: 'wait' };
    return Promise.reject(new VenueRefused(refusal));
  });
  expect(await post(id, 'repair', { plan })).toMatchObject({
    status: 200,
    body: { state: 'VERIFIED', left: expect.stringContaining('nobody could compare the account') },
  });
  expect([calls, quantity()]).toEqual([2, 0.3]);
});
