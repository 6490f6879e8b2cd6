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
  const rates: Rate[] = [];
  for (const currency of currenciesToRate(fact, context)) {
    const instrument = `${context.nameOf(currency)}/${context.settings.currency}`;
    const mark = markAt(instrument, fact.time);
    if (mark === null || millisecondsBetween(mark.time, fact.time) > markMaxAgeMs) continue;
    rates.push({ currency, instrument, price: mark.price, time: mark.time });
  }
  return rates;
}

/** Coins other than the reporting currency whose value the fact fixes. */
function currenciesToRate(fact: BookFact, context: FoldContext): ReadonlySet<string> {
  const names = new Set<string>();
  switch (fact.kind) {
    case 'fill': {
      const instrument = context.instrumentAt(fact.instrument, fact.time);
      names.add(instrument.type === 'spot' ? instrument.quote : instrument.settle);
      for (const fee of fact.fees ?? []) names.add(fee.currency);
      break;
    }
    case 'delivery':
      names.add(context.instrumentAt(fact.instrument, fact.time).settle);
      break;
    case 'opening':
      for (const balance of fact.balances) if (balance.cost === null) names.add(balance.currency);
      break;
    case 'split':
    case 'rename':
    case 'return-of-capital':
      break;
    default:
      names.add(fact.currency);
      if (fact.fee !== null) names.add(fact.fee.currency);
  }
  const roots = new Set(Array.from(names, (name) => context.rootOf(name)));
  roots.delete(context.settings.currency);
  return roots;
}
