/** From what should rest to what has to be done: one order of ours per position, and no other. */
import {
  absolute,
  add,
  compare,
  type Decimal,
  equals,
  isPositive,
  multiply,
  subtract,
} from '../decimal/decimal.ts';
import { toText } from '../decimal/text.ts';
import type { Leg, Side } from '../model/fact.ts';
import type { StatementOrder } from '../model/statement.ts';
import type { ExitAction, ExitFacts } from './facts.ts';
import { isExitOrderId } from './order-name.ts';
import type { ExitRules } from './rules.ts';

/** Ours by name, or left to us by name; whatever waits for a trigger is nobody's to touch. */
export function ownOrders(
  facts: ExitFacts,
  { instrument, leg }: { readonly instrument: string; readonly leg: Leg },
): readonly StatementOrder[] {
  return (facts.orders ?? []).filter(
    (order) =>
      order.instrument === instrument &&
      order.leg === leg &&
      (isExitOrderId(order.clientOrderId) || isAdopted(order, facts)),
  );
}

function isAdopted(order: StatementOrder, { rules, conditional }: ExitFacts): boolean {
  const { clientOrderId, orderId, type, price, reduceOnly } = order;
  const isExit = type === 'limit' && price !== null && reduceOnly && !conditional.has(orderId);
  return isExit && rules.adopts.some((begin) => clientOrderId?.startsWith(begin) === true);
}

/** Reduce-only limits of others that could close the position, too. */
export const ordersBeside = (
  facts: ExitFacts,
  own: readonly StatementOrder[],
  at: { readonly instrument: string; readonly leg: Leg; readonly side: Side },
): number =>
  (facts.orders ?? []).filter(
    (order) =>
      order.instrument === at.instrument &&
      order.leg === at.leg &&
      order.side === at.side &&
      order.reduceOnly &&
      order.price !== null &&
      !facts.conditional.has(order.orderId) &&
      !own.includes(order),
  ).length;

export interface WantedOrder {
  readonly side: Side;
  readonly quantity: Decimal;
  /** Null: at market. */
  readonly price: Decimal | null;
  readonly stem: string;
  readonly why: string;
}

export interface Arranged {
  readonly kept: StatementOrder | null;
  readonly actions: readonly ExitAction[];
}

/** `wanted` null: none of ours should rest. */
export function arranged(
  own: readonly StatementOrder[],
  wanted: WantedOrder | null,
  { rules, canAmend }: Pick<ExitFacts, 'rules' | 'canAmend'>,
  why: string,
): Arranged {
  const kept = wanted === null ? null : keeperOf(own, wanted);
  const cancels = own
    .filter((order) => order !== kept)
    .map((order): ExitAction => ({ do: 'cancel', order, why: kept === null ? why : 'surplus' }));
  if (wanted === null) return { kept, actions: cancels };
  if (kept === null) return { kept, actions: [...cancels, creating(wanted)] };
  const change = changeOf(kept, wanted, rules);
  if (change === null) return { kept, actions: cancels };
  if (canAmend && kept.filled !== null) return { kept, actions: [...cancels, change] };
  const cancel: ExitAction = { do: 'cancel', order: kept, why: change.why };
  return { kept: null, actions: [...cancels, cancel, creating(wanted)] };
}

const creating = ({ stem, side, quantity, price, why }: WantedOrder): ExitAction => ({
  ...{ do: 'create', stem, side, quantity, price, why },
});

/** Of the kind that is wanted: the nearest in price, the older name where they are equal. */
function keeperOf(own: readonly StatementOrder[], wanted: WantedOrder): StatementOrder | null {
  const { side, price } = wanted;
  const fitting = own.filter(
    (order) => order.side === side && (order.price === null) === (price === null),
  );
  const away = (order: StatementOrder) =>
    order.price === null || price === null ? null : absolute(subtract(order.price, price));
  const [best = null] = [...fitting].sort((a, b) => {
    const [x, y] = [away(a), away(b)];
    const nearer = x === null || y === null ? 0 : compare(x, y);
    return nearer !== 0 ? nearer : a.orderId < b.orderId ? -1 : 1;
  });
  return best;
}

/** Null: it rests as it should; a market order on its way is left to end. */
function changeOf(
  order: StatementOrder,
  wanted: WantedOrder,
  rules: ExitRules,
): Extract<ExitAction, { do: 'amend' }> | null {
  if (order.price === null || wanted.price === null) return null;
  const filled = order.filled ?? subtract(order.quantity, order.quantity);
  const isMoved = movedBeyond(order.price, wanted.price, rules);
  const isSized = equals(subtract(order.quantity, filled), wanted.quantity);
  if (!isMoved && isSized) return null;
  const words = [
    ...(isMoved ? [`price ${toText(order.price)} -> ${toText(wanted.price)}`] : []),
    ...(isSized
      ? []
      : [`left ${toText(subtract(order.quantity, filled))} -> ${toText(wanted.quantity)}`]),
  ];
  return {
    do: 'amend',
    order,
    price: isMoved ? wanted.price : null,
    // With what it has filled: a fill meanwhile takes from both, and the sum stays right.
    quantity: isSized ? null : add(filled, wanted.quantity),
    why: words.join(', '),
  };
}

/** By more than the threshold, of the price that rests. */
function movedBeyond(resting: Decimal, wanted: Decimal, { requoteAbove }: ExitRules): boolean {
  const moved = absolute(subtract(wanted, resting));
  return isPositive(moved) && compare(moved, multiply(resting, requoteAbove)) > 0;
}
