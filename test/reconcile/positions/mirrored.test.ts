/** Rows that are wrong in a way that looks like two: the other side, and lists with holes. */
import { describe, expect, test } from 'vitest';
import { breakOf, checked, fill, held, repairOf, row, says, sinceAlways, truth } from './kit.ts';

const hnt = 'HNT/USDT:USDT';

describe('HY26 a row of the other side', () => {
  const short = { leg: 'short', clientOrderId: 'bot-1' } as const;
  const fills = [fill('13:08:34', 'sell', '60', hnt, '2.1', short)];
  const stated = says([held(hnt, '-60', { leg: 'short' })]);
  const parts = { ownOrderPrefixes: ['bot-'] };
  const breaksOf = (quantity: string) => {
    const one = row('274', 'HNTUSDT', 'long', quantity, '13:08:35');
    return checked([one], truth(stated, { fills, ...sinceAlways }), parts);
  };

  test('HY26 is told on both legs, proven on none, and nothing is adopted beside it', () => {
    const found = breaksOf('60');
    const { breaks } = found.reconciled;
    expect(breaks.map(({ reason, confidence }) => `${reason} ${confidence}`)).toEqual([
      'SIGN_WRONG likely',
      'SIGN_WRONG likely',
    ]);
    expect(breaks.map(({ lines }) => lines[0]!.leg).sort()).toEqual(['long', 'short']);
    expect(found.repairs.flatMap(({ additions }) => additions)).toEqual([]);
  });

  test('HY26 a row of another size says nothing of it: it is an orphan', () => {
    const { breaks } = breaksOf('61').reconciled;
    expect(breaks.map(({ reason }) => reason).sort()).toEqual([
      ...['POSITION_ORPHAN', 'POSITION_PHANTOM'],
    ]);
  });

  test('HY26 nor does one that was held and closed: it was turned round', () => {
    const long = { leg: 'long', clientOrderId: 'bot-0' } as const;
    const turned = [
      fill('13:00:00', 'buy', '60', hnt, '2', long),
      fill('13:08:30', 'sell', '60', hnt, '2.1', long),
      ...fills,
    ];
    const one = row('274', 'HNTUSDT', 'long', '60', '13:00:01', { updatedAt: null });
    const { breaks } = checked(
      [one],
      truth(stated, { fills: turned, ...sinceAlways }),
      parts,
    ).reconciled;
    expect(breaks.map(({ reason, confidence }) => `${reason} ${confidence}`).sort()).toEqual([
      ...['POSITION_ORPHAN proven', 'POSITION_PHANTOM proven'],
    ]);
  });
});

describe('HY27 lists with holes', () => {
  const fills = [
    fill('13:08:34', 'buy', '60', hnt),
    fill('14:00:00', 'sell', '5', hnt),
    fill('14:10:00', 'buy', '5', hnt),
  ];
  const foundAt = (updated: string, complete: boolean) => {
    const updatedAt = fill(updated, 'buy', '1', hnt).time;
    const one = row('274', 'HNTUSDT', 'long', '55', '13:08:35', { updatedAt });
    const list = complete ? sinceAlways : {};
    return checked([one], truth(says([held(hnt, '60')]), { fills, ...list }));
  };
  const ideas = (found: ReturnType<typeof foundAt>) =>
    (breakOf(found, hnt)!.explanation.candidates ?? []).map(({ name }) => name);

  test('HY27 the row was written after the execution: what is not listed may be it, too', () => {
    const found = foundAt('15:00:00', false);
    expect(breakOf(found, hnt)).toMatchObject({ reason: 'FILL_MISSING', confidence: 'likely' });
    expect(ideas(found)).toEqual(['since 2025-10-13 14:00:00Z', 'order']);
    expect(repairOf(found, hnt)!.needsApproval).toBe(true);
  });

  test('HY27 it was written before, or nothing is missing of the list: that one alone', () => {
    expect(ideas(foundAt('14:05:00', false))).toEqual([]);
    expect(ideas(foundAt('15:00:00', true))).toEqual([]);
  });
});
