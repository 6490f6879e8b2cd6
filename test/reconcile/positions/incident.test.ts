/** The three positions of the report: what they are without executions, and with them. */
import { describe, expect, test } from 'vitest';
import { toText, toTextOrNull } from '../../../src/decimal/text.ts';
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
  truth,
} from './kit.ts';

const rows = [
  row('1', 'AGIUSDT', 'short', '4160', '2025-10-12T19:58:45Z', { updatedAt: at('15:25:29') }),
  row('38', 'SCAUSDT', 'short', '2136.9', '00:50:07', { updatedAt: at('15:25:28') }),
  row('274', 'HNTUSDT', 'long', '60', '13:08:35', { updatedAt: at('15:25:06') }),
];

const [hnt, sca, agi] = ['HNT/USDT:USDT', 'SCA/USDT:USDT', 'AGI/USDT:USDT'] as const;
const [foreignOne, foreignTwo] = ['XYZ/USDT:USDT', 'ABC/USDT:USDT'];

const statement = says([
  held(agi, '-3160'),
  held(sca, '-2036'),
  held(hnt, '59.88'),
  held(foreignOne, '10'),
  held(foreignTwo, '-3'),
]);

const executions = [
  fill('2025-10-12T19:58:44Z', 'sell', '4160', agi, '0.0475'),
  fill('00:50:06', 'sell', '2136.9', sca, '0.09'),
  fill('13:08:34', 'buy', '60', hnt, '2.1'),
  fill('14:00:00', 'buy', '1000', agi, '0.04784', { orderId: 'exit-1' }),
  fill('14:10:00', 'sell', '0.12', hnt, '2.2', { orderId: 'by-hand' }),
  fill('15:00:00', 'buy', '100.9', sca, '0.09476', { orderId: 'exit-38' }),
];

describe('SP1 the three differences of the report', () => {
  const found = checked(rows, truth(statement));

  test('SP1 signed as truth less stored: 59.88 - 60, -2036 - -2136.9, -3160 - -4160', () => {
    const differences = [hnt, sca, agi].map((key) => {
      const [line] = breakOf(found, key)!.lines;
      return [toText(line!.ours!), toText(line!.theirs!), toText(line!.difference!)];
    });
    expect(differences).toEqual([
      ['60', '59.88', '-0.12'],
      ['-2136.9', '-2036', '100.9'],
      ['-4160', '-3160', '1000'],
    ]);
  });

  test('SP1 counted as operators count: 3 of 3 different, and two that are not the bot’s', () => {
    expect(found.counts).toEqual({
      ...{ stored: 3, venue: 5, verified: 0, phantom: 0, missing: 0, different: 3, foreign: 2 },
    });
    expect(found.reconciled.breaks).toHaveLength(3);
    expect(found.reconciled.verdict).toBe('break');
  });

  test('SP2 HNT without executions is likely a reduction of 0.12, ambiguous', () => {
    const { confidence, explanation } = breakOf(found, hnt)!;
    expect(confidence).toBe('likely');
    expect(explanation.candidates!.map(({ reason }) => reason)).toEqual(
      expect.arrayContaining(['FILL_MISSING', 'LIQUIDATION_MISSING']),
    );
    expect(explanation.candidates!.length).toBeGreaterThan(1);
    expect(explanation.sentence).toContain('Ambiguous');
    expect(explanation.evidence).toEqual([]);
  });

  test.each([
    ['fee', /fees? .*USDT|settle/i],
    ['lot', /12 .*0\.01|0\.01.*12|twelve/],
    ['aged exit', /2 h 16 min old.*3 h/],
  ])('SP2 HNT: the wrong idea of %s is ruled out with its residual', (name, why) => {
    const { explanation } = breakOf(found, hnt)!;
    const idea = explanation.ruledOut.find((one) => one.why.includes(name))!;
    expect(idea.why).toMatch(why);
    expect(toTextOrNull(idea.residual)).not.toBe('0');
  });

  test('SP2 what is not proven is written only once a person agrees', () => {
    expect(repairOf(found, hnt)).toMatchObject({
      needsApproval: true,
      sentences: ['HNTUSDT quantity: 60 -> 59.88'],
    });
  });
});

describe('SP3 with the executions of the exchange', () => {
  const found = checked(rows, truth(statement, { fills: executions, ...sinceAlways }));

  test.each([
    [hnt, 'e-14:10:00', 'execution of order by-hand', '-0.12', '60 − 0.12 = 59.88'],
    [sca, 'e-15:00:00', 'execution of order exit-38', '100.9', '−2136.9 + 100.9 = −2036'],
    [agi, 'e-14:00:00', 'execution of order exit-1', '1000', '−4160 + 1000 = −3160'],
  ])('SP3 %s is proven: the row stands for an earlier moment', (key, id, what, effect, sum) => {
    const one = breakOf(found, key)!;
    expect(one).toMatchObject({ reason: 'FILL_MISSING', confidence: 'proven', state: 'EXPLAINED' });
    const { evidence, residual, sentence } = one.explanation;
    expect(evidence.map((each) => [each.id, each.what, toTextOrNull(each.effect)])).toEqual([
      [id, what, effect],
    ]);
    expect(toTextOrNull(residual)).toBe('0');
    expect(sentence).toContain(sum);
  });

  test('SP3 what is proven needs nobody: quantity written as the exchange has it', () => {
    expect(
      found.repairs.map(({ sentences, needsApproval }) => [...sentences, needsApproval]),
    ).toEqual(
      expect.arrayContaining([
        ['HNTUSDT quantity: 60 -> 59.88', false],
        ['SCAUSDT quantity: 2136.9 -> 2036', false],
        ['AGIUSDT quantity: 4160 -> 3160', false],
      ]),
    );
  });

  test('SP3 a forced reduction says so', () => {
    const forced = executions.map((one) =>
      one.orderId === 'by-hand' ? { ...one, cause: 'adl' as const, orderId: null } : one,
    );
    const one = breakOf(checked(rows, truth(statement, { fills: forced, ...sinceAlways })), hnt)!;
    expect(one).toMatchObject({ reason: 'LIQUIDATION_MISSING', confidence: 'proven' });
    expect(one.explanation.sentence).toContain('deleveraging: sell 0.12 @ 2.2');
  });

  test.each([
    ['nobody proved the truth', { proven: false }],
    ['the list begins after the row', { fillsCompleteSince: at('13:30:00') }],
    ['nobody says since when it is complete', { fillsCompleteSince: null }],
  ])('SP3 it is no proof where %s', (_, parts) => {
    const better = truth(statement, { fills: executions, ...sinceAlways, ...parts });
    expect(breakOf(checked(rows, better), hnt)!.confidence).toBe('likely');
    expect(repairOf(checked(rows, better), hnt)!.needsApproval).toBe(true);
  });
});
