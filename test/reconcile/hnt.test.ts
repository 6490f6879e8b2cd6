/** The touchstone: 60 stored, 59.88 held, and what may be said with and without executions. */
import { describe, expect, test } from 'vitest';
import { decimal, toText } from '../../src/decimal/text.ts';
import type { FillCause } from '../../src/model/fact.ts';
import { instant } from '../../src/model/instant.ts';
import { toldOf } from '../../src/reconcile/hypotheses/telling.ts';
import { type DifferenceFacts, weigh } from '../../src/reconcile/hypotheses/weigh.ts';
import { candidatesIn, factsOf, instrumentOf, position, ruledOutIn } from './line.ts';

const hnt = 'HNT/USDT:USDT';

/** As the incident has it: opened 13:08:35, looked at 15:24:49, both UTC. */
const line = (parts: Partial<DifferenceFacts> = {}): DifferenceFacts => ({
  ...position(hnt, '60', '59.88', { lot: '0.01' }),
  ...{ oursParty: 'source', exitAfterMs: 3 * 3_600_000 },
  openedAt: instant('2025-10-13T13:08:35Z'),
  asOf: instant('2025-10-13T15:24:49Z'),
  ...parts,
});

const sold = (cause: FillCause) =>
  factsOf(`fill ${hnt} sell 0.12 @ 2.1 cause ${cause} id x1`).map((fact) => ({
    ...fact,
    time: instant('2025-10-13T14:00:00Z'),
  }));

describe('HY3 60 stored and 59.88 held, without executions', () => {
  const weighed = weigh(line());

  test('HY3 likely and ambiguous: three executions leave the same, and none is picked', () => {
    expect(weighed.confidence).toBe('likely');
    expect(candidatesIn(weighed)).toEqual([
      'FILL_MISSING reduce-only or manual order',
      'LIQUIDATION_MISSING partial liquidation',
      'LIQUIDATION_MISSING deleveraging',
    ]);
    expect(toldOf(weighed, 'the executions since 13:08:35Z').sentence).toBe(
      'Ambiguous: 3 causes leave nothing over, and nothing proves one of them: a reduce-only ' +
        'order or one placed by hand sold 0.12; or the venue liquidated a part of it: sold 0.12; ' +
        'or the venue deleveraged it: sold 0.12. What would decide it: the executions since ' +
        '13:08:35Z.',
    );
  });

  test('HY3 three ideas that people had are ruled out, with what they leave', () => {
    // 0.2 % of 60 is 0.12; 12 x 0.01 = 0.12, less one step; 15:24:49 - 13:08:35 = 2 h 16 min 14 s.
    expect(ruledOutIn(weighed)).toEqual([
      'FEE_CURRENCY_WRONG -0.12',
      'ROUNDING_ACCUMULATED -0.11',
      'FILL_MISSING -0.12',
    ]);
    expect(weighed.ruledOut.map(({ why }) => why)).toEqual([
      'fee in the base coin: 0.12 is 0.2 % of 60, but a linear contract charges fees in USDT, ' +
        'which never changes its quantity',
      'lot rounding: it is 12 steps of 0.01, and one fill rounds by less',
      'aged exit: it was 2 h 16 min old, and positions are closed by age after 3 h',
    ]);
  });

  test('HY3 from the third hour on the aged exit is one more', () => {
    const aged = weigh(line({ asOf: instant('2025-10-13T16:08:35Z') }));
    expect(candidatesIn(aged)[0]).toBe('FILL_MISSING aged exit');
    const young = weigh(line({ asOf: instant('2025-10-13T16:08:34.999Z') }));
    expect(ruledOutIn(young)).toContain('FILL_MISSING -0.12');
  });

  test('HY3 a complete list of executions that lacks none of them rules all three out', () => {
    const { candidates, confidence, ruledOut } = weigh(line({ executionsComplete: true }));
    expect([candidates, confidence, ruledOut.length]).toEqual([[], 'unexplained', 6]);
    expect(ruledOut.every(({ residual }) => toText(residual!).startsWith('-0.1'))).toBe(true);
  });
});

