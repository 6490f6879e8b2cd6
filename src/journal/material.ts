/**
 * The same fact told twice: nothing new, something that was missing, or a contradiction. The
 * first account of a fact holds; only what it left open is ever filled in.
 */
import { type Decimal, equals, isZero, total } from '../decimal/decimal.ts';
import { toText } from '../decimal/text.ts';
import type { Rate } from '../model/entry.ts';
import { type CashFact, type Correction, type Fee, type Fill, isCashFact } from '../model/fact.ts';
import type { Instant } from '../model/instant.ts';
import { invariant } from '../model/result.ts';
import { canonicalJson } from './canonical-json.ts';
import { contentOf, type JournalFact, timeOf } from './encode.ts';

/** A fact and the rates it was valued at. */
export interface Stated {
  readonly fact: JournalFact;
  readonly rates: readonly Rate[];
}

/** What a later report adds to a fact. */
export interface Completion {
  readonly fees?: readonly Fee[];
  readonly fee?: Fee;
  readonly cost?: Decimal;
  /** Of a cash fact that was told wrong: only an approved repair sets these two. */
  readonly amount?: Decimal;
  readonly currency?: string;
  readonly leg?: CashFact['leg'] & string;
  readonly orderId?: string;
  readonly clientOrderId?: string;
  readonly counterAccount?: string;
  readonly liquidity?: 'maker' | 'taker';
  readonly strategy?: string;
  readonly reason?: string;
  readonly venueSequence?: string;
  readonly cause?: Fill['cause'];
  readonly provisional?: false;
  readonly state?: 'booked';
  readonly time?: Instant;
  /** Only those that were missing. */
  readonly rates?: readonly Rate[];
}

export type Verdict =
  | { readonly verdict: 'same' }
  | { readonly verdict: 'completes'; readonly set: Completion }
  | { readonly verdict: 'conflict'; readonly fields: readonly string[] };

const same: Verdict = { verdict: 'same' };
const oneSecond = 1_000_000_000n;

/** How `incoming` relates to `existing`, which has the same key and all its completions. */
export function judge(existing: Stated, incoming: Stated): Verdict {
  const [a, b] = [existing.fact, incoming.fact];
  if (a.kind === 'fill' && b.kind === 'fill') {
    return withRates(judgeFill(a, b), existing.rates, incoming.rates);
  }
  if (isCashFact(a) && isCashFact(b) && a.kind === b.kind) {
    return withRates(judgeCash(a, b), existing.rates, incoming.rates);
  }
  return judgeWhole(a, b);
}

/** Collects what differs, field by field. */
class Comparison {
  readonly fields: string[] = [];
  readonly set: Record<string, unknown> = {};

  material(field: string, equal: boolean): void {
    if (!equal) this.fields.push(field);
  }

  /** Null against present is an enrichment; two different values are a conflict. */
  optional<T>(field: string, a: T | null, b: T | null, equal: (a: T, b: T) => boolean): void {
    if (a === null && b !== null) this.set[field] = b;
    else if (a !== null && b !== null) this.material(field, equal(a, b));
  }

  /** A label moves no books: two different values are the first one. */
  label(field: string, a: string | null, b: string | null): void {
    if (a === null && b !== null) this.set[field] = b;
  }

  time(a: Instant, b: Instant): void {
    if (b < a - oneSecond || b > a + oneSecond) this.fields.push('time');
    else if (b < a) this.set['time'] = b;
  }

  verdict(): Verdict {
    if (this.fields.length > 0) return { verdict: 'conflict', fields: this.fields };
    return Object.keys(this.set).length === 0
      ? same
      : { verdict: 'completes', set: this.set as Completion };
  }
}

function judgeFill(a: Fill, b: Fill): Verdict {
  const difference = new Comparison();
  for (const field of ['instrument', 'side', 'leg'] as const) {
    difference.material(field, a[field] === b[field]);
  }
  difference.material('quantity', equals(a.quantity, b.quantity));
  difference.material('price', equals(a.price, b.price));
  difference.optional('fees', a.fees, b.fees, sameFees);
  difference.optional('orderId', a.orderId, b.orderId, Object.is);
  for (const field of ['clientOrderId', 'liquidity', 'strategy', 'venueSequence'] as const) {
    difference.label(field, a[field], b[field]);
  }
  // A plain trade is also what somebody says who does not tell causes apart.
  const [causeA, causeB] = [causeOf(a), causeOf(b)];
  difference.optional('cause', causeA, causeB, Object.is);
  if (a.provisional && !b.provisional) difference.set['provisional'] = false;
  difference.time(a.time, b.time);
  return difference.verdict();
}

