/** Where a second, a rounding or a missing half would make a wrong proof. */
import { expect, test } from 'vitest';
import { decimal } from '../../src/decimal/text.ts';
import { isFill } from '../../src/reconcile/gap.ts';
import { applied, at, checked, ledgerOf, optionsAt, section, settingsIn } from './kit.ts';
import { ledgerOfStory, readStory, scenario, statementOf } from './scenario.ts';

const sides = (table: string) => {
  const story = readStory(table);
  return { ledger: ledgerOfStory(story), statement: statementOf(story) };
};

test('C11 a fact in the last second of a range is not proven to be absent', () => {
  const { ledger, statement } = sides('both deposit USDT 100 id a at 10\nas-of 50');
  const [{ fact }] = ledger.items as [(typeof ledger.items)[number]];
  const verdictWith = (nanoseconds: bigint) => {
    const late = { ...fact, id: 'b', amount: decimal('0'), time: at(49) + nanoseconds };
    const more = { ...ledger, items: [...ledger.items, { sequence: 2, fact: late }] };
    return checked(more as typeof ledger, statement, optionsAt(at(100))).verdict;
  };
  expect(verdictWith(0n)).toBe('true');
  expect(verdictWith(-1n)).toBe('break');
});

test('C11 a section that says complete and error at once is not complete', () => {
  const { ledger, statement } = sides('both deposit USDT 100\nsays balance USDT gone');
  const torn = { ...statement, balances: section([], { error: 'HTTP 503' }) };
  const { verdict, unknown } = checked(ledger, torn, optionsAt(at(100)));
  expect([verdict, unknown.map(({ why }) => why)]).toEqual(['cannot-say', ['HTTP 503']]);
});

test('C6 a statement that is too old says nothing about now', () => {
  const { ledger, statement } = sides('both deposit USDT 100\nas-of 20');
  const options = (seconds: number) => optionsAt(at(seconds), { statementMaxAgeMs: 60_000 });
  expect(checked(ledger, statement, options(80)).verdict).toBe('true');
  expect(checked(ledger, statement, options(81))).toMatchObject({
    ...{ verdict: 'cannot-say', unknown: [{ section: 'statement', why: 'too old' }] },
  });
});

scenario(
  'K3 a twin may stand in the next second',
  `
  both     deposit USDT 100 id a at 50
  book     deposit USDT 100 id b at 51
  both     interest USDT 0 at 90
  break    FILL_DUPLICATED proven EXPLAINED
  then     true
`,
);

scenario(
  'K3 one listed fact stands for one booked under another id; further copies are duplicates',
  `
  book     deposit USDT 100 id a at 50
  book     deposit USDT 100 id b at 50
  venue    deposit USDT 100 id c at 50
  both     interest USDT 0 at 90
  break    FILL_MISAPPLIED proven EXPLAINED residual 0
  entry    reverse 1 approve
  entry    reverse 2 approve
  entry    book c approve
  then     true
`,
);

test('K3 one missing fact is the other half of one extra fact only', () => {
  const { ledger, statement } = sides(`
    book     deposit USDT 100 id a at 50
    book     deposit USDT 100 id b at 50
    venue    deposit USDT 100 id c at 50
  `);
  const [one] = checked(ledger, statement, optionsAt(at(500))).breaks;
  expect(one?.explanation.sentence).toBe(
    'A fact was booked under an id that the venue does not know: deposit 100 USDT (a) is ' +
      'deposit 100 USDT (c). A cash flow was counted twice: deposit 100 USDT (b).',
  );
});

test('K3 C13 which of two alike stands for the other does not depend on the list', () => {
  const { ledger, statement } = sides(`
    book     deposit USDT 100 id a at 50
    venue    deposit USDT 100 id c at 50
    venue    deposit USDT 100 id d at 50
  `);
  const { cashFlows } = statement;
  const turned = { ...cashFlows!, items: cashFlows!.items.toReversed() };
  const sentences = [statement, { ...statement, cashFlows: turned }].map(
    (one) => checked(ledger, one, optionsAt(at(500))).breaks[0]?.explanation.sentence,
  );
  expect(sentences[0]).toContain('deposit 100 USDT (a) is deposit 100 USDT (c)');
  expect(sentences[1]).toBe(sentences[0]);
});

scenario(
  'K4 a correction that leaves the time wrong is no proof',
  `
  both     deposit USDT 100
  both     fill AGI/USDT:USDT buy 5 @ 1 id a
  book     fill AGI/USDT:USDT sell 5 @ 2 id e1 at 60
  venue    fill AGI/USDT:USDT sell 5 @ 2.1 id e1 at 3660
  break    UNEXPLAINED unexplained OPEN residual 0
  entry    none
  left     ask
`,
);

