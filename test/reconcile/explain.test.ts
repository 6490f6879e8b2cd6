/** Causes by id: what is proven, what is not, and what is done about it. */
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/decimal/text.ts';
import { checked, optionsAt } from './kit.ts';
import { ledgerOfStory, readStory, scenario, statementOf } from './scenario.ts';

describe('missing facts', () => {
  scenario(
    'C12 K2 P8 one lost fill is a quantity, a cash and a fee line, and one break',
    `
    both     deposit USDT 1000
    both     deposit BNB 2
    both     fill AGI/USDT:USDT sell 4160 @ 0.05 id e1
    venue    fill AGI/USDT:USDT buy 1000 @ 0.0475 fee 0.001 BNB id e2
    mark     AGI/USDT:USDT 0.048
    mark     BNB/USDT 600
    line     position AGI/USDT:USDT net -4160 -3160 1000
    line     balance BNB 2 1.999 -0.001
    line     balance USDT 1000 1002.5 2.5        # (0.05 - 0.0475) x 1000
    break    FILL_MISSING proven EXPLAINED gross 51.1 net -0.1 residual 0 lines 3
    entry    book e2
    then     true
  `,
  );
  // gross: 1000 x 0.048 + 0.001 x 600 + 2.5 = 48 + 0.6 + 2.5
  // net: -0.6 + 2.5 and unrealised -3160 x (0.048 - 0.05) + 4160 x (0.048 - 0.05) = -2

  scenario(
    'C12 K2 a missing funding payment',
    `
    account  USD
    both     deposit USD 8204.45
    venue    funding USD -3.12 of BTC/USD:USD id f1
    line     balance USD 8204.45 8201.33 -3.12
    break    FUNDING_MISSING proven EXPLAINED gross 3.12 net -3.12 residual 0
    entry    book f1
    then     true
  `,
  );

  scenario(
    'K2 a forced fill is a liquidation',
    `
    both     fill AGI/USDT:USDT buy 10 @ 1 id e1
    venue    fill AGI/USDT:USDT sell 10 @ 0.5 cause liquidation id e2
    break    LIQUIDATION_MISSING proven EXPLAINED residual 0
    entry    book e2
    then     true
  `,
  );

  scenario(
    'K2 a late fee is booked with the fill it belongs to',
    `
    both     deposit USDT 10
    book     fill AGI/USDT:USDT buy 5 @ 1 fee-unknown id e1 at 20
    venue    fill AGI/USDT:USDT buy 5 @ 1 fee 0.01 USDT id e1 at 20
    break    FEE_MISSING proven EXPLAINED residual 0
    line     balance USDT 10 9.99 -0.01
    entry    book 2
    then     true
  `,
  );

  scenario(
    'K2 a pending deposit that has arrived is booked',
    `
    book     deposit USDT 10 pending id d1 at 10
    venue    deposit USDT 10 id d1 at 10
    break    TRANSFER_MISSING proven EXPLAINED residual 0
    then     true
  `,
  );

  scenario(
    'C12 facts that only together leave no trace are one case, and right together',
    `
    both     deposit USDT 10
    venue    deposit USDT 5 id d1
    venue    withdrawal USDT 5 id w1
    break    TRANSFER_MISSING proven EXPLAINED lines 2
    entry    book d1
    entry    book w1
    then     true
  `,
  );

  scenario(
    'P2 a missing fact that is not the whole is booked, and the rest stays open',
    `
    both     deposit USDT 10
    venue    funding USDT -1 of AGI/USDT:USDT id f1
    says     balance USDT 7
    line     balance USDT 10 7 -3
    break    UNEXPLAINED unexplained OPEN residual -2
    entry    book f1
    then     break
  `,
  );

  scenario(
    'P2 a missing fact that would leave a line worse waits for a person',
    `
    both     deposit USDT 10
    venue    deposit USDT 5 id d2
    says     balance USDT 10
    break    SNAPSHOT_TORN likely EXPLAINED residual 0      # it lists d2, and holds what was before
    entry    book d2 approve
  `,
  );
});

