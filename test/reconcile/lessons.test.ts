/** Reconcilers that failed, and what each of them teaches. */
import { describe } from 'vitest';
import { scenario } from './scenario.ts';

describe('K14 lessons of reconcilers that failed', () => {
  scenario(
    'K14 spot has no positions: a list without any invents no fills',
    `
    both     deposit USDT 100000
    both     fill BTC/USDT buy 1 @ 60000
    both     fill BTC/USDT sell 0.5 @ 61000
    entry    none
    verdict  true
  `,
  );

  scenario(
    'K14 a failed query closes nothing as flat',
    `
    both     deposit USDT 100
    both     fill AGI/USDT:USDT sell 4160 @ 0.0475
    both     fill SCA/USDT:USDT sell 2136.9 @ 0.094
    says     position AGI/USDT:USDT gone
    says     position SCA/USDT:USDT gone
    partial  positions why NetworkError
    verdict  cannot-say
    entry    none
  `,
  );

  scenario(
    'K14 a currency missing from an incomplete reply is not zero',
    `
    both     deposit USDT 100
    both     deposit BTC 1
    says     balance BTC gone
    partial  balances
    verdict  cannot-say
    entry    none
  `,
  );

  scenario(
    'K14 a fill that has not arrived yet is watched, not inferred',
    `
    both     deposit USDT 100 at 10
    says     position AGI/USDT:USDT 5 @ 1
    without  executions
    settle   60 now 12
    break    SETTLING unexplained SETTLING
    entry    none
    left     watch
  `,
  );

  scenario(
    'K14 two per cent off is a break like any other: nothing is taken over in silence',
    `
    both     deposit USDT 100
    both     fill BTC/USDT buy 1 @ 50
    says     balance BTC 0.98
    line     balance BTC 1 0.98 -0.02
    entry    none
    left     ask
    verdict  break
  `,
  );

  scenario(
    'K14 both legs of one symbol, and a leg that flips its side, are told apart',
    `
    account  USDT hedge
    both     deposit USDT 100
    both     fill AGI/USDT:USDT long buy 5 @ 1 id a
    book     fill AGI/USDT:USDT long buy 5 @ 1 id b at 50
    venue    fill AGI/USDT:USDT short sell 5 @ 1 id b at 50
    both     interest USDT 0 at 90
    line     position AGI/USDT:USDT long 10 5 -5
    line     position AGI/USDT:USDT short 0 -5 -5
    break    SIGN_WRONG proven EXPLAINED residual 0
    then     true
  `,
  );

  scenario(
    'K14 three partial exits that nobody heard of are booked with their prices, not as pnl 0',
    `
    both     deposit USDT 1000 at 1
    both     fill AGI/USDT:USDT sell 4160 @ 0.0475 id open
    venue    fill AGI/USDT:USDT buy 600 @ 0.047 fee 0.01 USDT id x1
    venue    fill AGI/USDT:USDT buy 400 @ 0.046 fee 0.01 USDT id x2
    line     position AGI/USDT:USDT net -4160 -3160 1000
    line     balance USDT 1000 1000.88 0.88     # 600 x 0.0005 + 400 x 0.0015 - 0.02
    break    FILL_MISSING proven EXPLAINED residual 0
    entry    book x1
    entry    book x2
    then     true
  `,
  );

  scenario(
    'K14 a position that closed at the venue is not closed here without its fills',
    `
    both     deposit USDT 1000
    both     fill SCA/USDT:USDT sell 2136.9 @ 0.094 id open
    says     position SCA/USDT:USDT gone
    says     balance USDT 1001
    without  executions cash-flows
    line     position SCA/USDT:USDT net -2136.9 0 2136.9
    line     balance USDT 1000 1001 1
    entry    none
    left     ask
    left     ask
  `,
  );

  scenario(
    'K14 a symbol scaled by a thousand is another symbol',
    `
    both     deposit USDT 1000
    book     fill SHIB/USDT:USDT buy 1000 @ 0.01 id s at 50
    venue    fill 1000SHIB/USDT:USDT buy 1 @ 10 id s at 50
    both     interest USDT 0 at 90
    break    SYMBOL_CONFUSED proven EXPLAINED residual 0
    entry    reverse 2 approve
    entry    book s approve
    then     true
  `,
  );

  scenario(
    'K14 a position closed by hand while the bot was off is a phantom, and is not sold once more',
    `
    both     deposit USDT 100
    both     fill AGI/USDT:USDT buy 5 @ 1
    says     position AGI/USDT:USDT gone
    without  executions cash-flows
    break    POSITION_PHANTOM likely EXPLAINED residual 0
    entry    none
    left     ask
  `,
  );

  scenario(
    'K14 the same with the venue’s list: closed with its price and its fee',
    `
    both     deposit USDT 100
    both     fill AGI/USDT:USDT buy 5 @ 1
    venue    fill AGI/USDT:USDT sell 5 @ 1.2 fee 0.01 USDT id m1
    line     position AGI/USDT:USDT net 5 0 -5
    line     balance USDT 100 100.99 0.99
    break    FILL_MISSING proven EXPLAINED residual 0
    entry    book m1
    then     true
  `,
  );

  scenario(
    'K14 a liquidation that nobody recorded is booked as one, with its loss',
    `
    both     deposit USDT 100
    both     fill AGI/USDT:USDT buy 50 @ 1
    venue    fill AGI/USDT:USDT sell 50 @ 0.2 fee 0.5 USDT cause liquidation id l1
    line     position AGI/USDT:USDT net 50 0 -50
    line     balance USDT 100 59.5 -40.5
    break    LIQUIDATION_MISSING proven EXPLAINED residual 0
    then     true
  `,
  );

  scenario(
    'K14 172.1 asked for and 24.4 filled: the position is short of 24.4, whatever was asked',
    `
    both     fill AGI/USDT:USDT buy 172.1 @ 1
    both     order x1 AGI/USDT:USDT sell 172.1 @ 2
    venue    order x1 AGI/USDT:USDT sell 172.1 @ 2 filled 24.4
    says     position AGI/USDT:USDT 147.7 @ 1
    without  executions
    line     position AGI/USDT:USDT net 172.1 147.7 -24.4
    line     order x1 filled 0 24.4 24.4
    break    FILL_MISSING likely EXPLAINED residual 0
    entry    none
  `,
  );

  scenario(
    'K14 a sum that was booked as one more fill: 39 + 48 = 87 where 48 is filled',
    `
    both     deposit USDT 100
    both     fill AGI/USDT:USDT buy 39 @ 1 id p1 at 50
    book     fill AGI/USDT:USDT buy 48 @ 1 id p2 at 60
    venue    fill AGI/USDT:USDT buy 9 @ 1 id p2 at 60
    both     interest USDT 0 at 90
    line     position AGI/USDT:USDT net 87 48 -39
    break    PRICE_OR_QUANTITY_WRONG proven EXPLAINED residual 0
    entry    correct 3 approve
    then     true
  `,
  );

  scenario(
    'K14 two positions funded at one instant are two payments',
    `
    both     deposit USDT 100
    both     funding USDT -1 of AGI/USDT:USDT id f1 at 50
    venue    funding USDT -1 of SCA/USDT:USDT id f2 at 50
    both     interest USDT 0 at 90
    line     balance USDT 99 98 -1
    break    FUNDING_MISSING proven EXPLAINED residual 0
    entry    book f2
    then     true
  `,
  );

  scenario(
    'K14 amounts ten times too large are a contract size, not a loss',
    `
    both     fill AGI/USDT:USDT buy 410 @ 1
    says     position AGI/USDT:USDT 41 @ 1
    without  executions
    break    MULTIPLIER_WRONG likely EXPLAINED residual 0
    entry    none
  `,
  );

  scenario(
    'K14 coins that were held before the bot came are not its own, and cover no loss of its own',
    `
    both     deposit USDT 100
    says     balance ETH 12
    says     balance USDT 90
    without  executions cash-flows
    line     balance USDT 100 90 -10
    break    UNEXPLAINED unexplained OPEN residual -10
  `,
  );

  scenario(
    'K14 orders and positions of one venue that disagree for a moment settle first',
    `
    both     deposit USDT 100 at 10
    book     order o1 AGI/USDT:USDT buy 5 @ 1 at 20
    venue    order o1 AGI/USDT:USDT buy 5 @ 1 filled 5 status filled at 30
    without  executions
    settle   60 now 41
    break    SETTLING unexplained SETTLING
    entry    none
    verdict  cannot-say
  `,
  );

  scenario(
    'K14 an order that failed and filled all the same: the fills count, not the state',
    `
    both     deposit USDT 100
    book     order o1 AGI/USDT:USDT buy 6 @ 1 status rejected
    venue    order o1 AGI/USDT:USDT buy 6 @ 1 filled 6 status filled
    both     fill AGI/USDT:USDT buy 5 @ 1 id e1 order o1
    venue    fill AGI/USDT:USDT buy 1 @ 1 id e2 order o1
    line     position AGI/USDT:USDT net 5 6 1
    line     order o1 filled 5 6 1
    line     order o1 status null null null
    break    FILL_MISSING proven EXPLAINED
    then     true
  `,
  );

  scenario(
    'K14 the wrong hedge leg is seen without any list',
    `
    account  USDT hedge
    both     deposit USDT 100
    both     fill AGI/USDT:USDT long buy 10 @ 1
    both     fill AGI/USDT:USDT short sell 3 @ 1
    says     position AGI/USDT:USDT long 5 @ 1
    says     position AGI/USDT:USDT short -8 @ 1
    without  executions
    break    SIGN_WRONG likely EXPLAINED residual 0 lines 2
    entry    none
  `,
  );
});
