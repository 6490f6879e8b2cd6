/** Random accounts: what really happened in them, and a book that knows it all. */
import {
  absolute,
  add,
  compare,
  type Decimal,
  decimalOf,
  isNegative,
  isZero,
  multiply,
  negate,
  roundHalfEven,
  zero,
} from '../../src/decimal/decimal.ts';
import { decimal } from '../../src/decimal/text.ts';
import type {
  CashFact,
  CashKind,
  Fee,
  Fill,
  Leg,
  OrderReport,
  Side,
} from '../../src/model/fact.ts';
import { addMilliseconds, type Instant, instant } from '../../src/model/instant.ts';
import { type Instrument, instrumentFromName } from '../../src/model/instrument.ts';
import type { StatementOrder } from '../../src/model/statement.ts';
import type { Random } from '../../test/decimal/random.ts';
import type { Holdings, Listed } from './exchange.ts';

interface Traded {
  readonly name: string;
  /** Digits behind the point of the lot, and of the price. */
  readonly lot: number;
  readonly tick: number;
  /** In ticks. */
  readonly price: number;
  readonly most: number;
}

const traded: readonly Traded[] = [
  { name: 'BTC/USDT', lot: 4, tick: 1, price: 600_000, most: 9_000 },
  { name: 'ETH/USDT', lot: 3, tick: 2, price: 250_000, most: 9_000 },
  { name: 'HNT/USDT', lot: 1, tick: 3, price: 2_100, most: 9_000 },
  { name: 'AAPL/USDT', lot: 0, tick: 2, price: 19_000, most: 900 },
  { name: 'AGI/USDT:USDT', lot: 0, tick: 5, price: 4_800, most: 9_000 },
  { name: 'SCA/USDT:USDT', lot: 1, tick: 5, price: 9_400, most: 90_000 },
  { name: 'BTC/USDT:USDT', lot: 3, tick: 1, price: 600_000, most: 900 },
  { name: 'ETH/USDT:USDT', lot: 2, tick: 2, price: 250_000, most: 9_000 },
  { name: '1000SHIB/USDT:USDT', lot: 0, tick: 5, price: 1_200, most: 9_000 },
  { name: 'BTC/USD:BTC', lot: 0, tick: 1, price: 600_000, most: 9_000 },
  { name: 'ETH/USD:ETH', lot: 0, tick: 2, price: 250_000, most: 9_000 },
];

/** What no fact of the account names unless two symbols are taken for each other. */
const confusable = ['SHIB/USDT:USDT'];

export const equity = 'AAPL';
export const feeRates = ['0.001', '0.002', '0.00075', '0.00055', '0.0002'].map(decimal);

export interface World {
  readonly random: Random;
  readonly hedge: boolean;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly names: readonly string[];
  /** Null: the first deposits are facts. */
  readonly openingAt: Instant | null;
  readonly opening: ReadonlyMap<string, Decimal>;
  /** When the venue's lists begin. */
  readonly from: Instant;
  asOf: Instant;
  /** What happened. */
  truth: Listed[];
  /** What the book was told, as it was told. */
  booked: Listed[];
  bookOpening: ReadonlyMap<string, Decimal>;
  bookOrders: OrderReport[];
  venueOrders: StatementOrder[];
  /** What the venue says of what it holds. */
  says: (held: Holdings) => Holdings;
  /** Facts that a plant has to do with already. */
  readonly used: Set<Listed>;
}

export const begin = instant('2025-10-01T00:00:00Z');

const plainFill = {
  ...({ kind: 'fill', account: 'main', liquidity: null, clientOrderId: null } as const),
  ...({ strategy: null, cause: 'trade', venueSequence: null, provisional: false } as const),
};

const plainCash = {
  ...({ account: 'main', instrument: null, leg: null, cost: null, fee: null } as const),
  ...({ state: 'booked', counterAccount: null, reason: null, venueSequence: null } as const),
};

export const cashFact = (
  kind: CashKind,
  currency: string,
  amount: Decimal,
  id: string,
  time: Instant,
  parts: Partial<CashFact> = {},
): CashFact => ({ ...plainCash, kind, currency, amount, id, time, ...parts });

export function worldOf(random: Random, facts: number): World {
  const hedge = random.chance(0.25);
  const chosen = traded.filter(() => random.chance(0.6));
  const names = (chosen.length > 1 ? chosen : traded.slice(3, 6)).map(({ name }) => name);
  const hasOpening = random.chance(0.5);
  const instruments = new Map([...traded.map(instrumentOf), ...confusable.map(plainInstrument)]);
  const world: World = {
    ...{ random, hedge, instruments, names, truth: [], booked: [] },
    ...{ bookOrders: [], venueOrders: [], says: (held) => held, used: new Set() },
    openingAt: hasOpening ? begin : null,
    opening: hasOpening ? startingCoins() : new Map(),
    bookOpening: hasOpening ? startingCoins() : new Map(),
    from: hasOpening ? begin : addMilliseconds(begin, -60_000),
    asOf: begin,
  };
  let time = addMilliseconds(begin, 10_000);
  const put = (fact: Listed): void => {
    world.truth.push(fact);
    time = addMilliseconds(time, random.between(3_000, 900_000));
  };
  if (!hasOpening) {
    for (const [coin, amount] of startingCoins()) {
      put(cashFact('deposit', coin, amount, `d-${coin}`, time));
    }
  }
  for (let index = 0; index < facts; index++) {
    put(random.chance(0.85) ? randomFill(world, index, time) : randomFlow(world, index, time));
  }
  world.asOf = addMilliseconds(time, 60_000);
  world.booked = [...world.truth];
  return world;
}

