import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { managerSettings } from '../../../src/service/config.ts';
import { serviceManager } from '../../../src/service/duties/service-manager.ts';
import { systemClock } from '../../../src/service/system-clock.ts';
import { ManualClock } from './manual-clock.ts';

const folder = mkdtempSync(join(tmpdir(), 'trueup-manager-'));
afterAll(() => rmSync(folder, { recursive: true }));

const settings = { socket: '/run/notify', watchdogMs: 120_000, path: '/usr/bin' };

const around = (environment: Record<string, string>) => ({ environment, folder, home: folder });

test('O20 what the manager says in the environment', () => {
  expect(managerSettings(around({}))).toBeNull();
  expect(managerSettings(around({ WATCHDOG_USEC: '30000000' }))).toBeNull();
  const own = { NOTIFY_SOCKET: '/run/notify', PATH: '/usr/bin' };
  expect(managerSettings(around(own))).toEqual({ ...settings, watchdogMs: null });
  expect(managerSettings(around({ ...own, WATCHDOG_USEC: '120000000' }))).toEqual(settings);
  expect(managerSettings(around({ ...own, WATCHDOG_USEC: 'soon' }))?.watchdogMs).toBeNull();
});

test('O20 without a manager nothing is sent, and nothing waits', async () => {
  const clock = new ManualClock('2026-01-12T10:00:00Z');
  const sent: string[] = [];
  const manager = serviceManager(null, clock, (line) => sent.push(line));
  manager.ready('TRUE');
  manager.watch(() => true);
  await clock.moveTo('2026-01-12T11:00:00Z');
  await manager.close();
  expect(sent).toEqual([]);
});

test('O20 messages arrive in their order, the status in one line', async () => {
  const sent: string[] = [];
  const manager = serviceManager(settings, systemClock, expect.unreachable, async (messages) => {
    // the first takes longest
    for (let turn = 5 - sent.length; turn > 0; turn -= 1) await new Promise(setImmediate);
    sent.push(messages.join(' | '));
  });
  manager.ready(`TRUE: ${'x'.repeat(300)}`);
  manager.status('BREAK:\nDiscrepancy: $211.69');
  manager.stopping();
  await manager.close();
  expect(sent).toEqual([
    `READY=1 | STATUS=TRUE: ${'x'.repeat(194)}`,
    'STATUS=BREAK: Discrepancy: $211.69',
    'STOPPING=1',
  ]);
});

test('O21 a sign of life at half the time, and none while nothing moves', async () => {
  const clock = new ManualClock('2026-01-12T10:00:00Z');
  const sent: string[] = [];
  const told: string[] = [];
  let isAlive = true;
  const manager = serviceManager(
    settings,
    clock,
    (line) => told.push(line),
    async ([message]) => {
      sent.push(`${clock.text().slice(14, 19)} ${message}`);
    },
  );
  manager.watch(() => isAlive);
  await clock.moveTo('2026-01-12T10:02:30Z');
  expect(sent).toEqual(['01:00 WATCHDOG=1', '02:00 WATCHDOG=1']);
  isAlive = false;
  await clock.moveTo('2026-01-12T10:04:30Z');
  expect(sent).toHaveLength(2);
  expect(told).toHaveLength(2);
  isAlive = true;
  await clock.moveTo('2026-01-12T10:05:30Z');
  expect(sent.slice(2)).toEqual(['05:00 WATCHDOG=1']);
  await manager.close();
  await clock.moveTo('2026-01-12T10:10:00Z');
  expect(sent).toHaveLength(3);
});

test('O20 systemd-notify is run with the socket, and one that fails is told once', async () => {
  const seen = join(folder, 'seen');
  const program = join(folder, 'systemd-notify');
  writeFileSync(program, `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >> ${seen}\n[ "$1" != FAIL=1 ]\n`);
  chmodSync(program, 0o755);
  const told: string[] = [];
  const own = { ...settings, path: `${folder}:/usr/bin:/bin` };
  const manager = serviceManager(own, systemClock, (line) => told.push(line));
  manager.ready('TRUE');
  manager.stopping();
  await manager.close();
  expect(readFileSync(seen, 'utf8')).toBe(
    '/run/notify READY=1 STATUS=TRUE\n/run/notify STOPPING=1\n',
  );
  expect(told).toEqual([]);
  const missing = { ...settings, path: join(folder, 'none') };
  const unheard = serviceManager(missing, systemClock, (line) => told.push(line));
  unheard.ready('TRUE');
  unheard.status('TRUE');
  await unheard.close();
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(/^the service manager cannot be told how the service is: .*ENOENT/);
});
