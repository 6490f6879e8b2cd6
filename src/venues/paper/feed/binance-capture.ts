/**
 * A capture of Binance's sockets, lines of `<nanoseconds> <message>`: depth updates, best prices
 * and trades, on the clock of whoever recorded them. One capture is one market.
 */
import type { Decimal } from '../../../decimal/decimal.ts';
import { parseDecimal, toText } from '../../../decimal/text.ts';
import type { Instant } from '../../../model/instant.ts';
import { isJsonObject, numberText, parseJson } from '../../../model/lossless-json.ts';
import type { Refusal } from '../../../model/result.ts';
import type { MarketEvent } from '../paper-exchange.ts';
import { feedFault } from './feed-fault.ts';
import { type Fields, Scanner } from './scanner.ts';

type Told = readonly (readonly [Decimal, Decimal])[];

interface DepthUpdate {
  readonly u: number;
  readonly bids: Told;
  readonly asks: Told;
}

type Kind = 'bookTicker' | 'trade' | 'depthUpdate';

const opening = '{"stream":"';

export class BinanceCapture {
  readonly faults: Refusal[] = [];
  readonly #nameOf: ReadonlyMap<string, string>;
  readonly #scanner = new Scanner();
  /** Depth updates before the snapshot; null once it came. */
  #early: DepthUpdate[] | null = [];
  /** What the snapshot holds already. */
  #included = 0;
  #line = 0;

  /** `names`: the instrument of each of the venue's symbols; others are left out. */
  constructor(names: ReadonlyMap<string, string>) {
    this.#nameOf = names;
  }

  /** Null for what is no market event of ours; a line that cannot be read is among the faults. */
  decode(line: string): MarketEvent | null {
    this.#line += 1;
    const space = line.indexOf(' ');
    const kind = kindOf(line, space + 1);
    if (kind !== null && space > 0 && space < 20) {
      const data = line.indexOf('{', space + opening.length);
      const fields = this.#scanner.scan(line, data + 1);
      if (fields !== undefined && isStamp(line, space)) {
        const event = this.#event(kind, BigInt(line.slice(0, space)), fields);
        if (event !== undefined) return event;
      }
    }
    return this.parse(line);
  }

