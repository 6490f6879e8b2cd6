/** Breaks of a bot's own database, repaired over HTTP by what `update` writes with. */
import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Answer, Asking, Json } from './served.ts';
import { type Staged, serveSource } from './source-stage.ts';

let staged: Staged;
afterEach(() => staged.served.close());

const start = async (...how: Parameters<typeof serveSource>) => {
  staged = await serveSource(...how);
  await staged.look();
};

interface BreakShown {
  readonly id: string;
  readonly reason: string;
  readonly state: string;
  readonly repair: {
    readonly planHash: string | null;
    readonly rows?: readonly string[];
    readonly effects: readonly object[];
    readonly because: string | null;
  };
  readonly actions: readonly { readonly name: string; readonly possible: boolean }[];
  readonly commands: readonly string[];
  readonly history: readonly { readonly words: string; readonly by: string | null }[];
}

const get = async <T>(path: string): Promise<T> => (await staged.served.get(path)).body as T;

async function breakOf(reason: string): Promise<BreakShown> {
  const { items } = await get<{ items: readonly { id: string; reason: string }[] }>(
    '/api/v1/breaks?state=all',
  );
  const found = items.find((one) => one.reason === reason);
  return await get(`/api/v1/breaks/${found!.id}`);
}

const post = (id: string, what: string, body: Json = {}, asking: Asking = {}): Promise<Answer> =>
  staged.served.post(`/api/v1/breaks/${id}/${what}`, body, asking);

const verdict = async () => (await get<{ live: { verdict: string } }>('/api/v1/home')).live.verdict;

const total = () => staged.cell('SELECT total_value FROM account');
const auditRows = () =>
  staged.cell("SELECT count(*) FROM sqlite_master WHERE name = 'trueup_audit'") === 0
    ? 0
    : staged.cell('SELECT count(*) FROM trueup_audit');
const backups = () =>
  readdirSync(dirname(staged.path)).filter((name) => name.includes('backup')).length;

