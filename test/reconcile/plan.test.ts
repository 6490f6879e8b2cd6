/** Policy, plans and verdicts. */
import { describe, expect, test } from 'vitest';
import { decimal, toText } from '../../src/decimal/text.ts';
import type { Break } from '../../src/model/break.ts';
import type { Finding } from '../../src/reconcile/findings.ts';
import { policy } from '../../src/reconcile/policy.ts';
import type { Reconciled } from '../../src/reconcile/reconcile.ts';
import { alternativesOf, repair } from '../../src/reconcile/repair.ts';
import {
  exitCodeOf,
  isTolerated,
  stakeOf,
  verdictOf,
  worstVerdict,
} from '../../src/reconcile/verdict.ts';
import { applied, at, type Checking, checked, type Ledger, optionsAt } from './kit.ts';
import { ledgerOfStory, readStory, statementOf } from './scenario.ts';

interface Told {
  readonly ledger: Ledger;
  readonly result: Reconciled;
}

function told(table: string, checking: Checking = {}): Told {
  const story = readStory(table);
  const ledger = ledgerOfStory(story);
  const statement = statementOf(story);
  return { ledger, result: checked(ledger, statement, optionsAt(statement.asOf), checking) };
}

const duplicate = `
  both     deposit USDT 100 id a at 10
  book     deposit USDT 50 id b at 10
  both     deposit USDT 50 id c at 10
  both     interest USDT 0 at 20
`;

const unexplained = 'both deposit USDT 100 at 10\nsays balance USDT 93';

describe('P1 the policy', () => {
  test('P1 is a table whose last row always applies, and every row says why', () => {
    expect(policy.at(-1)?.decision).toBe('ask');
    for (const { when, because } of policy) expect([when, because]).not.toContain('');
  });

  test('P1 what takes back a booked fact needs approval, what books one does not', () => {
    const missing = told('both deposit USDT 1\nvenue funding USDT -1 id f1').result.plan;
    expect(missing.repairs).toMatchObject([{ needsApproval: false }]);
    const { plan } = told(duplicate).result;
    expect(plan.repairs).toMatchObject([
      { needsApproval: true, entries: [{ action: 'reverse', target: 2, fact: null }] },
    ]);
  });

  test('P1 what a line without a final number leaves open waits for the number', () => {
    const { plan } = told(`
      book     fill AGI/USDT:USDT buy 5 @ 1 fee-unknown id e1
      both     deposit USDT 5 id d1 at 20
      venue    fill AGI/USDT:USDT buy 5 @ 1 fee 0.01 USDT id e1
      venue    interest USDT 2 id i1 at 20
      without  executions
    `).result;
    expect(plan.repairs).toMatchObject([{ entries: [{ id: 'i1' }] }]);
  });
});

