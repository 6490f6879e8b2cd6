/** Facts read back from entries. A RangeError or SyntaxError means that the entry is damaged. */
import { one, zero } from '../decimal/decimal.ts';
import { decimal, decimalOrNull } from '../decimal/text.ts';
import type { EntryRow, Rate } from '../model/entry.ts';
import {
  type AccountFact,
  type CashFact,
  type CashKind,
  type Correction,
  cashKinds,
  type Fee,
  type Fill,
  type FillCause,
  type Opening,
  type OpeningLot,
  type OrderReport,
  type OrderStatus,
} from '../model/fact.ts';
import { type Instant, instant } from '../model/instant.ts';
import type { Instrument } from '../model/instrument.ts';
import {
  damaged,
  decimalAt,
  flagAt,
  instantAt,
  listAt,
  objectOf,
  parseBody,
  present,
  requiredDecimal,
  requiredText,
  textAt,
  wordOf,
  wordOrNull,
} from './body.ts';
import type { JsonObject } from './canonical-json.ts';
import type { JournalFact } from './encode.ts';

const sides = ['buy', 'sell'] as const;
const legs = ['net', 'long', 'short'] as const;
const causes: readonly FillCause[] = [
  'trade',
  'liquidation',
  'adl',
  'settlement',
  'delivery',
  'conversion',
];
const statuses: readonly OrderStatus[] = [
  'new',
  'open',
  'filled',
  'cancelled',
  'rejected',
  'expired',
  'unknown',
];

interface Source {
  readonly row: EntryRow;
  readonly account: string;
  readonly body: JsonObject;
  readonly time: Instant;
}

type Decoder = (source: Source) => JournalFact;

const decoders: Readonly<Record<string, Decoder>> = {
  account: accountOf,
  instrument: ({ row, body }) => ({
    kind: 'instrument',
    instrument: instrumentOf(present(row.instrument, 'instrument'), body),
  }),
  opening: openingOf,
  fill: fillOf,
  order: orderOf,
  bust: ({ row, account, body, time }) => ({
    kind: 'bust',
    account,
    bustId: row.id,
    ...referenceOf(body),
    time,
  }),
  correction: correctionOf,
  split: ({ row, account, body, time }) => ({
    kind: 'split',
    account,
    instrument: present(row.instrument, 'instrument'),
    ...ratioOf(body),
    cashInLieu: decimalAt(body, 'cashInLieu') ?? zero,
    id: row.id,
    time,
  }),
  'return-of-capital': ({ row, account, time }) => ({
    kind: 'return-of-capital',
    account,
    instrument: present(row.instrument, 'instrument'),
    amount: decimal(present(row.amount, 'amount')),
    id: row.id,
    time,
  }),
  rename: ({ row, account, body, time }) => ({
    kind: 'rename',
    account,
    from: present(row.instrument, 'instrument'),
    to: requiredText(body, 'to'),
    ...ratioOf(body),
    id: row.id,
    time,
  }),
  delivery: ({ row, account, time }) => ({
    kind: 'delivery',
    account,
    instrument: present(row.instrument, 'instrument'),
    price: decimal(present(row.price, 'price')),
    id: row.id,
    time,
  }),
};

/** Whether entries of this kind hold a fact as it was told. */
export const holdsFact = (kind: string): boolean =>
  kind in decoders || (cashKinds as readonly string[]).includes(kind);

/** The fact of a row in its present version. */
export function decodeFact(row: EntryRow, account: string): JournalFact {
  const body = parseBody(row.body);
  const time = body['time'] === undefined ? row.effectiveAt : instant(requiredText(body, 'time'));
  const source = { row, account, body, time };
  if (row.kind === 'fill') return fillOf(source);
  const decoder = decoders[row.kind];
  return decoder === undefined ? cashOf(source) : decoder(source);
}

export function decodeRates(row: EntryRow): readonly Rate[] {
  return row.body?.includes('"rates":') ? ratesIn(parseBody(row.body)) : noRates;
}

const noRates: readonly Rate[] = [];

export const ratesIn = (body: JsonObject): readonly Rate[] =>
  (listAt(body, 'rates') ?? []).map((rate) => ({
    currency: requiredText(rate, 'currency'),
    instrument: requiredText(rate, 'instrument'),
    price: requiredDecimal(rate, 'price'),
    time: instant(requiredText(rate, 'time')),
  }));

function fillOf({ row, account, body, time }: Source): Fill {
  return {
    kind: 'fill',
    account,
    instrument: present(row.instrument, 'instrument'),
    leg: wordOf(legs, row.leg),
    side: wordOf(sides, row.side),
    quantity: decimal(present(row.quantity, 'quantity')),
    price: decimal(present(row.price, 'price')),
    fees: feesOf(row, body),
    liquidity: wordOrNull(['maker', 'taker'], textAt(body, 'liquidity')),
    executionId: row.id,
    orderId: row.orderId,
    clientOrderId: textAt(body, 'clientOrderId'),
    strategy: textAt(body, 'strategy'),
    cause: wordOf(causes, textAt(body, 'cause') ?? 'trade'),
    venueSequence: textAt(body, 'venueSequence'),
    provisional: flagAt(body, 'provisional'),
    time,
  };
}

