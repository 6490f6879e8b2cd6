/** What two reports of one fact say differently, field by field. */
import { absolute, add, type Decimal, equals, isZero } from '../decimal/decimal.ts';
import { toText } from '../decimal/text.ts';
import type { CashFact, Fee, Fill } from '../model/fact.ts';
import { type Instant, instantText } from '../model/instant.ts';
import type { ListedFact } from './book-side.ts';
import { type FieldDifference, isCash, isFill } from './gap.ts';

/** Times within a second are one time: venues round theirs differently in stream and history. */
export const timeDifferenceMax: Instant = 1_000_000_000n;

export const sameTime = (a: Instant, b: Instant): boolean =>
  (a < b ? b - a : a - b) <= timeDifferenceMax;

/** Null against present is no difference: it is a fact that one of the two knows more about. */
export function differencesOf(ours: ListedFact, theirs: ListedFact): readonly FieldDifference[] {
  const fields: FieldDifference[] = [];
  if (isFill(ours) && isFill(theirs)) fillFields(ours, theirs, fields);
  else if (isCash(ours) && isCash(theirs)) cashFields(ours, theirs, fields);
  if (!sameTime(ours.time, theirs.time)) {
    const texts = { oursText: instantText(ours.time), theirsText: instantText(theirs.time) };
    fields.push({ field: 'time', ours: null, theirs: null, ...texts });
  }
  return fields;
}

function fillFields(ours: Fill, theirs: Fill, fields: FieldDifference[]): void {
  compareNumbers('quantity', ours.quantity, theirs.quantity, fields);
  compareNumbers('price', ours.price, theirs.price, fields);
  if (ours.fees !== null && theirs.fees !== null) compareFees(ours.fees, theirs.fees, fields);
}

function cashFields(ours: CashFact, theirs: CashFact, fields: FieldDifference[]): void {
  compareNumbers('amount', ours.amount, theirs.amount, fields);
  if (ours.currency !== theirs.currency) {
    const texts = { oursText: ours.currency, theirsText: theirs.currency };
    fields.push({ field: 'currency', ours: null, theirs: null, ...texts });
  }
  if (ours.fee !== null && theirs.fee !== null) compareFees([ours.fee], [theirs.fee], fields);
}

function compareNumbers(
  field: FieldDifference['field'],
  ours: Decimal,
  theirs: Decimal,
  fields: FieldDifference[],
): void {
  if (equals(ours, theirs)) return;
  fields.push({ field, ours, theirs, oursText: toText(ours), theirsText: toText(theirs) });
}

/** Per currency: how a fee is cut into parts is not a difference, and a fee of 0 is none. */
function compareFees(
  ours: readonly Fee[],
  theirs: readonly Fee[],
  fields: FieldDifference[],
): void {
  const a = feesByCurrency(ours);
  const b = feesByCurrency(theirs);
  if (sameFees(a, b)) return;
  const sameCurrencies = a.size === b.size && [...a.keys()].every((currency) => b.has(currency));
  const [first, second] = [[...a][0], [...b][0]];
  const single = sameCurrencies && a.size === 1;
  fields.push({
    field: sameCurrencies || a.size === 0 || b.size === 0 ? 'fee' : 'fee-currency',
    ours: single ? first![1] : null,
    theirs: single ? second![1] : null,
    oursText: feesText(a),
    theirsText: feesText(b),
  });
}

function feesByCurrency(fees: readonly Fee[]): ReadonlyMap<string, Decimal> {
  const sums = new Map<string, Decimal>();
  for (const { currency, amount } of fees) {
    const sum = sums.get(currency);
    sums.set(currency, sum === undefined ? amount : add(sum, amount));
  }
  const rest = [...sums].filter(([, amount]) => !isZero(amount));
  return new Map(rest.sort(([x], [y]) => (x < y ? -1 : 1)));
}

function sameFees(a: ReadonlyMap<string, Decimal>, b: ReadonlyMap<string, Decimal>): boolean {
  if (a.size !== b.size) return false;
  for (const [currency, amount] of a) {
    const other = b.get(currency);
    if (other === undefined || !equals(amount, other)) return false;
  }
  return true;
}

const feesText = (fees: ReadonlyMap<string, Decimal>): string =>
  fees.size === 0
    ? 'no fee'
    : Array.from(fees, ([currency, amount]) => `${toText(amount)} ${currency}`).join(' + ');

/** What theirs knows and ours does not: a fee, or that a pending movement is booked. */
export function knowsMore(theirs: ListedFact, ours: ListedFact): boolean {
  if (isFill(ours) && isFill(theirs)) return ours.fees === null && theirs.fees !== null;
  if (!isCash(ours) || !isCash(theirs)) return false;
  const settled = ours.state === 'pending' && theirs.state === 'booked';
  return settled || (ours.fee === null && theirs.fee !== null && !isZero(theirs.fee.amount));
}

/** Ours with what theirs says, where theirs says anything; our own words and marks are kept. */
export function completed(ours: ListedFact, theirs: ListedFact): ListedFact {
  if (isFill(ours) && isFill(theirs)) {
    const { quantity, price } = theirs;
    return { ...ours, quantity, price, fees: theirs.fees ?? ours.fees };
  }
  if (!isCash(ours) || !isCash(theirs)) return ours;
  const { amount, currency } = theirs;
  const state = theirs.state === 'booked' ? 'booked' : ours.state;
  return { ...ours, amount, currency, fee: theirs.fee ?? ours.fee, state };
}

/** Equal in all but the id: what a fact looks like that was told under two ids. */
export function isTwin(a: ListedFact, b: ListedFact): boolean {
  if (!sameTime(a.time, b.time)) return false;
  if (isFill(a) && isFill(b)) {
    return a.instrument === b.instrument && a.side === b.side && a.leg === b.leg && sameTrade(a, b);
  }
  if (!isCash(a) || !isCash(b)) return false;
  return a.kind === b.kind && a.currency === b.currency && equals(a.amount, b.amount);
}

/** Two known fees that differ are two trades. */
function sameTrade(a: Fill, b: Fill): boolean {
  if (!equals(a.quantity, b.quantity) || !equals(a.price, b.price)) return false;
  return (
    a.fees === null || b.fees === null || sameFees(feesByCurrency(a.fees), feesByCurrency(b.fees))
  );
}

export const isOpposite = (a: Decimal, b: Decimal): boolean =>
  !equals(a, b) && equals(absolute(a), absolute(b));
