/**
 * Lines of a scenario that say what happened. A line happens ten seconds after the one before it,
 * or `at` a second of its own; where it stands says when it is heard of.
 */
import { type Decimal, one, zero } from '../../src/decimal/decimal.ts';
import { decimal } from '../../src/decimal/text.ts';
import type {
  BookFact,
  CashFact,
  CashKind,
  Fee,
  Fill,
  FillCause,
  Mark,
  OpeningBalance,
  OpeningLot,
  OpeningPosition,
} from '../../src/model/fact.ts';
import { cashKinds } from '../../src/model/fact.ts';
import { type Instant, instant } from '../../src/model/instant.ts';
import type { Words } from './words.ts';

/** A fact heard of, a change of one heard of before, or a mark. */
export type Event =
  | { readonly kind: 'fact'; readonly id: string; readonly fact: BookFact }
  | {
      readonly kind: 'change';
      readonly id: string;
      /** The fact as it then is; null when it is busted. */
      readonly change: (before: Fill) => Fill | null;
    }
  /** A bust is taken back. */
  | { readonly kind: 'restore'; readonly id: string }
  | { readonly kind: 'mark'; readonly mark: Mark };

const start = instant('2024-01-01T00:00:00Z');
const second = 1_000_000_000n;

export const secondsAt = (text: string): Instant => start + BigInt(text) * second;
export const secondsOf = (at: Instant): string => String((at - start) / second);

export const legNames = ['net', 'long', 'short'] as const;
const account = 'main';
export const numberOrNull = (text: string): Decimal | null =>
  text === 'unknown' ? null : decimal(text);

/** The event of a line that begins with `kind`, number `count`; null when it is no event. */
export function readEvent(kind: string, words: Words, count: number): Event | null {
  if (!isEvent(kind)) return null;
  const time = secondsAt(words.after('at')?.[0] ?? String(count * 10));
  const id = words.after('id')?.[0] ?? `e${count}`;
  if (kind === 'mark') {
    const instrument = words.next('instrument');
    const price = decimal(words.next('price'));
    return { kind, mark: { kind, instrument, price, source: null, time } };
  }
  if (kind === 'bust') return { kind: 'change', id: words.next('id'), change: () => null };
  if (kind === 'restore') return { kind, id: words.next('id') };
  if (kind === 'correct') return readCorrection(words);
  return { kind: 'fact', id, fact: readFact(kind, words, id, time) };
}

const otherEvents: readonly string[] = [
  ...['mark', 'bust', 'restore', 'correct', 'opening', 'fill'],
  ...['split', 'rename', 'return-of-capital', 'delivery'],
];

const isEvent = (kind: string): boolean =>
  otherEvents.includes(kind) || cashKinds.some((name) => name === kind);

function readFact(kind: string, words: Words, id: string, time: Instant): BookFact {
  if (kind === 'opening') return readOpening(words, time);
  if (kind === 'fill') return readFill(words, id, time);
  const cash = cashKinds.find((name) => name === kind);
  if (cash !== undefined) return readCash(cash, words, id, time);
  const common = { account, id, time };
  switch (kind) {
    case 'split': {
      const instrument = words.next('instrument');
      const cashInLieu = decimal(words.after('in-lieu')?.[0] ?? '0');
      return { kind, ...common, instrument, ...ratioOf(words.next('ratio')), cashInLieu };
    }
    case 'rename': {
      const names = { from: words.next('from'), to: words.next('to') };
      return { kind, ...common, ...names, ...ratioOf(words.after('ratio')?.[0] ?? '1/1') };
    }
    case 'return-of-capital': {
      const instrument = words.next('instrument');
      return { kind, ...common, instrument, amount: decimal(words.next('amount')) };
    }
    case 'delivery': {
      const price = decimal(words.after('@')![0]!);
      return { kind, ...common, instrument: words.next('instrument'), price };
    }
    default:
      throw new Error(`line ${words.line}: ${kind} is no event`);
  }
}

function ratioOf(text: string): { numerator: Decimal; denominator: Decimal } {
  const [numerator, denominator] = text.split('/');
  return { numerator: decimal(numerator!), denominator: denominator ? decimal(denominator) : one };
}

/** `fee 0.1 USDT`, several times; `fee unknown` is not known yet. */
function readFees(words: Words): readonly Fee[] | null {
  if (words.has('fee-unknown')) return null;
  return words
    .allAfter('fee', 2)
    .map(([amount, currency]) => ({ amount: decimal(amount!), currency: currency! }));
}

