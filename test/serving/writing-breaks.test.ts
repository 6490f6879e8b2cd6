/** What people decide about breaks over HTTP, on a book and an exchange that are really there. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { instantText } from '../../src/model/instant.ts';
import { auditOf } from '../../src/service/auditing.ts';
import type { BookWriter } from '../../src/service/book.ts';
import { BookReader } from '../../src/service/reading.ts';
import { type Asking, type Json, type Served, serve } from './served.ts';

let served: Served;
afterEach(() => served.close());

interface Change {
  readonly break: string;
  readonly state: string;
  readonly planHash: string;
  readonly sequences: readonly number[];
  readonly left: string | null;
}

const on = (id: string, what: string) => `/api/v1/breaks/${id}/${what}`;

async function done(id: string, what: string, body: unknown = {}, asking: Asking = {}) {
  const { status, body: said } = await served.post(on(id, what), body, asking);
  return { status, ...(said as unknown as Change) };
}

interface CheckedAccount {
  readonly verdict: string;
  readonly gate: string;
  readonly breaks: readonly { readonly id: string; readonly state: string }[];
}

async function checkedNow(): Promise<CheckedAccount> {
  const { body } = await served.post('/api/v1/checks');
  return (body as { accounts: readonly CheckedAccount[] }).accounts[0]!;
}

const words = (kind: string): readonly string[] => {
  const { file } = served.parts.reader;
  const account = file.accounts()[0]!;
  const options = { from: null, to: null, kinds: new Set([kind]), limit: 100, postings: false };
  return auditOf(file, account, options).entries.map(({ what }) => what);
};

const actions = (): readonly string[] =>
  served.parts.file.driver
    .prepare('SELECT actor, action, object, status FROM service_actions ORDER BY n')
    .all()
    .map((row) => row.join(' '));

/** Half a bitcoin was bought, and nobody told the book. */
async function missing(): Promise<string> {
  served = await serve();
  served.of.paper.trade('buy', '0.5');
  const { verdict, gate, breaks } = await checkedNow();
  expect([verdict, gate, breaks]).toMatchObject(['break', 'deny', [{ state: 'EXPLAINED' }]]);
  return breaks[0]!.id;
}

/** The book holds a fill that the exchange knows nothing of. */
async function extra(): Promise<string> {
  served = await serve();
  served.of.paper.trade('buy', '0.5');
  await served.check('auto');
  await served.phantom('0.2');
  const { breaks } = await checkedNow();
  return breaks[0]!.id;
}

