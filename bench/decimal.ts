/** Average-cost arithmetic per fill: src/decimal beside bigints alone and beside big.js. */
import Big from 'big.js';
import {
  add,
  type Decimal,
  decimalOf,
  multiply,
  roundingScale,
  shareHalfEven,
  subtract,
  zero,
} from '../src/decimal/decimal.ts';
import { dividedHalfEven, narrow } from '../src/decimal/integer.ts';
import { decimal, toText } from '../src/decimal/text.ts';
import { Random } from '../test/decimal/random.ts';
import { type Candidate, linesOf, measure } from './measure.ts';

const instruments = 1000;
const fillCount = 200_000;
const rounds = 9;
const lotDigits = 3;
const tickDigits = 2;

type Move = 'open' | 'reduce' | 'close' | 'flip';

/** Quantities in lots and prices in ticks, both > 0 or signed; `rest` is what a flip opens. */
interface Fill<T> {
  readonly instrument: number;
  readonly move: Move;
  readonly quantity: T;
  readonly rest: T;
  readonly price: T;
}

/** 50% adds, 36% partial closes, 9% full closes, 5% flips of 1000 instruments. */
function randomFills(random: Random): Fill<number>[] {
  const held: number[] = new Array(instruments).fill(0);
  return Array.from({ length: fillCount }, () => {
    const instrument = random.below(instruments);
    const have = held[instrument]!;
    const price = random.between(100, 9_999_999);
    const lots = random.between(1, 20_000);
    const draw = random.below(100);
    const side = have === 0 ? (random.chance(0.5) ? 1 : -1) : Math.sign(have);
    if (have === 0 || draw < 50 || (draw < 86 && Math.abs(have) === 1)) {
      held[instrument] = have + side * lots;
      return { instrument, move: 'open', quantity: side * lots, rest: 0, price };
    }
    if (draw < 86) {
      const part = side * random.between(1, Math.abs(have) - 1);
      held[instrument] = have - part;
      return { instrument, move: 'reduce', quantity: part, rest: 0, price };
    }
    const rest = draw < 95 ? 0 : -side * lots;
    held[instrument] = rest;
    return { instrument, move: rest === 0 ? 'close' : 'flip', quantity: have, rest, price };
  });
}

const converted = <T>(
  fills: readonly Fill<number>[],
  of: (units: number, digits: number) => T,
): Fill<T>[] =>
  fills.map((fill) => ({
    ...fill,
    quantity: of(fill.quantity, lotDigits),
    rest: of(fill.rest, lotDigits),
    price: of(fill.price, tickDigits),
  }));

interface Position<T> {
  quantity: T;
  cost: T;
  realised: T;
}

const positionsOf = <T>(nothing: T): Position<T>[] =>
  Array.from({ length: instruments }, () => ({
    quantity: nothing,
    cost: nothing,
    realised: nothing,
  }));

/** The three folds are written out, so that each runs its own monomorphic code. */
function foldDecimals(fills: readonly Fill<Decimal>[]): string {
  const positions = positionsOf(zero);
  for (const { instrument, move, quantity, rest, price } of fills) {
    const at = positions[instrument]!;
    if (move === 'open') {
      at.quantity = add(at.quantity, quantity);
      at.cost = add(at.cost, multiply(quantity, price));
    } else if (move === 'reduce') {
      const gone = shareHalfEven(at.cost, quantity, at.quantity, roundingScale);
      at.realised = add(at.realised, subtract(multiply(quantity, price), gone));
      at.quantity = subtract(at.quantity, quantity);
      at.cost = subtract(at.cost, gone);
    } else {
      at.realised = add(at.realised, subtract(multiply(quantity, price), at.cost));
      at.quantity = rest;
      at.cost = move === 'flip' ? multiply(rest, price) : zero;
    }
  }
  return toText(positions.reduce((sum, { realised }) => add(sum, realised), zero));
}

const unit = 10n ** BigInt(roundingScale);

