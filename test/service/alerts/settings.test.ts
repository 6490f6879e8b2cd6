import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { decimal } from '../../../src/decimal/text.ts';
import { openAlerts, openDeskOf } from '../../../src/service/alerts/opening.ts';
import { readConfiguration } from '../../../src/service/config.ts';
import { parseSettingsText } from '../../../src/service/config-text.ts';
import { secretOf } from '../../../src/service/secrets.ts';
import { systemClock } from '../../../src/service/system-clock.ts';
import { blocksOf } from '../../house/documents.ts';
import { root } from '../../house/sources.ts';
import { messageOf, stale } from './conformance.ts';
import { type Service, webhookSecret, webhookService } from './services.ts';

const services: Service[] = [];
afterEach(async () => {
  for (const one of services.splice(0)) await one.close();
});

const marker = 'marker-of-a-secret';
const token = `123456789:AA${marker}`;
const secrets = {
  TRUEUP_WEBHOOK_SECRET: webhookSecret,
  TRUEUP_TELEGRAM_TOKEN: token,
  TRUEUP_SMTP_PASSWORD: marker,
  TRUEUP_SLACK_URL: `https://hooks.example.org/services/T0/B0/${marker}`,
};

function opened(alerts: unknown, environment: Readonly<Record<string, string>> = secrets) {
  const folder = mkdtempSync(join(tmpdir(), 'trueup-alerts-'));
  if (alerts !== undefined) {
    writeFileSync(join(folder, 'trueup.json'), JSON.stringify({ alerts }));
  }
  const around = { environment, folder, home: folder };
  const read = readConfiguration({}, around);
  return read.ok ? openAlerts(read.value, around, systemClock) : read;
}

function openedWell(...given: Parameters<typeof opened>) {
  const result = opened(...given);
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
}

const channel = (rest: object) => ({ channels: [{ name: 'one', ...rest }] });
const hook = { type: 'webhook', url: 'https://hooks.example.org/trueup' };
const mail = { type: 'email', host: 'smtp.example.org', from: 'a@example.org' };

test('A14 the example of the manual is read as it stands', () => {
  const page = readFileSync(join(root, 'docs', 'alerts.md'), 'utf8');
  const example = blocksOf(page).find(({ file }) => file === 'trueup.yaml')!;
  const read = parseSettingsText(example.text, 'trueup.yaml');
  if (!read.ok) throw new Error(read.refusal.message);
  const { alerts } = read.value.value as { alerts: object };
  const { settings, channels } = openedWell(alerts);
  expect(settings.threshold).toEqual(decimal('100'));
  expect(channels.map(({ type }) => type).sort()).toEqual([
    ...['email', 'slack', 'telegram', 'webhook'],
  ]);
});

describe('A14 channels', () => {
  test('A14 are shown without what only their owner knows', () => {
    const { channels } = openedWell({
      channels: [
        { name: 'hook', type: 'webhook', url: `https://hooks.example.org/${marker}` },
        { name: 'chat', type: 'telegram', chat: '-100200300' },
        { name: 'mail', ...mail, user: 'bot', to: ['ops@example.org'] },
        { name: 'slack', type: 'slack', minSeverity: 'high', threshold: '250' },
      ],
    });
    expect(channels.map(({ name, target }) => `${name}: ${target}`)).toEqual([
      'hook: https://hooks.example.org/…',
      'chat: chat -100200300',
      'mail: ops@example.org by smtp.example.org:587',
      'slack: https://hooks.example.org/…',
    ]);
    expect(channels[3]).toMatchObject({ minSeverity: 'high', threshold: decimal('250') });
    expect(JSON.stringify(channels)).not.toContain(marker);
  });

  test('A14 one variable alone is a channel', () => {
    const { channels } = openedWell(undefined, { TRUEUP_ALERT_WEBHOOK: 'http://127.0.0.1:9/x' });
    expect(channels.map(({ name, target }) => `${name} ${target}`)).toEqual([
      'webhook http://127.0.0.1:9/…, not signed',
    ]);
    expect(openedWell(undefined, {}).channels).toEqual([]);
  });

  test('A14 the one of the variable stands beside those of the file', () => {
    const environment = { ...secrets, TRUEUP_ALERT_WEBHOOK: 'https://example.org' };
    const { channels } = openedWell(channel({ type: 'slack' }), environment);
    expect(channels.map(({ name }) => name)).toEqual(['one', 'webhook']);
  });
});

