/** Bars and trades from CSV or NDJSON: rows of named values, their numbers as they are written. */
import type { Decimal } from '../../../decimal/decimal.ts';
import { decimal } from '../../../decimal/text.ts';
import { csvRows, separatorOf } from '../../../model/csv.ts';
import { type Instant, parseInstant } from '../../../model/instant.ts';
import { isJsonObject, numberText, parseJson } from '../../../model/lossless-json.ts';
import type { Refusal } from '../../../model/result.ts';
import type { MarketEvent } from '../paper-exchange.ts';
import { feedFault } from './feed-fault.ts';

export interface Read {
  readonly events: readonly MarketEvent[];
  readonly faults: readonly Refusal[];
}

export interface BarFile {
  readonly instrument: string;
  /** How long a bar is: its time is when it begins, and it is known when it ends. */
  readonly barMs: number;
}

export const readBars = (text: string, { instrument, barMs }: BarFile): Read =>
  readRows(text, (row) => {
    const [open, high, low, close] = ['open', 'high', 'low', 'close'].map((name) =>
      numberIn(row, [name]),
    );
    const volume = numberIn(row, ['volume']);
    const begins = timeIn(row);
    if (!open || !high || !low || !close || !volume || begins === null) return null;
    const at = begins + BigInt(barMs) * 1_000_000n;
    return { kind: 'bar', instrument, at, open, high, low, close, volume };
  });

export const readTrades = (text: string, instrument: string): Read =>
  readRows(text, (row) => {
    const price = numberIn(row, ['price']);
    const quantity = numberIn(row, ['quantity', 'amount', 'size', 'qty']);
    const at = timeIn(row);
    const side = row['side']?.toLowerCase();
    if (!price || !quantity || at === null || (side !== 'buy' && side !== 'sell')) return null;
    return { kind: 'trade', instrument, at, price, quantity, side };
  });

type Row = Readonly<Record<string, string>>;

/** In order of time; rows of one instant stay as they came. */
function readRows(text: string, eventOf: (row: Row) => MarketEvent | null): Read {
  const events: MarketEvent[] = [];
  const faults: Refusal[] = [];
  const rows = text.trimStart().startsWith('{') ? jsonRows(text) : tableRows(text);
  for (const { line, row } of rows) {
    const event = row === null ? null : eventOf(row);
    if (event !== null) events.push(event);
    else faults.push(feedFault(line, 'row-unreadable', 'the row lacks a value, or one is bad'));
  }
  events.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return { events, faults };
}

interface NumberedRow {
  readonly line: number;
  readonly row: Row | null;
}

function* tableRows(text: string): Generator<NumberedRow> {
  let names: readonly string[] | null = null;
  for (const { line, cells, fault } of csvRows(text, separatorOf(text))) {
    if (names === null) names = cells.map((cell) => cell.toLowerCase());
    else if (fault !== null || cells.length !== names.length) yield { line, row: null };
    else {
      const row = Object.fromEntries(names.map((name, index) => [name, cells[index]!]));
      yield { line, row };
    }
  }
}

function* jsonRows(text: string): Generator<NumberedRow> {
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const json = parseJson(line);
    const isRow = json.ok && isJsonObject(json.value);
    yield { line: index + 1, row: isRow ? textsOf(json.value as object) : null };
  }
}

const textsOf = (row: object): Row =>
  Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) => {
      const text = typeof value === 'string' ? value : numberText(value);
      return text === null ? [] : [[name.toLowerCase(), text]];
    }),
  );

function numberIn(row: Row, names: readonly string[]): Decimal | null {
  const name = names.find((one) => row[one] !== undefined);
  return name === undefined ? null : plainNumber(row[name]!);
}

/** A number >= 0, also with an exponent, digit by digit. */
export function plainNumber(text: string): Decimal | null {
  const parts = /^(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text);
  if (parts === null) return null;
  const [, whole = '', fraction = '', exponent = '0'] = parts;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  const padded = digits.padStart(digits.length + Math.max(0, 1 - point), '0');
  const at = Math.max(point, 1);
  const filled = padded.padEnd(at, '0');
  return decimal(at === filled.length ? filled : `${filled.slice(0, at)}.${filled.slice(at)}`);
}

/** RFC 3339, or whole seconds, milliseconds, microseconds or nanoseconds since 1970. */
function timeIn(row: Row): Instant | null {
  const text = row['time'] ?? row['timestamp'] ?? row['date'] ?? '';
  if (!/^\d{9,19}$/.test(text)) return parseInstant(text);
  const digits = text.length <= 11 ? 9 : text.length <= 14 ? 6 : text.length <= 17 ? 3 : 0;
  return BigInt(text) * 10n ** BigInt(digits);
}