function readFill(words: Words, id: string, time: Instant): Fill {
  const fees = readFees(words);
  const price = decimal(words.after('@')![0]!);
  const cause = (words.after('cause')?.[0] ?? 'trade') as FillCause;
  const venueSequence = words.after('sequence')?.[0] ?? null;
  const instrument = words.next('instrument');
  const leg = words.oneOf(legNames) ?? 'net';
  const side = words.oneOf(['buy', 'sell']);
  if (side === null) throw new Error(`line ${words.line}: buy or sell?`);
  return {
    kind: 'fill',
    account,
    instrument,
    leg,
    side,
    quantity: decimal(words.next('quantity')),
    price,
    fees,
    liquidity: null,
    executionId: id,
    orderId: null,
    clientOrderId: null,
    strategy: null,
    cause,
    venueSequence,
    provisional: false,
    time,
  };
}

function readCash(kind: CashKind, words: Words, id: string, time: Instant): CashFact {
  const cost = words.after('cost')?.[0];
  const [fee] = readFees(words)!;
  const state = words.has('pending') ? 'pending' : 'booked';
  const instrument = words.after('of')?.[0] ?? null;
  const leg = legNames.find((name) => words.has(name)) ?? null;
  const counterAccount = words.after('with')?.[0] ?? null;
  const venueSequence = words.after('sequence')?.[0] ?? null;
  return {
    kind,
    account,
    currency: words.next('currency'),
    amount: decimal(words.next('amount')),
    id,
    instrument,
    leg,
    cost: cost === undefined ? null : decimal(cost),
    fee: fee ?? null,
    state,
    counterAccount,
    reason: null,
    venueSequence,
    time,
  };
}

/** `opening BTC 2 cost 30 lots 1=10 1=20@-5, BTC/USDT:USDT long 1 @ 5`, parts apart by ` , `. */
function readOpening(words: Words, time: Instant): BookFact {
  const balances: OpeningBalance[] = [];
  const positions: OpeningPosition[] = [];
  do {
    const name = words.next('currency or instrument');
    const leg = words.oneOf(legNames) ?? 'net';
    const quantity = decimal(words.next('quantity'));
    const price = words.oneOf(['@']) === null ? null : words.next('price');
    const cost = words.oneOf(['cost']) === null ? null : words.next('cost');
    const since = words.oneOf(['since']) === null ? null : words.next('since');
    const lots = words.oneOf(['lots']) === null ? null : readLots(words);
    if (name.includes(':')) {
      const averagePrice = price === null ? null : decimal(price);
      const openedAt = since === null ? null : secondsAt(since);
      positions.push({ instrument: name, leg, quantity, averagePrice, openedAt, lots });
    } else {
      const stated = cost === null ? null : decimal(cost);
      balances.push({ currency: name, total: quantity, cost: stated, lots });
    }
  } while (words.oneOf([',']) !== null);
  return { kind: 'opening', account, balances, positions, time };
}

/** Lots as quantity=cost, or quantity=cost@second; `unknown` is a cost nobody stated. */
function readLots(words: Words): readonly OpeningLot[] {
  return words
    .next('lots')
    .split(';')
    .map((text) => {
      const [quantity, cost, at] = text.split(/[=@]/);
      return {
        quantity: decimal(quantity!),
        cost: numberOrNull(cost!),
        openedAt: at === undefined ? null : secondsAt(at),
      };
    });
}

/** `correct e1 price 2 quantity 3 fee 1 USDT`: changed fields only; also how a late fee comes. */
function readCorrection(words: Words): Event {
  const id = words.next('id');
  const price = words.after('price')?.[0];
  const quantity = words.after('quantity')?.[0];
  const at = words.after('time')?.[0];
  const fees = readFees(words)!;
  return {
    kind: 'change',
    id,
    change: (before) => ({
      ...before,
      price: price === undefined ? before.price : decimal(price),
      quantity: quantity === undefined ? before.quantity : decimal(quantity),
      time: at === undefined ? before.time : secondsAt(at),
      fees: fees.length === 0 ? before.fees : fees,
    }),
  };
}

/** What a position is in a table: `flat`, or a signed quantity. */
export const quantityOf = (text: string): Decimal => (text === 'flat' ? zero : decimal(text));
