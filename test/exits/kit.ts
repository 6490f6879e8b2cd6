/** Facts of one position at a time, and the plan in words. */
import { decimal, toText } from '../../src/decimal/text.ts';
import type { ExitAction, ExitFacts, ExitLine, ExitPrices } from '../../src/exits/facts.ts';
import { planExits } from '../../src/exits/plan.ts';
import { type ExitRules, usualExitRules } from '../../src/exits/rules.ts';
import type { Leg, Side } from '../../src/model/fact.ts';
import { type Instant, instant } from '../../src/model/instant.ts';
import { type Instrument, instrumentFromName } from '../../src/model/instrument.ts';
import type { StatementOrder } from '../../src/model/statement.ts';

export const agi = 'AGI/USDT:USDT';
export const now = instant('2026-11-20T12:00:00Z');

/** `3h`, `6h30m`, `3h-1ns`: that long before now. */
export function before(age: string): Instant {
  const [, hours = '0', minutes = '0', less] = /^(\d+)h(?:(\d+)m)?(-1ns)?$/.exec(age) ?? [];
  const ns = (BigInt(hours) * 60n + BigInt(minutes)) * 60_000_000_000n;
  return now - ns + (less === undefined ? 0n : 1n);
}

export const stepped = (name: string, tick: string, lot: string): Instrument => ({
  ...instrumentFromName('bybit', name)!,
  tickSize: decimal(tick),
  lotSize: decimal(lot),
});

export interface Told {
  readonly quantity?: string;
  readonly entry?: string | null;
  readonly age?: string;
  readonly openedAt?: Instant | null;
  readonly leg?: Leg;
  /** The last price; `bid/ask` where it has one slash; null: none. */
  readonly price?: string | null;
  readonly pricesAt?: Instant;
  /** Signed, of the book; null: it holds none. */
  readonly booked?: string | null;
  readonly orders?: readonly StatementOrder[] | null;
  readonly tick?: string;
  readonly lot?: string;
  readonly rules?: Partial<ExitRules>;
  readonly facts?: Partial<ExitFacts>;
}

export function factsOf(told: Told): ExitFacts {
  const { quantity = '100', entry = '1', age = '3h', leg = 'net', price = '0.9' } = told;
  const { booked = quantity, orders = [], tick = '0.0001', lot = '1' } = told;
  const average = entry === null ? null : decimal(entry);
  const openedAt = told.openedAt === undefined ? before(age) : told.openedAt;
  const position = { instrument: agi, leg, quantity: decimal(quantity), averagePrice: average };
  const held = { ...position, quantity: decimal(booked ?? '0'), openedAt };
  return {
    now,
    positions: [{ ...position, markPrice: null, unrealisedPnl: null }],
    orders,
    conditional: new Set(),
    trailing: new Set(),
    held: booked === null ? [] : [held],
    prices: price === null ? new Map() : new Map([[agi, pricesOf(price, told.pricesAt)]]),
    instruments: new Map([[agi, stepped(agi, tick, lot)]]),
    pauses: [],
    canAmend: true,
    rules: { ...usualExitRules, ...told.rules },
    ...told.facts,
  };
}

function pricesOf(text: string, at: Instant = now): ExitPrices {
  const [bid, ask] = text.split('/');
  const none = { at, bid: null, ask: null, last: null, mark: null };
  if (ask === undefined) return { ...none, last: decimal(text) };
  return { ...none, bid: decimal(bid!), ask: decimal(ask) };
}

export const order = (
  clientOrderId: string | null,
  side: Side,
  quantity: string,
  price: string | null,
  of: Partial<StatementOrder> = {},
): StatementOrder => ({
  ...{ orderId: `id-${clientOrderId}`, clientOrderId, instrument: agi, leg: 'net', side },
  ...{ type: price === null ? 'market' : 'limit', quantity: decimal(quantity) },
  ...{ filled: decimal('0'), averagePrice: null, status: 'open', reduceOnly: true, time: null },
  price: price === null ? null : decimal(price),
  ...of,
});

/** `create sell 100 @ 1.001`, `cancel tux-a`, `amend tux-a @ 0.99 quantity 90`. */
export function words(action: ExitAction): string {
  if (action.do === 'cancel') return `cancel ${action.order.clientOrderId}`;
  const price = action.price === null ? null : toText(action.price);
  if (action.do === 'create') {
    return `create ${action.side} ${toText(action.quantity)} @ ${price ?? 'market'}`;
  }
  const quantity = action.quantity === null ? '' : ` quantity ${toText(action.quantity)}`;
  const at = price === null ? '' : ` @ ${price}`;
  return `amend ${action.order.clientOrderId}${at}${quantity}`;
}

export function lineOf(told: Told): ExitLine {
  const [line] = planExits(factsOf(told)).lines;
  if (line === undefined) throw new Error('the plan has no line');
  return line;
}

export const planned = (told: Told): readonly string[] => {
  const { standing, actions } = lineOf(told);
  return [standing, ...actions.map(words)];
};
