/** Ideas in whole comparisons: what they may say of a case, and what they never do. */
import { describe, expect, test } from 'vitest';
import { toTextOrNull } from '../../src/decimal/text.ts';
import { casesOf } from '../../src/reconcile/cases.ts';
import { compare } from '../../src/reconcile/compare.ts';
import { explain } from '../../src/reconcile/explain.ts';
import { checked, optionsAt, sidesOf } from './kit.ts';
import { ledgerOfStory, readStory, scenario, statementOf } from './scenario.ts';

const told = (table: string) => {
  const story = readStory(table);
  const statement = statementOf(story);
  return checked(ledgerOfStory(story), statement, optionsAt(statement.asOf));
};

describe('HY6 ideas of cases', () => {
  test('HY6 several that fit are listed beside the reason of the first, and it is said', () => {
    const [one] = told(`
      both     fill AGI/USDT:USDT sell 4160 @ 0.05
      says     position AGI/USDT:USDT -3160
      without  executions
    `).breaks;
    expect(one).toMatchObject({ reason: 'FILL_MISSING', confidence: 'likely', state: 'EXPLAINED' });
    const { sentence, candidates, residual, residuals, evidence } = one!.explanation;
    expect(sentence).toMatch(/^Ambiguous: 3 causes leave nothing over, and nothing proves one/);
    expect(sentence).toContain('What would decide it: the executions, of which the statement has');
    expect(candidates?.map(({ reason }) => reason)).toEqual([
      ...['FILL_MISSING', 'LIQUIDATION_MISSING', 'LIQUIDATION_MISSING'],
    ]);
    // By hypothesis nothing is left; of the line itself nothing was booked.
    expect([residual, residuals[0]!.residual].map(toTextOrNull)).toEqual(['0', '1000']);
    expect(evidence).toEqual([]);
  });

  scenario(
    'HY6 an idea writes nothing: it has no entries, and a person decides',
    `
    both     deposit USDT 126
    both     fill HNT/USDT buy 60 @ 2.1
    says     balance HNT 59.88
    without  executions cash-flows
    break    FEE_CURRENCY_WRONG likely EXPLAINED residual 0
    entry    none
    left     ask
  `,
  );

  scenario(
    'HY6 the same with the venue’s execution: the fee is told by id, and proven',
    `
    both     deposit USDT 126
    book     fill HNT/USDT buy 60 @ 2.1 id b1 at 50
    venue    fill HNT/USDT buy 60 @ 2.1 fee 0.12 HNT id b1 at 50
    line     balance HNT 60 59.88 -0.12
    break    FEE_CURRENCY_WRONG proven EXPLAINED residual 0
    entry    correct 2 approve
    then     true
  `,
  );

  scenario(
    'HY6 a reversal that leaves something over is evidence of nothing, whatever fits the rest',
    `
    both     deposit USDT 100
    book     fill AGI/USDT:USDT buy 5 @ 1 id x
    both     interest USDT 0
    says     position AGI/USDT:USDT 2
    break    UNEXPLAINED unexplained OPEN residual 2
    left     ask
  `,
  );

  scenario(
    'HY6 a young difference is watched, not guessed at',
    `
    both     fill AGI/USDT:USDT sell 4160 @ 0.05 at 10
    says     position AGI/USDT:USDT -3160
    without  executions
    settle   60 now 30
    break    SETTLING unexplained SETTLING
    left     watch
  `,
  );

  test('HY6 an idea has to fit every line of the case', () => {
    // The order moved 4 of 10 contracts, and 6 of them came from nowhere.
    const { breaks } = told(`
      both     deposit USDT 100
      both     fill AGI/USDT:USDT buy 5 @ 1 id a
      venue    fill AGI/USDT:USDT sell 1 @ 1 fee 0.5 USDT id b
      says     balance USDT 90
      says     position AGI/USDT:USDT 4
    `);
    expect(breaks).toMatchObject([{ reason: 'UNEXPLAINED', confidence: 'unexplained' }]);
    expect(breaks[0]!.explanation.candidates).toEqual([]);
  });

  test('HY6 what is ruled out keeps its residual, and the nearest idea is named', () => {
    const [one] = told(`
      both     deposit USDT 126
      both     fill HNT/USDT buy 60 @ 2.1 id b1
      says     balance HNT 59.87
      without  executions cash-flows
    `).breaks;
    expect(one).toMatchObject({ reason: 'UNEXPLAINED', confidence: 'unexplained' });
    expect(one!.explanation.sentence).toContain('The best idea leaves -0.01: fee in the base coin');
    expect(
      one!.explanation.ruledOut.map(({ reason, residual }) => [reason, toTextOrNull(residual)]),
    ).toEqual([['FEE_CURRENCY_WRONG', '-0.01']]);
  });

  test('HY5 of an incomplete list the facts that it lacks are looked through', () => {
    const [one] = told(`
      both     fill AGI/USDT:USDT buy 5 @ 1 id a
      book     fill AGI/USDT:USDT buy 3 @ 1 id b
      book     fill AGI/USDT:USDT buy 2 @ 1 id c
      both     fill AGI/USDT:USDT buy 4 @ 1 id d
      says     position AGI/USDT:USDT 11
      partial  executions
    `).breaks;
    // 5 + 3 + 2 + 4 = 14, and 14 - 3 = 11: one of the two that the list lacks.
    expect(one).toMatchObject({ confidence: 'likely' });
    expect(one!.explanation.candidates!.map(({ name }) => name)).toContain('b');
    expect(one!.explanation.sentence).toContain('only the book has buy 3 AGI/USDT:USDT @ 1 (b)');
  });
});

