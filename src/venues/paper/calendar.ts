/** Funding: at the hours of the venue, by the rate in force and the mark. */
import { type Decimal, isZero, multiply, negate, roundHalfEven } from '../../decimal/decimal.ts';
import type { Instant } from '../../model/instant.ts';
import { contractWorth } from './accounts/position.ts';
import type { Core } from './core.ts';

const hour = 3_600_000_000_000n;
const day = 24n * hour;
export const fundingDigits = 8;

/** The first funding hour after an instant; null where none is ever paid. */
export function nextFunding(after: Instant, hours: number): Instant | null {
  if (hours <= 0) return null;
  const period = BigInt(hours) * hour;
  const midnight = after - (after % day);
  const next = midnight + ((after - midnight) / period + 1n) * period;
  return next < midnight + day ? next : midnight + day;
}

/** A long pays a positive rate. Without a rate or a mark nothing is known to be owed. */
export function payFunding(core: Core, rates: ReadonlyMap<string, Decimal>): void {
  for (const { instrument, leg, quantity } of core.ledger.positions()) {
    const rate = rates.get(instrument.name);
    const mark = core.margin.markOf(instrument.name);
    if (rate === undefined || mark === null) continue;
    const worth = contractWorth(instrument, quantity, mark);
    const amount = roundHalfEven(negate(multiply(worth, rate)), fundingDigits);
    if (isZero(amount)) continue;
    core.cash('funding', instrument.settle, amount, { instrument: instrument.name, leg });
  }
}
