/** Ideas about several lines at once: one cause that set them off, and what it rules out. */
import { describe, expect, test } from 'vitest';
import { checked, optionsAt } from './kit.ts';
import { ledgerOfStory, readStory, statementOf } from './scenario.ts';

const found = (table: string) => {
  const story = readStory(table);
  const statement = statementOf(story);
  return checked(ledgerOfStory(story), statement, optionsAt(statement.asOf)).breaks;
};

/** Of the break of that line. */
const ideasOn = (table: string, key: string, leg: string | null = null) =>
  found(table).flatMap(({ lines, explanation }) =>
    lines.some((line) => line.key === key && (leg === null || line.leg === leg))
      ? (explanation.candidates ?? []).map(({ reason }) => reason)
      : [],
  );

const agi = 'AGI/USDT:USDT';

/** Bought 5 for a fee of 0.1, which the venue knows nothing of: the leg and the coin are off. */
const extra = `
  both     deposit USDT 100
  both     fill ${agi} buy 2 @ 1 id a
  book     fill ${agi} buy 5 @ 1 fee 0.1 USDT id b
  both     funding USDT 1 of ${agi} id f
  without  executions cash-flows`;

describe('HY22 one cause of several lines', () => {
  test('HY22 what the leg tells is told of the coin as well, where no number could', () => {
    // A contract settles in the coin: what its fill does to it only the whole book knows.
    expect(ideasOn(extra, 'USDT')).toContain('FILL_MISAPPLIED');
    expect(ideasOn(extra, agi)).toContain('FILL_MISAPPLIED');
    // One execution that nobody told may have moved the leg, and the coin by any fee.
    expect(ideasOn(extra, agi)).toContain('FILL_MISSING');
  });

  const legs = `
    account  USDT hedge
    both     deposit USDT 1000
    both     fill ${agi} long buy 20 @ 2 id a
    both     fill ${agi} short sell 30 @ 2 id b
    book     fill ${agi} short buy 7 @ 2 id c
    venue    fill ${agi} long buy 7 @ 2 id c
    without  executions cash-flows`;

  test('HY22 HY25 two legs that one fill explains were not moved by two that nobody told', () => {
    expect(ideasOn(legs, agi, 'short')).toContain('FILL_MISAPPLIED');
    expect(ideasOn(legs, agi, 'long')).toContain('FILL_MISAPPLIED');
    expect(ideasOn(legs, agi, 'short')).not.toContain('FILL_MISSING');
    const [one] = found(legs);
    expect(one!.explanation.ruledOut.map(({ why }) => why)).toContain(
      `order: it leaves ${agi} short, which differs by one cause with it`,
    );
  });

  test('HY22 legs that are off by opposite sizes alone may each lack an execution', () => {
    // No fill of 7 is booked: numbers that mirror each other rule nothing out.
    const apart = `
      account  USDT hedge
      both     fill ${agi} long buy 20 @ 2 id a
      both     fill ${agi} short sell 30 @ 2 id b
      says     position ${agi} long 13
      says     position ${agi} short -23
      without  executions balances cash-flows`;
    const ideas = ideasOn(apart, agi, 'long');
    expect(ideas).toContain('FILL_MISAPPLIED');
    expect(ideas).toContain('FILL_MISSING');
  });
});

describe('HY23 what a list holds', () => {
  const two = `
    both     fill ${agi} buy 5 @ 1 id a at 10
    both     fill ${agi} sell 3 @ 1 id b at 20
    both     fill ${agi} buy 4 @ 1 id c at 30
    says     position ${agi} 1
    partial  executions`;

  test('HY23 the fill that fits is listed as it is booked, and is not suspected', () => {
    expect(ideasOn(two, agi)).toContain('FILL_MISSING');
    expect(ideasOn(two, agi)).not.toContain('FILL_MISAPPLIED');
    expect(ideasOn(two.replace('partial ', 'without '), agi)).toContain('FILL_MISAPPLIED');
  });

  test('HY23 a copy of it that no list holds was counted twice', () => {
    const twins = `
      both     fill ${agi} buy 5 @ 1 id a at 10
      book     fill ${agi} buy 5 @ 1 id a2 at 10
      both     fill ${agi} buy 1 @ 1 id c at 30
      partial  executions`;
    expect(ideasOn(twins, agi)).toContain('FILL_DUPLICATED');
  });
});

describe('HY24 moments', () => {
  /** The venue looked before the last fill of AGI; SCA traded before it, or after. */
  const late = (sca: number) => `
    both     deposit USDT 1000 at 1
    both     fill ${agi} buy 5 @ 1 id a at 10
    both     fill SCA/USDT:USDT buy 2 @ 1 id s at ${sca}
    both     fill ${agi} buy 4 @ 1 id b at 30
    says     position ${agi} 5
    as-of    60
    without  executions cash-flows`;

  test('HY24 all that moved since is as it was then: an old answer', () => {
    expect(ideasOn(late(20), agi)).toContain('SNAPSHOT_STALE');
  });

  test('HY24 what moved since and is as it is now makes it two moments', () => {
    const ideas = ideasOn(late(40), agi);
    expect(ideas).toContain('SNAPSHOT_TORN');
    expect(ideas).not.toContain('SNAPSHOT_STALE');
  });
});

describe('HY25 the whole book', () => {
  test('HY25 a stamp ahead opens a position that was never held here, and pays its fee', () => {
    const ahead = `
      opening  USDT 1000
      book     fill ${agi} buy 5 @ 2 fee 0.5 USDT id e1 at 7230
      venue    fill ${agi} buy 5 @ 2 fee 0.5 USDT id e1 at 30
      as-of    90
      says     balance USDT 999.5
      without  executions cash-flows`;
    expect(ideasOn(ahead, 'USDT')).toEqual(['CLOCK_SKEW']);
  });

  test('HY25 ten times as much is a contract size where every fill was counted so', () => {
    const tenfold = (balance: string) => `
      both     deposit USDT 1000
      book     fill ${agi} buy 4 @ 2 id a
      book     fill ${agi} sell 1 @ 3 id b
      says     position ${agi} 30
      says     balance USDT ${balance}
      without  executions cash-flows`;
    // Of 10 sold at 3 that were bought at 2, 10 is gained; of 1, 1.
    expect(ideasOn(tenfold('1010'), agi)).toContain('MULTIPLIER_WRONG');
    expect(ideasOn(tenfold('1007'), agi)).not.toContain('MULTIPLIER_WRONG');
  });
});
