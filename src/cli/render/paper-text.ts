/** A run on paper as a person reads it: what it earned, what it holds, and whether it is true. */
import type { CheckDocument } from '../../report/check-document.ts';
import type { PaperDocument } from '../../report/paper-document.ts';
import type { Terminal } from '../terminal.ts';
import { amountText, counted, countText, timeText } from './amount.ts';
import { bookLines } from './book-text.ts';
import { unknownLines, verdictLine, viewOfCheck } from './check-text.ts';
import { bridgeLines } from './performance-text.ts';
import { type Cell, tableLines } from './table.ts';

const digits = 8;

export function paperLines(terminal: Terminal, document: PaperDocument): readonly string[] {
  const check = viewOfCheck({ json: document.check } as CheckDocument);
  const { performance, currency } = document;
  const begins = `${timeText(document.from)} to ${timeText(document.to)}`;
  return [
    `${terminal.style('bold', `PAPER ${document.account}`)} · ${begins}`,
    ...document.data.map(
      (one) => `  ${one.instrument}: ${countText(one.events)} ${one.kind} of ${one.file}`,
    ),
    '',
    ...strategyLines(terminal, document),
    '',
    ...earnedLines(performance, currency),
    '',
    ...bridgeLines(terminal, performance.bridge),
    '',
    ...bookLines(terminal, document.book, { all: false }),
    ...noteLines(document),
    '',
    ...assumptionLines(document.assumptions),
    ...unknownLines(check),
    '',
    `${verdictLine(terminal, check)} · the book and the exchange's own statement`,
  ];
}

function strategyLines(terminal: Terminal, { strategies }: PaperDocument): readonly string[] {
  const headings = ['STRATEGY', 'SHARE', 'ORDERS', 'FILLS', 'REALISED', 'FEES', 'RESULT'];
  const rows = strategies.map((one): Cell[] => [
    one.name,
    { amount: one.share },
    { amount: String(one.orders) },
    { amount: String(one.fills) },
    { amount: one.realised, digits, signed: true },
    { amount: one.fees, digits },
    { amount: one.result, digits, signed: true },
  ]);
  return tableLines(terminal, headings, rows);
}

function earnedLines(
  {
    equity,
    capital,
    returnPercent,
    drawdown,
    orders,
    fills,
    ...rest
  }: PaperDocument['performance'],
  currency: string,
): readonly string[] {
  const percent = (text: string | null) => `${amountText(text, { signed: true })} %`;
  const fell =
    drawdown === null
      ? 'never below an earlier high'
      : `${amountText(drawdown.amount, { digits })} (${amountText(drawdown.percent)} %) ` +
        `from ${timeText(drawdown.from)} to ${timeText(drawdown.to)}`;
  const unknown = rest.barsWithoutEquity;
  return [
    `  return    ${percent(returnPercent)}, ${amountText(capital)} to ` +
      `${amountText(equity, { digits })} ${currency}`,
    `  drawdown  ${fell}`,
    `  trades    ${counted(fills, 'fill')} of ${counted(orders, 'order')}`,
    ...(unknown === 0 ? [] : [`  ? equity was not known at ${counted(unknown, 'bar')}`]),
  ];
}

function noteLines({ notes }: PaperDocument): readonly string[] {
  if (notes.length === 0) return [];
  const lines = notes.map(
    ({ code, strategy, why, count }) =>
      `  ! ${strategy ?? 'all'}: ${code}, ${counted(count, 'time')}, first: ${why}`,
  );
  return ['', ...lines];
}

/** As the exchange declares them, whatever they are. */
function assumptionLines(assumptions: object): readonly string[] {
  const lines = Object.entries(assumptions).flatMap(([name, value]): string[] =>
    Array.isArray(value) ? value.map((one) => `  - ${one}`) : [`  ${name}: ${value}`],
  );
  return ['assumptions of the paper exchange', ...lines];
}