describe('HY2 HY3 with the venue’s executions one of them is proven', () => {
  test.each([
    ['trade', 'FILL_MISSING'],
    ['liquidation', 'LIQUIDATION_MISSING'],
    ['adl', 'LIQUIDATION_MISSING'],
  ] as const)('HY3 a sell of 0.12 by %s: %s', (cause, reason) => {
    const weighed = weigh(line({ executionsComplete: true, unmatched: sold(cause) }));
    expect(weighed.confidence).toBe('proven');
    expect(weighed.candidates).toMatchObject([{ reason, name: 'x1' }]);
    const [evidence] = weighed.candidates[0]!.evidence;
    expect(evidence).toMatchObject({ id: 'x1', source: 'venue', effect: decimal('-0.12') });
  });

  test('HY2 an execution of another size proves nothing, and says what it leaves', () => {
    const [fact] = sold('trade');
    const unmatched = [{ ...fact!, quantity: decimal('0.1') } as typeof fact & object];
    const weighed = weigh(line({ executionsComplete: true, unmatched }));
    expect([weighed.confidence, candidatesIn(weighed)]).toEqual(['unexplained', []]);
    expect(ruledOutIn(weighed)).toContain('FILL_MISSING -0.02');
  });
});

describe('HY4 the case of a fee in the base coin', () => {
  const spot = 'HNT/USDT';
  const bought = (fee: string) => factsOf(`fill ${spot} buy 60 @ 2.1 ${fee} id b1`);
  const coin = (booked: DifferenceFacts['booked'], theirs = '59.88'): DifferenceFacts => ({
    ...position(spot, '60', theirs, { lot: '0.01' }),
    ...{ what: 'balance', key: 'HNT', leg: null, booked, instrument: instrumentOf(spot, '0.01') },
  });

  test('HY4 60 bought on spot and 59.88 received is a fee of 0.2 % in the coin', () => {
    const weighed = weigh(coin(bought('')));
    expect(weighed.confidence).toBe('likely');
    expect(candidatesIn(weighed)).toEqual(['FEE_CURRENCY_WRONG fee in the base coin']);
    expect(weighed.candidates[0]!.sentence).toBe(
      'the fee was taken in the coin itself: 0.2 % of the 60 that was bought',
    );
    expect(weighed.candidates[0]!.evidence).toMatchObject([{ id: 'b1', source: 'book' }]);
  });

  test('HY4 1,598.4 of 1,600 bought is 0.1 %, as a user found by hand', () => {
    const booked = factsOf('fill XRP/USDT buy 1600 @ 0.3 id b1');
    const line = { ...coin(booked, '1598.4'), key: 'XRP', ours: decimal('1600'), instrument: null };
    expect(candidatesIn(weigh(line))).toEqual(['FEE_CURRENCY_WRONG fee in the base coin']);
  });

  test('HY4 a share that no venue charges is none, and leaves what is nearest', () => {
    // 0.2 % of 60 is 0.12 and 0.24 % is 0.144: 59.87 lacks 0.13, and 0.12 - 0.13 = -0.01.
    const weighed = weigh(coin(bought(''), '59.87'));
    expect([candidatesIn(weighed), ruledOutIn(weighed)[0]]).toEqual([
      [],
      'FEE_CURRENCY_WRONG -0.01',
    ]);
  });

  test('HY4 a fee booked in USDT was not charged there: USDT has to differ by it', () => {
    const booked = bought('fee 0.252 USDT');
    expect(candidatesIn(weigh(coin(booked)))).toEqual([]);
    const others = [{ key: 'USDT', leg: null, ours: decimal('100'), theirs: decimal('100.252') }];
    expect(candidatesIn(weigh({ ...coin(booked), others }))).toEqual([
      'FEE_CURRENCY_WRONG fee in the base coin',
    ]);
  });

  test('HY4 a buy that they list with its fee leaves no room for another', () => {
    const weighed = weigh({ ...coin(bought('')), listedSince: 0n, executionsComplete: true });
    expect(candidatesIn(weighed)).not.toContain('FEE_CURRENCY_WRONG fee in the base coin');
  });
});
