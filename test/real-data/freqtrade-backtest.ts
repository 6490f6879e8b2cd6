import type { Fact, Loaded } from './data-folder.ts';
import { hasData, readData } from './data-folder.ts';
import { add, multiply, plain, round, subtract, sum } from './exact.ts';
import { accountFact, spotInstrument } from './fact-makers.ts';

// 179 closed long trades of a backtest in ten BTC pairs. No two trades of one pair overlap, so the
// coin is flat in between and the exit's realised result is that of the trade.
// Facts hold at most 18 decimals: exit prices (up to 21) and fees are rounded half-even to 18.

const FILE = 'bars-freqtrade/backtest-results/backtest-result.json';
const ACCOUNT = 'main';
const VENUE = 'backtest';
const FACT_DECIMALS = 18;

export interface TradeExpectation {
  readonly trade: number;
  readonly instrument: string;
  readonly coin: string;
  readonly entryId: string;
  readonly exitId: string;
  readonly openedAt: string;
  readonly closedAt: string;
  /** amount x (close_rate - open_rate), before fees. */
  readonly profitAbs: string;
  /** close x (1 - fee) / (open x (1 + fee)) - 1, given to 8 decimals. */
  readonly profitRatio: string;
  /** Cost with the entry fee, and result net of both fees, of the facts as they are. */
  readonly costWithFee: string;
  readonly net: string;
}

export interface FreqtradeExpected {
  readonly trades: readonly TradeExpectation[];
  readonly openingBalance: string;
  /** Of the file: opening balance plus all profit_abs, fees left out. */
  readonly balanceBeforeFees: string;
  /** Of the facts: fees of all fills, and the BTC that remain after them. */
  readonly fees: string;
  readonly closingBalance: string;
  /** |realised - profitAbs| is at most this, and both are equal rounded to profitDecimals;
   *  net / costWithFee equals profitRatio rounded to ratioDecimals. */
  readonly profitTolerance: string;
  readonly profitDecimals: number;
  readonly ratioDecimals: number;
}

export const available = (): boolean => hasData(FILE);

export const loadFreqtrade = (feesInCost = false): Loaded<FreqtradeExpected> => {
  const result = readResult();
  const legs = result.trades.map(legsOf);
  const expectations = legs.map((leg, index) => expectationOf(leg, index));
  const fees = sum(legs.flatMap(({ entryFee, exitFee }) => [entryFee, exitFee]));
  const gross = sum(legs.map(({ gross: one }) => one));
  const expected: FreqtradeExpected = {
    trades: expectations,
    openingBalance: result.opening,
    balanceBeforeFees: result.closing,
    fees,
    closingBalance: subtract(add(result.opening, gross), fees),
    profitTolerance: '0.0000000000000001',
    profitDecimals: 15,
    ratioDecimals: 8,
  };
  const fills = legs.flatMap((leg, index) => fillFacts(leg, index));
  return { facts: [...openingFacts(legs, result.opening, feesInCost), ...fills], expected };
};

interface Trade {
  readonly pair: string;
  readonly amount: string;
  readonly open_date: string;
  readonly close_date: string;
  readonly open_rate: string;
  readonly close_rate: string;
  readonly fee_open: string;
  readonly fee_close: string;
  readonly profit_abs: string;
  readonly profit_ratio: string;
}

interface Result {
  readonly trades: readonly Trade[];
  readonly opening: string;
  readonly closing: string;
}

interface Backtest {
  readonly strategy: {
    readonly StrategyTestV3: {
      readonly trades: readonly Trade[];
      readonly starting_balance: string;
      readonly final_balance: string;
    };
  };
}

/** JSON whose numbers stay the text they are in the file. */
const numberAsText = (_: string, value: unknown, context?: { source?: string }): unknown =>
  typeof value === 'number' ? plain(context?.source ?? '') : value;

const readResult = (): Result => {
  const { strategy } = JSON.parse(readData(FILE), numberAsText) as Backtest;
  const { trades, starting_balance, final_balance } = strategy.StrategyTestV3;
  return { trades, opening: starting_balance, closing: final_balance };
};

interface Legs {
  readonly trade: Trade;
  readonly entryFee: string;
  readonly exitPrice: string;
  readonly exitFee: string;
  readonly entryValue: string;
  readonly gross: string;
}

const legsOf = (trade: Trade): Legs => {
  const exitPrice = round(trade.close_rate, FACT_DECIMALS);
  const entryValue = multiply(trade.amount, trade.open_rate);
  const exitValue = multiply(trade.amount, exitPrice);
  const entryFee = round(multiply(entryValue, trade.fee_open), FACT_DECIMALS);
  const exitFee = round(multiply(exitValue, trade.fee_close), FACT_DECIMALS);
  return {
    trade,
    entryFee,
    exitPrice,
    exitFee,
    entryValue,
    gross: subtract(exitValue, entryValue),
  };
};

const coinOf = (pair: string): string => pair.slice(0, pair.indexOf('/'));

const timeOf = (text: string): string => text.replace(' ', 'T').replace('+00:00', 'Z');

const openingFacts = (legs: readonly Legs[], amount: string, feesInCost: boolean) => {
  const coins = [...new Set(legs.map(({ trade }) => coinOf(trade.pair)))].toSorted();
  const time = '2018-01-10T00:00:00Z';
  return [
    accountFact({ account: ACCOUNT, venue: VENUE, currency: 'BTC', time, feesInCost }),
    ...coins.map((base) =>
      spotInstrument({ venue: VENUE, base, quote: 'BTC', symbol: `${base}BTC`, class: 'crypto' }),
    ),
    { kind: 'deposit', account: ACCOUNT, currency: 'BTC', amount, id: 'opening', time },
  ];
};

const fillFacts = ({ trade, entryFee, exitPrice, exitFee }: Legs, index: number): Fact[] => {
  const common = {
    kind: 'fill',
    account: ACCOUNT,
    instrument: trade.pair,
    quantity: trade.amount,
    feeCurrency: 'BTC',
  };
  const entry = { side: 'buy', price: trade.open_rate, fee: entryFee, ...entryKey(trade, index) };
  const exit = { side: 'sell', price: exitPrice, fee: exitFee, ...exitKey(trade, index) };
  return [
    { ...common, ...entry },
    { ...common, ...exit },
  ];
};

const entryKey = (trade: Trade, index: number) => ({
  executionId: `trade-${index + 1}-entry`,
  time: timeOf(trade.open_date),
});

const exitKey = (trade: Trade, index: number) => ({
  executionId: `trade-${index + 1}-exit`,
  time: timeOf(trade.close_date),
});

const expectationOf = (legs: Legs, index: number): TradeExpectation => ({
  trade: index + 1,
  instrument: legs.trade.pair,
  coin: coinOf(legs.trade.pair),
  entryId: entryKey(legs.trade, index).executionId,
  exitId: exitKey(legs.trade, index).executionId,
  openedAt: timeOf(legs.trade.open_date),
  closedAt: timeOf(legs.trade.close_date),
  profitAbs: legs.trade.profit_abs,
  profitRatio: legs.trade.profit_ratio,
  costWithFee: add(legs.entryValue, legs.entryFee),
  net: subtract(subtract(legs.gross, legs.entryFee), legs.exitFee),
});
