/** What is compared, what is proven, and what is only unknown. */
import { describe } from 'vitest';
import { scenario } from './scenario.ts';

describe('both sides agree', () => {
  scenario(
    'C1 a book that agrees with its statement is true',
    `
    both     deposit USDT 10000
    both     fill AGI/USDT:USDT sell 4160 @ 0.0475 fee 0.1 USDT
    both     fill BTC/USDT buy 0.01 @ 60000 fee 0.6 USDT
    both     funding USDT -0.12 of AGI/USDT:USDT
    verdict  true
    entry    none
  `,
  );

  scenario(
    'C3 an average price agrees when ours, rounded half-even to their digits, is theirs',
    `
    both     fill AGI/USDT:USDT buy 3 @ 1
    both     fill AGI/USDT:USDT buy 3 @ 1.000005
    says     position AGI/USDT:USDT 6 @ 1.000002      # 1.0000025, the even neighbour
    verdict  true
  `,
  );

  scenario(
    'C3 an average price that rounds to another one differs',
    `
    both     fill AGI/USDT:USDT buy 3 @ 1
    both     fill AGI/USDT:USDT buy 3 @ 1.000005
    says     position AGI/USDT:USDT 6 @ 1.000003
    mark     AGI/USDT:USDT 2
    line     average-price AGI/USDT:USDT net 1.0000025 1.000003 0.0000005
    break    UNEXPLAINED unexplained OPEN gross 0.000003 net -0.000003   # 6 x 0.0000005
  `,
  );

  scenario(
    'C3 average prices are compared only where quantities agree and both are known',
    `
    both     fill AGI/USDT:USDT buy 3 @ 1
    says     position AGI/USDT:USDT 4 @ 2
    line     position AGI/USDT:USDT net 3 4 1
  `,
  );
});

describe('what a statement proves', () => {
  scenario(
    'C2 a complete section proves that what it does not list is not there',
    `
    both     deposit USDT 100
    book     fill AGI/USDT:USDT buy 5 @ 1
    without  executions
    line     position AGI/USDT:USDT net 5 0 -5
    verdict  break
  `,
  );

  scenario(
    'C2 C6 an incomplete section proves nothing about what it does not list',
    `
    both     deposit USDT 100
    book     fill AGI/USDT:USDT buy 5 @ 1
    without  executions
    partial  positions
    unknown  positions incomplete
    entry    none
    verdict  cannot-say
  `,
  );

  scenario(
    'C2 what an incomplete section does list is compared',
    `
    both     deposit USDT 100
    both     fill AGI/USDT:USDT buy 5 @ 1
    book     fill AGI/USDT:USDT buy 1 @ 1
    without  executions
    partial  positions
    line     position AGI/USDT:USDT net 6 5 -1
    verdict  break
  `,
  );

  scenario(
    'C6 a failed query is not a flat position',
    `
    both     fill AGI/USDT:USDT sell 5 @ 1
    says     position AGI/USDT:USDT gone
    partial  positions why timeout
    unknown  positions timeout
    verdict  cannot-say
    entry    none
  `,
  );

  scenario(
    'C6 a section that is missing is unknown where the book has something to be proven',
    `
    both     deposit USDT 100
    both     fill AGI/USDT:USDT buy 5 @ 1
    without  positions balances orders executions cash-flows
    unknown  balances not stated
    unknown  positions not stated
    verdict  cannot-say
  `,
  );

  scenario(
    'C6 a missing list of executions is no evidence, and nothing unknown',
    `
    both     deposit USDT 100
    without  positions orders executions cash-flows
    verdict  true
  `,
  );

  scenario(
    'C2 a complete section proves nothing outside its scope',
    `
    both     deposit USDT 100
    book     fill AGI/USDT:USDT buy 5 @ 1
    without  executions
    scope    positions linear:USDC
    unknown  positions linear:USDC outside its scope
    verdict  cannot-say
  `,
  );

  scenario(
    'C2 a scope names a kind, a settlement currency or an instrument',
    `
    both     deposit USDT 100
    book     fill AGI/USDT:USDT buy 5 @ 1
    without  executions
    scope    positions linear:USDT
    line     position AGI/USDT:USDT net 5 0 -5
  `,
  );

  scenario(
    'C4 a coin that a complete list leaves out is zero',
    `
    both     deposit USDT 100
    both     deposit BTC 1
    says     balance BTC gone
    line     balance BTC 1 0 -1
  `,
  );

  scenario(
    'C4 C6 a coin that an incomplete list leaves out is not zero',
    `
    both     deposit USDT 100
    both     deposit BTC 1
    says     balance BTC gone
    partial  balances
    unknown  balances incomplete
    verdict  cannot-say
  `,
  );

  scenario(
    'C4 shares that a list of money leaves out are not proven to be gone',
    `
    account  USD
    both     deposit USD 1000
    both     fill AAPL/USD buy 2 @ 100
    says     balance AAPL gone
    unknown  balances AAPL the balances do not say whether they hold shares
    verdict  cannot-say
  `,
  );

  scenario(
    'C4 a scope of spot proves shares too',
    `
    account  USD
    both     deposit USD 1000
    both     fill AAPL/USD buy 2 @ 100
    says     balance AAPL gone
    scope    balances spot
    line     balance AAPL 2 0 -2
  `,
  );

  scenario(
    'C4 spot is compared by balances: a list of positions says nothing of it',
    `
    both     deposit USDT 100000
    both     fill BTC/USDT buy 1 @ 60000
    verdict  true
    entry    none
  `,
  );

  scenario(
    'C2 hedge legs are compared each by itself',
    `
    account  USDT hedge
    both     fill AGI/USDT:USDT long buy 5 @ 1
    both     fill AGI/USDT:USDT short sell 5 @ 1
    says     position AGI/USDT:USDT short gone
    line     position AGI/USDT:USDT short -5 0 5
  `,
  );
});

