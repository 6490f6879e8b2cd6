/** What an account holds, by sums: a contract's cash is right while it is flat. */
import { add, type Decimal, isZero, multiply, negate, zero } from '../../../src/decimal/decimal.ts';
import { toText } from '../../../src/decimal/text.ts';
import type { CashFact, Fill } from '../../../src/model/fact.ts';
import { instrumentFromName } from '../../../src/model/instrument.ts';

class Sums {
  readonly #sums = new Map<string, Decimal>();

  move(key: string, by: Decimal): void {
    this.#sums.set(key, add(this.#sums.get(key) ?? zero, by));
  }

  texts(): ReadonlyMap<string, string> {
    return texts(this.#sums);
  }
}

const signed = ({ side, quantity }: Fill): Decimal =>
  side === 'buy' ? quantity : negate(quantity);

export function balancesOf(
  flows: readonly CashFact[],
  fills: readonly Fill[],
): ReadonlyMap<string, string> {
  const sums = new Sums();
  for (const { currency, amount } of flows) sums.move(currency, amount);
  for (const fill of fills) {
    const { type, base, quote } = instrumentFromName('fake', fill.instrument)!;
    if (type === 'spot') sums.move(base, signed(fill));
    sums.move(quote, negate(multiply(signed(fill), fill.price)));
    for (const fee of fill.fees ?? []) sums.move(fee.currency, negate(fee.amount));
  }
  return sums.texts();
}

export function positionsOf(fills: readonly Fill[]): ReadonlyMap<string, string> {
  const sums = new Sums();
  for (const fill of fills) {
    const { type } = instrumentFromName('fake', fill.instrument)!;
    if (type !== 'spot') sums.move(fill.instrument, signed(fill));
  }
  return sums.texts();
}

/** What is not zero. */
const texts = (sums: ReadonlyMap<string, Decimal>): ReadonlyMap<string, string> =>
  new Map(
    [...sums]
      .filter(([, sum]) => !isZero(sum))
      .map(([key, sum]) => [key, toText(sum)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
