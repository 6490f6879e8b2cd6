/**
 * Prices as people have them: facts of kind mark a line, a JSON object of prices by symbol, a
 * JSON list of {symbol, price, time}, or CSV with these columns. A number keeps its digits.
 */
import { compare as compareDecimals, type Decimal, isPositive } from '../../decimal/decimal.ts';
import { decimalFaultText, parseDecimal } from '../../decimal/text.ts';
import { csvRows, separatorOf } from '../../model/csv.ts';
import { type Instant, parseInstant } from '../../model/instant.ts';
import { isJsonObject, jsonText, numberText, parseJson } from '../../model/lossless-json.ts';
import type { Where } from '../../model/result.ts';
import { SourceRefused } from './refused.ts';

export interface GivenPrice {
  /** As it was given: a symbol, or an instrument such as ACI/USD. */
  readonly symbol: string;
  readonly price: Decimal;
  /** Null: nobody said of when it is. */
  readonly at: Instant | null;
}

const forms =
  'prices are lines of mark facts, {"ACI":"17.05"}, [{"symbol","price","time"}] or CSV of these';

const refuse = (code: string, message: string, where: Where, hint: string): SourceRefused =>
  new SourceRefused({ code, message, where, rule: forms, hint });

/** Throws SourceRefused. `name`: of the file or address, as people are told it. */
export function pricesOf(text: string, name: string): readonly GivenPrice[] {
  const plain = text.replace(/^\ufeff/, '');
  const first = plain.trimStart()[0];
  if (first === undefined) {
    throw refuse('prices-empty', `${name} is empty`, { file: name }, 'write a price a symbol');
  }
  if (first !== '{' && first !== '[') return csvPrices(plain, name);
  return newestOf(
    first === '{' && isLines(plain) ? linePrices(plain, name) : jsonPrices(plain, name),
    name,
  );
}

/** Several lines that are each an object of their own, or one mark alone. */
const isLines = (text: string): boolean =>
  /\}\s*\n\s*\{/.test(text) || /^\s*\{[^{}]*"kind"\s*:/.test(text);

function* linePrices(text: string, file: string): Generator<Placed> {
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const where = { file, line: index + 1 };
    yield itemAt(jsonOf(line, where), where);
  }
}

function* jsonPrices(text: string, file: string): Generator<Placed> {
  const json = jsonOf(text, { file });
  if (Array.isArray(json)) {
    for (const [index, item] of json.entries()) yield itemAt(item, { file, field: `[${index}]` });
    return;
  }
  if (!isJsonObject(json)) {
    throw refuse('prices-bad', `${file} holds ${jsonText(json)}`, { file }, 'see the forms');
  }
  for (const [symbol, value] of Object.entries(json)) {
    const where = { file, field: symbol };
    yield { symbol, price: priceAt(value, where), at: null, where };
  }
}

function* csvItems(text: string, file: string): Generator<Placed> {
  const rows = csvRows(text, separatorOf(text));
  const head = rows.next();
  const names = head.done === true ? [] : head.value.cells.map((cell) => cell.toLowerCase());
  const columns = columnsOf(names, file);
  for (const { line, cells, fault } of rows) {
    const where = { file, line };
    if (fault !== null) {
      throw refuse('prices-bad', `a quote is not closed`, where, 'close it, or leave it out');
    }
    const [symbol = '', price = '', time = ''] = columns.map((at) => cells[at] ?? '');
    if (symbol === '') throw refuse('price-nameless', 'the symbol is missing', where, 'add it');
    const at = time === '' ? null : timeAt(time, { ...where, field: 'time' });
    const priced = { ...where, field: `price of ${symbol}` };
    yield { symbol, price: priceAt(price, priced), at, where };
  }
}

function columnsOf(names: readonly string[], file: string): readonly number[] {
  const symbol = names.findIndex((name) => name === 'symbol' || name === 'instrument');
  const price = names.indexOf('price');
  if (symbol >= 0 && price >= 0) return [symbol, price, names.indexOf('time')];
  const said = `the first line of ${file} names ${names.join(', ') || 'no columns'}`;
  throw refuse('prices-bad', said, { file, line: 1 }, 'begin with symbol,price,time');
}

const csvPrices = (text: string, name: string): readonly GivenPrice[] =>
  newestOf(csvItems(text, name), name);

interface Placed extends GivenPrice {
  readonly where: Where;
}

function jsonOf(text: string, where: Where): unknown {
  const read = parseJson(text, where);
  if (read.ok) return read.value;
  throw new SourceRefused({ ...read.refusal, rule: forms });
}

/** A mark fact, or an object with a symbol. */
function itemAt(item: unknown, where: Where): Placed {
  if (!isJsonObject(item)) {
    throw refuse('prices-bad', `${jsonText(item)} is no price`, where, 'write it in { }');
  }
  const { kind, symbol = item['instrument'], price, time } = item;
  if (kind !== undefined && kind !== 'mark') {
    const said = `a fact of kind ${jsonText(kind)} is no price`;
    throw refuse('prices-bad', said, { ...where, field: 'kind' }, 'only marks are read');
  }
  if (typeof symbol !== 'string' || symbol === '') {
    throw refuse('price-nameless', 'the symbol is missing', where, 'add "symbol"');
  }
  const at = time === undefined || time === null ? null : timeAt(time, { ...where, field: 'time' });
  return { symbol, price: priceAt(price, { ...where, field: `price of ${symbol}` }), at, where };
}

function priceAt(value: unknown, where: Where): Decimal {
  const text = typeof value === 'string' ? value : numberText(value);
  const told = value === undefined ? 'missing' : jsonText(value);
  const place = { ...where, value: told };
  if (text === null) {
    const hint = 'write a decimal, or leave the symbol out where its price is not known';
    throw refuse('price-bad', `${where.field} is ${told}`, place, hint);
  }
  const read = parseDecimal(text);
  if (!read.ok) {
    const said = `${where.field} ${JSON.stringify(text)} ${decimalFaultText[read.fault]}`;
    throw refuse('price-bad', said, place, 'write all digits, such as 17.05');
  }
  if (isPositive(read.value)) return read.value;
  const said = `${where.field} ${JSON.stringify(text)} is not greater than 0`;
  const hint = 'leave the symbol out where its price is not known: 0 would make it worthless';
  throw refuse('price-not-positive', said, place, hint);
}

function timeAt(value: unknown, where: Where): Instant {
  const at = typeof value === 'string' ? parseInstant(value) : null;
  if (at !== null) return at;
  const said = `time ${jsonText(value)} is no RFC 3339 time`;
  const hint = 'write it with its offset, such as 2026-01-12T15:00:00Z';
  throw refuse('time-bad', said, { ...where, value: jsonText(value) }, hint);
}

/** The newest price of each symbol; two at once must agree. */
function newestOf(prices: Iterable<Placed>, name: string): readonly GivenPrice[] {
  const bySymbol = new Map<string, GivenPrice>();
  for (const { where, ...one } of prices) {
    const known = bySymbol.get(one.symbol);
    if (known !== undefined && known.at === one.at && !sameText(known, one)) {
      const said = `${name} has two prices of ${one.symbol}`;
      throw refuse('price-twice', said, where, 'leave out the one that is wrong');
    }
    if (known === undefined || (known.at ?? 0n) <= (one.at ?? 0n)) bySymbol.set(one.symbol, one);
  }
  return [...bySymbol.values()];
}

const sameText = (a: GivenPrice, b: GivenPrice): boolean => compareDecimals(a.price, b.price) === 0;
