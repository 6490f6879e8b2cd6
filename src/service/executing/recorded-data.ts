/**
 * Recorded market data from files: bars, trades, or a capture of Binance's sockets, each of one
 * instrument, plain or gzipped. A row that cannot be read ends it: what was skipped in silence
 * would be a market that never was.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { compare, type Decimal, equals, roundHalfEven } from '../../decimal/decimal.ts';
import type { Instant } from '../../model/instant.ts';
import { instantText } from '../../model/instant.ts';
import { numberText, parseJson } from '../../model/lossless-json.ts';
import type { Refusal } from '../../model/result.ts';
import { BinanceCapture } from '../../venues/paper/feed/binance-capture.ts';
import { type Read, readBars, readTrades } from '../../venues/paper/feed/tables.ts';
import type { MarketEvent } from '../../venues/paper/paper-exchange.ts';
import { PaperRefused } from './paper-refused.ts';

export type DataKind = 'bars' | 'trades' | 'capture';

export interface Recorded {
  readonly path: string;
  readonly instrument: string;
  readonly kind: DataKind;
  readonly events: readonly MarketEvent[];
  /** How long a bar is; null where the data holds none. */
  readonly barMs: number | null;
  /** Prices that were finer than the tick, and were rounded to it half-even. */
  readonly rounded: number;
}

type Of<K extends MarketEvent['kind']> = Extract<MarketEvent, { kind: K }>;

/** `priceDigits`: of the tick; binary noise behind it is no price. */
export function readRecorded(path: string, instrument: string, priceDigits: number): Recorded {
  const text = textOf(path);
  const kind = kindOf(path, text);
  const read = readAs(kind, text, instrument);
  const [fault] = read.faults;
  if (fault !== undefined) throw refusedAt(path, fault);
  if (read.events.length === 0) {
    throw refusedAt(path, said('data-empty', 'holds no market data', 'name a file with rows'));
  }
  if (kind !== 'bars')
    return { path, instrument, kind, events: read.events, barMs: null, rounded: 0 };
  const barMs = barLength(path, read.events);
  const grid = new Rounding(priceDigits);
  const bars = (read.events as readonly Of<'bar'>[]).map((bar) => ({
    ...bar,
    at: bar.at + BigInt(barMs) * nanosPerMs,
    ...{ open: grid.price(bar.open), high: grid.price(bar.high) },
    ...{ low: grid.price(bar.low), close: grid.price(bar.close) },
    volume: roundHalfEven(bar.volume, volumeDigits),
  }));
  const wrong = bars.find((bar) => !isPossible(bar));
  if (wrong !== undefined) {
    const when = instantText(wrong.at);
    const says = `has a bar, ended ${when}, whose open or close is outside its low and high`;
    throw refusedAt(path, said('bar-impossible', says, 'look at where the data comes from'));
  }
  return { path, instrument, kind, events: bars, barMs, rounded: grid.count };
}

const nanosPerMs = 1_000_000n;
const volumeDigits = 8;

class Rounding {
  readonly #digits: number;
  count = 0;

  constructor(digits: number) {
    this.#digits = digits;
  }

