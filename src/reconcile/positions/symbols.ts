/**
 * Which instrument a stored symbol is: the venue's own symbol or the unified name, never a text
 * that was stripped until it fits. One that fits spot and perpetual alike is decided by evidence,
 * or not at all.
 */
import { compare, isZero, one } from '../../decimal/decimal.ts';
import { addMilliseconds } from '../../model/instant.ts';
import { type Instrument, instrumentFromName } from '../../model/instrument.ts';
import type { StoredOrder, StoredPosition } from '../../model/position-source.ts';
import { speaksFor } from '../scope.ts';
import type { PositionTruth } from './port.ts';

export type SymbolFound =
  /** `because`: what decided between several; null: there was one. */
  | { readonly kind: 'one'; readonly instrument: Instrument; readonly because: string | null }
  | { readonly kind: 'several'; readonly candidates: readonly Instrument[]; readonly why: string }
  | { readonly kind: 'none'; readonly why: string };

type TruthSeen = Pick<
  PositionTruth,
  'statement' | 'fills' | 'fillsCompleteSince' | 'fillsScope' | 'instruments'
>;

export class Symbols {
  readonly #venue: string;
  readonly #truth: TruthSeen;
  readonly #orders: ReadonlyMap<string | null, readonly StoredOrder[]>;
  readonly #bySymbol: ReadonlyMap<string, readonly Instrument[]>;

  constructor(venue: string, truth: TruthSeen, orders: readonly StoredOrder[]) {
    this.#venue = venue;
    this.#truth = truth;
    this.#orders = Map.groupBy(orders, ({ positionId }) => positionId);
    const listed = [...truth.instruments.values()].filter(({ symbol }) => symbol !== null);
    this.#bySymbol = Map.groupBy(listed, ({ symbol }) => symbol!);
  }

  find(row: StoredPosition): SymbolFound {
    const fitting = this.candidates(row);
    if (fitting.length === 0) return { kind: 'none', why: this.#whyNone(row.symbol) };
    return this.#decided(row, fitting);
  }

  /** All that the symbol fits, whatever decides between them. */
  candidates({ symbol }: Pick<StoredPosition, 'symbol'>): readonly Instrument[] {
    const named = this.#truth.instruments.get(symbol) ?? instrumentFromName(this.#venue, symbol);
    const all = [...(this.#bySymbol.get(symbol) ?? []), ...(named === null ? [] : [named])];
    return all.filter((each, at) => all.findIndex(({ name }) => name === each.name) === at);
  }

  #decided(row: StoredPosition, fitting: readonly Instrument[]): SymbolFound {
    const notSpot = whyNotSpot(row);
    const left = notSpot === null ? fitting : fitting.filter(({ type }) => type !== 'spot');
    if (left.length === 0) {
      const [spot] = fitting;
      return { kind: 'none', why: `${row.symbol} is ${spot!.name}, and ${notSpot}` };
    }
    if (left.length === 1) {
      const because = fitting.length === 1 ? null : `${row.symbol} is ${left[0]!.name}: ${notSpot}`;
      return { kind: 'one', instrument: left[0]!, because };
    }
    const ordered = this.#byOrders(row, left);
    if (ordered !== null) {
      const because = `${row.symbol} is ${ordered.name}: an order of the row is one of it`;
      return { kind: 'one', instrument: ordered, because };
    }
    const traded = this.#byExecutions(row, left);
    if (traded !== null) {
      const because =
        `${row.symbol} is ${traded.name}: since the row was opened nothing else of that ` +
        'symbol was held or traded';
      return { kind: 'one', instrument: traded, because };
    }
    const names = left.map(({ name }) => name).join(' and ');
    return { kind: 'several', candidates: left, why: `${row.symbol} fits ${names}: not guessed` };
  }

  /** Orders of the row that the venue knows say what it is. */
  #byOrders({ id }: StoredPosition, left: readonly Instrument[]): Instrument | null {
    const orders = this.#orders.get(id) ?? [];
    const ids = new Set(
      orders.flatMap((each) => [each.orderId ?? [], each.clientOrderId ?? []].flat()),
    );
    const { fills, statement } = this.#truth;
    const seen = [...fills, ...(statement.orders?.items ?? [])].filter(
      ({ orderId, clientOrderId }) => ids.has(orderId ?? '') || ids.has(clientOrderId ?? ''),
    );
    return onlyOne(left.filter(({ name }) => seen.some(({ instrument }) => instrument === name)));
  }

  /**
   * Complete since before the row was opened, of all that it may be: what was neither traded nor
   * held is not it.
   */
  #byExecutions({ openedAt }: StoredPosition, left: readonly Instrument[]): Instrument | null {
    const { fills, fillsCompleteSince: since, fillsScope = null, statement } = this.#truth;
    if (!left.every((one) => speaksFor(fillsScope, one))) return null;
    const from = openedAt === null ? null : addMilliseconds(openedAt, -openingSlackMs);
    if (from === null || since === null || since > from) return null;
    const held = new Set(statement.positions?.items.map(({ instrument }) => instrument));
    for (const { type, base, name } of left) {
      const coins = statement.balances?.items.find(({ currency }) => currency === base);
      if (type === 'spot' && coins !== undefined && !isZero(coins.total)) held.add(name);
    }
    const traded = new Set(fills.flatMap((each) => (each.time >= from ? [each.instrument] : [])));
    return onlyOne(left.filter(({ name }) => held.has(name) || traded.has(name)));
  }

  #whyNone(symbol: string): string {
    const all = [...this.#truth.instruments.values()];
    const alike = all.filter((each) => each.symbol !== null && bare(each.symbol) === bare(symbol));
    if (alike.length > 0) {
      const names = alike.map((each) => each.symbol).join(' and ');
      return `${symbol} is no symbol of ${this.#venue}; ${names} is another one, sizes differ`;
    }
    const stripped = all.filter((each) => `${each.base}${each.quote}` === symbol);
    if (stripped.length === 0) return `${symbol} is no symbol of ${this.#venue}`;
    const names = stripped.map(({ name }) => name).join(' and ');
    return `${symbol} is no symbol of ${this.#venue}; stripped it would fit ${names}: not guessed`;
  }
}

/** A row may be written a while before or after the first execution of its position. */
export const openingSlackMs = 600_000;

const onlyOne = (all: readonly Instrument[]): Instrument | null =>
  all.length === 1 ? all[0]! : null;

/** `1000SHIBUSDT`, `SHIB1000USDT` and `SHIBUSDT` are three contracts that look alike. */
const bare = (symbol: string): string => symbol.replace(/10{2,}/, '');

function whyNotSpot({ direction, leverage }: StoredPosition): string | null {
  if (direction === 'short') return 'a short cannot be spot';
  const isLevered = leverage != null && compare(leverage, one) > 0;
  return isLevered ? 'what is levered is no spot' : null;
}
