/** Balances by currency: money, coins, and the units of spot instruments. */
import { type Decimal, decimalOf, isZero, zero } from '../decimal/decimal.ts';
import type { StatementBalance } from '../model/statement.ts';
import type { BookBalance, BookSide } from './book-side.ts';
import { isComplete, scopeOf, whyNotProven } from './scope.ts';
import { tellUnknown, type Work } from './sections.ts';

export function compareBalances(work: Work): void {
  const { book, statement, found } = work;
  const section = statement.balances;
  const scope = scopeOf(section?.scope ?? null, book);
  const complete = isComplete(section);
  const shares = section?.scope == null ? sharesOf(book) : new Set<string>();
  const listed = new Map(section?.items.map((item) => [item.currency, item]));
  let unproven = section === null || !complete;
  for (const ours of book.balances) {
    const theirs = listed.get(ours.currency);
    listed.delete(ours.currency);
    const proven = complete && scope.coversCurrency(ours.currency) && !shares.has(ours.currency);
    if (theirs !== undefined || proven) compareOne(work, ours, theirs ?? null);
    else if (!isZero(ours.total)) {
      unproven = true;
      const why = shares.has(ours.currency) ? sharesUnsaid : whyNotProven(section);
      const name = { what: 'balance', key: ours.currency } as const;
      found.lines.push(work.judge.unproven(name, ours.total, why));
      if (shares.has(ours.currency)) tellUnknown(work, 'balances', ours.currency, sharesUnsaid);
    }
  }
  const rest = [...listed.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1));
  for (const theirs of rest) compareOne(work, null, theirs);
  if (unproven && !(complete && section?.scope == null)) {
    tellUnknown(work, 'balances', section?.scope?.join(' ') ?? null, whyNotProven(section));
  }
}

const sharesUnsaid = 'the balances do not say whether they hold shares';

/**
 * Many brokers list money only: shares that a list without a scope leaves out are not proven to
 * be gone. A scope that names them, or spot, proves it.
 */
function sharesOf(book: BookSide): ReadonlySet<string> {
  const shares = new Set<string>();
  for (const instrument of book.instruments.values()) {
    if (instrument.type === 'spot' && instrument.class === 'equity') shares.add(instrument.base);
  }
  return shares;
}

function compareOne(work: Work, ours: BookBalance | null, theirs: StatementBalance | null): void {
  const { currency } = (ours ?? theirs)!;
  (ours === null ? work.found.foreign : work.found.lines).push(
    work.judge.numbers({
      what: 'balance',
      key: currency,
      ours: ours?.total ?? zero,
      theirs: theirs?.total ?? zero,
      tolerance: toleranceOf(work, currency),
      youngest: ours?.youngest ?? null,
      uncertain: ours?.uncertain ?? null,
      valueOf: (difference) => work.valuer.balance(currency, difference),
    }),
  );
}

/** Steps of the currency's last digit; none where its digits are not known. */
function toleranceOf(work: Work, currency: string): Decimal {
  const { toleranceSteps } = work.options;
  const digits = work.book.decimals.get(currency);
  return toleranceSteps === 0 || digits === undefined ? zero : decimalOf(toleranceSteps, digits);
}
