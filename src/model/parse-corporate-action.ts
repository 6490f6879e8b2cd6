/** What happens to an instrument itself: splits, capital paid back, new names, deliveries. */
import { one, zero } from '../decimal/decimal.ts';
import type { Delivery, Rename, ReturnOfCapital, Split } from './fact.ts';
import { type Fields, fieldNames, readInstant, readText, refuse } from './parse-fields.ts';
import { readDecimal, readPositive, readRatio, readUnsignedOrNull } from './parse-numbers.ts';
import { readRates } from './parse-rates.ts';

export const splitFields = fieldNames(
  ...['kind', 'account', 'instrument', 'ratio', 'cashInLieu', 'id', 'time'],
);

export const readSplit = (f: Fields): Split => ({
  kind: 'split',
  account: readText(f, 'account'),
  instrument: readText(f, 'instrument'),
  ...readRatio(f, 'ratio'),
  cashInLieu: readUnsignedOrNull(f, 'cashInLieu') ?? zero,
  id: readText(f, 'id'),
  time: readInstant(f, 'time'),
});

export const returnOfCapitalFields = fieldNames(
  ...['kind', 'account', 'instrument', 'amount', 'id', 'time'],
);

export const readReturnOfCapital = (f: Fields): ReturnOfCapital => ({
  kind: 'return-of-capital',
  account: readText(f, 'account'),
  instrument: readText(f, 'instrument'),
  amount: readDecimal(f, 'amount'),
  id: readText(f, 'id'),
  time: readInstant(f, 'time'),
});

export const renameFields = fieldNames('kind', 'account', 'from', 'to', 'ratio', 'id', 'time');

export function readRename(f: Fields): Rename {
  const from = readText(f, 'from');
  const to = readText(f, 'to');
  if (from === to && from !== '') refuse(f, 'rename-to-itself', 'to');
  return {
    kind: 'rename',
    account: readText(f, 'account'),
    from,
    to,
    ...readRatio(f, 'ratio', one),
    id: readText(f, 'id'),
    time: readInstant(f, 'time'),
  };
}

export const deliveryFields = fieldNames(
  ...['kind', 'account', 'instrument', 'price', 'id', 'time', 'rates'],
);

export const readDelivery = (f: Fields): Delivery => ({
  kind: 'delivery',
  account: readText(f, 'account'),
  instrument: readText(f, 'instrument'),
  price: readPositive(f, 'price', 'price-not-positive'),
  id: readText(f, 'id'),
  time: readInstant(f, 'time'),
  ...readRates(f),
});
