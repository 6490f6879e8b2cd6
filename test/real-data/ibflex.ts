import type { Fact, Loaded } from './data-folder.ts';
import { hasData, readData } from './data-folder.ts';
import { absolute, add, equal, multiply, negate, plain, sign, subtract, sum } from './exact.ts';
import { accountFact, spotInstrument } from './fact-makers.ts';
import { localTime, nextMidnight } from './ibflex-time.ts';
import type { XmlElement } from './xml-elements.ts';
import { xmlElements } from './xml-elements.ts';

// Anonymised Interactive Brokers Flex statements with a cash report per currency. File 14 holds all
// trades and cash transactions of its month and ties out; 20 and 21 hold only some of them.

const FOLDER = 'statements-ibflex/';
const ACCOUNT = 'main';
const VENUE = 'ibkr';
const BASE_CURRENCIES = { 14: 'CHF', 20: 'EUR', 21: 'EUR' } as const;

export type FlexFile = keyof typeof BASE_CURRENCIES;

export interface CategoryGap {
  /** The cash report's own name: dividends, netTradesPurchases, ... */
  readonly category: string;
  readonly amount: string;
}

export interface CurrencyExpectation {
  readonly currency: string;
  readonly starting: string;
  /** What a book of the file's facts must say: starting + flows. */
  readonly ours: string;
  /** What the broker says. */
  readonly theirs: string;
  /** theirs - ours, the figure of the break; 0 where it ties. */
  readonly difference: string;
  /** Which categories of the report the facts do not (fully) carry: all of the difference but */
  readonly gaps: readonly CategoryGap[];
  /** ... this: the report's ending cash - (its starting cash + its own categories). */
  readonly residual: string;
}

export interface UnitsExpectation {
  readonly asset: string;
  readonly quantity: string;
}

export interface FlexExpected {
  readonly currencies: readonly CurrencyExpectation[];
  /** Units of shares and certificates that the file's fills leave, its start taken as none. */
  readonly units: readonly UnitsExpectation[];
  /** A document trueup.statement/1 of the ending cash; it says nothing about shares. */
  readonly statement: Fact;
}

export const flexFiles: readonly FlexFile[] = [14, 20, 21];

export const available = (): boolean => hasData(FOLDER);

export const loadFlex = (file: FlexFile): Loaded<FlexExpected> => {
  const elements = xmlElements(readData(`${FOLDER}testIBFlexStatementFile${file}.xml`));
  const period = named(elements, 'FlexStatement')[0];
  if (period === undefined) throw new Error(`no statement in file ${file}`);
  const report: Report = {
    base: BASE_CURRENCIES[file],
    period,
    cash: named(elements, 'CashReportCurrency').filter((row) => row.get('levelOfDetail') === LEVEL),
    trades: named(elements, 'Trade'),
    transactions: named(elements, 'CashTransaction'),
  };
  const expected: FlexExpected = {
    currencies: report.cash.map((row) => currencyOf(report, row)),
    units: unitsOf(report.trades),
    statement: statementOf(report),
  };
  return { facts: factsOf(report), expected };
};

const LEVEL = 'Currency';

interface Report {
  readonly base: string;
  readonly period: XmlElement;
  readonly cash: readonly XmlElement[];
  readonly trades: readonly XmlElement[];
  readonly transactions: readonly XmlElement[];
}

const named = (elements: readonly XmlElement[], name: string): readonly XmlElement[] =>
  elements.filter((element) => element.name === name);

// Facts

const factsOf = (report: Report): readonly Fact[] => {
  const time = localTime(report.period.get('fromDate'));
  const balances = report.cash.map((row) => ({
    currency: row.get('currency'),
    total: plain(row.get('startingCash')),
  }));
  return [
    accountFact({ account: ACCOUNT, venue: VENUE, currency: report.base, time }),
    { kind: 'opening', account: ACCOUNT, time, balances, positions: [] },
    ...instrumentFacts(report),
    ...report.trades.flatMap((trade) => rateMark(report.base, trade)),
    ...report.trades.map(fillFact),
    ...report.transactions.map((row) => cashFact(report, row)),
  ];
};

const isFx = (trade: XmlElement): boolean => trade.get('assetCategory') === 'CASH';

const baseOf = (trade: XmlElement): string =>
  isFx(trade) ? (trade.get('symbol').split('.')[0] ?? '') : trade.get('symbol');

const instrumentOf = (trade: XmlElement): string => `${baseOf(trade)}/${trade.get('currency')}`;

const instrumentFacts = ({ base, trades }: Report): readonly Fact[] => {
  const facts = new Map(
    trades.map((trade) => {
      const fact = spotInstrument({
        venue: VENUE,
        base: baseOf(trade),
        quote: trade.get('currency'),
        symbol: trade.get('symbol'),
        class: isFx(trade) ? 'fx' : 'equity',
      });
      return [instrumentOf(trade), fact];
    }),
  );
  for (const currency of new Set(trades.map((trade) => trade.get('currency')))) {
    const symbol = `${currency}.${base}`;
    const pair = { venue: VENUE, base: currency, quote: base, symbol, class: 'fx' as const };
    if (currency !== base) facts.set(`${currency}/${base}`, spotInstrument(pair));
  }
  return [...facts.values()];
};

const tradeTime = (trade: XmlElement): string =>
  localTime(trade.get('dateTime') || trade.get('orderTime'));

