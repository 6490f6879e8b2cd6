/** Checks and repairs through the real client library, on an exchange that lies at will. */
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decimal } from '../../../src/decimal/text.ts';
import type { Checked } from '../../../src/service/checking.ts';
import { openFollowed } from '../../../src/service/listening/opening.ts';
import { pull } from '../../../src/service/listening/pull.ts';
import { logTo } from '../../../src/service/log.ts';
import { openForWriting } from '../../../src/service/open-for-writing.ts';
import { BookReader } from '../../../src/service/reading.ts';
import { requestOf, sync } from '../../../src/service/reconciling.ts';
import { checkAndNote } from '../../../src/service/syncing.ts';
import { systemClock } from '../../../src/service/system-clock.ts';
import { comparedWithVenue } from '../../../src/service/venue-check/comparing.ts';
import { ccxtVenue } from '../../../src/venues/ccxt/ccxt-venue.ts';
import type { OrderRequest, Venue } from '../../../src/venues/venue.ts';
import { btc, eth, openStand, type Stand } from '../../emulator/stand.ts';
import { bookPath, markMaxAgeMs } from '../held-book.ts';

let stand: Stand;
let venue: Venue;
let path: string;

const wait = (ms: number) => new Promise<void>((resolve) => systemClock.after(ms, resolve));
const { signal } = new AbortController();

beforeEach(async () => {
  path = bookPath();
  stand = await openStand();
  stand.quote(btc, '60000');
  stand.quote(eth, '3000');
  venue = await connected();
});

afterEach(async () => {
  await venue.close();
  await stand.close();
  rmSync(dirname(path), { recursive: true, force: true });
});

const connected = (): Promise<Venue> =>
  ccxtVenue({
    ...{ exchange: 'bybit', name: 'bybit', account: 'main', local: stand.origin },
    credentials: { key: 'trader', secret: 'trader-secret' },
    ...{ clock: systemClock, wait, paceMs: 0.1, timeoutMs: 500, trading: true },
  });

const market = (clientOrderId: string, more: Partial<OrderRequest> = {}): OrderRequest => ({
  ...{ clientOrderId, instrument: btc, leg: 'net', side: 'buy', type: 'market' },
  ...{ quantity: decimal('0.1'), price: null, timeInForce: 'ioc', reduceOnly: false },
  ...{ trigger: null, ...more },
});

/** As `update --venue` does it. */
async function pulled(): Promise<void> {
  const followed = await openFollowed({
    ...{ venue, settings: { currency: 'USDT', positionMode: 'net' as const }, book: path, signal },
    ...{ holder: 'test', programVersion: 'test', markMaxAgeMs, clock: systemClock },
    ...{ log: logTo(() => undefined, systemClock), streams: false },
  });
  if (!followed.ok) throw new Error(followed.refusal.message);
  const { following, keeper, reader, account, close } = followed.value;
  await following.begin(account, { clock: systemClock, signal, tries: 1 });
  const since = systemClock.now() - 3_600_000_000_000n;
  await pull({ venue, following, keeper, reader, clock: systemClock, signal, markMaxAgeMs }, since);
  await close();
}

/** The times of a test: two statements a moment apart, and so long to settle. */
const timesOf = (settleMs: number) => ({ confirmMs: 50, settleMs, tries: 2, answerMaxMs: 5_000 });

async function withBook<T>(
  settleMs: number,
  work: (parts: {
    readonly check: () => Promise<Checked>;
    readonly repair: () => ReturnType<typeof sync>;
  }) => Promise<T>,
): Promise<T> {
  const reader = new BookReader(path, systemClock);
  const options = { clock: systemClock, holder: 'test', create: false, markMaxAgeMs };
  const writer = await openForWriting(path, options);
  const how = {
    ...{ clock: systemClock, strict: false, markMaxAgeMs, toleranceSteps: 0 },
    adjust: new Set<string>(),
  };
  const asking = { clock: systemClock, signal, times: timesOf(settleMs) };
  const ask = () => {
    const account = reader.file.accountNamed('main')!;
    return comparedWithVenue(reader, { account, venue }, how, asking);
  };
  try {
    return await work({
      check: async () => checkAndNote(reader, writer, requestOf(await ask(), how)),
      async repair() {
        const choice = { apply: true, auto: true, only: null, plans: null };
        return sync(reader, writer, [await ask()], how, choice);
      },
    });
  } finally {
    reader.close();
    await writer.close();
  }
}

