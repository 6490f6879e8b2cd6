/** What of an adopted history the source's own figures confirm, and what they leave open. */
import type { BookView } from '../books/book-view.ts';
import { add, type Decimal, equals, isZero, subtract, total, zero } from '../decimal/decimal.ts';
import { toText } from '../decimal/text.ts';
import { amountText, moneyText } from '../model/amount.ts';
import type { SourceAccount, SourceEngine, SourcePosition } from '../model/source.ts';
import {
  type AdoptedAccount,
  type Compared,
  type NotProved,
  ties,
} from '../report/adopt-document.ts';
import type { Writing } from './adopting-ground.ts';
import type { AdoptedOpening } from './adopting-opening.ts';
import type { OrderTally } from './adopting-orders.ts';

/**
 * Whether the orders cost no fees: only where the cash ties without any, from an opening that was
 * not derived from that very cash. Binary fractions are given what their sums can have lost.
 */
export function feesAreNone(
  { from: origin, amount }: AdoptedOpening,
  tally: OrderTally,
  engine: SourceEngine,
  { cash }: SourceAccount,
): boolean {
  if (origin !== 'stated' && origin !== 'record') return false;
  const slack = engine === 'sqlite' ? tally.cashSlack : zero;
  return ties({ ours: add(amount, tally.cash), theirs: cash, slack });
}

export type Comparison = Pick<AdoptedAccount, 'cash' | 'positions' | 'realised'>;

/** `view`: null where nothing was written; then what the orders alone lead to. */
export function comparedWith(view: BookView | null, writing: Writing): Comparison {
  const { ground, tally, opening } = writing;
  const { from, snapshot } = ground;
  const binary = snapshot.identity.engine === 'sqlite';
  const slackOf = (slack: Decimal): Decimal => (binary ? slack : zero);
  const ours = view === null ? add(opening.amount, tally.cash) : view.equity.cash;
  return {
    cash: { ours, theirs: from.cash, slack: slackOf(tally.cashSlack) },
    positions: assetsOf(writing)
      .map(({ asset, symbols, held }) => ({
        asset,
        ours:
          view === null
            ? total(symbols.map((symbol) => tally.quantity(symbol)))
            : quantityOf(view, asset),
        theirs: snapshot.unattributed.length > 0 ? null : heldOf(held),
        slack: slackOf(total(symbols.map((symbol) => tally.quantitySlack(symbol)))),
      }))
      .filter((one) => !isZero(one.ours) || one.theirs === null || !isZero(one.theirs)),
    realised: { ours: view?.realisedPnl.gross ?? null, theirs: tally.pnl },
  };
}

const quantityOf = ({ positions }: BookView, asset: string): Decimal =>
  total(positions.filter((one) => one.asset === asset).map(({ quantity }) => quantity));

const heldOf = (held: readonly SourcePosition[]): Decimal | null =>
  held.some(({ quantity }) => quantity === null)
    ? null
    : total(held.map(({ quantity }) => quantity ?? zero));

interface Asset {
  readonly asset: string;
  /** What the source calls it, in its orders and positions. */
  readonly symbols: string[];
  readonly held: SourcePosition[];
}

function assetsOf({ ground, symbols }: Writing): readonly Asset[] {
  const assets = new Map<string, Asset>();
  for (const [symbol, adopted] of symbols) {
    const asset = adopted?.instrument.base ?? symbol;
    const one = assets.get(asset) ?? { asset, symbols: [], held: [] };
    one.symbols.push(symbol);
    one.held.push(...ground.from.positions.filter((position) => position.symbol === symbol));
    assets.set(asset, one);
  }
  return [...assets.values()].sort((a, b) => (a.asset < b.asset ? -1 : 1));
}

const binarySums = 'sums in binary fractions can be';

const note = (code: string, sentence: string, key: string | null = null): NotProved => ({
  code,
  key,
  sentence,
});

/** One sentence for each thing that somebody who relies on the book should know. */
export const notProved = (writing: Writing, compared: Comparison): readonly NotProved[] => [
  ...openNotes(writing, compared.cash),
  ...orderNotes(writing),
  ...positionNotes(compared.positions),
  ...priceNotes(writing),
  ...realisedNotes(compared.realised),
  ...recordNotes(writing),
];