/** The broker's own rate of that trade's currency, in force at the trade. */
const rateMark = (base: string, trade: XmlElement): readonly Fact[] => {
  const instrument = `${trade.get('currency')}/${base}`;
  const price = plain(trade.get('fxRateToBase'));
  if (trade.get('currency') === base) return [];
  return [{ kind: 'mark', instrument, price, time: tradeTime(trade), source: 'venue' }];
};

const fillFact = (trade: XmlElement): Fact => ({
  kind: 'fill',
  account: ACCOUNT,
  instrument: instrumentOf(trade),
  side: trade.get('buySell').toLowerCase(),
  quantity: absolute(trade.get('quantity')),
  price: plain(trade.get('tradePrice')),
  fee: negate(trade.get('ibCommission')),
  feeCurrency: trade.get('ibCommissionCurrency'),
  executionId: trade.get('ibExecID'),
  orderId: trade.get('ibOrderID'),
  time: tradeTime(trade),
});

/** Booked on the report date: a correction of an older payment carries that payment's date. */
const cashFact = (report: Report, row: XmlElement): Fact => {
  const amount = plain(row.get('amount'));
  const common = {
    account: ACCOUNT,
    currency: row.get('currency'),
    id: row.get('transactionID'),
    time: localTime(row.get('reportDate')),
  };
  switch (row.get('type')) {
    case 'Deposits/Withdrawals': {
      const kind = sign(amount) > 0 ? 'deposit' : 'withdrawal';
      return { kind, ...common, amount: absolute(amount) };
    }
    case 'Withholding Tax':
      return { kind: 'tax', ...common, amount: negate(amount) };
    default:
      throw new Error(`${report.period.get('accountId')}: unknown type ${row.get('type')}`);
  }
};

// Expected figures, from the file's own amounts (proceeds, commissions), not from the facts

const CATEGORIES = [
  'commissions',
  'deposits',
  'withdrawals',
  'dividends',
  'withholdingTax',
  'brokerInterest',
  'salesTax',
  'netTradesSales',
  'netTradesPurchases',
];

interface Flow {
  readonly currency: string;
  readonly category: string;
  readonly amount: string;
}

/** What a trade does to cash: proceeds, the other leg of a currency trade, and the commission. */
const tradeFlows = (trade: XmlElement): readonly Flow[] => {
  const proceeds = trade.get('proceeds');
  const bySign = (currency: string, amount: string): Flow => ({
    currency,
    category: sign(amount) > 0 ? 'netTradesSales' : 'netTradesPurchases',
    amount: plain(amount),
  });
  const commission = {
    currency: trade.get('ibCommissionCurrency'),
    category: 'commissions',
    amount: plain(trade.get('ibCommission')),
  };
  const otherLeg = isFx(trade) ? [bySign(baseOf(trade), trade.get('quantity'))] : [];
  return [bySign(trade.get('currency'), proceeds), ...otherLeg, commission];
};

const transactionFlow = (row: XmlElement): Flow => {
  const amount = plain(row.get('amount'));
  const cash = sign(amount) > 0 ? 'deposits' : 'withdrawals';
  const category = row.get('type') === 'Withholding Tax' ? 'withholdingTax' : cash;
  return { currency: row.get('currency'), category, amount };
};

const currencyOf = ({ trades, transactions }: Report, row: XmlElement): CurrencyExpectation => {
  const currency = row.get('currency');
  const flows = [...trades.flatMap(tradeFlows), ...transactions.map(transactionFlow)].filter(
    (flow) => flow.currency === currency,
  );
  const carried = (category: string): string =>
    sum(flows.filter((flow) => flow.category === category).map(({ amount }) => amount));
  const reported = (category: string): string => plain(row.get(category) || '0');
  const starting = plain(row.get('startingCash'));
  const theirs = plain(row.get('endingCash'));
  const ours = add(starting, sum(flows.map(({ amount }) => amount)));
  const gaps = CATEGORIES.map((category) => ({
    category,
    amount: subtract(reported(category), carried(category)),
  })).filter(({ amount }) => sign(amount) !== 0);
  const residual = subtract(theirs, add(starting, sum(CATEGORIES.map(reported))));
  return { currency, starting, ours, theirs, difference: subtract(theirs, ours), gaps, residual };
};

const unitsOf = (trades: readonly XmlElement[]): readonly UnitsExpectation[] => {
  const shares = Map.groupBy(
    trades.filter((trade) => !isFx(trade)),
    (trade) => trade.get('symbol'),
  );
  return [...shares]
    .map(([asset, of]) => ({ asset, quantity: sum(of.map((trade) => trade.get('quantity'))) }))
    .toSorted((a, b) => (a.asset < b.asset ? -1 : 1));
};

/** Complete, as a broker tells it: every currency, and not a word about shares. */
const statementOf = ({ period, cash }: Report): Fact => {
  const items = cash
    .map((row) => ({ currency: row.get('currency'), total: plain(row.get('endingCash')) }))
    .toSorted((a, b) => (a.currency < b.currency ? -1 : 1));
  return {
    schema: 'trueup.statement/1',
    account: ACCOUNT,
    venue: VENUE,
    asOf: nextMidnight(period.get('toDate')),
    takenAt: localTime(period.get('whenGenerated')),
    balances: { complete: true, scope: null, error: null, items },
  };
};

/** Does every trade's proceeds equal quantity x price to the last digit? */
export const proceedsTie = (file: FlexFile): boolean =>
  named(xmlElements(readData(`${FOLDER}testIBFlexStatementFile${file}.xml`)), 'Trade').every(
    (trade) =>
      equal(
        negate(multiply(trade.get('quantity'), trade.get('tradePrice'))),
        trade.get('proceeds'),
      ),
  );
