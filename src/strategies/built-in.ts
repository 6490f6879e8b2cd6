/** A strategy that comes with Trueup: its parameters, with what they are for, and its function. */
import { compare, type Decimal, truncated } from '../decimal/decimal.ts';
import { decimal, toText } from '../decimal/text.ts';
import { accepted, type Refusal, type Result, refused } from '../model/result.ts';
import type { Strategy } from './strategy.ts';

export interface Parameter {
  readonly name: string;
  /** The default, and why it is that. */
  readonly value: string;
  readonly why: string;
  /** `bars`: a whole number from 1 to 1000. */
  readonly is: 'bars' | 'number';
}

export type Values = Readonly<Record<string, Decimal>>;

export interface BuiltIn {
  readonly name: string;
  readonly about: string;
  readonly parameters: readonly Parameter[];
  /** Names of parameters of which each must be below the next. */
  readonly ascending: readonly string[];
  /** Bars that it must have seen before it says anything. */
  readonly warmUp: (values: Values) => number;
  readonly of: (values: Values) => Strategy;
}

/** A parameter that counts bars. */
export const barsOf = (values: Values, name: string): number => Number(values[name]!.coefficient);

const barsMin = decimal('1');
/** Bars that strategies are certain to be shown; see the executor. */
const barsMax = decimal('1000');

/** Its parameters with the given ones in place of their defaults, or what is wrong with them. */
export function valuesOf(strategy: BuiltIn, given: Values): Result<Values> {
  const known = strategy.parameters.map(({ name }) => name);
  const stranger = Object.keys(given).find((name) => !known.includes(name));
  if (stranger !== undefined) {
    const hint = `it has ${known.join(', ')}`;
    return refused(refusal(strategy, stranger, null, 'is no parameter of it', hint));
  }
  const values = Object.fromEntries(
    strategy.parameters.map(({ name, value }) => [name, given[name] ?? decimal(value)]),
  );
  for (const { name, is } of strategy.parameters) {
    const value = values[name]!;
    if (is === 'bars' && !isBars(value)) {
      const hint = 'write a whole number from 1 to 1000';
      return refused(refusal(strategy, name, value, 'counts no bars', hint));
    }
  }
  for (const [index, name] of strategy.ascending.slice(1).entries()) {
    const before = strategy.ascending[index]!;
    if (compare(values[before]!, values[name]!) < 0) continue;
    const hint = `${strategy.ascending.join(' < ')} must hold`;
    return refused(refusal(strategy, name, values[name]!, `is not above ${before}`, hint));
  }
  // Whole numbers, whatever zeros they were written with.
  const plain = strategy.parameters.map(({ name, is }) => [
    name,
    is === 'bars' ? truncated(values[name]!) : values[name]!,
  ]);
  return accepted(Object.fromEntries(plain));
}

const isBars = (value: Decimal): boolean =>
  compare(truncated(value), value) === 0 &&
  compare(value, barsMin) >= 0 &&
  compare(value, barsMax) <= 0;

function refusal(
  { name }: BuiltIn,
  parameter: string,
  value: Decimal | null,
  what: string,
  hint: string,
): Refusal {
  const told = value === null ? '' : ` ${toText(value)}`;
  return {
    code: 'parameter-bad',
    message: `${name}.${parameter}${told} ${what}`,
    where: { field: `${name}.${parameter}`, ...(value === null ? {} : { value: toText(value) }) },
    rule: 'a strategy takes the parameters that it has',
    hint,
  };
}
