/** CSV as RFC 4180 has it: quoted cells may hold separators, doubled quotes and line breaks. */

export type Separator = ',' | ';' | '\t';

export interface CsvRow {
  /** The line the row begins on, from 1. */
  readonly line: number;
  /** Without the blanks around them. */
  readonly cells: readonly string[];
  readonly fault: 'csv-quote-open' | 'csv-quote-stray' | null;
}

interface Cell {
  readonly text: string;
  /** Just behind the cell: at a separator, at a line end, or at the end of the text. */
  readonly end: number;
  readonly fault: CsvRow['fault'];
}

/** The separator that the first line has most of, outside quotes; a comma when it has none. */
export function separatorOf(text: string): Separator {
  const first = (/^[^\r\n]*/.exec(text)?.[0] ?? '').replace(/"[^"]*"/g, '');
  const countOf = (separator: Separator) => first.split(separator).length;
  const choices: readonly Separator[] = [',', ';', '\t'];
  return choices.reduce((best, one) => (countOf(one) > countOf(best) ? one : best));
}

/**
 * All rows but blank lines. A row with a broken quote ends with its first line, so that a quote
 * which is never closed does not swallow the rest of the file.
 */
export function* csvRows(text: string, separator: Separator): Generator<CsvRow> {
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const row = rowAt(text, at, separator);
    const end = row.fault === null ? row.end : lineEnd(text, at);
    if (row.fault !== null || row.cells.length > 1 || row.cells[0] !== '') {
      yield { line, cells: row.cells, fault: row.fault };
    }
    line += 1 + lineFeedsIn(text, at, end);
    at = end + 1;
  }
}

const lineEnd = (text: string, from: number): number => {
  const at = text.indexOf('\n', from);
  return at < 0 ? text.length : at;
};

function lineFeedsIn(text: string, from: number, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) {
    count += 1;
  }
  return count;
}

function rowAt(text: string, start: number, separator: Separator) {
  const cells: string[] = [];
  for (let at = start; ; ) {
    const from = pastBlanks(text, at, separator);
    const read = text[from] === '"' ? quotedCell : bareCell;
    const cell = read(text, from, separator);
    cells.push(cell.text);
    if (cell.fault !== null || text[cell.end] !== separator) {
      return { cells, end: cell.end, fault: cell.fault };
    }
    at = cell.end + 1;
  }
}

// Blanks around a quoted cell are no part of it: people write a blank behind a comma.
function pastBlanks(text: string, from: number, separator: Separator): number {
  let at = from;
  while (text[at] === ' ' || (text[at] === '\t' && separator !== '\t')) at += 1;
  return at;
}

function bareCell(text: string, start: number, separator: Separator): Cell {
  let end = start;
  while (end < text.length && text[end] !== separator && text[end] !== '\n') end += 1;
  return { text: text.slice(start, end).trim(), end, fault: null };
}

function quotedCell(text: string, start: number, separator: Separator): Cell {
  let close = text.indexOf('"', start + 1);
  while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  if (close < 0) return { text: '', end: text.length, fault: 'csv-quote-open' };
  const inside = text.slice(start + 1, close).replaceAll('""', '"');
  const behind = pastBlanks(text, close + 1, separator);
  const end = text[behind] === '\r' ? behind + 1 : behind;
  const ended = end >= text.length || text[end] === separator || text[end] === '\n';
  return { text: inside, end, fault: ended ? null : 'csv-quote-stray' };
}
