/** Ideas without direct evidence, on numbers that speak for them and on those that do not. */
import { describe, expect, test } from 'vitest';
import { isZero } from '../../src/decimal/decimal.ts';
import { decimal, toText } from '../../src/decimal/text.ts';
import type { DifferenceFacts } from '../../src/reconcile/hypotheses/weigh.ts';
import { weigh } from '../../src/reconcile/hypotheses/weigh.ts';
import { Random } from '../decimal/random.ts';
import { at } from './kit.ts';
import {
  balance,
  candidatesIn,
  factsOf,
  instrumentOf,
  type LineParts,
  other,
  position,
  ruledOutIn,
} from './line.ts';

const agi = 'AGI/USDT:USDT';
/** What any contract that came nearer to flat may have been. */
const unseen = [
  'FILL_MISSING reduce-only or manual order',
  'LIQUIDATION_MISSING partial liquidation',
  'LIQUIDATION_MISSING deleveraging',
];
const grown = ['FILL_MISSING order'];

type Row = readonly [what: string, facts: DifferenceFacts, candidates: readonly string[]];

const onPosition = (ours: string, theirs: string, parts: LineParts = {}) =>
  position(agi, ours, theirs, parts);

const hedge = (
  leg: 'long' | 'short',
  ours: string,
  theirs: string,
  beside: ReturnType<typeof other>,
) => onPosition(ours, theirs, { leg, others: [beside] });

const bookedAgi = (...lines: string[]) =>
  factsOf(lines.map((text) => `fill ${agi} ${text}`).join('\n'));

describe('HY1 the side, the leg, the symbol, the size', () => {
  test.each<Row>([
    // theirs = -1 x ours, and the one fill turned round says the same once
    ['a position of the other side', onPosition('5', '-5'), ['SIGN_WRONG wrong side', ...grown]],
    [
      'one of several fills with the wrong side: 12 - 2 x 5 = 2',
      onPosition('12', '2', { booked: bookedAgi('buy 5 @ 1', 'buy 7 @ 1') }),
      ['SIGN_WRONG one fact with the wrong sign', ...unseen],
    ],
    [
      'the other leg off by the opposite',
      hedge('long', '10', '5', other(agi, '-3', '2', 'short')),
      ['FILL_MISAPPLIED wrong leg', ...unseen],
    ],
    [
      'the other leg off by the same',
      hedge('long', '10', '5', other(agi, '0', '-5', 'short')),
      ['SIGN_WRONG wrong leg and side', ...unseen],
    ],
    [
      'another instrument off by the opposite',
      onPosition('10', '7', { others: [other('SCA/USDT:USDT', '1', '4', 'net')] }),
      ['SYMBOL_CONFUSED taken for SCA/USDT:USDT', ...unseen],
    ],
    [
      'another instrument off by something else',
      onPosition('10', '7', { others: [other('SCA/USDT:USDT', '1', '5', 'net')] }),
      unseen,
    ],
    [
      'contracts of 100 taken for coins',
      onPosition('41', '4100'),
      ['MULTIPLIER_WRONG contract size', ...grown],
    ],
    [
      'the size of this contract',
      onPosition('41', '1.025', {
        instrument: { ...instrumentOf(agi), multiplier: decimal('0.025') },
      }),
      ['MULTIPLIER_WRONG contract size', ...unseen],
    ],
    [
      '1000SHIB taken for SHIB',
      onPosition('5000', '5'),
      ['MULTIPLIER_WRONG contract size', 'SYMBOL_CONFUSED symbol that counts thousands', ...unseen],
    ],
    ['1001 times as much', onPosition('5', '5005'), grown],
  ])('HY1 %s', (_, facts, candidates) => {
    const weighed = weigh(facts);
    expect(candidatesIn(weighed)).toEqual(candidates);
    expect(weighed.confidence).toBe('likely');
  });
});

describe('HY7 contracts move by executions alone', () => {
  test.each<Row>([
    ['less of a short', onPosition('-4160', '-3160'), unseen],
    ['more of a short', onPosition('-3160', '-4160'), grown],
    ['a flip', onPosition('5', '-3'), grown],
    [
      'none any more',
      onPosition('5', '0'),
      [
        'POSITION_PHANTOM closed by an order',
        'LIQUIDATION_MISSING liquidation',
        'LIQUIDATION_MISSING deleveraging',
      ],
    ],
    ['none before', onPosition('0', '5'), ['POSITION_ORPHAN opened by an order']],
  ])('HY7 %s', (_, facts, candidates) => {
    expect(candidatesIn(weigh(facts))).toEqual(candidates);
    const complete = weigh({ ...facts, executionsComplete: true });
    expect(candidatesIn(complete)).toEqual([]);
    // Each leaves all of it: nothing was found that carries a part.
    expect(complete.ruledOut.every(({ residual }) => !isZero(residual!))).toBe(true);
  });

  test('HY7 money moves in more ways: without a list no idea of it explains anything', () => {
    const weighed = weigh(balance('USDT', '100', '93'));
    expect([weighed.confidence, candidatesIn(weighed)]).toEqual(['unexplained', []]);
  });
});

