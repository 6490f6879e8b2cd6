import { loadRoundTrip } from './ccxt-excerpts.ts';
import { listCases, loadCgt, scopeOf as scopeOfCgt } from './cgtcalc.ts';
import { loadFreqtrade } from './freqtrade-backtest.ts';
import { flexFiles, loadFlex } from './ibflex.ts';
import { loadPyfolio } from './positions-pyfolio.ts';
import { listReports, loadRp2, loadRp2Holdings, scopeOf as scopeOfRp2 } from './rp2.ts';

// The tables of docs/PROOFS.md, made from the data and from what says which case is in scope. The
// tests prove exactly the cases that are in scope by the same functions, so no case is left out
// without a row that says so.

/** A Markdown table: headings, rule and rows. */
export type Table = readonly string[];

const table = (headings: readonly string[], rows: readonly (readonly string[])[]): Table => [
  rowOf(headings),
  rowOf(headings.map(() => '---')),
  ...rows.map(rowOf),
];

const rowOf = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** In the order of the document. */
export const proofsTables = (): readonly Table[] => [
  pyfolioTable(),
  freqtradeTable(),
  rp2Table(),
  cgtTable(),
  flexTable(),
  roundTripTable(),
];

const pyfolioTable = (): Table => {
  const { days, fillCount, tolerance } = loadPyfolio().expected;
  const priced = days.flatMap(({ positions }) => positions.filter(({ price }) => price !== null));
  return table(
    ['what', 'compared', 'within'],
    [
      ['fills booked', `${fillCount}`, 'exact'],
      ['cash each evening', `${days.length}`, tolerance.cash],
      ['change of cash each day', `${days.length - 1}`, tolerance.cashChange],
      [
        'value of a position, where the day has a price',
        `${priced.length}`,
        tolerance.positionValue,
      ],
    ],
  );
};

const freqtradeTable = (): Table => {
  const { trades, fees, closingBalance, profitDecimals, ratioDecimals } = loadFreqtrade().expected;
  const places = (decimals: number): string => `equal at ${decimals} decimals`;
  return table(
    ['what', 'compared', 'how'],
    [
      ['gross profit of a trade', `${trades.length}`, places(profitDecimals)],
      ['profit ratio net of both fees', `${trades.length}`, places(ratioDecimals)],
      ['fees of all fills', fees, 'exact'],
      ['closing balance', closingBalance, 'exact'],
    ],
  );
};

const rp2Table = (): Table => {
  const rows = listReports().flatMap((report) =>
    report.assets.map((asset) => {
      const { inScope, reason } = scopeOfRp2(report, asset);
      const { matched } = loadRp2(report, asset).expected;
      const holdings = loadRp2Holdings(report, asset).expected.length;
      return [
        `${report.country} ${report.input} ${report.method} ${asset}`,
        inScope ? 'ties' : 'out of scope',
        reason,
        inScope ? `${matched.length}` : '-',
        `${holdings} of ${holdings} tie`,
      ];
    }),
  );
  return table(['report', 'lots, costs, gains', 'why', 'matches', 'holdings'], rows);
};

const cgtTable = (): Table => {
  const rows = listCases().map((name) => {
    const { inScope, reason } = scopeOfCgt(name);
    const { holdings, disposals } = loadCgt(name).expected;
    const gains = inScope ? `${disposals.length}` : '-';
    return [name, inScope ? 'ties' : 'out of scope', reason, gains, `${holdings.length}`];
  });
  return table(['case', 'average cost and gains', 'why', 'gains', 'holdings (units tie)'], rows);
};

const flexTable = (): Table => {
  const rows = flexFiles.flatMap((file) =>
    loadFlex(file).expected.currencies.map(
      ({ currency, ours, theirs, difference, gaps, residual }) => [
        `${file}`,
        currency,
        ours,
        theirs,
        difference,
        gaps.map(({ category, amount }) => `${category} ${amount}`).join(', ') || '-',
        residual,
      ],
    ),
  );
  const headings = [
    'file',
    'currency',
    'book',
    'statement',
    'difference',
    'not in the file',
    'residual',
  ];
  return table(headings, rows);
};

const roundTripTable = (): Table => {
  const { instrument, quantity, gross, fees, net } = loadRoundTrip().expected;
  return table(
    ['instrument', 'quantity', 'gross', 'fees', 'net'],
    [[instrument, quantity, gross, fees, net]],
  );
};
