/**
 * The label of a case whose evidence is gone: every cause that, taken back from what the book was
 * told, leaves exactly what the venue shows on every line. Found by trying each on each fact, with
 * the arithmetic of the bench. A cause that fits a difference of any size needs no trying: it is
 * free, and says nothing.
 */
import {
  absolute,
  compare,
  decimalOf,
  equals,
  fromInteger,
  isZero,
  multiply,
  negate,
  roundHalfEven,
  signOf,
  zero,
} from '../../src/decimal/decimal.ts';
import { decimal, toText } from '../../src/decimal/text.ts';
import type { Fill } from '../../src/model/fact.ts';
import { addMilliseconds, millisecondsBetween } from '../../src/model/instant.ts';
import type { Reason } from '../../src/model/reason.ts';
import {
  areSame,
  deltaOf,
  type Holdings,
  holdingsOf,
  type Lines,
  type Listed,
  linesOf,
} from './exchange.ts';
import { isCash, isFill } from './plant.ts';
import { balanceDigits } from './plants-of-orders.ts';
import { positionsOf } from './told.ts';
import type { Label } from './verdict.ts';
import { equity, feeRates, type World } from './world.ts';

export interface Seen {
  readonly world: World;
  readonly shown: Lines;
  readonly held: Holdings;
  /** Booked as they are listed: nothing is wrong about them. */
  readonly verified: ReadonlySet<Listed>;
}

/** Null: nothing is to be seen. */
export function labelOf(seen: Seen): Label | null {
  const { world, shown } = seen;
  const ours = believed(world, world.booked);
  const delta = deltaOf(ours, shown);
  if (delta.size === 0) return hasOtherCost(seen) ? { causes: [], free: new Set(ofAnySize) } : null;
  const causes = new Map<string, readonly Reason[]>();
  const found = (codes: readonly Reason[] | null): void => {
    if (codes !== null) causes.set(codes.join(' '), codes);
  };
  for (const codes of [...ofFacts(seen), ...ofInstruments(seen), ...ofMoments(seen)]) found(codes);
  // Where one earlier moment is enough, nobody needs two.
  if (causes.has('SNAPSHOT_STALE')) causes.delete('SNAPSHOT_TORN');
  for (const codes of ofTotals(ours, shown)) found(codes);
  for (const codes of unseenOf(world, ours, shown, delta)) found(codes);
  return { causes: [...causes.values()], free: freeOf(delta, world) };
}

/**
 * A price that was booked wrong may show in nothing but the average: to as many digits as are
 * shown. A figure that comes out round shows few.
 */
function hasOtherCost({ world, held }: Seen): boolean {
  const { booked, bookOpening, instruments, asOf } = world;
  const ours = positionsOf(holdingsOf(booked, bookOpening, instruments, asOf), world);
  return positionsOf(held, world).some(({ instrument, leg, averagePrice }) => {
    const own = ours.find((one) => one.instrument === instrument && one.leg === leg);
    const digits = toText(averagePrice).split('.')[1]?.length ?? 0;
    return own === undefined || !equals(roundHalfEven(own.averagePrice, digits), averagePrice);
  });
}

function believed(world: World, facts: readonly Listed[]): Lines {
  return linesOf(holdingsOf(facts, world.bookOpening, world.instruments, world.asOf));
}

interface Other {
  readonly codes: readonly Reason[];
  readonly instead: readonly Listed[];
}

/** Each fact that may be wrong, taken back in each way. */
function* ofFacts({ world, shown, verified }: Seen): Generator<readonly Reason[]> {
  for (const fact of world.booked) {
    if (verified.has(fact) || fact.time > world.asOf) continue;
    for (const { codes, instead } of othersOf(fact, world)) {
      const facts = world.booked.flatMap((one) => (one === fact ? instead : [one]));
      if (areSame(believed(world, facts), shown)) yield codes;
    }
  }
}

function* othersOf(fact: Listed, world: World): Generator<Other> {
  const extra: readonly Reason[] = isFill(fact)
    ? ['FILL_MISAPPLIED', 'FILL_BUSTED']
    : ['FILL_MISAPPLIED'];
  yield { codes: extra, instead: [] };
  if (world.booked.some((one) => isCopy(one, fact))) {
    yield { codes: ['FILL_DUPLICATED'], instead: [] };
  }
  if (isCash(fact)) {
    yield { codes: ['SIGN_WRONG'], instead: [{ ...fact, amount: negate(fact.amount) }] };
    const age = millisecondsBetween(fact.time, world.asOf);
    if (fact.kind === 'transfer' && age < 86_400_000 / (fact.counterAccount === null ? 1 : 12)) {
      yield { codes: ['TRANSFER_IN_TRANSIT'], instead: [] };
    }
    return;
  }
  yield* otherFills(fact, world);
}