const causeOf = (fill: Fill) => (fill.cause === 'trade' ? null : fill.cause);

function judgeCash(a: CashFact, b: CashFact): Verdict {
  const difference = new Comparison();
  difference.material('currency', a.currency === b.currency);
  difference.material('amount', equals(a.amount, b.amount));
  difference.optional('fee', a.fee, b.fee, (x, y) => sameFees([x], [y]));
  difference.optional('cost', a.cost, b.cost, equals);
  difference.optional('leg', a.leg, b.leg, Object.is);
  difference.optional('counterAccount', a.counterAccount, b.counterAccount, Object.is);
  difference.label('reason', a.reason, b.reason);
  difference.label('venueSequence', a.venueSequence, b.venueSequence);
  if (a.state === 'booked' && b.state === 'booked') difference.time(a.time, b.time);
  if (a.state === 'pending' && b.state === 'booked') {
    // It counts from when it was booked, however long it was on its way.
    difference.set['state'] = 'booked';
    if (a.time !== b.time) difference.set['time'] = b.time;
  }
  return difference.verdict();
}

/** Fees in one currency are one fee, and a fee of nothing is none. */
function sameFees(a: readonly Fee[], b: readonly Fee[]): boolean {
  return canonicalFees(a) === canonicalFees(b);
}

function canonicalFees(fees: readonly Fee[]): string {
  const currencies = [...new Set(fees.map((fee) => fee.currency))].sort();
  const sums = currencies.map((currency) => ({
    currency,
    amount: total(fees.filter((fee) => fee.currency === currency).map((fee) => fee.amount)),
  }));
  return JSON.stringify(
    sums.filter((sum) => !isZero(sum.amount)).map((sum) => [sum.currency, toText(sum.amount)]),
  );
}

function withRates(verdict: Verdict, a: readonly Rate[], b: readonly Rate[]): Verdict {
  const missing = b.filter((rate) => !a.some((known) => known.currency === rate.currency));
  if (missing.length === 0 || verdict.verdict === 'conflict') return verdict;
  const set = verdict.verdict === 'completes' ? verdict.set : {};
  return { verdict: 'completes', set: { ...set, rates: missing } };
}

/** Facts of other kinds are equal as a whole, or contradict each other. */
function judgeWhole(a: JournalFact, b: JournalFact): Verdict {
  if (a.kind !== b.kind) return { verdict: 'conflict', fields: ['kind'] };
  const [x, y] = [flatContent(a), flatContent(b)];
  const names = [...new Set([...Object.keys(x), ...Object.keys(y)])].sort();
  const fields = names.filter((name) => x[name] !== y[name]);
  // When an account was opened is no property of it.
  if (a.kind !== 'account' && timeOf(a) !== timeOf(b)) fields.push('time');
  return fields.length === 0 ? same : { verdict: 'conflict', fields };
}

function flatContent(fact: JournalFact): Record<string, string> {
  const { body, ...columns } = contentOf(fact);
  const members = Object.entries({ ...columns, ...body });
  return Object.fromEntries(
    members
      .filter(([name, value]) => value !== null && name !== 'untimed')
      .map(([name, value]) => [name, canonicalJson(value)]),
  );
}

/** The fact with what a later report added; its rates are completed by `completedRates`. */
export function applyCompletion<F extends Fill | CashFact>(fact: F, set: Completion): F {
  const { rates: _, ...fields } = set;
  return { ...fact, ...fields };
}

export const completedRates = (rates: readonly Rate[], set: Completion): readonly Rate[] =>
  set.rates === undefined ? rates : [...rates, ...set.rates];

/** The fill as the venue corrected it. */
export function applyCorrection(fill: Fill, correction: Correction): Fill {
  invariant(
    correction.executionId === fill.executionId,
    `correction ${correction.correctionId} is of another fill than ${fill.executionId}`,
  );
  return {
    ...fill,
    quantity: correction.quantity ?? fill.quantity,
    price: correction.price ?? fill.price,
    fees: correction.fees ?? fill.fees,
  };
}
