/** Any fact that the model can hold, for properties. */
import fc from 'fast-check';
import { isZero, negate, one, stripped, total } from '../../src/decimal/decimal.ts';
import { decimal } from '../../src/decimal/text.ts';
import { cashKinds, type Fact, type OpeningLot } from '../../src/model/fact.ts';
import { instant } from '../../src/model/instant.ts';

const digits = (max: number) => fc.stringMatching(new RegExp(`^\\d{1,${max}}$`));
const unsigned = fc
  .tuple(fc.oneof(fc.constant('0'), fc.stringMatching(/^[1-9]\d{0,29}$/)), digits(18))
  .map(([whole, rest]) => decimal(`${whole}.${rest}`));
const positive = unsigned.map((value) => (isZero(value) ? one : value));
const signed = fc.tuple(unsigned, fc.boolean()).map(([a, minus]) => (minus ? negate(a) : a));
const nonZero = signed.map((value) => (isZero(value) ? one : value));

const text = fc.oneof(
  fc.stringMatching(/^[!-~][ -~]{0,50}$/),
  fc.constantFrom('main', 'Zürich 🙂', 'x'.repeat(200), '"', '\\', '__proto__'),
);
const time = fc.bigInt({
  min: instant('1900-01-01T00:00:00Z'),
  max: instant('2262-01-01T00:00:00Z') - 1n,
});
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });

const leg = fc.constantFrom('net', 'long', 'short');
const side = fc.constantFrom('buy', 'sell');
const fee = fc.record({ currency: text, amount: nonZero });
const base = { account: text, time };
const fees = orNull(fc.array(fee, { maxLength: 3 }));

const lotsOf = (parts: readonly OpeningLot[]) => ({
  lots: parts,
  whole: stripped(total(parts.map((lot) => lot.quantity))),
});
// Short enough that the whole can still be written.
const part = digits(15).map((text) => decimal(`${BigInt(text) + 1n}`));
const lots = fc
  .array(fc.record({ quantity: part, cost: orNull(unsigned), openedAt: orNull(time) }), {
    minLength: 1,
    maxLength: 3,
  })
  .map(lotsOf);

const balance = fc.record({ currency: text, total: unsigned, cost: fc.constant(null) });
const balanceOfLots = fc
  .record({ currency: text, of: lots, cost: orNull(unsigned) })
  .map(({ currency, of, cost }) => ({ currency, total: of.whole, cost, lots: of.lots }));
const position = fc.record({
  instrument: text,
  leg: fc.constant('net'),
  quantity: signed,
  averagePrice: orNull(positive),
  openedAt: orNull(time),
  lots: fc.constant(null),
});

const unique = { maxLength: 3 };
const opening = fc.record({
  kind: fc.constant('opening'),
  ...base,
  balances: fc.uniqueArray(
    fc.oneof(
      balance.map((one) => ({ ...one, lots: null })),
      balanceOfLots,
    ),
    { ...unique, selector: (one) => one.currency },
  ),
  positions: fc.uniqueArray(position, { ...unique, selector: (one) => one.instrument }),
});

const fill = fc.record({
  kind: fc.constant('fill'),
  ...base,
  instrument: text,
  leg,
  side,
  quantity: positive,
  price: positive,
  fees,
  liquidity: orNull(fc.constantFrom('maker', 'taker')),
  executionId: text,
  orderId: orNull(text),
  clientOrderId: orNull(text),
  strategy: orNull(text),
  cause: fc.constantFrom('trade', 'liquidation', 'adl', 'settlement', 'delivery', 'conversion'),
  venueSequence: orNull(digits(40)),
  provisional: fc.boolean(),
});

const order = fc.record({
  kind: fc.constant('order'),
  ...base,
  instrument: text,
  leg,
  orderId: text,
  clientOrderId: orNull(text),
  side,
  type: text,
  quantity: positive,
  price: orNull(positive),
  filled: orNull(unsigned),
  averagePrice: orNull(positive),
  status: fc.constantFrom('new', 'open', 'filled', 'cancelled', 'rejected', 'expired', 'unknown'),
  reduceOnly: fc.boolean(),
});

const cash = fc
  .record({
    kind: fc.constantFrom(...cashKinds),
    ...base,
    currency: text,
    amount: signed,
    id: text,
    instrument: orNull(text),
    leg: orNull(leg),
    cost: orNull(unsigned),
    fee: orNull(fee),
    state: fc.constantFrom('booked', 'pending'),
    counterAccount: orNull(text),
    reason: orNull(text),
    venueSequence: orNull(digits(40)),
  })
  .chain((fact) =>
    ['deposit', 'withdrawal'].includes(fact.kind)
      ? positive.map((amount) => ({ ...fact, amount }))
      : fc.constant(fact),
  );

const reference = { executionId: text, instrument: orNull(text), side: orNull(side) };
const bust = fc.record({
  kind: fc.constant('bust'),
  ...base,
  bustId: text,
  ...reference,
  leg: orNull(leg),
});
const correction = fc.record({
  kind: fc.constant('correction'),
  ...base,
  correctionId: text,
  ...reference,
  leg: orNull(leg),
  price: positive,
  quantity: orNull(positive),
  fees,
});

const ratio = { numerator: positive, denominator: positive };
const action = { ...base, instrument: text, id: text };
const actions = [
  fc.record({ kind: fc.constant('split'), ...action, ...ratio, cashInLieu: unsigned }),
  fc.record({ kind: fc.constant('return-of-capital'), ...action, amount: signed }),
  fc.record({ kind: fc.constant('delivery'), ...action, price: positive }),
  fc
    .record({ kind: fc.constant('rename'), ...base, id: text, ...ratio, from: text, to: text })
    .filter(({ from, to }) => from !== to),
];

const account = fc.record({
  kind: fc.constant('account'),
  account: text,
  venue: text,
  currency: text,
  costMethod: fc.constantFrom('average', 'fifo', 'lifo', 'hifo'),
  feesInCost: fc.boolean(),
  mode: fc.constantFrom('live', 'paper'),
  positionMode: fc.constantFrom('net', 'hedge'),
  time: orNull(time),
});
const currency = fc.record({
  kind: fc.constant('currency'),
  currency: text,
  decimals: fc.nat({ max: 18 }),
});
const terms = {
  venue: text,
  symbol: orNull(text),
  class: fc.constantFrom('crypto', 'equity', 'fx'),
  multiplier: positive,
  tickSize: orNull(positive),
  lotSize: orNull(positive),
  validFrom: orNull(time),
};
const named = fc.constantFrom(
  { name: 'BTC/USDT', type: 'spot', base: 'BTC', quote: 'USDT', settle: 'USDT' },
  { name: 'BTC/USDT:USDT', type: 'linear', base: 'BTC', quote: 'USDT', settle: 'USDT' },
  { name: 'BTC/USD:BTC', type: 'inverse', base: 'BTC', quote: 'USD', settle: 'BTC' },
  { name: 'XBTUSD', type: 'inverse', base: 'XBT', quote: 'USD', settle: 'XBT' },
);
const instrument = fc.record({
  kind: fc.constant('instrument'),
  instrument: fc.tuple(named, fc.record(terms)).map(([name, rest]) => ({ ...name, ...rest })),
});
const mark = fc.record({
  kind: fc.constant('mark'),
  instrument: text,
  price: positive,
  source: orNull(text),
  time,
});

export const anyFact = fc.oneof(
  ...[account, currency, instrument, opening, fill, order, cash, bust, correction, mark],
  ...actions,
) as fc.Arbitrary<Fact>;
