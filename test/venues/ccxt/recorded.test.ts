import { describe, expect, test } from 'vitest';
import { equals, multiply, negate, subtract, total } from '../../../src/decimal/decimal.ts';
import { toText } from '../../../src/decimal/text.ts';
import type { CashFact, Fill } from '../../../src/model/fact.ts';
import { envelope } from '../../../src/venues/ccxt/exchange-client.ts';
import type { Listed, Market } from '../../../src/venues/ccxt/instrument-index.ts';
import {
  mapBinanceBalances,
  mapBinancePositions,
} from '../../../src/venues/ccxt/mapping/binance-account.ts';
import { mapBinanceOrderEvent } from '../../../src/venues/ccxt/mapping/binance-executions.ts';
import {
  binanceIndex,
  mapBinanceInstruments,
} from '../../../src/venues/ccxt/mapping/binance-instruments.ts';
import {
  mapBybitBalances,
  mapBybitPositions,
} from '../../../src/venues/ccxt/mapping/bybit-account.ts';
import {
  bybitChainFaults,
  mapBybitCashFlows,
} from '../../../src/venues/ccxt/mapping/bybit-cash-flows.ts';
import { mapBybitExecutions } from '../../../src/venues/ccxt/mapping/bybit-executions.ts';
import {
  bybitIndex,
  mapBybitInstruments,
} from '../../../src/venues/ccxt/mapping/bybit-instruments.ts';
import { mapBybitOrders } from '../../../src/venues/ccxt/mapping/bybit-orders.ts';
import {
  list,
  object,
  type Raw,
  rawJson,
  text,
  venueDecimal,
} from '../../../src/venues/ccxt/raw.ts';
import { needs } from '../../real-data/needs-data.ts';
import { hasRecorded, recorded, recordedFiles, recordedJson, replaying } from './recorded.ts';

needs(hasRecorded, 'recorded answers of exchanges');

interface Case {
  readonly input: readonly unknown[];
  readonly httpResponse: Raw;
  readonly parsedResponse: never;
}
interface Fixture {
  readonly methods: Readonly<Record<string, readonly Case[]>>;
}

const index = bybitIndex([]);
const context = { account: 'main', positionMode: 'net', index } as const;
const cases = (method: string) =>
  recordedJson<Fixture>('ccxt-response-excerpts/bybit.json').methods[method]!;

/** Rows as they arrive through the client: signed, waited for, parsed without loss. */
async function rowsOf(answer: Raw, method: string) {
  // Where the excerpt left out when it was answered, any time will do.
  const whole = text(answer, 'time') === '' ? { ...answer, time: '1760000000000' } : answer;
  const client = await replaying('bybit', JSON.stringify(whole));
  const { result } = envelope(await client.call(method, { category: 'linear' }));
  return { rows: list(result['list'], 'list'), category: text(result, 'category') as Market };
}

/** What somebody else read, as a decimal: their numbers are shortest texts of doubles. */
const theirs = (value: unknown) => toText(venueDecimal(String(value))!);

