/** With what an adopted account begins, and how that is known. */
import {
  absolute,
  type Decimal,
  equals,
  isNegative,
  isZero,
  subtract,
  zero,
} from '../decimal/decimal.ts';
import { factOf } from '../journal/codec.ts';
import type { CashFact, Opening } from '../model/fact.ts';
import type { Instant } from '../model/instant.ts';
import type { SourceAccount } from '../model/source.ts';
import type { Account } from '../store/accounts.ts';
import type { OrderTally } from './adopting-orders.ts';
import type { BookReader } from './reading.ts';

/**
 *   stated    somebody said so
 *   record    the source's first performance record, all cash and before every order
 *   derived   cash now less what the orders moved: it contains every flow that nobody saw
 *   facts     our book began with other facts, and needs none
 *   none      neither cash nor anything else says what there was
 */
export type OpeningOrigin = 'stated' | 'record' | 'derived' | 'facts' | 'none';

export interface AdoptedOpening {
  readonly from: OpeningOrigin;
  readonly amount: Decimal;
  /** Null: nothing is booked for it. */
  readonly time: Instant | null;
  /** Our book has it already. */
  readonly known: boolean;
}

export interface StatedOpening {
  readonly amount: Decimal;
  readonly time: Instant;
}

/** What a derived opening is booked as: nobody saw it happen, and its words say so. */
const derivedId = 'opening:derived';
const derivedWords = 'derived: cash of the source less what its orders moved';
/** A second before the first order: whatever was there then was there before it. */
const beforeFirst = 1_000_000_000n;

/** What our book has of it; null: nothing that moves books yet. */
export function bookedOpening(reader: BookReader, account: Account): AdoptedOpening | null {
  const { file } = reader;
  for (const row of file.entriesOfKind(account.account, 'opening')) {
    const booked = reader.inForce(account, row);
    if (booked?.fact.kind !== 'opening') continue;
    const { balances, time } = booked.fact;
    const cash = balances.find(({ currency }) => currency === account.currency);
    // Our own were stated or recorded; which of both is no difference any more.
    return { from: 'stated', amount: cash?.total ?? zero, time, known: true };
  }
  for (const kind of ['deposit', 'withdrawal'] as const) {
    for (const row of file.entriesWithId(account.account, kind, derivedId)) {
      const { amount, time } = factOf(row, account.name) as CashFact;
      const signed = kind === 'deposit' ? amount : subtract(zero, amount);
      return { from: 'derived', amount: signed, time, known: true };
    }
  }
  for (const _ of reader.factsInForce(account)) {
    return { from: 'facts', amount: zero, time: null, known: true };
  }
  return null;
}

/** What can be said before the orders are read; null: they have to say it. */
export function openingAhead(
  booked: AdoptedOpening | null,
  stated: StatedOpening | null,
  source: SourceAccount,
): AdoptedOpening | null {
  if (booked !== null) return booked;
  if (stated !== null) return { from: 'stated', ...stated, known: false };
  const first = source.performanceFirst;
  if (first === null || first.total === null || first.cash === null) return null;
  const { total, cash, positionsValue, time } = first;
  const allCash = equals(total, cash) && (positionsValue === null || isZero(positionsValue));
  return allCash ? { from: 'record', amount: cash, time, known: false } : null;
}

/** Facts at or before it are contained in it; a record is checked against the orders instead. */
export const containedUpTo = (ahead: AdoptedOpening | null): Instant | null =>
  ahead?.from === 'stated' ? ahead.time : null;

/** With what the orders said. */
export function openingAfter(
  ahead: AdoptedOpening | null,
  tally: OrderTally,
  source: SourceAccount,
  now: Instant,
): AdoptedOpening {
  const { firstAt } = tally;
  const after = ahead?.from === 'record' && firstAt !== null && ahead.time! >= firstAt;
  if (ahead !== null && !after) return ahead;
  if (source.cash === null) return { from: 'none', amount: zero, time: null, known: false };
  const amount = subtract(source.cash, tally.cash);
  const time = (firstAt ?? source.updatedAt ?? now) - beforeFirst;
  return { from: 'derived', amount, time, known: false };
}

/** The fact to book; null: there is none, or it is booked already. */
export function factOfOpening(
  opening: AdoptedOpening,
  account: string,
  currency: string,
): Opening | CashFact | null {
  const { from, amount, time, known } = opening;
  if (known || time === null) return null;
  if (from !== 'derived') {
    const balances = [{ currency, total: amount, cost: null, lots: null }];
    return { kind: 'opening', account, balances, positions: [], time };
  }
  if (isZero(amount)) return null;
  return {
    kind: isNegative(amount) ? 'withdrawal' : 'deposit',
    account,
    currency,
    amount: absolute(amount),
    id: derivedId,
    instrument: null,
    leg: null,
    cost: null,
    fee: null,
    state: 'booked',
    counterAccount: null,
    reason: derivedWords,
    venueSequence: null,
    time,
  };
}