const startingCoins = (): ReadonlyMap<string, Decimal> =>
  new Map([
    ['USDT', decimal('5000000')],
    ['BTC', decimal('80')],
    ['ETH', decimal('900')],
    ['HNT', decimal('90000')],
    ['BNB', decimal('400')],
    [equity, decimal('60000')],
  ]);

const plainInstrument = (name: string): [string, Instrument] => [
  name,
  instrumentFromName('venue', name)!,
];

function instrumentOf({ name, lot }: Traded): [string, Instrument] {
  const plain = instrumentFromName('venue', name)!;
  const isEquity = plain.base === equity;
  return [name, { ...plain, class: isEquity ? 'equity' : 'crypto', lotSize: decimalOf(1, lot) }];
}

const termsOf = (name: string): Traded => traded.find((one) => one.name === name)!;

/** A trade of the account's own: no leg of a hedge, and no inverse contract, crosses zero. */
export function randomFill(world: World, index: number | string, time: Instant): Fill {
  const { random } = world;
  const name = random.pick(world.names);
  const { lot, tick, price, most } = termsOf(name);
  const quantity = decimalOf(random.between(1, most), lot);
  const spread = Math.floor(price / 50);
  const at = decimalOf(Math.max(1, price + random.between(-spread, spread)), tick);
  return fillOf(world, name, random.pick(['buy', 'sell'] as const), quantity, at, index, time);
}

export function fillOf(
  world: World,
  name: string,
  side: Side,
  wanted: Decimal,
  price: Decimal,
  index: number | string,
  time: Instant,
): Fill {
  const instrument = world.instruments.get(name)!;
  const isContract = instrument.type !== 'spot';
  const leg: Leg = isContract && world.hedge ? world.random.pick(['long', 'short']) : 'net';
  const { quantity, side: way } = within(world, name, leg, side, wanted);
  const fill: Fill = {
    ...{ ...plainFill, instrument: name, leg, side: way, quantity, price, time },
    ...{ executionId: `e${index}`, orderId: `o${index}`, fees: [] },
  };
  return { ...fill, fees: feesOf(world, fill) };
}

/** Turned round where it would take a leg of a hedge, or an inverse contract, through zero. */
function within(world: World, name: string, leg: Leg, side: Side, wanted: Decimal) {
  const instrument = world.instruments.get(name)!;
  if (instrument.type === 'spot' || (leg === 'net' && instrument.type !== 'inverse')) {
    return { quantity: wanted, side };
  }
  let held = zero;
  for (const fact of world.truth) {
    if (fact.kind !== 'fill' || fact.instrument !== name || fact.leg !== leg) continue;
    held = add(held, fact.side === 'buy' ? fact.quantity : negate(fact.quantity));
  }
  const opens: Side = leg === 'short' || (leg === 'net' && isNegative(held)) ? 'sell' : 'buy';
  const isCovered = compare(absolute(held), wanted) >= 0;
  return { quantity: wanted, side: side !== opens && !isCovered ? opens : side };
}

export function feesOf({ random, instruments }: World, fill: Fill): readonly Fee[] {
  const { type, base, quote, settle } = instruments.get(fill.instrument)!;
  const rate = random.pick(feeRates);
  if (random.chance(0.1)) return [];
  if (type === 'spot' && fill.side === 'buy' && random.chance(0.3)) {
    return [{ currency: base, amount: multiply(fill.quantity, rate) }];
  }
  if (type !== 'inverse' && random.chance(0.15)) {
    return [{ currency: 'BNB', amount: decimalOf(random.between(1, 99_999), 7) }];
  }
  const currency = type === 'spot' ? quote : settle;
  const amount =
    type === 'inverse'
      ? decimalOf(random.between(1, 99_999), 8)
      : roundHalfEven(multiply(multiply(fill.quantity, fill.price), rate), 8);
  return isZero(amount) ? [] : [{ currency, amount }];
}

export const flowKinds: readonly CashKind[] = ['funding', 'interest', 'transfer', 'deposit', 'fee'];

export function randomFlow(world: World, index: number | string, time: Instant): CashFact {
  return flowOf(world, world.random.pick(flowKinds), index, time);
}

export function flowOf(
  { random, names, instruments }: World,
  kind: CashKind,
  index: number | string,
  time: Instant,
): CashFact {
  const linear = names.filter((name) => instruments.get(name)!.type === 'linear');
  const isSigned = ['funding', 'interest', 'transfer'].includes(kind);
  const amount = decimalOf(
    (isSigned && random.chance(0.5) ? -1 : 1) * random.between(1, 999_999),
    4,
  );
  const of = kind === 'funding' && linear.length > 0 ? random.pick(linear) : null;
  const currency = of === null ? random.pick(['USDT', 'USDT', 'BNB']) : 'USDT';
  return cashFact(kind, currency, amount, `c${index}`, time, { instrument: of });
}
