/** Comparing a book with a statement: time by number of positions, and how it grows. */

import { decimalOf, roundHalfEven, zero } from '../src/decimal/decimal.ts';
import { fromMilliseconds } from '../src/model/instant.ts';
import { instrumentFromName } from '../src/model/instrument.ts';
import type { Statement, StatementSection } from '../src/model/statement.ts';
import type { BookSide } from '../src/reconcile/book-side.ts';
import { casesOf } from '../src/reconcile/cases.ts';
import { compare } from '../src/reconcile/compare.ts';
import type { CompareOptions } from '../src/reconcile/judge.ts';
import { Random } from '../test/decimal/random.ts';
import { median } from './measure.ts';

const sizes = [1_000, 10_000, 100_000];
const rounds = 7;
/** One position in a thousand differs, as on a bad day. */
const differing = 0.001;

const asOf = fromMilliseconds(1_800_000_000_000);

const options: CompareOptions = {
  ...{ now: asOf, settleMs: 0, toleranceSteps: 0, markMaxAgeMs: 60_000 },
  ...{ statementMaxAgeMs: null, theirsParty: 'venue', seen: new Map() },
};

const section = <Item>(items: readonly Item[]): StatementSection<Item> => ({
  ...{ complete: true, scope: null, error: null, from: null, to: null, items },
});

interface Sides {
  readonly book: BookSide;
  readonly statement: Statement;
}

function sidesOf(count: number): Sides {
  const random = new Random(count);
  const nameOf = (index: number): string => `C${index}/USDT:USDT`;
  const held = Array.from({ length: count }, (_, index) => ({
    instrument: nameOf(index),
    quantity: decimalOf(random.between(1, 1_000_000), 3),
    averagePrice: decimalOf(random.between(1, 1_000_000_000), 9),
  }));
  // Texts of their own, as after parsing, and averages with fewer digits than ours.
  const listed = held
    .map(({ quantity, averagePrice }, index) => ({
      instrument: nameOf(index),
      averagePrice: roundHalfEven(averagePrice, 4),
      quantity: random.chance(differing) ? decimalOf(random.between(1, 9), 0) : quantity,
      order: random.bits(),
    }))
    .sort((a, b) => a.order - b.order);
  const names = held.map(({ instrument }) => instrument);
  const book: BookSide = {
    ...{ account: 'main', venue: 'venue', currency: 'USDT', asOf, sequence: count },
    balances: [{ currency: 'USDT', total: zero, youngest: null, uncertain: null }],
    positions: held.map((one) => ({ ...one, leg: 'net', youngest: null, uncertain: null })),
    ...{ orders: [], facts: [], withdrawn: [], openingAt: null, decimals: new Map() },
    instruments: new Map(names.map((name) => [name, instrumentFromName('venue', name)!])),
    marks: () => null,
  };
  const positions = listed.map(({ instrument, quantity, averagePrice }) => ({
    ...{ instrument, quantity, averagePrice },
    ...{ leg: 'net' as const, markPrice: null, unrealisedPnl: null },
  }));
  const money = { currency: 'USDT', total: zero, available: null, equity: null, borrowed: null };
  const statement: Statement = {
    ...{ account: 'main', venue: 'venue', asOf, takenAt: null },
    ...{ positions: section(positions), balances: section([money]), orders: section([]) },
    ...{ executions: null, cashFlows: null },
  };
  return { book, statement };
}

function millisecondsOf({ book, statement }: Sides): number {
  const times: number[] = [];
  for (let round = -2; round < rounds; round++) {
    const start = process.hrtime.bigint();
    const comparison = compare(book, statement, options);
    const cases = casesOf(comparison, book);
    const took = Number(process.hrtime.bigint() - start) / 1e6;
    if (cases.length === 0) throw new Error('nothing differs: the bench compares nothing');
    if (round >= 0) times.push(took);
  }
  return median(times);
}

/** 1 is linear, 2 quadratic. */
const exponent = (times: readonly number[]): number =>
  Math.log(times.at(-1)! / times[0]!) / Math.log(sizes.at(-1)! / sizes[0]!);

export function run(): void {
  console.log('compare and group, ms (median), one position in a thousand differs');
  const times = sizes.map((count) => {
    const ms = millisecondsOf(sidesOf(count));
    const each = Math.round((ms / count) * 1e6).toLocaleString('en');
    const name = `${count.toLocaleString('en')} positions`;
    console.log(
      `  ${name.padEnd(36)}${ms.toPrecision(3).padStart(9)} ms${each.padStart(9)} ns each`,
    );
    return ms;
  });
  console.log(`  growth exponent ${exponent(times).toPrecision(3)}`);
}