describe('facts that the book has, and the venue has not', () => {
  scenario(
    'K3 a fill counted twice: the screens show it with these figures',
    `
    account  USD
    mark     BTC/USD 61310
    both     deposit BTC 0.4876
    both     deposit USD 13929.0647
    book     fill BTC/USD buy 0.0124 @ 61250 fee 1.9747 USD id TQ7K-88231 at 50
    both     fill BTC/USD buy 0.0124 @ 61250 fee 1.9747 USD id 88231 at 50
    mark     BTC/USD 61310
    book     interest USD 0 id later at 90
    venue    interest USD 0 id later at 90
    line     balance BTC 0.5124 0.5 -0.0124
    line     balance USD 12406.1153 13167.59 761.4747
    break    FILL_DUPLICATED proven EXPLAINED gross 1521.7187 net 1.2307 residual 0 lines 2
    entry    reverse 3 approve
    then     true
  `,
  );
  // gross: 0.0124 x 61310 + 761.4747 = 760.244 + 761.4747; net: -760.244 + 761.4747

  scenario(
    'K3 a fill without a twin, absent from a complete list, was booked where it does not belong',
    `
    both     deposit USDT 100
    book     fill AGI/USDT:USDT buy 5 @ 1 fee 0.01 USDT id x
    both     interest USDT 0
    break    FILL_MISAPPLIED proven EXPLAINED residual 0
    entry    reverse 2 approve
    then     true
  `,
  );

  scenario(
    'K3 absence from an incomplete list proves nothing',
    `
    both     deposit USDT 100
    book     fill AGI/USDT:USDT buy 5 @ 1 id x
    partial  executions
    break    POSITION_PHANTOM likely EXPLAINED residual 0   # closed, liquidated, not yet opened ...
    unknown  executions incomplete
    left     ask
    entry    none
  `,
  );

  scenario(
    'K3 absence that leaves something over proves nothing',
    `
    both     deposit USDT 100
    book     fill AGI/USDT:USDT buy 5 @ 1 id x
    both     interest USDT 0
    says     position AGI/USDT:USDT 2
    break    UNEXPLAINED unexplained OPEN residual 2
    left     ask
    entry    none
  `,
  );

  scenario(
    'K3 two fills alike that the venue lists are two fills',
    `
    both     deposit USDT 100
    both     fill AGI/USDT:USDT buy 5 @ 1 id a at 50
    both     fill AGI/USDT:USDT buy 5 @ 1 id b at 50
    verdict  true
  `,
  );

  scenario(
    'K3 a funding payment counted twice',
    `
    both     deposit USDT 100
    both     funding USDT -1 of AGI/USDT:USDT id f1 at 50
    book     funding USDT -1 of AGI/USDT:USDT id g1 at 50
    both     interest USDT 0 at 90
    line     balance USDT 98 99 1
    break    FILL_DUPLICATED proven EXPLAINED residual 0
    entry    reverse 3 approve
    then     true
  `,
  );

  scenario(
    'K3 our own decrees and inferred fills are listed nowhere, and not extra',
    `
    both     deposit USDT 100
    book     adjustment USDT 1 id a1
    book     fill AGI/USDT:USDT buy 5 @ 1 id p1 provisional
    says     balance USDT 101
    says     position AGI/USDT:USDT 5 @ 1
    both     interest USDT 0 at 90
    verdict  true
  `,
  );

  scenario(
    'K3 a transfer that may still be on its way is not taken back',
    `
    both     deposit USDT 100
    book     transfer USDT 5 with cold id t1
    line     balance USDT 105 100 -5
    break    TRANSFER_IN_TRANSIT likely SETTLING residual 0
    left     watch
    entry    none
    verdict  cannot-say
  `,
  );

  scenario(
    'K3 a fill under two ids is one fact, told otherwise',
    `
    both     deposit USDT 100
    book     fill AGI/USDT:USDT buy 5 @ 1 id stream-7 at 50
    venue    fill AGI/USDT:USDT buy 5 @ 1 id 7 at 50
    both     interest USDT 0 at 90
    break    FILL_MISAPPLIED proven EXPLAINED residual 0 lines 2
    entry    reverse 2 approve
    entry    book 7 approve
    then     true
  `,
  );
});

