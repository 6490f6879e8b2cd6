/**
 * What the orders of a source make of its cash and positions, added up one order at a time: a
 * table may hold millions, and none of them is kept.
 */
import { add, type Decimal, multiply, subtract, zero } from '../../decimal/decimal.ts';
import type { Instant } from '../../model/instant.ts';
import type { SourceOrder } from '../../model/source.ts';

export interface OrderTotals {
  readonly count: number;
  /** Orders whose side, quantity or price is not known: sums that lack them are null. */
  readonly unreadable: number;
  /** Sums of quantity x price. */
  readonly bought: Decimal | null;
  readonly sold: Decimal | null;
  /** The sum of the realised PnL that the orders note; null: none notes any. */
  readonly pnl: Decimal | null;
  /** Sales that note none. */
  readonly salesWithoutPnl: number;
  /** Bought less sold, by symbol. */
  readonly quantities: ReadonlyMap<string, Decimal>;
  readonly firstAt: Instant | null;
  readonly newestAt: Instant | null;
}

interface Sums {
  count: number;
  unreadable: number;
  bought: Decimal;
  sold: Decimal;
  pnl: Decimal | null;
  salesWithoutPnl: number;
  readonly quantities: Map<string, Decimal>;
  firstAt: Instant | null;
  newestAt: Instant | null;
}

export class OrderHistory {
  readonly #byAccount = new Map<string | null, Sums>();

  add(order: SourceOrder): void {
    const sums = this.#of(order.accountId);
    const { side, quantity, price, symbol, pnl, at } = order;
    sums.count += 1;
    if (pnl !== null) sums.pnl = add(sums.pnl ?? zero, pnl);
    else if (side === 'sell') sums.salesWithoutPnl += 1;
    if (at !== null) {
      if (sums.firstAt === null || at < sums.firstAt) sums.firstAt = at;
      if (sums.newestAt === null || at > sums.newestAt) sums.newestAt = at;
    }
    if (side === null || quantity === null || price === null) {
      sums.unreadable += 1;
      return;
    }
    const held = sums.quantities.get(symbol) ?? zero;
    sums.quantities.set(symbol, (side === 'buy' ? add : subtract)(held, quantity));
    const amount = multiply(quantity, price);
    if (side === 'buy') sums.bought = add(sums.bought, amount);
    else sums.sold = add(sums.sold, amount);
  }

  /**
   * Of one account. Orders that name no account are its own where it is the only one; null: there
   * are orders that may be anybody's.
   */
  totalsOf(accountId: string, isOnlyAccount: boolean): OrderTotals | null {
    const nameless = this.#byAccount.has(null);
    if (nameless && (!isOnlyAccount || this.#byAccount.size > 1)) return null;
    const sums = this.#byAccount.get(nameless ? null : accountId) ?? noSums();
    const { bought, sold, ...rest } = sums;
    const isWhole = sums.unreadable === 0;
    return { ...rest, bought: isWhole ? bought : null, sold: isWhole ? sold : null };
  }

  #of(accountId: string | null): Sums {
    const before = this.#byAccount.get(accountId);
    if (before !== undefined) return before;
    const sums = noSums();
    this.#byAccount.set(accountId, sums);
    return sums;
  }
}

const noSums = (): Sums => ({
  ...{ count: 0, unreadable: 0, bought: zero, sold: zero, pnl: null, salesWithoutPnl: 0 },
  ...{ quantities: new Map(), firstAt: null, newestAt: null },
});
