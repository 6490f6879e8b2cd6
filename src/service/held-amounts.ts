/** What a fold holds, in the words of reconciliation. */
import { averagePriceOf } from '../books/book-view.ts';
import { coinOf, type Group } from '../books/group.ts';
import type { Refolded } from '../books/refold.ts';
import type { FoldContext } from '../books/settings.ts';
import { isZero } from '../decimal/decimal.ts';
import type { Instant } from '../model/instant.ts';
import type { BookBalance, BookPosition } from '../reconcile/book-side.ts';

/** Balances and contract positions of a fold, with what is uncertain about each. */
export function heldBy(
  { groups, cash }: Refolded,
  context: FoldContext,
  asOf: Instant,
): { balances: BookBalance[]; positions: BookPosition[] } {
  // A fee can be charged in any coin, so one that is not known may have left each of them.
  const uncertain = uncertainOf(groups);
  const balances: BookBalance[] = [
    {
      currency: context.settings.currency,
      total: cash,
      youngest: youngestOf(groups),
      uncertain,
    },
  ];
  const positions: BookPosition[] = [];
  for (const group of groups) {
    const coin = coinOf(group.key);
    if (coin !== null && group.state.coin !== null) {
      balances.push({
        currency: context.nameOf(coin),
        total: group.state.coin.holding.quantity,
        youngest: group.last?.time ?? null,
        uncertain,
      });
    }
    for (const leg of group.state.legs.values()) {
      const instrument = context.nameOf(leg.instrument);
      const { type, multiplier } = context.instrumentAt(instrument, asOf);
      positions.push({
        instrument,
        leg: leg.leg,
        quantity: leg.holding.quantity,
        averagePrice: averagePriceOf(leg, type, multiplier),
        youngest: group.last?.time ?? null,
        uncertain: isZero(leg.gap) ? null : 'fills that reduce this leg exceed what it held',
      });
    }
  }
  return { balances, positions };
}

function youngestOf(groups: Iterable<Group>): Instant | null {
  let youngest: Instant | null = null;
  for (const { last } of groups) {
    if (last !== null && (youngest === null || last.time > youngest)) youngest = last.time;
  }
  return youngest;
}

/** A balance is not final while a fee that may have left it is not known. */
function uncertainOf(groups: Iterable<Group>): string | null {
  let unknown = 0;
  let unpriced = false;
  for (const { state } of groups) {
    unknown += state.coin?.track.lifetime.feesUnknown ?? 0;
    for (const leg of state.legs.values()) {
      unknown += leg.track.lifetime.feesUnknown;
      unpriced ||= leg.track.lifetime.realisedUnknown;
    }
  }
  if (unknown > 0) return `${unknown} fills have no fee yet`;
  return unpriced ? 'a closed contract had no known entry price' : null;
}
