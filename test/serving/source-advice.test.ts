/** A database that is looked after, and of which nothing can be said: the page says what to do. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createIncidentDatabase } from '../../src/sources/monitoring/incident-database.ts';
import { type Served, serve } from './served.ts';
import { type Staged, serveSource } from './source-stage.ts';

let served: Served;
afterEach(() => served.close());

const get = async <T>(path: string): Promise<T> => (await served.get(path)).body as T;

async function agedPrices(): Promise<Staged> {
  const staged = await serveSource();
  served = staged.served;
  // Nobody quoted since that day, 312 days ago: the record is as old as its total is unknown.
  staged.bot("UPDATE positions SET last_updated = '2026-01-12 16:00:03'");
  await staged.look();
  return staged;
}

interface Stake {
  readonly gross: string | null;
  readonly net: string | null;
}

interface Inbox {
  readonly items: readonly (Stake & { readonly id: string; readonly reason: string })[];
  readonly ageing: readonly { readonly breaks: number; readonly gross: string | null }[];
}

const nobodyKnows = { gross: null, net: null };

test('H26 a stake that nobody can say is unknown at home, in the inbox, on its page', async () => {
  await agedPrices();
  const home = await get<{ live: object }>('/api/v1/home');
  expect(home).toMatchObject({
    live: {
      ...{ breaks: 1, atStake: { ...nobodyKnows, unvalued: expect.arrayContaining(['AAPL']) } },
      accounts: [nobodyKnows],
    },
    breaks: [nobodyKnows],
    noAccount: null,
  });
  const { items, ageing } = await get<Inbox>('/api/v1/breaks');
  // What has no price may be worth anything: high, less one for a record, by which no order goes.
  expect(items).toMatchObject([
    { reason: 'PERFORMANCE_STALE', severity: 'medium', ...nobodyKnows, waitsFor: 'nobody' },
  ]);
  expect(ageing.filter(({ breaks }) => breaks > 0)).toMatchObject([{ breaks: 1, gross: null }]);
  expect(await get(`/api/v1/breaks/${items[0]!.id}`)).toMatchObject(nobodyKnows);
});

const refresh = 'trueup update --source sqlite:paper_trading.db --prices FROM';

test('SV57 prices that are too old for a verdict are said, with what refreshes them', async () => {
  const staged = await agedPrices();
  const { items } = await get<Inbox>('/api/v1/breaks');
  const { repair, actions } = await get<{
    repair: { because: string };
    actions: readonly { name: string; why: string }[];
  }>(`/api/v1/breaks/${items[0]!.id}`);
  for (const said of [repair.because, actions.find(({ name }) => name === 'propose')!.why]) {
    expect(said).toContain('the stored prices are too old for a verdict');
    expect(said).toContain(refresh);
  }
  const rows = '/api/v1/accounts/falcon/rows';
  const aged = await get<{ figures: { advice: string | null } }>(rows);
  expect(aged.figures.advice).toContain(refresh);
  staged.bot(`UPDATE positions SET last_updated = '${nowText()}'`);
  served.of.clock.pass(3_000);
  const quoted = await get<{ figures: { advice: string | null } }>(rows);
  expect(quoted.figures.advice).toBeNull();
});

const nowText = () => {
  const ms = Number(served.of.clock.now() / 1_000_000n);
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
};

test('SV58 a database of positions without a venue says what to start with', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'trueup-no-venue-')), 'monitoring.db');
  createIncidentDatabase(path);
  served = await serve({
    ...{ venue: false, checked: false },
    source: ({ book, clock }) => ({
      ...{ name: 'sqlite:monitoring.db', mayWrite: true, exchangeOf: () => null },
      options: {
        ...{ location: `sqlite:${path}`, zone: 'UTC', schema: null, clock, book, account: null },
        ...{ sourceAccount: null, currency: null, strict: false, tell: () => undefined },
        ...{ markMaxAgeMs: 86_400_000, markMaxAgeGiven: false, performanceMaxAgeMs: 86_400_000 },
        programVersion: 'test',
      },
    }),
  });
  const said =
    'sqlite:monitoring.db keeps positions, and no exchange is named that answers for them: ' +
    'start the service with --source sqlite:monitoring.db --venue NAME';
  expect(await get('/api/v1/home')).toMatchObject({ live: null, paper: null, noAccount: said });
  const { status, body } = await served.get('/readyz', { token: null });
  expect([status, (body as { why: string }).why]).toEqual([503, expect.stringContaining(said)]);
});
