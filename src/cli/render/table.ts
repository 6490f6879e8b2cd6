/** Tables: words to the left, amounts aligned on their point. */
import { visible } from '../../model/visible.ts';
import type { Terminal } from '../terminal.ts';
import { type Amount, type AmountParts, partsOf } from './amount.ts';

export type Cell = string | Amount;

const gap = '  ';

/** Lines of a table, headings first. Where a person looks, zeros fill the digits up, dimmed. */
export function tableLines(
  terminal: Pick<Terminal, 'isTty' | 'style'>,
  headings: readonly string[],
  rows: readonly (readonly Cell[])[],
): readonly string[] {
  const shown = rows.map((row) => row.map(visibleCell));
  const columns = headings.map((heading, index) =>
    columnOf(
      heading,
      shown.map((row) => row[index] ?? ''),
    ),
  );
  const heading = columns.map((column) => pad(column, column.heading));
  const lines = shown.map((row) =>
    row.map((cell, index) => cellText(terminal, columns[index]!, cell)).join(gap),
  );
  return [terminal.style('dim', heading.join(gap).trimEnd()), ...lines].map((line) =>
    `${gap}${line}`.trimEnd(),
  );
}

/** What others wrote stays in its cell. */
const visibleCell = (cell: Cell): Cell => (typeof cell === 'string' ? visible(cell) : cell);

interface Column {
  readonly heading: string;
  readonly numeric: boolean;
  readonly width: number;
  /** Digits behind the point of the longest cell. */
  readonly fraction: number;
}

function columnOf(heading: string, cells: readonly Cell[]): Column {
  const numeric = cells.some((cell) => typeof cell !== 'string');
  const parts = cells.map((cell) => (typeof cell === 'string' ? null : partsOf(cell)));
  const whole = Math.max(0, ...parts.map((part) => part?.whole.length ?? 0));
  const fraction = Math.max(0, ...parts.map((part) => part?.fraction.length ?? 0));
  const texts = cells.map((cell) => (typeof cell === 'string' ? cell.length : 0));
  const width = Math.max(heading.length, whole + pointed(fraction), ...texts);
  return { heading, numeric, width, fraction };
}

const pointed = (fraction: number): number => (fraction === 0 ? 0 : fraction + 1);

const pad = ({ numeric, width }: Column, text: string): string =>
  numeric ? text.padStart(width) : text.padEnd(width);

function cellText(terminal: Pick<Terminal, 'isTty' | 'style'>, column: Column, cell: Cell): string {
  if (typeof cell === 'string') return pad(column, cell);
  const parts = partsOf(cell);
  const left = parts.whole.padStart(column.width - pointed(column.fraction));
  return left + behindPoint(terminal, column, parts);
}

function behindPoint(
  terminal: Pick<Terminal, 'isTty' | 'style'>,
  { fraction: width }: Column,
  { whole, fraction }: AmountParts,
): string {
  if (width === 0) return '';
  const missing = width - fraction.length;
  const given = fraction === '' ? '' : `.${fraction}`;
  const isCut = fraction.endsWith('…');
  if (!terminal.isTty || whole === '?' || isCut) {
    return given + ' '.repeat(missing + (fraction === '' ? 1 : 0));
  }
  const zeros = fraction === '' ? `.${'0'.repeat(missing)}` : '0'.repeat(missing);
  return given + (zeros === '' ? '' : terminal.style('dim', zeros));
}