describe('P4 plans', () => {
  test('P4 a plan is one text for one book: its hash moves with entries and sequence', () => {
    const first = told(duplicate);
    const again = told(duplicate);
    expect(again.result.plan).toEqual(first.result.plan);
    expect(first.result.plan.hash).toMatch(/^[0-9a-f]{64}$/);
    const items = first.result.breaks.map((one) => ({
      one,
      current: first.result.current.get(one.id)!,
    }));
    const options = { account: 'main', sequence: 4, asOf: at(20), adjust: new Set<string>() };
    const plan = repair(items, options);
    expect(plan.hash).toBe(first.result.plan.hash);
    expect(repair(items, { ...options, sequence: 5 }).hash).not.toBe(plan.hash);
    expect(repair([], options).hash).not.toBe(plan.hash);
  });

  test('P7 ids of repairs are functions of the fact, not of when or where they are made', () => {
    const entries = told(duplicate).result.plan.repairs.flatMap((one) => one.entries);
    const moved = told(`both interest USDT 0 id z at 5\n${duplicate}`).result.plan;
    expect(moved.repairs.flatMap((one) => one.entries.map(({ id }) => id))).toEqual(
      entries.map(({ id }) => id),
    );
  });

  test('P4 a plan says what it does to every line, before and after', () => {
    const { plan } = told(`
      both     deposit USDT 100
      both     fill AGI/USDT:USDT sell 10 @ 2 id a
      venue    fill AGI/USDT:USDT buy 4 @ 1 fee 0.5 USDT id b
      without  balances
    `).result;
    const effects = plan.repairs[0]!.effects.map(({ key, before, after }) => [
      ...[key, toText(before.quantity), toText(after.quantity)],
    ]);
    expect(effects).toEqual([
      ['AGI/USDT:USDT', '-10', '-6'],
      ['USDT', '100', '103.5'], // 4 x (2 - 1) - 0.5
    ]);
  });

  test('P4 cases that share a line nobody stated are shown their own effects', () => {
    const { plan } = told(`
      both     deposit USDT 100
      venue    fill AGI/USDT:USDT buy 4 @ 1 fee 0.5 USDT id b
      venue    fill SCA/USDT:USDT buy 4 @ 1 fee 0.25 USDT id c
      without  balances
    `).result;
    const cash = plan.repairs.flatMap(({ effects }) =>
      effects.filter(({ key }) => key === 'USDT').map(({ after }) => toText(after.quantity)),
    );
    expect(cash.sort()).toEqual(['99.5', '99.75']);
  });
});

describe('P5 adjustments', () => {
  test('P5 are never planned unasked', () => {
    const { result } = told(unexplained);
    expect(result.plan.repairs).toEqual([]);
    const [one] = result.breaks;
    expect(alternativesOf(one!, at(20)).map(({ name }) => name)).toEqual(['adjust', 'accept']);
  });

  test('P5 P8 asked for, name their break, take all that is left and need approval', () => {
    const first = told(unexplained).result;
    const { id } = first.breaks[0]!;
    const { ledger, result } = told(unexplained, { known: first.breaks, adjust: new Set([id]) });
    expect(result.plan.repairs).toMatchObject([
      {
        needsApproval: true,
        entries: [{ action: 'adjust', fact: { kind: 'adjustment', reason: id, currency: 'USDT' } }],
      },
    ]);
    const after = applied(ledger, result.plan).ledger;
    const story = readStory(unexplained);
    const again = checked(after, statementOf(story), optionsAt(at(100)));
    expect(again.verdict).toBe('true');
    expect(applied(after, result.plan).appended).toBe(0);
  });

  test('P5 no decree makes a position right', () => {
    const table = `
      both deposit USDT 100
      both fill AGI/USDT:USDT buy 1 @ 1
      says position AGI/USDT:USDT 5
    `;
    const first = told(table).result;
    const { id } = first.breaks[0]!;
    const { plan } = told(table, { known: first.breaks, adjust: new Set([id]) }).result;
    expect(plan.repairs).toEqual([]);
    expect(alternativesOf(first.breaks[0]!, at(20)).map(({ name }) => name)).toEqual(['accept']);
  });
});