describe('HY6 lines beside each other', () => {
  const table = (fill: string) => `
    both     deposit USDT 1000
    both     fill AGI/USDT:USDT buy 10 @ 1 id a
    both     fill SCA/USDT:USDT buy 1 @ 1 id b
    ${fill}
    says     position AGI/USDT:USDT 7 @ 1
    without  balances cash-flows
  `;
  const namesIn = (text: string) =>
    told(text).breaks.flatMap((one) => one.explanation.candidates?.map(({ name }) => name) ?? []);

  test('HY6 a line that is off by the opposite may have been taken for this one', () => {
    const off = table('says     position SCA/USDT:USDT 4 @ 1');
    expect(namesIn(`${off}\n    without executions`)).toContain('taken for SCA/USDT:USDT');
  });

  test('HY6 one that a listed fill explains was not', () => {
    const names = namesIn(table('venue    fill SCA/USDT:USDT buy 3 @ 1 id c'));
    expect(names.length).toBeGreaterThan(0);
    expect(names).not.toContain('taken for SCA/USDT:USDT');
  });
});

describe('HY12 orders that say more than their fills', () => {
  scenario(
    'HY12 what an order is filled by, and no list holds, is a missing fill of that quantity',
    `
    both     deposit USDT 100
    both     fill AGI/USDT:USDT sell 4160 @ 0.05 id a
    both     order o1 AGI/USDT:USDT buy 4160 @ 0.0478
    says     position AGI/USDT:USDT -3160
    venue    order o1 AGI/USDT:USDT buy 4160 @ 0.0478 filled 1000
    without  executions
    line     position AGI/USDT:USDT net -4160 -3160 1000
    line     order o1 filled 0 1000 1000
    break    FILL_MISSING likely EXPLAINED residual 0 lines 2
    entry    none
    left     ask
  `,
  );

  scenario(
    'HY12 the order alone does not carry a position that moved by more',
    `
    both     fill AGI/USDT:USDT sell 4160 @ 0.05 id a
    book     order o1 AGI/USDT:USDT buy 4160 @ 0.0478
    venue    order o1 AGI/USDT:USDT buy 4160 @ 0.0478 filled 900
    says     position AGI/USDT:USDT -3160
    without  executions
    break    FILL_MISSING likely EXPLAINED residual 0
  `,
  );

  scenario(
    'HY12 a position that agrees already holds it: then no fill is missing',
    `
    both     fill AGI/USDT:USDT buy 4 @ 1 id a
    book     order o1 AGI/USDT:USDT buy 10 @ 1
    venue    order o1 AGI/USDT:USDT buy 10 @ 1 filled 4
    without  executions
    break    UNEXPLAINED unexplained OPEN residual -4
  `,
  );

  scenario(
    'HY12 the listed fill of an order is proof, and nothing is left to the order',
    `
    both     deposit USDT 100
    book     order o1 AGI/USDT:USDT sell 10 @ 5
    venue    order o1 AGI/USDT:USDT sell 10 @ 5 filled 4
    venue    fill AGI/USDT:USDT sell 4 @ 5 id e1 order o1
    break    FILL_MISSING proven EXPLAINED residual 0
    then     true
  `,
  );

  scenario(
    'HY12 a complete list of the order’s whole life that lacks it: the venue contradicts itself',
    `
    both     deposit USDT 100
    book     order o1 AGI/USDT:USDT sell 10 @ 5
    venue    order o1 AGI/USDT:USDT sell 10 @ 5 filled 4
    break    VENUE_INCONSISTENT likely EXPLAINED
    entry    none
    left     ask
  `,
  );

  scenario(
    'HY12 a fill that is gone from the list and from its order was taken back',
    `
    book     order o1 AGI/USDT:USDT buy 9 @ 1 filled 5
    venue    order o1 AGI/USDT:USDT buy 9 @ 1 filled 2
    both     fill AGI/USDT:USDT buy 2 @ 1 id e1 order o1
    book     fill AGI/USDT:USDT buy 3 @ 1 id e2 order o1
    both     interest USDT 0 at 90
    break    FILL_BUSTED likely EXPLAINED residual 0
    entry    reverse 2 approve
  `,
  );
});

