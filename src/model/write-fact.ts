/**
 * Facts as the plain objects that parseFact reads: the way out. Null is left out, but for a fill's
 * fee, where null says that it is not known.
 */
import type { Decimal } from '../decimal/decimal.ts';
import { toText, toTextOrNull } from '../decimal/text.ts';
import {
  type AccountFact,
  type Bust,
  type CashFact,
  type Correction,
  type Fact,
  type Fee,
  type Fill,
  isCashFact,
  type Opening,
  type OpeningLot,
  type OrderReport,
  type Rate,
} from './fact.ts';
import { instantText, instantTextOrNull } from './instant.ts';
import type { Instrument } from './instrument.ts';

/** Members in the order in which they are printed. */
export type FactObject = Readonly<Record<string, unknown>>;

/** The fact as one line of NDJSON, without its line feed. */
export const factLine = (fact: Fact): string => JSON.stringify(writeFact(fact));

export function writeFact(fact: Fact): FactObject {
  const members = writeMembers(fact);
  const rates = 'rates' in fact ? fact.rates : undefined;
  return rates === undefined ? members : { ...members, rates: rates.map(writeRate) };
}

const writeRate = ({ currency, instrument, price, time }: Rate): FactObject => ({
  ...{ currency, instrument },
  price: toText(price),
  time: instantText(time),
});

function writeMembers(fact: Fact): FactObject {
  if (isCashFact(fact)) return writeCashFact(fact);
  switch (fact.kind) {
    case 'account':
      return writeAccount(fact);
    case 'currency':
      return { kind: fact.kind, currency: fact.currency, decimals: fact.decimals };
    case 'instrument':
      return writeInstrument(fact.instrument);
    case 'opening':
      return writeOpening(fact);
    case 'fill':
      return writeFill(fact);
    case 'order':
      return writeOrder(fact);
    case 'bust':
      return writeBust(fact);
    case 'correction':
      return writeCorrection(fact);
    case 'mark':
      return writeMark(fact);
    default:
      return writeCorporateAction(fact);
  }
}

/** What is null is left out: it is read back as null. */
function present(members: FactObject): FactObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
}

function writeAccount(fact: AccountFact): FactObject {
  const { kind, account, venue, currency, costMethod, feesInCost, mode, positionMode } = fact;
  return present({
    ...{ kind, account, venue, currency, costMethod, feesInCost, mode, positionMode },
    time: instantTextOrNull(fact.time),
  });
}

function writeInstrument(instrument: Instrument): FactObject {
  const { venue, name, symbol, type, class: assetClass, base, quote, settle } = instrument;
  return present({
    kind: 'instrument',
    venue,
    instrument: name,
    symbol,
    type,
    class: assetClass,
    base,
    quote,
    settle,
    multiplier: toText(instrument.multiplier),
    tickSize: toTextOrNull(instrument.tickSize),
    lotSize: toTextOrNull(instrument.lotSize),
    validFrom: instantTextOrNull(instrument.validFrom),
  });
}

function writeOpening(opening: Opening): FactObject {
  const { kind, account, balances, positions, time } = opening;
  return {
    kind,
    account,
    time: instantText(time),
    balances: balances.map(({ currency, total, cost, lots }) =>
      present({ currency, total: toText(total), cost: toTextOrNull(cost), lots: writeLots(lots) }),
    ),
    positions: positions.map(({ instrument, leg, quantity, averagePrice, openedAt, lots }) =>
      present({
        instrument,
        leg,
        quantity: toText(quantity),
        averagePrice: toTextOrNull(averagePrice),
        openedAt: instantTextOrNull(openedAt),
        lots: writeLots(lots),
      }),
    ),
  };
}

const writeLots = (lots: readonly OpeningLot[] | null): readonly FactObject[] | null =>
  lots?.map(({ quantity, cost, openedAt }) =>
    present({
      quantity: toText(quantity),
      cost: toTextOrNull(cost),
      openedAt: instantTextOrNull(openedAt),
    }),
  ) ?? null;

