/** Query rows: what a group's state looks like to people and their SQL. */

import { averagePriceOf } from '../books/book-view.ts';
import { coinOf, type Group, type LegState } from '../books/group.ts';
import { averageCost, isFlat } from '../books/holding.ts';
import type { FoldContext } from '../books/settings.ts';
import type { Statistics } from '../books/statistics.ts';
import { isZero, one } from '../decimal/decimal.ts';
import { toText, toTextOrNull } from '../decimal/text.ts';
import type { PositionRow } from '../store/query-tables.ts';

/** The keys of a group's position rows. */
export const poolsOf = (group: Group): readonly string[] => [
  ...Array.from(group.state.legs.values(), legPool),
  ...(coinOf(group.key) === null || group.state.coin === null ? [] : [group.key]),
];

const legPool = (leg: LegState): string => `leg:${leg.instrument}|${leg.leg}`;

export function positionRowsOf(group: Group, context: FoldContext): readonly PositionRow[] {
  const rows: PositionRow[] = Array.from(group.state.legs.values(), (leg) =>
    legRow(group, leg, context),
  );
  const coin = coinOf(group.key);
  if (coin === null || group.state.coin === null) return rows;
  const { holding, track } = group.state.coin;
  const name = context.nameOf(coin);
  rows.push({
    pool: group.key,
    type: 'spot',
    instrument: `${name}/${context.settings.currency}`,
    asset: name,
    leg: 'net',
    quantity: toText(holding.quantity),
    averagePrice: toTextOrNull(averageCost(holding, one)),
    costBasis: isZero(holding.unknown) ? toText(holding.cost) : null,
    multiplier: '1',
    settle: context.settings.currency,
    ...resultsOf(track.lifetime),
    openedAt: holding.openedAt,
    updatedAt: group.last?.time ?? 0n,
  });
  return rows;
}

function legRow(group: Group, leg: LegState, context: FoldContext): PositionRow {
  const name = context.nameOf(leg.instrument);
  const updatedAt = group.last?.time ?? 0n;
  const instrument = context.instrumentAt(name, updatedAt);
  const { holding } = leg;
  return {
    pool: legPool(leg),
    type: instrument.type,
    instrument: name,
    asset: null,
    leg: leg.leg,
    quantity: toText(holding.quantity),
    averagePrice: isFlat(holding)
      ? null
      : toTextOrNull(averagePriceOf(leg, instrument.type, instrument.multiplier)),
    costBasis: isZero(holding.unknown) ? toText(holding.cost) : null,
    multiplier: toText(instrument.multiplier),
    settle: instrument.settle,
    ...resultsOf(leg.track.lifetime),
    openedAt: holding.openedAt,
    updatedAt,
  };
}

const resultsOf = (statistics: Statistics) => ({
  realised: statistics.realisedUnknown ? null : toText(statistics.realised),
  fees: JSON.stringify(
    Object.fromEntries(statistics.fees.map((fee) => [fee.currency, toText(fee.amount)])),
  ),
  funding: toText(statistics.funding),
});
