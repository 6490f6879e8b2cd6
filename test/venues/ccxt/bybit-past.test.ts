import { describe, expect, test } from 'vitest';
import { toText } from '../../../src/decimal/text.ts';
import type { Fill } from '../../../src/model/fact.ts';
import { fromMilliseconds } from '../../../src/model/instant.ts';
import type { FactPage } from '../../../src/venues/venue.ts';
import { asked, at, open, server, standing, value } from './bybit-stand.ts';
import { execution, page, refused, venueTime } from './fake-bybit.ts';

standing();

/** Linear executions as the exchange lists them: of a window, the newest first, by the hundred. */
const newestFirst = (rows: readonly Readonly<Record<string, unknown>>[]) =>
  at('/v5/execution/list', (one) => {
    const [from, to] = [Number(one.query['startTime']), Number(one.query['endTime'])];
    const isInside = (time: number) => from <= time && time <= to;
    const inside =
      one.query['category'] === 'linear'
        ? rows.filter((row) => isInside(Number(row['execTime'])))
        : [];
    const first = Number(one.query['cursor'] ?? 0);
    const next = first + 100 < inside.length ? String(first + 100) : '';
    return page(one, inside.slice(first, first + 100), next);
  });

describe('the past', () => {
  test('CX14 is asked for without a type, in every category, to the last page', async () => {
    server.tell(
      at('/v5/execution/list', (one) =>
        one.query['category'] !== 'linear'
          ? page(one, [])
          : one.query['cursor'] === undefined
            ? page(one, [execution({ execId: 'e2', execType: 'BustTrade' })], 'two')
            : page(one, [execution({ execId: 'e1' })]),
      ),
    );
    const venue = await open();
    const since = fromMilliseconds(venueTime - 1000);
    const { facts, more } = value(await venue.executions(null, since));
    expect(facts.map((fill) => [fill.executionId, fill.cause])).toEqual([
      ['e2', 'liquidation'],
      ['e1', 'trade'],
    ]);
    expect(more).toBe(false);
    expect(asked('/v5/execution/list').map((one) => one.query['category'])).toEqual([
      'linear',
      'linear',
      'inverse',
      'spot',
    ]);
    expect(asked('/v5/execution/list').every((one) => one.query['execType'] === undefined)).toBe(
      true,
    );
  });

  test('CX26 goes on where it was, with overlap, and claims no more than is listed', async () => {
    const venue = await open({ overlapMs: 60_000, lagMs: 10_000 });
    const since = fromMilliseconds(venueTime - 20 * 86_400_000);
    const windows = () =>
      asked('/v5/execution/list')
        .filter((one) => one.query['category'] === 'linear')
        .map((one) => [Number(one.query['startTime']), Number(one.query['endTime'])] as const);
    const first = value(await venue.executions(null, since));
    expect(first.through).toBe(fromMilliseconds(venueTime - 10_000));
    for (const [index, [from, to]] of windows().entries()) {
      expect(to - from).toBeLessThanOrEqual(7 * 86_400_000);
      const before = windows()[index - 1];
      if (before !== undefined) expect(from).toBe(before[1] - 60_000);
    }
    expect(windows().at(-1)?.[1]).toBe(venueTime);
    const count = windows().length;
    value(await venue.executions(first.cursor, null));
    expect(windows()[count]?.[0]).toBe(venueTime - 70_000);
  });

  test('LS38 a long past with little in it is handed out in parts', async () => {
    const row = execution({ execId: 'e1', execTime: String(venueTime - 3600_000) });
    server.tell(newestFirst([row]));
    const venue = await open();
    const since = fromMilliseconds(venueTime - 365 * 86_400_000);
    const first = value(await venue.executions(null, since));
    // Eight windows of a week, each in three markets.
    expect([first.facts.length, first.more]).toEqual([0, true]);
    expect(asked('/v5/execution/list')).toHaveLength(24);
    const facts: Fill[] = [];
    for (let answer = first; answer.more; ) {
      answer = value(await venue.executions(answer.cursor, null));
      facts.push(...answer.facts);
    }
    expect(facts.map(({ executionId }) => executionId)).toEqual(['e1']);
    expect(asked('/v5/execution/list')).toHaveLength(3 * 53);
  });

  /** The transaction log, two rows a page; a trade of each millisecond moves one coin by one. */
  const log = (times: readonly number[]) =>
    at('/v5/account/transaction-log', (one) => {
      const first = Number(one.query['cursor'] ?? 0);
      const rows = times.slice(first, first + 2).map((time) => ({
        ...{ id: `l${time}`, type: 'TRADE', category: 'linear', symbol: 'BTCUSDT', side: 'Buy' },
        ...{ currency: 'USDT', tradeId: `e${time}`, transSubType: '', orderId: `o${time}` },
        ...{ change: '1', cashFlow: '1', funding: '', fee: '0', cashBalance: String(time) },
        transactionTime: String(venueTime - 1000 + time),
      }));
      return page(one, rows, first + 2 < times.length ? String(first + 2) : '');
    });

  test('LS39 a row of the log that is lost between two pages is told', async () => {
    const venue = await open();
    const since = fromMilliseconds(venueTime - 2000);
    server.tell(log([6, 5, 4, 3, 2, 1]));
    expect(value(await venue.cashFlows(null, since)).faults).toEqual([]);
    server.tell(log([6, 5, 3, 2, 1]));
    const { faults } = value(await venue.cashFlows(null, since));
    expect(faults).toEqual([expect.stringMatching(/^USDT: 3 is not followed by 4 at/)]);
  });

  test('LS27 executions that the log tells of are told with their time', async () => {
    server.tell(log([3, 2, 1]));
    const { executions } = value(
      await (await open()).cashFlows(null, fromMilliseconds(venueTime - 2000)),
    );
    expect(executions).toEqual(
      [3, 2, 1].map((time) => ({
        ...{ executionId: `e${time}`, takenBack: false },
        time: fromMilliseconds(venueTime - 1000 + time),
      })),
    );
  });

  test('CX26 a cursor stands at a page, outlives the process, or is refused', async () => {
    const rows = (from: number) =>
      Array.from({ length: 100 }, (_, n) => execution({ execId: `e${from + n}` }));
    server.tell(
      at('/v5/execution/list', (one) => {
        if (one.query['category'] !== 'linear') return page(one, []);
        const from = Number(one.query['cursor'] ?? 0);
        return page(one, rows(from), from < 900 ? String(from + 100) : '');
      }),
    );
    const since = fromMilliseconds(venueTime - 1000);
    const inParts = { factsAtOnce: 500 };
    const first = value(await (await open(inParts)).executions(null, since));
    expect([first.facts.length, first.more]).toEqual([500, true]);
    const rest = value(await (await open()).executions(first.cursor, null));
    const ids = [...first.facts, ...rest.facts].map((fill) => fill.executionId);
    expect(new Set(ids).size).toBe(1000);
    expect(await (await open()).executions('{"v":2}', null)).toMatchObject({ code: 'cursor-bad' });
  });

  test('LS90 CX26 what is told from the newest back is handed out from the oldest on', async () => {
    // One every ten minutes for ten days, and in the midst of them and at last 400 in a second.
    const minute = 60_000;
    const times = (length: number, last: number, every: number) =>
      Array.from({ length }, (_, n) => last - n * every);
    const spread = times(1440, venueTime, 10 * minute);
    const bursts = [...times(400, venueTime - 7000 * minute, 2), ...times(400, venueTime, 2)];
    const rows = [...spread, ...bursts]
      .sort((a, b) => b - a)
      .map((time, n) => execution({ execId: `e${n}`, execTime: String(time) }));
    server.tell(newestFirst(rows));
    const venue = await open({ factsAtOnce: 300, overlapMs: minute });
    const ids = new Set<string>();
    let cursor: string | null = null;
    let last = 0n;
    for (let more = true; more; ) {
      const read: FactPage<Fill> = value(
        await venue.executions(cursor, fromMilliseconds(venueTime - 11 * 1440 * minute)),
      );
      ({ cursor, more } = read);
      for (const { executionId, time } of read.facts) {
        // Windows begin an overlap before the one before them ended.
        expect(time).toBeGreaterThanOrEqual(last - BigInt(minute) * 1_000_000n);
        last = time > last ? time : last;
        ids.add(executionId);
      }
    }
    expect(ids.size).toBe(rows.length);
    expect(asked('/v5/execution/list').length).toBeLessThan(600);
  });

  test('CX26 what was listed before a failure is kept, and the next call goes on', async () => {
    const day = 86_400_000;
    let isDown = true;
    server.tell(
      at('/v5/execution/list', (one) => {
        const isThird = Number(one.query['endTime']) > venueTime - 10 * day;
        return isDown && isThird ? { status: 503, body: 'busy' } : page(one, []);
      }),
    );
    const venue = await open();
    const first = value(await venue.executions(null, fromMilliseconds(venueTime - 24 * day)));
    expect(first.more).toBe(true);
    expect(first.through).toBeLessThan(fromMilliseconds(venueTime - 10 * day));
    expect(await venue.executions(first.cursor, null)).toMatchObject({ status: 'failed' });
    isDown = false;
    const count = asked('/v5/execution/list').length;
    expect(value(await venue.executions(first.cursor, null)).more).toBe(false);
    expect(asked('/v5/execution/list').length - count).toBeLessThan(10);
  });

  test('CX26 a reading that takes its time comes to an end', async () => {
    const rows = Array.from({ length: 1000 }, (_, n) =>
      execution({ execId: `e${n}`, execTime: String(venueTime - n) }),
    );
    server.tell(newestFirst(rows));
    let now = venueTime;
    const clock = { now: () => fromMilliseconds(now) };
    const venue = await open({ clock, factsAtOnce: 500 });
    let cursor: string | null = null;
    let reads = 0;
    for (let more = true; more && reads < 50; reads++) {
      const read: FactPage<Fill> = value(
        await venue.executions(cursor, fromMilliseconds(now - 1000)),
      );
      ({ cursor, more } = read);
      now += 1000;
    }
    expect(reads).toBeLessThan(10);
  });

  test('CX26 where the venue forgot a page, its window begins again', async () => {
    server.tell(
      at('/v5/execution/list', (one) =>
        one.query['cursor'] === 'gone' ? refused(10001, 'cursor is invalid') : page(one, []),
      ),
    );
    const window = { from: venueTime - 1000, to: venueTime };
    const cursor = JSON.stringify({ v: 1, through: venueTime - 1000, window, page: 'linear|gone' });
    expect(await (await open()).executions(cursor, null)).toMatchObject({ status: 'answered' });
  });

  test('CX12 cash flows come from the transaction log, and a gap in it is told', async () => {
    const row = {
      id: 'l1',
      currency: 'USDT',
      type: 'TRANSFER_IN',
      transactionTime: String(venueTime),
      cashFlow: '100',
      funding: '',
      fee: '',
      change: '100',
      cashBalance: '10100',
    };
    const before = {
      ...row,
      id: 'l0',
      transactionTime: String(venueTime - 1),
      cashBalance: '9000',
    };
    server.tell(at('/v5/account/transaction-log', (one) => page(one, [row, before])));
    const answer = value(await (await open()).cashFlows(null, fromMilliseconds(venueTime - 1000)));
    expect(answer.facts.map((fact) => [fact.kind, toText(fact.amount)])).toHaveLength(2);
    expect(answer).toMatchObject({
      faults: [expect.stringMatching(/9000 is not followed by 10000/)],
    });
  });
});

