/** The curve, its drawdown and the bridge: figures that follow from the facts. */
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { add, zero } from '../../../src/decimal/decimal.ts';
import { decimal, toText, toTextOrNull } from '../../../src/decimal/text.ts';
import { instant } from '../../../src/model/instant.ts';
import { recordPerformance } from '../../../src/service/performing.ts';
import type { BridgeAnswer, EquityAnswer } from '../../../src/service/serving/documents/equity.ts';
import {
  drawdownsOf,
  type EquityAt,
  type Flow,
  periodsOf,
} from '../../../src/service/serving/views/equity-view.ts';
import { thinned } from '../../../src/service/serving/views/thinned.ts';
import { markMaxAgeMs } from '../../service/held-book.ts';
import {
  at,
  balances,
  cash,
  closeDesks,
  fill,
  held,
  mark,
  openDesk,
  says,
} from '../../service/reconcile/desk.ts';
import { ask, partsOn } from './asking.ts';
import { openMorning, saidInTheMorning } from './rich-book.ts';

afterEach(closeDesks);

const points = (...totals: readonly (string | null)[]): readonly EquityAt[] =>
  totals.map((total, index) => ({
    ...{ time: BigInt(index * 10), restated: null, provisional: false, corrected: false },
    total: total === null ? null : decimal(total),
  }));
const flow = (time: number, value: string | null): Flow => ({
  ...{ time: BigInt(time), value: value === null ? null : decimal(value) },
});

describe('RD15 drawdown is of a unit of money that stayed all the time', () => {
  test.each<[string, readonly EquityAt[], readonly Flow[], readonly (string | null)[]]>([
    ['it only grows', points('100', '110', '120'), [], ['0', '0', '0']],
    // 99 is 10 % below 110, 110 is back
    ['down and back', points('100', '110', '99', '110'), [], ['0', '0', '10', '0']],
    // Half was withdrawn: 55 of 55 is no loss, 44 is a fifth less.
    ['a withdrawal is no loss', points('110', '55', '44'), [flow(5, '-55')], ['0', '0', '20']],
    ['a deposit hides no loss', points('100', '140'), [flow(5, '50')], ['0', '10']],
    ['a total that is not known', points('100', null, '80'), [], ['0', null, '20']],
    ['a flow without a value', points('100', '90', '80'), [flow(5, null)], ['0', null, null]],
  ])('RD15 drawdown: %s', (_, all, flows, percent) => {
    expect(drawdownsOf(all, flows).map(toTextOrNull)).toEqual(percent);
  });

  test('RD15 times in which a break was open, and how many at most', () => {
    const life = (from: number, to: number | null) => ({
      ...{
        from: BigInt(from) * 1_000_000_000n,
        to: to === null ? null : BigInt(to) * 1_000_000_000n,
      },
    });
    expect(periodsOf([life(1, 5), life(3, 8), life(10, null)])).toEqual([
      { from: '1970-01-01T00:00:01Z', to: '1970-01-01T00:00:08Z', breaks: 2 },
      { from: '1970-01-01T00:00:10Z', to: null, breaks: 1 },
    ]);
    expect(periodsOf([])).toEqual([]);
  });
});

test('RD15 a curve of records, transfers and the moment; the bridge adds up', async () => {
  const desk = await openDesk(
    cash('deposit', 'd1', '1000'),
    fill('e1', { quantity: '2', price: '100', time: at('09:00') }),
    mark('BTC/USDT:USDT', '110', at('09:30')),
  );
  const record = (time: string) => {
    const asOf = BigInt(Date.parse(at(time))) * 1_000_000n;
    return recordPerformance(desk.writer, desk.reader, desk.account(), asOf, markMaxAgeMs);
  };
  await record('09:31');
  await desk.tell(cash('withdrawal', 'w1', '100', { time: at('10:00') }));
  await desk.tell(mark('BTC/USDT:USDT', '90', at('10:30')));
  const parts = partsOn(desk);
  // 1000 - 0.1 + 2 x 10 = 1019.9; then - 100 + 2 x -20 = 879.9.
  // 40 of 1019.9 are lost: 3.92195... percent
  expect(await ask<EquityAnswer>(parts, '/api/v1/equity')).toMatchObject({
    points: [
      { total: '1019.9', restated: '1019.9', drawdownPercent: '0' },
      { total: '879.9', drawdownPercent: '3.922', provisional: true },
    ],
    transfers: [
      { kind: 'deposit', amount: '1000' },
      { kind: 'withdrawal', amount: '-100' },
    ],
    ...{ maxDrawdownPercent: '3.922', unresolvedGross: '0', breakPeriods: [] },
  });
  const whole = await ask<BridgeAnswer>(parts, '/api/v1/bridge');
  expect(whole).toMatchObject({ opening: '0', closing: '879.9', unknown: [] });
  const rows = whole.rows.reduce((sum, { amount }) => add(sum, decimal(amount!)), zero);
  expect(toText(add(decimal(whole.opening!), rows))).toBe(whole.closing);
});

