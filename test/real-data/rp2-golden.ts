import { csvRows } from './csv.ts';
import { listData, readData } from './data-folder.ts';
import { plain } from './exact.ts';
import { holdingOf, instant } from './rp2-input.ts';

// The reports that rp2 itself made of those rows, one folder per country, input and lot method.

const GOLDEN = 'lots-rp2/golden/';
const SUFFIX = '_rp2_full_report';

export type Rp2Method = 'fifo' | 'lifo' | 'hifo' | 'lofo';

export interface Rp2Report {
  readonly country: string;
  readonly input: string;
  readonly method: Rp2Method;
  readonly folder: string;
  readonly currency: string;
  readonly assets: readonly string[];
}

/** One part of one disposal, taken from one lot. */
export interface Matched {
  readonly time: string;
  /** SELL, GIFT, DONATE, or MOVE: the network fee of a move between one's own holdings. */
  readonly type: string;
  readonly quantity: string;
  readonly lotTime: string;
  readonly cost: string;
  /** This part's share of the proceeds, to 28 digits or so. */
  readonly proceeds: string;
  /** A float in print: 17 significant digits. */
  readonly gain: string;
}

export interface HoldingBalance {
  readonly holding: string;
  readonly acquired: string;
  readonly sent: string;
  readonly received: string;
  readonly final: string;
}

export interface GoldenTax {
  readonly matched: readonly Matched[];
  readonly balances: readonly HoldingBalance[];
  /** All that was ever paid / all coins that ever came in: not the average of what is left. */
  readonly averagePaid: string;
}

const CURRENCIES: Readonly<Record<string, string>> = { us: 'USD', generic: 'EUR' };

export const listReports = (): readonly Rp2Report[] =>
  listData(GOLDEN).flatMap((country) =>
    listData(`${GOLDEN}${country}/`).map((name) => reportOf(country, name)),
  );

const reportOf = (country: string, name: string): Rp2Report => {
  const words = name.slice(0, -SUFFIX.length).replace('_generic', '').split('_');
  const folder = `${GOLDEN}${country}/${name}/`;
  const taxFiles = listData(folder).filter((file) => file.endsWith('_Tax.csv'));
  return {
    country,
    input: words.slice(0, -1).join('_'),
    method: words.at(-1) as Rp2Method,
    folder,
    currency: CURRENCIES[country] ?? '',
    assets: taxFiles.map((file) => file.slice(0, -'_Tax.csv'.length)),
  };
};

const IN_EVENT = 'IN / ';

export const readGoldenTax = (report: Rp2Report, asset: string): GoldenTax => {
  const rows = csvRows(readData(`${report.folder}${asset}_Tax.csv`));
  return {
    matched: sectionOf(rows, 'Gain / Loss Detail')
      .filter(([, , , , , , type = '']) => !type.startsWith(IN_EVENT))
      .map(matchedOf),
    balances: sectionOf(rows, 'Account Balances')
      .filter(([exchange]) => exchange !== 'Total')
      .map(balanceOf),
    averagePaid: plain(sectionOf(rows, 'Average Price')[0]?.[0] ?? ''),
  };
};

/** The rows of a section, below its title and two lines of headings. */
const sectionOf = (rows: readonly (readonly string[])[], title: string) => {
  const body = rows.slice(rows.findIndex((row) => row[0] === title) + 3);
  const end = body.findIndex((row) => row.length === 1 && row[0] === '');
  return end < 0 ? body : body.slice(0, end);
};

const matchedOf = (row: readonly string[]): Matched => {
  const [quantity = '', , , gain = '', , time = '', type = '', , proceeds = ''] = row;
  const [lotTime = '', , , , cost = ''] = row.slice(12);
  return {
    time: instant(time),
    type: type.split(' / ')[1] ?? '',
    quantity: plain(quantity),
    lotTime: instant(lotTime),
    cost: plain(cost),
    proceeds: plain(proceeds),
    gain: plain(gain),
  };
};

const balanceOf = (row: readonly string[]): HoldingBalance => {
  const [exchange = '', holder = '', , acquired = '', sent = '', received = '', final = ''] = row;
  return {
    holding: holdingOf(exchange, holder),
    acquired: plain(acquired),
    sent: plain(sent),
    received: plain(received),
    final: plain(final),
  };
};
