/** Which moment a row stands for, whose clock its stamps are of, and when a difference stands. */
import { describe, expect, test } from 'vitest';
import { toText, toTextOrNull } from '../../../src/decimal/text.ts';
import type { LoggedChange } from '../../../src/reconcile/positions/check-positions.ts';
import {
  at,
  breakOf,
  checked,
  fill,
  held,
  looked,
  repairOf,
  row,
  says,
  sinceAlways,
  snapshot,
  storedOrder,
  truth,
} from './kit.ts';

const [hnt, sca, agi] = ['HNT/USDT:USDT', 'SCA/USDT:USDT', 'AGI/USDT:USDT'] as const;
const opened = fill('13:08:34', 'buy', '60', hnt);

describe('SP8 the row is the truth as of an earlier moment', () => {
  /** 60, 40, 60, 45: it was 60 twice. */
  const fills = [
    opened,
    fill('13:30:00', 'sell', '20', hnt),
    fill('14:00:00', 'buy', '20', hnt, '2', { orderId: 'bot-2' }),
    fill('15:00:00', 'sell', '15', hnt),
  ];
  const better = truth(says([held(hnt, '45')]), { fills, ...sinceAlways });
  const rowWritten = (updatedAt: string) =>
    row('274', 'HNTUSDT', 'long', '60', '13:08:35', { updatedAt: at(updatedAt) });

  test('SP8 two such moments are ambiguous, and both are told', () => {
    const one = breakOf(checked([rowWritten('15:20:00')], better), hnt)!;
    expect(one).toMatchObject({ reason: 'FILL_MISSING', confidence: 'likely' });
    expect(one.explanation.sentence).toContain('held at 2 moments');
    expect(one.explanation.candidates!.map(({ name }) => name)).toEqual([
      'since 2025-10-13 13:08:34Z',
      'since 2025-10-13 14:00:00Z',
    ]);
  });

  test('SP8 the row’s own stamp decides: written at 13:20, it cannot know of 14:00', () => {
    const one = breakOf(checked([rowWritten('13:20:00')], better), hnt)!;
    expect(one.confidence).toBe('proven');
    expect(one.explanation.evidence.map(({ effect }) => toTextOrNull(effect))).toEqual([
      ...['-20', '20', '-15'],
    ]);
  });

  test('SP8 an earlier position of the same leg is none of the row’s', () => {
    const before = [fill('10:00:00', 'buy', '60', hnt), fill('11:00:00', 'sell', '60', hnt)];
    const cut = fill('15:00:00', 'sell', '0.12', hnt);
    const again = { ...better, fills: [...before, opened, cut] };
    const statement = says([held(hnt, '59.88')]);
    const one = breakOf(checked([rowWritten('15:20:00')], { ...again, statement }), hnt)!;
    expect(one.confidence).toBe('proven');
    expect(one.explanation.evidence).toHaveLength(1);
  });

  test('SP8 what came after the statement is no part of what it says', () => {
    const later = fill('15:30:00', 'sell', '5', hnt);
    const one = breakOf(
      checked([rowWritten('13:20:00')], { ...better, fills: [...fills, later] }),
      hnt,
    )!;
    expect(one.explanation.evidence.map(({ id }) => id)).not.toContain('e-15:30:00');
    expect(one.confidence).toBe('proven');
  });

  test('SP8 what was never held is weighed: at most likely, and needs a person', () => {
    const odd = row('274', 'HNTUSDT', 'long', '61', '13:08:35');
    const found = checked([odd], better);
    expect(breakOf(found, hnt)!.confidence).not.toBe('proven');
    expect(repairOf(found, hnt)!.needsApproval).toBe(true);
  });

  test('SP9 a position that others made larger follows only if a person says so', () => {
    const grown = (orderId: string) => ({
      ...better,
      statement: says([held(hnt, '100', { averagePrice: opened.quantity })]),
      fills: [opened, fill('14:00:00', 'buy', '40', hnt, '3', { orderId })],
    });
    const store = snapshot([rowWritten('15:20:00')], {
      orders: [storedOrder('5', '274', 'HNTUSDT', { orderId: 'bot-2' })],
    });
    expect(breakOf(checked(store, grown('by-hand')), hnt)!.confidence).toBe('proven');
    expect(repairOf(checked(store, grown('by-hand')), hnt)!.needsApproval).toBe(true);
    const own = repairOf(checked(store, grown('bot-2')), hnt)!;
    expect(own.needsApproval).toBe(false);
    // What is added moves the entry price; here the statement gives 60 as the average.
    expect(toTextOrNull(own.changes[0]!.entryPrice ?? null)).toBe('60');
  });
});

