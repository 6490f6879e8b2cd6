/** Causes that lie in one fact: missing, too much, or told otherwise. */
import {
  add,
  decimalOf,
  equals,
  isZero,
  multiply,
  negate,
  one,
  roundHalfEven,
} from '../../src/decimal/decimal.ts';
import { decimal } from '../../src/decimal/text.ts';
import type { CashKind, Fill, FillCause } from '../../src/model/fact.ts';
import { addMilliseconds } from '../../src/model/instant.ts';
import type { Reason } from '../../src/model/reason.ts';
import { holdingsOf } from './exchange.ts';
import {
  beforeLists,
  bookInstead,
  freeTime,
  isCash,
  isFill,
  isSound,
  known,
  type Plant,
  pickFact,
  typeOf,
} from './plant.ts';
import { equity, feeRates, fillOf, flowOf, randomFill, type World } from './world.ts';

const isContract = (world: World) => (fill: Fill) => typeOf(world, fill) !== 'spot';

const fillMissing: Plant = (world) => {
  const fill = pickFact(world, isFill);
  if (fill === null) return null;
  bookInstead(world, fill);
  return known('FILL_MISSING', [fill]);
};

/** By hand, or by another program: the order is none of the bot's. */
const manualTrade: Plant = (world) => {
  const index = `m${world.random.below(999)}`;
  const fill = { ...randomFill(world, index, freeTime(world)), orderId: 'by-hand' };
  world.truth.push(fill);
  world.used.add(fill);
  return known('FILL_MISSING', [fill]);
};

const forced =
  (cause: FillCause): Plant =>
  (world) => {
    const { legs } = holdingsOf(world.truth, world.opening, world.instruments, world.asOf);
    const open = [...legs.values()].filter(({ quantity }) => !isZero(quantity));
    if (open.length === 0) return null;
    const at = world.random.pick(open);
    const all = decimalOf(Math.abs(Number(at.quantity.coefficient)), at.quantity.scale);
    const half = roundHalfEven(multiply(all, decimal('0.5')), at.quantity.scale);
    const last = world.truth.findLast((one) => isFill(one) && one.instrument === at.instrument);
    const time = addMilliseconds(world.asOf, -world.random.between(2_000, 50_000));
    const side = at.quantity.coefficient < 0 ? 'buy' : 'sell';
    const quantity = world.random.chance(0.5) || isZero(half) ? all : half;
    const price = (last as Fill).price;
    const plain = fillOf(world, at.instrument, side, quantity, price, `f-${cause}`, time);
    const fill: Fill = { ...plain, cause, leg: at.leg, side, quantity, orderId: null };
    world.truth.push(fill);
    world.used.add(fill);
    return known('LIQUIDATION_MISSING', [fill]);
  };

/** The stream told it twice, under another id. */
const fillDuplicated: Plant = (world) => {
  const fill = pickFact(world, isFill, (one) => typeOf(world, one) === 'spot' || one.leg === 'net');
  if (fill === null) return null;
  const time = addMilliseconds(fill.time, world.random.between(0, 900));
  bookInstead(world, fill, fill, { ...fill, executionId: `${fill.executionId}-again`, time });
  return known('FILL_DUPLICATED', []);
};

/** A fill of another account. Nothing tells it from one that the venue took back. */
const misapplied: Plant = (world) => {
  const index = `a${world.random.below(999)}`;
  world.booked.push(randomFill(world, index, freeTime(world)));
  return { label: [['FILL_MISAPPLIED']], evidence: [], repairable: true };
};

/** Taken back by the venue, and its orders are not at hand. */
const bust: Plant = (world) => {
  const fill = pickFact(world, isFill);
  if (fill === null) return null;
  world.truth = world.truth.filter((one) => one !== fill);
  return { label: [['FILL_BUSTED', 'FILL_MISAPPLIED']], evidence: [], repairable: true };
};

const otherOf = (world: World, value: Fill['price']): Fill['price'] =>
  add(value, decimalOf(world.random.between(1, 9), value.scale));

const wrongPrice: Plant = (world) => {
  const fill = pickFact(world, isFill);
  if (fill === null) return null;
  bookInstead(world, fill, { ...fill, price: otherOf(world, fill.price) });
  return known('PRICE_OR_QUANTITY_WRONG', [fill]);
};

const wrongQuantity: Plant = (world) => {
  const fill = pickFact(world, isFill);
  if (fill === null) return null;
  bookInstead(world, fill, { ...fill, quantity: otherOf(world, fill.quantity) });
  return known('PRICE_OR_QUANTITY_WRONG', [fill]);
};

const hasFee = ({ fees }: Fill): boolean => fees !== null && fees.length === 1;

