/** Items of a statement that are no facts. A reader belongs to one section: it knows the others. */
import {
  checkNames,
  type Fields,
  fieldNames,
  readBoolean,
  readInstantOrNull,
  readOneOf,
  readText,
  readTextOrNull,
} from './parse-fields.ts';
import { legs, orderStatuses, sides } from './parse-fill.ts';
import {
  readDecimal,
  readDecimalOrNull,
  readPositive,
  readPositiveOrNull,
  readUnsignedOrNull,
} from './parse-numbers.ts';
import { refuseLegSign, refuseRepeated } from './parse-opening.ts';
import type { StatementBalance, StatementOrder, StatementPosition } from './statement.ts';

type ItemReader<Item> = (f: Fields) => Item;

const positionFields = fieldNames(
  ...['instrument', 'leg', 'quantity', 'averagePrice', 'markPrice', 'unrealisedPnl'],
);

export function positionReader(): ItemReader<StatementPosition> {
  const seen = new Set<string>();
  return (f) => {
    checkNames(f, positionFields);
    const instrument = readText(f, 'instrument');
    const leg = readOneOf(f, 'leg', legs, 'net');
    refuseRepeated(f, 'item-twice', 'instrument', seen, `${leg} ${instrument}`);
    const quantity = readDecimal(f, 'quantity');
    refuseLegSign(f, leg, quantity);
    return {
      instrument,
      leg,
      quantity,
      averagePrice: readPositiveOrNull(f, 'averagePrice', 'price-not-positive'),
      markPrice: readPositiveOrNull(f, 'markPrice', 'price-not-positive'),
      unrealisedPnl: readDecimalOrNull(f, 'unrealisedPnl'),
    };
  };
}

const balanceFields = fieldNames('currency', 'total', 'available', 'equity', 'borrowed');

export function balanceReader(): ItemReader<StatementBalance> {
  const seen = new Set<string>();
  return (f) => {
    checkNames(f, balanceFields);
    const currency = readText(f, 'currency');
    refuseRepeated(f, 'item-twice', 'currency', seen, currency);
    return {
      currency,
      total: readDecimal(f, 'total'),
      available: readDecimalOrNull(f, 'available'),
      equity: readDecimalOrNull(f, 'equity'),
      borrowed: readUnsignedOrNull(f, 'borrowed'),
    };
  };
}

const orderFields = fieldNames(
  ...['orderId', 'clientOrderId', 'instrument', 'leg', 'side', 'type', 'quantity', 'filled'],
  ...['averagePrice', 'price', 'status', 'reduceOnly', 'time'],
);

export function orderReader(): ItemReader<StatementOrder> {
  const seen = new Set<string>();
  return (f) => {
    checkNames(f, orderFields);
    const orderId = readText(f, 'orderId');
    const instrument = readText(f, 'instrument');
    refuseRepeated(f, 'item-twice', 'orderId', seen, `${orderId} ${instrument}`);
    return {
      orderId,
      clientOrderId: readTextOrNull(f, 'clientOrderId'),
      instrument,
      leg: readOneOf(f, 'leg', legs, 'net'),
      side: readOneOf(f, 'side', sides),
      type: readTextOrNull(f, 'type'),
      quantity: readPositive(f, 'quantity', 'quantity-not-positive'),
      filled: readUnsignedOrNull(f, 'filled'),
      averagePrice: readPositiveOrNull(f, 'averagePrice', 'price-not-positive'),
      price: readPositiveOrNull(f, 'price', 'price-not-positive'),
      status: readOneOf(f, 'status', orderStatuses),
      reduceOnly: readBoolean(f, 'reduceOnly', false),
      time: readInstantOrNull(f, 'time'),
    };
  };
}