describe('a repair', () => {
  test('SV11 of a missing fill is proposed, carried out, and proved by the venue', async () => {
    const id = await missing();
    const planned = await done(id, 'propose');
    expect(planned).toMatchObject({ status: 200, state: 'PROPOSED', left: null });
    const { planHash: plan } = planned;
    expect(plan).toMatch(/^[0-9a-f]{64}$/);
    const repaired = await done(id, 'repair', { plan });
    expect(repaired).toMatchObject({ status: 200, state: 'VERIFIED', left: null });
    const account = served.parts.reader.file.accounts()[0]!;
    const [entry] = served.parts.reader.file.entriesAt(account.account, repaired.sequences);
    expect(entry).toMatchObject({ kind: 'fill', quantity: '0.5' });
    expect(await checkedNow()).toMatchObject({ verdict: 'true', gate: 'allow', breaks: [] });
  });

  test('SV11 that a person must agree to waits for it, and names who did', async () => {
    const id = await extra();
    const { planHash: plan } = await done(id, 'propose');
    const early = await served.post(on(id, 'repair'));
    expect(early).toMatchObject({ status: 409, body: { type: '/problems/conflict' } });
    const other = await served.post(on(id, 'approve'), { plan: 'deadbeef' });
    expect(other).toMatchObject({ status: 409, body: { type: '/problems/plan-stale' } });
    const approver = { token: served.token('approve') };
    expect(await done(id, 'approve', { plan }, approver)).toMatchObject({ state: 'APPROVED' });
    expect(words('break').join()).toContain('approved by approve');
    const repaired = await done(id, 'repair', { plan }, { token: served.token('repair') });
    expect(repaired).toMatchObject({ status: 200, state: 'VERIFIED', left: null });
    expect(await checkedNow()).toMatchObject({ verdict: 'true', breaks: [] });
  });

  test('SV11 whoever proposed does not approve, where the policy wants two', async () => {
    served = await serve({ fourEyes: true });
    served.of.paper.trade('buy', '0.5');
    await served.check('auto');
    await served.phantom('0.2');
    const id = (await checkedNow()).breaks[0]!.id;
    const ada = { token: served.token('repair', 'approve') };
    const { planHash: plan } = await done(id, 'propose', {}, ada);
    expect(await served.post(on(id, 'approve'), { plan }, ada)).toMatchObject({ status: 409 });
    const bob = { token: served.token('approve') };
    expect(await done(id, 'approve', { plan }, bob)).toMatchObject({ state: 'APPROVED' });
  });

  test('SV11 of a plan for another book is refused, and nothing is written', async () => {
    const id = await missing();
    const { planHash: plan } = await done(id, 'propose');
    served.of.paper.trade('buy', '0.1');
    const stale = await served.post(on(id, 'repair'), { plan });
    expect(stale).toMatchObject({ status: 409, body: { type: '/problems/plan-stale' } });
    expect(words('fill')).toEqual([]);
  });

  test('SV11 that the venue does not prove is written, and not called verified', async () => {
    const id = await missing();
    const { paper } = served.of;
    const writer = await served.parts.writer();
    const silenced: BookWriter = {
      ...writer,
      async apply(plan) {
        const result = await writer.apply(plan);
        if (plan.entries.some((one) => 'fact' in one)) paper.silent = 'down for maintenance';
        return result;
      },
    };
    Object.assign(served.parts, { writer: async () => silenced });
    const said = await done(id, 'repair');
    expect(said).toMatchObject({ status: 200, state: 'REPAIRED' });
    expect(said.left).toContain('proves it');
  });

  test('SV11 of what nobody recorded, or is closed already, is refused', async () => {
    const id = await missing();
    expect(await served.post(on('BRK-NOBODY', 'repair'))).toMatchObject({ status: 404 });
    await done(id, 'repair');
    expect(await served.post(on(id, 'repair'))).toMatchObject({ status: 409 });
  });

  test('SV12 an entry is taken back once, by one that names it', async () => {
    const id = await missing();
    const [sequence] = (await done(id, 'repair')).sequences;
    const path = `/api/v1/entries/main/${sequence}/undo`;
    const undone = await served.post(path);
    expect(undone).toMatchObject({ status: 200, body: { account: 'main', entry: sequence } });
    expect(await served.post(path)).toMatchObject({ status: 409 });
    expect(await served.post('/api/v1/entries/main/9999/undo')).toMatchObject({ status: 404 });
    expect(await checkedNow()).toMatchObject({ verdict: 'break' });
  });

  test('SV70 whoever takes an entry back, or says something, is named by the entry', async () => {
    const id = await missing();
    const [sequence] = (await done(id, 'repair')).sequences;
    await served.post(on(id, 'comment'), { text: 'asked the venue' });
    await served.post(`/api/v1/entries/main/${sequence}/undo`);
    expect(words('reversal')).toEqual([`takes back ${sequence}, by admin`]);
    const by = async (kind: string) => {
      const { body } = await served.get(`/api/v1/audit?kind=${kind}&limit=1`);
      return (body as unknown as { items: readonly { by: string | null }[] }).items[0]!.by;
    };
    expect([await by('reversal'), await by('remark')]).toEqual(['admin', 'admin']);
    // Nobody is named who booked a fill, and the program is not either.
    expect(await by('fill')).toBeNull();
  });
});

test('SV72 what is not there is told alike to whoever reads and whoever writes', async () => {
  served = await serve();
  const told = async (method: string, path: string, body?: object) => {
    const { status, body: said } = await served.ask(method, `/api/v1${path}`, { body });
    const { detail, hint, accounts } = said as Record<string, unknown>;
    return { status, detail, hint, accounts };
  };
  const read = await told('GET', '/breaks/BRK-N0B0DY');
  expect(read).toMatchObject({ status: 404, hint: 'see /api/v1/breaks?state=all' });
  expect(await told('POST', '/breaks/BRK-N0B0DY/propose', {})).toEqual(read);
  const account = await told('GET', '/accounts/nobody');
  expect(account).toMatchObject({ status: 404, accounts: ['main'] });
  expect(await told('POST', '/checks', { account: 'nobody' })).toEqual(account);
  expect(await told('POST', '/entries/nobody/1/undo')).toEqual(account);
});

test('SV73 a word about one break reads the steps of no other anew', async () => {
  served = await serve();
  await served.phantom('0.4');
  const [one] = (await checkedNow()).breaks;
  await done(one!.id, 'comment', { text: 'asked the venue' });
  const { file } = served.parts.reader;
  const reads = [vi.spyOn(file, 'seriesOf'), vi.spyOn(file, 'entriesWithId')];
  const said = await done(one!.id, 'comment', { text: 'it answered' });
  expect(said).toMatchObject({ status: 200, break: one!.id });
  expect(reads.flatMap(({ mock }) => mock.calls.filter(([, kind]) => kind === 'break'))).toEqual(
    [],
  );
});