const wrongFeeAmount: Plant = (world) => {
  const fill = pickFact(world, isFill, hasFee);
  if (fill === null) return null;
  const [fee] = fill.fees!;
  const amount = world.random.chance(0.2)
    ? multiply(fee!.amount, decimal('2'))
    : otherOf(world, fee!.amount);
  bookInstead(world, fill, { ...fill, fees: [{ ...fee!, amount }] });
  return known('FEE_AMOUNT_WRONG', [fill]);
};

/** Booked in the coin that the trade was priced in, at the same number. */
const wrongFeeCurrency: Plant = (world) => {
  const fill = pickFact(world, isFill, hasFee);
  if (fill === null) return null;
  const [fee] = fill.fees!;
  const currency = fee!.currency === 'USDT' ? 'BNB' : 'USDT';
  bookInstead(world, fill, { ...fill, fees: [{ ...fee!, currency }] });
  return known('FEE_CURRENCY_WRONG', [fill]);
};

/** Charged in BNB; the bot booked its worth in USDT. */
const thirdAssetFee: Plant = (world) => {
  const fill = pickFact(world, isFill, (one) => one.fees?.[0]?.currency === 'BNB');
  if (fill === null) return null;
  const worth = multiply(fill.fees![0]!.amount, decimal('612.5'));
  bookInstead(world, fill, { ...fill, fees: [{ currency: 'USDT', amount: worth }] });
  return known('FEE_CURRENCY_WRONG', [fill]);
};

/** 60 bought, 59.88 received, and no fee was booked. */
const baseFee: Plant = (world) => {
  const isBuy = (one: Fill) => typeOf(world, one) === 'spot' && one.side === 'buy';
  const fill = pickFact(world, isFill, isBuy);
  if (fill === null) return null;
  const currency = world.instruments.get(fill.instrument)!.base;
  const amount = multiply(fill.quantity, world.random.pick(feeRates));
  const charged = { ...fill, fees: [{ currency, amount }] };
  world.truth = world.truth.map((one) => (one === fill ? charged : one));
  bookInstead(world, fill, { ...fill, fees: [] });
  world.used.add(charged);
  return known('FEE_CURRENCY_WRONG', [charged]);
};

const feeUnknown: Plant = (world) => {
  const fill = pickFact(world, isFill, hasFee);
  if (fill === null) return null;
  bookInstead(world, fill, { ...fill, fees: null });
  return { ...known('FEE_MISSING', [fill]), unfinal: true };
};

const wrongSide: Plant = (world) => {
  const fill = pickFact(world, isFill, ({ leg }) => leg === 'net');
  if (fill === null) return null;
  bookInstead(world, fill, { ...fill, side: fill.side === 'buy' ? 'sell' : 'buy' });
  return known('SIGN_WRONG', [fill]);
};

const wrongLeg: Plant = (world) => {
  const turned = (fill: Fill): Fill => ({ ...fill, leg: fill.leg === 'long' ? 'short' : 'long' });
  // What a leg does not hold it cannot give.
  const fits = (fill: Fill) => {
    const booked = world.booked.map((one) => (one === fill ? turned(fill) : one));
    return fill.leg !== 'net' && isSound({ ...world, booked });
  };
  const fill = pickFact(world, isFill, fits);
  if (fill === null) return null;
  bookInstead(world, fill, turned(fill));
  return known('FILL_MISAPPLIED', [fill]);
};

const spotTwins: Readonly<Record<string, string>> = {
  'BTC/USDT': 'BTC/USDT:USDT',
  'ETH/USDT': 'ETH/USDT:USDT',
  'BTC/USDT:USDT': 'BTC/USDT',
  'ETH/USDT:USDT': 'ETH/USDT',
};

const spotForPerpetual: Plant = (world) => {
  const fill = pickFact(world, isFill, (one) => one.leg === 'net' && one.instrument in spotTwins);
  if (fill === null) return null;
  bookInstead(world, fill, { ...fill, instrument: spotTwins[fill.instrument]! });
  return known('SYMBOL_CONFUSED', [fill]);
};

const thousands: Plant = (world) => {
  const isScaled = (one: Fill) => one.leg === 'net' && one.instrument === '1000SHIB/USDT:USDT';
  const fill = pickFact(world, isFill, isScaled);
  if (fill === null) return null;
  const quantity = multiply(fill.quantity, decimal('1000'));
  const price = multiply(fill.price, decimal('0.001'));
  bookInstead(world, fill, { ...fill, instrument: 'SHIB/USDT:USDT', quantity, price });
  return known('SYMBOL_CONFUSED', [fill]);
};