function feesOf(row: EntryRow, body: JsonObject): readonly Fee[] | null {
  if (row.amount === null) return listAt(body, 'fees')?.map(feeOf) ?? null;
  if (row.currency !== null) {
    return [{ currency: row.currency, amount: decimal(row.amount) }];
  }
  return row.amount === '0' ? [] : damaged('a fee with its currency', row.amount);
}

export const feeOf = (fee: JsonObject): Fee => ({
  currency: requiredText(fee, 'currency'),
  amount: requiredDecimal(fee, 'amount'),
});

const cashOf = ({ row, account, body, time }: Source): CashFact => ({
  kind: wordOf<CashKind>(cashKinds, row.kind),
  account,
  currency: present(row.currency, 'currency'),
  amount: decimal(present(row.amount, 'amount')),
  id: row.id,
  instrument: row.instrument,
  leg: wordOrNull(legs, textAt(body, 'leg')),
  cost: decimalAt(body, 'cost'),
  fee: body['fee'] === undefined ? null : feeOf(objectOf(body['fee'])),
  state: wordOf(['booked', 'pending'], textAt(body, 'state') ?? 'booked'),
  counterAccount: textAt(body, 'counterAccount'),
  reason: textAt(body, 'reason'),
  venueSequence: textAt(body, 'venueSequence'),
  time,
});

function accountOf({ row, account, body, time }: Source): AccountFact {
  return {
    kind: 'account',
    account,
    venue: requiredText(body, 'venue'),
    currency: present(row.currency, 'currency'),
    costMethod: wordOf(
      ['average', 'fifo', 'lifo', 'hifo'],
      textAt(body, 'costMethod') ?? 'average',
    ),
    feesInCost: flagAt(body, 'feesInCost'),
    mode: wordOf(['live', 'paper'], textAt(body, 'mode') ?? 'live'),
    positionMode: wordOf(['net', 'hedge'], textAt(body, 'positionMode') ?? 'net'),
    time: flagAt(body, 'untimed') ? null : time,
  };
}

export const instrumentOf = (name: string, body: JsonObject): Instrument => ({
  venue: requiredText(body, 'venue'),
  name,
  symbol: textAt(body, 'symbol'),
  type: wordOf(['spot', 'linear', 'inverse'], textAt(body, 'type')),
  class: wordOf(['crypto', 'equity', 'fx'], textAt(body, 'class')),
  base: requiredText(body, 'base'),
  quote: requiredText(body, 'quote'),
  settle: requiredText(body, 'settle'),
  multiplier: decimalAt(body, 'multiplier') ?? one,
  tickSize: decimalAt(body, 'tickSize'),
  lotSize: decimalAt(body, 'lotSize'),
  validFrom: instantAt(body, 'validFrom'),
});

function openingOf({ account, body, time }: Source): Opening {
  return {
    kind: 'opening',
    account,
    balances: (listAt(body, 'balances') ?? []).map((balance) => ({
      currency: requiredText(balance, 'currency'),
      total: requiredDecimal(balance, 'total'),
      cost: decimalAt(balance, 'cost'),
      lots: lotsOf(balance),
    })),
    positions: (listAt(body, 'positions') ?? []).map((position) => ({
      instrument: requiredText(position, 'instrument'),
      leg: wordOf(legs, textAt(position, 'leg')),
      quantity: requiredDecimal(position, 'quantity'),
      averagePrice: decimalAt(position, 'averagePrice'),
      openedAt: instantAt(position, 'openedAt'),
      lots: lotsOf(position),
    })),
    time,
  };
}

const lotsOf = (holder: JsonObject): readonly OpeningLot[] | null =>
  listAt(holder, 'lots')?.map((lot) => ({
    quantity: requiredDecimal(lot, 'quantity'),
    cost: decimalAt(lot, 'cost'),
    openedAt: instantAt(lot, 'openedAt'),
  })) ?? null;

function orderOf({ row, account, body, time }: Source): OrderReport {
  return {
    kind: 'order',
    account,
    instrument: present(row.instrument, 'instrument'),
    leg: wordOf(legs, row.leg),
    orderId: present(row.orderId, 'orderId'),
    clientOrderId: textAt(body, 'clientOrderId'),
    side: wordOf(sides, row.side),
    type: requiredText(body, 'type'),
    quantity: decimal(present(row.quantity, 'quantity')),
    price: decimalOrNull(row.price),
    filled: decimalAt(body, 'filled'),
    averagePrice: decimalAt(body, 'averagePrice'),
    status: wordOf(statuses, textAt(body, 'status')),
    reduceOnly: flagAt(body, 'reduceOnly'),
    time,
  };
}

function correctionOf({ row, account, body, time }: Source): Correction {
  return {
    kind: 'correction',
    account,
    correctionId: row.id,
    ...referenceOf(body),
    price: decimalOrNull(row.price),
    quantity: decimalOrNull(row.quantity),
    fees: feesOf(row, body),
    time,
  };
}

const referenceOf = (body: JsonObject) => ({
  executionId: requiredText(body, 'executionId'),
  instrument: textAt(body, 'instrument'),
  side: wordOrNull(sides, textAt(body, 'side')),
  leg: wordOrNull(legs, textAt(body, 'leg')),
});

const ratioOf = (body: JsonObject) => ({
  numerator: requiredDecimal(body, 'numerator'),
  denominator: decimalAt(body, 'denominator') ?? one,
});
