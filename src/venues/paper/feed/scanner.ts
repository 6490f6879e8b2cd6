/**
 * A hand-written scanner for the three messages of a Binance capture, several times faster than
 * JSON and as exact: digits become a decimal without ever being a fraction. Whatever it does not
 * expect it leaves to the parser, and says so with `undefined`.
 */
import { type Decimal, decimalOf } from '../../../decimal/decimal.ts';
import { decimal } from '../../../decimal/text.ts';

const encoder = new TextEncoder();

const quote = 34;
const comma = 44;
const point = 46;
const colon = 58;
const bracket = 91;
const backslash = 92;
const bracketEnd = 93;
const braceEnd = 125;

const letter = {
  A: 65,
  B: 66,
  X: 88,
  a: 97,
  b: 98,
  m: 109,
  p: 112,
  q: 113,
  s: 115,
  u: 117,
} as const;

/** Zeros behind a line, so that nothing of an earlier one is read. */
const guard = 8;

/** Digits that fit a double with room to spare. */
const digitsMax = 15;

/** What the letters of a message mean; see the field names of the venue. */
export interface Fields {
  symbol: string;
  p: Decimal | null;
  q: Decimal | null;
  b: Decimal | null;
  B: Decimal | null;
  a: Decimal | null;
  A: Decimal | null;
  bids: Levels | null;
  asks: Levels | null;
  /** The buyer was the maker. */
  m: boolean | null;
  /** The last change that a depth update holds. */
  u: number;
  /** What kind of trade it was; empty where the venue does not say. */
  x: string;
}

type Levels = [Decimal, Decimal][];

export class Scanner {
  #line = '';
  #length = 0;
  #bytes = new Uint8Array(65_536);
  #at = 0;

