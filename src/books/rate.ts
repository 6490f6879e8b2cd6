/** What one unit of a currency was worth in the reporting currency when a fact happened. */
import { type Decimal, one } from '../decimal/decimal.ts';
import type { BookedFact } from '../model/entry.ts';
import type { FoldContext } from './settings.ts';

/** From the rates that the entry itself carries; null where none was in force. */
export function rateOf(booked: BookedFact, currency: string, context: FoldContext): Decimal | null {
  if (currency === context.settings.currency) return one;
  for (const rate of booked.rates) {
    if (context.rootOf(rate.currency) === currency) return rate.price;
  }
  return null;
}
