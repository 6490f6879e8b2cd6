/**
 * Bars show four prices and no order among them, so the rules take the worse of what could have
 * been: a limit trades only where the bar went through its price, a taker pays the open and a
 * slippage, triggers come before limits, and all fills of a bar share a part of its volume.
 */
import { add, compare, type Decimal, multiply, one, subtract } from '../../../decimal/decimal.ts';
import { sizeUnits, unitsOf } from './grid.ts';
import { type Market, type Of, reaches } from './market.ts';
import { leftOf, type PaperOrder } from './order.ts';

export interface BarRules {
  /** Share of the price that a taker pays on top. */
  readonly slippage: Decimal;
  /** Share of a bar's volume that all fills of it get at most. */
  readonly volumeShare: Decimal;
}

export function matchBar(market: Market, bar: Of<'bar'>, rules: BarRules): void {
  const volume = multiply(bar.volume, rules.volumeShare);
  const share = { left: sizeUnits(volume, market.grid.sizeScale) };
  const waited = market.waiting;
  market.waiting = [];
  for (const order of waited) {
    if (order.stage === 'waiting') takeAt(market, order, bar.open, share, rules);
  }
  const touched = [
    ...market.triggers.touchedBy('last', bar.low, bar.high),
    ...(market.hasMarks ? [] : market.triggers.touchedBy('mark', bar.low, bar.high)),
  ];
  for (const order of touched) {
    order.stage = 'travelling';
    if (!market.host.funded(order)) market.leave(order, 'rejected');
    else if (order.price !== null || market.host.allowed(order, market.last) === 0) {
      market.activate(order);
    } else takeAt(market, order, triggeredAt(order, bar), share, rules);
  }
  restingThrough(market, bar, share);
}

/** The trigger, or the open where the bar began beyond it: whichever is worse for the order. */
function triggeredAt(order: PaperOrder, bar: Of<'bar'>): Decimal {
  const { price } = order.request.trigger!;
  const openIsWorse = compare(bar.open, price) * order.sign > 0;
  return openIsWorse ? bar.open : price;
}

interface Share {
  left: number;
}

function takeAt(
  market: Market,
  order: PaperOrder,
  at: Decimal,
  share: Share,
  { slippage }: BarRules,
): void {
  const worse = order.sign === 1 ? add(one, slippage) : subtract(one, slippage);
  const { priceScale, tick } = market.grid;
  const exact = unitsOf(multiply(at, worse), priceScale, order.sign === 1 ? 'up' : 'down');
  const price = (order.sign === 1 ? Math.ceil(exact / tick) : Math.floor(exact / tick)) * tick;
  const isReached = reaches(order, price) && share.left > 0 && price > 0;
  const levels = isReached ? [{ price, size: share.left }] : [];
  share.left -= market.execute(order, levels);
}

function restingThrough(market: Market, bar: Of<'bar'>, share: Share): void {
  const { priceScale } = market.grid;
  const low = unitsOf(bar.low, priceScale, 'up');
  const high = unitsOf(bar.high, priceScale, 'down');
  const through = [
    ...market.buys.orders.filter((order) => low < order.price!),
    ...market.sells.orders.filter((order) => high > order.price!),
  ].sort((a, b) => a.number - b.number);
  for (const order of through) {
    if (order.stage !== 'resting' || share.left === 0) continue;
    share.left -= market.made(order, Math.min(share.left, leftOf(order)));
  }
}
