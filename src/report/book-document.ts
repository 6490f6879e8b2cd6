/** The JSON of `book`: one account's books at an instant. Null is unknown, with its reason. */
import type { BookView, PositionView } from '../books/book-view.ts';
import type { Statistics } from '../books/statistics.ts';
import type { MarkView } from '../books/valuation.ts';
import { isZero } from '../decimal/decimal.ts';
import { toText, toTextOrNull } from '../decimal/text.ts';
import type { Fee } from '../model/fact.ts';
import { instantText, instantTextOrNull } from '../model/instant.ts';

export interface BookState {
  readonly view: BookView;
  /** The last entry the view knows. */
  readonly head: { readonly sequence: number; readonly hash: string };
  /** Busts and corrections without their fill: execution ids. */
  /** Null: not known of a book that is looked back at. */
  readonly waiting: readonly string[] | null;
}

export interface BookDocumentOptions {
  /** Keeps flat positions. */
  readonly all: boolean;
}

export type BookDocument = ReturnType<typeof bookDocument>;

export const bookDocument = (state: BookState, { all }: BookDocumentOptions) => {
  const { view, head } = state;
  const { equity, realisedPnl } = view;
  return {
    schema: 'trueup.book/1',
    account: view.settings.account,
    sequence: head.sequence,
    asOf: instantText(view.asOf),
    currency: view.settings.currency,
    mode: view.settings.mode,
    balances: view.balances.map((balance) => ({
      currency: balance.currency,
      total: toText(balance.total),
      reserved: null,
      available: null,
    })),
    positions: view.positions
      .filter((position) => all || !isZero(position.quantity))
      .map(positionDocument),
    equity: {
      total: toTextOrNull(equity.total),
      known: toText(equity.known),
      cash: toText(equity.cash),
      positionsValue: toTextOrNull(equity.positionsValue),
      unrealisedPnl: toTextOrNull(equity.unrealisedPnl),
      rates: equity.rates.map((rate) => ({
        currency: rate.currency,
        price: toText(rate.price),
        instrument: rate.instrument,
        time: instantText(rate.time),
      })),
      unpriced: equity.unpriced.map(({ what, quantity, why }) => ({
        what,
        quantity: toText(quantity),
        why,
      })),
    },
    realisedPnl: {
      gross: toTextOrNull(realisedPnl.gross),
      fees: toTextOrNull(realisedPnl.fees),
      funding: toTextOrNull(realisedPnl.funding),
      net: toTextOrNull(realisedPnl.net),
      /** Why a part is null: causes that moved coins of unknown cost, or fees not told yet. */
      unknown: [...view.unvalued].sort(),
    },
    waiting: state.waiting === null ? null : [...state.waiting].sort(),
    head: { sequence: head.sequence, hash: head.hash },
  };
};

/** One document for one account; more than one are the members of a list. */
export const booksDocument = (books: readonly BookDocument[]) => ({
  schema: 'trueup.books/1',
  books,
});

const positionDocument = (position: PositionView) => ({
  type: position.type,
  instrument: position.instrument,
  asset: position.asset,
  leg: position.leg,
  quantity: toText(position.quantity),
  averagePrice: toTextOrNull(position.averagePrice),
  costBasis: toTextOrNull(position.costBasis),
  /** Of this much nobody stated the cost. */
  unknownQuantity: toText(position.unknownQuantity),
  multiplier: toText(position.multiplier),
  ...statisticsDocument(position.since),
  openedAt: instantTextOrNull(position.openedAt),
  lifetime: statisticsDocument(position.lifetime),
  mark: position.mark === null ? null : markDocument(position.mark),
  unrealisedPnl: toTextOrNull(position.unrealisedPnl),
  unrealisedWhy: unrealisedWhy(position),
});

/** Why unrealisedPnl is null; null when it is not. */
function unrealisedWhy(position: PositionView): 'no-mark' | 'unknown-cost' | null {
  if (position.unrealisedPnl !== null) return null;
  return position.mark === null ? 'no-mark' : 'unknown-cost';
}

const statisticsDocument = (statistics: Statistics) => ({
  realisedPnl: statistics.realisedUnknown ? null : toText(statistics.realised),
  fees: statistics.fees.map(feeDocument).sort(byCurrency),
  /** Fills whose fee nobody has told yet. */
  feesUnknown: statistics.feesUnknown,
  funding: toText(statistics.funding),
});

const feeDocument = (fee: Fee): { currency: string; amount: string } => ({
  currency: fee.currency,
  amount: toText(fee.amount),
});

const byCurrency = (a: { currency: string }, b: { currency: string }): number =>
  a.currency < b.currency ? -1 : a.currency > b.currency ? 1 : 0;

const markDocument = (mark: MarkView) => ({
  price: toText(mark.price),
  time: instantText(mark.time),
  stale: mark.stale,
});
