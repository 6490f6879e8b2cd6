/** One well-formed fact of every kind, as plain objects. */
import { parseFact } from '../../src/model/parse-fact.ts';

export type Example = Readonly<Record<string, unknown>>;

const time = '2024-05-01T12:30:00Z';
const account = 'main';
const instrument = 'BTC/USDT:USDT';

export const fill: Example = {
  kind: 'fill',
  account,
  instrument,
  side: 'buy',
  quantity: '0.5',
  price: '60000.1',
  executionId: 'e1',
  time,
};

export const order: Example = {
  kind: 'order',
  account,
  instrument,
  orderId: 'o1',
  side: 'buy',
  type: 'limit',
  quantity: '1',
  status: 'open',
  time,
};

const cash: Example = { account, currency: 'USDT', amount: '10', id: 'd1', time };
export const deposit: Example = { kind: 'deposit', ...cash };
export const withdrawal: Example = { kind: 'withdrawal', ...cash };
export const funding: Example = { kind: 'funding', ...cash, amount: '-0.12', instrument };
export const transfer: Example = {
  kind: 'transfer',
  account,
  currency: 'USDT',
  amount: '-50',
  counterAccount: 'spot',
  transferId: 't1',
  time,
};

export const opening: Example = {
  kind: 'opening',
  account,
  time,
  balances: [{ currency: 'BTC', total: '1', cost: '60000' }],
  positions: [{ instrument, leg: 'net', quantity: '-5', averagePrice: '100' }],
};

export const bust: Example = { kind: 'bust', account, bustId: 'b1', executionId: 'e1', time };
export const correction: Example = {
  kind: 'correction',
  account,
  correctionId: 'k1',
  executionId: 'e1',
  price: '60000.2',
  time,
};

export const split: Example = {
  kind: 'split',
  account,
  instrument: 'AAPL/USD',
  ratio: '7/1',
  id: 's1',
  time,
};
export const returnOfCapital: Example = {
  kind: 'return-of-capital',
  account,
  instrument: 'AAPL/USD',
  amount: '3.5',
  id: 'r1',
  time,
};
export const rename: Example = {
  kind: 'rename',
  account,
  from: 'FB/USD',
  to: 'META/USD',
  id: 'n1',
  time,
};
export const delivery: Example = {
  kind: 'delivery',
  account,
  instrument,
  price: '61000',
  id: 'y1',
  time,
};

export const accountFact: Example = { kind: 'account', account, currency: 'USDT' };
export const currency: Example = { kind: 'currency', currency: 'USDT', decimals: 8 };
export const instrumentFact: Example = { kind: 'instrument', venue: 'bybit', instrument };
export const mark: Example = { kind: 'mark', instrument, price: '61000', time };

export const examples: readonly Example[] = [
  ...[accountFact, currency, instrumentFact, opening, fill, order, deposit, withdrawal, transfer],
  ...[funding, { ...funding, kind: 'interest' }, { ...funding, kind: 'dividend' }],
  ...[
    { ...cash, kind: 'fee' },
    { ...cash, kind: 'tax' },
    { ...cash, kind: 'adjustment' },
  ],
  ...[bust, correction, split, returnOfCapital, rename, delivery, mark],
];

/** [field, code] of every refusal, in the order found. */
export const refusedFields = (value: unknown) =>
  parseFact(value, {}, { strict: false }).refusals.map(({ where, code }) => [where.field, code]);

export function factOf(value: unknown) {
  const { fact, refusals } = parseFact(value, {}, { strict: true });
  if (fact === null) throw new Error(refusals.map((one) => one.message).join('; '));
  return fact;
}