  /** The same by the lossless parser: for whatever the scanner does not expect. */
  parse(line: string): MarketEvent | null {
    const [stamp = '', ...rest] = line.split(' ');
    const json = parseJson(rest.join(' '), { line: this.#line });
    if (!/^\d{1,19}$/.test(stamp) || !json.ok || !isJsonObject(json.value)) {
      return this.#fault('capture-line-bad', 'is not a time and a message', line);
    }
    if ('lastUpdateId' in json.value) return this.#snapshot(BigInt(stamp), json.value, line);
    const stream = json.value['stream'];
    const data = json.value['data'];
    if (typeof stream !== 'string' || !isJsonObject(data)) {
      return this.#fault('capture-line-bad', 'has no stream and data', line);
    }
    const kind = kindOfStream(stream.slice(stream.indexOf('@') + 1));
    if (kind === null) return null;
    const event = this.#event(kind, BigInt(stamp), fieldsOf(data));
    return event === undefined ? this.#fault('capture-fields-bad', 'lacks fields', line) : event;
  }

  #fault(code: string, says: string, line: string): null {
    this.faults.push(feedFault(this.#line, code, `the line ${says}`, line));
    return null;
  }

  /** Undefined when a field is missing. */
  #event(kind: Kind, at: Instant, fields: Fields): MarketEvent | null | undefined {
    const instrument = this.#nameOf.get(fields.symbol);
    if (instrument === undefined) return fields.symbol === '' ? undefined : null;
    if (kind === 'trade') {
      const { p: price, q: quantity, m, x } = fields;
      if (price === null || quantity === null || m === null) return undefined;
      // Trades of an insurance fund or of deleveraging did not happen in the book.
      const isInBook = (x === '' || x === 'MARKET') && quantity.coefficient !== 0;
      const side = m ? 'sell' : 'buy';
      return isInBook ? { kind: 'trade', instrument, at, price, quantity, side } : null;
    }
    if (kind === 'bookTicker') {
      const { b: bid, B: bidSize, a: ask, A: askSize } = fields;
      if (bid === null || bidSize === null || ask === null || askSize === null) return undefined;
      return { kind: 'touch', instrument, at, bid, bidSize, ask, askSize };
    }
    const { bids, asks, u } = fields;
    if (bids === null || asks === null) return undefined;
    if (u <= this.#included) return null;
    this.#early?.push({ u, bids, asks });
    return { kind: 'depth', instrument, at, snapshot: false, bids, asks };
  }

  /**
   * A book that was asked for among the updates: those that it does not hold yet, and came before
   * it, are put onto it.
   */
  #snapshot(at: Instant, book: Readonly<Record<string, unknown>>, line: string) {
    const id = Number(numberText(book['lastUpdateId']));
    const bids = levelsOf(book['bids']);
    const asks = levelsOf(book['asks']);
    const symbol = book['symbol'];
    const names = this.#nameOf;
    const instrument =
      typeof symbol === 'string'
        ? names.get(symbol)
        : names.size === 1
          ? [...names.values()][0]
          : undefined;
    if (bids === null || asks === null || !Number.isSafeInteger(id)) {
      return this.#fault('capture-fields-bad', 'lacks fields', line);
    }
    if (instrument === undefined) return null;
    const newer = (this.#early ?? []).filter(({ u }) => u > id);
    this.#early = null;
    this.#included = id;
    const onto = (levels: Told, side: 'bids' | 'asks') =>
      updated(
        levels,
        newer.map((update) => update[side]),
      );
    return {
      ...({ kind: 'depth', instrument, at, snapshot: true } as const),
      ...{ bids: onto(bids, 'bids'), asks: onto(asks, 'asks') },
    };
  }
}

function updated(levels: Told, updates: readonly Told[]): Told {
  const sizes = new Map<string, readonly [Decimal, Decimal]>();
  for (const level of [levels, ...updates].flat()) sizes.set(toText(level[0]), level);
  return [...sizes.values()].filter(([, size]) => size.coefficient !== 0);
}

function isStamp(line: string, end: number): boolean {
  for (let at = 0; at < end; at++) {
    const code = line.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

function kindOf(line: string, from: number): Kind | null {
  if (!line.startsWith(opening, from)) return null;
  const at = line.indexOf('@', from + opening.length) + 1;
  if (line.startsWith('bookTicker"', at)) return 'bookTicker';
  if (line.startsWith('trade"', at)) return 'trade';
  return line.startsWith('depth', at) ? 'depthUpdate' : null;
}

function kindOfStream(topic: string): Kind | null {
  if (topic === 'bookTicker' || topic === 'trade') return topic;
  return topic === 'depth' || topic.startsWith('depth@') ? 'depthUpdate' : null;
}

function fieldsOf(data: Readonly<Record<string, unknown>>): Fields {
  const number = (key: string): Decimal | null => numberOf(data[key]);
  const m = data['m'];
  const symbol = data['s'];
  const x = data['X'];
  return {
    symbol: typeof symbol === 'string' ? symbol : '',
    ...{ p: number('p'), q: number('q'), b: number('b'), B: number('B') },
    ...{ a: number('a'), A: number('A'), bids: levelsOf(data['b']), asks: levelsOf(data['a']) },
    m: typeof m === 'boolean' ? m : null,
    u: Number(numberText(data['u']) ?? 0),
    x: typeof x === 'string' ? x : '',
  };
}

function numberOf(value: unknown): Decimal | null {
  const parsed = typeof value === 'string' ? parseDecimal(value) : null;
  return parsed?.ok === true && parsed.value.coefficient >= 0 ? parsed.value : null;
}

function levelsOf(value: unknown): [Decimal, Decimal][] | null {
  if (!Array.isArray(value)) return null;
  const levels: [Decimal, Decimal][] = [];
  for (const level of value as readonly unknown[]) {
    const [price, size] = Array.isArray(level) ? level.map(numberOf) : [];
    if (price == null || size == null) return null;
    levels.push([price, size]);
  }
  return levels;
}