describe('SP10 price and unrealised PnL are written along, where the schema keeps them', () => {
  const better = truth(
    says([
      held(hnt, '59.88', {
        averagePrice: fill('00:00:00', 'buy', '2', hnt).quantity,
        markPrice: fill('00:00:00', 'buy', '2.5', hnt).quantity,
      }),
    ]),
    { fills: [opened, fill('14:10:00', 'sell', '0.12', hnt)], ...sinceAlways },
  );
  const rows = [row('274', 'HNTUSDT', 'long', '60', '13:08:35')];

  test('SP10 59.88 x (2.5 - 2) = 29.94', () => {
    const [change] = repairOf(checked(rows, better), hnt)!.changes;
    expect(toText(change!.quantity!)).toBe('59.88');
    expect(toText(change!.currentPrice!)).toBe('2.5');
    expect(toText(change!.unrealisedPnl!)).toBe('29.94');
    expect(change!.entryPrice).toBeUndefined();
  });

  test('SP10 not a column that is not there', () => {
    const bare = snapshot(rows);
    const keeps = { ...bare.keeps, columns: new Set(['quantity'] as const) };
    const [change] = repairOf(checked({ ...bare, keeps }, better), hnt)!.changes;
    expect(Object.keys(change!).sort()).toEqual(['expected', 'id', 'quantity', 'symbol']);
  });

  test('SP10 a price moves no plan: the hash is of what was decided', () => {
    const dearer = {
      ...better,
      statement: says([held(hnt, '59.88', { markPrice: opened.quantity })]),
    };
    const hash = (one: typeof better) => checked(rows, one).reconciled.plan.hash;
    expect(hash(dearer)).toBe(hash(better));
    const otherSize = { ...better, statement: says([held(hnt, '59.87')]) };
    expect(hash(otherSize)).not.toBe(hash(better));
  });
});

describe('SP11 clocks that disagree', () => {
  const line = (symbol: string, time: string): LoggedChange => ({
    ...{ symbol, at: at(time), line: `${time} ${symbol}` },
  });
  const rows = [
    row('1', 'AGIUSDT', 'short', '3160', '2025-10-12T19:58:45Z', { updatedAt: at('15:25:29') }),
    row('38', 'SCAUSDT', 'short', '2036', '00:50:07', { updatedAt: at('15:25:28') }),
    row('274', 'HNTUSDT', 'long', '60', '13:08:35', { updatedAt: at('15:25:06') }),
  ];
  const better = truth(says([held(agi, '-3160'), held(sca, '-2036'), held(hnt, '59.88')]));
  const atNineteen = ['AGIUSDT', 'SCAUSDT', 'HNTUSDT'].map((symbol) => line(symbol, '19:24:49'));

  test('SP11 the log of the incident is 4 h ahead of its database', () => {
    const { clocks, hints } = checked(rows, better, { logged: atNineteen });
    expect(clocks).toMatchObject([
      { reason: 'CLOCK_SKEW', against: 'log', aheadMs: 14_400_000, rows: ['1', '38', '274'] },
    ]);
    expect(hints).toContain(
      'the log is 4 h ahead of the database (rows 1, 38, 274); ages are counted by one clock',
    );
  });

  test('SP11 and the age of HNT stays 2 h 16 min', () => {
    const { explanation } = breakOf(checked(rows, better, { logged: atNineteen }), hnt)!;
    expect(explanation.ruledOut.map(({ why }) => why).join()).toContain('it was 2 h 16 min old');
  });

  test.each([
    ['one row alone', [line('HNTUSDT', '19:24:49')]],
    ['no whole quarter of an hour', atNineteen.map((one) => ({ ...one, at: at('19:17:00') }))],
    ['rows that agree without any', [...atNineteen.slice(0, 2), line('HNTUSDT', '15:25:01')]],
    ['no log', []],
  ])('SP11 nothing is said of %s', (_, logged) => {
    expect(checked(rows, better, { logged }).clocks).toEqual([]);
  });

  test('SP11 beside executions a database 4 h ahead is counted by their clock', () => {
    const late = [
      row('1', 'AGIUSDT', 'short', '3160', '17:00:01', { updatedAt: at('19:20:00') }),
      row('274', 'HNTUSDT', 'long', '60', '17:08:35', { updatedAt: at('19:20:00') }),
    ];
    const fills = [
      fill('13:00:00', 'sell', '3160', agi),
      opened,
      fill('14:10:00', 'sell', '0.12', hnt),
    ];
    const found = checked(late, { ...better, fills, ...sinceAlways });
    expect(found.clocks).toMatchObject([{ against: 'venue', aheadMs: -14_400_000 }]);
    expect(breakOf(found, hnt)).toMatchObject({ confidence: 'proven' });
  });
});

