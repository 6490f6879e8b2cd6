/**
 * Orders over HTTP: to the venue of the account, where trading is configured and the gate allows.
 * What was sent and not answered is asked for by its name, and is unknown until somebody knows.
 */
import {
  absolute,
  compare,
  type Decimal,
  isNegative,
  isPositive,
  zero,
} from '../../decimal/decimal.ts';
import { parseDecimal, toText } from '../../decimal/text.ts';
import { sha256 } from '../../journal/digest.ts';
import type { Leg, OrderReport, Side } from '../../model/fact.ts';
import type { Account } from '../../store/accounts.ts';
import type { OrderReference, OrderRequest, Submitted } from '../../venues/venue.ts';
import { instrumentVersions } from '../stream-adapter.ts';
import type { VenueDesk } from '../venues/desk.ts';
import { gateNow } from './gate-now.ts';
import type { ServingParts } from './parts.ts';
import { Problem } from './problem.ts';
import { accountNamed } from './reads/looks.ts';

export interface WantedOrder {
  readonly account?: string | undefined;
  readonly instrument: string;
  readonly side: Side;
  readonly quantity: string;
  readonly type: 'market' | 'limit';
  readonly price?: string | undefined;
  readonly reduceOnly: boolean;
  readonly leg: Leg;
  readonly clientOrderId?: string | undefined;
  readonly timeInForce?: OrderRequest['timeInForce'] | undefined;
}

export interface Placed {
  readonly status: 'accepted' | 'unknown';
  readonly orderId: string | null;
  readonly clientOrderId: string;
  readonly account: string;
  readonly instrument: string;
  readonly why: string | null;
}

export interface Cancelled extends Omit<Placed, 'clientOrderId'> {
  /** Null: nobody said by what name it was sent. */
  readonly clientOrderId: string | null;
}

type Trading = NonNullable<VenueDesk['trading']>;

/** A venue that says nothing for so long is asked for the order instead. */
const answerMs = 10_000;

/** Throws a Problem where nothing was sent, or the venue refused it. */
export async function place(
  parts: ServingParts,
  wanted: WantedOrder,
  name: string,
): Promise<Placed> {
  const account = accountFor(parts, wanted.account);
  const trading = tradingOf(parts, account);
  const request = requestOf(wanted, wanted.clientOrderId ?? name);
  refuseReducingSpot(parts, account, request);
  refuseDenied(parts, account, request);
  const said = await within(parts, () => trading.place(request));
  const { clientOrderId, instrument } = request;
  const of = { clientOrderId, account: account.name, instrument };
  if (said.status === 'accepted') {
    return { status: 'accepted', orderId: said.orderId, ...of, why: null };
  }
  if (said.status === 'refused') {
    throw new Problem('refused', said.why, { refusal: said.code, clientOrderId });
  }
  const found = await lookedUp(parts, trading, { instrument, orderId: null, clientOrderId });
  if (found === null) return { status: 'unknown', orderId: null, ...of, why: said.why };
  const other = differenceOf(request, found);
  if (other === null) return { status: 'accepted', orderId: found.orderId, ...of, why: null };
  const why = `${said.why}; the venue has another order of this name: ${other}`;
  return { status: 'unknown', orderId: null, ...of, why };
}

/** Whatever filled before it is in the book all the same. */
export async function cancel(
  parts: ServingParts,
  name: string | undefined,
  reference: OrderReference,
): Promise<Cancelled> {
  const account = accountFor(parts, name);
  const trading = tradingOf(parts, account);
  const said = await within(parts, () => trading.cancel(reference));
  if (said.status === 'refused') {
    throw new Problem('refused', said.why, { refusal: said.code });
  }
  const { instrument, orderId, clientOrderId } = reference;
  const of = { status: said.status, account: account.name, instrument };
  if (said.status === 'unknown') return { ...of, orderId, clientOrderId, why: said.why };
  // A venue that was asked by the order's id alone may not know its name.
  const known = said.clientOrderId === '' ? clientOrderId : said.clientOrderId;
  return { ...of, orderId: said.orderId, clientOrderId: known, why: null };
}

/** The same request by the same client has the same name: a venue takes it once. */
export const orderName = (actor: string, key: string): string =>
  `tru${sha256(`${actor} ${key}`).slice(0, 29)}`;

function accountFor(parts: ServingParts, name: string | undefined): Account {
  const { configuration, desks } = parts;
  const chosen = name ?? configuration.account ?? (desks.length === 1 ? desks[0]!.account : null);
  if (chosen !== null) return accountNamed(parts, chosen);
  const names = desks.map(({ account }) => account).join(', ');
  const hint = names === '' ? 'no venue is looked after' : `name one of ${names}`;
  throw new Problem('refused', 'account is not said', { hint });
}

function tradingOf({ desks }: ServingParts, { name }: Account): Trading {
  const trading = desks.find(({ account }) => account === name)?.trading ?? null;
  if (trading !== null) return trading;
  throw new Problem('refused', `no orders are sent for ${name}`, {
    hint: 'set readOnly: false for its venue in the settings, with a key that may trade',
  });
}

