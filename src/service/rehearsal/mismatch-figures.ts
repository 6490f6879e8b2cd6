/** Figures of the rehearsal as text: what is held, what rests, how old something is. */
import { absolute, subtract, zero } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import type { EmulatedExchange } from './exchange-port.ts';
import { nameOf } from './mismatch-market.ts';

/** Unsigned; `none` where it is flat. By the exchange's own accounts. */
export function heldAt({ exchange }: EmulatedExchange, symbol: string): string {
  const found = exchange.holdings().positions.find(({ instrument }) => instrument === nameOf(symbol));
  return found === undefined ? 'none' : toText(absolute(found.quantity));
}

/** `buy 3160 @ 0.04809 reduce-only`, one for each order that rests; `none`. */
export function restingAt({ exchange }: EmulatedExchange, symbol: string): string {
  const own = exchange.openOrders().filter(({ instrument }) => instrument === nameOf(symbol));
  const words = own.map(
    ({ side, quantity, filled, price, reduceOnly }): string =>
      `${side} ${toText(subtract(quantity, filled ?? zero))} @ ${price === null ? 'market' : toText(price)}` +
      (reduceOnly ? ' reduce-only' : ''),
  );
  return words.length === 0 ? 'none' : words.join(', ');
}
