/** Rows that are active while nothing is held, positions that no row knows, and empty answers. */
import { describe, expect, test } from 'vitest';
import { toText, toTextOrNull } from '../../../src/decimal/text.ts';
import type { Fill } from '../../../src/model/fact.ts';
import { section } from '../kit.ts';
import {
  at,
  breakOf,
  checked,
  fill,
  held,
  repairOf,
  row,
  says,
  sinceAlways,
  snapshot,
  storedOrder,
  truth,
} from './kit.ts';

const [hnt, sca, agi] = ['HNT/USDT:USDT', 'SCA/USDT:USDT', 'AGI/USDT:USDT'] as const;
const usdt = (amount: string) => ({ fees: [{ currency: 'USDT', amount: decimalOf(amount) }] });
const decimalOf = (text: string) => fill('00:00:00', 'buy', text, hnt).quantity;

const agiRow = row('1', 'AGIUSDT', 'short', '4160', '2025-10-12T19:58:45Z');
const others = [held(sca, '5')];

describe('SP4 a phantom is closed by the executions that closed it', () => {
  const fills = [
    fill('2025-10-12T19:58:44Z', 'sell', '4160', agi, '0.05', usdt('0.1')),
    fill('14:00:00', 'buy', '1000', agi, '0.04', usdt('0.02')),
    fill('15:00:00', 'buy', '3160', agi, '0.045', usdt('0.07')),
  ];
  const found = checked([agiRow], truth(says(others), { fills, ...sinceAlways }));

  test('SP4 proven, with each execution as evidence, and nothing left over', () => {
    const one = breakOf(found, agi)!;
    expect(one).toMatchObject({ reason: 'POSITION_PHANTOM', confidence: 'proven' });
    expect(one.explanation.evidence.map(({ id }) => id)).toEqual(['e-14:00:00', 'e-15:00:00']);
    expect(one.explanation.sentence).toContain('−4160 + 1000 + 3160 = 0');
    expect(found.counts).toMatchObject({ stored: 1, phantom: 1, foreign: 1 });
  });

  test('SP4 closed when the last one was, at the average of those it did not know', () => {
    const [change] = repairOf(found, agi)!.changes;
    const { at: closed, exitPrice, realisedPnl, fees, reason } = change!.close!;
    expect(closed).toBe(at('15:00:00'));
    // (1000 x 0.04 + 3160 x 0.045) / 4160 = (40 + 142.2) / 4160 = 182.2 / 4160
    expect(toTextOrNull(exitPrice)).toBe('0.043798076923076923');
    // Sold for 4160 x 0.05 = 208, bought back for 182.2.
    expect(toTextOrNull(realisedPnl)).toBe('25.8');
    expect(toTextOrNull(fees)).toBe('0.19');
    expect(reason).toBe('closed at the exchange: trade');
    expect(change!.expected).toEqual({
      ...{ quantity: agiRow.quantity, status: 'active', direction: 'short' },
    });
    expect(repairOf(found, agi)!.needsApproval).toBe(false);
  });

  test('SP4 a row that knew of the first reduction closes at the price of the second alone', () => {
    const later = row('1', 'AGIUSDT', 'short', '3160', '2025-10-12T19:58:45Z');
    const [change] = repairOf(
      checked([later], truth(says(others), { fills, ...sinceAlways })),
      agi,
    )!.changes;
    expect(toTextOrNull(change!.close!.exitPrice)).toBe('0.045');
    expect(toTextOrNull(change!.close!.realisedPnl)).toBe('25.8');
  });

  test.each([
    ['one fee is not known', fills.map((one, i) => (i === 1 ? { ...one, fees: null } : one))],
    [
      'a fee is in another coin',
      fills.map((one, i) =>
        i === 1 ? { ...one, fees: [{ currency: 'BNB', amount: decimalOf('0.001') }] } : one,
      ),
    ],
  ] as const)('SP4 fees are unknown where %s, never what the others add up to', (_, partly) => {
    const better = truth(says(others), { fills: partly as readonly Fill[], ...sinceAlways });
    const [change] = repairOf(checked([agiRow], better), agi)!.changes;
    expect(change!.close!.fees).toBeNull();
    expect(toTextOrNull(change!.close!.realisedPnl)).toBe('25.8');
  });

  test('SP4 a liquidation is told as one', () => {
    const forced = fills.map((one, i) =>
      i === 2 ? { ...one, cause: 'liquidation' as const } : one,
    );
    const [change] = repairOf(
      checked([row('1', 'AGIUSDT', 'short', '3160', '2025-10-12T19:58:45Z')], {
        ...truth(says(others), { fills: forced, ...sinceAlways }),
      }),
      agi,
    )!.changes;
    expect(change!.close!.reason).toBe('closed at the exchange: liquidation');
  });

  test('SP4 a position that was opened anew by others ends the row all the same', () => {
    const again = [...fills, fill('15:10:00', 'buy', '7', agi, '0.05')];
    const found = checked(
      [agiRow],
      truth(says([held(agi, '7')]), { fills: again, ...sinceAlways }),
    );
    const repair = repairOf(found, agi)!;
    expect(repair.changes).toHaveLength(1);
    expect(repair.changes[0]!.close).toMatchObject({ at: at('15:00:00') });
    expect(repair.additions).toEqual([]);
  });

  test('SP4 one that turned the position over closes with its part of quantity and fee', () => {
    const turned = [fills[0]!, fill('15:00:00', 'buy', '5200', agi, '0.04', usdt('0.52'))];
    const better = truth(says([held(agi, '1040')]), { fills: turned, ...sinceAlways });
    const one = breakOf(checked([agiRow], better), agi)!;
    expect(one).toMatchObject({ reason: 'FILL_MISSING', confidence: 'proven' });
    const [change] = repairOf(checked([agiRow], better), agi)!.changes;
    // 208 - 4160 x 0.04 = 41.6; fees 0.1 + 0.52 x 4160 / 5200.
    expect(toTextOrNull(change!.close!.realisedPnl)).toBe('41.6');
    expect(toTextOrNull(change!.close!.fees)).toBe('0.516');
  });
});