function openNotes({ opening, feesNone }: Writing, cash: Compared): readonly NotProved[] {
  const notes: NotProved[] = [];
  if (opening.from === 'derived') {
    const amount = moneyText(opening.amount);
    const contains = 'it contains every deposit and withdrawal that the database does not keep';
    const derived = `the opening of ${amount} is derived from the cash and the orders`;
    notes.push(note('opening-derived', `${derived}: ${contains}`));
  }
  if (cash.theirs === null) {
    notes.push(note('cash-unknown', 'the database does not say its cash'));
  } else if (!equals(cash.ours, cash.theirs)) {
    const difference = moneyText(subtract(cash.theirs, cash.ours), { signed: true });
    const given = `opening and orders give ${moneyText(cash.ours)}`;
    const figures = `cash is ${moneyText(cash.theirs)}, ${given}`;
    const because = ties(cash)
      ? `as far apart as ${binarySums}`
      : 'a fee, a deposit, a withdrawal or a missing order would look like this';
    const code = ties(cash) ? 'cash-rounded' : 'cash-residual';
    notes.push(note(code, `${figures}: ${difference} is left, ${because}`));
  }
  if (!feesNone) {
    const sentence =
      'fees are unknown: the database keeps none, and its cash does not rule them out';
    notes.push(note('fees-unknown', sentence));
  }
  return notes;
}

function orderNotes({ tally, ground, symbols }: Writing): readonly NotProved[] {
  const notes: NotProved[] = [];
  if (tally.complete > 0) {
    const each = 'each order is one provisional fill at its own price and time';
    notes.push(note('executions-unknown', `the database keeps no executions: ${each}`));
  }
  for (const { why, count, ids } of tally.lacks.values()) {
    const listed = count > ids.length ? `${ids.join(', ')} ...` : ids.join(', ');
    const orders = count === 1 ? '1 order has' : `${count} orders have`;
    notes.push(note('order-left-out', `${orders} ${why} and cannot be booked: ${listed}`, why));
  }
  for (const [symbol, adopted] of symbols) {
    if (adopted?.quotedIn == null) continue;
    const { currency } = ground;
    const quoted = `${symbol} is quoted in ${adopted.quotedIn}`;
    notes.push(note('quote-differs', `${quoted} and booked in ${currency}, the cash`, symbol));
  }
  return notes;
}

type ComparedAsset = Compared & { readonly asset: string };

function positionNotes(positions: readonly ComparedAsset[]): readonly NotProved[] {
  const rounded = positions.filter((one) => ties(one) && !equals(one.ours, one.theirs!));
  const notes = positions.flatMap(apartNote);
  if (rounded.length === 0) return notes;
  const quantities = rounded.length === 1 ? '1 quantity is' : `${rounded.length} quantities are`;
  const sentence = `${quantities} as far from what the orders give as ${binarySums}`;
  return [...notes, note('positions-rounded', sentence)];
}

function apartNote({ asset, ours, theirs, slack }: ComparedAsset): readonly NotProved[] {
  const given = `the orders give ${amountText(toText(ours))}`;
  if (theirs === null) {
    const sentence = `how much ${asset} the account holds is not said, ${given}`;
    return [note('position-unknown', sentence, asset)];
  }
  if (ties({ ours, theirs, slack })) return [];
  const difference = amountText(toText(subtract(theirs, ours)), { signed: true });
  const sentence = `${asset} is ${amountText(toText(theirs))}, ${given}`;
  return [note('position-unexplained', `${sentence}: ${difference} is not explained`, asset)];
}

function priceNotes({ ground, symbols }: Writing): readonly NotProved[] {
  const open = ground.from.positions.filter(
    ({ quantity }) => quantity === null || !isZero(quantity),
  );
  return open.flatMap(({ symbol, price, updatedAt }) => {
    if (symbols.get(symbol) == null) return [];
    if (price === null) return [note('price-missing', `${symbol} has no price: no mark`, symbol)];
    if (updatedAt !== null) return [];
    const undated = `the price of ${symbol} has no time`;
    const taken = "its mark is as of the account's last write";
    return [note('price-undated', `${undated}: ${taken}`, symbol)];
  });
}

function realisedNotes({ ours, theirs }: Comparison['realised']): readonly NotProved[] {
  if (ours === null || theirs === null || equals(ours, theirs)) return [];
  const known = `${moneyText(theirs)} in the database`;
  const figures = `${known}, ${moneyText(ours)} by average cost in our book`;
  return [note('realised-differs', `realised PnL is ${figures}`)];
}

function recordNotes({ ground }: Writing): readonly NotProved[] {
  const { performanceCount } = ground.from;
  if (performanceCount === 0) return [];
  const records =
    performanceCount === 1
      ? '1 performance record is as the database states it'
      : `${performanceCount} performance records are as the database states them`;
  const sentence = `${records}; "restated" is what our book says of it`;
  return [note('records-stated', sentence)];
}
