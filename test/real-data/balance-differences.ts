import type { AccountFold } from '../../src/books/account-fold.ts';
import { viewOf } from '../../src/books/book-view.ts';
import { toText } from '../../src/decimal/text.ts';
import type { Fact } from './data-folder.ts';
import { subtract } from './exact.ts';

/** One currency on which book and statement were compared. */
export interface BalanceLine {
  readonly currency: string;
  readonly ours: string;
  readonly theirs: string;
  /** theirs - ours */
  readonly difference: string;
}

interface Stated {
  readonly balances: {
    readonly items: readonly { readonly currency: string; readonly total: string }[];
  };
}

/** By plain subtraction, for every currency that the statement names. */
export const balanceDifferences = (fold: AccountFold, statement: Fact): readonly BalanceLine[] => {
  const { balances } = viewOf(fold, { asOf: 0n, marks: () => null, markMaxAgeMs: 0 });
  const { items } = (statement as unknown as Stated).balances;
  return items.map(({ currency, total: theirs }) => {
    const held = balances.find((balance) => balance.currency === currency);
    const ours = held === undefined ? '0' : toText(held.total);
    return { currency, ours, theirs, difference: subtract(theirs, ours) };
  });
};