describe('SP5 what cannot be proved is never closed with profit 0', () => {
  const cases = [
    ['no execution is known', []],
    ['the list begins in the middle', [fill('15:00:00', 'buy', '10', agi, '0.045')]],
  ] as const;
  test.each(cases)(
    'SP5 where %s, price and profit stay unknown and a person decides',
    (_, fills) => {
      const better = truth(says(others), { fills, fillsCompleteSince: at('14:30:00') });
      const found = checked([agiRow], better);
      const one = breakOf(found, agi)!;
      expect(one).toMatchObject({ reason: 'POSITION_PHANTOM', confidence: 'unexplained' });
      expect(one.explanation.sentence).toContain('never written as 0');
      const repair = repairOf(found, agi)!;
      expect(repair.needsApproval).toBe(true);
      expect(repair.changes[0]!.close).toMatchObject({
        ...{ exitPrice: null, realisedPnl: null, fees: null },
      });
    },
  );

  test('SP5 the same plan at the next look: its hash does not depend on when one looks', () => {
    const hashAt = (time: string) => {
      const statement = { ...says(others), asOf: at(time) };
      return checked([agiRow], truth(statement)).reconciled.plan.hash;
    };
    expect(hashAt('15:24:49')).toBe(hashAt('15:30:00'));
  });
});