describe('V1 verdicts', () => {
  const one = told(unexplained).result.breaks[0]!;
  const inState = (state: Break['state']): Break => ({ ...one, state });

  test.each([
    ['OPEN', 'break'],
    ['EXPLAINED', 'break'],
    ['PROPOSED', 'break'],
    ['APPROVED', 'break'],
    ['REPAIRED', 'break'],
    ['REOPENED', 'break'],
    ['SNOOZED', 'break'],
    ['SETTLING', 'cannot-say'],
    ['ACCEPTED', 'true'],
    ['VERIFIED', 'true'],
    ['SELF_CLEARED', 'true'],
  ] as const)('V1 a break that is %s makes %s', (state, verdict) => {
    expect(verdictOf([inState(state)], 0, { strict: false })).toBe(verdict);
  });

  test('V1 unknown is never true, and a break outweighs it: exit 3 wins over 5', () => {
    expect(verdictOf([], 1, { strict: false })).toBe('cannot-say');
    expect(verdictOf([inState('ACCEPTED')], 0, { strict: true })).toBe('break');
    expect(verdictOf([inState('OPEN')], 1, { strict: false })).toBe('break');
    expect(worstVerdict(['true', 'cannot-say', 'break'])).toBe('break');
    expect(worstVerdict(['true', 'cannot-say'])).toBe('cannot-say');
    expect(worstVerdict(['true'])).toBe('true');
    expect(worstVerdict([])).toBe('cannot-say');
    expect((['true', 'break', 'cannot-say'] as const).map(exitCodeOf)).toEqual([0, 3, 5]);
  });

  test('V2 gross stands beside net, and what has no price is named, not zero', () => {
    const { result } = told(`
      both     deposit USDT 100
      both     deposit BTC 1
      says     balance USDT 90
      says     balance BTC 1.5
    `);
    expect(stakeOf(result.breaks, { strict: false })).toEqual({
      ...{ gross: null, net: null, known: decimal('10'), unvalued: ['BTC'] },
    });
    const priced = told(`
      mark     BTC/USDT 20 at 1
      both     deposit USDT 100
      both     deposit BTC 1
      says     balance USDT 90
      says     balance BTC 1.5
    `).result;
    const stake = stakeOf(priced.breaks, { strict: false });
    expect([toText(stake.gross!), toText(stake.net!)]).toEqual(['20', '0']); // 10 + 10, -10 + 10
  });

  test('V3 a sum that a script lets pass changes the exit code only, and never the unknown', () => {
    const stake = stakeOf([one], { strict: false });
    expect(isTolerated('break', stake, 0, decimal('7'))).toBe(true);
    expect(isTolerated('break', stake, 0, decimal('6.99'))).toBe(false);
    expect(isTolerated('break', stake, 1, decimal('7'))).toBe(false);
    expect(isTolerated('break', { ...stake, gross: null }, 0, decimal('7'))).toBe(false);
    expect(isTolerated('cannot-say', stake, 0, decimal('7'))).toBe(false);
    expect(isTolerated('break', stake, 0, null)).toBe(false);
  });
});

describe('K13 what the book finds wrong with itself', () => {
  const conflict: Finding = {
    ...{ kind: 'conflict', account: 'main', what: 'fill', id: 'e1', instrument: 'BTC/USDT' },
    ...{ leg: 'net', detail: 'buy', booked: 'price 1', reported: 'price 2' },
    ...{ reportedBy: 'venue', at: at(5), sequence: 3 },
  };
  const gap: Finding = {
    ...{ kind: 'hedge-gap', account: 'main', instrument: 'AGI/USDT:USDT', leg: 'long' },
    ...{ gap: decimal('-2'), at: at(6) },
  };
  const fee: Finding = {
    ...{ kind: 'unknown', account: 'main', section: 'fees', scope: 'e1', why: 'not known yet' },
    since: at(7),
  };

  test('K13 a conflict and a hedge gap are breaks, a fee not known is unknown', () => {
    const { result } = told('both deposit USDT 100', { findings: [conflict, gap] });
    expect(result.breaks.map(({ reason }) => reason).sort()).toEqual([
      ...['HISTORY_GAP', 'UNEXPLAINED'],
    ]);
    expect(result.verdict).toBe('break');
    const unknown = told('both deposit USDT 100', { findings: [fee] }).result;
    expect(unknown).toMatchObject({
      verdict: 'cannot-say',
      breaks: [],
      unknown: [{ scope: 'e1' }],
    });
  });

  test('K13 a finding that is gone closes its break, whatever the statement says', () => {
    const first = told('both deposit USDT 100', { findings: [conflict] }).result;
    const same = told('both deposit USDT 100', { findings: [conflict], known: first.breaks });
    expect(same.result.changes).toEqual([]);
    const gone = told('both deposit USDT 100', { known: first.breaks }).result;
    expect(gone.breaks).toMatchObject([{ state: 'SELF_CLEARED' }]);
  });
});