describe('SP12 a young difference settles, an old one stands', () => {
  const better = (youngest: string) =>
    truth(says([held(hnt, '59.88')]), {
      fills: [opened, fill(youngest, 'sell', '0.12', hnt)],
      ...sinceAlways,
    });
  const written = (updatedAt: string) => [
    row('274', 'HNTUSDT', 'long', '60', '13:08:35', { updatedAt: at(updatedAt) }),
  ];
  const live = { settleMs: 60_000 };

  test.each([
    ['an execution 20 s ago', '15:24:29', '14:00:00', 'SETTLING'],
    ['a row written 20 s ago', '15:00:00', '15:24:29', 'SETTLING'],
    ['both a minute ago', '15:23:49', '15:23:49', 'EXPLAINED'],
    ['a stamp that has not come yet', '15:00:00', '19:24:29', 'EXPLAINED'],
  ])('SP12 %s', (_, youngest, updatedAt, state) => {
    const found = checked(written(updatedAt), better(youngest), live);
    expect(breakOf(found, hnt)!.state).toBe(state);
    expect(found.repairs).toHaveLength(state === 'SETTLING' ? 0 : 1);
  });

  test('SP12 a bot that touches its rows all the time keeps no difference young', () => {
    const first = checked(written('15:24:29'), better('15:00:00'), live);
    const later = { ...live, now: looked + 61_000_000_000n, known: first.reconciled.breaks };
    const again = checked(written('15:25:40'), better('15:00:00'), later);
    expect(breakOf(again, hnt)!.state).toBe('EXPLAINED');
    expect(breakOf(again, hnt)!.id).toBe(breakOf(first, hnt)!.id);
  });

  test('SP12 looking again makes nothing younger', () => {
    const first = checked(written('15:00:00'), better('15:00:00'), live);
    const again = checked(written('15:00:00'), better('15:00:00'), {
      ...{ ...live, now: looked + 1_000_000_000n, known: first.reconciled.breaks },
    });
    expect(breakOf(again, hnt)!.state).toBe('EXPLAINED');
    expect(again.repairs).toHaveLength(1);
  });

  test('SP12 once the row says the same, the break is over', () => {
    const first = checked(written('15:00:00'), better('15:00:00'));
    const right = [row('274', 'HNTUSDT', 'long', '59.88', '13:08:35')];
    const known = first.reconciled.breaks;
    const { reconciled } = checked(right, better('15:00:00'), { known });
    expect(reconciled.breaks.map(({ state }) => state)).toEqual(['SELF_CLEARED']);
    expect(reconciled.verdict).toBe('true');
  });

  test('SP12 a break goes on when the better party becomes the book', () => {
    const first = checked(written('15:00:00'), better('15:00:00'));
    const known = first.reconciled.breaks;
    const byBook = { ...better('15:00:00'), party: 'book' as const };
    const again = checked(written('15:00:00'), byBook, { known });
    expect(again.reconciled.breaks.map(({ id }) => id)).toEqual(known.map(({ id }) => id));
  });
});
