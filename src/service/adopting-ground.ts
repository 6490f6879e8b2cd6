/** One account of a source as it is adopted: where it stands, and its orders once more. */
import type { Instrument } from '../model/instrument.ts';
import type { SourceAccount, SourceSnapshot } from '../model/source.ts';
import type { Source } from '../sources/source.ts';
import { type AdoptedOpening, containedUpTo } from './adopting-opening.ts';
import { type CompleteOrder, OrderTally } from './adopting-orders.ts';
import { type AdoptedSymbol, adoptedSymbol } from './adopting-symbols.ts';

/** What is known of one account before anything is booked. */
export interface Ground {
  readonly source: Source;
  readonly snapshot: SourceSnapshot;
  readonly from: SourceAccount;
  readonly name: string;
  readonly currency: string;
  readonly venue: string;
  /** Null: the account is new in our book. */
  readonly booked: AdoptedOpening | null;
  readonly made: boolean;
  /** Called for every order that is read. */
  readonly progress: () => void;
}

/** Everything that is to be booked of an account, but for the orders themselves. */
export interface Writing {
  readonly ground: Ground;
  readonly tally: OrderTally;
  readonly opening: AdoptedOpening;
  /** By the source's symbol; null: it cannot be booked. */
  readonly symbols: ReadonlyMap<string, AdoptedSymbol | null>;
  readonly instruments: readonly Instrument[];
  readonly feesNone: boolean;
}

/** Orders of the table as they were when the snapshot was taken. */
export async function* ordersOf({ source, snapshot, from, progress }: Ground) {
  const { count, upTo } = snapshot.orders;
  if (count === 0) return;
  const several = snapshot.accounts.length > 1;
  for await (const order of source.orders(upTo)) {
    progress();
    if (!several || order.accountId === null || order.accountId === from.id) {
      yield { order, unattributed: several && order.accountId === null };
    }
  }
}

/** Whether a symbol can be an instrument of the account. */
export const bookable = ({ currency, venue }: Ground) => {
  const known = new Map<string, boolean>();
  return (symbol: string): boolean => {
    const before = known.get(symbol);
    if (before !== undefined) return before;
    const can = symbol === '' || adoptedSymbol(symbol, currency, venue) !== null;
    known.set(symbol, can);
    return can;
  };
};

export function instrumentsOf({ from, currency, venue }: Ground, tally: OrderTally) {
  const names = new Set([...tally.symbols, ...from.positions.map(({ symbol }) => symbol)]);
  const symbols = new Map(
    [...names].sort().map((symbol) => [symbol, adoptedSymbol(symbol, currency, venue)]),
  );
  const instruments = new Map<string, Instrument>();
  for (const adopted of symbols.values()) {
    if (adopted === null || instruments.has(adopted.instrument.name)) continue;
    instruments.set(adopted.instrument.name, adopted.instrument);
  }
  return { symbols, instruments: [...instruments.values()] };
}

const batchOrders = 5_000;

/** The orders that can be booked, so many at a time; with an instrument that is declared. */
export async function* batchesOf({ ground, opening, symbols }: Writing) {
  const tally = new OrderTally({ amount: null, at: containedUpTo(opening) });
  // A table without a key is read as a whole, and may have others by now: the next run has them.
  const isBookable = (symbol: string) => symbols.get(symbol) != null;
  let batch: CompleteOrder[] = [];
  for await (const { order, unattributed } of ordersOf(ground)) {
    if (unattributed || !isBookable(order.symbol) || !tally.take(order)) continue;
    batch.push(order);
    if (batch.length < batchOrders) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
