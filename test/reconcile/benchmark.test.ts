/** The benchmark of causes: a small corpus, and what a large one brought to light. */
import { describe, expect, test } from 'vitest';
import { caseOf, plants } from '../../bench/causes/cases.ts';
import { cleanAccounts } from '../../bench/causes/clean.ts';
import { productOn } from '../../bench/causes/product.ts';
import { rowCaseOf } from '../../bench/causes/rows/cases.ts';
import { plantsOfRows } from '../../bench/causes/rows/plants.ts';
import { productOnRows } from '../../bench/causes/rows/tools.ts';
import { type Score, scoreOf } from '../../bench/causes/score.ts';
import type { Shown } from '../../bench/causes/told.ts';
import { plantsOfTotals, totalCaseOf } from '../../bench/causes/totals/cases.ts';
import { productOnTotals } from '../../bench/causes/totals/tools.ts';
import type { Scored, Verdict } from '../../bench/causes/verdict.ts';
import { checked, optionsAt } from './kit.ts';
import { ledgerOfStory, readStory, scenario, statementOf } from './scenario.ts';

/** The first cases of a class from this seed on. */
function scoresOf(name: string, shown: Shown, wanted: number, seed = 1): readonly Score[] {
  const scores: Score[] = [];
  for (let at = seed; scores.length < wanted && at < seed + 500; at++) {
    const one = caseOf(at, [name], shown);
    if (one === null) continue;
    scores.push(scoreOf(one, productOn(one.world, one.told.statement, one.live)));
  }
  return scores;
}

const right = { falseBreaks: 0, wrongProven: false };

const shownAs: readonly Shown[] = ['all', 'absent', 'cut'];

/** The first case of a class from a seed on, and what is said of it. */
function scoresOfAll<T extends Scored>(
  names: readonly string[],
  make: (seed: number, classes: readonly string[], shown: Shown) => T | null,
  judge: (one: T) => Verdict,
): readonly (readonly [string, Score])[] {
  return names.flatMap((name) =>
    shownAs.flatMap((shown) => {
      for (let seed = 1; seed < 200; seed++) {
        const one = make(seed, [name], shown);
        if (one !== null) return [[one.name, scoreOf(one, judge(one))] as const];
      }
      throw new Error(`no account has a place for ${name}`);
    }),
  );
}

describe('HY20 a small corpus', () => {
  test.each(Object.keys(plants))('HY20 %s, with all evidence', (name) => {
    const scores = scoresOf(name, 'all', 4);
    expect(scores).toHaveLength(4);
    for (const score of scores) {
      expect(score).toMatchObject({ ...right, found: true, namedRight: true });
      expect(score.repairExact).not.toBe(false);
    }
  });

  test.each(Object.keys(plants))('HY20 %s, without its evidence, is never proven', (name) => {
    for (const shown of ['absent', 'cut'] as const) {
      for (const score of scoresOf(name, shown, 3)) {
        expect(score).toMatchObject(right);
        expect(score.found).not.toBe(false);
      }
    }
  });

  test('HY20 where all is well there is no break', () => {
    expect(cleanAccounts(1, 3_000).falseBreaks).toBe(0);
  });
});

describe('HY20 what a bot stores', () => {
  const rows = scoresOfAll(Object.keys(plantsOfRows), rowCaseOf, productOnRows);
  const totals = scoresOfAll(Object.keys(plantsOfTotals), totalCaseOf, productOnTotals);

  test.each([...rows, ...totals])('HY20 seed %s', (_, score) => {
    expect(score).toMatchObject(right);
    for (const one of [score.found, score.namedRight, score.repairExact]) {
      expect(one).not.toBe(false);
    }
  });

  test('HY20 where all is well nothing is said of it', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const shown = shownAs[seed % 3]!;
      expect(productOnRows(rowCaseOf(seed, [], shown)!).breaks).toBe(0);
      expect(productOnTotals(totalCaseOf(seed, [], shown)!).breaks).toBe(0);
    }
  });
});

