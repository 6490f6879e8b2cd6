/** What an update writes, decided on the very snapshot it is written onto. */
import { equals } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import type { Instant } from '../../model/instant.ts';
import type {
  SourceAccount,
  SourcePriceWrite,
  SourceSnapshot,
  SourceWrite,
} from '../../model/source.ts';
import { givenFor, isOpenPosition, type Pricing } from '../../reconcile/source/pricing.ts';
import { type BalanceSheet, sheetsOf, type UnpricedPart } from '../../reconcile/source/sheet.ts';
import { noAccountWhy } from '../../reconcile/source/unreadable.ts';

export interface WriteWish {
  readonly at: Instant;
  /** The source's accounts that are meant, by id. */
  readonly accounts: { has(id: string): boolean };
  /** Brings the stored total to the truth. */
  readonly total: boolean;
  /** Brings the prices that the source keeps to those that were given. */
  readonly prices: boolean;
  /** Appends a performance record. */
  readonly record: boolean;
  /** Null: said from the figures. */
  readonly why: string | null;
}

export interface Decided {
  readonly sheets: readonly BalanceSheet[];
  /** What keeps a total from being said: then nothing is written. */
  readonly unknown: readonly UnpricedPart[];
  /** Null: there is nothing to write. */
  readonly write: SourceWrite | null;
}

/** `pricing` is a function of the snapshot: the source may have moved since it was asked. */
export function decide(snapshot: SourceSnapshot, pricing: Pricing, wish: WriteWish): Decided {
  const isChosen = (id: string) => wish.accounts.has(id);
  const sheets = sheetsOf(snapshot, pricing).sheets.filter((sheet) => isChosen(sheet.accountId));
  const unknown =
    snapshot.accounts.length === 0
      ? [{ what: 'account', why: noAccountWhy, reason: null }]
      : sheets.flatMap((sheet) => (sheet.calculated === null ? sheet.unpriced : []));
  if (unknown.length > 0) return { sheets, unknown, write: null };
  const prices =
    wish.prices && snapshot.keepsPrices ? priceWrites(snapshot, pricing, isChosen) : [];
  const wrong = wish.total ? sheets.filter(isWrong(snapshot)) : [];
  const totals = wrong.map(({ accountId, calculated }) => ({ accountId, total: calculated! }));
  const performance = wish.record ? sheets.map(recordOf(wish.at)) : [];
  if (totals.length + prices.length + performance.length === 0) {
    return { sheets, unknown, write: null };
  }
  const why = wish.why ?? whyOf(wrong, prices, wish.record);
  return { sheets, unknown, write: { why, at: wish.at, totals, prices, performance } };
}

/** An empty cell is as wrong as a wrong number: the sum is known, and it is not there. */
const isWrong =
  ({ totalStorage }: SourceSnapshot) =>
  ({ match, stored }: BalanceSheet): boolean =>
    totalStorage !== null && (match === 'different' || stored === null);

const recordOf =
  (time: Instant) =>
  ({ accountId, calculated: total, cash, positionsValue }: BalanceSheet) => ({
    accountId,
    record: { time, total, cash, positionsValue },
  });

/** Open positions whose stored price is another one than was given. */
function priceWrites(
  { accounts }: SourceSnapshot,
  pricing: Pricing,
  isChosen: (id: string) => boolean,
): readonly SourcePriceWrite[] {
  const several = accounts.length > 1;
  const ofAccount = ({ id, positions }: SourceAccount): readonly SourcePriceWrite[] =>
    positions.filter(isOpenPosition).flatMap((position) => {
      const { symbol, price: stored } = position;
      const told = givenFor(position, pricing);
      if (told === null || (stored !== null && equals(stored, told.price))) return [];
      return [{ accountId: several ? id : null, symbol, price: told.price }];
    });
  return accounts.filter(({ id }) => isChosen(id)).flatMap(ofAccount);
}

function whyOf(
  wrong: readonly BalanceSheet[],
  prices: readonly SourcePriceWrite[],
  record: boolean,
): string {
  const parts = wrong.map(({ stored, calculated }) => {
    const was = stored === null ? 'empty' : toText(stored);
    return `the stored total was ${was}, cash and positions are ${toText(calculated!)}`;
  });
  if (prices.length > 0) parts.push(`prices were given for ${prices.length} positions`);
  if (record) parts.push('a performance record was asked for');
  return parts.join('; ');
}
