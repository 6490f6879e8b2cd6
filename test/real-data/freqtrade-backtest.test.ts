import { expect, test } from 'vitest';
import type { AccountFold } from '../../src/books/account-fold.ts';
import { toText } from '../../src/decimal/text.ts';
import type { BookFact } from '../../src/model/fact.ts';
import { bookOf, bookText, ledgerOf, poolOf, type Step, stepsOf } from './book-of.ts';
import { disordered, throughFold } from './delivery.ts';
import { divide, equal, negate, round, subtract, sum } from './exact.ts';
import { available, loadFreqtrade, type TradeExpectation } from './freqtrade-backtest.ts';
import { needs } from './needs-data.ts';

needs(available(), 'bars-freqtrade');

const TRADES = 179;

interface Look {
  readonly realised: string;
  readonly fees: string;
  readonly cost: string;
  readonly quantity: string;
}

/** What the fill's coin has earned and cost so far. */
const look = (fold: AccountFold, fact: BookFact): Look => {
  const coin = 'instrument' in fact ? (fact.instrument?.split('/')[0] ?? '') : '';
  const { realised, fees, cost, quantity } = poolOf(fold, coin);
  return { realised, fees: sum(fees.map(({ amount }) => amount)), cost, quantity };
};

const stepsById = (feesInCost: boolean): ReadonlyMap<string, Step<Look>> =>
  new Map(
    stepsOf(ledgerOf(loadFreqtrade(feesInCost).facts), look).map((step) => [
      step.fact.kind === 'fill' ? step.fact.executionId : step.fact.kind,
      step,
    ]),
  );

const realisedOf = ({ before, after }: Step<Look>): string =>
  subtract(after.realised, before.realised);

const feesOf = ({ before, after }: Step<Look>): string => subtract(after.fees, before.fees);

const ties = (
  feesInCost: boolean,
  check: (trade: TradeExpectation, steps: TradeSteps) => boolean,
) => {
  const steps = stepsById(feesInCost);
  return loadFreqtrade(feesInCost).expected.trades.filter((trade) =>
    check(trade, { entry: steps.get(trade.entryId)!, exit: steps.get(trade.exitId)! }),
  );
};

interface TradeSteps {
  readonly entry: Step<Look>;
  readonly exit: Step<Look>;
}

test('R2 each of 179 exits realises the gross profit that the backtest states', () => {
  const { profitDecimals } = loadFreqtrade().expected;
  const tied = ties(false, ({ profitAbs }, { exit }) =>
    equal(round(realisedOf(exit), profitDecimals), round(profitAbs, profitDecimals)),
  );
  expect(tied).toHaveLength(TRADES);
});

test('R2 net of both fees it is the profit ratio that the backtest states', () => {
  const { ratioDecimals } = loadFreqtrade().expected;
  const tied = ties(false, ({ profitRatio, net, costWithFee }, { entry, exit }) => {
    const ours = subtract(realisedOf(exit), sum([feesOf(entry), feesOf(exit)]));
    const invested = sum([entry.after.cost, feesOf(entry)]);
    const ratio = divide(ours, invested, ratioDecimals);
    return equal(ours, net) && equal(invested, costWithFee) && equal(ratio, profitRatio);
  });
  expect(tied).toHaveLength(TRADES);
});

test('R2 with fees in cost the realised result itself is net', () => {
  const { ratioDecimals } = loadFreqtrade().expected;
  const tied = ties(true, ({ profitRatio, net, costWithFee }, { entry, exit }) => {
    const ratio = divide(realisedOf(exit), entry.after.cost, ratioDecimals);
    const isNet = equal(realisedOf(exit), net) && equal(entry.after.cost, costWithFee);
    return isNet && equal(ratio, profitRatio) && equal(feesOf(entry), '0');
  });
  expect(tied).toHaveLength(TRADES);
});

test('R2 every coin is flat after each exit, and nothing of its cost is left', () => {
  const tied = ties(false, (_, { exit }) => {
    const { quantity, cost } = exit.after;
    return equal(quantity, '0') && equal(cost, '0');
  });
  expect(tied).toHaveLength(TRADES);
});

test.each([false, true])('R2 the balance closes to the last digit (fees in cost: %j)', (inCost) => {
  const { facts, expected } = loadFreqtrade(inCost);
  const { cash, fees, realised, position } = bookOf(ledgerOf(facts)).postings;
  expect(toText(cash)).toBe(expected.closingBalance);
  expect(toText(fees)).toBe(inCost ? '0' : negate(expected.fees));
  const result = sum([toText(realised), toText(fees)]);
  expect(subtract(toText(cash), expected.openingBalance)).toBe(result);
  expect(toText(position)).toBe('0');
});

test.each([1, 2, 3])(
  'R2 all trades out of order, twice and late: the same book (seed %i)',
  async (seed) => {
    const ledger = ledgerOf(loadFreqtrade().facts);
    const disorder = { seed, window: ledger.facts.length, duplicated: 0.3, late: 0.2, batchMax: 9 };
    const delivered = await throughFold(ledger, disordered(ledger.facts, disorder));
    expect(delivered.booked).toBe(1 + 2 * TRADES);
    expect(delivered.book).toBe(bookText(bookOf(ledger)));
  },
);