describe('HY8 other moments', () => {
  const three = bookedAgi('buy 5 @ 1', 'buy 2 @ 1', 'sell 3 @ 1');
  test.each<Row>([
    [
      'what was held before the last two fills, 4 + 3 - 2 = 5',
      onPosition('4', '5', { booked: three }),
      ['SNAPSHOT_STALE an earlier moment', ...grown],
    ],
    [
      'the same, with those fills in their own list',
      onPosition('4', '5', { booked: three, listedSince: at(15) }),
      ['SNAPSHOT_TORN two moments', ...grown, 'HISTORY_GAP before the lists'],
    ],
    [
      'the same, and the balance that one of them moved agrees',
      onPosition('4', '5', {
        booked: [...three.slice(0, 2), ...bookedAgi('sell 3 @ 1 fee 0.1 BNB at 60')],
        agreeing: new Set(['balance\nBNB\n\n\n']),
      }),
      ['SNAPSHOT_TORN two moments', ...grown],
    ],
    [
      'flat, as everything once was: said last',
      onPosition('5', '0', { booked: three.slice(0, 1) }),
      [
        'POSITION_PHANTOM closed by an order',
        'LIQUIDATION_MISSING liquidation',
        'LIQUIDATION_MISSING deleveraging',
        'SNAPSHOT_STALE an earlier moment',
        'FILL_MISAPPLIED one fact too many',
      ],
    ],
    [
      'with a fill that ours dates two minutes later',
      onPosition('4', '6', { booked: [...three, ...bookedAgi('buy 2 @ 1 at 1120')] }),
      ['CLOCK_SKEW clocks that differ', ...grown],
    ],
    [
      'with a fill of two days later: no clock is that wrong',
      onPosition('4', '6', { booked: [...three, ...bookedAgi('buy 2 @ 1 at 180000')] }),
      grown,
    ],
  ])('HY8 theirs is %s', (_, facts, candidates) => {
    expect(candidatesIn(weigh(facts))).toEqual(candidates);
  });

  test('HY8 a moment more than a day ago is no late snapshot', () => {
    const facts = onPosition('4', '7', { booked: three, asOf: at(86_500) });
    // The sell of 3 was at second 30: 86,470 s before, more than 86,400.
    expect(candidatesIn(weigh(facts))).not.toContain('SNAPSHOT_STALE an earlier moment');
    const sooner = weigh({ ...facts, asOf: at(86_400) });
    expect(candidatesIn(sooner)).toContain('SNAPSHOT_STALE an earlier moment');
  });
});

describe('HY9 facts that ours holds and nobody lists', () => {
  const twice = factsOf(`
    fill ${agi} buy 5 @ 1 id stream-7 at 100
    fill ${agi} buy 5 @ 1 id 7 at 100
  `);
  test('HY9 one of two that are alike', () => {
    expect(candidatesIn(weigh(onPosition('10', '5', { booked: twice })))).toEqual([
      // Both are of one time: no moment lies between them.
      ...['FILL_DUPLICATED counted twice', ...unseen, 'FILL_MISAPPLIED one fact too many'],
    ]);
  });

  test('HY9 both of which their list holds are two', () => {
    const listed = onPosition('10', '5', {
      booked: twice,
      listedSince: 0n,
      executionsComplete: true,
    });
    const names = candidatesIn(weigh(listed));
    expect(names).not.toContain('FILL_DUPLICATED counted twice');
    expect(names).not.toContain('FILL_MISAPPLIED one fact too many');
  });

  test('HY9 a payment with the wrong sign: 100 - 2 x 3 = 94', () => {
    const booked = factsOf('deposit USDT 97\nfunding USDT 3 of AGI/USDT:USDT id f1');
    const weighed = weigh(balance('USDT', '100', '94', { booked }));
    expect(candidatesIn(weighed)).toEqual(['SIGN_WRONG one fact with the wrong sign']);
  });
});

