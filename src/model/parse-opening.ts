/** Openings: what an account held when its book began, with lots where they are known. */
import { type Decimal, equals, signOf, total } from '../decimal/decimal.ts';
import type { Leg, Opening, OpeningBalance, OpeningLot, OpeningPosition } from './fact.ts';
import type { FaultCode } from './faults.ts';
import {
  checkNames,
  type Fields,
  fieldNames,
  readInstant,
  readInstantOrNull,
  readListOrNull,
  readOneOf,
  readText,
  refuse,
} from './parse-fields.ts';
import { legs } from './parse-fill.ts';
import { readDecimal, readDecimalOrNull, readPositiveOrNull } from './parse-numbers.ts';
import { readRates } from './parse-rates.ts';

export const openingFields = fieldNames(
  ...['kind', 'account', 'balances', 'positions', 'time', 'rates'],
);
const balanceFields = fieldNames('currency', 'total', 'cost', 'lots');
const positionFields = fieldNames(
  ...['instrument', 'leg', 'quantity', 'averagePrice', 'openedAt', 'lots'],
);
const lotFields = fieldNames('quantity', 'cost', 'openedAt');

export function readOpening(f: Fields): Opening {
  const currencies = new Set<string>();
  const positions = new Set<string>();
  return {
    kind: 'opening',
    account: readText(f, 'account'),
    balances:
      readListOrNull(f, 'balances', (item) => {
        const balance = readBalance(item);
        refuseRepeated(item, 'listed-twice', 'currency', currencies, balance.currency);
        return balance;
      }) ?? [],
    positions:
      readListOrNull(f, 'positions', (item) => {
        const position = readPosition(item);
        const key = `${position.leg} ${position.instrument}`;
        refuseRepeated(item, 'listed-twice', 'instrument', positions, key);
        return position;
      }) ?? [],
    time: readInstant(f, 'time'),
    ...readRates(f),
  };
}

function readBalance(f: Fields): OpeningBalance {
  checkNames(f, balanceFields);
  const quantity = readDecimal(f, 'total');
  const cost = readDecimalOrNull(f, 'cost');
  refuseCostSign(f, quantity, cost);
  const lots = readLots(f, 'total', quantity);
  return { currency: readText(f, 'currency'), total: quantity, cost, lots };
}

function readPosition(f: Fields): OpeningPosition {
  checkNames(f, positionFields);
  const leg = readOneOf(f, 'leg', legs, 'net');
  const quantity = readDecimal(f, 'quantity');
  refuseLegSign(f, leg, quantity);
  return {
    instrument: readText(f, 'instrument'),
    leg,
    quantity,
    averagePrice: readPositiveOrNull(f, 'averagePrice', 'price-not-positive'),
    openedAt: readInstantOrNull(f, 'openedAt'),
    lots: readLots(f, 'quantity', quantity),
  };
}

/** Lots of the quantity in the named field; they must add up to it, each signed like it. */
function readLots(f: Fields, name: string, quantity: Decimal): readonly OpeningLot[] | null {
  const refusalsBefore = f.findings.refusals.length;
  let opposed = false;
  const lots = readListOrNull(f, 'lots', (item): OpeningLot => {
    checkNames(item, lotFields);
    const lot = readDecimal(item, 'quantity');
    const cost = readDecimalOrNull(item, 'cost');
    refuseCostSign(item, lot, cost);
    opposed ||= signOf(lot) !== signOf(quantity);
    return { quantity: lot, cost, openedAt: readInstantOrNull(item, 'openedAt') };
  });
  if (lots === null || f.findings.refusals.length > refusalsBefore) return lots;
  const whole = total(lots.map((lot) => lot.quantity));
  if (opposed || !equals(whole, quantity)) refuse(f, 'lots-do-not-add-up', name);
  return lots;
}

function refuseCostSign(f: Fields, quantity: Decimal, cost: Decimal | null): void {
  if (cost === null || signOf(cost) === 0 || signOf(cost) === signOf(quantity)) return;
  refuse(f, 'cost-contradicts-sign', 'cost');
}

/** A short leg given with a positive quantity would be booked the wrong way round. */
export function refuseLegSign(f: Fields, leg: Leg, quantity: Decimal): void {
  if (leg === 'net' || signOf(quantity) === 0) return;
  if ((leg === 'long') !== signOf(quantity) > 0) refuse(f, 'leg-contradicts-sign', 'quantity');
}

export function refuseRepeated(
  f: Fields,
  code: FaultCode,
  name: string,
  seen: Set<string>,
  key: string,
): void {
  if (seen.has(key)) refuse(f, code, name);
  seen.add(key);
}
