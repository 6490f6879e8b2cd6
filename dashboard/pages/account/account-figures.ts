/** What the figures of an account are made of, where entries alone do not make them. */
import type { Account, Balance, Mark, Position, Side } from '../../api/account.ts';
import type { FigurePart, FigureTold, WhyAsked } from '../../state/figure.ts';
import { accountAddress } from '../../words/addresses.ts';
import { isZero } from '../../words/amounts.ts';

type Of = Pick<Account, 'account' | 'currency'>;

/** The book keeps a coin under its own name, whatever it is traded against. */
export const positionWhy = (
  { account }: Pick<Account, 'account'>,
  what: WhyAsked['what'],
  { asset, instrument, leg }: Pick<Position, 'asset' | 'instrument' | 'leg'>,
): WhyAsked => ({
  ...{ account, what, key: asset ?? instrument, leg },
  ...(what === 'position' ? {} : { span: 'open' as const }),
});

export const balanceWhy = ({ account }: Pick<Account, 'account'>, currency: string): WhyAsked => ({
  ...{ account, what: 'balance', key: currency, leg: null },
});

const sidesOf = ({ account }: Of) => ({
  words: 'book and venue, line by line',
  to: `${accountAddress(account)}?view=sides`,
});

const partyOf = ({ theirsParty }: Side): string => theirsParty ?? 'venue';

const when = ({ theirsAt }: Side): string =>
  theirsAt === null ? 'nobody knows when' : `at ${theirsAt}`;

export const theirsTold = (of: Of, name: string, side: Side): FigureTold => ({
  ...{ title: `${name}, by the ${partyOf(side)}`, value: side.theirs },
  words:
    side.theirsAt === null
      ? 'No statement has told it: not checked is not clean.'
      : `It is what the ${partyOf(side)} said at ${side.theirsAt}; the book did not make it.`,
  links: [sidesOf(of)],
});

export const differenceTold = (of: Of, name: string, side: Side, why: WhyAsked): FigureTold => ({
  ...{ title: `${name}, difference`, value: side.difference, signed: true },
  words: `${partyOf(side)} - book: what would have to be added to the book`,
  parts: [
    { words: partyOf(side), value: side.theirs },
    { words: 'book', value: side.ours, why },
  ],
  links: [sidesOf(of), { words: 'breaks', to: '/breaks?view=open' }],
});

/** Whose price it is, and of when. */
export function markTold(name: string, mark: Mark): FigureTold {
  const { price, time, source, stale } = mark;
  const who = source === null ? 'Nobody is named as who told it' : `Told by ${source}`;
  return {
    ...{ title: `Price of ${name}`, value: price },
    words: `${who}, at ${time}.${stale ? ' It is too old to value anything by.' : ''}`,
  };
}

export const availableTold = (of: Of, row: Balance, what: 'available' | 'reserved'): FigureTold => {
  const { currency, available, reserved, quantity } = row;
  const isFree = what === 'available';
  return {
    ...{ title: `${currency} ${isFree ? 'available' : 'in orders'}`, unit: currency },
    value: isFree ? available : reserved,
    words:
      available === null
        ? 'The venue did not tell what of it is free.'
        : `${isFree ? 'As the venue told it' : 'What it holds - what is free'}, ${when(quantity)}.`,
    parts: [
      { words: `held at the ${partyOf(quantity)}`, value: quantity.theirs },
      { words: isFree ? 'in orders' : 'available', value: isFree ? reserved : available },
    ],
    links: [{ words: 'open orders', to: `${accountAddress(of.account)}?view=orders` }],
  };
};

export function valueTold(of: Of, row: Balance): FigureTold {
  const { currency, value, mark, quantity } = row;
  const isCash = currency === of.currency;
  return {
    ...{ title: `${currency}, value`, value, unit: of.currency },
    words: isCash ? 'It is the currency that the account counts in.' : valueWords(mark),
    parts: [
      { words: 'quantity', value: quantity.ours, unit: currency, why: balanceWhy(of, currency) },
      ...(isCash ? [] : [{ words: 'mark', value: mark?.price ?? null }]),
    ],
  };
}