describe('HY13 statements older than what is known', () => {
  const older = `
    both     deposit USDT 100 at 10
    book     order o1 AGI/USDT:USDT sell 10 @ 5 at 50
    venue    interest USDT 0 id i at 30
    book     interest USDT 0 id i at 30
    as-of    40
  `;

  scenario('HY13 an order placed after the statement is no ghost', `${older}\n    verdict  true`);

  scenario(
    'HY13 an order that was over after the statement is not lost',
    `
    both     deposit USDT 100 at 10
    book     order o1 AGI/USDT:USDT sell 10 @ 5 status cancelled at 50
    venue    order o1 AGI/USDT:USDT sell 10 @ 5 at 20
    as-of    40
    verdict  true
  `,
  );

  const changed = (seconds: bigint) => {
    const story = readStory(`
      both     deposit USDT 100
      book     fill AGI/USDT:USDT sell 5 @ 2.1 id e1 at 20
      venue    fill AGI/USDT:USDT sell 5 @ 2 id e1 at 20
    `);
    const statement = statementOf(story);
    const items = story.items.map((item) => ({
      ...item,
      changedAt: statement.asOf + seconds * 1_000_000_000n,
    }));
    return checked({ ...ledgerOfStory(story), items }, statement, optionsAt(statement.asOf));
  };

  test('HY13 what was corrected before a statement that tells it otherwise is wrong', () => {
    const { breaks, plan } = changed(-1n);
    expect(breaks).toMatchObject([{ reason: 'PRICE_OR_QUANTITY_WRONG', confidence: 'proven' }]);
    expect(plan.repairs).toHaveLength(1);
  });

  test('HY13 a statement that is older than a correction takes none back', () => {
    const { breaks, plan } = changed(1n);
    expect(breaks).toMatchObject([{ reason: 'SNAPSHOT_STALE', confidence: 'likely' }]);
    expect(plan.repairs).toEqual([]);
  });

  scenario(
    'HY13 an order of ours without a match beside one there alike: neither is proven',
    `
    both     deposit USDT 100
    book     order c7 AGI/USDT:USDT sell 10 @ 5
    venue    order o9 AGI/USDT:USDT sell 10 @ 5
    venue    order o8 AGI/USDT:USDT sell 10 @ 6      # another price: another order
    break    ORDER_GHOST likely EXPLAINED
    break    ORDER_FOREIGN likely EXPLAINED
    break    ORDER_FOREIGN proven EXPLAINED
  `,
  );
});

describe('HY14 transfers on their way', () => {
  const transfer = (asOf: number, counter: string) => `
    both     deposit USDT 100 at 10
    book     transfer USDT 5 ${counter} id t1 at 100
    both     interest USDT 0 at ${asOf - 10}
    as-of    ${asOf}
  `;
  const hours = (count: number): number => 100 + count * 3600;

  scenario(
    'HY14 within two hours it is said, and no break',
    `${transfer(hours(2) - 1, 'with spot')}
    break    TRANSFER_IN_TRANSIT likely SETTLING residual 0
    left     watch
    verdict  cannot-say
  `,
  );

  scenario(
    'HY14 after two hours the venue’s list says that it did not arrive',
    `${transfer(hours(2), 'with spot')}
    break    FILL_MISAPPLIED proven EXPLAINED residual 0
    verdict  break
  `,
  );

  scenario(
    'HY14 without a counter account it may be on a chain, for a day',
    `${transfer(hours(24) - 1, '')}
    break    TRANSFER_IN_TRANSIT likely SETTLING residual 0
  `,
  );

  scenario(
    'HY14 beside another difference it explains nothing',
    `${transfer(hours(1), 'with spot')}
    says     balance USDT 90
    break    UNEXPLAINED unexplained OPEN
    verdict  break
  `,
  );
});

describe('HY16 what it costs', () => {
  const asked = (table: string) => {
    const story = readStory(table);
    const statement = statementOf(story);
    const { book, refold } = sidesOf(ledgerOfStory(story), statement.asOf);
    let times = 0;
    const history = () => {
      times += 1;
      return book.history!();
    };
    const counting = { ...book, history };
    const options = { ...optionsAt(statement.asOf), seen: new Map() };
    const comparison = compare(counting, statement, options);
    const cases = casesOf(comparison, counting);
    explain(cases, { book: counting, statement, options, comparison, refold });
    return [cases.length, times];
  };

  test('HY16 many lines that are left over read the history once', () => {
    const names = Array.from({ length: 20 }, (_, index) => `C${index}/USDT:USDT`);
    const fills = names.map((name) => `both fill ${name} buy 5 @ 1`);
    const says = names.map((name, index) => `says position ${name} ${index + 6}`);
    expect(asked([...fills, ...says, 'without executions'].join('\n'))).toEqual([20, 1]);
  });

  test('HY16 what ids explain needs none of it', () => {
    expect(asked('both deposit USDT 5\nvenue fill AGI/USDT:USDT buy 5 @ 1 id x')).toEqual([1, 0]);
  });
});