describe('tolerance, age and what is not final', () => {
  scenario(
    'C7 the difference is theirs - ours, of a short too',
    `
    both     fill AGI/USDT:USDT sell 4160 @ 0.0475
    says     position AGI/USDT:USDT -3160
    line     position AGI/USDT:USDT net -4160 -3160 1000
  `,
  );

  scenario(
    'C8 a tolerance is counted in steps of the venue, and is 0 by default',
    `
    both     deposit USDT 100
    both     fill AGI/USDT:USDT buy 5 @ 1
    says     balance USDT 100.000001
    line     balance USDT 100 100.000001 0.000001
  `,
  );

  scenario(
    'C8 what is within tolerance is no break, and true',
    `
    both     deposit USDT 100
    both     fill AGI/USDT:USDT buy 5 @ 1
    says     balance USDT 100.000001
    says     position AGI/USDT:USDT 6
    settle   0 now 100 tolerance 1
    verdict  true
  `,
  );

  scenario(
    'C9 a young difference settles, and is not repaired',
    `
    both     deposit USDT 100 at 10
    venue    funding USDT -3 of AGI/USDT:USDT id f1 at 20
    settle   60 now 30
    break    FUNDING_MISSING proven SETTLING
    entry    none
    left     watch
    verdict  cannot-say
  `,
  );

  scenario(
    'C9 a statement older than the window stands by itself',
    `
    both     deposit USDT 100 at 10
    venue    funding USDT -3 of AGI/USDT:USDT id f1 at 20
    settle   60 now 90
    break    FUNDING_MISSING proven EXPLAINED
    entry    book f1
    then     true
  `,
  );

  scenario(
    'C10 a number of ours that is not final is no break where it differs',
    `
    book     fill AGI/USDT:USDT buy 5 @ 1 fee-unknown id e1
    venue    fill AGI/USDT:USDT buy 5 @ 1 fee 0.01 USDT id e1
    without  executions
    unknown  balances USDT a fee is not known
    verdict  cannot-say
    entry    none
  `,
  );

  scenario(
    'C10 a pending movement touches no balance',
    `
    both     deposit USDT 100
    both     deposit USDT 50 pending
    verdict  true
  `,
  );
});

describe('facts by identity', () => {
  scenario(
    'C11 listed and not booked is missing, booked and not listed is extra',
    `
    both     deposit USDT 100 id d1
    venue    deposit USDT 7 id d2
    book     deposit USDT 7 id d3 at 200
    without  balances
    line     cash-flow d2 deposit null 7 7
    line     cash-flow d3 deposit 7 null -7
  `,
  );

  scenario(
    'C11 nothing is extra where the list is not complete',
    `
    both     deposit USDT 100 id d1
    book     deposit USDT 7 id d3
    without  balances
    partial  cash-flows
    unknown  balances not stated
    unknown  cashFlows incomplete
  `,
  );

  scenario(
    'C11 times within a second are one time',
    `
    book     deposit USDT 100 id d1 at 10
    venue    deposit USDT 100 id d1 at 11
    verdict  true
  `,
  );

  scenario(
    'C11 a list that does not name the instrument means the same cash flow',
    `
    both     deposit USDT 100 id d1
    book     funding USDT -3 of AGI/USDT:USDT id f1
    venue    funding USDT -3 id f1 at 20
    verdict  true
  `,
  );

  scenario(
    'C11 a self-match has one id on both sides, and is two fills',
    `
    both     fill AGI/USDT:USDT buy 5 @ 1 id x
    both     fill AGI/USDT:USDT sell 5 @ 1 id x
    verdict  true
  `,
  );

  scenario(
    'C11 no list knows what came after its statement',
    `
    both     deposit USDT 100 id d1 at 10
    book     deposit USDT 7 id d9 at 50
    as-of    40
    verdict  true
  `,
  );

  scenario(
    'C11 what is listed and was busted or reversed here is told, and left to a person',
    `
    both     deposit USDT 100
    venue    fill AGI/USDT:USDT buy 5 @ 1 id e1
    withdrawn e1
    line     position AGI/USDT:USDT net 0 5 5
    break    FILL_MISSING likely EXPLAINED residual 0
    entry    none
    left     ask
  `,
  );

  scenario(
    'C11 what is at or before the opening is contained in it, and not missing',
    `
    opening  USDT 100 , AGI/USDT:USDT 5 @ 1
    venue    deposit USDT 105 id d1 at 1
    venue    fill AGI/USDT:USDT buy 5 @ 1 fee 5 USDT id e1 at 2
    both     interest USDT 1 at 50
    verdict  true
  `,
  );

  scenario(
    'C11 one identity listed with two contents proves neither',
    `
    both     deposit USDT 100 id d1 at 10
    venue    deposit USDT 101 id d1 at 10
    says     balance USDT 100
    unknown  cashFlows d1 listed twice with different content
    entry    none
    verdict  cannot-say
  `,
  );

  scenario(
    'C11 one identity listed twice alike is listed once',
    `
    both     deposit USDT 100 id d1 at 10
    venue    deposit USDT 100 id d1 at 10
    says     balance USDT 100
    verdict  true
  `,
  );
});
