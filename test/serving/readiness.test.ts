/** When the service may be relied on, what it measures of itself, and how it ends. */
import { copyFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { instant } from '../../src/model/instant.ts';
import type { DutyShown } from '../../src/service/duties/control.ts';
import { uncheckedBook } from '../../src/service/serving/opening.ts';
import { Readiness } from '../../src/service/serving/readiness.ts';
import { fillAt } from '../service/listening/ground.ts';
import { type Served, serve } from './served.ts';

let served: Served;
afterEach(() => served.close());

const ready = async () => {
  const { status, body } = await served.get('/readyz', { token: null });
  return { status, why: (body as { why: string | null }).why };
};

interface Gates {
  readonly accounts: readonly { readonly gate: string; readonly reasons: readonly object[] }[];
}

const gate = async () => (await served.get('/api/v1/gate')).body as unknown as Gates;

test('SV10 it is ready, and a gate allows, once all was compared since the start', async () => {
  served = await serve({ checked: false });
  expect((await served.get('/healthz', { token: null })).status).toBe(200);
  const early = await ready();
  expect([early.status, early.why]).toEqual([
    503,
    expect.stringContaining('of main has not ended'),
  ]);
  await served.of.desk!.pull(served.of.log, new AbortController().signal);
  expect((await gate()).accounts).toMatchObject([{ gate: 'deny' }]);
  served.of.paper.silent = 'down';
  await served.post('/api/v1/checks');
  expect((await ready()).status).toBe(503);
  served.of.paper.silent = null;
  await served.post('/api/v1/checks');
  expect(await ready()).toEqual({ status: 200, why: null });
  served.of.clock.pass(300);
  expect((await gate()).accounts).toMatchObject([{ gate: 'allow' }]);
});

test('SV10 what was compared before a restart does not count after it', async () => {
  served = await serve();
  const first = served;
  const { book, paper, clock } = first.of;
  expect((await ready()).status).toBe(200);
  await first.stop();
  served = await serve({ book, paper, clock, checked: false });
  expect((await ready()).status).toBe(503);
  expect((await gate()).accounts).toMatchObject([{ gate: 'deny' }]);
  await served.post('/api/v1/checks');
  expect((await ready()).status).toBe(200);
  await first.close();
});

test('SV10 an older book that was put back is told, and nobody trades on it', async () => {
  served = await serve();
  const first = served;
  const { book, paper, clock } = first.of;
  await first.stop();
  copyFileSync(book, `${book}.older`);
  served = await serve({ book, paper, clock });
  const second = served;
  expect((await ready()).status).toBe(200);
  await second.record(fillAt('later', clock.now()));
  await second.stop();
  copyFileSync(`${book}.older`, book);
  served = await serve({ book, paper, clock });
  const found = await ready();
  expect(found).toMatchObject({ status: 503 });
  expect(found.why).toContain('the book is not the one that was left: main ends at');
  expect((await gate()).accounts).toMatchObject([{ gate: 'deny' }]);
  expect(served.of.log.said().join()).toContain('head.differs: main ends at');
  await served.stop();
  served = await serve({ book, paper, clock, acceptHead: true });
  expect((await ready()).status).toBe(200);
  await served.stop();
  await first.close();
});

test('SV10 aged positions are left only once it is ready', async () => {
  const exits = { enabled: true, ownOrders: ['hand'] };
  served = await serve({ checked: false, venueSettings: { exits } });
  const { paper, clock, desk, log } = served.of;
  paper.trade('buy', '0.5');
  clock.pass(3_600_000 * 24 * 30);
  paper.quote('60000');
  const { signal } = new AbortController();
  await desk!.pull(log, signal);
  const early = await desk!.exits('apply', log, signal);
  expect(early.stopped).toMatchObject({ code: 'gate-denies' });
  expect(early.stopped!.why).toContain('the first complete check of main has not ended');
  expect(paper.placed).toEqual([]);
  await served.post('/api/v1/checks');
  const ready = await desk!.exits('apply', log, signal);
  expect(ready.stopped).toBe(null);
  expect(paper.placed).toMatchObject([{ side: 'sell', reduceOnly: true }]);
});

test('SV10 a book alone is ready once it was held against itself', async () => {
  served = await serve({ venue: false, runs: true });
  for (let tries = 0; (await ready()).status !== 200 && tries < 300; tries += 1) {
    await new Promise((resolve) => served.of.clock.after(10, () => resolve(null)));
  }
  expect(await ready()).toEqual({ status: 200, why: null });
  const own = served.of.schedule.control.status().find(({ name }) => name === 'check-book');
  expect(own!.last!.result.exitCode).toBe(0);
});

test('SV37 what was compared stays so; else the duty it waits for is named', async () => {
  served = await serve({ venue: false });
  let told: { exitCode: number; sentence: string } | null = null;
  const at = instant('2026-01-12T21:05:00Z');
  const run = () => told && { slot: at, beganAt: at, endedAt: at, result: told, missed: null };
  const status = () => [{ name: 'balance', last: run() }] as unknown as readonly DutyShown[];
  const readiness = new Readiness({
    ...{ reader: served.parts.reader, startedAt: at, accounts: [], head: null },
    ...{ unchecked: () => uncheckedBook({ status }), isStopping: () => false },
  });
  expect(readiness.whyNot()).toBe('the first run of the duty balance has not ended');
  told = { exitCode: 5, sentence: 'CANNOT SAY: the server does not answer' };
  expect(readiness.whyNot()).toBe(
    `the duty balance could not say anything since the start: ${told.sentence}`,
  );
  told = { exitCode: 3, sentence: 'BREAK: Discrepancy: $211.69' };
  expect(readiness.whyNot()).toBe(null);
  told = { exitCode: 5, sentence: 'CANNOT SAY: ACI' };
  expect(readiness.whyNot()).toBe(null);
});

test('RD32 after a restart no old green stands: verdict and venue are not known', async () => {
  served = await serve({ venueSettings: {} });
  const first = served;
  const { book, paper, clock } = first.of;
  const main = async () => (await served.get('/api/v1/accounts/main')).body;
  expect(await main()).toMatchObject({ verdict: 'true' });
  await first.stop();
  served = await serve({ book, paper, clock, checked: false });
  expect(await main()).toMatchObject({
    ...{ verdict: 'cannot-say', gate: 'deny', trueUntil: expect.any(String), trueSince: null },
    why: 'not compared since the service started: checking',
  });
  await served.post('/api/v1/checks');
  expect(await main()).toMatchObject({ verdict: 'true', why: null });
  await first.close();
});

test('SV16 metrics are in base units, each with its help, by account and duty alone', async () => {
  served = await serve();
  served.of.paper.trade('buy', '0.5');
  await served.post('/api/v1/checks');
  expect((await served.get('/metrics', { token: null })).status).toBe(401);
  const { text, headers } = await served.get('/metrics', { token: served.token('read') });
  expect(headers.get('content-type')).toContain('text/plain');
  expect(text).toContain('trueup_account_verdict{account="main"} -1');
  expect(text).toContain('trueup_gate_allows{account="main"} 0');
  expect(text).toContain('trueup_breaks_open{account="main"} 1');
  expect(text).toContain('trueup_duty_runs{duty="check paper"}');
  expect(text).toMatch(/trueup_http_requests_total\{class="4xx"\} 1/);
  const names = [...text.matchAll(/^# HELP (\S+) (.+)$/gm)].map(([, name]) => name!);
  expect(names.filter((name) => !name.startsWith('trueup_'))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => /_ms|_milli|_percent|_minutes/.test(name))).toEqual([]);
});

test('SV18 it stops in order: streams are told, what waits for a venue ends', async () => {
  served = await serve({ drainMs: 300 });
  const headers = { authorization: `Bearer ${served.token('read')}` };
  const stream = await fetch(`${served.origin}/api/v1/stream`, { headers });
  const told = stream.text();
  served.of.paper.statement = () => new Promise(() => undefined);
  const waiting = served.post('/api/v1/checks').then(
    ({ status }) => status,
    () => 'hung up',
  );
  await new Promise((resolve) => served.of.clock.after(50, () => resolve(null)));
  const began = served.of.clock.now();
  await served.stop();
  const tookMs = Number(served.of.clock.now() - began) / 1e6;
  expect(tookMs).toBeLessThan(5_000);
  expect(await told).toContain('event: end');
  expect([200, 'hung up']).toContain(await waiting);
  await expect(served.get('/healthz')).rejects.toThrow();
});
