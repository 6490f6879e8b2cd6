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
});
