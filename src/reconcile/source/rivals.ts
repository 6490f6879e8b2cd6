/**
 * Other ways in which a stored total could be off by just that much, each held against the sheet:
 * what it would leave over, and which rows would fit it to the digit.
 */
import {
  absolute,
  compare,
  type Decimal,
  fromInteger,
  isNegative,
  isZero,
  multiply,
  negate,
  subtract,
} from '../../decimal/decimal.ts';
import { decimal, toText } from '../../decimal/text.ts';
import { counted, moneyText } from '../../model/amount.ts';
import type { RuledOut } from '../../model/break.ts';
import type { Reason } from '../../model/reason.ts';
import { type Drift, isCashTold } from './drift.ts';
import type { BalanceSheet, SheetRow } from './sheet.ts';
import { halfUnitOf } from './storage.ts';

export interface Rival {
  readonly reason: Reason;
  /** What would have to be so, with a place for the name: `the value of ACI was left out`. */
  readonly claim: (name: string) => string;
  /** Rows, or pairs of rows, that fit to the digit. */
  readonly fits: readonly string[];
  /** What the nearest row leaves over, and its name; null: there is none. */
  readonly nearest: { readonly name: string; readonly residual: Decimal } | null;
}

interface Guess {
  readonly reason: Reason;
  readonly claim: (name: string) => string;
  readonly applies: (row: SheetRow) => boolean;
  /** The difference that it would make, as a multiple of the row's value. */
  readonly factor: Decimal;
}

const always = (): boolean => true;

const guesses: readonly Guess[] = [
  {
    ...{ reason: 'MARK_MISSING', applies: always, factor: fromInteger(1) },
    claim: (name) => `the value of ${name} was left out`,
  },
  {
    ...{ reason: 'FILL_DUPLICATED', applies: always, factor: fromInteger(-1) },
    claim: (name) => `${name} was counted twice`,
  },
  {
    ...{ reason: 'SIGN_WRONG', factor: fromInteger(2) },
    applies: ({ quantity }) => quantity !== null && isNegative(quantity),
    claim: (name) => `the short ${name} was counted as a long`,
  },
  {
    ...{ reason: 'SYMBOL_CONFUSED', applies: always, factor: fromInteger(-999) },
    claim: (name) => `${name} was valued at 1000 times its price`,
  },
  {
    ...{ reason: 'SYMBOL_CONFUSED', applies: always, factor: decimal('0.999') },
    claim: (name) => `${name} was valued at a thousandth of its price`,
  },
];

/** None where a part of the sheet is unknown. */
export function rivalsOf({ rows, difference }: BalanceSheet): readonly Rival[] {
  if (difference === null || isZero(difference)) return [];
  return guesses.flatMap((guess): Rival[] => {
    const parts = rows.flatMap((row) => {
      const isMeant = row.value !== null && !isZero(row.value) && guess.applies(row);
      return isMeant ? [{ name: row.symbol, amount: multiply(row.value, guess.factor) }] : [];
    });
    if (parts.length === 0) return [];
    const singles = parts.filter(({ amount }) => compare(amount, difference) === 0);
    const pairs = guess.reason === 'MARK_MISSING' ? pairsOf(parts, difference) : [];
    const { reason, claim } = guess;
    const fits = [...singles.map(({ name }) => name), ...pairs];
    return [{ reason, claim, fits, nearest: nearestOf(parts, difference) }];
  });
}

interface Part {
  readonly name: string;
  readonly amount: Decimal;
}

/** Of more parts than this some pair fits any sum by chance, and says nothing. */
const pairedMax = 100;

/** Each pair once, found by what it lacks: as many steps as there are parts. */
function pairsOf(parts: readonly Part[], sum: Decimal): readonly string[] {
  if (parts.length > pairedMax) return [];
  const seen = new Map<string, string[]>();
  return parts.flatMap(({ name, amount }) => {
    const partners = seen.get(toText(subtract(sum, amount))) ?? [];
    const text = toText(amount);
    const same = seen.get(text);
    if (same === undefined) seen.set(text, [name]);
    else if (same.length < partnersMax) same.push(name);
    return partners.map((partner) => `${partner} and ${name}`);
  });
}

/** Equal values fit equally well: a few of them say so. */
const partnersMax = 3;

function nearestOf(parts: readonly Part[], difference: Decimal): Rival['nearest'] {
  let best: { readonly name: string; readonly residual: Decimal } | null = null;
  for (const { name, amount } of parts) {
    const residual = subtract(difference, amount);
    const isNearer = best === null || compare(absolute(residual), absolute(best.residual)) < 0;
    if (isNearer) best = { name, residual };
  }
  return best;
}

/** Of a difference that something else explains: what speaks against each rival. */
export function ruledOutBy(sheet: BalanceSheet, drift: Drift | null): readonly RuledOut[] {
  const { difference } = sheet;
  if (difference === null) return [];
  const rows = rivalsOf(sheet).flatMap(({ reason, claim, fits, nearest }): RuledOut[] => {
    if (fits.length > 0 || nearest === null) return [];
    const paired = reason === 'MARK_MISSING' && sheet.rows.length <= pairedMax;
    const none = paired ? 'no position and no two fit' : 'no position fits';
    const why = `${none}; the nearest would be that ${claim(nearest.name)}`;
    return [{ reason, residual: nearest.residual, why }];
  });
  return [roundingOf(sheet, difference), ...rows, ...historyRows(difference, drift)];
}

/** What cannot move a stored total, or is shown not to have moved cash. */
function historyRows(difference: Decimal, drift: Drift | null): readonly RuledOut[] {
  const record: RuledOut = {
    ...{ reason: 'PERFORMANCE_STALE', residual: difference },
    why: 'a performance record that is missing enters no total',
  };
  if (drift?.basis.kind !== 'opening' || !isCashTold(drift.parts)) return [record];
  const why = 'cash is what the orders make of the opening: nothing is missing from it';
  return [
    { reason: 'FEE_MISSING', residual: difference, why },
    { reason: 'TRANSFER_MISSING', residual: difference, why },
    record,
  ];
}

/** Numbers rounded to cents before they are added are off by half a cent each, at most. */
function roundingOf({ rows, cash }: BalanceSheet, difference: Decimal): RuledOut {
  const count = rows.length + (cash === null ? 0 : 1) + 1;
  const most = multiply(halfUnitOf(2), fromInteger(count));
  const rest = subtract(absolute(difference), most);
  const why = `${counted(count, 'number')} rounded to cents are off by at most ${moneyText(most)}`;
  const residual = isNegative(difference) ? negate(rest) : rest;
  return { reason: 'ROUNDING_ACCUMULATED', residual, why };
}
