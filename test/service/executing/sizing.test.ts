import { describe, expect, test } from 'vitest';
import { decimal, toText, toTextOrNull } from '../../../src/decimal/text.ts';
import { roundDown, roundPrice } from '../../../src/model/steps.ts';
import { orderName, strategyOf } from '../../../src/service/executing/order-name.ts';
import { plan } from '../../../src/service/executing/sizing.ts';
import { strategies } from '../../../src/strategies/strategies.ts';
import { instrumentOf } from './paper-ground.ts';

const linear = 'ABC/USDT:USDT';

interface Case {
  readonly because: string;
  readonly of?: string;
  readonly want: 'long' | 'short' | 'flat';
  readonly held?: string;
  readonly net?: string;
  readonly limit?: string;
  readonly price?: string;
  readonly value?: string | null;
  readonly most?: string | null;
  readonly gross?: { readonly buy: string; readonly sell: string };
  readonly open?: { readonly buy: string; readonly sell: string };
  readonly least?: string;
  /** side quantity price reduce-only, or the code of why nothing is ordered. */
  readonly gives: string;
}

const cases: readonly Case[] = [
  { want: 'long', gives: 'buy 10 market', because: '1000 / 100' },
  {
    want: 'long',
    price: '30',
    gives: 'buy 33.333 market',
    because: '1000 / 30 = 33.3333, lot 0.001',
  },
  { want: 'short', gives: 'sell 10 market', because: 'a contract can be sold short' },
  { want: 'short', of: 'ABC/USDT', gives: 'nothing', because: 'spot cannot: short is flat' },
  {
    ...{ want: 'short', of: 'ABC/USDT', held: '10', gives: 'sell 10 market' },
    because: 'and flat sells what is held',
  },
  { want: 'flat', held: '10', gives: 'sell 10 market reduce', because: 'all of it' },
  { want: 'flat', held: '-2.5', gives: 'buy 2.5 market reduce', because: 'a short is bought back' },
  { want: 'flat', gives: 'nothing', because: 'nothing is held' },
  {
    ...{ want: 'flat', held: '10', net: '4', gives: 'sell 10 market' },
    because: 'others hold 6 against it: the account has less to reduce',
  },
  {
    ...{ want: 'flat', held: '4', net: '10', open: { buy: '0', sell: '7' } },
    ...{ gives: 'sell 4 market', because: '7 + 4 are more than the 10 there are' },
  },
  { want: 'short', held: '10', gives: 'sell 20 market', because: 'out of 10, and into 10' },
  { want: 'long', held: '8', gives: 'nothing', because: '2 of 10 missing is under a quarter' },
  { want: 'long', held: '7', gives: 'buy 3 market', because: '3 of 10 missing is over a quarter' },
  { want: 'long', held: '12', gives: 'nothing', because: 'what has grown is not trimmed' },
  {
    ...{ want: 'long', most: '600', gives: 'buy 6 market' },
    because: 'the account may hold 600 of it',
  },
  {
    ...{ want: 'long', most: '600', net: '-1', gross: { buy: '3', sell: '4' } },
    ...{ open: { buy: '0.5', sell: '3' }, gives: 'buy 2.5 market' },
    because: '6 - 3 held - 0.5 open: the shorts may leave, and what is for sale may not fill',
  },
  {
    ...{ want: 'long', most: '600', gross: { buy: '7', sell: '0' }, gives: 'nothing' },
    because: 'no room is left',
  },
  {
    ...{ want: 'long', most: '600', gross: { buy: '5', sell: '0' }, gives: 'nothing' },
    because: 'room for 1 of 6 is not worth an order',
  },
  { want: 'long', value: null, gives: 'equity-unknown', because: 'nobody knows what may be spent' },
  {
    ...{ want: 'flat', held: '1', value: null, most: null, gives: 'sell 1 market reduce' },
    because: 'leaving needs no equity',
  },
  {
    ...{ want: 'long', limit: '99.999', gives: 'buy 10 99.99' },
    because: 'a buyer pays no more than it said',
  },
  {
    ...{ want: 'short', limit: '99.991', gives: 'sell 10 100' },
    because: 'a seller gets no less',
  },
  { want: 'flat', held: '0.0004', gives: 'below-lot', because: 'dust stays, and is noted' },
  {
    ...{ want: 'long', value: '4.9', least: '5', gives: 'below-notional' },
    because: '0.049 x 100 = 4.90',
  },
  {
    ...{ want: 'long', value: '5', least: '5', gives: 'buy 0.05 market' },
    because: '5 is not below 5',
  },
  {
    ...{ want: 'long', of: 'ABC/USD:ABC', value: '2', most: '100', price: '50' },
    ...{ gives: 'buy 100 market', because: 'an inverse contract is one dollar: 2 ABC x 50' },
  },
];

describe('orders', () => {
  test.each(cases)('ST5 ST6 $want holding $held gives $gives: $because', (one) => {
    const { value = '1000', most = '100000', held = '0' } = one;
    const answer = plan(
      {
        want: one.want,
        limit: one.limit === undefined ? null : decimal(one.limit),
        price: decimal(one.price ?? '100'),
        held: decimal(held),
        net: decimal(one.net ?? held),
        gross: { buy: decimal(one.gross?.buy ?? '0'), sell: decimal(one.gross?.sell ?? '0') },
        open: { buy: decimal(one.open?.buy ?? '0'), sell: decimal(one.open?.sell ?? '0') },
        value: value === null ? null : decimal(value),
        most: most === null ? null : decimal(most),
      },
      instrumentOf(one.of ?? linear),
      one.least === undefined ? null : decimal(one.least),
    );
    if (answer.order === null) expect(answer.code ?? 'nothing').toBe(one.gives);
    else {
      const { side, quantity, price, reduceOnly } = answer.order;
      const words = [side, toText(quantity), toTextOrNull(price) ?? 'market'];
      expect([...words, ...(reduceOnly ? ['reduce'] : [])].join(' ')).toBe(one.gives);
    }
  });

  test.each([
    ['0.0009', '0.001', '0'],
    ['0.0019', '0.001', '0.001'],
    ['7', '2.5', '5'],
    ['12345678901234567890.5', '0.4', '12345678901234567890.4'],
  ])('ST6 %s in steps of %s is %s', (value, step, down) => {
    expect(toText(roundDown(decimal(value), decimal(step)))).toBe(down);
  });

  test.each([
    ['100.05', 'buy', '0.1', '100'],
    ['100.05', 'sell', '0.1', '100.1'],
    ['100.1', 'sell', '0.1', '100.1'],
  ] as const)('ST6 a limit of %s to %s with ticks of %s is %s', (price, side, tick, rounded) => {
    expect(toText(roundPrice(decimal(price), side, decimal(tick)))).toBe(rounded);
  });
});

describe('names of orders', () => {
  const bar = 1_767_225_600_000_000_000n;

  test('ST7 are of strategy, instrument and bar, and lead back to the strategy', () => {
    const names = strategies.flatMap(({ name }) =>
      [0, 1, 35, 36].flatMap((index) =>
        [bar, bar + 1_000_000n].map((at) => orderName(name, index, at)),
      ),
    );
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{1,36}$/);
    for (const { name } of strategies) expect(strategyOf(orderName(name, 36, bar))).toBe(name);
  });

  test.each([null, '', 'manual', 'x_1', 'a_b_c_d'])('ST7 %j is no name of ours', (text) => {
    expect(strategyOf(text)).toBeNull();
  });
});