describe('a word about a break', () => {
  test('SV11 it is snoozed, accepted up to a sum, and taken up again', async () => {
    const id = await missing();
    const reason = 'the venue is asked';
    const snoozed = await done(id, 'snooze', { until: '2h', reason });
    expect(snoozed).toMatchObject({ status: 200, state: 'SNOOZED' });
    expect(words('break').at(-1)).toContain(`${reason}, snoozed by admin`);
    expect(await done(id, 'reopen')).toMatchObject({ state: 'OPEN' });
    const tooLittle = await served.post(on(id, 'accept'), { until: '30d', reason, cap: '0.01' });
    expect(tooLittle).toMatchObject({ status: 409, body: { refusal: 'hold-cap-exceeded' } });
    const accepted = await done(id, 'accept', { until: '30d', reason, cap: '100000' });
    expect(accepted).toMatchObject({ state: 'ACCEPTED' });
    expect(await checkedNow()).toMatchObject({ gate: 'allow' });
    expect((await done(id, 'reopen')).state).not.toBe('ACCEPTED');
    expect(await served.post(on(id, 'reopen'))).toMatchObject({ status: 409 });
  });

  const unfit: readonly (readonly [string, object])[] = [
    ['no reason', { until: '2h' }],
    ['no time', { until: 'tomorrow', reason: 'x' }],
    ['a day that has come', { until: '2020-01-01T00:00:00Z', reason: 'x' }],
    ['a day that no book keeps', { until: '999999999d', reason: 'x' }],
    ['no scope', { until: '2h', reason: 'x', scope: 'galaxy' }],
  ];

  test('SV11 what is no word about a break is refused, and nothing is noted', async () => {
    const id = await missing();
    for (const [what, body] of unfit) {
      const { status } = await served.post(on(id, 'snooze'), body);
      expect([what, status]).toEqual([what, 400]);
    }
    expect(words('break').join()).not.toContain('SNOOZED');
  });

  test('SV19 a remark is an entry, its words outside the chain, and moves no plan', async () => {
    const id = await missing();
    const { planHash: plan } = await done(id, 'propose');
    const text = 'asked the venue,\nticket 4711';
    const said = await done(id, 'comment', { text }, { token: served.token('repair') });
    expect(said).toMatchObject({ status: 200, state: 'PROPOSED', planHash: plan });
    expect(words('remark')).toEqual([`repair on ${id}: ${text}`]);
    const { driver } = served.parts.reader.file;
    const body = driver.value("SELECT body FROM book_entries WHERE kind = 'remark'");
    expect(String(body)).not.toContain('4711');
    const shown = await served.get(`/api/v1/breaks/${id}`);
    expect(shown.body).toMatchObject({
      remarks: [{ by: 'repair', text, sequence: said.sequences[0] }],
    });
    expect(await done(id, 'repair', { plan })).toMatchObject({ state: 'VERIFIED' });
    // The book reads the same when it is opened anew.
    const reader = new BookReader(served.of.book, served.of.clock);
    expect(reader.file.accounts()).toHaveLength(1);
    reader.close();
  });
});

test('SV9 each write of whoever may leaves a row, also one that was refused', async () => {
  const id = await missing();
  await done(id, 'comment', { text: 'mine' }, { token: served.token('repair'), key: 'k1' });
  await done(id, 'comment', { text: 'mine' }, { token: served.token('repair'), key: 'k1' });
  await served.post(on(id, 'approve'), { plan: 'abcd' }, { token: served.token('read') });
  await served.post(on(id, 'approve'), { plan: 'abcd' });
  await served.post(on(id, 'approve'), { plan: 'abcd' }, { token: null });
  const comment = 'POST /api/v1/breaks/:id/comment';
  const approve = 'POST /api/v1/breaks/:id/approve';
  expect(actions()).toEqual([
    'admin POST /api/v1/checks /api/v1/checks 200',
    // Sent twice it was done once.
    `repair ${comment} ${on(id, 'comment')} 200`,
    // Who may not approve leaves no row, who may and is refused does.
    `admin ${approve} ${on(id, 'approve')} 409`,
  ]);
  const shown: Json = (await served.get('/api/v1/actions')).body;
  expect(shown).toMatchObject({ schema: 'trueup.actions/1' });
});

test('SV25 who may repair does not speak for the venue', async () => {
  await missing();
  const now = instantText(served.of.clock.now());
  const total = '100000';
  const text = JSON.stringify({
    ...{ schema: 'trueup.statement/1', venue: null, account: 'main', asOf: now },
    positions: { complete: true, items: [] },
    orders: { complete: true, items: [] },
    balances: { complete: true, items: [{ currency: 'USDT', total }] },
  });
  const { status, body } = await served.post('/api/v1/statements', text, {
    token: served.token('repair'),
  });
  expect([status, body]).toMatchObject([409, { type: '/problems/conflict' }]);
  expect((await served.get('/api/v1/gate/main')).body).toMatchObject({ gate: 'deny' });
});