scenario(
  'K5 an average price that only shows once quantities agree counts too',
  `
  both     fill AGI/USDT:USDT buy 5 @ 1 id a
  venue    fill AGI/USDT:USDT buy 5 @ 2 id b
  says     position AGI/USDT:USDT 10 @ 1.7
  line     position AGI/USDT:USDT net 5 10 5
  break    UNEXPLAINED unexplained OPEN residual 0.2
  entry    book b
`,
);

scenario(
  'K6 the fill that completes an order explains why it is not open any more',
  `
  both     deposit USDT 100
  book     order o1 AGI/USDT:USDT sell 10 @ 5
  venue    fill AGI/USDT:USDT sell 10 @ 5 id e1 order o1
  break    FILL_MISSING proven EXPLAINED residual 0
  entry    book e1
  then     true
`,
);

test('K9 one line that nobody stated keeps the whole break open', () => {
  const table = 'both deposit USDT 100 at 10\nbook deposit BTC 1 id x at 20';
  const { ledger, statement } = sides(`${table}\nsays balance USDT 97`);
  const first = checked(ledger, { ...statement, cashFlows: null }, optionsAt(at(100)));
  const both = { ...first.breaks[0]!, lines: first.breaks.flatMap(({ lines }) => lines) };
  const known = [{ ...both, id: 'BRK-000000' }];
  const equal = sides('both deposit USDT 100 at 10\nas-of 30').statement;
  const partial = {
    ...equal,
    balances: { ...equal.balances!, complete: false },
    cashFlows: null,
  };
  const next = checked(ledger, partial, optionsAt(at(110)), { known });
  expect(next.breaks.map(({ state }) => state)).toEqual(['OPEN']);
});

test('K10 a young difference on a line that was closed is a break of its own', () => {
  const { ledger, statement } = sides('both deposit USDT 100 at 10\nsays balance USDT 97');
  const equal = sides('both deposit USDT 100 at 10').statement;
  const first = checked(ledger, statement, optionsAt(at(100)));
  const gone = checked(ledger, equal, optionsAt(at(110)), { known: first.breaks });
  const young = checked(
    { ...ledger, sequence: 9 },
    { ...statement, asOf: at(1000) },
    optionsAt(at(1001), { settleMs: 60_000 }),
    { known: gone.breaks },
  );
  expect(young.breaks.map(({ state }) => state).sort()).toEqual(['SELF_CLEARED', 'SETTLING']);
});

test('V2 a stale price values nothing', () => {
  const { ledger, statement } = sides(`
    mark     BTC/USDT 20 at 1
    both     deposit BTC 1 at 10
    says     balance BTC 2
    as-of    100
  `);
  const grossAt = (markMaxAgeMs: number) =>
    checked(ledger, statement, optionsAt(at(200), { markMaxAgeMs })).breaks[0]?.gross;
  expect(grossAt(99_000)).toEqual(decimal('20'));
  expect(grossAt(98_999)).toBeNull();
});

scenario(
  'V2 without entry prices the notional is known, and what equity is off by is not',
  `
  mark     AGI/USDT:USDT 2
  both     deposit USDT 100
  both     fill AGI/USDT:USDT buy 5 @ 1
  says     position AGI/USDT:USDT 8
  break    HISTORY_GAP likely EXPLAINED gross 6 net null
`,
);

test('P8 a fact of an instrument that the book does not know is told, and not booked', () => {
  const { ledger, statement } = sides('both deposit USDT 100\nvenue fill XYZ/USD buy 1 @ 1 id e');
  const executions = statement.executions!.items.map((fill) => ({ ...fill, instrument: 'XYZ-9' }));
  const strange = {
    ...statement,
    balances: section([{ ...statement.balances!.items[0]!, total: decimal('100') }]),
    executions: { ...statement.executions!, items: executions.filter(isFill) },
  };
  const plain = ledgerOf(
    ledger.items.map(({ fact }) => fact),
    { settings: settingsIn('USDT') },
  );
  const { breaks, plan } = checked(plain, strange, optionsAt(at(100)));
  expect(breaks).toMatchObject([{ reason: 'FILL_MISSING', state: 'EXPLAINED' }]);
  expect(plan.repairs).toEqual([]);
  expect(applied(plain, plan).appended).toBe(0);
});