describe('A14 what is wrong is told with its key, and what is allowed', () => {
  test.each<[string, unknown, string, string]>([
    ['no object', [], 'alerts', 'alerts is an object'],
    ['a type', channel({ type: 'pager' }), 'alerts.channels[0].type', 'is one of webhook, email'],
    ['a key', channel({ ...hook, urll: 'x' }), 'alerts.channels[0].urll', 'keys of its type'],
    ['an address', channel({ ...hook, url: 'x' }), 'alerts.channels[0].url', 'http or https'],
    [
      'an address with a login',
      channel({ ...hook, url: `https://u:${marker}@example.org` }),
      'alerts.channels[0].url',
      'with no login',
    ],
    ['nobody', channel({ ...mail, to: [] }), 'alerts.channels[0].to', 'names somebody'],
    [
      'a password in the open',
      channel({ ...mail, to: ['a@example.org'], user: 'bot', tls: 'none' }),
      'alerts.channels[0].tls',
      'goes encrypted',
    ],
    ['a number', channel({ type: 'telegram', chat: 12 }), 'alerts.channels[0].chat', 'is a text'],
    ['a sum', { threshold: true }, 'alerts.threshold', 'a decimal such as'],
    ['a negative sum', { threshold: '-1' }, 'alerts.threshold', 'not negative'],
    ['a severity', { minSeverity: 'bad' }, 'alerts.minSeverity', 'low, medium, high, critical'],
    ['a name', { channels: [{ ...hook, name: 'My One' }] }, 'alerts.channels[0].name', 'small'],
    [
      'a name twice',
      { channels: [1, 2].map(() => ({ name: 'a', ...hook })) },
      'alerts.channels',
      'differ',
    ],
    [
      'a secret',
      channel({ ...hook, secret: `whsec_${marker}` }),
      'alerts.channels[0].secret',
      'never the secret',
    ],
    [
      'a token',
      channel({ type: 'telegram', chat: '-1', token }),
      'alerts.channels[0].token',
      'secrets are named',
    ],
  ])('A14 %s', (_what, alerts, field, rule) => {
    const result = opened(alerts);
    expect(result).toMatchObject({
      ok: false,
      refusal: { where: { field, file: expect.stringContaining('trueup.json') } },
    });
    expect(JSON.stringify(result)).toContain(rule);
    expect(JSON.stringify(result)).not.toContain(marker);
  });

  test.each([
    ['TRUEUP_TELEGRAM_TOKEN', channel({ type: 'telegram', chat: '-1' }), 'is not set'],
    ['TRUEUP_SLACK_URL', channel({ type: 'slack' }), 'is not set'],
    ['TRUEUP_SMTP_PASSWORD', channel({ ...mail, to: ['a@b'], user: 'u' }), 'is not set'],
    ['TRUEUP_OPS', channel({ type: 'slack', secret: 'TRUEUP_OPS' }), 'is not set'],
  ])('A14 a secret that is missing: %s', (name, alerts, why) => {
    const message = `the alert channel "one" cannot be opened: ${name} ${why}`;
    expect(opened(alerts, {})).toMatchObject({ refusal: { code: 'secret-missing', message } });
  });

  test.each([
    ['TRUEUP_TELEGRAM_TOKEN', { type: 'telegram', chat: '-1' }],
    ['TRUEUP_SLACK_URL', { type: 'slack' }],
    ['TRUEUP_WEBHOOK_SECRET', hook],
  ])('A14 a secret that is none is not told: %s', (name, rest) => {
    const result = opened(channel(rest), { [name]: marker });
    expect(result).toMatchObject({ refusal: { code: 'secret-missing' } });
    expect(JSON.stringify(result)).not.toContain(marker);
  });
});

describe('A14 a secret comes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trueup-secrets-'));
  writeFileSync(join(folder, 'TRUEUP_X'), 'from systemd\n', { mode: 0o600 });
  writeFileSync(join(folder, 'file'), 'from a file\n', { mode: 0o600 });
  writeFileSync(join(folder, 'empty'), '\n', { mode: 0o600 });
  const [file, empty] = [join(folder, 'file'), join(folder, 'empty')];

  test.each<[string, Readonly<Record<string, string>>, string | null]>([
    ['from a variable', { TRUEUP_X: 'itself', TRUEUP_X_FILE: file }, 'itself'],
    ['from a file', { TRUEUP_X_FILE: file, CREDENTIALS_DIRECTORY: folder }, 'from a file'],
    ['from systemd', { CREDENTIALS_DIRECTORY: folder }, 'from systemd'],
    ['from nowhere', { TRUEUP_X: '' }, null],
  ])('A14 %s', (_how, environment, value) => {
    expect(secretOf('TRUEUP_X', environment)).toEqual({ ok: true, value });
  });

  test.each([
    ['is not there', join(folder, 'none'), 'cannot be read'],
    ['is empty', empty, 'is empty'],
  ])('A14 and a file that %s is refused', (_how, path, why) => {
    const message = expect.stringContaining(why);
    expect(secretOf('TRUEUP_X', { TRUEUP_X_FILE: path })).toMatchObject({ refusal: { message } });
  });
});

test('A7 no secret is in the memory of the desk, nor in its log', async () => {
  const service = await webhookService();
  services.push(service);
  const folder = mkdtempSync(join(tmpdir(), 'trueup-alerts-'));
  const lines: unknown[] = [];
  const note = (line: unknown) => void lines.push(line);
  const log = { info: note, warn: note, error: note };
  const channels = [{ ...service.channel, type: 'webhook', target: '' } as const];
  const { settings } = openedWell({});
  const book = join(folder, 'book.db');
  const desk = openDeskOf({ settings, channels }, { book, clock: systemClock, log });
  service.next.push('refusing');
  await desk.raise(stale);
  const written = readFileSync(`${book}.alerts.json`, 'utf8') + JSON.stringify(lines);
  expect(written).toContain('it answered 400');
  for (const secret of service.secrets) expect(written).not.toContain(secret);
  expect(await service.channel.send(messageOf(stale))).toMatchObject({ status: 'sent' });
});
