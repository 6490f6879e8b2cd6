/**
 * How it came about, from the first position to the database as it was found: what was reported,
 * and around it what is our choice.
 */
import { decimal } from '../../decimal/text.ts';
import { incidentPositions } from '../../sources/monitoring/incident-database.ts';
import { botPrefix, handPrefix } from './mismatch-bot.ts';
import { foreignPositions } from './mismatch-market.ts';
import type { MismatchStage } from './mismatch-stage.ts';

/** The nine, each at the moment and price that its row says, in the order in which it happened. */
export async function openPositions(stage: MismatchStage, from: string, to: string): Promise<void> {
  const { trader } = stage.parts;
  const due = incidentPositions
    .filter(({ openedAt }) => from <= openedAt && openedAt < to)
    .toSorted((a, b) => (a.openedAt < b.openedAt ? -1 : 1));
  for (const { symbol, side, quantity, entryPrice, openedAt } of due) {
    stage.at(openedAt);
    const way = side === 'short' ? 'sell' : 'buy';
    stage.quote(symbol, way, decimal(entryPrice));
    await trader.trade(botPrefix, { symbol, side: way, quantity: decimal(quantity) }, false);
  }
}

/** Somebody else trades in the same account. */
export async function openForeign(stage: MismatchStage): Promise<void> {
  stage.at('13:40:00');
  for (const one of foreignPositions) {
    stage.quote(one.symbol, one.side, one.price);
    await stage.parts.trader.trade(handPrefix, one, false);
  }
}

/** Prices as the rows of the database have them, for who looks now. */
export function quoteNow(stage: MismatchStage): void {
  for (const { symbol, currentPrice } of incidentPositions) {
    stage.quote(symbol, 'sell', decimal(currentPrice));
  }
  for (const { symbol, side, price } of foreignPositions) stage.quote(symbol, side, price);
}
