/** Mark in, equity out: with staleness, among few positions and among many. */
import { AccountFold } from '../src/books/account-fold.ts';
import { AccountContext } from '../src/books/context.ts';
import { LiveEquity, type NewMark } from '../src/books/live-equity.ts';
import { memoryPages } from '../src/books/pages.ts';
import { decimalOf } from '../src/decimal/decimal.ts';
import { decimal } from '../src/decimal/text.ts';
import type { BookedFact } from '../src/model/entry.ts';
import type { Fill } from '../src/model/fact.ts';
import { instrumentFromName } from '../src/model/instrument.ts';
import { Random } from '../test/decimal/random.ts';
import { linesOf, measure } from './measure.ts';
import { contractName, Trading } from './trading.ts';

const marksPerRound = 100_000;
const rounds = 9;
const markMaxAgeMs = 300_000;
const betweenMarks = 100_000n;

export function run(): void {
  const candidates = [
    candidate('10 positions, marks of one each', tradedContracts(10), contractName),
    candidate('10,000 positions, marks of the same ten', tradedContracts(10_000), contractName),
    candidate('a coin in which 1 contract settles', settledInBtc(1), () => 'BTC/USDT'),
    candidate('a coin in which 101 contracts settle', settledInBtc(101), () => 'BTC/USDT'),
  ];
  console.log('one mark in, equity out, ns');
  const measured = measure(candidates, marksPerRound, rounds);
  for (const line of linesOf(measured, ' marks')) console.log(line);
  const [few, , one, hundred] = measured;
  const each = (hundred!.nanoseconds - one!.nanoseconds) / 100;
  console.log(`  each further position of the same mark: ${each.toFixed(0)} ns`);
  console.log(`  a thousandth of a second holds ${Math.round(1e6 / few!.nanoseconds)} marks`);
}

/** Marks a tenth of a millisecond apart: time goes on with each, and none of them gets stale. */
function candidate(name: string, fold: AccountFold, nameOf: (number: number) => string) {
  const random = new Random(3);
  const names = Array.from({ length: 10 }, (_, number) => nameOf(number));
  let now = 1_800_000_000_000_000_000n;
  const live = new LiveEquity(fold, { asOf: now, markMaxAgeMs });
  for (const group of fold.groups()) {
    for (const leg of group.state.legs.values()) {
      live.mark({ instrument: leg.instrument, price: decimal('1000'), time: now });
    }
  }
  const marks = Array.from(
    { length: marksPerRound },
    (_, index): NewMark => ({
      instrument: names[index % names.length]!,
      price: decimalOf(random.between(90_000, 110_000), 2),
      time: 0n,
    }),
  );
  const run = () => {
    let digits = 0;
    for (const mark of marks) {
      now += betweenMarks;
      live.advance(now);
      live.mark({ instrument: mark.instrument, price: mark.price, time: now });
      digits += live.known.scale;
      if (live.total === null) digits += 1;
    }
    return digits;
  };
  return { name, run };
}

function emptyFold(names: Iterable<string>): AccountFold {
  const context = new AccountContext({
    account: 'main',
    venue: 'bench',
    currency: 'USDT',
    costMethod: 'average',
    feesInCost: false,
    mode: 'live',
    positionMode: 'net',
  });
  for (const name of names) context.addInstrument(instrumentFromName('bench', name)!);
  return new AccountFold(context, memoryPages(), () => []);
}

function folded(fills: readonly Fill[]): AccountFold {
  const fold = emptyFold(new Set(fills.map((fill) => fill.instrument)));
  fills.forEach((fact, index) => {
    const booked: BookedFact = { sequence: index + 1, fact, rates: [] };
    fold.add(booked);
  });
  fold.settle();
  return fold;
}

/** Ten positions with the same past, and others: their costs have all the digits of closes. */
function tradedContracts(instruments: number): AccountFold {
  const history = (count: number) => {
    const trading = new Trading({ instruments: count });
    return [...trading.openAll(), ...trading.fills(count * 20), ...trading.openAll()];
  };
  const ten = history(10);
  const names = new Set(ten.map((fill) => fill.instrument));
  const others = instruments === 10 ? [] : history(instruments);
  return folded([...ten, ...others.filter((fill) => !names.has(fill.instrument))]);
}

function settledInBtc(contracts: number): AccountFold {
  const [fill] = new Trading({ instruments: 1 }).openAll();
  const names = Array.from({ length: contracts }, (_, number) => `X${number}/BTC:BTC`);
  const settled = names.map(
    (instrument, index): Fill => ({
      ...fill!,
      instrument,
      fees: [],
      executionId: String(index),
    }),
  );
  return folded(settled);
}
