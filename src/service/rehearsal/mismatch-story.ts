/**
 * How it came about, from the first position to the database as it was found: what was reported,
 * and around it what is our choice.
 */
import { decimal } from '../../decimal/text.ts';
import { incidentPositions } from '../../sources/monitoring/incident-database.ts';
import { botPrefix, handPrefix } from './mismatch-bot.ts';
import { foreignPositions } from './mismatch-market.ts';
import type { MismatchStage } from './mismatch-stage.ts';

const day = '2025-10-13';

/** The nine and the fourteen, and the first exits of the two that are aged. */
export async function tradeAsReported(stage: MismatchStage): Promise<void> {
  await openPositions(stage, '2025-10-12', `${day} 13:40`);
  await openForeign(stage);
  await openPositions(stage, `${day} 13:40`, `${day} 14:24:49`);
  await placeExits(stage, '14:24:49', ['0.04784', '0.09476']);
  await openPositions(stage, `${day} 14:24:49`, `${day} 15:24`);
}

/** Each at the moment and price that its row says, in the order in which it happened. */
async function openPositions(stage: MismatchStage, from: string, to: string): Promise<void> {
  const due = incidentPositions
    .filter(({ openedAt }) => from <= openedAt && openedAt < to)
    .toSorted((a, b) => (a.openedAt < b.openedAt ? -1 : 1));
  for (const { symbol, side, quantity, entryPrice, openedAt } of due) {
    stage.at(openedAt);
    const way = side === 'short' ? 'sell' : 'buy';
    stage.quote(symbol, way, decimal(entryPrice));
    const what = { symbol, side: way, quantity: decimal(quantity) } as const;
    await stage.parts.trader.trade(botPrefix, what, false);
  }
}

/** Somebody else trades in the same account. */
async function openForeign(stage: MismatchStage): Promise<void> {
  stage.at('13:40:00');
  for (const one of foreignPositions) {
    stage.quote(one.symbol, one.side, one.price);
    await stage.parts.trader.trade(handPrefix, one, false);
  }
}

/** For the sizes that the database stores, whatever is left. */
async function placeExits(
  stage: MismatchStage,
  time: string,
  [agi, sca]: readonly [string, string],
): Promise<void> {
  stage.at(time);
  quoteNow(stage);
  const { trader } = stage.parts;
  await trader.exit('AGIUSDT', '4160.0', agi);
  await trader.exit('SCAUSDT', '2136.9', sca);
}

/** A part of each exit is filled, and somebody takes a little of HNT off by hand. */
export async function fillUnheard(stage: MismatchStage): Promise<void> {
  stage.at('15:12:00');
  stage.print('AGIUSDT', '0.0478', '1000');
  stage.at('15:17:00');
  stage.print('SCAUSDT', '0.0947', '100.9');
  stage.at('15:20:00');
  await reduceByHand(stage, '0.12', '2.34');
}

export async function reduceByHand(stage: MismatchStage, quantity: string, price: string) {
  stage.quote('HNTUSDT', 'sell', decimal(price));
  const what = { symbol: 'HNTUSDT', side: 'sell', quantity: decimal(quantity) } as const;
  await stage.parts.trader.trade(handPrefix, what, true);
}

/** An hour after the first: the old order is cancelled, and a new one made. */
export async function replaceExits(stage: MismatchStage): Promise<void> {
  stage.at('15:24:49');
  await stage.parts.trader.cancelExits();
  await placeExits(stage, '15:24:49', ['0.04809', '0.09527']);
}

/** Prices as the rows of the database have them, for who looks now. */
export function quoteNow(stage: MismatchStage): void {
  for (const { symbol, currentPrice } of incidentPositions) {
    stage.quote(symbol, 'sell', decimal(currentPrice));
  }
  for (const { symbol, side, price } of foreignPositions) stage.quote(symbol, side, price);
}