function foldBigints(fills: readonly Fill<bigint>[]): string {
  const positions = positionsOf(0n);
  for (const { instrument, move, quantity, rest, price } of fills) {
    const at = positions[instrument]!;
    if (move === 'open') {
      at.quantity += quantity;
      at.cost += (quantity * price) / unit;
    } else if (move === 'reduce') {
      const gone = dividedHalfEven(at.cost * quantity, at.quantity);
      at.realised += (quantity * price) / unit - gone;
      at.quantity -= quantity;
      at.cost -= gone;
    } else {
      at.realised += (quantity * price) / unit - at.cost;
      at.quantity = rest;
      at.cost = move === 'flip' ? (rest * price) / unit : 0n;
    }
  }
  const sum = positions.reduce((total, { realised }) => total + realised, 0n);
  return toText(decimalOf(narrow(sum), roundingScale));
}

function foldBigs(fills: readonly Fill<Big>[]): string {
  const nothing = new Big('0');
  const positions = positionsOf(nothing);
  for (const { instrument, move, quantity, rest, price } of fills) {
    const at = positions[instrument]!;
    if (move === 'open') {
      at.quantity = at.quantity.plus(quantity);
      at.cost = at.cost.plus(quantity.times(price));
    } else if (move === 'reduce') {
      const gone = at.cost.times(quantity).div(at.quantity);
      at.realised = at.realised.plus(quantity.times(price).minus(gone));
      at.quantity = at.quantity.minus(quantity);
      at.cost = at.cost.minus(gone);
    } else {
      at.realised = at.realised.plus(quantity.times(price).minus(at.cost));
      at.quantity = rest;
      at.cost = move === 'flip' ? rest.times(price) : nothing;
    }
  }
  return positions.reduce((sum, { realised }) => sum.plus(realised), nothing).toFixed();
}

function print(title: string, candidates: readonly Candidate[], units: number): void {
  console.log(title);
  for (const line of linesOf(measure(candidates, units, rounds))) console.log(line);
}

function benchFills(): void {
  Big.DP = roundingScale;
  Big.RM = Big.roundHalfEven;
  const fills = randomFills(new Random(1));
  const text = (units: number, digits: number) => toText(decimalOf(units, digits));
  const decimals = converted(fills, (units, digits) => decimal(text(units, digits)));
  const bigints = converted(
    fills,
    (units, digits) => BigInt(units) * 10n ** BigInt(roundingScale - digits),
  );
  const bigs = converted(fills, (units, digits) => new Big(text(units, digits)));
  const results = [foldDecimals(decimals), foldBigints(bigints), foldBigs(bigs)];
  if (new Set(results).size > 1) throw new Error(`the folds differ: ${results.join(' ')}`);
  const exact = decimals.filter(({ move }) => move !== 'reduce');
  print(
    'average-cost arithmetic, ns per fill (50% add, 36% partial, 9% close, 5% flip)',
    [
      { name: 'src/decimal', run: () => foldDecimals(decimals) },
      { name: 'bigints at scale 18', run: () => foldBigints(bigints) },
      { name: 'big.js', run: () => foldBigs(bigs) },
    ],
    fillCount,
  );
  const whole = new Set(exact);
  const bigintsExact = bigints.filter((_, index) => whole.has(decimals[index]!));
  print(
    'the same without partial closes (nothing is rounded: doubles only)',
    [
      { name: 'src/decimal', run: () => foldDecimals(exact) },
      { name: 'bigints at scale 18', run: () => foldBigints(bigintsExact) },
    ],
    exact.length,
  );
}

function benchText(): void {
  const random = new Random(2);
  const texts = Array.from(
    { length: fillCount },
    () => `${random.between(1, 99_999)}.${random.digits(random.between(1, 8))}`,
  );
  const decimals = texts.map(decimal);
  const bigs = texts.map((text) => new Big(text));
  const read = <T>(parse: (text: string) => T) => {
    let last: T | undefined;
    for (const text of texts) last = parse(text);
    return last;
  };
  const written = <T>(values: readonly T[], write: (value: T) => string) => {
    let length = 0;
    for (const value of values) length += write(value).length;
    return length;
  };
  print(
    'text, ns per number',
    [
      { name: 'decimal(text)', run: () => read(decimal) },
      { name: 'new Big(text)', run: () => read((text) => new Big(text)) },
    ],
    fillCount,
  );
  print(
    '',
    [
      { name: 'toText', run: () => written(decimals, toText) },
      { name: 'big.js toFixed', run: () => written(bigs, (big) => big.toFixed()) },
    ],
    fillCount,
  );
}

export function run(): void {
  benchFills();
  benchText();
}
