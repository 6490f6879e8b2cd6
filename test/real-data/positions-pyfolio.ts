import { csvRows } from './csv.ts';
import type { Fact, Loaded } from './data-folder.ts';
import { hasData, readData } from './data-folder.ts';
import { absolute, divide, plain, sign, subtract, sum } from './exact.ts';
import { accountFact, nanosecondAfter, spotInstrument } from './fact-makers.ts';

// Seven US stocks, real prices, 750 days: every fill of a strategy, and what it held each evening.
// The file's figures are floats rounded to 12 significant digits, hence the tolerances.

const FOLDER = 'positions-pyfolio/slice-2004-2006/';
const ACCOUNT = 'main';
const VENUE = 'nyse';
const OPENING_CASH = '100000';
const RETURN_DECIMALS = 24;

export interface PositionExpectation {
  readonly symbol: string;
  readonly instrument: string;
  /** Signed market value in the evening. */
  readonly value: string;
  /** The one price it traded at that day; null on a day without a trade: it cannot be checked. */
  readonly price: string | null;
}

export interface DayExpectation {
  readonly day: string;
  /** After the day's last fill and before the next day's first. */
  readonly asOf: string;
  readonly cash: string;
  readonly equity: string;
  /** equity / equity of the day before - 1, as the strategy reported it. */
  readonly dayReturn: string;
  readonly positions: readonly PositionExpectation[];
}

export interface PyfolioExpected {
  readonly openingCash: string;
  readonly days: readonly DayExpectation[];
  readonly fillCount: number;
  readonly tolerance: {
    readonly cash: string;
    readonly cashChange: string;
    readonly positionValue: string;
    readonly dayReturn: string;
  };
}

export const available = (): boolean => hasData(FOLDER);

export const loadPyfolio = (): Loaded<PyfolioExpected> => {
  const trades = readTrades();
  const days = readDays(trades);
  const tolerance = {
    cash: '0.000004',
    cashChange: '0.0000004',
    positionValue: '0.000001',
    dayReturn: '0.000000000001',
  };
  const expected = { openingCash: OPENING_CASH, days, fillCount: trades.length, tolerance };
  return { facts: [...openingFacts(trades), ...trades.map(fillFact)], expected };
};

interface Trade {
  readonly row: number;
  readonly day: string;
  readonly symbol: string;
  readonly amount: string;
  readonly price: string;
}

const rowsOf = (file: string): readonly (readonly string[])[] =>
  csvRows(readData(`${FOLDER}${file}`)).filter((row) => row.length > 1);

const dayOf = (timestamp = ''): string => timestamp.slice(0, 'yyyy-mm-dd'.length);

const readTrades = (): readonly Trade[] =>
  rowsOf('test_txn.csv')
    .slice(1)
    .map(([timestamp, amount = '', price = '', , symbol = ''], index) => ({
      row: index + 1,
      day: dayOf(timestamp),
      symbol,
      amount: plain(amount),
      price: plain(price),
    }));

const openingFacts = (trades: readonly Trade[]): readonly Fact[] => {
  const time = `${trades[0]?.day ?? ''}T00:00:00Z`;
  const symbols = [...new Set(trades.map(({ symbol }) => symbol))].toSorted();
  const amount = OPENING_CASH;
  return [
    accountFact({ account: ACCOUNT, venue: VENUE, currency: 'USD', time }),
    ...symbols.map((symbol) =>
      spotInstrument({ venue: VENUE, base: symbol, quote: 'USD', symbol, class: 'equity' }),
    ),
    { kind: 'deposit', account: ACCOUNT, currency: 'USD', amount, id: 'opening-cash', time },
  ];
};

const fillFact = ({ row, day, symbol, amount, price }: Trade): Fact => ({
  kind: 'fill',
  account: ACCOUNT,
  instrument: `${symbol}/USD`,
  side: sign(amount) > 0 ? 'buy' : 'sell',
  quantity: absolute(amount),
  price,
  fee: '0',
  feeCurrency: 'USD',
  executionId: `row-${row}`,
  time: nanosecondAfter(`${day}T21:00:00`, row),
});

const readDays = (trades: readonly Trade[]): readonly DayExpectation[] => {
  const prices = new Map(trades.map(({ day, symbol, price }) => [`${day} ${symbol}`, price]));
  const returns = new Map(rowsOf('test_returns.csv').map(([at, value]) => [dayOf(at), value]));
  const [header = [], ...rows] = rowsOf('test_pos.csv');
  const symbols = header.slice(1, -1);
  return rows.map((row) => {
    const day = dayOf(row[0]);
    const positions = symbols.map((symbol, index) => ({
      symbol,
      instrument: `${symbol}/USD`,
      value: plain(row[index + 1] ?? ''),
      price: prices.get(`${day} ${symbol}`) ?? null,
    }));
    const cash = plain(row.at(-1) ?? '');
    const equity = sum([cash, ...positions.map(({ value }) => value)]);
    const dayReturn = plain(returns.get(day) ?? '');
    return { day, asOf: `${day}T21:00:01Z`, cash, equity, dayReturn, positions };
  });
};

/** The return between two evenings, to more digits than the file gives. */
export const returnBetween = (before: string, after: string): string =>
  divide(subtract(after, before), before, RETURN_DECIMALS);
