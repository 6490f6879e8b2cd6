/** Effective order and late facts: books are the fold of all facts in force, whenever they came. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  compareOrder,
  type OrderKey,
  orderFromText,
  orderOf,
  orderText,
} from '../../src/books/effective-order.ts';
import type { BookFact } from '../../src/model/fact.ts';
import { scenario } from './scenario.ts';
import { readEvent } from './scenario-facts.ts';
import { Words } from './words.ts';

const factOf = (line: string): BookFact => {
  const words = new Words(line, 1);
  const event = readEvent(words.next('kind'), words, 1);
  if (event?.kind !== 'fact') throw new Error(`${line} is no fact`);
  return event.fact;
};

const keyOf = (line: string): OrderKey => orderOf({ sequence: 1, fact: factOf(line), rates: [] });

const inOrder = (name: string, lines: readonly string[]): void => {
  test(name, () => {
    const sorted = lines.toReversed().toSorted((a, b) => compareOrder(keyOf(a), keyOf(b)));
    expect(sorted).toEqual(lines);
  });
};

inOrder('F1 by time, to the nanosecond that is told', [
  'fill BTC/USDT sell 1 @ 1 id 9 at 1',
  'deposit USDT 1 id 1 at 2',
  'opening USDT 1 at 3',
]);

inOrder('F1 at one time by kind: opening, units, cash flows, fills, deliveries', [
  'opening USDT 1 at 1',
  'split BTC/USDT 2/1 id b at 1',
  'deposit USDT 1 id b at 1',
  'fill BTC/USDT buy 1 @ 1 id a at 1',
  'delivery BTC/USDT:USDT @ 1 id a at 1',
]);

inOrder('F1 renames and returns of capital are of the kind that changes units', [
  'rename A/USDT B/USDT id 1 at 1',
  'return-of-capital A/USDT 1 id 2 at 1',
  'split A/USDT 2/1 id 3 at 1',
  'withdrawal USDT 1 id 0 at 1',
]);

inOrder("F1 then by the venue's own sequence, none first, by value", [
  'fill BTC/USDT buy 1 @ 1 id 9 at 1',
  'fill BTC/USDT buy 1 @ 1 id 8 sequence 2 at 1',
  'fill BTC/USDT buy 1 @ 1 id 7 sequence 10 at 1',
]);

inOrder('F1 then by id: digits first, by value then length, the rest by bytes', [
  'fill BTC/USDT buy 1 @ 1 id 2 at 1',
  'fill BTC/USDT buy 1 @ 1 id 02 at 1',
  'fill BTC/USDT buy 1 @ 1 id 10 at 1',
  'fill BTC/USDT buy 1 @ 1 id 123456789012345678901234567890 at 1',
  'fill BTC/USDT buy 1 @ 1 id 10a at 1',
  'fill BTC/USDT buy 1 @ 1 id B at 1',
  'fill BTC/USDT buy 1 @ 1 id a at 1',
  'fill BTC/USDT buy 1 @ 1 id \u{ff21} at 1',
  'fill BTC/USDT buy 1 @ 1 id \u{1f600} at 1',
]);

inOrder('F1 then by instrument, side with buy first, and leg', [
  'fill BTC/USDT buy 1 @ 1 id 1 at 1',
  'fill BTC/USDT sell 1 @ 1 id 1 at 1',
  'fill BTC/USDT:USDT long buy 1 @ 1 id 1 at 1',
  'fill BTC/USDT:USDT short buy 1 @ 1 id 1 at 1',
  'fill BTC/USDT:USDT long sell 1 @ 1 id 1 at 1',
]);

const ids = fc.oneof(fc.stringMatching(/^\d{1,4}$/), fc.string({ unit: 'binary', maxLength: 4 }));
const keys: fc.Arbitrary<OrderKey> = fc.record({
  time: fc.bigInt({ min: 0n, max: 2n }),
  rank: fc.nat({ max: 4 }),
  venueSequence: fc.oneof(fc.constant(''), fc.stringMatching(/^\d{1,3}$/)),
  id: ids,
  instrument: fc.constantFrom('', 'A/B', 'A/B:B'),
  side: fc.constantFrom('buy', 'sell'),
  leg: fc.constantFrom('net', 'long', 'short'),
});

test('F1 the order is total: one of two different keys is always first', () => {
  fc.assert(
    fc.property(keys, keys, keys, (a, b, c) => {
      const ab = Math.sign(compareOrder(a, b));
      expect(ab + Math.sign(compareOrder(b, a))).toBe(0);
      expect(ab === 0).toBe(orderText(a) === orderText(b));
      const bc = Math.sign(compareOrder(b, c));
      if (ab <= 0 && bc <= 0) expect(Math.sign(compareOrder(a, c))).toBeLessThanOrEqual(0);
    }),
    { numRuns: 2000 },
  );
});

test('F1 ids of equal kind are in the order of their bytes', () => {
  const encoder = new TextEncoder();
  const word = fc.string({ unit: 'binary', minLength: 1, maxLength: 4 });
  const base = keyOf('fill BTC/USDT buy 1 @ 1');
  fc.assert(
    fc.property(word, word, (a, b) => {
      fc.pre(!/^\d+$/.test(a) && !/^\d+$/.test(b));
      const [x, y] = [Buffer.from(encoder.encode(a)), Buffer.from(encoder.encode(b))];
      const order = compareOrder({ ...base, id: a }, { ...base, id: b });
      expect(Math.sign(order)).toBe(Math.sign(Buffer.compare(x, y)));
    }),
  );
});

test('F1 an order is the same after it has been text', () => {
  fc.assert(fc.property(keys, (key) => void expect(orderFromText(orderText(key))).toEqual(key)));
});

scenario(
  'F1 at one instant a deposit is there before the fill that spends it, a split before both',
  `
  account   USD fifo
  opening   X 1 cost 10         at 5
  fill      X/USD sell 2 @ 10   at 7  id 2
  deposit   X 1 cost 30         at 7  id 9
  fill      X/USD buy  1 @ 20   at 7  id 1
  split     X/USD 2/1           at 7
  lots      X 1=30 1=20
  realised  10                  # 20 - 10: both halves of the split unit
`,
);

scenario(
  'F2 F3 a busted fill is out of the fold: what came later is counted anew',
  `
  fill      BTC/USDT buy  1 @ 100  id first
  fill      BTC/USDT buy  1 @ 200
  fill      BTC/USDT sell 1 @ 180
  fill      BTC/USDT buy  1 @ 160
  position  BTC 2 @ 155
  realised  30                  # 180 - 150
  bust      first
  position  BTC 1 @ 160         # a mere reversal would say 155
  realised  -20                 # 180 - 200, not -25
  balance   USDT -180
`,
);

scenario(
  'F2 a late fill changes later realised PnL and cost',
  `
  fill      BTC/USDT buy  1 @ 200  at 20
  fill      BTC/USDT sell 1 @ 180  at 30
  realised  -20
  fill      BTC/USDT buy  1 @ 100  at 10
  realised  30
  position  BTC 1 @ 150 since 10
`,
);

scenario(
  'F2 a late fill turns a short that never was into a sale',
  `
  fill      BTC/USDT sell 1 @ 180  at 30
  position  BTC -1 @ 180
  fill      BTC/USDT buy  1 @ 100  at 10
  position  BTC flat cost 0
  realised  80
`,
);

scenario(
  'F3 a correction changes the fill where it stands',
  `
  fill      BTC/USDT buy  1 @ 100  id a
  fill      BTC/USDT sell 1 @ 180
  correct   a price 110
  realised  70
  correct   a quantity 2
  position  BTC 1 @ 110
  balance   USDT -40
  correct   a fee 1 USDT
  result    gross 70 fees 1 funding 0 net 69
`,
);

scenario(
  'F3 an earlier time of the same fill moves it in the order',
  `
  account   USDT fifo
  fill      BTC/USDT buy  1 @ 100
  fill      BTC/USDT buy  1 @ 200  id late
  fill      BTC/USDT sell 1 @ 180
  realised  80
  correct   late time 5
  realised  -20
`,
);

scenario(
  'F3 a fee that changes its coin leaves the old coin alone',
  `
  fill      BNB/USDT buy  1 @ 300
  fill      BTC/USDT buy  1 @ 100  id a  fee 0.1 BNB
  balance   BNB 0.9
  correct   a fee 0.01 BTC
  balance   BNB 1
  balance   BTC 0.99
`,
);

scenario(
  'F9 what went out of force leaves no trace',
  `
  fill      BTC/USDT buy 1 @ 100  id a  fee 0.1 BNB
  position  BNB -0.1
  correct   a fee 0.1 USDT
  position  BNB absent
  bust      a
  position  BTC absent
  balance   BTC absent
  balance   USDT 0
`,
);

scenario(
  'F9 nor does a contract that was busted, with what it earned',
  `
  fill      BTC/USDT:USDT buy  1 @ 100  id a
  fill      BTC/USDT:USDT sell 1 @ 150  id b
  balance   USDT 50
  bust      a
  position  BTC/USDT:USDT -1 @ 150
  bust      b
  position  BTC/USDT:USDT absent
  balance   USDT 0
`,
);

scenario(
  'F8 a fact keeps the rate that was in force at its time, not at that of its arrival',
  `
  account   USD
  mark      ETH/USD 10   at 1
  mark      ETH/USD 20   at 50
  deposit   ETH 1        at 60
  deposit   ETH 1        at 40
  deposit   ETH 1        at 50
  position  ETH 3 cost 50
`,
);

scenario(
  'F8 a stale mark is no rate',
  `
  account   USD
  mark-age  300
  mark      ETH/USD 10   at 0
  deposit   ETH 1        at 300
  position  ETH 1 @ 10
  deposit   ETH 1        at 301
  position  ETH 2 unknown-quantity 1
`,
);
