import { describe, expect, test } from 'vitest';
import { toText } from '../../../src/decimal/text.ts';
import type { Fill } from '../../../src/model/fact.ts';
import { fromMilliseconds } from '../../../src/model/instant.ts';
import type { FactPage } from '../../../src/venues/venue.ts';
import { asked, at, open, server, standing, value } from './bybit-stand.ts';
import { execution, page, refused, venueTime } from './fake-bybit.ts';

standing();

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
    const first = value(await (await open()).executions(null, since));
    expect([first.facts.length, first.more]).toEqual([500, true]);
    const rest = value(await (await open()).executions(first.cursor, null));
    const ids = [...first.facts, ...rest.facts].map((fill) => fill.executionId);
    expect(new Set(ids).size).toBe(1000);
    expect(await (await open()).executions('{"v":2}', null)).toMatchObject({ code: 'cursor-bad' });
  });

  test('CX26 a reading that takes its time comes to an end', async () => {
    const rows = Array.from({ length: 100 }, (_, n) => execution({ execId: `e${n}` }));
    server.tell(
      at('/v5/execution/list', (one) => {
        const from = Number(one.query['cursor'] ?? 0);
        return page(one, rows, one.query['category'] === 'linear' && from < 9 ? `${from + 1}` : '');
      }),
    );
    let now = venueTime;
    const venue = await open({ clock: { now: () => fromMilliseconds(now) } });
    let cursor: string | null = null;
    let reads = 0;
    for (let more = true; more && reads < 10; reads++) {
      const read: FactPage<Fill> = value(
        await venue.executions(cursor, fromMilliseconds(now - 1000)),
      );
      ({ cursor, more } = read);
      now += 1000;
    }
    expect(reads).toBe(3);
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
