import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { type Service, webhookService } from '../service/alerts/services.ts';
import { account, CommandLine, deposit, fill } from './command-line.ts';

const cli = new CommandLine();
afterAll(() => cli.remove());
const services: Service[] = [];
afterEach(async () => {
  for (const one of services.splice(0)) await one.close();
});

const refused = 'http://127.0.0.1:2/marker-of-a-secret';

describe('alert', () => {
  test('A15 test says what each channel answered', async () => {
    const service = await webhookService();
    services.push(service);
    const url = service.url;
    const environment = { TRUEUP_ALERT_WEBHOOK: url, TRUEUP_WEBHOOK_SECRET: service.secret };
    const sent = await cli.run('alert test', { environment });
    expect(sent).toMatchObject({ code: 0, err: '' });
    expect(sent.out).toMatch(/^ {2}webhook {2}webhook {2}.*✓ sent$/m);
    expect(service.shown()[0]).toContain('A test: alerts of trueup arrive here');
    const failing = await cli.run('alert test', { environment: { TRUEUP_ALERT_WEBHOOK: refused } });
    expect(failing.code).toBe(1);
    expect(failing.out).toContain('✗ failed: the connection was refused');
    expect(failing.out + failing.err).not.toContain('marker-of-a-secret');
    expect(existsSync(join(cli.folder, 'trueup.db.alerts.json'))).toBe(false);
  });

  test('A15 test by one channel, by none, and by one that is not there', async () => {
    const environment = { TRUEUP_ALERT_WEBHOOK: refused };
    expect((await cli.run('alert test --channel webhook', { environment })).code).toBe(1);
    const unknown = await cli.json('alert test --channel phone', { environment });
    expect(unknown).toMatchObject({ exitCode: 2, code: 'alert-channel-unknown' });
    expect(await cli.json('alert test')).toMatchObject({ exitCode: 2, code: 'no-alert-channel' });
  });

  test('A15 list shows channels, which fail, and what is open', async () => {
    const at = '2026-01-12T10:00:00Z';
    const told = { version: 1, loud: 1, phase: 'opened', at, severity: 'high', title: 'Wrong' };
    const alert = { name: 'balance-wrong', severity: 'high', account: 'falcon', title: 'Wrong' };
    const open = {
      ...{ key: 'a', bornAt: at, openedAt: at, openedAs: 'Wrong', cleared: null },
      alert: {
        ...alert,
        key: 'a',
        lines: ['Discrepancy: $211.69'],
        at,
        paper: true,
        atStake: null,
      },
      told: { ...told, line: null, changes: 0 },
      deliveries: { webhook: { version: 1, reference: null } },
    };
    const health = { failedSince: at, why: 'it answered 404', failures: 1, notBefore: at };
    const state = { schema: 'trueup.alert-state/1', cases: [open], channels: { webhook: health } };
    cli.file('listed.db.alerts.json', JSON.stringify(state));
    const environment = { TRUEUP_ALERT_WEBHOOK: refused, TRUEUP_BOOK: 'listed.db' };
    const { code, out } = await cli.run('alert list', { environment });
    expect(code).toBe(0);
    expect(out).toContain('✗ since 2026-01-12 10:00:00Z: it answered 404');
    expect(out).toContain('✗ HIGH PAPER falcon Wrong');
    expect(out).toContain('told by webhook');
    cli.file('listed.db.alerts.json', 'damaged');
    expect((await cli.run('alert list', { environment })).out).toContain('is not known');
    expect(await cli.json('alert list')).toMatchObject({ cases: [], channels: [], damaged: null });
  });

  test('A14 settings that are wrong are told with their key', async () => {
    cli.file('trueup.json', '{"alerts":{"channels":[{"name":"a","type":"slack"}]}}');
    const { code, err } = await cli.run('alert list');
    expect(code).toBe(2);
    expect(err).toContain('TRUEUP_SLACK_URL is not set');
    cli.file('trueup.json', '{}');
  });
});

describe('report', () => {
  const words = 'report --date 2026-11-02';

  test('A26 prints a form, or writes several into a folder', async () => {
    await cli.book([account, deposit, fill('e1')]);
    const { out, code } = await cli.run(words);
    expect(code).toBe(0);
    expect(out).toMatch(/^# main — 2026-11-02 — CANNOT SAY at close \(sequence \d+, chain/);
    expect(await cli.json(words)).toMatchObject({ schema: 'trueup.report/1', zone: 'UTC' });
    const written = await cli.run(`${words} --format md,html --out reports/`);
    expect(written).toMatchObject({ code: 0, out: '' });
    for (const form of ['md', 'html']) {
      expect(existsSync(join(cli.folder, 'reports', `report-2026-11-02.${form}`))).toBe(true);
    }
  });

  test('A26 writes one file, and says why it cannot', async () => {
    expect(await cli.run(`${words} --out one.md`)).toMatchObject({ code: 0, out: '' });
    expect(existsSync(join(cli.folder, 'one.md'))).toBe(true);
    const failed = { exitCode: 1, code: 'io-error' };
    expect(await cli.json(`${words} --out none/one.json`)).toMatchObject(failed);
    expect(await cli.json(`${words} --out one.md/reports/`)).toMatchObject(failed);
  });

  test.each([
    ['report', 'missing-mandatory-option-value'],
    ['report --date 2026-02-30', 'day-bad'],
    [`${words} --zone Nowhere`, 'day-bad'],
    [`${words} --format pdf`, 'form-unknown'],
    [`${words} --format md,html`, 'forms-several'],
    [`${words} --format md`, 'form-json'],
    [`${words} --as-of 2026-11-02T00:00:00Z`, 'no-as-of'],
    [`${words} --account mian`, 'account-unknown'],
  ])('A26 %s is refused', async (line, code) => {
    expect(await cli.json(line)).toMatchObject({ exitCode: 2, code });
  });
});