describe('facts told differently', () => {
  scenario(
    'K4 a wrong price is corrected, and the correction names the entry',
    `
    both     deposit USDT 100
    both     fill AGI/USDT:USDT buy 5 @ 1 id a
    book     fill AGI/USDT:USDT sell 5 @ 2 id e1 at 60
    venue    fill AGI/USDT:USDT sell 5 @ 2.1 id e1 at 60
    line     balance USDT 105 105.5 0.5
    break    PRICE_OR_QUANTITY_WRONG proven EXPLAINED residual 0
    entry    correct 3 approve
    then     true
  `,
  );

  scenario(
    'K4 a fee with the wrong amount, currency or sign',
    `
    both     deposit USDT 100
    both     deposit BNB 1
    book     fill AGI/USDT:USDT buy 5 @ 1 fee 0.01 USDT id e1 at 60
    venue    fill AGI/USDT:USDT buy 5 @ 1 fee 0.001 BNB id e1 at 60
    line     balance BNB 1 0.999 -0.001
    line     balance USDT 99.99 100 0.01
    break    FEE_CURRENCY_WRONG proven EXPLAINED residual 0
    entry    correct 3 approve
    then     true
  `,
  );

  scenario(
    'K4 a rebate booked as a cost has the wrong sign',
    `
    both     deposit USDT 100
    book     fill AGI/USDT:USDT buy 5 @ 1 fee 0.01 USDT id e1 at 60
    venue    fill AGI/USDT:USDT buy 5 @ 1 fee -0.01 USDT id e1 at 60
    break    SIGN_WRONG proven EXPLAINED residual 0
    then     true
  `,
  );

  scenario(
    'K4 funding booked as received that was paid',
    `
    both     deposit USDT 100
    book     funding USDT 2 of AGI/USDT:USDT id f1 at 60
    venue    funding USDT -2 of AGI/USDT:USDT id f1 at 60
    line     balance USDT 102 98 -4
    break    SIGN_WRONG proven EXPLAINED residual 0
    entry    correct 2 approve
    then     true
  `,
  );

  scenario(
    'K4 a fill booked with the wrong side is reversed, and booked as it was',
    `
    both     deposit USDT 100
    book     fill AGI/USDT:USDT buy 5 @ 1 id e1 at 60
    venue    fill AGI/USDT:USDT sell 5 @ 1 id e1 at 60
    both     interest USDT 0 at 90
    line     position AGI/USDT:USDT net 5 -5 -10
    break    SIGN_WRONG proven EXPLAINED residual 0
    entry    reverse 2 approve
    entry    book e1 approve
    then     true
  `,
  );

  scenario(
    'K4 spot and contract of one pair are two instruments',
    `
    both     deposit USDT 1000
    book     fill SCA/USDT buy 5 @ 1 id e1 at 60
    venue    fill SCA/USDT:USDT buy 5 @ 1 id e1 at 60
    both     interest USDT 0 at 90
    break    SYMBOL_CONFUSED proven EXPLAINED residual 0 lines 3
    then     true
  `,
  );

  scenario(
    'K4 times that differ are seen, and why they do is only likely',
    `
    book     deposit USDT 100 id d1 at 10
    venue    deposit USDT 100 id d1 at 3610
    break    CLOCK_SKEW likely EXPLAINED
    left     ask
    entry    none
  `,
  );
});

describe('without evidence by id', () => {
  scenario(
    'K5 what nothing known by id accounts for is not explained, its residual all of it',
    `
    both     deposit USDT 100
    says     balance USDT 93
    without  executions cash-flows
    break    UNEXPLAINED unexplained OPEN residual -7
    left     ask
    entry    none
  `,
  );

  test('K5 an unexplained break says what data would decide it, and what is ruled out', () => {
    const story = readStory(`
      both     deposit USDT 100
      says     balance USDT 93
      without  executions
    `);
    const statement = statementOf(story);
    const [one] = checked(ledgerOfStory(story), statement, optionsAt(statement.asOf)).breaks;
    expect(one?.explanation.sentence).toBe(
      'No cause that is known leaves nothing over. What would decide it: the executions, of ' +
        'which the statement has no list and cash flows before 2024-01-01T00:00:00Z.',
    );
    expect(one?.explanation.ruledOut).toEqual([
      {
        reason: 'FUNDING_MISSING',
        residual: decimal('-7'),
        why:
          'book and venue list the same cash flows from 2024-01-01T00:00:00Z to ' +
          '2024-01-01T00:00:20Z',
      },
      expect.objectContaining({ reason: 'TRANSFER_MISSING' }),
    ]);
  });

  test('K2 an explained break names the fact, its effect and who said so', () => {
    const story = readStory(`
      both     deposit USDT 100
      venue    fill AGI/USDT:USDT sell 5 @ 2 id e1
    `);
    const statement = statementOf(story);
    const [one] = checked(ledgerOfStory(story), statement, optionsAt(statement.asOf)).breaks;
    expect(one?.explanation.sentence).toBe('A fill was not booked: sell 5 AGI/USDT:USDT @ 2 (e1).');
    expect(one?.explanation.evidence).toMatchObject([
      { what: 'execution', id: 'e1', source: 'venue', effect: decimal('-5'), sequence: null },
    ]);
  });
});
