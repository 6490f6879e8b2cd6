/** Rows of a bot's database as in incident 2, beside a venue that answers: seen, and repaired. */
import { afterEach, describe, expect, test } from 'vitest';
import { instantText } from '../../src/model/instant.ts';
import { perpetual } from './live-paper.ts';
import { type RowsStaged, rowBehind } from './rows-stage.ts';
import type { Json, Served, ServedOptions } from './served.ts';

let served: Served;
let staged: RowsStaged;
afterEach(() => served.close());

async function behind(options: ServedOptions = {}, mayWrite = true): Promise<RowsStaged> {
  staged = await rowBehind(options, mayWrite);
  served = staged.served;
  return staged;
}

const sql = (statement: string) => staged.sql(statement);

interface Rows {
  readonly items: readonly (Record<string, unknown> & {
    readonly break: { readonly id: string } | null;
  })[];
  readonly counts: Json;
  readonly source: Json;
}

const rows = async (): Promise<Rows> =>
  (await served.get('/api/v1/accounts/main/rows')).body as unknown as Rows;

/** Looks at the rows, and notes it; the break of the one row. */
async function noted(): Promise<string> {
  const { status, text } = await served.post('/api/v1/checks');
  expect(status, text).toBe(200);
  served.of.clock.pass(3_000);
  const [first] = (await rows()).items;
  return first!.break!.id;
}

const post = (id: string, what: string, body: Json = {}) =>
  served.post(`/api/v1/breaks/${id}/${what}`, body);

const stored = () => sql('SELECT quantity, status FROM positions WHERE id = 7')[0];

describe('SV54 a row that says 0.5 where the exchange says 0.3', () => {
  test('SV54 stands beside it with the difference, the reason and the break', async () => {
    await behind();
    const before = await rows();
    expect(before).toMatchObject({
      source: { name: 'sqlite:bot.db', kind: 'positions', shut: null },
      figures: null,
      counts: { open: 1, closed: 0 },
    });
    expect(before.items).toMatchObject([
      {
        ...{ id: '7', symbol: perpetual, instrument: perpetual, side: 'long', status: 'open' },
        quantity: { ours: '0.5', theirs: '0.3', difference: '-0.2', state: 'different' },
        ...{ break: null, why: expect.stringContaining('0.2') },
      },
    ]);
    const id = await noted();
    const { body } = await served.get('/api/v1/home');
    expect(body).toMatchObject({ paper: { verdict: 'break' }, breaks: [{ id }] });
  });

  test('SV54 is written to 0.3 with a backup and an audit row, and VERIFIED', async () => {
    await behind();
    const id = await noted();
    const shown = (await served.get(`/api/v1/breaks/${id}`)).body as unknown as {
      readonly repair: { readonly planHash: string; readonly needsApproval: boolean };
      readonly commands: readonly string[];
    };
    expect(shown.repair).toMatchObject({
      rows: [`${perpetual} quantity: 0.5 -> 0.3`],
      effects: [{ before: '0.5', after: '0.3', change: '-0.2' }],
    });
    expect(shown.commands.at(-1)).toContain('trueup sync --source sqlite:bot.db --venue paper');
    const { planHash: plan } = shown.repair;
    expect((await post(id, 'propose')).body).toMatchObject({ state: 'PROPOSED', planHash: plan });
    expect((await post(id, 'approve', { plan })).body).toMatchObject({ state: 'APPROVED' });
    expect(stored()).toMatchObject({ quantity: 0.5 });
    const done = await post(id, 'repair', { plan });
    expect(done).toMatchObject({ status: 200, body: { state: 'VERIFIED', left: null } });
    expect(stored()).toMatchObject({ quantity: 0.3, status: 'active' });
    expect(sql('SELECT action FROM trueup_audit')).toHaveLength(1);
    const { body } = await served.get('/api/v1/home');
    expect(body).toMatchObject({ paper: { verdict: 'true' } });
    served.of.clock.pass(3_000);
    expect((await rows()).items[0]).toMatchObject({
      quantity: { ours: '0.3', theirs: '0.3', difference: '0', state: 'equal' },
    });
  });

  test('SV56 what was written to a row is taken back by its entry', async () => {
    await behind();
    const id = await noted();
    const { body } = await post(id, 'repair');
    const [entry] = body!['sequences'] as readonly number[];
    const undone = await served.post(`/api/v1/entries/main/${entry}/undo`);
    expect(undone, undone.text).toMatchObject({ status: 200 });
    expect(stored()).toMatchObject({ quantity: 0.5 });
    expect((await served.get('/api/v1/home')).body).toMatchObject({ paper: { verdict: 'break' } });
  });

  test('SV54 where the row moved since the plan, nothing is written', async () => {
    await behind();
    const id = await noted();
    const { body } = await post(id, 'propose');
    sql('UPDATE positions SET quantity = 0.4 WHERE id = 7');
    const stale = await post(id, 'repair', { plan: body!['planHash'] });
    expect(stale).toMatchObject({ status: 409, body: { type: '/problems/plan-stale' } });
    expect(stored()).toMatchObject({ quantity: 0.4 });
  });

  test('SV52 SV54 where nothing may be written, the row says what to do', async () => {
    await behind({}, false);
    const id = await noted();
    const { body } = await served.get(`/api/v1/breaks/${id}`);
    expect(body).toMatchObject({
      repair: { planHash: null, because: expect.stringContaining('--repair never') },
    });
    expect((await post(id, 'repair')).status).toBe(409);
    expect(stored()).toMatchObject({ quantity: 0.5 });
  });
});

