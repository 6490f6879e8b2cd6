/** One account's books as a person reads them. */
import type { BookDocument } from '../../report/book-document.ts';
import type { Terminal } from '../terminal.ts';
import { type Amount, amountText, countText, timeText } from './amount.ts';
import { paperMark } from './mode.ts';
import { type Cell, tableLines } from './table.ts';

/** Averages and values derived by division have more digits than anybody reads. */
const digits = 8;

const exact = (amount: string | null): Amount => ({ amount });
const derived = (amount: string | null): Amount => ({ amount, digits });
const change = (amount: string | null): Amount => ({ amount, digits, signed: true });

export function bookLines(
  terminal: Terminal,
  book: BookDocument,
  { all }: { readonly all: boolean },
): readonly string[] {
  const { account, asOf, sequence, mode } = book;
  const title = terminal.style('bold', `book ${account}`) + paperMark(mode);
  return [
    `${title} · as of ${timeText(asOf)} · sequence ${countText(sequence)}`,
    '',
    ...balanceLines(terminal, book, all),
    ...positionLines(terminal, book),
    '',
    ...equityLines(terminal, book),
    ...unknownLines(book),
  ];
}

function balanceLines(terminal: Terminal, book: BookDocument, all: boolean): readonly string[] {
  const rows = book.balances
    .filter(({ total, currency }) => all || total !== '0' || currency === book.currency)
    .map(({ currency, total }): Cell[] => [currency, exact(total)]);
  return tableLines(terminal, ['BALANCE', 'TOTAL'], rows);
}

function positionLines(terminal: Terminal, { positions }: BookDocument): readonly string[] {
  if (positions.length === 0) return [];
  const headings = ['POSITION', 'LEG', 'QUANTITY', 'AVERAGE', 'MARK', 'UNREALISED', 'REALISED'];
  const rows = positions.map((position): Cell[] => [
    position.asset ?? position.instrument,
    position.leg,
    exact(position.quantity),
    derived(position.averagePrice),
    exact(position.mark?.price ?? null),
    change(position.unrealisedPnl),
    change(position.realisedPnl),
  ]);
  return ['', ...tableLines(terminal, headings, rows)];
}

function equityLines(terminal: Terminal, { currency, equity, realisedPnl }: BookDocument) {
  const { gross, fees, funding, net } = realisedPnl;
  const cost = fees === null ? null : negated(fees);
  const rows: Cell[][] = [
    ['cash', derived(equity.cash)],
    ['other coins and positions', change(equity.positionsValue)],
    ['equity', derived(equity.total)],
    ...(equity.total === null ? [['known of it', derived(equity.known)]] : []),
    ['', ''],
    ['realised', change(gross)],
    ['fees', change(cost)],
    ['funding', change(funding)],
    ['realised net', change(net)],
  ];
  return tableLines(terminal, ['', currency], rows);
}

const negated = (amount: string): string => {
  if (amount === '0') return amount;
  return amount.startsWith('-') ? amount.slice(1) : `-${amount}`;
};

/** Why something is shown as unknown. */
function unknownLines(book: BookDocument): readonly string[] {
  const { equity, realisedPnl, positions, waiting } = book;
  const lines = equity.unpriced.map(
    ({ what, quantity, why }) => `${amountText(quantity)} ${what}: ${reasons[why]}`,
  );
  for (const { asset, instrument, unknownQuantity } of positions) {
    if (unknownQuantity === '0') continue;
    lines.push(`${amountText(unknownQuantity)} ${asset ?? instrument}: its cost was never stated`);
  }
  if (realisedPnl.unknown.includes('fees')) lines.push(feesReason(book));
  for (const cause of realisedPnl.unknown) {
    if (cause !== 'fees') lines.push(`${cause}: moved coins whose cost is not known`);
  }
  for (const id of waiting ?? []) lines.push(`execution ${id}: a bust or correction waits for it`);
  return lines.length === 0 ? [] : ['', ...lines.map((line) => `  ? ${line}`)];
}

const feesReason = ({ positions }: BookDocument): string =>
  positions.some((position) => position.feesUnknown > 0)
    ? 'fees: some are not known yet'
    : 'fees: some were paid in coins whose cost is not known';

const reasons = {
  'no-mark': 'no price is known',
  'stale-mark': 'its price is too old',
  'unknown-cost': 'its entry price is not known',
  'never-booked': 'nothing of it was ever booked',
} as const;
