import type { CgtLine } from './cgtcalc-lines.ts';
import { daysBetween, readLines } from './cgtcalc-lines.ts';
import type { Fact, Loaded } from './data-folder.ts';
import { hasData, listData, readData } from './data-folder.ts';
import { negate, plain } from './exact.ts';
import { accountFact, nanosecondAfter, spotInstrument } from './fact-makers.ts';

// Reports of a UK capital gains calculator. Its pool ("Section 104") is average cost with expenses,
// but it first matches sales with purchases of the same day and of the next 30 days: rules of tax
// that a book does not follow. Cases where neither occurs are average cost and nothing else.

const FOLDER = 'lots-cgtcalc/';
const ACCOUNT = 'main';
const VENUE = 'cgtcalc';
const MATCHING_DAYS = 30;
const AVERAGE_DECIMALS = 5;

export interface Holding {
  readonly asset: string;
  readonly quantity: string;
  /** Rounded to averageDecimals. */
  readonly averageCost: string;
}

export interface Disposal {
  readonly day: string;
  readonly asset: string;
  readonly quantity: string;
  /** Whole pounds, rounded down; all sales of that asset on that day together. */
  readonly gain: string;
  readonly executionIds: readonly string[];
}

export interface CgtExpected {
  readonly holdings: readonly Holding[];
  readonly disposals: readonly Disposal[];
  readonly averageDecimals: number;
}

export interface CgtScope {
  readonly inScope: boolean;
  readonly reason: string;
}

export const available = (): boolean => hasData(FOLDER);

export const listCases = (): readonly string[] =>
  listData(`${FOLDER}Inputs/`).map((file) => file.slice(0, -'.txt'.length));

/** Is the case decided by average cost alone, in the order of time? */
export const scopeOf = (name: string): CgtScope => {
  const lines = readLines(name);
  const disposals = lines.filter(({ kind }) => kind === 'SELL' || kind === 'SPOUSEOUT');
  const acquisitions = lines.filter(({ kind }) => kind === 'BUY' || kind === 'SPOUSEIN');
  const gaps = disposals.flatMap(({ day, asset }) =>
    acquisitions
      .filter((acquisition) => acquisition.asset === asset)
      .map((acquisition) => daysBetween(day, acquisition.day)),
  );
  const reasons = [
    ...(gaps.includes(0) ? ['bought and sold on one day'] : []),
    ...(gaps.some((gap) => gap > 0 && gap <= MATCHING_DAYS) ? ['bought again in 30 days'] : []),
  ];
  const inScope = reasons.length === 0;
  return { inScope, reason: inScope ? 'average cost decides it' : reasons.join('; ') };
};

export const loadCgt = (name: string): Loaded<CgtExpected> => {
  const lines = readLines(name);
  const report = readData(`${FOLDER}Outputs/${name}.txt`);
  const expected = {
    holdings: holdingsOf(report),
    disposals: disposalsOf(report, lines),
    averageDecimals: AVERAGE_DECIMALS,
  };
  return { facts: [...openingFacts(lines), ...lines.flatMap(lineFacts)], expected };
};

const HOLDING = /^(\S+): ([\d.]+) units acquired at £([\d.]+) cost basis$/gm;

const holdingsOf = (report: string): readonly Holding[] =>
  [...report.matchAll(HOLDING)].map(([, asset = '', quantity = '', average = '']) => ({
    asset,
    quantity: plain(quantity),
    averageCost: plain(average),
  }));

const DISPOSAL = /^\d+\) SOLD (\S+) of (\S+) on (\d\d)\/(\d\d)\/(\d{4}) for (\w+) of £([\d.]+)$/gm;

const disposalsOf = (report: string, lines: readonly CgtLine[]): readonly Disposal[] =>
  [...report.matchAll(DISPOSAL)].map((match) => {
    const [, quantity = '', asset = '', date = '', month = '', year = '', word, pounds = ''] =
      match;
    const day = `${year}-${month}-${date}`;
    const sales = lines.filter(
      (line) => line.kind === 'SELL' && line.day === day && line.asset === asset,
    );
    const gain = word === 'LOSS' ? negate(pounds) : plain(pounds);
    return { day, asset, quantity: plain(quantity), gain, executionIds: sales.map(idOf) };
  });

const openingFacts = (lines: readonly CgtLine[]): readonly Fact[] => {
  const assets = [...new Set(lines.map(({ asset }) => asset))].toSorted();
  const time = `${lines[0]?.day ?? ''}T00:00:00Z`;
  return [
    accountFact({ account: ACCOUNT, venue: VENUE, currency: 'GBP', feesInCost: true, time }),
    ...assets.map((asset) =>
      spotInstrument({ venue: VENUE, base: asset, quote: 'GBP', symbol: asset, class: 'equity' }),
    ),
  ];
};

const idOf = ({ line }: CgtLine): string => `line-${line}`;

const lineFacts = (line: CgtLine): readonly Fact[] => {
  const time = nanosecondAfter(`${line.day}T12:00:00`, line.line);
  const common = { account: ACCOUNT, time };
  const instrument = `${line.asset}/GBP`;
  const id = idOf(line);
  switch (line.kind) {
    case 'BUY':
    case 'SELL': {
      const { quantity, price, expenses: fee } = line;
      const side = line.kind === 'BUY' ? 'buy' : 'sell';
      const trade = { instrument, side, quantity, price, fee, feeCurrency: 'GBP' };
      return [{ kind: 'fill', ...common, ...trade, executionId: id }];
    }
    case 'SPOUSEIN': {
      const units = { currency: line.asset, amount: line.quantity, cost: line.totalCost };
      return [{ kind: 'deposit', ...common, ...units, id }];
    }
    case 'SPOUSEOUT':
      return [{ kind: 'withdrawal', ...common, currency: line.asset, amount: line.quantity, id }];
    case 'CAPRETURN':
      return [{ kind: 'return-of-capital', ...common, instrument, amount: line.value, id }];
    case 'DIVIDEND':
      return reinvestedDividend(common, instrument, line.value, id);
    default:
      return [{ kind: 'split', ...common, instrument, ratio: line.ratio, cashInLieu: '0', id }];
  }
};

/** Paid and at once put back into the holding: no cash in the end, a higher cost. */
const reinvestedDividend = (common: Fact, instrument: string, amount: string, id: string) => {
  const back = { instrument, amount: negate(amount), id: `${id}-reinvested` };
  return [
    { kind: 'dividend', ...common, instrument, currency: 'GBP', amount, id },
    { kind: 'return-of-capital', ...common, ...back },
  ];
};