function* otherFills(fill: Fill, { instruments }: World): Generator<Other> {
  const side = fill.side === 'buy' ? 'sell' : 'buy';
  yield { codes: ['SIGN_WRONG'], instead: [{ ...fill, side }] };
  if (fill.leg !== 'net') {
    const leg = fill.leg === 'long' ? 'short' : 'long';
    yield { codes: ['FILL_MISAPPLIED'], instead: [{ ...fill, leg }] };
    yield { codes: ['SIGN_WRONG'], instead: [{ ...fill, leg, side }] };
  }
  const { type, base } = instruments.get(fill.instrument)!;
  for (const { name, base: other } of instruments.values()) {
    if (name === fill.instrument) continue;
    if (other === base)
      yield { codes: ['SYMBOL_CONFUSED'], instead: [{ ...fill, instrument: name }] };
    if (other === `1000${base}`) yield thousandOf(fill, name, '0.001', '1000');
    if (`1000${other}` === base) yield thousandOf(fill, name, '1000', '0.001');
  }
  const [fee, ...more] = fill.fees ?? [];
  for (const currency of more.length === 0 && fee !== undefined ? ['USDT', 'BNB', base] : []) {
    if (currency === fee!.currency) continue;
    const fees = [{ ...fee!, currency }];
    yield { codes: ['FEE_CURRENCY_WRONG'], instead: [{ ...fill, fees }] };
  }
  // A fee that the book itself does not know fits any size, and was booked in no coin.
  if (type === 'spot' && fill.side === 'buy' && fill.fees?.length === 0) {
    for (const rate of feeRates) {
      const fees = [{ currency: base, amount: multiply(fill.quantity, rate) }];
      yield { codes: ['FEE_CURRENCY_WRONG'], instead: [{ ...fill, fees }] };
    }
  }
}

const thousandOf = (fill: Fill, instrument: string, more: string, less: string): Other => {
  const [quantity, price] = [
    multiply(fill.quantity, decimal(more)),
    multiply(fill.price, decimal(less)),
  ];
  return { codes: ['SYMBOL_CONFUSED'], instead: [{ ...fill, instrument, quantity, price }] };
};

const isCopy = (one: Listed, fact: Listed): boolean => {
  const gap = one.time - fact.time;
  if (one === fact || gap > 1_000_000_000n || gap < -1_000_000_000n) return false;
  const text = (each: Listed) =>
    JSON.stringify({ ...each, executionId: '', id: '', time: '' }, (_, value) =>
      typeof value === 'bigint' ? String(value) : value,
    );
  return text(one) === text(fact);
};

/** All fills of one contract counted in another unit. */
function* ofInstruments({ world, shown, verified }: Seen): Generator<readonly Reason[]> {
  for (const name of world.names) {
    if (world.instruments.get(name)!.type === 'spot') continue;
    const own = world.booked.filter((one): one is Fill => isFill(one) && one.instrument === name);
    if (own.length === 0 || own.some((one) => verified.has(one))) continue;
    for (const factor of ['10', '100', '0.1', '0.01']) {
      const facts = world.booked.map((one) =>
        isFill(one) && one.instrument === name
          ? { ...one, quantity: multiply(one.quantity, decimal(factor)) }
          : one,
      );
      if (areSame(believed(world, facts), shown)) yield ['MULTIPLIER_WRONG'];
    }
  }
}