test('RD51 the loss is of every record of the range, however few are drawn', async () => {
  const desk = await openDesk(cash('deposit', 'd1', '1000'));
  // Each minute from 08:01: 1000, 1000, 500, 500, and from 08:05 on 1000 again.
  const moves: Readonly<Record<number, readonly [string, string]>> = {
    ...{ 3: ['fee', '500'], 5: ['interest', '500'] },
  };
  for (let minute = 1; minute <= 12; minute += 1) {
    const time = at(`08:${String(minute).padStart(2, '0')}`);
    const [kind, amount] = moves[minute] ?? [];
    if (kind !== undefined) await desk.tell(cash(kind, `m${minute}`, amount!, { time }));
    await recordPerformance(desk.writer, desk.reader, desk.account(), instant(time), markMaxAgeMs);
  }
  const equity = async (query: string) => {
    const answer = await ask<EquityAnswer>(partsOn(desk), `/api/v1/equity?${query}`);
    const { from, records, maxDrawdownPercent, points: drawn } = answer;
    return { from: from?.slice(11, 16), records, loss: maxDrawdownPercent, drawn: drawn.length };
  };
  expect(await equity('limit=2')).toEqual({ from: '08:01', records: 12, loss: '50', drawn: 2 });
  const early = `from=${at('07:00')}&to=${at('08:04')}`;
  // 1000, 1000, 500
  expect(await equity(`${early}&limit=5`)).toEqual({
    ...{ from: '08:01', records: 3, loss: '50', drawn: 3 },
  });
  const late = `from=${at('08:05')}&to=${at('08:10')}`;
  expect(await equity(`${late}&limit=1`)).toEqual({
    ...{ from: '08:05', records: 5, loss: '0', drawn: 1 },
  });
  const { records } = await ask<{ records: readonly { time: string; change: string | null }[] }>(
    partsOn(desk),
    `/api/v1/performance?${early}`,
  );
  expect(records.map(({ time, change }) => [time.slice(11, 16), change])).toEqual([
    ...[
      ['08:01', null],
      ['08:02', '0'],
      ['08:03', '-500'],
    ],
  ]);
});

test.each<[string, readonly (string | null)[], number, readonly number[]]>([
  ['all, where there are no more', ['1', '2', '3'], 3, [0, 1, 2]],
  ['the last alone', ['1', '2', '3'], 1, [2]],
  ['both ends', ['1', '2', '3'], 2, [0, 2]],
  ['the lowest and the highest between', ['5', '4', '9', '1', '4', '4', '5'], 5, [0, 2, 3, 6]],
  ['a hole', ['5', '4', null, '1', '9', '4', '5'], 5, [0, 2, 3, 4, 6]],
  // Three parts: 4 1, 4 9 and 4 2 5.
  ['each part', ['5', '4', '1', '4', '9', '4', '2', '5', '5'], 8, [0, 1, 2, 3, 4, 6, 7, 8]],
])('RD51 points that are drawn: %s', (_, totals, limit, places) => {
  expect(thinned(points(...totals), limit)).toEqual(places);
});

test('RD51 of a curve that is thinned the worst is drawn, and no hole is closed', () => {
  const total = fc.option(fc.integer({ min: 1, max: 50 }).map(String), { nil: null });
  const limits = fc.integer({ min: 5, max: 20 });
  fc.assert(
    fc.property(fc.array(total, { minLength: 1, maxLength: 60 }), limits, (totals, limit) => {
      const places = thinned(points(...totals), limit);
      const drawn = places.map((place) => totals[place] ?? null);
      const known = (all: readonly (string | null)[]) =>
        all.filter((one) => one !== null).map(Number);
      expect(places.length).toBeLessThanOrEqual(limit);
      expect([...places]).toEqual([...new Set(places)].sort((a, b) => a - b));
      expect([Math.min(...known(drawn)), Math.max(...known(drawn))]).toEqual([
        ...[Math.min(...known(totals)), Math.max(...known(totals))],
      ]);
      expect(drawn.includes(null)).toBe(totals.includes(null));
    }),
  );
});

test('RD26 only a whole check of then proves a record that did not turn out wrong', async () => {
  const desk = await openDesk(cash('deposit', 'd1', '1000'));
  const told = says({
    balances: balances({ USDT: '1000' }),
    positions: held([]),
    orders: held([]),
  });
  const record = () =>
    recordPerformance(desk.writer, desk.reader, desk.account(), null, markMaxAgeMs);
  const points = async () => {
    const { points: all } = await ask<EquityAnswer>(partsOn(desk), '/api/v1/equity');
    return all.map(({ total, restated, provisional, corrected }) => [
      ...[total, restated, provisional, corrected],
    ]);
  };
  await record();
  desk.clock.set(instant(at('12:00:01')));
  // Nobody was asked before it was stated, and what comes later proves nothing of then.
  await desk.check({ ...told, takenAt: at('12:00:01') });
  expect(await points()).toEqual([['1000', '1000', true, false]]);
  desk.clock.set(instant(at('12:01')));
  await desk.tell(cash('deposit', 'd2', '50', { time: at('12:00:30') }));
  await record();
  await desk.tell(cash('deposit', 'd3', '7', { time: at('12:02') }));
  desk.clock.set(instant(at('12:04')));
  await record();
  // The check of 12:00 speaks for five minutes; both were stated within them.
  expect((await points()).slice(1)).toEqual([
    ['1050', '1050', false, false],
    ['1057', '1057', false, false],
  ]);
  // A fee of then is told late: what was stated is another figure than what is known now.
  await desk.tell(cash('fee', 'late', '1', { time: at('12:00:40') }));
  expect((await points()).slice(1, 3)).toEqual([
    ['1050', '1050', false, false],
    ['1057', '1056', true, true],
  ]);
});

test('RD15 while something differs the end of the curve is provisional', async () => {
  const desk = await openMorning();
  const parts = partsOn(desk);
  expect(await ask(parts, '/api/v1/equity?account=kraken-spot')).toMatchObject({
    points: [{ provisional: true }],
    ...{ unresolvedGross: '1521.7187', breakPeriods: [{ to: null, breaks: 1 }] },
  });
  await desk.apply(saidInTheMorning[1]!);
  expect(await ask(parts, '/api/v1/equity?account=binance-perp')).toMatchObject({
    points: [{ provisional: false }],
    ...{ unresolvedGross: '0', breakPeriods: [{ to: '2026-11-20T06:41:07Z', breaks: 1 }] },
  });
});
