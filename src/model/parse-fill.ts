/** Fills, what venues do to them afterwards, and the orders they belong to. */
import type { Bust, Correction, Fill, FillReference, OrderReport } from './fact.ts';
import {
  type Fields,
  fieldNames,
  readBoolean,
  readInstant,
  readOneOf,
  readOneOfOrNull,
  readText,
  readTextOrNull,
  refuse,
} from './parse-fields.ts';
import {
  readDigitsOrNull,
  readFees,
  readPositive,
  readPositiveOrNull,
  readUnsignedOrNull,
} from './parse-numbers.ts';
import { readRates } from './parse-rates.ts';

export const legs = ['net', 'long', 'short'] as const;
export const sides = ['buy', 'sell'] as const;
const liquidities = ['maker', 'taker'] as const;
const causes = ['trade', 'liquidation', 'adl', 'settlement', 'delivery', 'conversion'] as const;
export const orderStatuses = [
  'new',
  'open',
  'filled',
  'cancelled',
  'rejected',
  'expired',
  'unknown',
] as const;

export const fillFields = fieldNames(
  ...['kind', 'account', 'instrument', 'leg', 'side', 'quantity', 'price', 'fee', 'feeCurrency'],
  ...['fees', 'liquidity', 'executionId', 'orderId', 'clientOrderId', 'strategy', 'cause'],
  ...['venueSequence', 'provisional', 'time', 'rates'],
);

export const readFill = (f: Fields): Fill => ({
  kind: 'fill',
  account: readText(f, 'account'),
  instrument: readText(f, 'instrument'),
  leg: readOneOf(f, 'leg', legs, 'net'),
  side: readOneOf(f, 'side', sides),
  quantity: readPositive(f, 'quantity', 'quantity-not-positive'),
  price: readPositive(f, 'price', 'price-not-positive'),
  fees: readFees(f),
  liquidity: readOneOfOrNull(f, 'liquidity', liquidities),
  executionId: readText(f, 'executionId'),
  orderId: readTextOrNull(f, 'orderId'),
  clientOrderId: readTextOrNull(f, 'clientOrderId'),
  strategy: readTextOrNull(f, 'strategy'),
  cause: readOneOf(f, 'cause', causes, 'trade'),
  venueSequence: readDigitsOrNull(f, 'venueSequence'),
  provisional: readBoolean(f, 'provisional', false),
  time: readInstant(f, 'time'),
  ...readRates(f),
});

const readReference = (f: Fields): FillReference => ({
  executionId: readText(f, 'executionId'),
  instrument: readTextOrNull(f, 'instrument'),
  side: readOneOfOrNull(f, 'side', sides),
  leg: readOneOfOrNull(f, 'leg', legs),
});

export const bustFields = fieldNames(
  ...['kind', 'account', 'bustId', 'executionId', 'instrument', 'side', 'leg', 'time'],
);

export const readBust = (f: Fields): Bust => ({
  kind: 'bust',
  account: readText(f, 'account'),
  bustId: readText(f, 'bustId'),
  ...readReference(f),
  time: readInstant(f, 'time'),
});

export const correctionFields = fieldNames(
  ...['kind', 'account', 'correctionId', 'executionId', 'instrument', 'side', 'leg'],
  ...['price', 'quantity', 'fee', 'feeCurrency', 'fees', 'time'],
);

export function readCorrection(f: Fields): Correction {
  const correction: Correction = {
    kind: 'correction',
    account: readText(f, 'account'),
    correctionId: readText(f, 'correctionId'),
    ...readReference(f),
    price: readPositiveOrNull(f, 'price', 'price-not-positive'),
    quantity: readPositiveOrNull(f, 'quantity', 'quantity-not-positive'),
    fees: readFees(f),
    time: readInstant(f, 'time'),
  };
  const { price, quantity, fees } = correction;
  if (price === null && quantity === null && fees === null) {
    refuse(f, 'correction-empty', 'correctionId');
  }
  return correction;
}

export const orderFields = fieldNames(
  ...['kind', 'account', 'instrument', 'leg', 'orderId', 'clientOrderId', 'side', 'type'],
  ...['quantity', 'price', 'filled', 'averagePrice', 'status', 'reduceOnly', 'time'],
);

export const readOrder = (f: Fields): OrderReport => ({
  kind: 'order',
  account: readText(f, 'account'),
  instrument: readText(f, 'instrument'),
  leg: readOneOf(f, 'leg', legs, 'net'),
  orderId: readText(f, 'orderId'),
  clientOrderId: readTextOrNull(f, 'clientOrderId'),
  side: readOneOf(f, 'side', sides),
  type: readText(f, 'type'),
  quantity: readPositive(f, 'quantity', 'quantity-not-positive'),
  price: readPositiveOrNull(f, 'price', 'price-not-positive'),
  filled: readUnsignedOrNull(f, 'filled'),
  averagePrice: readPositiveOrNull(f, 'averagePrice', 'price-not-positive'),
  status: readOneOf(f, 'status', orderStatuses),
  reduceOnly: readBoolean(f, 'reduceOnly', false),
  time: readInstant(f, 'time'),
});