describe('SP6 an error or an incomplete answer is never an empty answer', () => {
  const rows = [agiRow, row('274', 'HNTUSDT', 'long', '60', '13:08:35')];
  const incomplete = section([held(hnt, '60')], { complete: false });
  test.each([
    ['nothing at all, said to be complete', section([])],
    ['zeros only', section([held(hnt, '0'), held(agi, '0')])],
    ['an error', section([], { complete: false, error: 'timeout' })],
    ['a list that says it is not complete', incomplete],
    ['another scope', section([held(hnt, '60')], { scope: ['linear:USDC', hnt] })],
    ['no answer', null],
  ])('SP6 %s changes nothing', (_, positions) => {
    const found = checked(rows, truth(says([], { positions })));
    expect(found.reconciled.verdict).toBe('cannot-say');
    expect(found.reconciled.breaks).toEqual([]);
    expect(found.repairs).toEqual([]);
    expect(found.reconciled.unknown.length).toBeGreaterThan(0);
  });

  test('SP6 an empty answer is believed as soon as executions say the same of one row', () => {
    const fills = [
      fill('13:08:34', 'buy', '60', hnt, '2'),
      fill('14:00:00', 'sell', '60', hnt, '2.1'),
    ];
    const found = checked(rows, truth(says([]), { fills, ...sinceAlways }));
    expect(breakOf(found, hnt)).toMatchObject({ confidence: 'proven' });
    expect(breakOf(found, agi)).toMatchObject({ confidence: 'unexplained' });
  });

  test('SP6 a book that is TRUE may be empty', () => {
    const found = checked(rows, truth(says([]), { party: 'book' }));
    expect(found.counts.phantom).toBe(2);
  });
});

describe('SP7 positions that no row knows', () => {
  const opened = fill('14:00:00', 'sell', '300', sca, '0.09', { orderId: 'bot-77' });
  const statement = says([held(sca, '-300', { averagePrice: decimalOf('0.09') })]);
  const better = truth(statement, { fills: [opened], ...sinceAlways });
  const knowing = snapshot([], {
    orders: [storedOrder('9', null, 'SCAUSDT', { orderId: 'bot-77' })],
  });

  test('SP7 one that the bot’s own order opened is adopted, with that id', () => {
    const found = checked(knowing, better);
    expect(breakOf(found, sca)).toMatchObject({ reason: 'POSITION_ORPHAN', confidence: 'proven' });
    expect(found.counts).toMatchObject({ missing: 1, foreign: 0 });
    const [added] = repairOf(found, sca)!.additions;
    expect(added).toMatchObject({
      ...{ symbol: 'SCAUSDT', exchange: 'bybit', direction: 'short', orderIds: ['bot-77'] },
      openedAt: at('14:00:00'),
    });
    expect(toText(added!.quantity)).toBe('300');
  });

  test.each([
    ['nobody knows its order', checked([], better)],
    ['no executions are known', checked(knowing, truth(statement))],
  ])('SP7 it is foreign, and no break, where %s', (_, found) => {
    expect(found.counts).toMatchObject({ missing: 0, foreign: 1 });
    expect(found.reconciled.breaks).toEqual([]);
    expect(found.reconciled.verdict).toBe('true');
    expect(found.hints.join()).toContain('foreign');
  });

  test('SP7 a declared beginning of client order ids is the bot’s own', () => {
    const own = { ...opened, clientOrderId: 'bot_9' };
    const named = { ...better, fills: [own] };
    expect(checked([], named, { ownOrderPrefixes: ['bot_'] }).counts.missing).toBe(1);
    expect(checked([], named, { ownOrderPrefixes: ['other'] }).counts.missing).toBe(0);
  });

  test('SP7 without an id of the exchange nothing is added: none is made up', () => {
    const own = { ...opened, orderId: null, clientOrderId: 'bot_9' };
    const found = checked([], { ...better, fills: [own] }, { ownOrderPrefixes: ['bot_'] });
    expect(breakOf(found, sca)!.reason).toBe('POSITION_ORPHAN');
    expect(found.repairs).toEqual([]);
  });

  test('SP7 one that grew by other orders, too, needs a person', () => {
    const more = fill('14:10:00', 'sell', '20', sca, '0.09');
    const both = says([held(sca, '-320', { averagePrice: decimalOf('0.09') })]);
    const found = checked(knowing, truth(both, { fills: [opened, more], ...sinceAlways }));
    expect(breakOf(found, sca)).toMatchObject({ confidence: 'likely' });
    expect(repairOf(found, sca)!.needsApproval).toBe(true);
  });
});
