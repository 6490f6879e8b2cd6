/**
 * How much of what a bot's database says of its past is unproven: positions that were closed
 * without an exit, with a profit of exactly nothing, opened by no order, or never touched again.
 */
import { add, type Decimal, isZero, multiply, stripped, zero } from '../../decimal/decimal.ts';
import type { Side } from '../../model/fact.ts';
import { addMilliseconds, type Instant } from '../../model/instant.ts';
import type { StoredOrder, StoredPosition, StoredTrade } from '../../model/position-source.ts';

export type HistoryFlaw =
  | 'closed-without-exit-fill'
  | 'closed-with-profit-0'
  | 'closed-with-unknown-profit'
  | 'closed-without-exit-price'
  | 'entry-without-order'
  | 'never-updated';

/** What each of them means, in words for people. */
export const historyFlaws: Readonly<Record<HistoryFlaw, string>> = {
  'closed-without-exit-fill': 'closed, and no order or trade of the exit is stored',
  'closed-with-profit-0': 'closed with a profit of exactly 0',
  'closed-with-unknown-profit': 'closed, and no profit is stored',
  'closed-without-exit-price': 'closed, and no exit price is stored',
  'entry-without-order': 'no order or trade of the entry is stored',
  'never-updated': 'the row was never changed since it was made',
};

export interface FlawFound {
  readonly flaw: HistoryFlaw;
  readonly count: number;
  /** Of quantity x entry price; rows that lack one of the two are counted in `unvalued`. */
  readonly notional: Decimal;
  readonly unvalued: number;
  /** The first few of them. */
  readonly rows: readonly string[];
}

export interface HistoryAudited {
  readonly rows: number;
  readonly closed: number;
  readonly active: number;
  /** Rows of a status that is no known one. */
  readonly unknown: number;
  readonly orders: number;
  readonly trades: number;
  /** Every flaw, also those that no row has. */
  readonly flaws: readonly FlawFound[];
  /** Rows with at least one flaw that concerns what they made. */
  readonly unproven: number;
}

/** An exit or entry is stamped this close to what the row says. */
const nearMs = 600_000;
const rowsNamed = 10;

const ofResult: ReadonlySet<HistoryFlaw> = new Set([
  ...(['closed-without-exit-fill', 'closed-with-profit-0'] as const),
  ...(['closed-with-unknown-profit', 'closed-without-exit-price'] as const),
]);

export function auditHistory(
  rows: Iterable<StoredPosition>,
  orders: Iterable<StoredOrder>,
  trades: Iterable<StoredTrade>,
): HistoryAudited {
  const executed = new Executed(orders, trades);
  const tallies = new Map<HistoryFlaw, Tally>();
  for (const flaw of Object.keys(historyFlaws) as HistoryFlaw[]) tallies.set(flaw, new Tally());
  const counts = { rows: 0, closed: 0, active: 0, unknown: 0, unproven: 0 };
  for (const row of rows) {
    counts.rows += 1;
    counts[row.status] += 1;
    const flaws = flawsOf(row, executed);
    for (const flaw of flaws) tallies.get(flaw)!.add(row);
    if (flaws.some((flaw) => ofResult.has(flaw))) counts.unproven += 1;
  }
  return {
    ...counts,
    ...{ orders: executed.orders, trades: executed.trades },
    flaws: Array.from(tallies, ([flaw, tally]) => ({ flaw, ...tally.result() })),
  };
}

function flawsOf(row: StoredPosition, executed: Executed): readonly HistoryFlaw[] {
  const flaws: HistoryFlaw[] = [];
  const { status, realisedPnl, exitPrice, openedAt, closedAt, createdAt, updatedAt } = row;
  if (status === 'closed') {
    if (!executed.has(row, exitSide(row), openedAt, closedAt))
      flaws.push('closed-without-exit-fill');
    if (realisedPnl === null) flaws.push('closed-with-unknown-profit');
    else if (isZero(realisedPnl)) flaws.push('closed-with-profit-0');
    if (exitPrice === null || isZero(exitPrice)) flaws.push('closed-without-exit-price');
  }
  const opened = openedAt ?? createdAt;
  if (!executed.has(row, entrySide(row), opened, opened)) flaws.push('entry-without-order');
  if (createdAt !== null && (updatedAt === null || updatedAt <= createdAt)) {
    flaws.push('never-updated');
  }
  return flaws;
}

const entrySide = ({ direction }: StoredPosition): Side | null =>
  direction === null ? null : direction === 'long' ? 'buy' : 'sell';

const exitSide = ({ direction }: StoredPosition): Side | null =>
  direction === null ? null : direction === 'long' ? 'sell' : 'buy';

class Tally {
  #count = 0;
  #notional: Decimal = zero;
  #unvalued = 0;
  readonly #rows: string[] = [];

  add({ id, quantity, entryPrice }: StoredPosition): void {
    this.#count += 1;
    if (this.#rows.length < rowsNamed) this.#rows.push(id);
    if (quantity === null || entryPrice === null) this.#unvalued += 1;
    else this.#notional = add(this.#notional, multiply(quantity, entryPrice));
  }

  result(): Omit<FlawFound, 'flaw'> {
    const notional = stripped(this.#notional);
    return { count: this.#count, notional, unvalued: this.#unvalued, rows: this.#rows };
  }
}

interface Executing {
  readonly side: Side | null;
  readonly at: Instant | null;
}

/** What the store knows of executions: orders by their row, the rest by symbol and time. */
class Executed {
  orders = 0;
  trades = 0;
  readonly #byRow = new Map<string, Executing[]>();
  readonly #bySymbol = new Map<string, Executing[]>();

  constructor(orders: Iterable<StoredOrder>, trades: Iterable<StoredTrade>) {
    for (const { positionId, symbol, exchange, side, filled, createdAt: at } of orders) {
      this.orders += 1;
      // An order that is known not to have been filled proves nothing.
      if (filled !== null && isZero(filled)) continue;
      if (positionId === null) push(this.#bySymbol, placeOf(symbol, exchange), { side, at });
      else push(this.#byRow, positionId, { side, at });
    }
    for (const { symbol, exchange, side, at } of trades) {
      this.trades += 1;
      push(this.#bySymbol, placeOf(symbol, exchange), { side, at });
    }
  }

  /** Of that side, around the time from `from` to `to`; of an unknown side or time, nothing. */
  has(
    { id, symbol, exchange }: StoredPosition,
    side: Side | null,
    from: Instant | null,
    to: Instant | null,
  ): boolean {
    if (side === null) return false;
    if (this.#byRow.get(id)?.some((each) => each.side === side) === true) return true;
    if (from === null || to === null) return false;
    const [first, last] = [addMilliseconds(from, -nearMs), addMilliseconds(to, nearMs)];
    const all = this.#bySymbol.get(placeOf(symbol, exchange)) ?? [];
    return all.some(
      ({ side: own, at }) => own === side && at !== null && at >= first && at <= last,
    );
  }
}

const placeOf = (symbol: string, exchange: string | null): string => `${symbol}\n${exchange ?? ''}`;

function push(map: Map<string, Executing[]>, key: string, value: Executing): void {
  const own = map.get(key);
  if (own === undefined) map.set(key, [value]);
  else own.push(value);
}
