/** Facts as columns and body. Values that are the default of their field are left out. */
import { type Decimal, equals, isZero, one } from '../decimal/decimal.ts';
import { toText, toTextOrNull } from '../decimal/text.ts';
import type { EntryRow, Rate } from '../model/entry.ts';
import {
  type AccountedFact,
  type AccountFact,
  type CashFact,
  type Correction,
  type Fee,
  type Fill,
  type FillReference,
  type InstrumentFact,
  isCashFact,
  type Opening,
  type OpeningLot,
  type OrderReport,
} from '../model/fact.ts';
import { type Instant, instantText, instantTextOrNull } from '../model/instant.ts';
import type { Instrument } from '../model/instrument.ts';
import { type Json, type JsonObject, withoutNulls } from './canonical-json.ts';

/** Facts that become entries as they are. */
export type JournalFact = AccountedFact | InstrumentFact;

type ContentColumn =
  | 'instrument'
  | 'side'
  | 'leg'
  | 'quantity'
  | 'price'
  | 'amount'
  | 'currency'
  | 'orderId';

/** What a fact says, without its identity, time and rates. */
export type Content = Pick<EntryRow, ContentColumn> & { readonly body: JsonObject | null };

const blank: Content = {
  instrument: null,
  side: null,
  leg: null,
  quantity: null,
  price: null,
  amount: null,
  currency: null,
  orderId: null,
  body: null,
};

export function contentOf(fact: JournalFact): Content {
  if (fact.kind === 'fill') return fillContent(fact);
  if (isCashFact(fact)) return cashContent(fact);
  switch (fact.kind) {
    case 'account':
      return accountContent(fact);
    case 'instrument':
      return {
        ...blank,
        instrument: fact.instrument.name,
        body: instrumentBody(fact.instrument),
      };
    case 'opening':
      return { ...blank, body: openingBody(fact) };
    case 'order':
      return orderContent(fact);
    case 'bust':
      return { ...blank, body: referenceBody(fact) };
    case 'correction':
      return correctionContent(fact);
    case 'split':
      return {
        ...blank,
        instrument: fact.instrument,
        body: withoutNulls({
          ...ratioBody(fact),
          cashInLieu: isZero(fact.cashInLieu) ? null : toText(fact.cashInLieu),
        }),
      };
    case 'return-of-capital':
      return { ...blank, instrument: fact.instrument, amount: toText(fact.amount) };
    case 'rename':
      return {
        ...blank,
        instrument: fact.from,
        body: { ...withoutNulls(ratioBody(fact)), to: fact.to },
      };
    case 'delivery':
      return { ...blank, instrument: fact.instrument, price: toText(fact.price) };
  }
}

function fillContent(fact: Fill): Content {
  const several = fact.fees !== null && fact.fees.length > 1;
  const plain =
    !several &&
    fact.cause === 'trade' &&
    !fact.provisional &&
    fact.clientOrderId === null &&
    fact.liquidity === null &&
    fact.strategy === null &&
    fact.venueSequence === null;
  return {
    instrument: fact.instrument,
    side: fact.side,
    leg: fact.leg,
    quantity: toText(fact.quantity),
    price: toText(fact.price),
    ...feeColumns(fact.fees),
    orderId: fact.orderId,
    body: plain ? null : fillBody(fact),
  };
}

const fillBody = (fact: Fill): JsonObject =>
  withoutNulls({
    cause: fact.cause === 'trade' ? null : fact.cause,
    clientOrderId: fact.clientOrderId,
    fees: severalFees(fact.fees),
    liquidity: fact.liquidity,
    provisional: fact.provisional ? true : null,
    strategy: fact.strategy,
    venueSequence: fact.venueSequence,
  });

/** Unknown: both null. None: amount 0 without currency. Several: in the body. */
function feeColumns(fees: readonly Fee[] | null): Pick<Content, 'amount' | 'currency'> {
  if (fees === null || fees.length > 1) return unknownFee;
  const fee = fees[0];
  return fee === undefined ? noFee : { amount: toText(fee.amount), currency: fee.currency };
}

const unknownFee = { amount: null, currency: null };
const noFee = { amount: '0', currency: null };

const severalFees = (fees: readonly Fee[] | null): Json =>
  fees === null || fees.length < 2 ? null : fees.map(feeJson);