describe('Bybit, through the client', () => {
  test('CX29 executions equal what another program read', async () => {
    for (const { httpResponse, parsedResponse } of cases('fetchMyTrades')) {
      const { rows, category } = await rowsOf(httpResponse, 'privateGetV5ExecutionList');
      const { items } = mapBybitExecutions(context, rows, category);
      const [answer] = parsedResponse as readonly Record<string, unknown>[];
      const [fact] = items as readonly [Fill | CashFact];
      const fee = answer!['fee'] as { cost: number; currency: string };
      expect(fact.instrument).toBe(answer!['symbol']);
      if (fact.kind === 'fill') {
        expect(fact.executionId).toBe(answer!['id']);
        expect(fact.orderId).toBe(answer!['order']);
        expect(fact.side).toBe(answer!['side']);
        expect(toText(fact.quantity)).toBe(theirs(answer!['amount']));
        expect(toText(fact.price)).toBe(theirs(answer!['price']));
        expect(toText(multiply(fact.quantity, fact.price))).toBe(theirs(answer!['cost']));
        expect(fact.fees?.map((one) => [one.currency, toText(one.amount)])).toEqual([
          [fee.currency, theirs(fee.cost)],
        ]);
      } else {
        // The other program took funding for a trade; what it paid is what it calls the fee.
        expect([fact.kind, toText(negate(fact.amount))]).toEqual(['funding', theirs(fee.cost)]);
      }
    }
  });

  test('CX29 CX6 nine payments of funding, of which one was received', async () => {
    const { rows, category } = await rowsOf(
      cases('fetchFundingHistory')[0]!.httpResponse,
      'privateGetV5ExecutionList',
    );
    const { items, faults } = mapBybitExecutions(context, rows, category);
    const funding = items as readonly CashFact[];
    expect(funding).toHaveLength(9);
    for (const [at, row] of rows.entries()) {
      // A long pays where the rate is positive, and receives where it is negative.
      const received = text(row, 'feeRate').startsWith('-') === (text(row, 'side') === 'Buy');
      expect(toText(funding[at]!.amount).startsWith('-')).toBe(!received);
    }
    expect(faults.every((fault) => /is not listed/.test(fault))).toBe(true);
  });

  test('CX29 CX6 the ledger’s funding is booked as paid', async () => {
    const { rows } = await rowsOf(
      cases('fetchLedger')[0]!.httpResponse,
      'privateGetV5AccountTransactionLog',
    );
    const { items } = mapBybitCashFlows(context, rows);
    expect(items.map((fact) => [fact.kind, toText(fact.amount)])).toEqual([
      ['funding', '-0.0006935'],
    ]);
    expect(bybitChainFaults(rows)).toEqual([]);
    // The other program's balance before is 94.05001087: the debit taken twice.
    const [row] = rows;
    const before = subtract(
      venueDecimal(text(row!, 'cashBalance'))!,
      venueDecimal(text(row!, 'change'))!,
    );
    expect(toText(before)).toBe('94.05139787');
  });

  test('CX29 CX9 seven coins of a wallet, what is free of each by the same sum', async () => {
    const [{ httpResponse, parsedResponse }] = cases('fetchBalance') as readonly [Case];
    const { rows } = await rowsOf(httpResponse, 'privateGetV5AccountWalletBalance');
    const { items } = mapBybitBalances(rows);
    const answer = parsedResponse as Record<string, { free: number; total: number }>;
    expect(items).toHaveLength(7);
    for (const { currency, total: held, available } of items) {
      expect(toText(held)).toBe(theirs(answer[currency]?.total));
      expect(toText(available!)).toBe(theirs(answer[currency]?.free));
    }
  });

  test('CX29 a round trip of orders: gross -0.9681, fees 0.13531535', async () => {
    const { httpResponse } = cases('fetchClosedOrders')[0]!;
    const { rows, category } = await rowsOf(httpResponse, 'privateGetV5OrderHistory');
    const { items } = mapBybitOrders(context, rows, category);
    expect(items.map((one) => [one.side, one.status, one.reduceOnly])).toEqual([
      ['sell', 'filled', true],
      ['buy', 'filled', false],
    ]);
    const values = items.map((one) => multiply(one.filled!, one.averagePrice!));
    const fees = rows.map((row) => venueDecimal(text(row, 'cumExecFee'))!);
    expect(toText(subtract(values[0]!, values[1]!))).toBe('-0.9681');
    expect(toText(total(fees))).toBe('0.13531535');
  });
});

describe('what exchanges list', () => {
  interface Parsed {
    readonly id: string;
    readonly symbol: string;
    readonly type: string;
    readonly linear: boolean | null;
    readonly contractSize: number | null;
    readonly precision: { readonly amount: number; readonly price: number };
    readonly info: Raw;
  }
  const maps = {
    bybit: mapBybitInstruments,
    binance: mapBinanceInstruments,
  } as const;

  test.each(['bybit', 'binance'] as const)(
    'CX29 CX3 %s instruments have the names and steps that others read',
    (name) => {
      const path = `ccxt-public-fixtures/${name}/fetch_markets.json`;
      const { parsed_response: markets } = recordedJson<{ parsed_response: readonly Parsed[] }>(
        path,
      );
      const listed: Listed[] = [];
      for (const one of markets.filter(({ type }) => type !== 'option')) {
        const market: Market = one.type === 'spot' ? 'spot' : one.linear ? 'linear' : 'inverse';
        const mapped = maps[name](market, [object(rawJson(JSON.stringify(one.info)), 'info')]);
        expect(mapped.faults).toEqual([]);
        const [first] = mapped.items;
        expect(first?.instrument.name).toBe(one.symbol);
        expect(first?.instrument.symbol).toBe(one.id);
        expect(toText(first!.instrument.tickSize!)).toBe(theirs(one.precision.price));
        const steps = multiply(
          venueDecimal(String(one.precision.amount))!,
          venueDecimal(first!.contractSize)!,
        );
        expect(equals(first!.instrument.lotSize!, steps)).toBe(true);
        expect(theirs(first!.contractSize)).toBe(theirs(one.contractSize ?? 1));
        listed.push(...mapped.items);
      }
      expect(listed.length).toBeGreaterThan(1);
      expect(new Set(listed.map(({ instrument }) => instrument.name)).size).toBe(listed.length);
    },
  );
});