/** They looked earlier, or some of what they show is of an earlier moment; or ours is late. */
function* ofMoments({ world, shown }: Seen): Generator<readonly Reason[]> {
  const { booked, asOf } = world;
  const now = believed(world, booked);
  const since = addMilliseconds(asOf, -86_400_000);
  const recent = booked
    .filter(({ time }) => time > since && time <= asOf)
    .sort((a, b) => (a.time < b.time ? 1 : -1));
  for (let count = 1; count <= recent.length; count++) {
    // No moment lies between facts of one time.
    if (recent[count]?.time === recent[count - 1]!.time) continue;
    const gone = new Set(recent.slice(0, count));
    const then = believed(
      world,
      booked.filter((fact) => !gone.has(fact)),
    );
    if (areSame(then, shown)) yield ['SNAPSHOT_STALE'];
    // Each line is of one of two moments.
    else if (isMixOf(then, now, shown)) yield ['SNAPSHOT_TORN'];
  }
  if (!booked.some(({ time }) => time > asOf)) return;
  const late = linesOf(
    holdingsOf(booked, world.bookOpening, world.instruments, addMilliseconds(asOf, 26 * 3_600_000)),
  );
  if (areSame(late, shown)) yield ['CLOCK_SKEW'];
}

const isMixOf = (then: Lines, now: Lines, shown: Lines): boolean =>
  [...new Set([...then.keys(), ...now.keys(), ...shown.keys()])].every((name) => {
    const amount = shown.get(name) ?? zero;
    return equals(amount, then.get(name) ?? zero) || equals(amount, now.get(name) ?? zero);
  });

const ratios = ['2', '3', '4', '5', '10', '0.5', '0.1'].map(decimal);

function* ofTotals(ours: Lines, shown: Lines): Generator<readonly Reason[]> {
  const rounded = new Map(
    [...ours].map(([name, amount]) => {
      const isCoin = name.startsWith('coin');
      return [name, isCoin ? roundHalfEven(amount, balanceDigits) : amount] as const;
    }),
  );
  if (areSame(rounded, shown)) yield ['ROUNDING_ACCUMULATED'];
  const units = ours.get(`coin ${equity}`);
  if (units === undefined) return;
  for (const ratio of ratios) {
    const after = new Map(ours).set(`coin ${equity}`, multiply(units, ratio));
    if (areSame(after, shown)) yield ['CORPORATE_ACTION_MISSING'];
  }
}

/** One execution that nobody told can only have moved one leg. */
function* unseenOf(
  world: World,
  ours: Lines,
  shown: Lines,
  delta: Lines,
): Generator<readonly Reason[]> {
  const legs = [...delta.keys()].filter((name) => name.startsWith('leg'));
  const [name] = legs;
  if (name === undefined || legs.length > 1) return;
  // What was never traded here may be anybody's.
  if (!isTraded(world, name)) return;
  const [before, after] = [ours.get(name) ?? zero, shown.get(name) ?? zero];
  yield ['FILL_MISSING', 'POSITION_PHANTOM', 'POSITION_ORPHAN'];
  const isSmaller = compare(absolute(after), absolute(before)) < 0;
  const isSameSide = signOf(after) === signOf(before) || isZero(after);
  if (isSmaller && isSameSide && !isZero(before)) yield ['LIQUIDATION_MISSING'];
}

/** A payment, a fee or a price of any size; an opening; lists that do not add up. */
const ofAnySize: readonly Reason[] = [
  ...(['FILL_MISSING', 'LIQUIDATION_MISSING', 'PRICE_OR_QUANTITY_WRONG'] as const),
  ...(['OPENING_BALANCE_WRONG', 'HISTORY_GAP', 'VENUE_INCONSISTENT'] as const),
  ...(['POSITION_PHANTOM', 'POSITION_ORPHAN'] as const),
];
const onCoins: readonly Reason[] = [
  ...(['FUNDING_MISSING', 'INTEREST_MISSING', 'FEE_MISSING', 'TRANSFER_MISSING'] as const),
  ...(['CORPORATE_ACTION_MISSING', 'FEE_AMOUNT_WRONG', 'FEE_CURRENCY_WRONG'] as const),
];

function freeOf(delta: Lines, world: World): ReadonlySet<Reason> {
  const free = new Set(ofAnySize);
  const coins = [...delta].filter(([name]) => name.startsWith('coin'));
  if (coins.length > 0) for (const code of onCoins) free.add(code);
  const bound = multiply(decimalOf(1, balanceDigits), fromInteger(world.booked.length));
  const isTiny = coins.some(([, off]) => compare(absolute(off), bound) <= 0);
  if (isTiny) free.add('ROUNDING_ACCUMULATED');
  return free;
}

/** `leg AGI/USDT:USDT net`. */
export const isTraded = ({ booked }: World, name: string): boolean =>
  booked.some((fact) => isFill(fact) && `leg ${fact.instrument} ${fact.leg}` === name);
