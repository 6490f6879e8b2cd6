/** Prices of a bot's rows from the venue: what it does not tell stays as it is stored. */
import { beforeEach, describe, expect, test } from 'vitest';
import { decimal, toText } from '../../../src/decimal/text.ts';
import { addMilliseconds, type Instant } from '../../../src/model/instant.ts';
import { instrumentFromName } from '../../../src/model/instrument.ts';
import { refreshRows } from '../../../src/service/source/positions-prices.ts';
import { venuePrices } from '../../../src/service/source/venue-prices.ts';
import { openPositionSource } from '../../../src/sources/open-source.ts';
import type { Answer, Ticker } from '../../../src/venues/venue.ts';
import { FakeClock } from '../held-book.ts';
import { instruments, nameOf, PositionsGround } from './positions-kit.ts';

const clock = new FakeClock();
const signal = new AbortController().signal;
const maxAgeMs = 300_000;
const usual = { clock, signal, maxAgeMs };

type Told = Partial<Ticker> | 'silent';

/** A venue that lists the symbols of the incident and spot of one of them. */
function venueTelling(told: Readonly<Record<string, Told>>, listed?: typeof instruments) {
  const asked: string[] = [];
  const spot = { ...instrumentFromName('bybit', 'HNT/USDT')!, symbol: 'HNTUSDT' };
  const venue = {
    ...{ name: 'bybit', account: 'main', asked, isClosed: false },
    listed: listed ?? [...instruments, spot],
    instruments: async (): Promise<Answer<typeof instruments>> => ({
      ...{ status: 'answered', value: venue.listed },
    }),
    async ticker(instrument: string): Promise<Answer<Ticker>> {
      asked.push(instrument);
      const one = told[instrument] ?? 'silent';
      if (one === 'silent') return { status: 'refused', code: '10001', why: 'no such symbol' };
      const none = { last: null, mark: null, bid: null, ask: null };
      return { status: 'answered', value: { instrument, at: clock.now(), ...none, ...one } };
    },
    async close() {
      venue.isClosed = true;
    },
  };
  return venue;
}

const price = (text: string, at: Instant = clock.now()) => ({ mark: decimal(text), at });

describe('SP98 --prices venue', () => {
  const pricesOf = async (
    symbols: readonly string[],
    told: Readonly<Record<string, Told>>,
    currency = 'USDT',
    listed?: typeof instruments,
  ) => {
    const lines: string[] = [];
    const venue = venueTelling(told, listed);
    const options = { ...usual, currency, tell: (line: string) => void lines.push(line) };
    const source = venuePrices('bybit', async () => venue, options);
    const prices = await source.prices(symbols);
    expect(venue.isClosed).toBe(true);
    return [...prices.map((one) => `${one.symbol} ${toText(one.price)}`), ...lines];
  };
  const agi = nameOf('AGIUSDT');

  test.each([
    ['the unified name', agi, `${agi} 0.05`],
    ['the symbol of the venue', 'AGIUSDT', 'AGIUSDT 0.05'],
    ['one that is not listed', 'AGI', 'AGI keeps its stored price: bybit: it lists no such symbol'],
    [
      'one that fits two',
      'HNTUSDT',
      'HNTUSDT keeps its stored price: bybit: it fits HNT/USDT:USDT and HNT/USDT',
    ],
    ['a coin in the currency of the account', 'HNT', 'HNT 2.4'],
  ])('SP98 %s', async (_, symbol, line) => {
    const told = { [agi]: price('0.05'), 'HNT/USDT': price('2.4') };
    expect(await pricesOf([symbol], told)).toEqual([line]);
  });

  test('SP98 a coin is not priced in another currency: USDT is not USD', async () => {
    expect(await pricesOf(['HNT'], { 'HNT/USDT': price('2.4') }, 'USD')).toEqual([
      'HNT keeps its stored price: bybit: it lists no such symbol',
    ]);
  });

  test('SP105 a price in another currency is refused, and a contract is no coin', async () => {
    const named = (name: string, symbol: string) => ({
      ...instrumentFromName('v', name)!,
      ...{ symbol },
    });
    const listed = [
      named('BTC/USD:BTC', 'BTC'),
      named('ETH/USDT:USDT', 'ETH'),
      named('BTC/USDT', 'BTCUSDT'),
      named('BTC/EUR', 'BTCEUR'),
    ];
    const told = {
      ...{ 'BTC/USD:BTC': price('60000'), 'BTC/USDT': price('59900') },
      ...{ 'BTC/EUR': price('52000'), 'ETH/USDT:USDT': price('3000') },
    };
    const symbols = ['BTC', 'BTCEUR', 'BTC/EUR', 'BTC/USD:BTC', 'ETH', 'ETH/USDT:USDT'];
    const none = (symbol: string, name: string) =>
      `${symbol} keeps its stored price: bybit: it lists ${name}, which is no price in USDT`;
    expect(await pricesOf(symbols, told, 'USDT', listed)).toEqual([
      'BTC 59900',
      'ETH/USDT:USDT 3000',
      none('BTCEUR', 'BTC/EUR'),
      none('BTC/EUR', 'BTC/EUR'),
      none('BTC/USD:BTC', 'BTC/USD:BTC'),
      none('ETH', 'ETH/USDT:USDT'),
    ]);
  });

  test.each([
    ['no answer', 'silent', 'no such symbol (10001)'],
    ['no price', {}, 'it tells no price'],
    [
      'a price of ten minutes ago',
      price('0.05', addMilliseconds(clock.now(), -600_000)),
      'its price is 10 minutes old',
    ],
    [
      'a price of the future',
      price('0.05', addMilliseconds(clock.now(), 61_000)),
      'its price is of the future',
    ],
  ] as const)('SP98 %s is not known, and never zero', async (_, told, why) => {
    expect(await pricesOf(['AGIUSDT'], { [agi]: told })).toEqual([
      `AGIUSDT keeps its stored price: bybit: ${why}`,
    ]);
  });

  test('SP98 the last price where there is no mark', async () => {
    expect(await pricesOf(['AGIUSDT'], { [agi]: { last: decimal('0.049') } })).toEqual([
      'AGIUSDT 0.049',
    ]);
  });
});

