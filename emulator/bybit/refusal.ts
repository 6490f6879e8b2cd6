/** Bybit's refusals: a code and words, in an answer of HTTP 200. */
import type { Category } from './names.ts';

export class BybitRefusal extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.name = 'BybitRefusal';
    this.code = code;
  }
}

export const badParameter = (what: string) => new BybitRefusal(10001, `params error: ${what}`);

type Told = readonly [contract: number, spot: number, words: string];

/** What the exchange refuses, in the venue's codes. */
const codes: Readonly<Record<string, Told>> = {
  'order-unknown': [110001, 170213, 'order not exists or too late to cancel'],
  'order-done': [110001, 170213, 'order not exists or too late to cancel'],
  'client-order-id-duplicate': [110072, 170141, 'OrderLinkedID is duplicate'],
  'insufficient-funds': [110007, 170131, 'ab not enough for new order'],
  'reduce-only-without-position': [
    110017,
    110017,
    'current position is zero, cannot fix reduce-only order qty',
  ],
  'notional-too-small': [110094, 170140, 'Order does not meet minimum order value'],
  'leg-not-in-mode': [10001, 10001, 'position idx not match position mode'],
};

export function refusalOf(code: string, why: string, category: Category): BybitRefusal {
  const told = codes[code];
  if (told === undefined) return badParameter(why);
  return new BybitRefusal(category === 'spot' ? told[1] : told[0], told[2]);
}