describe('SV50 a stored total that is not the truth', () => {
  test('SV50 is proposed, approved, written and proved, like a break of the book', async () => {
    await start();
    const one = await breakOf('TOTAL_STALE');
    // 1,058.70 + 9,152.99 = 10,211.69; stored are 10,000.
    expect(one).toMatchObject({
      state: 'EXPLAINED',
      repair: {
        rows: ['account 1 total_value: 10000 -> 10211.69'],
        effects: [{ what: 'total', before: '10000', after: '10211.69', change: '211.69' }],
      },
    });
    expect(one.commands).toEqual([
      `trueup investigate ${one.id} --source sqlite:paper_trading.db`,
      'trueup update --source sqlite:paper_trading.db',
    ]);
    const early = await post(one.id, 'repair');
    expect([early.status, early.body?.['detail']]).toEqual([409, `${one.id} waits for a person`]);
    expect([total(), auditRows(), backups()]).toEqual([10_000, 0, 0]);

    const proposed = await post(one.id, 'propose');
    const { planHash: plan } = one.repair;
    expect(proposed).toMatchObject({ status: 200, body: { state: 'PROPOSED', planHash: plan } });
    const approver = { token: staged.served.token('approve') };
    const approved = await post(one.id, 'approve', { plan }, approver);
    expect(approved.body).toMatchObject({ state: 'APPROVED', left: null });
    expect(total()).toBe(10_000);
    const key = 'once';
    const done = await post(one.id, 'repair', { plan }, { key });
    expect(done).toMatchObject({ status: 200, body: { state: 'VERIFIED', left: null } });
    expect([total(), auditRows(), backups()]).toEqual([10_211.69, 1, 1]);
    // Sent again it is answered alike, and not written again.
    expect((await post(one.id, 'repair', { plan }, { key })).body).toEqual(done.body);
    expect((await post(one.id, 'repair', { plan })).status).toBe(409);
    expect(auditRows()).toBe(1);
    const { history } = await breakOf('TOTAL_STALE');
    expect(history.map(({ by }) => by)).toContain('approve');
    expect(history.at(-1)!.words).toContain('VERIFIED');
  });

  test('SV50 two who repair at once write once; the plan stands in the list of plans', async () => {
    await start();
    const { id, repair } = await breakOf('TOTAL_STALE');
    const { planHash: plan } = repair;
    await post(id, 'propose');
    await post(id, 'approve', { plan });
    expect(await get('/api/v1/plans?account=falcon')).toMatchObject({
      items: [
        {
          repairs: expect.arrayContaining([
            expect.objectContaining({ breakId: id, planHash: plan, approved: true }),
          ]),
        },
      ],
    });
    const both = await Promise.all([post(id, 'repair', { plan }), post(id, 'repair', { plan })]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect([total(), auditRows()]).toEqual([10_211.69, 1]);
    expect((await breakOf('TOTAL_STALE')).state).toBe('VERIFIED');
  });

  test('SV50 with a stale record: both repaired, the account is true', async () => {
    await start();
    for (const reason of ['TOTAL_STALE', 'PERFORMANCE_STALE']) {
      const { id, repair } = await breakOf(reason);
      for (const what of ['propose', 'approve', 'repair']) {
        const body = what === 'propose' ? {} : { plan: repair.planHash };
        const { status } = await post(id, what, body);
        expect([reason, what, status]).toEqual([reason, what, 200]);
      }
      expect((await breakOf(reason)).state).toBe('VERIFIED');
    }
    expect(await verdict()).toBe('true');
    expect(staged.cell('SELECT total_value FROM performance ORDER BY timestamp DESC')).toBe(
      10_211.69,
    );
  });

  test('SV50 whoever proposed does not approve, where the policy wants two', async () => {
    await start({ fourEyes: true });
    const { id, repair } = await breakOf('TOTAL_STALE');
    const ada = { token: staged.served.token('repair', 'approve') };
    await post(id, 'propose', {}, ada);
    const own = await post(id, 'approve', { plan: repair.planHash }, ada);
    expect([own.status, own.body?.['refusal']]).toEqual([409, 'approval-own']);
    const bob = { token: staged.served.token('approve') };
    expect((await post(id, 'approve', { plan: repair.planHash }, bob)).status).toBe(200);
  });

  test('SV56 is taken back by its entry: it is as it was, and differs again', async () => {
    await start();
    const { id, repair } = await breakOf('TOTAL_STALE');
    await post(id, 'propose');
    await post(id, 'approve', { plan: repair.planHash });
    const { body } = await post(id, 'repair');
    const [entry] = body!['sequences'] as readonly number[];
    const undo = `/api/v1/entries/falcon/${entry}/undo`;
    const early = await staged.served.post(undo, {}, { token: staged.served.token('repair') });
    expect(early.status).toBe(403);
    expect(await staged.served.post(undo)).toMatchObject({ status: 200, body: { entry } });
    expect([total(), auditRows()]).toEqual([10_000, 2]);
    expect((await breakOf('TOTAL_STALE')).state).toMatch(/EXPLAINED|REOPENED/);
    // What was taken back is not taken back twice.
    expect((await staged.served.post(undo)).status).toBe(409);
  });

  test('SV51 a plan is for what was stored and calculated: nothing else is written', async () => {
    await start();
    const { id, repair } = await breakOf('TOTAL_STALE');
    const { planHash: plan } = repair;
    await post(id, 'propose');
    await post(id, 'approve', { plan });
    // The bot sells for 100 of cash between the word and the write.
    staged.bot('UPDATE account SET cash = cash + 100');
    const stale = await post(id, 'repair', { plan });
    expect(stale).toMatchObject({ status: 409, body: { type: '/problems/plan-stale' } });
    expect([total(), auditRows()]).toEqual([10_000, 0]);
    const again = await breakOf('TOTAL_STALE');
    expect(again.state).toBe('EXPLAINED');
    expect(again.repair.rows).toEqual(['account 1 total_value: 10000 -> 10311.69']);
  });

  test('SV51 nothing is written while a part of the total is unknown', async () => {
    await start();
    const { id } = await breakOf('TOTAL_STALE');
    staged.bot("UPDATE positions SET current_price = NULL WHERE symbol = 'ACI'");
    const { body } = await post(id, 'propose');
    expect(body?.['left']).toContain(
      'nothing is written while a part of the total is unknown: ACI',
    );
    expect((await breakOf('TOTAL_STALE')).repair.because).toContain('ACI');
  });

  test('SV51 several accounts: the one that was agreed to is written alone', async () => {
    staged = await serveSource();
    staged.bot(
      'INSERT INTO account (id, cash, total_value, last_updated) VALUES (2, 50, 70, NULL)',
      'DELETE FROM positions',
    );
    await staged.look();
    const { items } = await get<{ items: readonly BreakShown[] }>('/api/v1/breaks');
    const totals = items.filter(({ reason }) => reason !== 'PERFORMANCE_STALE');
    expect(totals.length).toBeGreaterThan(1);
    const [first] = totals;
    const { repair } = await get<BreakShown>(`/api/v1/breaks/${first!.id}`);
    await post(first!.id, 'propose');
    await post(first!.id, 'approve', { plan: repair.planHash });
    const done = await post(first!.id, 'repair', {});
    expect(done.body).toMatchObject({ state: 'VERIFIED' });
    expect(staged.cell('SELECT count(*) FROM account WHERE total_value <> cash')).toBe(1);
  });
});

describe('SV52 a database that is not to be written', () => {
  test('SV52 says so, and what to do, where the service was told never to', async () => {
    await start({}, { mayWrite: false });
    const { id, repair, actions } = await breakOf('TOTAL_STALE');
    expect(repair.planHash).toBeNull();
    expect(repair.because).toContain('--repair never');
    expect(actions.find(({ name }) => name === 'propose')).toMatchObject({
      possible: false,
      why: expect.stringContaining('start the service with --repair ask'),
    });
    const refused = await post(id, 'propose');
    expect(refused).toMatchObject({ status: 409, body: { type: '/problems/conflict' } });
    expect(refused.body?.['hint']).toContain('--repair ask');
    expect([total(), auditRows()]).toEqual([10_000, 0]);
  });

  test('SV52 nor where it takes no write: refused before anything is proposed', async () => {
    await start();
    const { id } = await breakOf('TOTAL_STALE');
    staged.bot(
      'ALTER TABLE account RENAME TO accounts_of_the_bot',
      'CREATE VIEW account AS SELECT * FROM accounts_of_the_bot',
    );
    const refused = await post(id, 'propose');
    expect(refused).toMatchObject({ status: 409, body: { type: '/problems/conflict' } });
    expect(refused.body?.['failure']).toMatch(/^source-/);
    expect((await breakOf('TOTAL_STALE')).state).toBe('EXPLAINED');
  });

  test('SV52 of a service without the database its breaks say who repairs them', async () => {
    await start();
    const { id } = await breakOf('TOTAL_STALE');
    const { book, clock } = staged.served.of;
    await staged.served.stop();
    const { serve } = await import('./served.ts');
    const other = await serve({ book, clock, venue: false, checked: false });
    const refused = await other.post(`/api/v1/breaks/${id}/propose`);
    expect(refused).toMatchObject({
      status: 409,
      body: { hint: expect.stringContaining('--source') },
    });
    await other.close();
    expect(existsSync(staged.path)).toBe(true);
  });
});
