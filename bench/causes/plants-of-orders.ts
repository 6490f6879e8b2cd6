/** Causes in orders, in what an account began with, and in what a venue says of its totals. */
import { add, decimalOf, equals, roundHalfEven, subtract } from '../../src/decimal/decimal.ts';
import type { OrderReport } from '../../src/model/fact.ts';
import { addMilliseconds } from '../../src/model/instant.ts';
import type { StatementOrder } from '../../src/model/statement.ts';
import { beforeLists, isFill, type Plant, pickFact } from './plant.ts';
import { cashFact, randomFill, type World } from './world.ts';

function randomOrder(world: World, id: string): OrderReport {
  const time = addMilliseconds(world.asOf, -world.random.between(10_000, 900_000));
  const { instrument, leg, side, quantity, price } = randomFill(world, id, time);
  return {
    ...{ kind: 'order', account: 'main', instrument, leg, side, quantity, price, time },
    ...{ orderId: id, clientOrderId: `c-${id}`, type: 'limit', status: 'open' },
    ...{ filled: decimalOf(0, 0), averagePrice: null, reduceOnly: false },
  };
}

const toldBy = ({ account: _, kind: __, ...order }: OrderReport): StatementOrder => order;

const ghost: Plant = (world) => {
  world.bookOrders.push(randomOrder(world, 'ghost'));
  return { label: [['ORDER_GHOST']], evidence: [], repairable: false };
};

const late: Plant = (world) => {
  const order = randomOrder(world, 'late');
  world.bookOrders.push(order);
  world.venueOrders.push({ ...toldBy(order), status: 'cancelled', time: world.asOf });
  return { label: [['LATE_ARRIVAL']], evidence: [], repairable: false };
};

/** The answer to its submission was lost: the book has only its own id. */
const lost: Plant = (world) => {
  const order = randomOrder(world, 'lost');
  const own = { ...order, orderId: order.clientOrderId!, status: 'unknown' as const };
  world.bookOrders.push(own);
  world.venueOrders.push(toldBy(order));
  return { label: [['ORDER_LOST']], evidence: [], repairable: false };
};

const foreign: Plant = (world) => {
  const order = { ...randomOrder(world, 'foreign'), clientOrderId: null };
  world.venueOrders.push(toldBy(order));
  return { label: [['ORDER_FOREIGN']], evidence: [], repairable: false };
};

/** The venue told the order as filled by more than it does now. */
const bust: Plant = (world) => {
  const fill = pickFact(world, isFill);
  if (fill === null) return null;
  world.truth = world.truth.filter((one) => one !== fill);
  const { instrument, leg, side, quantity, price, orderId, time } = fill;
  const report: OrderReport = {
    ...{ kind: 'order', account: 'main', instrument, leg, side, price, time },
    quantity: add(quantity, quantity),
    ...{ orderId: orderId!, clientOrderId: null, type: 'limit', status: 'open', filled: quantity },
    ...{ averagePrice: null, reduceOnly: false },
  };
  world.bookOrders.push(report);
  world.venueOrders.push({ ...toldBy(report), filled: decimalOf(0, 0), time: world.asOf });
  return { label: [['FILL_BUSTED']], evidence: [], repairable: true };
};

/** What theirs adds up to is something else than what it holds: an opening looks just so. */
const openingWrong: Plant = (world) => {
  if (world.openingAt === null) return null;
  const coin = world.random.pick(['USDT', 'BTC', 'BNB']);
  const said = world.bookOpening.get(coin)!;
  const off = decimalOf(world.random.between(1, 99_999), 4);
  world.bookOpening = new Map(world.bookOpening).set(coin, subtract(said, off));
  const label = [['OPENING_BALANCE_WRONG']] as const;
  return { label, free: ['VENUE_INCONSISTENT'], evidence: [], repairable: false };
};

const toSteps = (places: number) => (world: World) => {
  const { says } = world;
  world.says = (told) => {
    const shown = says(told);
    const coins = [...shown.coins].map(([coin, amount]) => {
      return [coin, roundHalfEven(amount, places)] as const;
    });
    return { ...shown, coins: new Map(coins) };
  };
};

export const balanceDigits = 8;

/** Profits have 18 digits, and the venue shows eight. */
const dust: Plant = (world) => {
  toSteps(balanceDigits)(world);
  return { label: [['ROUNDING_ACCUMULATED']], free: beforeLists, evidence: [], repairable: false };
};

/** Sent, and not there yet. */
const inTransit: Plant = (world) => {
  const time = addMilliseconds(world.asOf, -world.random.between(5_000, 3_000_000));
  // What came before the lists is in none.
  if (time <= addMilliseconds(world.from, 2_000)) return null;
  const amount = decimalOf(-world.random.between(1, 99_999), 3);
  const counterAccount = world.random.chance(0.5) ? 'cold' : null;
  world.booked.push(cashFact('transfer', 'USDT', amount, 'transit', time, { counterAccount }));
  if (equals(amount, decimalOf(0, 0))) return null;
  const label = [['TRANSFER_IN_TRANSIT']] as const;
  return { label, evidence: [], repairable: false, passing: true };
};

export const plantsOfOrders: Readonly<Record<string, Plant>> = {
  'order ghost': ghost,
  'order ended, report late': late,
  'order lost': lost,
  'order foreign': foreign,
  'bust, orders known': bust,
  'opening wrong': openingWrong,
  'rounding dust': dust,
  'transfer in transit': inTransit,
};