describe('HY17 contract sizes by id', () => {
  const [first, second] = [1, 2].map((n) => ({
    book: `book fill AGI/USDT:USDT buy ${n} @ 2 id e${n} at ${n * 10}`,
    venue: `venue fill AGI/USDT:USDT buy ${n}0 @ 2 id e${n} at ${n * 10}`,
  })) as [Told, Told];

  scenario(
    'HY17 every fill is a tenth of what it was',
    `
    both     deposit USDT 1000 at 5
    ${first.book}
    ${first.venue}
    ${second.book}
    ${second.venue}
    line     position AGI/USDT:USDT net 3 30 27
    break    MULTIPLIER_WRONG proven EXPLAINED residual 0
    entry    correct 3 approve
    entry    correct 2 approve
    then     true
  `,
  );

  scenario(
    'HY17 one alone may be a slip of the pen',
    `
    both     deposit USDT 1000 at 5
    ${first.book}
    ${first.venue}
    break    PRICE_OR_QUANTITY_WRONG proven EXPLAINED residual 0
  `,
  );

  scenario(
    'HY17 a payment of the contract that is told otherwise is no fill of it',
    `
    both     deposit USDT 1000 at 5
    ${first.book}
    ${first.venue}
    ${second.book}
    ${second.venue}
    book     funding USDT 3 of AGI/USDT:USDT id f1 at 30
    venue    funding USDT -3 of AGI/USDT:USDT id f1 at 30
    break    MULTIPLIER_WRONG proven EXPLAINED
  `,
  );

  scenario(
    'HY17 beside one that agrees it is no contract size',
    `
    both     deposit USDT 1000 at 5
    both     fill AGI/USDT:USDT buy 7 @ 2 id e9 at 40
    ${first.book}
    ${first.venue}
    ${second.book}
    ${second.venue}
    break    PRICE_OR_QUANTITY_WRONG proven EXPLAINED residual 0
  `,
  );
});

interface Told {
  readonly book: string;
  readonly venue: string;
}

scenario(
  'HY18 a stamp of another zone is no wrong opening',
  `
  opening  USDT 1000
  book     fill AGI/USDT:USDT buy 5 @ 2 id e1 at 7230
  venue    fill AGI/USDT:USDT buy 5 @ 2 id e1 at 30
  as-of    90
  says     balance USDT 1000
  line     position AGI/USDT:USDT net 0 5 5
  break    CLOCK_SKEW likely EXPLAINED residual 0
`,
);

test('VC6 a section that lags behind the fill that opened a position is no break', () => {
  // Nobody held the leg when all was well, so it was no line then: seeds 4 and 10 of the corpus.
  for (const seed of [4, 10]) {
    const one = caseOf(seed, ['positions of an earlier moment'], 'all')!;
    const verdict = productOn(one.world, one.told.statement, one.live);
    expect(verdict).toMatchObject({ breaks: 0, clean: false });
    expect([...verdict.named]).toEqual(['SNAPSHOT_TORN']);
  }
});

scenario(
  'HY19 without lists a transfer of just that amount may be on its way',
  `
  both     deposit USDT 100
  book     transfer USDT -5 with cold
  without  executions cash-flows
  line     balance USDT 95 100 5
  break    TRANSFER_IN_TRANSIT likely EXPLAINED residual 0
  entry    none
`,
);

describe('HY21 ideas on the whole book', () => {
  const candidatesOf = (table: string) => {
    const story = readStory(table);
    const statement = statementOf(story);
    const { breaks } = checked(ledgerOfStory(story), statement, optionsAt(statement.asOf));
    return breaks.map((one) => [one.lines[0]!.key, one.explanation.candidates ?? []] as const);
  };
  const named = (table: string, key: string) =>
    candidatesOf(table).flatMap(([line, ideas]) =>
      line === key ? ideas.map(({ reason }) => reason) : [],
    );
  // Bought 5 for a fee of 0.1: without that fill 0.1 more would be left.
  const bought = `
    both     deposit USDT 100
    both     fill AGI/USDT:USDT buy 2 @ 1 id a
    book     fill AGI/USDT:USDT buy 5 @ 1 fee 0.1 USDT id b
    without  executions cash-flows
    says     position AGI/USDT:USDT 2 @ 1`;

  test('HY21 a fill that does not belong leaves its fee as well', () => {
    expect(named(`${bought}\nsays balance USDT 100`, 'AGI/USDT:USDT')).toContain('FILL_MISAPPLIED');
    const other = named(`${bought}\nsays balance USDT 93`, 'AGI/USDT:USDT');
    expect(other).toContain('FILL_MISSING');
    expect(other).not.toContain('FILL_MISAPPLIED');
    expect(other).not.toContain('SNAPSHOT_STALE');
  });

  test('HY21 spot that was booked as a perpetual is seen across kinds of lines', () => {
    const table = `
      both     deposit USDT 1000
      both     fill BTC/USDT buy 1 @ 10 id a
      both     fill BTC/USDT:USDT buy 1 @ 10 id b
      book     fill BTC/USDT:USDT buy 3 @ 10 id c
      venue    fill BTC/USDT buy 3 @ 10 id c
      without  executions cash-flows`;
    expect(named(table, 'BTC/USDT:USDT')).toContain('SYMBOL_CONFUSED');
    expect(named(`${table}\nsays balance BTC 2`, 'BTC/USDT:USDT')).not.toContain('SYMBOL_CONFUSED');
  });
});
