/** Rates that a fact brings along: what coins were worth when it happened. */
import type { Rate } from './fact.ts';
import {
  checkNames,
  type Fields,
  fieldNames,
  readInstant,
  readListOrNull,
  readText,
} from './parse-fields.ts';
import { readPositive } from './parse-numbers.ts';

const rateFields = fieldNames('currency', 'instrument', 'price', 'time');

/** Absent: the rates in force are looked up. An empty list: none was in force. */
export function readRates(f: Fields): { readonly rates?: readonly Rate[] } {
  const rates = readListOrNull(f, 'rates', (item): Rate => {
    checkNames(item, rateFields);
    return {
      currency: readText(item, 'currency'),
      instrument: readText(item, 'instrument'),
      price: readPositive(item, 'price', 'price-not-positive'),
      time: readInstant(item, 'time'),
    };
  });
  return rates === null ? {} : { rates };
}
