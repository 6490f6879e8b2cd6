/** What the venue holds and the book never heard of: listed, and nobody's break. */
import { describe, expect, test } from 'vitest';
import { toText } from '../../src/decimal/text.ts';
import { addMilliseconds, instantText } from '../../src/model/instant.ts';
import { foreignHints } from '../../src/report/foreign.ts';
import { at, checked, optionsAt, section } from './kit.ts';
import { ledgerOfStory, readStory, scenario, statementOf } from './scenario.ts';

const sides = (table: string) => {
  const story = readStory(table);
  return { ledger: ledgerOfStory(story), statement: statementOf(story) };
};
const told = (table: string) => {
  const { ledger, statement } = sides(table);
  return checked(ledger, statement, optionsAt(statement.asOf));
};
const foreignIn = ({ comparison }: ReturnType<typeof told>) =>
  comparison!.foreign.map(({ what, key, theirs }) => `${what} ${key} ${toText(theirs!)}`);

describe('HY15 coins', () => {
  test('HY15 coins that no booked fact ever moved are unattributed: listed, and TRUE', () => {
    const result = told(`
      both     deposit USDT 100
      says     balance DOGE 40000
      says     balance SHIB 7
      without  executions cash-flows
    `);
    expect([result.verdict, result.breaks, result.unknown]).toEqual(['true', [], []]);
    expect(foreignIn(result)).toEqual(['balance DOGE 40000', 'balance SHIB 7']);
    expect(result.comparison!.counts).toMatchObject({ equal: 1, different: 0, unknown: 0 });
    expect(foreignHints(result)).toEqual([
      'main: 2 coins that no booked fact ever moved, foreign: DOGE 40000, SHIB 7',
    ]);
  });

  scenario(
    'HY15 a coin that the book once held is its own, also at zero',
    `
    both     deposit BTC 1
    both     withdrawal BTC 1
    says     balance BTC 2
    line     balance BTC 0 2 2
    verdict  break
  `,
  );

  scenario(
    'HY15 a listed fact of ours that touches it says that it is ours',
    `
    both     deposit USDT 100
    venue    deposit DOGE 40000 id d1
    break    TRANSFER_MISSING proven EXPLAINED residual 0
    then     true
  `,
  );

  scenario(
    'HY15 the reporting currency is never foreign',
    `
    account  USD
    both     deposit BTC 1
    says     balance USD 5
    without  executions cash-flows
    verdict  break
  `,
  );

  scenario(
    'HY15 the coin that a position of ours settles in is not, either',
    `
    account  USD
    both     fill AGI/USDT:USDT buy 1 @ 1
    says     balance USDT -3
    without  executions cash-flows
    line     balance USDT 0 -3 -3
    verdict  break
  `,
  );
});

