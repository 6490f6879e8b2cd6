/** Where the service listens, and what it does. */
import { describe, expect, test } from 'vitest';
import {
  bindingRefusal,
  isLoopbackHost,
  parseServeSettings,
} from '../../../src/service/serving/settings.ts';

const parsed = (value: object, file = '/srv/bot/trueup.yaml') => {
  const read = parseServeSettings(value, file, '/home-of-bot');
  if (!read.ok) throw new Error(read.refusal.message);
  return read.value;
};

describe('settings of serve', () => {
  test('CF7 what is not said is this machine alone, and nothing repaired unasked', () => {
    expect(parsed({})).toEqual({
      ...{ host: '127.0.0.1', port: 8787, tls: null, proxy: null },
      ...{ source: null, sourceSchema: null, venues: null, listen: true, repair: 'ask' },
      ...{ intervalMinutes: 5, venueIntervalMinutes: 5, checkIntervalMinutes: 5 },
      ...{ performanceIntervalMinutes: 15, mirror: false, logFile: null },
      limits: {
        ...{ requestsPerSecond: 1_200, signInsPerMinute: 20 },
        ...{ streams: 2_000, streamsPerToken: 100 },
      },
      report: { at: '00:05', zone: 'UTC', folder: null },
    });
  });

  test('CF7 paths are relative to the file, or to home', () => {
    const told = parsed({
      tls: { certificate: 'tls/cert.pem', key: '~/key.pem' },
      source: 'sqlite:bot.db',
      logFile: '/var/log/trueup.log',
      report: { folder: 'reports', at: '18:30', zone: 'Europe/Berlin' },
      ...{ interval: '1h', checkInterval: '60s', venueInterval: '1d' },
    });
    expect(told).toMatchObject({
      tls: { certificate: '/srv/bot/tls/cert.pem', key: '/home-of-bot/key.pem' },
      source: 'sqlite:/srv/bot/bot.db',
      logFile: '/var/log/trueup.log',
      report: { folder: '/srv/bot/reports', at: '18:30', zone: 'Europe/Berlin' },
      ...{ intervalMinutes: 60, checkIntervalMinutes: 1, venueIntervalMinutes: 1_440 },
    });
    expect(parsed({ source: 'postgresql://bot@db/bot' }).source).toBe('postgresql://bot@db/bot');
  });

  const proxy = { origin: 'https://trueup.example.com', trust: ['10.0.0.1/32'] };

  test.each([
    [['10.0.0.1'], true],
    [['10.0.0.0/8', 'fd00::/8'], true],
    [['0.0.0.0/0'], false], // everybody
    [['::/0'], false],
    [['10.0.0.1/33'], false],
    [['proxy.example.com'], false], // a name may lead anywhere
    [['10.0.0.1/8/8'], false],
    [[], false],
  ])('CF7 a proxy that is trusted at %j: %s', (trust, isFine) => {
    const read = parseServeSettings({ proxy: { ...proxy, trust } }, 'x');
    expect(read.ok).toBe(isFine);
  });

  test.each<[string, object, string, string]>([
    ['a port', { port: 70_000 }, 'serve-bad', 'serve.port'],
    ['a port as a text', { port: '8787' }, 'serve-bad', 'serve.port'],
    ['a host', { host: '127.0.0.1:80' }, 'serve-bad', 'serve.host'],
    ['an address that is none', { host: '127.1' }, 'serve-bad', 'serve.host'],
    ['half of TLS', { tls: { certificate: 'c.pem' } }, 'serve-bad', 'serve.tls.key'],
    ['no object', { tls: 5 }, 'serve-bad', 'serve.tls'],
    [
      'an open origin',
      { proxy: { ...proxy, origin: 'http://x.org' } },
      'serve-bad',
      'serve.proxy.origin',
    ],
    [
      'a path',
      { proxy: { ...proxy, origin: 'https://x.org/a' } },
      'serve-bad',
      'serve.proxy.origin',
    ],
    ['half a minute', { interval: '30s' }, 'serve-bad', 'serve.interval'],
    ['two days', { checkInterval: '2d' }, 'serve-bad', 'serve.checkInterval'],
    ['a time', { report: { at: '24:00' } }, 'serve-bad', 'serve.report.at'],
    ['a zone', { report: { zone: 'Mars' } }, 'serve-bad', 'serve.report.zone'],
    ['a key', { prot: 1 }, 'serve-key-unknown', 'serve.prot'],
    ['a key inside', { tls: { cert: 'x' } }, 'serve-bad', 'serve.tls.certificate'],
    ['venues by themselves', { venues: 'main' }, 'serve-bad', 'serve.venues'],
  ])('CF7 %s is refused with its key', (_what, value, code, field) => {
    const read = parseServeSettings(value, 'trueup.yaml');
    expect(read).toMatchObject({ ok: false, refusal: { code, where: { field } } });
  });
});

describe('where it may listen', () => {
  const tls = { certificate: '/c.pem', key: '/k.pem' };
  const proxy = { origin: 'https://trueup.example.com', trust: ['10.0.0.1/32'] };

  test.each([
    ['127.0.0.1', true],
    ['127.8.9.10', true],
    ['::1', true],
    ['0:0:0:0:0:0:0:1', true],
    ['::ffff:127.0.0.1', true],
    ['localhost', true],
    ['LocalHost', true],
    ['0.0.0.0', false], // every address of this machine
    ['::', false],
    ['192.168.1.5', false],
    ['10.0.0.1', false],
    ['fe80::1', false],
    ['::ffff:10.0.0.1', false],
    ['trueup.internal', false], // a name may lead anywhere
    ['localhost.example.com', false],
    ['128.0.0.1', false],
  ])('CF7 %s is of this machine alone: %s', (host, isLocal) => {
    expect(isLoopbackHost(host)).toBe(isLocal);
    const bare = bindingRefusal({ host, tls: null, proxy: null });
    expect(bare?.code ?? null).toBe(isLocal ? null : 'serve-exposed');
    expect(bindingRefusal({ host, tls, proxy: null })).toBeNull();
    expect(bindingRefusal({ host, tls: null, proxy })).toBeNull();
  });
});