describe('what cannot be read of the past', () => {
  const past = { execTime: String(venueTime - 60_000) };
  const since = fromMilliseconds(venueTime - 3_600_000);
  const rows = [
    execution({ execId: 'e1', ...past }),
    execution({ execId: 'e2', ...past, execType: 'Novel' }),
    execution({ execId: 'e3', ...past, symbol: 'NEWUSDT' }),
  ];
  const linear = at('/v5/execution/list', (one) =>
    one.query['category'] === 'linear' ? page(one, rows) : undefined,
  );

  test('CX36 is told with the span; who is named after its symbol is not missing', async () => {
    server.tell(linear);
    const answer = value(await (await open()).executions(null, since));
    expect(answer.facts.map(({ executionId }) => executionId)).toEqual(['e1', 'e3']);
    expect(answer.faults).toEqual([expect.stringMatching(/"Novel" is not known/)]);
    expect(answer.span).toEqual({
      // A minute of overlap before, and all that there is.
      from: fromMilliseconds(venueTime - 3_660_000),
      to: fromMilliseconds(venueTime),
    });
  });

  test('CX36 an instrument that is listed since is known when asked again', async () => {
    let now = venueTime;
    const venue = await open({ clock: { now: () => fromMilliseconds(now) } });
    const names = async () => value(await venue.instruments()).map(({ name }) => name);
    const before = await names();
    const info = '/v5/market/instruments-info';
    const coins = { baseCoin: 'NEW', quoteCoin: 'USDT', settleCoin: 'USDT' };
    const lot = { qtyStep: '0.001', minOrderQty: '0.001' };
    const rules = { lotSizeFilter: lot, priceFilter: { tickSize: '0.1' } };
    const row = {
      ...rules,
      symbol: 'NEWUSDT',
      contractType: 'LinearPerpetual',
      status: 'Trading',
      ...coins,
    };
    server.tell(
      at(info, (one) => (one.query['category'] === 'linear' ? page(one, [row]) : undefined)),
    );
    expect(await names()).toEqual(before);
    now += 11_000;
    // The list leaves out one that it had, which stays known.
    expect((await names()).toSorted()).toEqual([...before, 'NEW/USDT:USDT'].toSorted());
    server.tell(at(info, (one) => page(one, [])));
    now += 11_000;
    expect(await names()).toHaveLength(before.length + 1);
  });
});
