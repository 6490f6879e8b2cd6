/** Cash flows: money or coins in or out that no fill caused. */
import type { CashFact, CashKind } from './fact.ts';
import {
  type Fields,
  fieldNames,
  readInstant,
  readOneOf,
  readOneOfOrNull,
  readText,
  readTextOrNull,
} from './parse-fields.ts';
import { legs } from './parse-fill.ts';
import {
  readDecimal,
  readDigitsOrNull,
  readFeeOrNull,
  readPositive,
  readUnsignedOrNull,
} from './parse-numbers.ts';
import { readRates } from './parse-rates.ts';

/** Kinds whose name says which way the money went. */
const oneWay: readonly CashKind[] = ['deposit', 'withdrawal'];
const states = ['booked', 'pending'] as const;

const idFieldOf = (kind: CashKind): string => (kind === 'transfer' ? 'transferId' : 'id');

export const cashFieldsOf = (kind: CashKind): ReadonlySet<string> =>
  fieldNames(
    ...['kind', 'account', 'instrument', 'leg', 'currency', 'amount', 'cost', 'fee'],
    ...['feeCurrency', 'state', 'counterAccount', 'reason', 'venueSequence', 'time', 'rates'],
    idFieldOf(kind),
  );

export const readCashFact = (f: Fields, kind: CashKind): CashFact => ({
  kind,
  account: readText(f, 'account'),
  currency: readText(f, 'currency'),
  amount: oneWay.includes(kind)
    ? readPositive(f, 'amount', 'amount-not-positive')
    : readDecimal(f, 'amount'),
  id: readText(f, idFieldOf(kind)),
  instrument: readTextOrNull(f, 'instrument'),
  leg: readOneOfOrNull(f, 'leg', legs),
  cost: readUnsignedOrNull(f, 'cost'),
  fee: readFeeOrNull(f),
  state: readOneOf(f, 'state', states, 'booked'),
  counterAccount: readTextOrNull(f, 'counterAccount'),
  reason: readTextOrNull(f, 'reason'),
  venueSequence: readDigitsOrNull(f, 'venueSequence'),
  time: readInstant(f, 'time'),
  ...readRates(f),
});
