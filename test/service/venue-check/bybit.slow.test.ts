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
import { btc, eth, openStand, type Stand, spot } from '../../emulator/stand.ts';
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
  test('VC15 what the book missed settles, is proven, booked and verified', async () => {
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

  const positions = '/v5/position/list';
  const wallet = '/v5/account/wallet-balance';
  const lies = [
    { fault: 'empty-list', path: positions, when: { times: 6 } },
    { fault: 'server-error', path: wallet, status: 503, when: { times: 2 } },
    { fault: 'cut-json', path: positions, when: { times: 2 } },
    { fault: 'no-answer', path: positions, when: { times: 2 } },
    // Older than what follows takes on a slow machine, or it would be the truth.
    { fault: 'stale', path: positions, ageMs: 2_000, when: { times: 12 } },
    { fault: 'stale', path: wallet, ageMs: 2_000, when: { times: 4 } },
  ] as const;
  test('VC4 VC5 VC6 lies about a book that is true open no break and repair nothing', async () => {
    // From now on the exchange remembers how it was.
    stand.emulator.strike({ fault: 'stale', path: '/v5/nothing', ageMs: 1 });
    await venue.place(market('one'));
    await venue.place(market('eth', { instrument: eth, quantity: decimal('1') }));
    await pulled();
    await withBook(0, async ({ check }) => {
      expect((await check()).reconciled.verdict).toBe('true');
    });
    const reasons: (string | undefined)[] = [];
    for (const [index, lie] of lies.entries()) {
      // Nothing settles here: what is told as it was before this trade looks like a difference.
      await wait('ageMs' in lie ? lie.ageMs + 50 : 350);
      await venue.place(market(`t${index}`, { side: index % 2 === 0 ? 'sell' : 'buy' }));
      await pulled();
      await withBook(0, async ({ check, repair }) => {
        stand.emulator.strike(lie);
        const { reconciled } = await check();
        reasons.push(...reconciled.unknown.map(({ reason }) => reason));
        expect([lie, reconciled.verdict, seenIn({ reconciled } as Checked)]).toEqual([
          ...[lie, 'cannot-say', []],
        ]);
        expect((await repair()).json['accounts']).toMatchObject([{ repairs: [] }]);
        let again = await check();
        for (let times = 0; times < 8 && again.reconciled.verdict !== 'true'; times += 1) {
          again = await check();
        }
        expect([lie, again.reconciled.verdict]).toEqual([lie, 'true']);
      });
    }
    expect(reasons).toContain('SNAPSHOT_TORN');
  });

  test('VC21 a coin that the first wallet of a process leaves out is no break', async () => {
    const ofPair = { instrument: spot, quantity: decimal('0.5') };
    stand.quote(spot, '60000');
    await venue.place(market('one', ofPair));
    await pulled();
    const anew = async () => {
      await venue.close();
      venue = await connected();
    };
    const checked = async (wallets: number) => {
      await anew();
      const when = { times: wallets };
      if (wallets > 0) stand.emulator.strike({ fault: 'omit-coin', coin: 'BTC', when });
      return await withBook(0, async ({ check }) => (await check()).reconciled);
    };
    expect((await checked(0)).verdict).toBe('true');
    // Asked for by its name, the exchange has it.
    expect(await checked(1)).toMatchObject({ verdict: 'true', unknown: [] });
    const silent = await checked(100);
    expect([silent.verdict, silent.breaks]).toEqual(['cannot-say', []]);
    expect(silent.unknown[0]?.why).toMatch(/leaves out BTC/);
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