describe('HY10 rounding, splits and the beginning', () => {
  const thirds = bookedAgi('buy 0.3333 @ 1', 'buy 0.3333 @ 1', 'buy 0.3334 @ 1');
  test.each<Row>([
    [
      'three fills of which none is whole lots, less than three steps',
      onPosition('1.0005', '1.002', { booked: thirds }),
      ['ROUNDING_ACCUMULATED lot rounding', ...grown],
    ],
    ['whole lots all over', onPosition('1', '1.001', { booked: bookedAgi('buy 1 @ 1') }), grown],
    [
      'cents: 7 facts and less than 7 steps',
      balance('USDT', '100.003', '99.98', {
        booked: factsOf(Array.from({ length: 7 }, () => 'funding USDT -0.0034').join('\n')),
        step: decimal('0.01'),
      }),
      ['ROUNDING_ACCUMULATED lot rounding'],
    ],
    [
      'seven new shares for one',
      balance('AAPL', '3', '21', { instrument: { ...instrumentOf('AAPL/USD'), class: 'equity' } }),
      ['CORPORATE_ACTION_MISSING split'],
    ],
    [
      'three for two of a coin is no split',
      balance('BTC', '2', '3', { instrument: instrumentOf('BTC/USDT') }),
      [],
    ],
    [
      'lists that are complete since the opening',
      balance('USDT', '100', '93', {
        opening: { at: at(10), quantity: decimal('100') },
        listedSince: at(10),
      }),
      ['OPENING_BALANCE_WRONG opening', 'VENUE_INCONSISTENT lists that do not add up'],
    ],
    [
      'lists that begin after the opening',
      balance('USDT', '100', '93', {
        opening: { at: at(10), quantity: decimal('100') },
        listedSince: at(11),
      }),
      [],
    ],
    [
      'a position without an opening, and a list that holds all of ours',
      onPosition('5', '8', {
        booked: bookedAgi('buy 5 @ 1'),
        ...{ listedSince: at(5), executionsComplete: true },
      }),
      ['HISTORY_GAP before the lists', 'VENUE_INCONSISTENT lists that do not add up'],
    ],
  ])('HY10 %s', (_, facts, candidates) => {
    expect(candidatesIn(weigh(facts))).toEqual(candidates);
  });
});

describe('HY2 what is proven', () => {
  const lacking = bookedAgi('sell 3 @ 1 id a', 'sell 2 @ 1 id b', 'buy 1 @ 1 id c');

  test('HY2 all that ours lacks, to the last unit: -3 - 2 + 1 = -4', () => {
    const weighed = weigh(onPosition('10', '6', { unmatched: lacking }));
    expect([weighed.confidence, candidatesIn(weighed)]).toEqual(['proven', ['FILL_MISSING a b c']]);
  });

  test('HY2 a choice of some is likely, and beside what needs none of them', () => {
    const weighed = weigh(onPosition('10', '8', { unmatched: lacking }));
    // -2 is b, and -3 + 1 is a with c: each of the two ways leaves something out.
    expect(candidatesIn(weighed)).toEqual(['FILL_MISSING b', 'FILL_MISSING a c', ...unseen]);
    expect(weighed.confidence).toBe('likely');
  });

  test('HY2 of ours that they do not list none is proven wrong', () => {
    const booked = bookedAgi('buy 10 @ 1 id a', 'buy 5 @ 1 id b');
    const facts = onPosition('15', '10', { booked, unmatched: [booked[1]!] });
    const weighed = weigh(facts);
    expect(weighed.confidence).toBe('likely');
    expect(candidatesIn(weighed)).toContain('FILL_MISAPPLIED b');
    expect(candidatesIn(weighed)).toContain(unseen[0]);
  });

  test('HY2 a fact that moves the line by what is not known proves nothing', () => {
    const unmatched = factsOf(`deposit USDT 5 id d\nfill ${agi} sell 3 @ 1 id a`);
    const weighed = weigh(balance('USDT', '100', '105', { unmatched }));
    expect([weighed.confidence, candidatesIn(weighed)]).toEqual(['unexplained', []]);
  });

  test('HY1 HY2 never proven without facts of theirs, whatever the numbers', () => {
    const random = new Random(7);
    for (let round = 0; round < 500; round++) {
      const quantity = (): string => toText({ coefficient: random.between(-40, 40), scale: 1 });
      const booked = bookedAgi(
        `buy ${random.between(1, 9)} @ 1`,
        `sell ${random.between(1, 9)} @ 1`,
      );
      const [ours, theirs] = [quantity(), quantity()];
      if (ours === theirs) continue;
      const weighed = weigh(onPosition(ours, theirs, { booked }));
      expect(weighed.confidence).not.toBe('proven');
      expect(weighed.ruledOut.every(({ residual }) => residual === null || !isZero(residual))).toBe(
        true,
      );
      // Without a list some execution always fits.
      expect(weighed.candidates.length).toBeGreaterThan(0);
    }
  });
});

test('HY1 every idea that fits is told once, and one that is ruled out does not fit', () => {
  const weighed = weigh(onPosition('5000', '5', { booked: bookedAgi('buy 5000 @ 1') }));
  const names = candidatesIn(weighed);
  expect(new Set(names).size).toBe(names.length);
  expect(ruledOutIn(weighed).every((one) => !one.endsWith(' 0'))).toBe(true);
});
