import { expect, test } from 'vitest';
import { viewOf } from '../../src/books/book-view.ts';
import { toText } from '../../src/decimal/text.ts';
import type { BookedFact } from '../../src/model/entry.ts';
import { instant } from '../../src/model/instant.ts';
import { parseFact } from '../../src/model/parse-fact.ts';
import { bookedAs, bookOf, emptyFold, ledgerOf, poolOf } from './book-of.ts';
import { add, divide, equal, multiply, negate, sign, subtract, sum, within } from './exact.ts';
import { needs } from './needs-data.ts';
import { available, type DayExpectation, loadPyfolio } from './positions-pyfolio.ts';

needs(available(), 'positions-pyfolio');

const MS_PER_HOUR = 3_600_000;
const RETURN_DECIMALS = 24;
const DAYS = 750;
const SYMBOL_DAYS = 4_749;
/** Evenings on which every share held has a price, and those that follow one. */
const PRICED_EVENINGS = 634;
const PRICED_RETURNS = 561;

/** A day's evening: what the book says when the day's fills are booked. */
interface Evening {
  readonly day: DayExpectation;
  readonly cash: string;
  readonly quantityOf: (symbol: string) => string;
  /** Null where a share held was not traded that day, and so has no price. */
  readonly equity: string | null;
}

let known: readonly Evening[] | undefined;

const evenings = (): readonly Evening[] => {
  known ??= bookedEvenings();
  return known;
};

/** Books one day after the other into the same fold. */
const bookedEvenings = (): readonly Evening[] => {
  const { facts, expected } = loadPyfolio();
  const ledger = ledgerOf(facts);
  const bySequence = new Map<number, BookedFact>();
  const fold = emptyFold(ledger.context, bySequence);
  let next = 0;
  return expected.days.map((day) => {
    const asOf = instant(day.asOf);
    for (; next < ledger.facts.length && ledger.facts[next]!.time <= asOf; next += 1) {
      const booked = bookedAs(next + 1, ledger.facts[next]!, ledger);
      bySequence.set(booked.sequence, booked);
      fold.add(booked);
    }
    fold.settle();
    const marks = marksOf(day);
    const { equity } = viewOf(fold, { asOf, marks, markMaxAgeMs: MS_PER_HOUR });
    const quantities = new Map(
      day.positions.map(({ symbol }) => [symbol, poolOf(fold, symbol).quantity]),
    );
    return {
      day,
      cash: toText(fold.postings.cash),
      quantityOf: (symbol) => quantities.get(symbol) ?? '0',
      equity: equity.total === null ? null : toText(equity.total),
    };
  });
};

const marksOf = (day: DayExpectation) => (instrument: string) => {
  const price = day.positions.find((position) => position.instrument === instrument)?.price;
  if (price === null || price === undefined) return null;
  const mark = parseFact({ kind: 'mark', instrument, price, time: day.asOf }, {}, { strict: true });
  return mark.fact?.kind === 'mark' ? mark.fact : null;
};

test('R1 cash is what the strategy had on each of 750 evenings', () => {
  const { cash: tolerance } = loadPyfolio().expected.tolerance;
  const ties = evenings().filter(({ day, cash }) => within(cash, day.cash, tolerance));
  expect(ties).toHaveLength(DAYS);
});

test('R1 cash changes by what the strategy paid each day', () => {
  const { cashChange: tolerance } = loadPyfolio().expected.tolerance;
  const days = evenings();
  const ties = days.slice(1).filter(({ day, cash }, index) => {
    const before = days[index]!;
    const change = subtract(day.cash, before.day.cash);
    return within(subtract(cash, before.cash), change, tolerance);
  });
  expect(ties).toHaveLength(DAYS - 1);
});

/** A fill as the loader tells it. */
interface Told {
  readonly instrument: string;
  readonly side: string;
  readonly quantity: string;
  readonly price: string;
  readonly time: string;
}

test('R1 cash and quantities are exact to the last digit', () => {
  const { facts, expected } = loadPyfolio();
  const fills = facts.filter(({ kind }) => kind === 'fill').map((fact) => fact as unknown as Told);
  const days = Map.groupBy(fills, ({ time }) => time.slice(0, 'yyyy-mm-dd'.length));
  let cash = expected.openingCash;
  const held = new Map<string, string>();
  for (const evening of evenings()) {
    for (const { instrument, side, quantity, price } of days.get(evening.day.day) ?? []) {
      const symbol = instrument.replace('/USD', '');
      const moved = side === 'buy' ? quantity : negate(quantity);
      cash = subtract(cash, multiply(moved, price));
      held.set(symbol, add(held.get(symbol) ?? '0', moved));
    }
    const ours = evening.day.positions.map(({ symbol }) => evening.quantityOf(symbol));
    const exact = evening.day.positions.map(({ symbol }) => held.get(symbol) ?? '0');
    expect([evening.day.day, evening.cash, ours]).toEqual([evening.day.day, cash, exact]);
  }
});

test('R1 positions have the value that the strategy saw on 4,749 days of a symbol', () => {
  const { positionValue: tolerance } = loadPyfolio().expected.tolerance;
  const priced = evenings().flatMap(({ day, quantityOf }) =>
    day.positions.flatMap(({ symbol, price, value }) =>
      price === null ? [] : [within(multiply(quantityOf(symbol), price), value, tolerance)],
    ),
  );
  expect(priced.filter((ties) => ties)).toHaveLength(SYMBOL_DAYS);
  expect(priced).toHaveLength(SYMBOL_DAYS);
});

test('R1 a position is long, short or flat when the strategy says so, traded or not', () => {
  const opposed = evenings().flatMap(({ day, quantityOf }) =>
    day.positions.filter(({ symbol, value }) => sign(quantityOf(symbol)) !== sign(value)),
  );
  expect(opposed).toEqual([]);
});

test('R1 equity and its returns are those of the strategy where all prices are known', () => {
  const { tolerance } = loadPyfolio().expected;
  const equityTolerance = add(tolerance.cash, multiply('7', tolerance.positionValue));
  const days = evenings();
  const priced = days.filter(({ equity }) => equity !== null);
  const opposed = priced.filter(({ day, equity }) => !within(equity!, day.equity, equityTolerance));
  expect(opposed).toEqual([]);
  const pairs = days
    .map((evening, index) => [days[index - 1]?.equity ?? null, evening] as const)
    .filter(([before, { equity }]) => before !== null && equity !== null);
  const wrong = pairs.filter(([before, { day, equity }]) => {
    const fromBoth = divide(multiply('2', equityTolerance), before!, RETURN_DECIMALS);
    const ours = divide(subtract(equity!, before!), before!, RETURN_DECIMALS);
    return !within(ours, day.dayReturn, add(fromBoth, tolerance.dayReturn));
  });
  expect(wrong).toEqual([]);
  expect([priced.length, pairs.length]).toEqual([PRICED_EVENINGS, PRICED_RETURNS]);
});

test('R1 what was realised and what is left at cost explain all cash', () => {
  const { facts, expected } = loadPyfolio();
  const fold = bookOf(ledgerOf(facts));
  const { cash, position, realised } = fold.postings;
  const explained = sum([toText(cash), toText(position)]);
  expect(equal(subtract(explained, toText(realised)), expected.openingCash)).toBe(true);
});
