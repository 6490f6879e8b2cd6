/** What a fact does to one line, as far as the fact alone tells. */
import { signedAmount } from '../../books/apply-cash.ts';
import {
  add,
  type Decimal,
  isZero,
  multiply,
  negate,
  subtract,
  zero,
} from '../../decimal/decimal.ts';
import type { Fill } from '../../model/fact.ts';
import { instrumentFromName } from '../../model/instrument.ts';
import type { ListedFact } from '../book-side.ts';
import { identityOf, isFill } from '../gap.ts';
import { heldId } from '../touch.ts';
import type { DifferenceFacts } from './idea.ts';

type LineName = Pick<DifferenceFacts, 'what' | 'key' | 'leg' | 'instrument'>;

/** Signed units; zero: it does not move the line; null: it does, by what others decide. */
export function effectOn(fact: ListedFact, line: LineName): Decimal | null {
  if (line.what === 'balance') return isFill(fact) ? ofFill(fact, line.key) : ofCash(fact, line);
  if (!isFill(fact) || fact.instrument !== line.key) return zero;
  return line.leg === null || fact.leg === line.leg ? signedQuantity(fact) : zero;
}

export const signedQuantity = ({ side, quantity }: Fill): Decimal =>
  side === 'buy' ? quantity : negate(quantity);

/** Names of the held lines that a fact is known to move. */
export function* movedBy(fact: ListedFact): Generator<string> {
  const coin = (key: string): string => heldId({ what: 'balance', key, leg: null });
  if (!isFill(fact)) {
    yield coin(fact.currency);
    return;
  }
  const instrument = instrumentFromName('', fact.instrument);
  if (instrument?.type === 'spot') {
    yield coin(instrument.base);
    yield coin(instrument.quote);
  } else yield heldId({ what: 'position', key: fact.instrument, leg: fact.leg });
  for (const { currency, amount } of fact.fees ?? []) if (!isZero(amount)) yield coin(currency);
}

function ofCash(fact: Exclude<ListedFact, Fill>, { key }: LineName): Decimal {
  if (fact.state === 'pending') return zero;
  const amount = fact.currency === key ? signedAmount(fact) : zero;
  return fact.fee?.currency === key ? subtract(amount, fact.fee.amount) : amount;
}

function ofFill(fill: Fill, currency: string): Decimal | null {
  const instrument = instrumentFromName('', fill.instrument);
  // What a contract realises depends on every fill before it.
  if (instrument === null) return null;
  if (instrument.type !== 'spot' && instrument.settle === currency) return null;
  if (fill.fees === null) return null;
  let sum = zero;
  if (instrument.type === 'spot') {
    const moved = signedQuantity(fill);
    if (instrument.base === currency) sum = add(sum, moved);
    if (instrument.quote === currency) sum = subtract(sum, multiply(moved, fill.price));
  }
  for (const fee of fill.fees) if (fee.currency === currency) sum = subtract(sum, fee.amount);
  return sum;
}

/** A fact of the unmatched ones, with what taking it into account does to ours. */
export interface Unmatched {
  readonly fact: ListedFact;
  /** Ours has it and theirs lacks it: taken into account, it is taken away. */
  readonly isExtra: boolean;
  readonly effect: Decimal;
}

/** Those that move the line; null as soon as one moves it by an amount that is not known. */
export function unmatchedOn(facts: DifferenceFacts): readonly Unmatched[] | null {
  if (facts.unmatched.length === 0) return [];
  const own = new Set(facts.booked.map(identityOf));
  const moving: Unmatched[] = [];
  for (const fact of facts.unmatched) {
    const effect = effectOn(fact, facts);
    if (effect === null) return null;
    if (isZero(effect)) continue;
    const isExtra = own.has(identityOf(fact));
    moving.push({ fact, isExtra, effect: isExtra ? negate(effect) : effect });
  }
  return moving;
}
