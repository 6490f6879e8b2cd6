/** Facts of every kind, drawn by fast-check: 18 decimals, nanoseconds, any text. */
import fc from 'fast-check';
import type { Decimal } from '../../src/decimal/decimal.ts';
import { decimal } from '../../src/decimal/text.ts';
import type { JournalFact } from '../../src/journal/encode.ts';
import type { Rate } from '../../src/model/entry.ts';
import { cashKinds, type Fee, type Fill } from '../../src/model/fact.ts';

const nullable = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });

export const decimals: fc.Arbitrary<Decimal> = fc
  .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.integer({ min: 0, max: 18 }))
  .map(([units, digits]) => {
    const text = String(units < 0n ? -units : units).padStart(digits + 1, '0');
    const point = text.length - digits;
    const plain = digits === 0 ? text : `${text.slice(0, point)}.${text.slice(point)}`;
    return decimal(units < 0n ? `-${plain}` : plain);
  });

const texts = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const ids = fc.oneof(texts, fc.bigInt({ min: 1n, max: 10n ** 20n }).map(String));
const instants = fc.bigInt({ min: -(10n ** 18n), max: 9n * 10n ** 18n });
const instruments = fc.constantFrom('BTC/USDT', 'BTC/USDT:USDT', 'BTC/USD:BTC', '"', '💶/USD');
const currencies = fc.constantFrom('USDT', 'BTC', 'BNB');
const legs = fc.constantFrom('net' as const, 'long' as const, 'short' as const);
const sides = fc.constantFrom('buy' as const, 'sell' as const);

export const rates: fc.Arbitrary<Rate> = fc.record({
  currency: currencies,
  instrument: instruments,
  price: decimals,
  time: instants,
});

const fees: fc.Arbitrary<Fee> = fc.record({ currency: currencies, amount: decimals });

const lots = nullable(
  fc.array(
    fc.record({ quantity: decimals, cost: nullable(decimals), openedAt: nullable(instants) }),
    { maxLength: 2 },
  ),
);

export const fills: fc.Arbitrary<Fill> = fc.record({
  kind: fc.constant('fill'),
  account: fc.constant('main'),
  instrument: instruments,
  leg: legs,
  side: sides,
  quantity: decimals,
  price: decimals,
  fees: nullable(fc.array(fees, { maxLength: 3 })),
  liquidity: nullable(fc.constantFrom('maker', 'taker')),
  executionId: ids,
  orderId: nullable(ids),
  clientOrderId: nullable(texts),
  strategy: nullable(texts),
  cause: fc.constantFrom('trade', 'liquidation', 'adl', 'settlement', 'delivery', 'conversion'),
  venueSequence: nullable(ids),
  provisional: fc.boolean(),
  time: instants,
});

export const cashFacts = fc.record({
  kind: fc.constantFrom(...cashKinds),
  account: fc.constant('main'),
  currency: currencies,
  amount: decimals,
  id: ids,
  instrument: nullable(instruments),
  leg: nullable(legs),
  cost: nullable(decimals),
  fee: nullable(fees),
  state: fc.constantFrom('booked' as const, 'pending' as const),
  counterAccount: nullable(texts),
  reason: nullable(texts),
  venueSequence: nullable(ids),
  time: instants,
});

const accounts = fc.record({
  kind: fc.constant('account' as const),
  account: fc.constant('main'),
  venue: texts,
  currency: currencies,
  costMethod: fc.constantFrom('average', 'fifo', 'lifo', 'hifo'),
  feesInCost: fc.boolean(),
  mode: fc.constantFrom('live', 'paper'),
  positionMode: fc.constantFrom('net', 'hedge'),
  time: nullable(instants),
});

const instrumentVersions = fc.record({
  kind: fc.constant('instrument' as const),
  instrument: fc.record({
    venue: texts,
    name: instruments,
    symbol: nullable(texts),
    type: fc.constantFrom('spot', 'linear', 'inverse'),
    class: fc.constantFrom('crypto', 'equity', 'fx'),
    base: currencies,
    quote: currencies,
    settle: currencies,
    multiplier: decimals,
    tickSize: nullable(decimals),
    lotSize: nullable(decimals),
    validFrom: nullable(instants),
  }),
});

const openings = fc.record({
  kind: fc.constant('opening' as const),
  account: fc.constant('main'),
  balances: fc.array(
    fc.record({ currency: currencies, total: decimals, cost: nullable(decimals), lots }),
    { maxLength: 3 },
  ),
  positions: fc.array(
    fc.record({
      instrument: instruments,
      leg: legs,
      quantity: decimals,
      averagePrice: nullable(decimals),
      openedAt: nullable(instants),
      lots,
    }),
    { maxLength: 3 },
  ),
  time: instants,
});

const orders = fc.record({
  kind: fc.constant('order' as const),
  account: fc.constant('main'),
  instrument: instruments,
  leg: legs,
  orderId: ids,
  clientOrderId: nullable(texts),
  side: sides,
  type: texts,
  quantity: decimals,
  price: nullable(decimals),
  filled: nullable(decimals),
  averagePrice: nullable(decimals),
  status: fc.constantFrom('new', 'open', 'filled', 'cancelled', 'rejected', 'expired', 'unknown'),
  reduceOnly: fc.boolean(),
  time: instants,
});

const reference = {
  account: fc.constant('main'),
  executionId: ids,
  instrument: nullable(instruments),
  side: nullable(sides),
  leg: nullable(legs),
  time: instants,
};

const ratio = { numerator: decimals, denominator: decimals };
const corporate = { account: fc.constant('main'), id: ids, time: instants };

const others = [
  fc.record({ kind: fc.constant('bust' as const), bustId: ids, ...reference }),
  fc.record({
    kind: fc.constant('correction' as const),
    correctionId: ids,
    price: nullable(decimals),
    quantity: nullable(decimals),
    fees: nullable(fc.array(fees, { maxLength: 3 })),
    ...reference,
  }),
  fc.record({
    kind: fc.constant('split' as const),
    instrument: instruments,
    cashInLieu: decimals,
    ...ratio,
    ...corporate,
  }),
  fc.record({
    kind: fc.constant('return-of-capital' as const),
    instrument: instruments,
    amount: decimals,
    ...corporate,
  }),
  fc.record({
    kind: fc.constant('rename' as const),
    from: instruments,
    to: instruments,
    ...ratio,
    ...corporate,
  }),
  fc.record({
    kind: fc.constant('delivery' as const),
    instrument: instruments,
    price: decimals,
    ...corporate,
  }),
];

export const facts: fc.Arbitrary<JournalFact> = fc.oneof(
  fills,
  cashFacts,
  accounts as fc.Arbitrary<JournalFact>,
  instrumentVersions as fc.Arbitrary<JournalFact>,
  openings,
  orders as fc.Arbitrary<JournalFact>,
  ...(others as fc.Arbitrary<JournalFact>[]),
);
