/** What a connection needs, tried by the real client library on the emulator. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../src/service/system-clock.ts';
import { diagnoseVenue } from '../../../src/service/venues/preflight.ts';
import { type CcxtVenueSettings, ccxtVenue } from '../../../src/venues/ccxt/ccxt-venue.ts';
import { rateStep } from '../../../src/venues/ccxt/diagnosing.ts';
import { openStand, type Stand } from '../../emulator/stand.ts';
import { wait } from './bybit-stand.ts';

let stand: Stand;
beforeAll(async () => {
  stand = await openStand();
});
afterAll(() => stand.close());

async function diagnosed(key: string, more: Partial<CcxtVenueSettings> = {}) {
  const venue = await ccxtVenue({
    ...{ exchange: 'bybit', name: 'main', account: 'main', clock: systemClock, wait },
    credentials: { key, secret: `${key}-secret` },
    local: stand.origin,
    ...more,
  });
  const { checks, exitCode } = await diagnoseVenue(venue, 'trueup.db');
  await venue.close();
  const found = Object.fromEntries(checks.map(({ name, status }) => [name, status]));
  return { exitCode, found, checks };
}

test('CX35 every step that a connection needs is tried', async () => {
  const { exitCode, found, checks } = await diagnosed('reader');
  expect({ exitCode, found }).toEqual({
    exitCode: 0,
    found: {
      ...{ time: 'ok', 'key: withdrawals': 'ok', 'key: trading': 'ok', 'key: expiry': 'ok' },
      ...{ instruments: 'ok', 'statement: positions': 'ok', 'statement: balances': 'ok' },
      ...{ 'statement: orders': 'ok', 'statement: executions': 'ok' },
      ...{ 'statement: cash flows': 'ok', 'rate limit': 'ok', streams: 'ok' },
    },
  });
  expect(checks[0]!.found).toMatch(/clock minus ours: .*\d ms, corrected \(window 5000 ms\)/);
}, 30_000);

test('CX35 a key that may more than is needed is doubtful, less is a fault', async () => {
  const wide = await diagnosed('trader');
  expect([wide.exitCode, wide.found['key: trading']]).toEqual([0, 'warning']);
  const narrow = await diagnosed('reader', { trading: true });
  expect([narrow.exitCode, narrow.found['key: trading']]).toEqual([1, 'fault']);
}, 30_000);

test('CX35 a key that the venue does not know ends it, with exit 4', async () => {
  const { exitCode, checks } = await diagnosed('nobody');
  expect(exitCode).toBe(4);
  expect(checks.map(({ name, status }) => [name, status])).toEqual([
    ['time', 'ok'],
    ['key', 'fault'],
  ]);
  expect(JSON.stringify(checks)).not.toContain('nobody-secret');
});

test('CX35 a venue that does not answer is a fault, not a key', async () => {
  const { exitCode, found } = await diagnosed('reader', { local: 'http://127.0.0.1:9' });
  expect({ exitCode, found }).toEqual({ exitCode: 1, found: { time: 'fault' } });
});

test('CX35 a clock that is wrong is said, and corrected', async () => {
  const skewed = { now: () => systemClock.now() - 4_000_000_000n };
  const { exitCode, found, checks } = await diagnosed('reader', { clock: skewed });
  expect([exitCode, found['time'], found['statement: balances']]).toEqual([0, 'warning', 'ok']);
  expect(checks[0]!.found).toMatch(/minus ours: \+(39|40)\d\d ms/);
}, 30_000);

test.each([
  [{ 'x-bapi-limit-status': '49', 'x-bapi-limit': '50' }, 'passed', '49 left of 50'],
  [{ 'x-bapi-limit-status': '3', 'x-bapi-limit': '50' }, 'doubtful', '3 left of 50'],
  [{ 'x-mbx-used-weight-1m': '2300' }, 'doubtful', '100 left of 2400'],
  [{}, 'passed', 'not told by the venue'],
])(
  'CX35 what is left of the rate is told where the venue tells it: %j',
  (headers, outcome, detail) => {
    const step = rateStep(new Map(Object.entries(headers)));
    expect(step.outcome).toBe(outcome);
    expect(step.detail).toContain(detail);
  },
);
