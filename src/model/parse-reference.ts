/** Facts that others refer to: accounts, currencies, instruments and marks. */
import { one } from '../decimal/decimal.ts';
import type { AccountFact, CurrencyFact, InstrumentFact, Mark } from './fact.ts';
import { type Instrument, type InstrumentType, instrumentFromName } from './instrument.ts';
import {
  type Fields,
  fieldNames,
  isAbsent,
  readBoolean,
  readInstant,
  readInstantOrNull,
  readOneOf,
  readText,
  readTextOrNull,
  refuse,
} from './parse-fields.ts';
import { readDigitCount, readPositive, readPositiveOrNull } from './parse-numbers.ts';

/** The venue of accounts that a person keeps by hand. */
export const manualVenue = 'manual';

const costMethods = ['average', 'fifo', 'lifo', 'hifo'] as const;
const modes = ['live', 'paper'] as const;
const positionModes = ['net', 'hedge'] as const;
const instrumentTypes = ['spot', 'linear', 'inverse'] as const;
const instrumentClasses = ['crypto', 'equity', 'fx'] as const;

export const accountFields = fieldNames(
  ...['kind', 'account', 'venue', 'currency', 'costMethod', 'feesInCost', 'mode'],
  ...['positionMode', 'time'],
);

export const readAccount = (f: Fields): AccountFact => ({
  kind: 'account',
  account: readText(f, 'account'),
  venue: readTextOrNull(f, 'venue') ?? manualVenue,
  currency: readText(f, 'currency'),
  costMethod: readOneOf(f, 'costMethod', costMethods, 'average'),
  feesInCost: readBoolean(f, 'feesInCost', false),
  mode: readOneOf(f, 'mode', modes, 'live'),
  positionMode: readOneOf(f, 'positionMode', positionModes, 'net'),
  time: readInstantOrNull(f, 'time'),
});

export const currencyFields = fieldNames('kind', 'currency', 'decimals');

export const readCurrency = (f: Fields): CurrencyFact => ({
  kind: 'currency',
  currency: readText(f, 'currency'),
  decimals: readDigitCount(f, 'decimals'),
});

export const instrumentFields = fieldNames(
  ...['kind', 'venue', 'instrument', 'symbol', 'type', 'class', 'base', 'quote', 'settle'],
  ...['multiplier', 'tickSize', 'lotSize', 'validFrom'],
);

/** What is absent is taken from the unified symbol, where the name is one. */
export function readInstrument(f: Fields): InstrumentFact {
  const refusalsBefore = f.findings.refusals.length;
  const venue = readTextOrNull(f, 'venue') ?? manualVenue;
  const name = readText(f, 'instrument');
  const named = instrumentFromName(venue, name);
  const type = readOneOf(f, 'type', instrumentTypes, named?.type);
  const base = isAbsent(f, 'base') && named !== null ? named.base : readText(f, 'base');
  const quote = isAbsent(f, 'quote') && named !== null ? named.quote : readText(f, 'quote');
  const settle = readTextOrNull(f, 'settle') ?? usualSettle(type, base, quote, named);
  const instrument: Instrument = {
    venue,
    name,
    symbol: readTextOrNull(f, 'symbol'),
    type,
    class: readOneOf(f, 'class', instrumentClasses, 'crypto'),
    base,
    quote,
    settle,
    multiplier: readPositive(f, 'multiplier', 'multiplier-not-positive', one),
    tickSize: readPositiveOrNull(f, 'tickSize', 'step-not-positive'),
    lotSize: readPositiveOrNull(f, 'lotSize', 'step-not-positive'),
    validFrom: readInstantOrNull(f, 'validFrom'),
  };
  if (f.findings.refusals.length === refusalsBefore) checkTerms(f, instrument, named);
  return { kind: 'instrument', instrument };
}

/** The name's own settlement currency where it has one, else what the type implies. */
function usualSettle(
  type: InstrumentType,
  base: string,
  quote: string,
  named: Instrument | null,
): string {
  if (named !== null && named.type !== 'spot') return named.settle;
  return type === 'inverse' ? base : quote;
}

/** Terms that contradict each other would value every position in the wrong currency. */
function checkTerms(f: Fields, instrument: Instrument, named: Instrument | null): void {
  const { type, base, quote, settle } = instrument;
  if (type === 'spot' && named !== null && named.type !== 'spot') {
    refuse(f, 'type-contradicts-name', 'type');
    return;
  }
  const fits =
    type === 'spot' ? settle === quote : type === 'inverse' ? settle === base : settle !== base;
  if (!fits) refuse(f, 'settle-contradicts-type', isAbsent(f, 'settle') ? 'type' : 'settle');
}

export const markFields = fieldNames('kind', 'instrument', 'price', 'source', 'time');

export const readMark = (f: Fields): Mark => ({
  kind: 'mark',
  instrument: readText(f, 'instrument'),
  price: readPositive(f, 'price', 'price-not-positive'),
  source: readTextOrNull(f, 'source'),
  time: readInstant(f, 'time'),
});