export const feeJson = (fee: Fee): JsonObject => ({
  amount: toText(fee.amount),
  currency: fee.currency,
});

const cashContent = (fact: CashFact): Content => ({
  ...blank,
  instrument: fact.instrument,
  amount: toText(fact.amount),
  currency: fact.currency,
  body: withoutNulls({
    cost: toTextOrNull(fact.cost),
    counterAccount: fact.counterAccount,
    fee: fact.fee === null ? null : feeJson(fact.fee),
    leg: fact.leg,
    reason: fact.reason,
    state: fact.state === 'pending' ? 'pending' : null,
    venueSequence: fact.venueSequence,
  }),
});

const accountContent = (fact: AccountFact): Content => ({
  ...blank,
  currency: fact.currency,
  body: withoutNulls({
    costMethod: fact.costMethod === 'average' ? null : fact.costMethod,
    feesInCost: fact.feesInCost ? true : null,
    mode: fact.mode === 'live' ? null : fact.mode,
    positionMode: fact.positionMode === 'net' ? null : fact.positionMode,
    untimed: fact.time === null ? true : null,
    venue: fact.venue,
  }),
});

export const instrumentBody = (instrument: Instrument): JsonObject =>
  withoutNulls({
    base: instrument.base,
    class: instrument.class,
    lotSize: toTextOrNull(instrument.lotSize),
    multiplier: equals(instrument.multiplier, one) ? null : toText(instrument.multiplier),
    quote: instrument.quote,
    settle: instrument.settle,
    symbol: instrument.symbol,
    tickSize: toTextOrNull(instrument.tickSize),
    type: instrument.type,
    validFrom: instantTextOrNull(instrument.validFrom),
    venue: instrument.venue,
  });

const openingBody = (fact: Opening): JsonObject => ({
  balances: fact.balances.map((balance) =>
    withoutNulls({
      cost: toTextOrNull(balance.cost),
      currency: balance.currency,
      lots: lotsJson(balance.lots),
      total: toText(balance.total),
    }),
  ),
  positions: fact.positions.map((position) =>
    withoutNulls({
      averagePrice: toTextOrNull(position.averagePrice),
      instrument: position.instrument,
      leg: position.leg,
      lots: lotsJson(position.lots),
      openedAt: instantTextOrNull(position.openedAt),
      quantity: toText(position.quantity),
    }),
  ),
});

const lotsJson = (lots: readonly OpeningLot[] | null): Json =>
  lots === null
    ? null
    : lots.map((lot) =>
        withoutNulls({
          cost: toTextOrNull(lot.cost),
          openedAt: instantTextOrNull(lot.openedAt),
          quantity: toText(lot.quantity),
        }),
      );

const orderContent = (fact: OrderReport): Content => ({
  ...blank,
  instrument: fact.instrument,
  side: fact.side,
  leg: fact.leg,
  quantity: toText(fact.quantity),
  price: toTextOrNull(fact.price),
  orderId: fact.orderId,
  body: withoutNulls({
    averagePrice: toTextOrNull(fact.averagePrice),
    clientOrderId: fact.clientOrderId,
    filled: toTextOrNull(fact.filled),
    reduceOnly: fact.reduceOnly ? true : null,
    status: fact.status,
    type: fact.type,
  }),
});

const referenceBody = (fact: FillReference): JsonObject =>
  withoutNulls({
    executionId: fact.executionId,
    instrument: fact.instrument,
    leg: fact.leg,
    side: fact.side,
  });

const correctionContent = (fact: Correction): Content => ({
  ...blank,
  quantity: toTextOrNull(fact.quantity),
  price: toTextOrNull(fact.price),
  ...feeColumns(fact.fees),
  body: withoutNulls({ ...referenceBody(fact), fees: severalFees(fact.fees) }),
});

const ratioBody = (fact: { readonly numerator: Decimal; readonly denominator: Decimal }) => ({
  denominator: equals(fact.denominator, one) ? null : toText(fact.denominator),
  numerator: toText(fact.numerator),
});

export const rateJson = (rate: Rate): JsonObject => ({
  currency: rate.currency,
  instrument: rate.instrument,
  price: toText(rate.price),
  time: instantText(rate.time),
});

/** When the fact happened; null where it says nothing, or is no event. */
export const timeOf = (fact: JournalFact): Instant | null =>
  fact.kind === 'instrument' ? null : fact.time;