describe('HY15 positions', () => {
  const never = `
    both     deposit USDT 100
    both     fill SCA/USDT:USDT buy 1 @ 1
    says     position AGI/USDT:USDT 5 @ 1
  `;

  test('HY15 in which the book never traded are foreign, beside a complete list', () => {
    const result = told(never);
    expect([result.verdict, foreignIn(result)]).toEqual(['true', ['position AGI/USDT:USDT 5']]);
    expect(result.comparison!.positions).toMatchObject({ stored: 1, venue: 2, foreign: 1 });
  });

  test('HY15 without a complete list they may be ours: CANNOT SAY, and still no break', () => {
    const result = told(`${never}\n    without  executions`);
    expect([result.verdict, result.breaks]).toEqual(['cannot-say', []]);
    expect(result.unknown).toMatchObject([
      {
        ...{ section: 'positions', scope: 'AGI/USDT:USDT' },
        why: 'never held here, and no complete list of executions says that it is not ours',
      },
    ]);
  });

  test.each([
    ['ends before the statement', -1, null, 'cannot-say'],
    ['ends at its instant', 0, null, 'true'],
    ['is of other contracts', 0, ['SCA/USDT:USDT'], 'cannot-say'],
    ['is of its kind', 0, ['linear:USDT'], 'true'],
  ] as const)('VC23 beside a list of executions that %s: %3$s', (_, seconds, scope, verdict) => {
    const { ledger, statement } = sides(never);
    const to = addMilliseconds(statement.asOf, seconds * 1_000);
    const executions = { ...statement.executions!, to, scope };
    const result = checked(ledger, { ...statement, executions }, optionsAt(statement.asOf));
    expect([result.verdict, result.breaks]).toEqual([verdict, []]);
    const why = result.unknown.map((one) => one.why);
    if (seconds < 0) {
      expect(why).toEqual([
        `never held here, and the list of executions ends at ${instantText(to)}: ` +
          'what opened it may be younger, and ours',
      ]);
    }
  });

  test.each([
    ['begins when the book began', 0, 'true'],
    ['begins a second later', 1_000, 'cannot-say'],
    ['does not say since when it goes', null, 'cannot-say'],
  ] as const)('VC32 beside a document whose list of executions %s: %3$s', (_, late, verdict) => {
    const { ledger, statement } = sides(never);
    const began = ledger.items[0]!.fact.time;
    const from = late === null ? null : addMilliseconds(began, late);
    const executions = { ...statement.executions!, from };
    const result = checked(ledger, { ...statement, executions }, optionsAt(statement.asOf));
    expect([result.verdict, result.breaks]).toEqual([verdict, []]);
  });

  test('VC32 a book that has not begun proves nothing foreign', () => {
    const { ledger, statement } = sides(never);
    const empty = { ...ledger, items: [], withdrawn: [] };
    const { items } = statement.positions!;
    const positions = section(items.filter(({ instrument }) => instrument.startsWith('AGI')));
    const executions = { ...statement.executions!, items: [] };
    const told = { ...statement, balances: null, cashFlows: null, positions, executions };
    expect(checked(empty, told, optionsAt(statement.asOf)).verdict).toBe('cannot-say');
  });

  scenario(
    'HY15 with an order of ours they are not foreign, but orphans',
    `
    both     order o1 AGI/USDT:USDT buy 9 @ 1
    says     position AGI/USDT:USDT 5
    without  executions
    break    POSITION_ORPHAN likely EXPLAINED
  `,
  );

  scenario(
    'HY15 with a listed execution they are ours, and counted as missing',
    `
    both     deposit USDT 100
    venue    fill AGI/USDT:USDT buy 5 @ 1 id e1
    break    FILL_MISSING proven EXPLAINED residual 0
    then     true
  `,
  );

  test('HY15 a young one may be a fill that is on its way: settling first, foreign after', () => {
    const { ledger, statement } = sides(never);
    const live = (seconds: number) => optionsAt(at(seconds), { settleMs: 60_000 });
    const first = checked(ledger, statement, live(41));
    expect(first.verdict).toBe('cannot-say');
    expect(first.breaks).toMatchObject([{ state: 'SETTLING' }]);
    const later = checked(ledger, statement, live(200), { known: first.breaks });
    expect([later.verdict, later.breaks.map(({ state }) => state)]).toEqual([
      'true',
      ['SELF_CLEARED'],
    ]);
  });

  test('HY15 an open break keeps its position, whatever is listed of it today', () => {
    const { ledger, statement } = sides(`
      both     deposit USDT 100
      venue    fill AGI/USDT:USDT buy 5 @ 1 id e1
    `);
    const first = checked(ledger, statement, optionsAt(statement.asOf));
    const silent = { ...statement, executions: section([], { from: at(0), to: at(1000) }) };
    const next = checked(ledger, silent, optionsAt(at(60)), { known: first.breaks });
    expect(next.verdict).toBe('break');
    expect(next.breaks).toMatchObject([{ id: first.breaks[0]!.id, state: 'EXPLAINED' }]);
    expect(next.breaks[0]!.confidence).toBe('likely');
  });

  test('HY15 taking a booked fill back proves nothing of what stays at the venue', () => {
    // Without the fill the book never held any: 2 would be foreign, and nothing left over.
    const { breaks } = told(`
      both     deposit USDT 100
      book     fill AGI/USDT:USDT buy 5 @ 1 id x
      both     interest USDT 0
      says     position AGI/USDT:USDT 2
    `);
    expect(breaks).toMatchObject([{ confidence: 'unexplained' }]);
  });
});
