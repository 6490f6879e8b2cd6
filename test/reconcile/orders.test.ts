/** Open orders: foreign, lost, ghosts, and what their reports never repair. */
import { describe } from 'vitest';
import { scenario } from './scenario.ts';

describe('orders', () => {
  scenario(
    'C5 an order is compared by its id: quantity, price, fills and status',
    `
    both     deposit USDT 100
    both     order o1 AGI/USDT:USDT sell 10 @ 5
    book     order o2 AGI/USDT:USDT sell 10 @ 5
    venue    order o2 AGI/USDT:USDT sell 9 @ 4 filled 1 status cancelled
    line     order o2 filled 0 1 1
    line     order o2 price 5 4 -1
    line     order o2 quantity 10 9 -1
    line     order o2 status null null null
  `,
  );

  scenario(
    'C5 accepted and open are one state, and an order of one id exists once per instrument',
    `
    both     deposit USDT 100
    book     order 7 AGI/USDT:USDT sell 10 @ 5 status new
    venue    order 7 AGI/USDT:USDT sell 10 @ 5
    both     order 7 SCA/USDT:USDT sell 3 @ 5
    verdict  true
  `,
  );

  scenario(
    'K6 an open order that no id of ours knows is foreign',
    `
    both     deposit USDT 100
    venue    order o9 AGI/USDT:USDT sell 10 @ 5
    line     order o9 null 10 10
    break    ORDER_FOREIGN proven EXPLAINED gross 0
    entry    book o9 2024-01-01T00:00:20Z
    then     true
  `,
  );

  scenario(
    'K6 an order open in the book and not in a complete list is a ghost',
    `
    both     deposit USDT 100
    book     order o9 AGI/USDT:USDT sell 10 @ 5
    line     order o9 10 null -10
    break    ORDER_GHOST proven EXPLAINED
    left     ask
    entry    none
  `,
  );

  scenario(
    'K6 an incomplete list of orders makes no ghosts',
    `
    both     deposit USDT 100
    book     order o9 AGI/USDT:USDT sell 10 @ 5
    partial  orders
    unknown  orders incomplete
    verdict  cannot-say
  `,
  );

  scenario(
    'K6 an order of ours, known by its client id alone, is lost and found',
    `
    both     deposit USDT 100
    book     order c7 AGI/USDT:USDT sell 10 @ 5 client c7 status unknown
    venue    order o9 AGI/USDT:USDT sell 10 @ 5 client c7
    break    ORDER_LOST proven EXPLAINED
    then     true
  `,
  );

  scenario(
    'K6 an order cancelled in the book and open at the venue is lost',
    `
    both     deposit USDT 100
    book     order o9 AGI/USDT:USDT sell 10 @ 5 status cancelled
    venue    order o9 AGI/USDT:USDT sell 10 @ 5
    break    ORDER_LOST proven EXPLAINED
    then     true
  `,
  );

  scenario(
    'K6 how much is filled follows from the fills: the missing one explains the order too',
    `
    both     deposit USDT 100
    book     order o1 AGI/USDT:USDT sell 10 @ 5
    venue    order o1 AGI/USDT:USDT sell 10 @ 5 filled 4
    venue    fill AGI/USDT:USDT sell 4 @ 5 id e1 order o1
    book     order o2 AGI/USDT:USDT buy 1 @ 2
    venue    order o2 AGI/USDT:USDT buy 1 @ 2.5
    break    FILL_MISSING proven EXPLAINED
    break    PRICE_OR_QUANTITY_WRONG proven EXPLAINED
    then     true
  `,
  );

  scenario(
    'K6 P3 a reported sum of fills is never booked in place of the fills',
    `
    both     deposit USDT 100
    book     order o1 AGI/USDT:USDT sell 10 @ 5
    venue    order o1 AGI/USDT:USDT sell 10 @ 5 filled 4
    says     position AGI/USDT:USDT -4
    without  executions
    line     position AGI/USDT:USDT net 0 -4 -4
    line     order o1 filled 0 4 4
    break    FILL_MISSING likely EXPLAINED residual 0 lines 2
    left     ask
    entry    none
  `,
  );
});
