/** Which given price is of which position: by the symbol as it is written, else by its letters. */
import type { SourcePosition, SourceSnapshot } from '../../model/source.ts';
import type { GivenPrice } from './price-text.ts';

export interface MatchedPrices {
  /** By the symbol of the position. */
  readonly bySymbol: ReadonlyMap<string, GivenPrice>;
  /** What people should know of it, one sentence each. */
  readonly notes: readonly string[];
}

/** Every position that is held, once. */
export function symbolsOf(snapshot: SourceSnapshot): readonly string[] {
  const positions = [
    ...snapshot.accounts.flatMap((account) => account.positions),
    ...snapshot.unattributed,
  ];
  return [...new Set(positions.map(({ symbol }: SourcePosition) => symbol))].sort();
}

/** ACI is also ACI/USD where the account is kept in USD; aci is ACI, and that is told. */
export function matchPrices(
  symbols: readonly string[],
  given: readonly GivenPrice[],
  currency: string,
  from: string,
): MatchedPrices {
  const left = new Map(given.map((one) => [one.symbol, one]));
  const bySymbol = new Map<string, GivenPrice>();
  const take = (symbol: string, one: GivenPrice): void => {
    bySymbol.set(symbol, one);
    left.delete(one.symbol);
  };
  for (const symbol of symbols) {
    const one = left.get(symbol) ?? left.get(`${symbol}/${currency}`);
    if (one !== undefined) take(symbol, one);
  }
  const notes: string[] = [];
  for (const symbol of symbols) {
    if (bySymbol.has(symbol)) continue;
    const letters = symbol.toLowerCase();
    const alike = [...left.values()].filter((one) => one.symbol.toLowerCase() === letters);
    const [one] = alike;
    if (one === undefined || alike.length > 1) continue;
    take(symbol, one);
    notes.push(`${from} writes ${one.symbol} for ${symbol}`);
  }
  const unused = [...left.keys()];
  if (unused.length > 0) notes.push(`${from} has prices that nobody holds: ${listed(unused)}`);
  return { bySymbol, notes };
}

const shown = 5;

const listed = (names: readonly string[]): string =>
  names.length <= shown
    ? names.join(', ')
    : `${names.slice(0, shown).join(', ')} and ${names.length - shown} more`;
