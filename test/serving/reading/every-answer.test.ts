/** Every route that reads, asked of a book that has everything, and of one that has nothing. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { breakStates } from '../../../src/model/break.ts';
import { readConfiguration } from '../../../src/service/config.ts';
import { settingsInForce } from '../../../src/service/config-table.ts';
import type { ServingParts } from '../../../src/service/serving/parts.ts';
import { readingRoutes } from '../../../src/service/serving/routes/reading.ts';
import { closeDesks, type Desk, openDesk } from '../../service/reconcile/desk.ts';
import { ask, partsOn } from './asking.ts';
import { openRich } from './rich-book.ts';

let desk: Desk;
let parts: ServingParts;

beforeAll(async () => {
  desk = await openRich();
  parts = partsOn(desk);
});
afterAll(closeDesks);

const accounts = [
  ...['kraken-spot', 'binance-perp', 'coinbase-spot', 'okx-spot', 'main'],
  ...['paper', 'hedge', 'coin', 'many', 'empty'],
];

const then = 'as_of=2026-11-20T12:00:02Z';

const perAccount = (name: string): readonly string[] => {
  const base = `/api/v1/accounts/${name}`;
  return [
    ...[base, `${base}/balances`, `${base}/positions`, `${base}/positions?all=true`],
    ...[`${base}/orders`, `${base}/orders?status=open`, `${base}/fills`, `${base}/entries`],
    ...[`${base}/side-by-side`, `${base}/side-by-side?as_of=2026-11-20T09:15:00Z&limit=2`],
    ...[
      `${base}/rows`,
      `${base}/entries/1`,
      `${base}/book`,
      `${base}/book?all=true`,
      `${base}/statement`,
    ],
    ...[`${base}?as_of=2026-11-20T09:15:00Z`, `${base}/book?known_at=3&all=true`],
    ...['fills', 'orders', 'orders?status=open', 'why?what=balance&key=USDT']
      .filter((path) => !path.startsWith('why') || name === 'hedge')
      .map((path) => `${base}/${path}${path.includes('?') ? '&' : '?'}${then}`),
    ...[`${base}/balances?as_of=2026-11-20T06:00:00%2B01:00`, `${base}/positions?known_at=2`],
    ...[`/api/v1/gate/${name}`, `/api/v1/performance?account=${name}`],
    ...[`/api/v1/bridge?account=${name}`, `/api/v1/equity?account=${name}`],
    ...[`/api/v1/bridge?account=${name}&from=2026-11-20T08:00:00Z&to=2026-11-20T10:00:00Z`],
    ...[`/api/account?account=${name}`, `/api/positions?account=${name}`],
    ...[`/api/trades?account=${name}`, `/api/performance?account=${name}`],
    ...[`/api/v1/breaks?state=all&account=${name}`, `/api/v1/plans?account=${name}`],
    ...[`/api/v1/audit?account=${name}`, `/api/v1/exits?account=${name}`],
  ];
};

const wholeBook = [
  ...[`/api/v1/home?${then}`, `/api/v1/breaks?${then}`, `/api/v1/breaks?state=all&${then}`],
  ...[`/api/v1/audit?${then}`, `/api/v1/actions?${then}`],
  ...['/api/v1/home', '/api/v1/accounts', '/api/v1/accounts?mode=paper&limit=1', '/api/v1/breaks'],
  ...['open', 'closed', 'held', 'all', 'waiting', 'SNOOZED'].map(
    (s) => `/api/v1/breaks?state=${s}`,
  ),
  ...['/api/v1/breaks?bucket=0-5%20m', '/api/v1/breaks?mode=live&limit=2', '/api/v1/plans'],
  ...['/api/v1/approvals', '/api/v1/audit', '/api/v1/audit?kind=break', '/api/v1/audit/verify'],
  ...['/api/v1/actions', '/api/v1/reports', '/api/v1/reports/2026-11-20', '/api/v1/gate'],
  ...['/api/v1/venues', '/api/v1/duties', '/api/v1/exits', '/api/v1/policy', '/api/v1/config'],
  ...['/api/v1/problems/plan-stale', '/problems/csrf', '/health'],
];

describe('RD3 every answer has what its schema says, and nothing else', () => {
  test.each(accounts)('RD3 of the account %s', async (name) => {
    for (const url of perAccount(name)) await ask(parts, url);
  });

  test('RD3 of the whole book', async () => {
    for (const url of wholeBook) await ask(parts, url);
  });

  test('RD3 of each break, whatever its state', async () => {
    const { items } = await ask<{ items: readonly { id: string; state: string }[] }>(
      parts,
      '/api/v1/breaks?state=all',
    );
    expect(new Set(items.map(({ state }) => state))).toEqual(new Set(breakStates));
    for (const { id } of items) {
      await ask(parts, `/api/v1/breaks/${id}`);
      await ask(parts, `/api/v1/breaks/${id}/explanation`);
      for (const path of [id, `${id}/explanation`]) {
        await ask(parts, `/api/v1/breaks/${path}?as_of=2026-11-20T13:00:00Z`);
      }
    }
  });

  test('RD3 of a book without an account', async () => {
    const bare = await openDesk();
    for (const url of wholeBook) await ask(partsOn(bare), url);
  });
});

test('RD23 settings are shown without what only their owner knows', async () => {
  const secret = 'hunter2-hunter2';
  const [host, user] = ['db.example', 'ada'];
  const flags = { book: desk.path, source: `postgres://${user}:${secret}@${host}/bot` };
  const read = readConfiguration(flags, { environment: {}, folder: '/nowhere', home: '/nowhere' });
  if (!read.ok) throw new Error(read.refusal.message);
  const venues = { file: 'trueup.json', value: { main: { exchange: 'bybit', account: 'main' } } };
  const value = { channels: [{ url: `https://hooks.example/${secret}` }] };
  const alerts = { file: 'trueup.json', value };
  const configuration = { ...read.value, venues, alerts };
  const shown = await ask(partsOn(desk, { configuration }), '/api/v1/config');
  expect(shown).toMatchObject({ venues: [{ name: 'main', mode: 'live', readOnly: true }] });
  expect(JSON.stringify(shown)).toContain(host);
  expect(JSON.stringify(shown)).not.toContain(secret);
});

test('CF11 every setting is shown, as it holds now', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'trueup-config-'));
  const read = (text: string) => {
    writeFileSync(join(folder, 'trueup.yaml'), text);
    const done = readConfiguration({ book: desk.path }, { environment: {}, folder, home: folder });
    if (!done.ok) throw new Error(done.refusal.message);
    return done.value;
  };
  const configuration = read('policy: { alertAbove: 5 }\nserve: { port: 9000 }\n');
  const later = read('serve: { port: 9001 }\n\npolicy: { alertAbove: 6 }\n');
  const said = await ask(partsOn(desk, { configuration, lastRead: () => later }), '/api/v1/config');
  rmSync(folder, { recursive: true });
  const settings = (said as { settings: { name: string; value: string; line: number }[] }).settings;
  const shownAs = (name: string) => settings.find((one) => one.name === name);
  expect(shownAs('policy.alertAbove')).toMatchObject({ value: '6', line: 3 });
  // It listens where it did.
  expect(shownAs('serve.port')).toMatchObject({ value: '9000', line: 2 });
  expect(shownAs('serve.host')).toMatchObject({ value: '127.0.0.1', origin: 'default' });
  expect(settings.map(({ name }) => name)).toEqual(
    settingsInForce(configuration).map(({ name }) => name),
  );
});

test('RD3 no route that reads is left out here', () => {
  const asked = [...wholeBook, ...perAccount('main'), '/api/v1/breaks/BRK-1AAA/explanation']
    .concat(['/api/v1/breaks/BRK-1AAA', '/api/v1/plans/abcd', '/api/v1/duties/check/runs'])
    .concat(['/api/v1/accounts/main/why']);
  const isAsked = ({ path }: { readonly path: string }) => {
    const pattern = new RegExp(`^${path.replaceAll(/:\w+/g, '[^/?]+')}(\\?|$)`);
    return asked.some((url) => pattern.test(url));
  };
  expect(readingRoutes.filter((one) => !isAsked(one)).map(({ path }) => path)).toEqual([]);
});
