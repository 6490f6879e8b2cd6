/** What an account is worth that the book holds nothing of: not zero, but not known. */
import type { BookView, EquityView } from '../books/book-view.ts';
import { zero } from '../decimal/decimal.ts';
import type { Account } from '../store/accounts.ts';
import type { BookFile } from '../store/book-file.ts';
import { movingKinds } from './in-force.ts';
import { notedChecks } from './reconcile-entries.ts';

/** So many checks are looked through for one that confirmed that there is nothing. */
const checksMax = 2_000;

/** Nothing that moves it was ever booked, and nobody outside confirmed that there is nothing. */
export function isNeverBooked(file: BookFile, { account }: Pick<Account, 'account'>): boolean {
  const { sequence } = file.head(account);
  for (const kind of movingKinds) {
    if (kind !== 'fill' && file.lastSequenceOf(account, kind) > 0) return false;
  }
  for (const _ of file.entriesOf(account, ['fill'], 0, sequence)) return false;
  let looked = 0;
  for (const { verdict, complete } of notedChecks(file, account)) {
    if (verdict === 'true' && complete) return false;
    looked += 1;
    if (looked >= checksMax) break;
  }
  return true;
}

export const neverBookedEquity = (name: string, equity: EquityView): EquityView => ({
  ...equity,
  ...{ total: null, positionsValue: null, unrealisedPnl: null },
  unpriced: [{ what: name, quantity: zero, why: 'never-booked' }, ...equity.unpriced],
});

/** The view with an equity that says what is not known. */
export const viewSeen = (file: BookFile, account: Account, view: BookView): BookView =>
  isNeverBooked(file, account)
    ? { ...view, equity: neverBookedEquity(account.name, view.equity) }
    : view;
