/** What holds of every account, however it went wrong. */
import { expect, test } from 'vitest';
import { equals, subtract } from '../../src/decimal/decimal.ts';
import type { Statement } from '../../src/model/statement.ts';
import { compare } from '../../src/reconcile/compare.ts';
import type { Reconciled } from '../../src/reconcile/reconcile.ts';
import { Random } from '../decimal/random.ts';
import { applied, at, checked, optionsAt, sidesOf } from './kit.ts';
import { faultyBook, fullStatement, ledgerWith, randomFacts, shuffled } from './random-sides.ts';

const seeds = Array.from({ length: 150 }, (_, index) => index + 1);
const later = optionsAt(at(100_000));

const eachSeed = (check: (random: Random, seed: number) => void): void => {
  for (const seed of seeds) check(new Random(seed), seed);
};

/** Everything but functions. */
const plain = (result: Reconciled) =>
  JSON.stringify(
    { ...result, comparison: null, current: [...result.current] },
    (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
  );

test('C1 a statement of exactly what is booked is true, without one break', () => {
  eachSeed((random, seed) => {
    const count = random.between(1, 40);
    const facts = randomFacts(random, count);
    const result = checked(ledgerWith(facts), fullStatement(facts), later);
    expect([seed, result.verdict, result.breaks]).toEqual([seed, 'true', []]);
  });
});

test('P6 P7 after the plan nothing differs, and the plan once more appends nothing', () => {
  let faultsSeen = 0;
  eachSeed((random, seed) => {
    const count = random.between(1, 40);
    const facts = randomFacts(random, count);
    const { booked, faultCount } = faultyBook(random, facts);
    faultsSeen += faultCount;
    const statement = fullStatement(facts);
    const ledger = ledgerWith(booked);
    const first = checked(ledger, statement, later);
    for (const { confidence } of first.breaks) expect([seed, confidence]).toEqual([seed, 'proven']);
    const { ledger: after, appended } = applied(ledger, first.plan);
    const entries = first.plan.repairs.flatMap((one) => one.entries);
    expect([seed, appended]).toEqual([seed, entries.length]);
    const again = checked(after, statement, later);
    expect([seed, again.verdict, again.plan.repairs]).toEqual([seed, 'true', []]);
    expect([seed, applied(after, first.plan).appended]).toEqual([seed, 0]);
  });
  expect(faultsSeen).toBeGreaterThan(500);
});

test('C7 every difference is theirs - ours, and verdicts follow from it', () => {
  eachSeed((random) => {
    const facts = randomFacts(random, 30);
    const { booked } = faultyBook(random, facts);
    const statement = fullStatement(facts);
    const { book } = sidesOf(ledgerWith(booked), statement.asOf);
    const { lines } = compare(book, statement, { ...later, seen: new Map() });
    for (const { ours, theirs, difference, verdict } of lines) {
      expect(equals(difference!, subtract(theirs!, ours!))).toBe(true);
      expect(verdict === 'equal').toBe(equals(ours!, theirs!));
    }
  });
});

test('C13 the order in which a statement lists its items changes nothing', () => {
  eachSeed((random) => {
    const facts = randomFacts(random, 25);
    const { booked } = faultyBook(random, facts);
    const statement = fullStatement(facts);
    const mixed: Statement = { ...statement };
    for (const name of ['positions', 'balances', 'executions', 'cashFlows'] as const) {
      const part = statement[name]!;
      Object.assign(mixed, {
        [name]: { ...part, items: shuffled(random, part.items as unknown[]) },
      });
    }
    const ledger = ledgerWith(booked);
    expect(plain(checked(ledger, mixed, later))).toBe(plain(checked(ledger, statement, later)));
  });
});

test('C2 C6 what an incomplete statement leaves out is never a break', () => {
  eachSeed((random, seed) => {
    const facts = randomFacts(random, 25);
    const statement = fullStatement(facts);
    const partial: Statement = { ...statement };
    for (const name of ['positions', 'balances', 'orders', 'executions', 'cashFlows'] as const) {
      const part = statement[name]!;
      const items = (part.items as unknown[]).filter(() => random.chance(0.5));
      Object.assign(partial, { [name]: { ...part, complete: false, items } });
    }
    const result = checked(ledgerWith(facts), partial, later);
    expect([seed, result.breaks, result.verdict]).toEqual([seed, [], 'cannot-say']);
  });
});

test('K5 what the venue’s lists do not show is never proven', () => {
  eachSeed((random, seed) => {
    const facts = randomFacts(random, 25);
    const { booked } = faultyBook(random, facts);
    const statement = { ...fullStatement(facts), executions: null, cashFlows: null };
    const { breaks, plan } = checked(ledgerWith(booked), statement, later);
    for (const one of breaks) expect([seed, one.confidence]).not.toEqual([seed, 'proven']);
    expect(plan.repairs).toEqual([]);
  });
});

test('K5 a balance off by what no list shows is never proven, whatever else is found', () => {
  eachSeed((random, seed) => {
    const facts = randomFacts(random, 25);
    const { booked } = faultyBook(random, facts);
    const statement = fullStatement(facts);
    const [first, ...rest] = statement.balances!.items;
    if (first === undefined) return;
    const total = subtract(first.total, { coefficient: 987_654_321, scale: 9 });
    const balances = { ...statement.balances!, items: [{ ...first, total }, ...rest] };
    const { breaks } = checked(ledgerWith(booked), { ...statement, balances }, later);
    const own = breaks.filter((one) => one.lines.some(({ key }) => key === first.currency));
    expect([seed, own.map(({ confidence }) => confidence)]).toEqual([seed, ['unexplained']]);
  });
});
