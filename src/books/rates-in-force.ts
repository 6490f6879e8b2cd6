/**
 * Which rates a fact needs, and which were in force when it happened: the newest mark of
 * coin/reporting currency at or before it, not stale. The entry carries them, so that folding it
 * again never depends on what marks are known by then.
 */
import type { Rate } from '../model/entry.ts';
import type { BookFact, Mark } from '../model/fact.ts';
import { type Instant, millisecondsBetween } from '../model/instant.ts';
import type { FoldContext } from './settings.ts';

export type MarkAt = (instrument: string, atOrBefore: Instant) => Mark | null;

export function ratesInForce(
  fact: BookFact,
  context: FoldContext,
  markAt: MarkAt,
  markMaxAgeMs: number,
): readonly Rate[] {
  const coins = coinsToRate(fact, context);
  if (coins.length === 0) return noRates;
  const rates: Rate[] = [];
  for (const currency of coins) {
    const instrument = `${context.nameOf(currency)}/${context.settings.currency}`;
    const mark = markAt(instrument, fact.time);
    if (mark === null || millisecondsBetween(mark.time, fact.time) > markMaxAgeMs) continue;
    rates.push({ currency, instrument, price: mark.price, time: mark.time });
  }
  return rates;
}

/** Whether the fact fixes the value of a coin, and so stands on a rate. */
export const needsRates = (fact: BookFact, context: FoldContext): boolean =>
  coinsToRate(fact, context).length > 0;

const noRates: readonly Rate[] = [];

/** Coins other than the reporting currency whose value the fact fixes. */
function coinsToRate(fact: BookFact, context: FoldContext): readonly string[] {
  const coins: string[] = [];
  const take = (currency: string) => {
    const coin = context.rootOf(currency);
    if (coin !== context.settings.currency && !coins.includes(coin)) coins.push(coin);
  };
  switch (fact.kind) {
    case 'fill': {
      const instrument = context.instrumentAt(fact.instrument, fact.time);
      take(instrument.type === 'spot' ? instrument.quote : instrument.settle);
      for (const fee of fact.fees ?? []) take(fee.currency);
      break;
    }
    case 'delivery':
      take(context.instrumentAt(fact.instrument, fact.time).settle);
      break;
    case 'opening':
      for (const balance of fact.balances) if (balance.cost === null) take(balance.currency);
      break;
    case 'split':
    case 'rename':
    case 'return-of-capital':
      break;
    default:
      take(fact.currency);
      if (fact.fee !== null) take(fact.fee.currency);
  }
  return coins;
}
