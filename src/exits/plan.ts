/**
 * Aged positions and the orders that leave them. Pure: the same facts are the same plan, and a
 * plan that was carried out is empty when it is made again. Nothing here adds to a position or
 * turns it: every order reduces, and is sized from what is left at the venue.
 */
import { absolute, compare, isNegative, isPositive, isZero, zero } from '../decimal/decimal.ts';
import { toText } from '../decimal/text.ts';
import type { Side } from '../model/fact.ts';
import { instantText } from '../model/instant.ts';
import type { Instrument } from '../model/instrument.ts';
import type { StatementOrder } from '../model/statement.ts';
import { notionalOf, roundDown } from '../model/steps.ts';
import type { ExitFacts, ExitLine, ExitPlan, ExitStanding, HeldPosition } from './facts.ts';
import { exitStem, isExitOrderId, positionKey } from './order-name.ts';
import { arranged, ordersBeside, ownOrders, type WantedOrder } from './orders.ts';
import { type PhaseAt, phaseAt } from './rules.ts';
import { exitPrice, targetOf } from './target.ts';

export function planExits(facts: ExitFacts): ExitPlan {
  const { positions, orders, now } = facts;
  const lines = [...openOf(facts).map((open) => lineOf(facts, open)), ...absentOf(facts)];
  const whole = 'the venue gave no whole list of them';
  const unknown = [
    ...(positions === null ? [{ what: 'positions', why: whole }] : []),
    ...(orders === null ? [{ what: 'orders', why: whole }] : []),
    ...lines
      .filter(({ standing }) => standing === 'unknown' || standing === 'missing')
      .map((line) => ({ what: placeText(line), why: line.why })),
  ];
  return { now, lines: lines.sort(byPlace), unknown };
}

const openOf = ({ positions }: ExitFacts): readonly Open[] =>
  (positions ?? [])
    .filter(({ quantity }) => !isZero(quantity))
    .map((position) => ({ ...position, entry: position.averagePrice }));

/** As it is named among what is not known. */
export const placeText = ({ instrument, leg }: Place): string => `${instrument} ${leg}`;

export const hasWork = ({ lines }: ExitPlan): boolean =>
  lines.some(({ actions }) => actions.length > 0);

type Place = Pick<ExitLine, 'instrument' | 'leg'>;

function byPlace(a: Place, b: Place): number {
  const [x, y] = [`${a.instrument}|${a.leg}`, `${b.instrument}|${b.leg}`];
  return x < y ? -1 : x > y ? 1 : 0;
}

export const placeKey = ({ instrument, leg }: Place): string => `${instrument}|${leg}`;

/** The side that reduces it. */
const exitSide = (quantity: ExitLine['quantity']): Side => (isNegative(quantity) ? 'buy' : 'sell');

type Open = Place & Pick<ExitLine, 'quantity' | 'entry'>;

function lineOf(facts: ExitFacts, open: Open): ExitLine {
  const { instrument, leg, quantity } = open;
  const held = facts.held.find((one) => one.instrument === instrument && one.leg === leg) ?? null;
  const side = exitSide(quantity);
  const openedAt = held?.openedAt ?? null;
  const own = ownOrders(facts, open);
  const base: Omit<ExitLine, 'standing' | 'why'> = {
    ...{ instrument, leg, quantity, openedAt },
    booked: held?.quantity ?? null,
    position: openedAt === null ? null : positionKey(instrument, leg, openedAt),
    age: openedAt === null ? null : facts.now - openedAt,
    entry: open.entry ?? held?.averagePrice ?? null,
    price: exitPrice(facts.prices.get(instrument), side, facts.now, facts.rules),
    ...{ phase: null, loss: null, target: null, order: own[0] ?? null },
    beside: ordersBeside(facts, own, { instrument, leg, side }),
    actions: [],
  };
  const doubt = ageDoubt(facts, base, held);
  if (doubt?.standing === 'foreign') return { ...base, ...doubt, ...ordersAtForeign(facts, own) };
  if (doubt !== null) return { ...base, ...doubt };
  const at = phaseAt(base.age!, facts.rules);
  return aged(facts, { ...base, phase: at.phase, loss: at.loss }, at);
}

type Said = Pick<ExitLine, 'standing' | 'why'>;
type Drawn = Omit<ExitLine, keyof Said>;

const said = (standing: ExitStanding, why: string): Said => ({ standing, why });

/** Why nothing can be said of its age; null: it can. */
function ageDoubt({ now }: ExitFacts, line: Drawn, held: HeldPosition | null): Said | null {
  if (held === null || isZero(held.quantity)) {
    return said('foreign', 'the book holds none of it: somebody else opened it, or it is new');
  }
  if (held.isOurs === false) {
    return said('foreign', 'no order of the bot is known to have opened it');
  }
  if (held.isOurs === null) return said('unknown', 'nobody says whose order opened it');
  if (isNegative(held.quantity) !== isNegative(line.quantity)) {
    return said('unknown', `the book holds ${toText(held.quantity)}, the other side of it`);
  }
  if (line.openedAt === null) return said('unknown', 'the book does not know when it was opened');
  if (line.openedAt > now) {
    const times = `${instantText(line.openedAt)}, after ${instantText(now)}`;
    return said('unknown', `opened at ${times}: two clocks differ`);
  }
  return null;
}