  price(price: Decimal): Decimal {
    const rounded = roundHalfEven(price, this.#digits);
    if (!equals(rounded, price)) this.count += 1;
    return rounded;
  }
}

const isPossible = ({ open, high, low, close }: Of<'bar'>): boolean =>
  [open, close].every((price) => compare(low, price) <= 0 && compare(price, high) <= 0) &&
  low.coefficient > 0;

/** The shortest time between two bars; two of one time would be two markets. */
function barLength(path: string, bars: readonly MarketEvent[]): number {
  let shortest: bigint | null = null;
  for (const [index, bar] of bars.slice(1).entries()) {
    const between = bar.at - bars[index]!.at;
    if (between === 0n) {
      const says = `has two bars that begin ${instantText(bar.at)}`;
      throw refusedAt(path, said('bar-repeated', says, 'keep one of them'));
    }
    if (shortest === null || between < shortest) shortest = between;
  }
  if (shortest === null) {
    const hint = 'two bars at least: how long one is comes from the time between them';
    throw refusedAt(path, said('data-too-short', 'holds one bar', hint));
  }
  return Number(shortest / nanosPerMs);
}

function textOf(path: string): string {
  try {
    const bytes = readFileSync(path);
    const isZipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return (isZipped ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const hint = 'check the path and its permissions';
    throw refusedAt(path, said('file-unreadable', `cannot be read: ${why}`, hint));
  }
}

function kindOf(path: string, text: string): DataKind {
  const head = text.slice(0, 4096).trimStart();
  if (/^\d{16,19} \{/.test(head)) return 'capture';
  const names = head.split('\n', 1)[0]!.toLowerCase();
  const has = (...words: readonly string[]) => words.every((word) => names.includes(word));
  if (has('open', 'high', 'low', 'close')) return 'bars';
  if (has('price', 'side') || head.startsWith('[[')) return 'trades';
  const hint = 'bars have date,open,high,low,close,volume, trades have time,side,price,quantity';
  throw refusedAt(path, said('data-unrecognised', 'holds neither bars nor trades', hint));
}

function readAs(kind: DataKind, text: string, instrument: string): Read {
  if (kind === 'bars') return readBars(text, { instrument, barMs: 0 });
  if (kind === 'trades') return readTrades(text.startsWith('[') ? tableOf(text) : text, instrument);
  const symbol = /"s":"([^"]+)"/.exec(text)?.[1] ?? '';
  const capture = new BinanceCapture(new Map([[symbol, instrument]]));
  const events: MarketEvent[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const event = capture.decode(line);
    if (event !== null) events.push(event);
  }
  return { events, faults: capture.faults };
}

/** Trades as rows of [time, id, type, side, price, amount], which is how freqtrade keeps them. */
function tableOf(text: string): string {
  const json = parseJson(text);
  const rows = json.ok && Array.isArray(json.value) ? (json.value as readonly unknown[]) : [];
  const lines = rows.map((row) => {
    const [time, , , side, price, quantity] = Array.isArray(row) ? row : [];
    return [numberText(time), side, numberText(price), numberText(quantity)].join(',');
  });
  return ['time,side,price,quantity', ...lines].join('\n');
}

const named = /^([A-Za-z0-9]+)_([A-Za-z0-9]+)(?:_([A-Za-z0-9]+))?-[\w.-]+$/;

/** `ETH_BTC-5m.csv` is ETH/BTC, `XRP_USDT_USDT-1h.csv` the perpetual; null: it says nothing. */
export function instrumentOf(path: string): string | null {
  const [, base, quote, settle] = named.exec(basename(path)) ?? [];
  if (base === undefined || quote === undefined) return null;
  return `${base}/${quote}${settle === undefined ? '' : `:${settle}`}`;
}

/** Funding rates: a table of date and rate, which may stand in the column open, as in bars. */
export function readFunding(path: string, instrument: string): readonly Of<'funding-rate'>[] {
  const rows = textOf(path)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const names = rows[0]?.toLowerCase().split(',') ?? [];
  const time = names.findIndex((name) => ['date', 'time', 'timestamp'].includes(name));
  const rate = ['rate', 'fundingrate', 'funding_rate', 'open']
    .map((name) => names.indexOf(name))
    .find((at) => at >= 0);
  return rows.slice(1).map((row, index) => {
    const cells = row.split(',');
    const at = instantOf(cells[time] ?? '');
    const value = signedNumber(cells[rate ?? -1] ?? '');
    if (at !== null && value !== null) return { kind: 'funding-rate', instrument, at, rate: value };
    const hint = 'write date and rate, such as 1700006400000,0.0001';
    const fault = said('row-unreadable', 'has a row without date or rate', hint);
    throw refusedAt(path, { ...fault, where: { line: index + 2 } });
  });
}

/** Read as trades are: the price is the rate, without its sign. */
function signedNumber(text: string): Decimal | null {
  const isNegative = text.startsWith('-');
  const row = `time,side,price,quantity\n2000-01-01T00:00:00Z,buy,${text.replace(/^-/, '')},1`;
  const [event] = readTrades(row, '').events;
  if (event?.kind !== 'trade') return null;
  const { coefficient, scale } = roundHalfEven(event.price, 18);
  return { coefficient: isNegative && coefficient !== 0 ? -coefficient : coefficient, scale };
}

function instantOf(text: string): Instant | null {
  return readTrades(`time,side,price,quantity\n${text},buy,1,1`, '').events[0]?.at ?? null;
}

const said = (code: string, message: string, hint: string): Refusal => ({
  code,
  message,
  where: {},
  rule: 'recorded data is read whole, or not at all',
  hint,
});

const refusedAt = (path: string, fault: Refusal): PaperRefused =>
  new PaperRefused({
    ...fault,
    message: `${path} ${fault.message}`,
    where: { ...fault.where, file: path },
  });