/** There is nothing to reduce, and a venue takes it for an order like any other. */
function refuseReducingSpot(
  { reader }: ServingParts,
  { venue }: Account,
  { instrument, reduceOnly }: OrderRequest,
): void {
  if (!reduceOnly) return;
  const versions = instrumentVersions(reader.file, venue, instrument);
  if (versions.at(-1)?.type !== 'spot') return;
  throw new Problem('refused', `${instrument} is spot, which has no position to reduce`, {
    refusal: 'reduce-only-on-spot',
    hint: 'leave reduceOnly out: what sells a coin asks the gate like what buys it',
  });
}

/** Who only reduces what is held gets out whatever else the book says. */
function refuseDenied(parts: ServingParts, account: Account, request: OrderRequest): void {
  const { gate, reasons } = gateNow(parts, account);
  if (gate === 'allow') return;
  const opens = request.reduceOnly ? whyItMayOpen(parts, account, request) : null;
  if (request.reduceOnly && opens === null) return;
  throw new Problem('gateDenies', reasons.map(({ why }) => why).join('; '), {
    reasons: reasons.map(({ code, why, breaks }) => ({ code, why, breaks })),
    ...(opens === null ? {} : { hint: `reduceOnly does not pass: ${opens}` }),
  });
}

/**
 * Null: it can only make smaller what the book holds there. The word of whoever asks is not enough:
 * a venue that knows legs goes by the leg alone, and what is larger than held may turn it round.
 */
function whyItMayOpen(
  { reader, markMaxAgeMs }: ServingParts,
  account: Account,
  { instrument, leg, side, quantity }: OrderRequest,
): string | null {
  const isHedged = account.positionMode === 'hedge';
  if (isHedged === (leg === 'net')) {
    return `${account.name} is held in ${isHedged ? 'legs, long and short' : 'one leg, net'}`;
  }
  const { view } = reader.look(account, { asOf: null, knownAt: null, markMaxAgeMs });
  const held = view.positions.find(
    (one) => one.instrument === instrument && one.asset === null && one.leg === leg,
  );
  const there = held?.quantity ?? zero;
  const isLong = leg === 'net' ? !isNegative(there) : leg === 'long';
  const reduces = isLong ? 'sell' : 'buy';
  if (side === reduces && compare(quantity, absolute(there)) <= 0) return null;
  return `the book holds ${toText(there)} of ${instrument} there`;
}

function requestOf(wanted: WantedOrder, clientOrderId: string): OrderRequest {
  const { instrument, leg, side, type, reduceOnly } = wanted;
  const isMarket = type === 'market';
  if (isMarket !== (wanted.price === undefined)) {
    const said = isMarket ? 'a market order has no price' : 'a limit order needs a price';
    throw new Problem('refused', said);
  }
  return {
    ...{ clientOrderId, instrument, leg, side, type, reduceOnly, trigger: null },
    quantity: positive('quantity', wanted.quantity),
    price: wanted.price === undefined ? null : positive('price', wanted.price),
    timeInForce: wanted.timeInForce ?? (isMarket ? 'ioc' : 'gtc'),
  };
}

function positive(field: string, text: string): Decimal {
  const parsed = parseDecimal(text);
  if (parsed.ok && isPositive(parsed.value)) return parsed.value;
  throw new Problem('refused', `${field} is a number above zero, and not ${text}`);
}

/** Whatever happens, silence and a broken line are no answer. */
async function within(
  { clock, log }: ServingParts,
  ask: () => Promise<Submitted>,
): Promise<Submitted> {
  let cancelWait = () => undefined as unknown;
  const late = new Promise<Submitted>((resolve) => {
    const why = `no answer in ${answerMs / 1_000} seconds`;
    cancelWait = clock.after(answerMs, () => resolve({ status: 'unknown', why }));
  });
  try {
    return await Promise.race([ask(), late]);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    log.error({ event: 'order.unknown', msg: `An order was sent, and no answer came: ${why}` });
    return { status: 'unknown', why };
  } finally {
    cancelWait();
  }
}

/** As the venue has it; null: nobody knows of it yet. */
async function lookedUp(
  { log }: ServingParts,
  venue: Trading,
  reference: OrderReference,
): Promise<OrderReport | null> {
  try {
    const answer = await venue.order(reference);
    return answer.status === 'answered' ? answer.value : null;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    log.warn({ event: 'order.unknown', msg: `${reference.clientOrderId} is not known: ${why}` });
    return null;
  }
}

/** A name may be that of an order of before, and says nothing of this one. Null: it is this one. */
function differenceOf(sent: OrderRequest, found: OrderReport): string | null {
  const isSame =
    found.instrument === sent.instrument &&
    found.side === sent.side &&
    found.leg === sent.leg &&
    compare(found.quantity, sent.quantity) === 0 &&
    (found.type === 'market') === (sent.type === 'market') &&
    (sent.price === null || (found.price !== null && compare(found.price, sent.price) === 0));
  if (isSame) return null;
  const price = found.price === null ? '' : ` at ${toText(found.price)}`;
  return `${found.side} ${toText(found.quantity)} ${found.instrument} ${found.type}${price}`;
}