/** fee and feeCurrency of one fee, "0" of none, fees of several. */
function writeFees(fees: readonly Fee[]): FactObject {
  const [first, second] = fees;
  if (first === undefined) return { fee: '0' };
  if (second === undefined) return writeFee(first);
  return { fees: fees.map(({ currency, amount }) => ({ currency, amount: toText(amount) })) };
}

const writeFee = (fee: Fee): FactObject => ({
  fee: toText(fee.amount),
  feeCurrency: fee.currency,
});

function writeFill(fill: Fill): FactObject {
  const { kind, account, instrument, leg, side, quantity, price, fees } = fill;
  const { liquidity, executionId, orderId, clientOrderId, strategy, cause } = fill;
  const { venueSequence, provisional } = fill;
  return {
    ...{ kind, account, instrument, leg, side },
    quantity: toText(quantity),
    price: toText(price),
    ...(fees === null ? { fee: null } : writeFees(fees)),
    ...present({ liquidity, executionId, orderId, clientOrderId, strategy, cause, venueSequence }),
    ...(provisional ? { provisional } : {}),
    time: instantText(fill.time),
  };
}

function writeOrder(order: OrderReport): FactObject {
  const { price, filled, averagePrice, status, reduceOnly, time, ...rest } = order;
  const { kind, account, instrument, leg, orderId, clientOrderId, side, type } = rest;
  return present({
    ...{ kind, account, instrument, leg, orderId, clientOrderId, side, type },
    quantity: toText(rest.quantity),
    price: toTextOrNull(price),
    filled: toTextOrNull(filled),
    averagePrice: toTextOrNull(averagePrice),
    status,
    reduceOnly,
    time: instantText(time),
  });
}

function writeCashFact(fact: CashFact): FactObject {
  const { kind, account, instrument, leg, currency, counterAccount, id, reason } = fact;
  return present({
    ...{ kind, account, instrument, leg, currency },
    amount: toText(fact.amount),
    counterAccount,
    ...(kind === 'transfer' ? { transferId: id } : { id }),
    cost: toTextOrNull(fact.cost),
    ...(fact.fee === null ? {} : writeFee(fact.fee)),
    ...(fact.state === 'pending' ? { state: 'pending' } : {}),
    reason,
    venueSequence: fact.venueSequence,
    time: instantText(fact.time),
  });
}

function writeBust(bust: Bust): FactObject {
  const { kind, account, bustId, executionId, instrument, side, leg } = bust;
  const time = instantText(bust.time);
  return present({ kind, account, bustId, executionId, instrument, side, leg, time });
}

function writeCorrection(correction: Correction): FactObject {
  const { kind, account, correctionId, executionId, instrument, side, leg, fees } = correction;
  return present({
    ...{ kind, account, correctionId, executionId, instrument, side, leg },
    price: toTextOrNull(correction.price),
    quantity: toTextOrNull(correction.quantity),
    ...(fees === null ? {} : writeFees(fees)),
    time: instantText(correction.time),
  });
}

function writeMark(mark: Extract<Fact, { kind: 'mark' }>): FactObject {
  const { kind, instrument, price, source, time } = mark;
  return present({ kind, instrument, price: toText(price), time: instantText(time), source });
}

type CorporateAction = Extract<
  Fact,
  { kind: 'split' | 'return-of-capital' | 'rename' | 'delivery' }
>;

const ratioText = (of: { readonly numerator: Decimal; readonly denominator: Decimal }): string =>
  `${toText(of.numerator)}/${toText(of.denominator)}`;

function writeCorporateAction(fact: CorporateAction): FactObject {
  const { kind, account, id } = fact;
  const end = { id, time: instantText(fact.time) };
  if (fact.kind === 'rename') {
    return { kind, account, from: fact.from, to: fact.to, ratio: ratioText(fact), ...end };
  }
  const { instrument } = fact;
  switch (fact.kind) {
    case 'split': {
      const cashInLieu = toText(fact.cashInLieu);
      return { kind, account, instrument, ratio: ratioText(fact), cashInLieu, ...end };
    }
    case 'return-of-capital':
      return { kind, account, instrument, amount: toText(fact.amount), ...end };
    case 'delivery':
      return { kind, account, instrument, price: toText(fact.price), ...end };
  }
}
