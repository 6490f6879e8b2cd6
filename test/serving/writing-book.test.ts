/** Facts, statements and checks over HTTP, on a book that no venue is asked about. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { instantText } from '../../src/model/instant.ts';
import { parseStatementText } from '../../src/model/parse-statement.ts';
import { checkBook } from '../../src/service/duties/check-book.ts';
import type { DutyContext } from '../../src/service/duties/duty.ts';
import type { Scope } from '../../src/service/serving/access/actor.ts';
import { factsMax } from '../../src/service/serving/routes/writing-facts.ts';
import { routes } from '../../src/service/serving/routes.ts';
import { type Served, serve } from './served.ts';

let served: Served;
beforeEach(async () => {
  served = await serve({ venue: false });
});
afterEach(() => served.close());

const account = {
  ...{ kind: 'account', account: 'bot', venue: 'manual', currency: 'USDT', costMethod: 'average' },
  ...{ feesInCost: false, mode: 'paper', positionMode: 'net', time: '2026-01-05T00:00:00Z' },
};
const deposit = (id: string, amount: string) => ({
  ...{
    kind: 'deposit',
    account: 'bot',
    id,
    currency: 'USDT',
    amount,
    time: '2026-01-05T10:00:00Z',
  },
});

const lines = (...facts: readonly object[]) => facts.map((one) => JSON.stringify(one)).join('\n');
const tell =
  (scope: Scope) =>
  (text: string, type = 'application/x-ndjson') =>
    served.ask('POST', '/api/v1/facts', {
      ...{ token: served.token(scope), body: text, key: null, headers: { 'content-type': type } },
    });
const book = tell('admin');
const bot = tell('trade');
const statuses = (body: unknown) =>
  (body as { outcomes: { status: string }[] }).outcomes.map(({ status }) => status);

test('SV12 a bot reports facts as lines or as a list; told again they count once', async () => {
  await book(lines(account));
  const first = await bot(lines(deposit('d1', '100.10')));
  expect([first.status, statuses(first.body)]).toEqual([200, ['booked']]);
  const again = await bot(
    JSON.stringify([deposit('d1', '100.10'), deposit('d2', '5')]),
    'application/json',
  );
  expect(statuses(again.body)).toEqual(['duplicate', 'booked']);
  const other = await bot(lines(deposit('d2', '6')));
  expect(other.body).toMatchObject({
    outcomes: [{ status: 'conflict', why: 'differs in amount' }],
  });
});

test('SV12 of facts that cannot be read all are named, and none is booked', async () => {
  await book(lines(account));
  const binary = `${lines(deposit('d1', '1'))}\n${lines(deposit('d2', '2')).replace('"2"', '2.5')}`;
  const { status, body } = await book(`${binary}\n{"kind":"nonsense"}`);
  expect(status).toBe(400);
  expect(body).toMatchObject({
    ...{ type: '/problems/refused', detail: expect.stringContaining('2.5 is a JSON number') },
    errors: [{ where: { line: 2, field: 'amount' } }, { where: { line: 3 } }],
  });
  expect((await book(lines(deposit('d1', '1')))).body).toMatchObject({
    outcomes: [{ status: 'booked' }],
  });
  expect((await book('')).status).toBe(400);
});

const time = '2026-01-05T10:00:00Z';
const own = { account: 'bot', time };
const forBots: readonly object[] = [
  deposit('d1', '100'),
  {
    ...own,
    kind: 'funding',
    id: 'f1',
    instrument: 'BTC/USDT:USDT',
    currency: 'USDT',
    amount: '-1',
  },
  {
    ...{ ...own, kind: 'fill', executionId: 'e1', orderId: 'o1', instrument: 'BTC/USDT:USDT' },
    ...{ side: 'buy', quantity: '1', price: '10', fees: [], feesComplete: true },
  },
  { kind: 'mark', instrument: 'BTC/USDT:USDT', price: '10', time },
];
const forOthers: readonly object[] = [
  account,
  { ...deposit('d9', '5'), kind: 'adjustment', reason: 'a wish' },
  { ...own, kind: 'opening', balances: [], positions: [] },
  { ...own, kind: 'bust', executionId: 'e1', bustId: 'b1' },
  { ...own, kind: 'correction', executionId: 'e1', correctionId: 'c1', price: '11' },
  { ...own, kind: 'split', instrument: 'BTC/USDT', ratio: '2/1', cashInLieu: '0', id: 's1' },
  { ...own, kind: 'rename', from: 'A/USDT', to: 'B/USDT', id: 'r1' },
  { kind: 'currency', currency: 'XYZ', decimals: 2 },
  { ...deposit('d9', '5'), account: 'of-somebody' },
];

test('SV27 a bot reports what it sees happen; the rest is told by who runs the book', async () => {
  await book(lines(account));
  expect((await bot(lines(...forBots))).status).toBe(200);
  const { length } = served.parts.reader.file.accounts();
  const head = served.parts.reader.file.head(1).sequence;
  for (const fact of forOthers) {
    const answer = await bot(lines(deposit('d-new', '7'), fact));
    expect([fact, answer.status, answer.body]).toMatchObject([
      ...[fact, 403, { type: '/problems/scope-missing', scope: 'admin', fact: 2 }],
    ]);
  }
  // Nothing of it was booked, and nobody has an account more.
  expect(served.parts.reader.file.head(1).sequence).toBe(head);
  expect(served.parts.reader.file.accounts()).toHaveLength(length);
  const { status, body } = await book(lines(forOthers[1]!, forOthers.at(-1)!));
  expect([status, body]).toMatchObject([200, { accountsMade: ['of-somebody'] }]);
});

test('SV27 so many facts at once, and of the unfit no more is read than is named', async () => {
  await book(lines(account));
  const tooMany = await bot('x\n'.repeat(factsMax + 2));
  expect(tooMany).toMatchObject({ status: 413, body: { type: '/problems/too-large' } });
  expect((await bot(`[${'1,'.repeat(factsMax)}1]`, 'application/json')).status).toBe(413);
  const unfit = await bot('x\n'.repeat(factsMax));
  expect(unfit.status).toBe(400);
  expect((unfit.body as { errors: unknown[] }).errors).toHaveLength(50);
  expect((unfit.body as { detail: string }).detail).toMatch(/, and at least 50 more$/);
});

test('SV27 of a statement, too, no more faults are put into words than are told', () => {
  const positions = `{"complete":true,"items":[${'{},'.repeat(9)}1]}`;
  const { refusals } = parseStatementText(
    `{"positions":${positions}}`,
    {},
    {
      ...{ strict: false, toldMax: 5 },
    },
  );
  expect(refusals.length).toBeGreaterThan(20);
  expect(new Set(refusals).size).toBe(5);
});

const statement = (usdt: string, name = 'bot') =>
  JSON.stringify({
    ...{ schema: 'trueup.statement/1', venue: null, account: name, asOf: '2026-01-05T12:00:00Z' },
    balances: {
      ...{ complete: true, error: null },
      items: [{ currency: 'USDT', total: usdt, available: null }],
    },
  });

test('SV12 a statement is held against the book, and is what is checked against', async () => {
  await book(lines(account, deposit('d1', '100')));
  const equal = await served.post('/api/v1/statements', statement('100'));
  expect(equal.body).toMatchObject({ accounts: [{ account: 'bot' }] });
  const differs = await served.post('/api/v1/statements', statement('90'));
  expect(differs).toMatchObject({
    status: 200,
    body: { accounts: [{ verdict: 'break', gate: 'deny' }] },
  });
  const checked = await served.post('/api/v1/checks', { account: 'bot' });
  expect(checked.body).toMatchObject({ accounts: [{ verdict: 'break' }] });
  expect((await served.post('/api/v1/statements', statement('1', 'other'))).status).toBe(404);
  expect((await served.post('/api/v1/statements', '{"schema":"x"}')).status).toBe(400);
  expect((await served.post('/api/v1/checks', { account: 'other' })).status).toBe(404);
});

test('RD10 the bodies that the description shows are taken as they stand', async () => {
  const of = { account: 'main' };
  await book(lines({ ...account, ...of }, { ...deposit('d1', '1000'), ...of }));
  const shown = (path: string): unknown => {
    const one = routes.find((each) => each.path === path && each.method === 'POST')!;
    return (one.body!.meta()!['examples'] as readonly unknown[])[0];
  };
  const facts = await bot(JSON.stringify(shown('/api/v1/facts')), 'application/json');
  expect([facts.status, statuses(facts.body)]).toEqual([200, ['booked']]);
  const said = await served.post('/api/v1/statements', shown('/api/v1/statements'));
  expect(said).toMatchObject({ status: 200, body: { accounts: [{ account: 'main' }] } });
});

test('SV44 who sends no body says nothing: what is required is then named', async () => {
  await book(lines(account, deposit('d1', '100')));
  const silent = (path: string) => served.ask('POST', path);
  expect(await silent('/api/v1/checks')).toMatchObject({ status: 200 });
  const typed = { headers: { 'content-type': 'application/json' } };
  expect(await served.ask('POST', '/api/v1/checks', typed)).toMatchObject({ status: 200 });
  const approve = await silent('/api/v1/breaks/BRK-1/approve');
  expect(approve).toMatchObject({ status: 400, body: { type: '/problems/request-invalid' } });
  expect(approve.body!['detail']).toMatch(/body\/plan/);
  expect(await silent('/api/v1/breaks/BRK-1/repair')).toMatchObject({ status: 404 });
  expect(await silent('/api/v1/facts')).toMatchObject({ status: 400 });
});

const ahead = (ms: number) => instantText(served.of.clock.now() + BigInt(ms) * 1_000_000n);

test('SV25 a statement of the future is refused, beyond what two clocks differ', async () => {
  await book(lines(account, deposit('d1', '100')));
  const told = JSON.parse(statement('100')) as object;
  const send = (times: object) =>
    served.post('/api/v1/statements', JSON.stringify({ ...told, ...times }));
  for (const times of [{ asOf: ahead(90_000) }, { takenAt: ahead(90_000) }]) {
    expect(await send(times)).toMatchObject({
      ...{ status: 400, body: { refusal: 'statement-ahead' } },
    });
  }
  expect((await send({ asOf: ahead(30_000) })).status).toBe(200);
});

test('SV25 a check is no younger than when it was written down', async () => {
  await book(lines(account, deposit('d1', '100')));
  const sections = { positions: [], orders: [], balances: [{ currency: 'USDT', total: '100' }] };
  const told = { schema: 'trueup.statement/1', venue: null, account: 'bot', asOf: ahead(50_000) };
  const whole = Object.entries(sections).map(([name, items]) => [name, { complete: true, items }]);
  const text = JSON.stringify({ ...told, ...Object.fromEntries(whole) });
  const { body } = await served.post('/api/v1/statements', text);
  expect(body).toMatchObject({ accounts: [{ verdict: 'true', gate: 'allow' }] });
  // 310 seconds after it was sent, and 260 after the time that it names.
  served.of.clock.pass(310_000);
  const gate = (await served.get('/api/v1/gate/bot')).body as {
    accounts: [{ reasons: { code: string }[]; lastCompleteCheck: { ageSeconds: number } }];
  };
  const [{ reasons, lastCompleteCheck }] = gate.accounts;
  expect(lastCompleteCheck.ageSeconds).toBeGreaterThanOrEqual(310);
  expect(reasons.map(({ code }) => code)).toContain('check-too-old');
});

test('SV15 repairs without a person are stopped and go on, by name, in each account', async () => {
  await book(lines(account));
  const stop = () => served.post('/api/v1/policy/stop', { reason: 'the venue migrates' });
  expect((await stop()).body).toMatchObject({
    stopped: true,
    accounts: [{ account: 'bot', changed: true }],
  });
  expect((await stop()).body).toMatchObject({ accounts: [{ changed: false }] });
  expect(served.parts.stop()).toMatchObject({ reason: 'the venue migrates', by: 'admin' });
  expect((await served.post('/api/v1/policy/go', {})).body).toMatchObject({ stopped: false });
  expect(served.parts.stop()).toBe(null);
  expect((await served.post('/api/v1/policy/stop', {})).status).toBe(400);
});

test('RD7 where nothing was ever booked the total is not known, and not zero', async () => {
  await book(lines(account));
  const { body } = await served.get('/api/account');
  expect(body).toMatchObject({
    ...{ account: 'bot', totalValue: null, verdict: 'cannot-say' },
    unpriced: [{ what: 'bot', why: 'nothing of it was ever booked' }],
  });
  await book(lines(deposit('d1', '100')));
  expect((await served.get('/api/account')).body).toMatchObject({
    totalValue: '100',
    unpriced: [],
  });
});

test('SV38 where nobody was ever compared, all of them say that none can say', async () => {
  await book(lines(account, deposit('d1', '100')));
  const { body } = await served.post('/api/v1/checks');
  const why = 'never checked: nobody was ever compared with it';
  expect(body).toMatchObject({ accounts: [{ verdict: 'cannot-say', why, gate: 'deny' }] });
  const { clock, hold, log } = served.of;
  const held = { reader: () => hold.reader(), openWriter: () => hold.writer() };
  const duty = checkBook({ ...held, markMaxAgeMs: 1, intervalMinutes: 5 }, []);
  const { signal } = new AbortController();
  const context = { clock, log, options: {}, signal } as unknown as DutyContext;
  const sentence = 'CANNOT SAY: 1 account, 0 breaks; nobody was ever compared with bot';
  expect(await duty.run(context)).toEqual({ exitCode: 5, sentence });
  expect(log.said().at(-1)).toBe(`book.checked: ${sentence}`);
  expect((await served.get('/api/v1/accounts/bot')).body).toMatchObject({
    ...{ verdict: 'cannot-say', why },
  });
});
