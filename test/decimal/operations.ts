/** Random operations on decimals, every result compared as text with big.js or with fractions. */
import Big from 'big.js';
import {
  add,
  compare,
  type Decimal,
  divideHalfEven,
  multiply,
  roundHalfEven,
  roundingScale,
  shareHalfEven,
  subtract,
} from '../../src/decimal/decimal.ts';
import { decimal, parseDecimal, toText } from '../../src/decimal/text.ts';
import type { Random } from './random.ts';
import { shareText } from './reference.ts';

const Exact = Big();
Exact.strict = true;
Exact.RM = Big.roundHalfEven;

interface Operand {
  readonly text: string;
  readonly ours: Decimal;
  readonly theirs: Big;
}

export interface Mismatch {
  readonly operation: string;
  readonly operands: readonly string[];
  readonly ours: string;
  readonly expected: string;
}

interface Operation {
  readonly name: string;
  /** Null when both agree. */
  readonly check: (random: Random) => Mismatch | null;
}

const shown = (big: Big): string => (big.eq('0') ? '0' : big.toFixed());

/** What is wrong with how a value is held, or its text. */
export function heldText(value: Decimal): string {
  const { coefficient, scale } = value;
  if (!Number.isInteger(scale) || scale < 0) return `scale ${scale}`;
  if (Object.is(coefficient, -0)) return 'negative zero';
  const isSafe = BigInt.asIntN(54, BigInt(coefficient)) === BigInt(coefficient);
  const isDouble = BigInt(coefficient) !== -(2n ** 53n) && isSafe;
  if (isDouble !== (typeof coefficient === 'number'))
    return `${coefficient} as a ${typeof coefficient}`;
  return toText(value);
}

const around = [2n ** 53n, 10n ** 15n, 10n ** 16n, 10n ** 18n, 3037000500n, 94906266n];

/** Digits before a point is put among them. */
function digitsOf(random: Random): string {
  const draw = random.below(10);
  if (draw < 4) return random.digits(random.between(1, 8));
  if (draw < 6) return random.digits(random.between(9, 17));
  if (draw < 8) return random.digits(random.between(18, 30));
  if (draw < 9) return String(random.pick(around) + BigInt(random.between(-3, 3)));
  return `${random.between(0, 12)}${'0'.repeat(random.below(17))}`;
}

export function randomText(random: Random): string {
  const digits = digitsOf(random).padStart(1, '0');
  const behind = random.chance(0.3) ? 0 : random.below(19);
  const padded = digits.padStart(behind + 1, '0');
  const point = padded.length - behind;
  const whole = padded.slice(0, point).replace(/^0+(?=\d)/, '');
  const text = behind === 0 ? whole : `${whole}.${padded.slice(point)}`;
  return random.chance(0.4) ? `-${text}` : text;
}

function plainOperand(random: Random): Operand {
  const text = randomText(random);
  return { text, ours: decimal(text), theirs: new Exact(text) };
}

const tiny = '0.0000000000000000000000001';

/** Some operands are products (36 digits behind the point), some carry zeros behind the point. */
function operand(random: Random): Operand {
  const plain = plainOperand(random);
  if (random.chance(0.1)) {
    const other = plainOperand(random);
    const theirs = plain.theirs.times(other.theirs);
    return { text: shown(theirs), ours: multiply(plain.ours, other.ours), theirs };
  }
  if (random.chance(0.1)) {
    const padding = decimal(random.chance(0.5) ? tiny : randomText(random));
    return { ...plain, ours: subtract(add(plain.ours, padding), padding) };
  }
  return plain;
}

function divisor(random: Random): Operand {
  for (;;) {
    const found = operand(random);
    if (!found.theirs.eq('0')) return found;
  }
}

function compared(
  operation: string,
  operands: readonly Operand[],
  ours: string,
  expected: string,
): Mismatch | null {
  if (ours === expected) return null;
  return { operation, operands: operands.map(({ text }) => text), ours, expected };
}