function aged(facts: ExitFacts, line: Drawn, at: PhaseAt): ExitLine {
  const { instrument, leg, position } = line;
  if (at.phase === 'young') return standingAlone(facts, line, said('young', 'younger than aged'));
  if (facts.trailing.has(placeKey({ instrument, leg }))) {
    return standingAlone(facts, line, said('trailing', 'its trailing stop has precedence'));
  }
  const pause = facts.pauses.find((one) => one.position === position && facts.now < one.until);
  if (pause !== undefined) {
    return { ...line, ...said('paused', `until ${instantText(pause.until)}: ${pause.why}`) };
  }
  return ordered(facts, line, at);
}

/** An order that we made for a position before it would close what is not the bot's. */
function ordersAtForeign(facts: ExitFacts, own: readonly StatementOrder[]) {
  const ours = own.filter(({ clientOrderId }) => isExitOrderId(clientOrderId));
  const why = 'the position is not the one that it was made for';
  return { order: null, actions: arranged(ours, null, facts, why).actions };
}

/** None of our orders should rest. */
function standingAlone(facts: ExitFacts, line: Drawn, { standing, why }: Said): ExitLine {
  if (facts.orders === null) return { ...line, standing, why };
  const { actions } = arranged(ownOrders(facts, line), null, facts, why);
  return { ...line, order: null, standing, why, actions };
}

function ordered(facts: ExitFacts, line: Drawn, at: PhaseAt): ExitLine {
  const { tickSize, lotSize } = facts.instruments.get(line.instrument) ?? {};
  if (tickSize == null || lotSize == null) {
    return { ...line, ...said('unknown', 'the venue tells no steps of prices and quantities') };
  }
  if (line.entry === null) return { ...line, ...said('unknown', 'its entry price is not known') };
  const side = exitSide(line.quantity);
  const target = targetOf({ ...line, side, entry: line.entry, tick: tickSize, at }, facts.rules);
  if (target === null) return { ...line, ...said('unknown', 'there is no price of now') };
  if (facts.orders === null) {
    return { ...line, target, ...said('unknown', 'its open orders are not known') };
  }
  const quantity = roundDown(absolute(line.quantity), lotSize);
  const wanted: WantedOrder = {
    ...{ side, quantity, price: target.price, why: target.because },
    stem: exitStem(line.position!, stepOf(at, target.price === null)),
  };
  const dust = dustOf(facts, line, wanted);
  const own = ownOrders(facts, line);
  if (dust !== null) return { ...line, target, order: own[0] ?? null, ...said('dust', dust) };
  const { kept, actions } = arranged(own, wanted, facts, target.because);
  const standing = actions.length === 0 ? 'quoted' : 'due';
  return { ...line, target, order: kept, actions, ...said(standing, target.because) };
}

/** Why it is too little for an order; null: it is not. */
function dustOf(
  { instruments, rules }: ExitFacts,
  line: Drawn,
  { quantity, price }: WantedOrder,
): string | null {
  const instrument = instruments.get(line.instrument) as Instrument;
  if (!isPositive(quantity)) return `less than one lot, ${toText(instrument.lotSize!)}`;
  const at = price ?? line.price;
  if (rules.minimumNotional === null || at === null) return null;
  const notional = notionalOf(instrument, quantity, at);
  if (compare(notional, rules.minimumNotional) >= 0) return null;
  return `worth ${toText(notional)}, less than ${toText(rules.minimumNotional)}`;
}

const stepOf = ({ phase, hour }: PhaseAt, isMarket: boolean): string =>
  isMarket ? `m${hour}` : phase === 'grace' ? 'g' : `p${hour}`;

/** What the venue lists no position of, though the book or an order of ours is about one. */
function absentOf(facts: ExitFacts): readonly ExitLine[] {
  // A list that is not whole leaves out more than what is not there.
  if (facts.positions === null) return [];
  const open = new Set(openOf(facts).map(placeKey));
  const held = facts.held.filter(({ quantity, isOurs }) => !isZero(quantity) && isOurs !== false);
  const places = new Map<string, Place>();
  for (const { instrument, leg } of [...held, ...(facts.orders ?? [])]) {
    const place = { instrument, leg };
    if (!open.has(placeKey(place))) places.set(placeKey(place), place);
  }
  return [...places.values()].flatMap((place) => {
    const booked = held.find((one) => placeKey(one) === placeKey(place))?.quantity ?? null;
    return absentLine(facts, place, booked);
  });
}

function absentLine(
  facts: ExitFacts,
  place: Place,
  booked: ExitLine['booked'],
): readonly ExitLine[] {
  const own = ownOrders(facts, place);
  const line: Drawn = {
    ...place,
    ...{ quantity: zero, booked, position: null, openedAt: null, age: null, entry: null },
    ...{ price: null, phase: null, loss: null, target: null, order: own[0] ?? null, beside: 0 },
    actions: [],
  };
  if (booked !== null) {
    const why = `the book holds ${toText(booked)}, and the venue lists none of it`;
    return [{ ...line, ...said('missing', why) }];
  }
  return own.length === 0
    ? []
    : [standingAlone(facts, line, said('closed', 'nothing is left to close'))];
}