/** Every fill of one contract, in contracts of 10 or 100 where it should be in coins. */
const contractSize: Plant = (world) => {
  const { random, truth, booked } = world;
  const first = pickFact(world, isFill, isContract(world));
  if (first === null) return null;
  const all = truth.filter(
    (one): one is Fill => isFill(one) && one.instrument === first.instrument,
  );
  const others = all.filter((one) => one !== first);
  if (others.length === 0 || others.some((one) => world.used.has(one))) return null;
  if (!all.every((one) => booked.includes(one))) return null;
  const factor = decimal(random.pick(['0.1', '0.01', '10', '100']));
  for (const fill of all) {
    world.used.add(fill);
    bookInstead(world, fill, { ...fill, quantity: multiply(fill.quantity, factor) });
  }
  return known('MULTIPLIER_WRONG', all);
};

const flowMissing =
  (kinds: readonly CashKind[], reason: Reason): Plant =>
  (world) => {
    const kind = world.random.pick(kinds);
    const flow = flowOf(world, kind, `x${kind}`, freeTime(world));
    world.truth.push(flow);
    world.used.add(flow);
    return known(reason, [flow]);
  };

const signOfFlow: Plant = (world) => {
  const isSigned = (one: { kind: string }) =>
    ['funding', 'interest', 'transfer'].includes(one.kind);
  const flow = pickFact(world, isCash, isSigned);
  if (flow === null) return null;
  bookInstead(world, flow, { ...flow, amount: negate(flow.amount) });
  return known('SIGN_WRONG', [flow]);
};

const flowDuplicated: Plant = (world) => {
  const flow = pickFact(world, isCash);
  if (flow === null) return null;
  bookInstead(world, flow, flow, { ...flow, id: `${flow.id}-again` });
  return known('FILL_DUPLICATED', []);
};

/** A stamp in local time that was taken for UTC. */
const clockShift: Plant = (world) => {
  const last = world.truth.at(-1)!.time;
  const fact = pickFact(world, (one): one is Fill => isFill(one) && one.leg === 'net');
  if (fact === null) return null;
  const time = addMilliseconds(fact.time, world.random.between(1, 8) * 3_600_000);
  // The same order of facts, or it would be another account.
  const others = world.truth.filter((one) => isFill(one) && one.instrument === fact.instrument);
  if (others.some((one) => one.time > fact.time) || time <= last) return null;
  bookInstead(world, fact, { ...fact, time });
  return { label: [['CLOCK_SKEW']], evidence: [fact], repairable: false };
};

/** The units of a share were split; the venue's lists do not say so. */
const split: Plant = (world) => {
  const { coins } = holdingsOf(world.truth, world.opening, world.instruments, world.asOf);
  const held = coins.get(equity);
  const isTraded = world.names.some((name) => name.startsWith(`${equity}/`));
  if (held === undefined || isZero(held) || !isTraded) return null;
  const ratio = decimal(world.random.pick(['2', '3', '4', '5', '10', '0.5', '0.1']));
  const { says } = world;
  world.says = (told) => {
    const shown = says(told);
    const units = shown.coins.get(equity);
    if (units === undefined) return shown;
    return { ...shown, coins: new Map(shown.coins).set(equity, multiply(units, ratio)) };
  };
  if (equals(ratio, one)) return null;
  const label = [['CORPORATE_ACTION_MISSING']] as const;
  return { label, free: beforeLists, evidence: [], repairable: false };
};

export const plantsOfFacts: Readonly<Record<string, Plant>> = {
  'fill missing': fillMissing,
  'manual trade': manualTrade,
  liquidation: forced('liquidation'),
  deleveraging: forced('adl'),
  'fill duplicated': fillDuplicated,
  'cash flow duplicated': flowDuplicated,
  'fill of another account': misapplied,
  'bust, orders unknown': bust,
  'wrong price': wrongPrice,
  'wrong quantity': wrongQuantity,
  'wrong fee amount': wrongFeeAmount,
  'wrong fee currency': wrongFeeCurrency,
  'fee in a third coin': thirdAssetFee,
  'fee in the base coin': baseFee,
  'fee not known': feeUnknown,
  'sign of a fill': wrongSide,
  'sign of a cash flow': signOfFlow,
  'wrong leg': wrongLeg,
  'spot for perpetual': spotForPerpetual,
  '1000x symbol': thousands,
  'contract size': contractSize,
  'funding missing': flowMissing(['funding'], 'FUNDING_MISSING'),
  'interest missing': flowMissing(['interest'], 'INTEREST_MISSING'),
  'fee missing': flowMissing(['fee'], 'FEE_MISSING'),
  'transfer missing': flowMissing(['transfer', 'deposit', 'withdrawal'], 'TRANSFER_MISSING'),
  'dividend missing': flowMissing(['dividend'], 'CORPORATE_ACTION_MISSING'),
  'clock shift': clockShift,
  split,
};