const binary = (
  name: string,
  ours: (a: Decimal, b: Decimal) => Decimal,
  theirs: (a: Big, b: Big) => Big,
): Operation => ({
  name,
  check: (random) => {
    const a = operand(random);
    const b = operand(random);
    const expected = shown(theirs(a.theirs, b.theirs));
    return compared(name, [a, b], heldText(ours(a.ours, b.ours)), expected);
  },
});

const border = /^-?(0|[1-9]\d{0,29})(\.\d{1,18})?$/;
const noise = [
  '',
  '+',
  '-',
  '.',
  'e5',
  'E-7',
  ' ',
  '0',
  '00',
  ',',
  '_',
  'x',
  'n',
  'NaN',
  '\n',
  '٣',
];

/** A decimal with something put into it, or digits too many. */
function spoiltText(random: Random): string {
  const text = randomText(random);
  if (random.chance(0.3)) return text;
  const at = random.between(0, text.length);
  const middle = random.chance(0.3) ? random.digits(20) : random.pick(noise);
  return text.slice(0, at) + middle + text.slice(at);
}

export const operations: readonly Operation[] = [
  binary('add', add, (a, b) => a.plus(b)),
  binary('subtract', subtract, (a, b) => a.minus(b)),
  binary('multiply', multiply, (a, b) => a.times(b)),
  {
    name: 'compare',
    check: (random) => {
      const a = operand(random);
      const b = random.chance(0.2) ? a : operand(random);
      const expected = String(a.theirs.cmp(b.theirs));
      return compared('compare', [a, b], String(compare(a.ours, b.ours)), expected);
    },
  },
  {
    name: 'roundHalfEven',
    check: (random) => {
      const a = operand(random);
      const scale = random.below(21);
      const expected = shown(a.theirs.round(scale, Big.roundHalfEven));
      const ours = heldText(roundHalfEven(a.ours, scale));
      return compared(`roundHalfEven ${scale}`, [a], ours, expected);
    },
  },
  {
    name: 'divideHalfEven',
    check: (random) => {
      const a = operand(random);
      const b = divisor(random);
      const scale = random.chance(0.5) ? roundingScale : random.below(25);
      Exact.DP = scale;
      const ours = heldText(divideHalfEven(a.ours, b.ours, scale));
      return compared(`divideHalfEven ${scale}`, [a, b], ours, shown(a.theirs.div(b.theirs)));
    },
  },
  {
    name: 'shareHalfEven',
    check: (random) => {
      const whole = operand(random);
      const part = operand(random);
      const total = random.chance(0.1) && !part.theirs.eq('0') ? part : divisor(random);
      const expected = shareText(whole.text, part.text, total.text, roundingScale);
      const ours = shareHalfEven(whole.ours, part.ours, total.ours, roundingScale);
      return compared('shareHalfEven', [whole, part, total], heldText(ours), expected);
    },
  },
  {
    name: 'decimal, toText',
    check: (random) => {
      const a = operand(random);
      const text = heldText(a.ours);
      const again = heldText(decimal(text));
      const ours = text === again ? text : `${text} read as ${again}`;
      return compared('decimal, toText', [a], ours, shown(a.theirs));
    },
  },
  {
    name: 'parseDecimal',
    check: (random) => {
      const text = spoiltText(random);
      const parsed = parseDecimal(text);
      const ours = parsed.ok ? heldText(parsed.value) : 'refused';
      const expected = border.test(text) ? shown(new Exact(text)) : 'refused';
      return ours === expected
        ? null
        : { operation: 'parseDecimal', operands: [text], ours, expected };
    },
  },
];

/** Runs `count` operations, all kinds in turn; the same seed gives the same operations. */
export function mismatchesOf(
  count: number,
  random: Random,
  most: number = Number.POSITIVE_INFINITY,
): Mismatch[] {
  const found: Mismatch[] = [];
  for (let i = 0; i < count && found.length < most; i++) {
    const mismatch = operations[i % operations.length]!.check(random);
    if (mismatch !== null) found.push(mismatch);
  }
  return found;
}
