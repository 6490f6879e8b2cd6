/** Balances and positions of an account, each beside what the venue said last. Pure. */
import type { BookView, PositionView } from '../../../books/book-view.ts';
import type { MarkView } from '../../../books/valuation.ts';
import { type Decimal, isZero, multiply, subtract, zero } from '../../../decimal/decimal.ts';
import { toText, toTextOrNull } from '../../../decimal/text.ts';
import { type Instant, instantText, instantTextOrNull } from '../../../model/instant.ts';
import type { Instrument } from '../../../model/instrument.ts';
import type { StatementPosition } from '../../../model/statement.ts';
import type { OrderRow as StoredOrder } from '../../../store/query-tables.ts';
import type { BalanceRow, OrderRow, PositionRow } from '../documents/account.ts';
import {
  balancesBeyond,
  sideOf,
  type Theirs,
  toldBalance,
  toldBeyond,
  toldPosition,
} from './side-view.ts';

/** When something was moved last, and by which entry. */
export interface Moved {
  readonly at: Instant | null;
  readonly sequence: number | null;
}

export interface SeenBook {
  readonly view: BookView;
  readonly theirs: Theirs | null;
  /** By coin, by the reporting currency, or by `INSTRUMENT|LEG`. */
  readonly moved: (key: string) => Moved;
  readonly instrument: (name: string) => Instrument | null;
}

export const legName = (instrument: string, leg: string): string => `${instrument}|${leg}`;

const markShown = (mark: MarkView | null) =>
  mark && {
    ...{ price: toText(mark.price), time: instantText(mark.time), source: mark.source },
    stale: mark.stale,
  };

/** The reporting currency first, then by name; what only they list comes with ours at zero. */
export function balanceRows(seen: SeenBook): readonly BalanceRow[] {
  const { view, theirs } = seen;
  const own = view.balances.map(({ currency, total }) => balanceRow(seen, currency, total));
  const held = new Set(view.balances.map(({ currency }) => currency));
  const beyond = theirs === null ? [] : balancesBeyond(theirs, (one) => held.has(one));
  return [...own, ...beyond.map(({ currency }) => balanceRow(seen, currency, zero))];
}

function balanceRow(
  { view, theirs, moved }: SeenBook,
  currency: string,
  total: Decimal,
): BalanceRow {
  const { at, sequence } = moved(currency);
  const ours = { what: 'balance', key: currency, leg: null, quantity: total, movedAt: at } as const;
  const isReporting = currency === view.settings.currency;
  const mark = view.positions.find(({ asset }) => asset === currency)?.mark ?? null;
  const item = theirs?.statement.balances?.items.find((one) => one.currency === currency);
  const available = item?.available ?? null;
  const isPriced = mark !== null && !mark.stale;
  const priced = isPriced ? multiply(total, mark.price) : isZero(total) ? zero : null;
  return {
    currency,
    quantity: sideOf(ours, theirs, theirs === null ? null : toldBalance(theirs, currency)),
    available: toTextOrNull(available),
    reserved:
      available === null || item === undefined ? null : toText(subtract(item.total, available)),
    mark: markShown(mark),
    value: toTextOrNull(isReporting ? total : priced),
    lastSequence: sequence,
  };
}

/** Those that are held, on either side. Spot is in the balances too, and told there by them. */
export function positionRows(seen: SeenBook, all = false): readonly PositionRow[] {
  const { view, theirs } = seen;
  const shown = view.positions.filter((one) => all || isShown(one, theirs));
  const own = shown.map((one) => positionRow(seen, one));
  const legs = new Set(view.positions.map(({ instrument, leg }) => legName(instrument, leg)));
  const isHeld = (name: string, leg: string) => legs.has(legName(name, leg));
  const beyond = theirs === null ? [] : toldBeyond(theirs, isHeld);
  return [...own, ...beyond.map((one) => beyondRow(seen, one))];
}

function isShown(one: PositionView, theirs: Theirs | null): boolean {
  if (!isZero(one.quantity)) return true;
  if (theirs === null || one.asset !== null) return false;
  const told = toldPosition(theirs, one.instrument, one.leg, null);
  return told !== null && told !== 'none' && !isZero(told.quantity);
}

function positionRow(seen: SeenBook, one: PositionView): PositionRow {
  const { theirs, moved, instrument } = seen;
  const { asset, leg, quantity } = one;
  const told =
    asset !== null || theirs === null
      ? null
      : toldPosition(theirs, one.instrument, leg, instrument(one.instrument));
  const key = asset ?? one.instrument;
  const movedAt = moved(asset ?? legName(one.instrument, leg)).at;
  const what = asset === null ? 'position' : 'balance';
  const amount =
    asset === null ? quantityOf(told) : theirs === null ? null : toldBalance(theirs, asset);
  const ours = { what, key, leg: asset === null ? leg : null, quantity, movedAt } as const;
  const { since } = one;
  return {
    ...{ instrument: one.instrument, asset, type: one.type, leg },
    quantity: sideOf(ours, theirs, amount),
    averagePrice: toTextOrNull(one.averagePrice),
    theirsAveragePrice: told === null || told === 'none' ? null : toTextOrNull(told.averagePrice),
    mark: markShown(one.mark),
    costBasis: toTextOrNull(one.costBasis),
    realisedPnl: since.realisedUnknown ? null : toText(since.realised),
    unrealisedPnl: toTextOrNull(one.unrealisedPnl),
    fees: since.fees.map(({ currency, amount: fee }) => ({ currency, amount: toText(fee) })),
    feesUnknown: since.feesUnknown,
    funding: toText(since.funding),
    openedAt: instantTextOrNull(one.openedAt),
  };
}

const quantityOf = (told: StatementPosition | null | 'none'): Decimal | null =>
  told === null ? null : told === 'none' ? zero : told.quantity;

/** The book never heard of it. */
function beyondRow({ theirs, instrument }: SeenBook, told: StatementPosition): PositionRow {
  const { instrument: name, leg, quantity } = told;
  const ours = { what: 'position', key: name, leg, quantity: zero, movedAt: null } as const;
  return {
    ...{ instrument: name, asset: null, type: instrument(name)?.type ?? 'unknown', leg },
    quantity: sideOf(ours, theirs, quantity),
    averagePrice: null,
    theirsAveragePrice: toTextOrNull(told.averagePrice),
    ...{ mark: null, costBasis: null, realisedPnl: null, unrealisedPnl: null },
    ...{ fees: [], feesUnknown: 0, funding: null, openedAt: null },
  };
}

export const orderShown = (one: StoredOrder): OrderRow => ({
  ...{ orderId: one.orderId, clientOrderId: one.clientOrderId, instrument: one.instrument },
  ...{ side: one.side, type: one.type, quantity: one.quantity, filled: one.filled },
  ...{ price: one.price, status: one.status, reduceOnly: one.reduceOnly },
  ...{ time: instantText(one.time), sequence: one.sequence },
});
