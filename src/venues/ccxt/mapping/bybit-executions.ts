/**
 * Bybit executions, from REST lists and from the execution topic, to fills and funding.
 *
 * All types are taken: a BustTrade is a liquidation (not a trade that was taken back), an AdlTrade
 * a deleveraging, and a Funding row is money, not a trade. Its execFee is positive when paid.
 */
import { type Decimal, isZero, negate, signOf } from '../../../decimal/decimal.ts';
import type { CashFact, Fee, Fill, FillCause, Leg, Side } from '../../../model/fact.ts';
import { isJsonObject } from '../../../model/lossless-json.ts';
import type { Found, InstrumentIndex, Market } from '../instrument-index.ts';
import {
  decimalField,
  flag,
  instantField,
  type Mapped,
  mapRows,
  optionalDecimal,
  PayloadFault,
  type Raw,
  rawJson,
  requiredText,
  sideField,
  text,
  textOrNull,
} from '../raw.ts';

export interface MappingContext {
  readonly account: string;
  readonly positionMode: 'net' | 'hedge';
  readonly index: InstrumentIndex;
}

const causes: Readonly<Record<string, FillCause>> = {
  Trade: 'trade',
  BlockTrade: 'trade',
  MovePosition: 'trade',
  FutureSpread: 'trade',
  AdlTrade: 'adl',
  BustTrade: 'liquidation',
  Settle: 'settlement',
  Delivery: 'delivery',
};

/** `market` where the answer has one category for all of its rows; topics carry it on each row. */
export function mapBybitExecutions(
  context: MappingContext,
  rows: readonly Raw[],
  market?: Market,
): Mapped<Fill | CashFact> & { readonly unread: readonly string[] } {
  const strangers: string[] = [];
  const mapped = mapRows<Fill | CashFact>(rows, (row) => {
    const found = instrumentOf(context, row, market);
    if (!found.known) strangers.push(strangerText(found, row));
    return [
      text(row, 'execType') === 'Funding'
        ? funding(context, row, found)
        : fill(context, row, found),
    ];
  });
  return { items: mapped.items, faults: [...strangers, ...mapped.faults], unread: mapped.faults };
}

export const strangerText = (found: Found, row: Raw) =>
  `${found.market} ${text(row, 'symbol')} is not listed: taken for ${found.instrument.name}`;

export function instrumentOf(context: MappingContext, row: Raw, market?: Market): Found {
  const category = market ?? text(row, 'category');
  if (category !== 'spot' && category !== 'linear' && category !== 'inverse') {
    const what = category === 'option' ? 'options are not booked' : 'the category is not known';
    throw new PayloadFault(`"${category}" ${text(row, 'symbol')}: ${what}`);
  }
  const found = context.index.find(category, requiredText(row, 'symbol'));
  if (found === null) {
    throw new PayloadFault(`${category} ${text(row, 'symbol')} is an instrument that nobody lists`);
  }
  return found;
}

function funding(context: MappingContext, row: Raw, { instrument }: Found): CashFact {
  return {
    kind: 'funding',
    account: context.account,
    currency: feeCoin(row) ?? instrument.settle,
    amount: negate(decimalField(row, 'execFee')),
    id: requiredText(row, 'execId'),
    instrument: instrument.name,
    leg: context.positionMode === 'net' ? 'net' : null,
    cost: null,
    fee: null,
    state: 'booked',
    counterAccount: null,
    reason: null,
    // The log tells the same funding without a sequence, and both must read alike.
    venueSequence: null,
    time: instantField(row, 'execTime'),
  };
}

function fill(context: MappingContext, row: Raw, found: Found): Fill {
  const type = text(row, 'execType');
  const cause = causes[type];
  if (cause === undefined) throw new PayloadFault(`execType "${type}" is not known: not booked`);
  const side = sideField(row, 'side');
  const quantity = decimalField(row, 'execQty');
  if (signOf(quantity) <= 0) throw new PayloadFault(`execution ${text(row, 'execId')} of no size`);
  return {
    kind: 'fill',
    account: context.account,
    instrument: found.instrument.name,
    leg: found.market === 'spot' ? 'net' : legOf(context, row, side),
    side,
    quantity,
    price: decimalField(row, 'execPrice'),
    fees: bybitFees(row, found, side),
    liquidity: row['isMaker'] === undefined ? null : flag(row, 'isMaker') ? 'maker' : 'taker',
    executionId: requiredText(row, 'execId'),
    orderId: textOrNull(row, 'orderId'),
    clientOrderId: textOrNull(row, 'orderLinkId'),
    strategy: null,
    cause,
    venueSequence: textOrNull(row, 'seq'),
    provisional: false,
    time: instantField(row, 'execTime'),
  };
}

/**
 * Executions name no position side. In hedge mode a leg never crosses zero, so what closes says
 * which leg it was: a buy that closes is the short leg's.
 */
function legOf(context: MappingContext, row: Raw, side: Side): Leg {
  const told = text(row, 'positionIdx');
  if (told === '1') return 'long';
  if (told === '2') return 'short';
  if (context.positionMode === 'net') return 'net';
  const closed = optionalDecimal(row, 'closedSize');
  if (closed === null) {
    throw new PayloadFault(`execution ${text(row, 'execId')}: closedSize does not say which leg`);
  }
  return isZero(closed) === (side === 'buy') ? 'long' : 'short';
}

const feeCoin = (row: Raw): string | null =>
  textOrNull(row, 'feeCoin') ?? textOrNull(row, 'feeCurrency');

/** Null: the venue does not say yet. The coin is the one it names, never a guess from the side. */
function bybitFees(row: Raw, found: Found, side: Side): readonly Fee[] | null {
  const amount = optionalDecimal(row, 'execFee');
  const extra = extraFees(row);
  if (amount === null || extra === null) return null;
  const currency = feeCoin(row) ?? silentCoin(found, side, amount);
  return [...(isZero(amount) ? [] : [{ currency, amount }]), ...extra];
}

/** Where no coin is named: contracts pay in their settle coin; spot in what is received. */
function silentCoin({ market, instrument }: Found, side: Side, amount: Decimal): string {
  if (market !== 'spot') return instrument.settle;
  const received = side === 'buy' ? instrument.base : instrument.quote;
  const given = side === 'buy' ? instrument.quote : instrument.base;
  return signOf(amount) < 0 ? given : received;
}

function extraFees(row: Raw): readonly Fee[] | null {
  const told = row['extraFees'];
  if (told === undefined || told === null || told === '' || told === '[]') return [];
  const value = typeof told === 'string' ? rawJson(told) : told;
  if (!Array.isArray(value)) return null;
  const fees = value.map((one) => {
    const currency = isJsonObject(one) ? (feeCoin(one) ?? textOrNull(one, 'coin')) : null;
    const amount = isJsonObject(one) ? optionalDecimal(one, 'fee') : null;
    return currency === null || amount === null ? null : { currency, amount };
  });
  return fees.includes(null) ? null : fees.filter((fee) => fee !== null);
}
