/** Figures of the rehearsal as text: what is held, what rests, what closing made, how old it is. */
import {
  absolute,
  add,
  type Decimal,
  divideHalfEven,
  fromInteger,
  roundHalfEven,
  signOf,
  stripped,
  subtract,
  total,
  zero,
} from '../../decimal/decimal.ts';
import { decimal, toText, toTextOrNull } from '../../decimal/text.ts';
import type { Break } from '../../model/break.ts';
import { type Instant, instant, instantText, millisecondsBetween } from '../../model/instant.ts';
import type { StoredPosition } from '../../model/position-source.ts';
import type { PositionCountsOfSource } from '../../reconcile/positions/port.ts';
import { incidentPositions } from '../../sources/monitoring/incident-database.ts';
import { envelope } from '../../venues/ccxt/exchange-client.ts';
import { list, requiredText } from '../../venues/ccxt/raw.ts';
import type { EmulatedExchange } from './exchange-port.ts';
import { nameOf } from './mismatch-market.ts';
import type { MismatchStage } from './mismatch-stage.ts';
import { type Expectation, NotThere } from './rehearsal.ts';

/** The three whose sizes differ; the side of HNT is our choice. */
export const reported = ['HNTUSDT', 'SCAUSDT', 'AGIUSDT'] as const;

export const number = (value: Decimal | null | undefined): string =>
  toTextOrNull(value == null ? null : stripped(value)) ?? 'unknown';

export const figure = (what: string, expected: string | number, found: string | number) =>
  [what, String(expected), String(found)] satisfies Expectation;

/** `short 3160`, or `flat`. By the exchange's own accounts. */
export function heldAt({ exchange }: EmulatedExchange, symbol: string): string {
  const { positions } = exchange.holdings();
  const found = positions.find(({ instrument }) => instrument === nameOf(symbol));
  if (found === undefined || signOf(found.quantity) === 0) return 'flat';
  const side = signOf(found.quantity) > 0 ? 'long' : 'short';
  return `${side} ${number(absolute(found.quantity))}`;
}

/** `reduce-only buy 3160 @ 0.04809` for each order that rests, or `none`. */
export function restingAt({ exchange }: EmulatedExchange, symbol: string): string {
  const own = exchange.openOrders().filter(({ instrument }) => instrument === nameOf(symbol));
  const words = own.map(({ side, quantity, filled, price, reduceOnly }): string => {
    const left = number(subtract(quantity, filled ?? zero));
    return `${reduceOnly ? 'reduce-only ' : ''}${side} ${left} @ ${number(price)}`;
  });
  return words.length === 0 ? 'none' : words.join(', ');
}

const openedAt = (symbol: string): Instant =>
  instant(`${incidentPositions.find((one) => one.symbol === symbol)!.openedAt.replace(' ', 'T')}Z`);

const hourMs = 3_600_000;

/** Hours with one digit, as the report has them. */
export const hoursOpen = (symbol: string, at: Instant): string => {
  const ms = millisecondsBetween(openedAt(symbol), at);
  return toText(roundHalfEven(divideHalfEven(fromInteger(ms), fromInteger(hourMs), 6), 1));
};

/** `2 h 16 min`. */
export function ageAt(symbol: string, at: Instant): string {
  const minutes = Math.floor(millisecondsBetween(openedAt(symbol), at) / 60_000);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** What closing it made, of all orders, by the exchange itself and the real client library. */
export async function closedPnlOf({ parts }: MismatchStage, symbol: string): Promise<Decimal> {
  const asked = { category: 'linear', symbol, limit: 100 };
  const told = await parts.client.call('privateGetV5PositionClosedPnl', asked);
  const rows = list(envelope(told).result['list'], 'list');
  return total(rows.map((row) => decimal(requiredText(row, 'closedPnl'))));
}

/** Fees that the exchange charged for it, since ever. */
export const feesAt = ({ exchange }: EmulatedExchange, symbol: string): Decimal =>
  exchange
    .fills()
    .filter(({ instrument }) => instrument === nameOf(symbol))
    .flatMap(({ fees }) => fees ?? [])
    .reduce((sum, { amount }) => add(sum, amount), zero);

/** The open break of a symbol. Throws where there is none: every step names those that it needs. */
export function breakOf(breaks: readonly Break[], symbol: string): Break {
  const found = breaks.find(({ lines }) => lines[0]!.key === nameOf(symbol));
  if (found === undefined) throw new NotThere(`the check found no break of ${symbol}`);
  return found;
}

/** To the minute. */
export const timeText = (at: Instant | null): string =>
  at === null ? 'unknown' : instantText(at).slice(0, 16).replace('T', ' ');

/** The row of a symbol, closed or not. */
export async function rowOf({ parts }: MismatchStage, symbol: string): Promise<StoredPosition> {
  for await (const row of parts.source.history()) if (row.symbol === symbol) return row;
  throw new NotThere(`the bot's database has no row of ${symbol}`);
}

/** As operators count. */
export const countsText = (counts: PositionCountsOfSource): string =>
  `${counts.stored} stored, ${counts.venue} exchange, ${counts.verified} verified, ` +
  `${counts.different} different, ${counts.phantom} phantom, ${counts.missing} missing, ` +
  `${counts.foreign} foreign`;
