/** A small market, what is done in it, and what comes of it. */
import { expect, test } from 'vitest';
import { toText } from '../../../src/decimal/text.ts';
import { Bench } from './paper-kit.ts';

export interface Case {
  readonly name: string;
  readonly run: (b: Bench) => void;
  readonly fills: readonly string[];
  /** Status and filled of orders, as `c1 open 2`. */
  readonly orders?: readonly string[];
}

export function cases(rules: string, table: readonly Case[]): void {
  for (const one of table) test(`${rules} ${one.name}`, () => check(one));
}

function check({ run, fills, orders }: Case): void {
  const b = new Bench();
  run(b);
  expect(b.fills()).toEqual(fills);
  if (orders === undefined) return;
  const states = b.exchange.orders().map((order) => {
    const { clientOrderId, status, filled } = order;
    return `${clientOrderId} ${status} ${toText(filled!)}`;
  });
  expect(states).toEqual(orders);
}