describe('SV55 rows beside what nobody can say', () => {
  test('SV55 a closed row comes last, and what it left empty is not zero', async () => {
    await behind();
    staged.row('8', '1', 'closed');
    const { items, counts } = await rows();
    expect(counts).toEqual({ open: 1, closed: 1 });
    expect(items.at(-1)).toMatchObject({
      ...{ id: '8', status: 'closed', exitPrice: null, realisedPnl: null },
      quantity: { theirs: null, difference: null },
    });
  });

  test('SV55 a row of a symbol that nobody knows is unknown, and says why', async () => {
    await behind();
    staged.row('9', '2');
    sql("UPDATE positions SET symbol = 'NOSUCH' WHERE id = 9");
    const { items } = await rows();
    const unknown = items.find(({ id }) => id === '9');
    expect(unknown).toMatchObject({
      quantity: { ours: '2', theirs: null, difference: null, state: 'unknown' },
      why: expect.any(String),
    });
  });

  test('SV55 equal to what was said too long ago is not equal', async () => {
    await behind();
    sql('UPDATE positions SET quantity = 0.3 WHERE id = 7');
    expect((await rows()).items[0]).toMatchObject({ quantity: { state: 'equal' }, why: null });
    served.of.paper.silent = 'maintenance';
    served.of.clock.pass(301_000);
    expect((await rows()).items[0]).toMatchObject({
      quantity: { ours: '0.3', theirs: '0.3', state: 'unknown' },
      why: expect.stringContaining('too old'),
    });
    expect((await served.post('/api/v1/checks')).status).toBe(200);
  });

  test('SV55 what was written a moment ago is settling, and no break yet', async () => {
    await behind();
    const at = instantText(served.of.clock.now()).replace('Z', '+00:00');
    sql(`UPDATE positions SET updated_at = '${at}' WHERE id = 7`);
    expect((await rows()).items[0]).toMatchObject({ quantity: { state: 'settling' }, break: null });
  });

  test('SV55 what is held and has no row is shown where it is a break', async () => {
    const { orderId, clientOrderId } = (await behind()).opened;
    sql('DELETE FROM positions');
    expect((await rows()).items).toEqual([]);
    // The bot's own order opened it: then its store lacks a row.
    sql(`INSERT INTO orders (id, exchange, symbol, order_id, client_order_id, type, side, size,
      status, filled) VALUES (1, 'bybit', '${perpetual}', '${orderId}', '${clientOrderId}',
      'market', 'buy', 0.5, 'closed', 0.5)`);
    served.of.clock.pass(3_000);
    expect((await rows()).items).toMatchObject([
      {
        ...{ id: null, instrument: perpetual, side: 'long', status: 'missing' },
        quantity: { ours: null, theirs: '0.3', difference: '0.3', state: 'different' },
      },
    ]);
  });

  test('SV55 a row that may be of two accounts is nobody’s, and is not written', async () => {
    await behind();
    const id = await noted();
    await served.post('/api/v1/facts', {
      ...{ kind: 'account', account: 'second', venue: 'paper', currency: 'USDT', time: null },
      ...{ costMethod: 'average', feesInCost: false, mode: 'paper', positionMode: 'net' },
    });
    served.of.clock.pass(3_000);
    const [first] = (await rows()).items;
    expect(first).toMatchObject({
      ...{ id: '7', why: expect.stringContaining('main or second') },
      quantity: { ours: '0.5', theirs: null, difference: null, state: 'unknown' },
    });
    expect((await post(id, 'repair')).status).toBe(409);
    expect(stored()).toMatchObject({ quantity: 0.5 });
  });
});