const seenIn = ({ reconciled }: Checked) =>
  reconciled.breaks
    .filter(({ state }) => state !== 'SELF_CLEARED' && state !== 'VERIFIED')
    .map(({ state, reason, confidence }) => `${state} ${reason} ${confidence}`);

describe('a real client library', () => {
  test('VC15 what the book missed settles, is proven by its execution, booked and verified', async () => {
    await venue.place(market('one'));
    await pulled();
    await withBook(60_000, async ({ check }) => {
      expect((await check()).reconciled.verdict).toBe('true');
      await venue.place(market('two', { side: 'sell', quantity: decimal('0.04') }));
      const young = await check();
      expect(young.reconciled.verdict).toBe('cannot-say');
      expect(seenIn(young)).toEqual(['SETTLING FILL_MISSING proven']);
    });
    await withBook(0, async ({ check, repair }) => {
      const old = await check();
      expect(seenIn(old)).toEqual(['EXPLAINED FILL_MISSING proven']);
      expect(old.account).toMatchObject({ gate: 'deny' });
      expect((await repair()).exitCode).toBe(0);
      const after = await check();
      expect(after.reconciled).toMatchObject({ verdict: 'true', unknown: [] });
      expect(after.account.gate).toBe('allow');
    });
  });

  const lies = [
    { fault: 'empty-list', path: '/v5/position/list' },
    { fault: 'html', path: '/v5/position/list' },
    { fault: 'server-error', path: '/v5/account/wallet-balance', status: 503 },
    { fault: 'no-answer', path: '/v5/position/list' },
    { fault: 'cut-json', path: '/v5/account/wallet-balance' },
    { fault: 'stale', path: '/v5/position/list', ageMs: 60_000 },
    { fault: 'torn', path: '/v5/account/wallet-balance', ageMs: 60_000 },
    { fault: 'stale', path: '/v5/account/wallet-balance', ageMs: 60_000 },
  ] as const;
  test('VC4 VC5 VC6 lies about an account that is true open no break and repair nothing', async () => {
    await venue.place(market('one'));
    await venue.place(market('eth', { instrument: eth, quantity: decimal('1') }));
    await pulled();
    await withBook(60_000, async ({ check }) => {
      expect((await check()).reconciled.verdict).toBe('true');
      await venue.place(market('two', { quantity: decimal('0.2') }));
    });
    await pulled();
    await withBook(60_000, async ({ check, repair }) => {
      for (const lie of lies) {
        for (let times = 0; times < 6; times += 1) stand.emulator.strike(lie);
        const checked = await check();
        const open = seenIn(checked).filter((one) => !one.startsWith('SETTLING'));
        expect([lie.fault, open]).toEqual([lie.fault, []]);
        const repaired = await repair();
        expect(repaired.json['accounts']).toMatchObject([{ repairs: [] }]);
        // Whatever is left of the lie is used up.
        for (let times = 0; times < 6; times += 1) await venue.statement();
      }
      expect((await check()).reconciled.verdict).toBe('true');
    });
  });

  test('VC9 the clock of the exchange four hours ahead changes no age', async () => {
    await venue.place(market('one'));
    stand.emulator.strike({ fault: 'skew-clock', ms: 4 * 3_600_000 });
    await venue.close();
    venue = await connected();
    stand.quote(btc, '60000');
    await venue.place(market('two'));
    await pulled();
    await withBook(60_000, async ({ check }) => {
      const checked = await check();
      expect(checked.reconciled).toMatchObject({ verdict: 'true', unknown: [] });
      expect(checked.account.dataAgeSeconds).toBeLessThan(60);
      expect(checked.account.gate).toBe('allow');
    });
  });
});
