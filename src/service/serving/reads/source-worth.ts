/** What an account is worth where the book holds nothing of it: by its database, or not known. */
import type { EquityView } from '../../../books/book-view.ts';
import { toText, toTextOrNull } from '../../../decimal/text.ts';
import { instantText } from '../../../model/instant.ts';
import type { Account } from '../../../store/accounts.ts';
import type { BookFile } from '../../../store/book-file.ts';
import { isNeverBooked, neverBookedEquity } from '../../never-booked.ts';
import type { SourceLook } from '../../source/source-checks.ts';
import { rowsOf } from '../../source/source-entries.ts';
import type { AccountSummary } from '../documents/home.ts';
import { equityParts } from '../views/equity-view.ts';

export type EquityParts = ReturnType<typeof equityParts>;

/** `look`: the last one at its database; null: it has none. */
export function equitySeen(
  file: BookFile,
  account: Account,
  look: SourceLook | null,
  equity: EquityView,
): EquityParts {
  if (!isNeverBooked(file, account)) return equityParts(equity);
  if (look === null) return equityParts(neverBookedEquity(account.name, equity));
  return worthIn(file, account, look);
}

/** The last look, where the account is known by its database alone; else null. */
export const lookInstead = (
  file: BookFile,
  account: Account,
  look: SourceLook | null,
): SourceLook | null => (look !== null && isNeverBooked(file, account) ? look : null);

function worthIn(file: BookFile, { account }: Account, look: SourceLook): EquityParts {
  const { sheet, unpriced } = look.said();
  const rows = unpriced.count === 0 ? [] : (rowsOf(file, account, look.row) ?? []);
  const quantityOf = (what: string) => rows.find(([symbol]) => symbol === what)?.[1] ?? '0';
  return {
    total: toTextOrNull(sheet.calculated),
    known: toText(sheet.known),
    cash: toTextOrNull(sheet.cash) ?? '0',
    positionsValue: toTextOrNull(sheet.positionsValue),
    unrealisedPnl: toTextOrNull(sheet.unrealisedPnl),
    unpriced: unpriced.first.map(({ what, why }) => ({ what, quantity: quantityOf(what), why })),
  };
}

/** What the database stores beside what its rows add up to. */
export function sourceFigures(look: SourceLook | null): AccountSummary['source'] {
  if (look === null) return null;
  const { stored, calculated, difference } = look.said().sheet;
  return {
    ...{ party: 'source', at: instantText(look.at), stored: toTextOrNull(stored) },
    ...{ calculated: toTextOrNull(calculated), difference: toTextOrNull(difference) },
  };
}