describe('SP98 update --source --prices venue of a bot’s rows', () => {
  let ground: PositionsGround;

  beforeEach(() => {
    ground = new PositionsGround();
  });

  async function refreshed(told: Readonly<Record<string, Told>>, dryRun = false) {
    const source = await openPositionSource(`sqlite:${ground.path}`, {
      ...{ clock, zone: 'UTC', schema: null },
    });
    try {
      const venue = venueTelling(told);
      const done = await refreshRows(source, { venue, exchange: 'bybit' }, { ...usual, dryRun });
      return { ...done, asked: venue.asked };
    } finally {
      await source.close();
    }
  }

  test('SP98 price and unrealised PnL follow, in one write; nothing else does', async () => {
    const before = ground.row(1);
    const told = { [nameOf('AGIUSDT')]: price('0.05'), [nameOf('HNTUSDT')]: price('2.33') };
    const { written, same, left, source } = await refreshed(told);
    expect(written.map(({ id }) => id)).toEqual(['1']);
    // HNT is levered, so that it is no spot; 2.33 is what the row says.
    expect(same).toBe(1);
    // (0.0447 - 0.05) x 4160 = -22.048
    expect(ground.row(1)).toEqual({ ...before, current_price: 0.05, unrealized_pnl: -22.048 });
    expect(left.map(({ row, why }) => `${row.symbol} ${why}`)).toContain(
      'SCAUSDT no such symbol (10001)',
    );
    expect(left).toHaveLength(7);
    expect(ground.row(38)['current_price']).toBe(0.0953);
    expect(source.audit!.changes).toHaveLength(1);
    expect(source.backup).not.toBeNull();
  });

  test('SP98 a row of another exchange is left, and its symbol is not asked for', async () => {
    ground.bot("UPDATE positions SET exchange = 'binance' WHERE id = 1");
    const { left, asked } = await refreshed({ [nameOf('AGIUSDT')]: price('0.05') });
    expect(left.find(({ row }) => row.id === '1')!.why).toBe('it is of binance');
    expect(asked).not.toContain(nameOf('AGIUSDT'));
    expect(ground.row(1)['current_price']).toBe(0.0481);
  });

  test('SP98 a symbol that fits spot and perpetual is not guessed', async () => {
    ground.bot('UPDATE positions SET leverage = NULL WHERE id = 274');
    const told = { [nameOf('HNTUSDT')]: price('9'), 'HNT/USDT': price('9') };
    const { left } = await refreshed(told);
    expect(left.find(({ row }) => row.id === '274')!.why).toContain('not guessed');
    expect(ground.row(274)['current_price']).toBe(2.33);
  });

  test('SP98 --dry-run writes nothing', async () => {
    const { written } = await refreshed({ [nameOf('AGIUSDT')]: price('0.05') }, true);
    expect(written).toHaveLength(1);
    expect(ground.row(1)['current_price']).toBe(0.0481);
  });

  test('SP98 when a row was written tells what it knew: a price of ours leaves that', async () => {
    await refreshed({ [nameOf('AGIUSDT')]: price('0.05') });
    expect(String(ground.row(1)['updated_at'])).toContain('15:25:29');
  });
});
