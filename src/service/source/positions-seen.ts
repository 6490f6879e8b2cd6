/** A bot's rows looked at beside what was asked of everybody at one time: book, rows and venue. */
import type { CheckedAccount } from '../../report/check-document.ts';
import type { BookWriter } from '../book.ts';
import { type Compared, checkAll, type ReconcileOptions } from '../reconciling.ts';
import { lookAtAll, type RowsGround, type RowsLook } from './positions-look.ts';
import { comparedOfRows } from './positions-opening.ts';

export interface RowsSeen {
  /** The book's own check of each account. */
  readonly books: readonly CheckedAccount[];
  /** Of each account whose rows they are, at one time; one at least. */
  readonly looks: readonly RowsLook[];
}

/** The book's own check of each account; with a writer it is noted. */
type CheckBooks = (compared: readonly Compared[]) => Promise<readonly CheckedAccount[]>;

export const booksNow =
  ({ reader }: RowsGround, how: ReconcileOptions, writer: BookWriter | null): CheckBooks =>
  (compared) =>
    checkAll(reader, writer, compared, how);

export async function seenRows(
  ground: RowsGround,
  compared: readonly Compared[],
  check: CheckBooks,
): Promise<RowsSeen> {
  const books = await check(compared);
  const bookOf = ({ account }: Compared) =>
    books.find(({ reconciled }) => reconciled.account === account.name) ?? null;
  const ones = await comparedOfRows(ground, compared);
  const all = ones.map((one) => ({ compared: one, book: bookOf(one) }));
  return { books, looks: await lookAtAll(ground, all) };
}