  /** The members of the object that begins at `from`; undefined for anything unexpected. */
  scan(line: string, from: number): Fields | undefined {
    if (line.length + guard > this.#bytes.length) this.#bytes = new Uint8Array(line.length * 2);
    const bytes = this.#bytes;
    this.#length = encoder.encodeInto(line, bytes).written;
    // Places in the bytes are those in the text only where every character is one byte.
    if (this.#length !== line.length) return undefined;
    bytes.fill(0, this.#length, this.#length + guard);
    this.#line = line;
    this.#at = from;
    const fields = noFields();
    for (;;) {
      if (bytes[this.#at] !== quote) return undefined;
      const isShort = bytes[this.#at + 2] === quote;
      const key = isShort ? bytes[this.#at + 1]! : 0;
      const end = isShort ? this.#at + 2 : line.indexOf('"', this.#at + 1);
      if (end < 0 || bytes[end + 1] !== colon) return undefined;
      this.#at = end + 2;
      if (!this.#value(key, fields)) return undefined;
      const next = bytes[this.#at];
      this.#at += 1;
      if (next === braceEnd) return bytes[this.#at] === braceEnd ? fields : undefined;
      if (next !== comma) return undefined;
    }
  }

  #value(key: number, fields: Fields): boolean {
    const bytes = this.#bytes;
    const first = bytes[this.#at];
    if (first === bracket) return this.#levelsOf(key, fields);
    if (first !== quote) return this.#bare(key, fields);
    return key === 0 ? this.#skipText() : this.#text(key, fields);
  }

  /** A number or a word without quotes. */
  #bare(key: number, fields: Fields): boolean {
    const bytes = this.#bytes;
    if (key === letter.m) fields.m = this.#line.startsWith('true', this.#at);
    let value = 0;
    for (; this.#at < this.#length; this.#at++) {
      const code = bytes[this.#at]!;
      if (code === comma || code === braceEnd) {
        if (key === letter.u) fields.u = value;
        return Number.isSafeInteger(value);
      }
      if (code >= 48 && code <= 57) value = value * 10 + (code - 48);
      else if (code === bracket || code === backslash || code === 123) return false;
    }
    return false;
  }

  #text(key: number, fields: Fields): boolean {
    switch (key) {
      case letter.s:
        fields.symbol = this.#string();
        return fields.symbol !== '';
      case letter.X:
        fields.x = this.#string();
        return fields.x !== '';
      case letter.p:
      case letter.q:
      case letter.b:
      case letter.B:
      case letter.a:
      case letter.A:
        return this.#numberOf(key, fields);
      default:
        return this.#skipText();
    }
  }

  #numberOf(key: number, fields: Fields): boolean {
    const number = this.#number();
    if (number === null) return false;
    if (key === letter.p) fields.p = number;
    else if (key === letter.q) fields.q = number;
    else if (key === letter.b) fields.b = number;
    else if (key === letter.B) fields.B = number;
    else if (key === letter.a) fields.a = number;
    else fields.A = number;
    return true;
  }

  #skipText(): boolean {
    const end = this.#line.indexOf('"', this.#at + 1);
    if (end < 0 || this.#bytes[end - 1] === backslash) return false;
    this.#at = end + 1;
    return true;
  }

  #string(): string {
    const from = this.#at + 1;
    return this.#skipText() ? this.#line.slice(from, this.#at - 1) : '';
  }

  /** The quoted number here; null for anything but digits and one point. */
  #number(): Decimal | null {
    const bytes = this.#bytes;
    const from = this.#at + 1;
    let value = 0;
    let scale = -1;
    // Zeros behind the point count only when another digit follows.
    let zeros = 0;
    for (let at = from; ; at++) {
      const code = bytes[at]!;
      if (code === 48 && scale >= 0) zeros += 1;
      else if (code >= 48 && code <= 57) {
        for (; zeros > 0; zeros--) {
          value *= 10;
          scale += 1;
        }
        value = value * 10 + (code - 48);
        if (scale >= 0) scale += 1;
      } else if (code === point && scale < 0 && at > from) scale = 0;
      else if (code === quote) {
        const digits = at - from - (scale < 0 ? 0 : 1);
        if (digits === 0 || bytes[at - 1] === point || isPadded(bytes, from)) return null;
        this.#at = at + 1;
        if (digits - zeros > digitsMax) return decimal(this.#line.slice(from, at));
        return decimalOf(value, scale < 0 ? 0 : scale);
      } else return null;
    }
  }

  #levelsOf(key: number, fields: Fields): boolean {
    const levels = this.#levels();
    if (key === letter.b) fields.bids = levels;
    else if (key === letter.a) fields.asks = levels;
    return levels !== null;
  }

  /** `[["price","size"],...]` */
  #levels(): Levels | null {
    const bytes = this.#bytes;
    const levels: Levels = [];
    this.#at += 1;
    if (bytes[this.#at] === bracketEnd) {
      this.#at += 1;
      return levels;
    }
    for (;;) {
      if (bytes[this.#at] !== bracket) return null;
      this.#at += 1;
      const price = bytes[this.#at] === quote ? this.#number() : null;
      if (price === null || bytes[this.#at] !== comma) return null;
      this.#at += 1;
      const size = bytes[this.#at] === quote ? this.#number() : null;
      if (size === null || bytes[this.#at] !== bracketEnd) return null;
      levels.push([price, size]);
      const next = bytes[this.#at + 1];
      this.#at += 2;
      if (next === bracketEnd) return levels;
      if (next !== comma) return null;
    }
  }
}

const noFields = (): Fields => ({
  symbol: '',
  p: null,
  q: null,
  b: null,
  B: null,
  a: null,
  A: null,
  bids: null,
  asks: null,
  m: null,
  u: 0,
  x: '',
});

/** Leading zeros are no number of JSON's or of ours. */
const isPadded = (bytes: Uint8Array, from: number): boolean =>
  bytes[from] === 48 && bytes[from + 1] !== point && bytes[from + 1] !== quote;
