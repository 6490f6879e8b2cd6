import { describe, expect, test } from 'vitest';
import { toText } from '../../../src/decimal/text.ts';
import { standing } from '../../../src/venues/ccxt/history-reader.ts';
import {
  bybitChainFaults,
  bybitTold,
  mapBybitCashFlows,
} from '../../../src/venues/ccxt/mapping/bybit-cash-flows.ts';
import { mapBybitExecutions } from '../../../src/venues/ccxt/mapping/bybit-executions.ts';
import type { Raw } from '../../../src/venues/ccxt/raw.ts';
import { context } from './bybit-listing.ts';
import { execution } from './fake-bybit.ts';

const one = (row: Raw, market: 'spot' | 'linear' | 'inverse' = 'linear') =>
  mapBybitExecutions(context, [row], market).items[0];
describe('the transaction log', () => {
  const row = (more: Raw) => ({
    id: 'l1',
    symbol: 'BTCUSDT',
    category: 'linear',
    currency: 'USDT',
    type: 'TRADE',
    transactionTime: '1760000000000',
    cashFlow: '0',
    funding: '',
    fee: '0',
    change: '0',
    cashBalance: '10000',
    tradeId: 'e1',
    ...more,
  });
  const flows = (...rows: readonly Raw[]) => mapBybitCashFlows(context, rows);

  test('CX6 the log’s funding is signed as received, and is the execution’s fact', () => {
    const log = row({ type: 'SETTLEMENT', funding: '-0.00867', change: '-0.00867', tradeId: 'f1' });
    const told = execution({ execType: 'Funding', execFee: '0.00867', execId: 'f1' });
    expect(flows(log).items).toEqual([one(told)]);
  });

  test('CX6 a settlement that pays out profit of an open position is told, not booked', () => {
    const log = row({ type: 'SETTLEMENT', funding: '-1', cashFlow: '5', change: '4' });
    expect(flows(log)).toMatchObject({
      items: [],
      faults: [expect.stringMatching(/open position/)],
    });
  });

  test.each([
    ['TRADE', '-5', []],
    ['LIQUIDATION', '-5', []],
    ['ADL', '-5', []],
    ['TRANSFER_IN', '100', ['transfer 100']],
    ['TRANSFER_OUT', '-100', ['transfer -100']],
    ['INTEREST', '-0.2', ['interest -0.2']],
    ['FEE_REFUND', '0.3', ['fee -0.3']],
    ['BONUS', '5', ['deposit 5 BONUS']],
    ['CURRENCY_SELL', '-7', ['withdrawal 7 CURRENCY_SELL']],
    ['WHATEVER_COMES', '2', ['deposit 2 WHATEVER_COMES']],
    ['BONUS', '0', []],
  ])('CX12 %s of %s becomes %j', (type, change, expected) => {
    const { items } = flows(row({ type, change }));
    const words = items.map((fact) =>
      [fact.kind, toText(fact.amount), fact.reason].filter((word) => word !== null).join(' '),
    );
    expect(words).toEqual(expected);
  });

  test('CX25 an execution that the log takes back need not be listed any more', () => {
    const told = [
      row({ tradeId: 'e1' }),
      row({ tradeId: 'e2' }),
      row({ tradeId: 'e1', transSubType: 'TRADE_ROLLBACK' }),
      row({ type: 'SETTLEMENT', tradeId: 'f1' }),
    ];
    expect(standing(bybitTold(told))).toEqual(['e2']);
  });

  test('CX12 money of an option is told, as its trade is not booked', () => {
    expect(flows(row({ category: 'option', change: '-3' })).faults.join()).toMatch(/options/);
  });

  const chain = [
    row({
      id: 'c',
      transactionTime: '3',
      fee: '0.2',
      cashFlow: '5',
      change: '4.8',
      cashBalance: '13.3',
    }),
    row({ id: 'b', transactionTime: '2', funding: '-0.5', change: '-0.5', cashBalance: '8.5' }),
    row({ id: 'a', transactionTime: '1', fee: '1', change: '-1', cashBalance: '9' }),
  ];

  test('CX11 change is cash flow + funding - fee, and each balance follows the one before', () => {
    expect(bybitChainFaults(chain)).toEqual([]);
    expect(bybitChainFaults(chain.toSpliced(1, 1)).join()).toMatch(/9 is not followed by 8.5/);
    const wrong = row({ id: 'x', fee: '1', change: '-2', cashBalance: '9' });
    expect(bybitChainFaults([wrong]).join()).toMatch(/change -2, its parts give -1/);
  });

  test('CX11 rows of one millisecond stand in any order, coins have own chains', () => {
    const same = chain.map((one) => ({ ...one, transactionTime: '1' }));
    const other = row({ currency: 'BTC', change: '1', cashFlow: '1', cashBalance: '3' });
    expect(bybitChainFaults([same[1]!, other, same[0]!, same[2]!])).toEqual([]);
    expect(bybitChainFaults([same[2]!, same[1]!, same[0]!])).toEqual([]);
  });
});