describe('payloads of other programs', () => {
  const bybit = 'exchange-payloads-nautilus/bybit';
  const read = (path: string) => object(rawJson(recorded(path)), path);

  test('CX29 every private payload of Bybit is read; options and strangers are told', () => {
    let count = 0;
    for (const path of recordedFiles(bybit)) {
      const told = /(executions|positions|orders?_|orders|wallet|execution|position|order)/.exec(
        path,
      );
      if (told === null || /fast|response|orderbook|funding_history/.test(path)) continue;
      const whole = read(path);
      if (whole['data'] === undefined && whole['result'] === undefined) continue;
      const rows = list(whole['data'] ?? object(whole['result'], path)['list'], path);
      const market = whole['data'] === undefined ? 'linear' : undefined;
      const mapped = /wallet/.test(path)
        ? mapBybitBalances(rows)
        : /position/.test(path)
          ? mapBybitPositions(context, rows, market)
          : /execution/.test(path)
            ? mapBybitExecutions(context, rows, market)
            : mapBybitOrders(context, rows, market);
      const faults = mapped.faults.filter(
        (fault) => !/is not listed|options|hedge mode/.test(fault),
      );
      expect([path, faults]).toEqual([path, []]);
      count += mapped.items.length;
    }
    expect(count).toBeGreaterThan(30);
  });

  test('CX29 CX10 partly filled, then rejected: what filled stays', () => {
    const whole = read(`${bybit}/http_get_order_partially_filled_rejected.json`);
    const { items } = mapBybitOrders(
      context,
      list(object(whole['result'], '')['list'], ''),
      'linear',
    );
    expect(items.map((one) => [one.status, toText(one.filled!)])).toEqual([['cancelled', '0.005']]);
  });

  test('CX29 CX5 CX30 Binance frames say what made a fill', () => {
    const folder = 'exchange-payloads-nautilus/binance/futures/user_data_json';
    const listing = { baseAsset: 'BTC', quoteAsset: 'USDT', marginAsset: 'USDT', filters: [] };
    const usdm = binanceIndex(
      mapBinanceInstruments('linear', [
        { ...listing, symbol: 'BTCUSDT', contractType: 'PERPETUAL', contractSize: '1' },
      ]).items,
    );
    const causes = ['trade', 'adl', 'calculated', 'settlement'].map((name) => {
      const frame = read(`${folder}/order_update_${name}.json`);
      const where = { ...context, index: usdm };
      const [fill] = mapBinanceOrderEvent(
        where,
        'linear',
        object(frame['o'], 'o'),
      ) as readonly Fill[];
      return [fill?.cause, fill?.leg, fill?.fees?.[0]?.currency];
    });
    expect(causes).toEqual([
      ['trade', 'long', 'USDT'],
      ['adl', 'short', 'USDT'],
      ['liquidation', 'long', 'USDT'],
      ['settlement', 'long', 'USDT'],
    ]);
    const account = read(
      'exchange-payloads-nautilus/binance/futures/http_json/account_info_v2.json',
    );
    expect(toText(mapBinanceBalances(list(account['assets'], '')).items[0]!.total)).toBe(
      '23.72469206',
    );
    const risk = list(
      rawJson(recorded('exchange-payloads-nautilus/binance/futures/http_json/position_risk.json')),
      '',
    );
    const { items } = mapBinancePositions({ ...context, index: usdm }, 'linear', risk);
    expect(toText(items[0]!.quantity)).toBe('0.001');
  });
});
