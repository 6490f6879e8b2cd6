/**
 * Whose rows they are. A database may trade on several exchanges, and each account of the book is
 * of one: a row belongs to the account whose exchange it names, and is never guessed.
 */

export interface NamedAccount {
  readonly account: string;
  /** Of its exchange, as rows may give it. */
  readonly names: readonly string[];
}

export interface AccountsOfRows {
  /** Looked at together, each with its own rows. */
  readonly asked: readonly NamedAccount[];
  /** Others of the book, whose rows are not compared now. */
  readonly others: readonly NamedAccount[];
}

export type Whose =
  | { readonly kind: 'one'; readonly account: string }
  | { readonly kind: 'several'; readonly accounts: readonly string[]; readonly why: string }
  /** Of an account of the book that is not looked at. */
  | { readonly kind: 'other' }
  /** No account of the book is of that exchange. */
  | { readonly kind: 'nobody' };

/** `exchange`: as the row gives it; null: it names none, and may be of any that is asked. */
export function whoseIs(exchange: string | null, { asked, others }: AccountsOfRows): Whose {
  const stored = exchange?.toLowerCase() ?? null;
  const isOf = ({ names }: NamedAccount) => stored === null || isNamedBy(stored, names);
  const accounts = asked.filter(isOf).map(({ account }) => account);
  if (accounts.length === 1) return { kind: 'one', account: accounts[0]! };
  if (accounts.length > 1) {
    const named = exchange === null ? 'the row names no exchange' : `${exchange} fits several`;
    const why = `${named}: it may be of ${accounts.join(' or ')}; --account NAME says whose it is`;
    return { kind: 'several', accounts, why };
  }
  return { kind: others.some(isOf) ? 'other' : 'nobody' };
}

/** `binance` stands for `binanceusdm`, too. `stored`: in small letters. */
const isNamedBy = (stored: string, names: readonly string[]): boolean =>
  names.some((name) => name.toLowerCase().startsWith(stored));