const valueWords = (mark: Mark | null): string => {
  if (mark === null) return 'quantity × mark; nobody told a price, so nothing is said.';
  const by = `of ${mark.time}`;
  return mark.stale ? `quantity × mark; the price ${by} is too old.` : `quantity × mark ${by}`;
};

export const averageTold = (of: Of, row: Position): FigureTold => ({
  ...{ title: `${row.instrument}, average price`, value: row.averagePrice },
  words:
    row.averagePrice === null
      ? 'What it cost is not known of all that is held.'
      : 'cost of what is held ÷ its quantity, by the cost method of the account',
  parts: [
    { words: 'cost of what is held', value: row.costBasis },
    { words: 'quantity', value: row.quantity.ours, why: positionWhy(of, 'position', row) },
  ],
});

export const theirAverageTold = (row: Position): FigureTold => ({
  ...{ title: `${row.instrument}, average price by the venue`, value: row.theirsAveragePrice },
  words: `It is what the venue said, ${when(row.quantity)}, by its own method.`,
});

export const unrealisedTold = (of: Of, row: Position): FigureTold => ({
  ...{ title: `${row.instrument}, unrealised`, value: row.unrealisedPnl, signed: true },
  words:
    row.unrealisedPnl === null
      ? 'A price that may be used, or a part of the cost, is not known.'
      : 'value at the mark - cost of what is held',
  parts: [
    { words: 'quantity', value: row.quantity.ours, why: positionWhy(of, 'position', row) },
    { words: 'mark', value: row.mark?.price ?? null },
    { words: 'cost of what is held', value: row.costBasis },
  ],
});

const cashPart = (one: Account): FigurePart => ({
  ...{ words: `cash, ${one.currency}`, value: one.equityParts.cash },
  why: balanceWhy(one, one.currency),
});

const lacking = ({ equityParts: { unpriced } }: Account): string =>
  unpriced.length === 0 ? '' : ` Without a price: ${unpriced.map(({ what }) => what).join(', ')}.`;

export const equityTold = (one: Account): FigureTold => ({
  ...{ title: `Equity of ${one.account}`, value: one.equityParts.total, unit: one.currency },
  words: `cash + value of positions.${lacking(one)}`,
  parts: [cashPart(one), { words: 'positions', value: one.equityParts.positionsValue }],
  isSum: true,
  links: [{ words: 'curve and bridge', to: `/equity?account=${encodeURIComponent(one.account)}` }],
});

/** What is known of it, where the whole is not. */
export const knownTold = (one: Account): FigureTold => ({
  ...{ title: `Known of ${one.account}`, value: one.equityParts.known, unit: one.currency },
  words: `cash + what has a price: no total.${lacking(one)}`,
  parts: [cashPart(one)],
});

/** Coins at their price; of contracts what is open. */
export function positionsTold(one: Account): FigureTold {
  const coins = one.balances.filter(
    ({ currency, value }) => currency !== one.currency && (value === null || !isZero(value)),
  );
  const contracts = one.positions.filter(({ asset }) => asset === null);
  return {
    ...{ title: `Positions of ${one.account}`, value: one.equityParts.positionsValue },
    unit: one.currency,
    words: `coins at their marks + what is unrealised of contracts.${lacking(one)}`,
    parts: [
      ...coins.map(({ currency, value }) => ({
        ...{ words: currency, value, why: balanceWhy(one, currency) },
      })),
      ...contracts.map(unrealisedPart(one)),
    ],
    isSum: true,
  };
}

export const openTold = (one: Account): FigureTold => ({
  ...{ title: `Unrealised of ${one.account}`, value: one.equityParts.unrealisedPnl, signed: true },
  words: 'value at the marks - cost, of each position; it is in the equity already',
  parts: one.positions.map(unrealisedPart(one)),
  isSum: true,
});

const unrealisedPart =
  (of: Of) =>
  (row: Position): FigurePart => ({
    words: `${row.instrument}${row.leg === 'net' ? '' : ` ${row.leg}`}, unrealised`,
    ...{ value: row.unrealisedPnl, signed: true, why: positionWhy(of, 'position', row) },
  });
