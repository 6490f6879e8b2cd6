/** The life of a break: legal moves, names, ageing, and what a fresh comparison does to it. */
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/decimal/text.ts';
import { type Break, type BreakState, breakStates } from '../../src/model/break.ts';
import { accept, isLegalMove, lifeCycle, move, snooze } from '../../src/model/life-cycle.ts';
import type { Statement } from '../../src/model/statement.ts';
import { bucketOf } from '../../src/reconcile/ageing.ts';
import { breakId } from '../../src/reconcile/break-id.ts';
import { approve, propose, repaired } from '../../src/reconcile/proposal.ts';
import type { Reconciled } from '../../src/reconcile/reconcile.ts';
import { severityOf } from '../../src/reconcile/severity.ts';
import { applied, at, checked, type Ledger, optionsAt, statementAt } from './kit.ts';
import { ledgerOfStory, readStory, statementOf } from './scenario.ts';

const sides = (table: string): { ledger: Ledger; statement: Statement } => {
  const story = readStory(table);
  return { ledger: ledgerOfStory(story), statement: statementOf(story) };
};

const funding = `
  both     deposit USDT 100 at 10
  venue    funding USDT -3 of AGI/USDT:USDT id f1 at 20
`;

const statesOf = (result: Reconciled) => result.breaks.map((one) => one.state);
const movesOf = (result: Reconciled) => result.changes.map(({ from, to }) => `${from ?? ''}>${to}`);

const made = <T>(result: { ok: true; value: T } | { ok: false; refusal: unknown }): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result.value;
};

describe('K7 the table of moves', () => {
  test('K7 every state can be reached, and every move says why', () => {
    const reached = new Set<BreakState>(['SETTLING', 'OPEN', ...lifeCycle.map(({ to }) => to)]);
    expect([...reached].sort()).toEqual([...breakStates].sort());
    for (const { because } of lifeCycle) expect(because).not.toBe('');
    const names = lifeCycle.map(({ from, to }) => `${from} ${to}`);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each([
    ['SETTLING', 'REPAIRED'],
    ['OPEN', 'APPROVED'],
    ['OPEN', 'VERIFIED'],
    ['PROPOSED', 'REPAIRED'],
    ['REPAIRED', 'SELF_CLEARED'],
    ['VERIFIED', 'OPEN'],
    ['SELF_CLEARED', 'OPEN'],
    ['OPEN', 'OPEN'],
  ] as const)('K7 %s never becomes %s, and the refusal says what may', (from, to) => {
    const one = { ...openBreak(), state: from };
    const result = move(one, to, at(1));
    expect(isLegalMove(from, to)).toBe(false);
    expect(result).toMatchObject({ ok: false, refusal: { code: 'break-move-illegal' } });
  });

  test('K7 only REPAIRED is ever verified, and what is closed only reopens', () => {
    const before = lifeCycle.filter(({ to }) => to === 'VERIFIED').map(({ from }) => from);
    expect(before).toEqual(['REPAIRED']);
    for (const closed of ['VERIFIED', 'SELF_CLEARED'] as const) {
      const after = lifeCycle.filter(({ from }) => from === closed).map(({ to }) => to);
      expect(after).toEqual(['REOPENED']);
    }
  });
});

const openBreak = (): Break => {
  const { ledger, statement } = sides('both deposit USDT 100 at 10\nsays balance USDT 97');
  return checked(ledger, statement, optionsAt(at(100))).breaks[0]!;
};

describe('K8 a break over time', () => {
  test('K8 a missing fact: explained, proposed, approved, repaired, verified', () => {
    const { ledger, statement } = sides(funding);
    const first = checked(ledger, statement, optionsAt(at(100)));
    expect(movesOf(first)).toEqual(['>OPEN', 'OPEN>EXPLAINED']);
    const proposed = made(propose(first.breaks[0]!, first.plan, at(101)));
    const approved = made(approve(proposed, first.plan.hash.slice(0, 6), at(102)));
    const done = made(repaired(approved, at(103)));
    const after = applied(ledger, first.plan).ledger;
    const last = checked(after, statement, optionsAt(at(104)), { known: [done] });
    expect(movesOf(last)).toEqual(['REPAIRED>VERIFIED']);
    expect(last.verdict).toBe('true');
    expect(last.breaks[0]?.id).toBe(first.breaks[0]?.id);
  });

  test('K8 a repair that did not repair reopens', () => {
    const { ledger, statement } = sides(funding);
    const first = checked(ledger, statement, optionsAt(at(100)));
    const proposed = made(propose(first.breaks[0]!, first.plan, at(101)));
    const done = made(repaired(made(approve(proposed, first.plan.hash, at(102))), at(103)));
    const last = checked(ledger, statement, optionsAt(at(104)), { known: [done] });
    expect(movesOf(last)).toEqual(['REPAIRED>REOPENED', 'REOPENED>EXPLAINED']);
  });

  test('K8 an approval is for one plan', () => {
    const { ledger, statement } = sides(funding);
    const first = checked(ledger, statement, optionsAt(at(100)));
    const proposed = made(propose(first.breaks[0]!, first.plan, at(101)));
    expect(approve(proposed, 'ffff', at(102))).toMatchObject({ refusal: { code: 'plan-stale' } });
    expect(approve(first.breaks[0]!, first.plan.hash, at(102)).ok).toBe(false);
    expect(propose({ ...openBreak(), id: 'BRK-OTHER1' }, first.plan, at(102)).ok).toBe(false);
  });

  test('K8 what a person snoozed or accepted stays so until its day, or beyond its cap', () => {
    const { ledger, statement } = sides('both deposit USDT 100 at 10\nsays balance USDT 97');
    const [one] = checked(ledger, statement, optionsAt(at(100))).breaks;
    const look = (known: Break, seconds: number) =>
      checked(ledger, statement, optionsAt(at(seconds)), { known: [known] });
    const snoozed = made(snooze(one!, { until: at(200), reason: 'after the release' }, at(101)));
    expect(statesOf(look(snoozed, 199))).toEqual(['SNOOZED']);
    expect(look(snoozed, 199).verdict).toBe('break');
    expect(movesOf(look(snoozed, 200))).toEqual(['SNOOZED>OPEN']);
    const terms = { until: at(200), reason: 'dust', cap: decimal('3') };
    const accepted = made(accept(one!, terms, at(101)));
    expect(statesOf(look(accepted, 199))).toEqual(['ACCEPTED']);
    expect(look(accepted, 199).verdict).toBe('true');
    expect(movesOf(look(accepted, 200))).toEqual(['ACCEPTED>REOPENED']);
    const strict = checked(ledger, statement, optionsAt(at(150)), {
      known: [accepted],
      strict: true,
    });
    expect(strict.verdict).toBe('break');
    const capped = made(accept(one!, { ...terms, cap: decimal('2.99') }, at(101)));
    expect(movesOf(look(capped, 150))).toEqual(['ACCEPTED>REOPENED']);
  });

  test('K8 SP90 one that grows is noted as it is now, and one that stays is not', () => {
    const says = (total: string) =>
      sides(`both deposit USDT 1000 at 10\nsays balance USDT ${total}`);
    const look = (total: string, seconds: number, known: readonly Break[] = []) => {
      const { ledger, statement } = says(total);
      return checked(ledger, statement, optionsAt(at(seconds)), { known });
    };
    const first = look('997', 100);
    expect(movesOf(first)).toEqual(['>OPEN']);
    expect(look('997', 101, first.breaks).changes).toEqual([]);
    // 1000 - 400: what was 3 is 600.
    const grown = look('400', 102, first.breaks);
    expect(movesOf(grown)).toEqual(['OPEN>OPEN']);
    const [noted] = grown.changes;
    expect(noted!.break).toEqual(grown.breaks[0]);
    expect(noted!.break).toMatchObject({
      severity: 'medium',
      changedAt: first.breaks[0]!.changedAt,
    });
    expect(look('400', 103, grown.breaks).changes).toEqual([]);
  });

  test('K8 SP90 nor is a repair that is on its way, which counts for the limits of its day', () => {
    const { ledger, statement } = sides(funding);
    const first = checked(ledger, statement, optionsAt(at(100)));
    const proposed = made(propose(first.breaks[0]!, first.plan, at(101)));
    const approved = made(approve(proposed, first.plan.hash, at(102)));
    const same = checked(ledger, statement, optionsAt(at(103)), { known: [approved] });
    expect(same.changes).toEqual([]);
  });

  test('K8 a proposal falls back when its lines change', () => {
    const { ledger, statement } = sides(funding);
    const first = checked(ledger, statement, optionsAt(at(100)));
    const proposed = made(propose(first.breaks[0]!, first.plan, at(101)));
    const same = checked(ledger, statement, optionsAt(at(102)), { known: [proposed] });
    expect(statesOf(same)).toEqual(['PROPOSED']);
    const more = sides(`${funding}\nvenue interest USDT 1 id i1 at 20`);
    const later = checked(ledger, more.statement, optionsAt(at(103)), { known: [proposed] });
    expect(movesOf(later)).toEqual(['PROPOSED>EXPLAINED']);
    expect(later.breaks[0]?.repair).toBeNull();
  });
});

describe('K9 only a fresh comparison closes', () => {
  test('K9 a difference gone by itself is self-cleared, and reopens when it is back', () => {
    const { ledger, statement } = sides('both deposit USDT 100 at 10\nsays balance USDT 97');
    const equal = sides('both deposit USDT 100 at 10').statement;
    const first = checked(ledger, statement, optionsAt(at(100)));
    const gone = checked(ledger, equal, optionsAt(at(110)), { known: first.breaks });
    expect(movesOf(gone)).toEqual(['OPEN>SELF_CLEARED']);
    const back = checked(ledger, statement, optionsAt(at(120)), { known: gone.breaks });
    expect(movesOf(back)).toEqual(['SELF_CLEARED>REOPENED']);
    expect(back.breaks).toHaveLength(1);
  });

  test('PO15 what was closed and differs again is as old as its return, under its name', () => {
    const { ledger, statement } = sides('both deposit USDT 100 at 10\nsays balance USDT 97');
    const equal = sides('both deposit USDT 100 at 10').statement;
    const look = (truth: Statement, seconds: number, known: readonly Break[] = []) =>
      checked(ledger, truth, optionsAt(at(seconds)), { known }).breaks;
    const first = look(statement, 100);
    expect(first[0]).toMatchObject({ severity: 'low', openedAt: at(100) });
    expect(first[0]).not.toHaveProperty('firstOpenedAt');
    // 3 at stake are low, and two levels more once they were there for a day.
    const [old] = look(statement, 100 + 86_400, first);
    expect(old).toMatchObject({ severity: 'high', openedAt: at(100) });
    const gone = look(equal, 200, first);
    const week = 7 * 86_400;
    const back = look(statement, week, gone);
    expect(back).toMatchObject([
      { id: first[0]!.id, state: 'REOPENED', severity: 'low', openedAt: at(week) },
    ]);
    expect(back[0]!.firstOpenedAt).toBe(at(100));
    expect(bucketOf(back[0]!, at(week + 299))).toBe('0-5 m');
    // While it stays it ages from there; a third time it tells the first day still.
    const stays = look(statement, week + 3_600, back);
    expect(stays).toMatchObject([{ severity: 'medium', openedAt: at(week) }]);
    const again = look(statement, week + 9_000, look(equal, week + 8_000, stays));
    expect(again).toMatchObject([{ openedAt: at(week + 9_000), firstOpenedAt: at(100) }]);
  });

  test('PO15 a repair that did not repair it leaves its age', () => {
    const { ledger, statement } = sides(funding);
    const first = checked(ledger, statement, optionsAt(at(100)));
    const proposed = made(propose(first.breaks[0]!, first.plan, at(101)));
    const done = made(repaired(made(approve(proposed, first.plan.hash, at(102))), at(103)));
    const [back] = checked(ledger, statement, optionsAt(at(104)), { known: [done] }).breaks;
    expect(back).toMatchObject({ openedAt: at(100) });
    expect(back).not.toHaveProperty('firstOpenedAt');
  });

  test('PO15 what comes back by the same sum is adjusted once more', () => {
    const { ledger, statement } = sides('both deposit USDT 100 at 10\nsays balance USDT 97');
    const equal = sides('both deposit USDT 100 at 10').statement;
    const look = (truth: Statement, seconds: number, known: readonly Break[] = []) => {
      const adjust = new Set(known.map(({ id }) => id));
      return checked(ledger, truth, optionsAt(at(seconds)), { known, adjust });
    };
    const entriesOf = ({ plan }: Reconciled) =>
      plan.repairs.flatMap(({ entries }) => entries.map(({ id }) => id));
    const first = look(statement, 100).breaks;
    const [one] = entriesOf(look(statement, 101, first));
    const back = look(statement, 300, look(equal, 200, first).breaks).breaks;
    const [two] = entriesOf(look(statement, 301, back));
    expect([one, two]).toEqual([expect.stringMatching(/^adjust-/), expect.any(String)]);
    expect(two).not.toBe(one);
    // The same plan, however often it is made.
    expect(entriesOf(look(statement, 302, back))).toEqual([two]);
  });

  test('K9 silence closes nothing', () => {
    const { ledger, statement } = sides('both deposit USDT 100 at 10\nsays balance USDT 97');
    const first = checked(ledger, statement, optionsAt(at(100)));
    const silent = statementAt(at(10), {
      balances: { ...statement.balances!, complete: false, error: 'HTTP 503', items: [] },
    });
    const next = checked(ledger, silent, optionsAt(at(110)), { known: first.breaks });
    expect(next.changes).toEqual([]);
    expect(statesOf(next)).toEqual(['OPEN']);
    expect(next.plan.leftAlone).toMatchObject([{ decision: 'wait' }]);
    expect(next.unknown).toMatchObject([{ section: 'balances', why: 'HTTP 503' }]);
  });

  test('K9 a reversed duplicate is verified though nobody lists it any more', () => {
    const { ledger, statement } = sides(`
      without  balances
      both     deposit USDT 100 id a at 10
      book     deposit USDT 100 id b at 10
      both     interest USDT 0 at 20
    `);
    const first = checked(ledger, statement, optionsAt(at(100)));
    const proposed = made(propose(first.breaks[0]!, first.plan, at(101)));
    const done = made(repaired(made(approve(proposed, first.plan.hash, at(102))), at(103)));
    const after = applied(ledger, first.plan).ledger;
    const last = checked(after, statement, optionsAt(at(104)), { known: [done] });
    expect(movesOf(last)).toEqual(['REPAIRED>VERIFIED']);
  });
});

describe('K10 settling on a live venue', () => {
  const live = (seconds: number) => optionsAt(at(seconds), { settleMs: 60_000 });
  const later = (statement: Statement, seconds: number): Statement => ({
    ...statement,
    asOf: at(seconds),
  });

  test('K10 two snapshots a window apart with the same difference make it open', () => {
    const { ledger, statement } = sides('both deposit USDT 100 at 10\nsays balance USDT 97');
    const first = checked(ledger, later(statement, 1000), live(1001));
    expect(statesOf(first)).toEqual(['SETTLING']);
    expect(first.verdict).toBe('cannot-say');
    expect(first.breaks[0]?.reason).toBe('SETTLING');
    const second = checked(ledger, later(statement, 1030), live(1031), { known: first.breaks });
    expect(second.changes).toEqual([]);
    const third = checked(ledger, later(statement, 1061), live(1062), { known: second.breaks });
    expect(movesOf(third)).toEqual(['SETTLING>OPEN']);
    expect(third.breaks[0]?.reason).toBe('UNEXPLAINED');
  });

  test('K10 another difference starts the window again', () => {
    const { ledger, statement } = sides('both deposit USDT 100 at 10\nsays balance USDT 97');
    const other = sides('both deposit USDT 100 at 10\nsays balance USDT 96').statement;
    const first = checked(ledger, later(statement, 1000), live(1001));
    const second = checked(ledger, later(other, 1070), live(1071), { known: first.breaks });
    expect(statesOf(second)).toEqual(['SETTLING']);
  });

  test('K10 a missing fact settles on a line that others move all the time', () => {
    const { ledger, statement } = sides(`${funding}\nboth interest USDT 0 at 1055`);
    const first = checked(ledger, later(statement, 1000), live(1001));
    expect(statesOf(first)).toEqual(['SETTLING']);
    const second = checked(ledger, later(statement, 1070), live(1071), { known: first.breaks });
    expect(statesOf(second)).toEqual(['EXPLAINED']);
  });
});

describe('K11 names and grouping', () => {
  const identity = {
    ...{ account: 'main', oursParty: 'book', theirsParty: 'venue', what: 'balance' },
    ...{ key: 'USDT', leg: null, sequence: 7 },
  };

  test('K11 a name is BRK- and six characters that are not mistaken, one more on a clash', () => {
    const id = breakId(identity, new Set());
    expect(id).toMatch(/^BRK-[0-9A-HJKMNP-TV-Z]{6}$/);
    expect(breakId(identity, new Set())).toBe(id);
    expect(breakId(identity, new Set([id]))).toMatch(new RegExp(`^${id}[0-9A-HJKMNP-TV-Z]$`));
    expect(breakId({ ...identity, sequence: 8 }, new Set())).not.toBe(id);
  });

  test('K11 an open break keeps its name while its line differs, by whatever sum', () => {
    const { ledger, statement } = sides('both deposit USDT 100 at 10\nsays balance USDT 97');
    const other = sides('both deposit USDT 100 at 10\nsays balance USDT 50').statement;
    const first = checked(ledger, statement, optionsAt(at(100)));
    const moved = { ...ledger, sequence: 50 };
    const next = checked(moved, other, optionsAt(at(160)), { known: first.breaks });
    expect(next.breaks).toMatchObject([{ id: first.breaks[0]!.id, openedAt: at(100) }]);
  });

  test('K11 when cases become one, the oldest name stays and the other says where it went', () => {
    const before = sides(`
      without  executions
      both     deposit USDT 100 at 10
      both     fill AGI/USDT:USDT sell 10 @ 1 id a at 10
      venue    fill AGI/USDT:USDT buy 5 @ 0.9 id b at 20
    `);
    const first = checked(before.ledger, before.statement, optionsAt(at(100)));
    expect(statesOf(first).sort()).toEqual(['EXPLAINED', 'OPEN']);
    const known = first.breaks.map((one) =>
      one.lines[0]!.what === 'balance' ? { ...one, openedSequence: 1 } : one,
    );
    const after = sides(`
      both     deposit USDT 100 at 10
      both     fill AGI/USDT:USDT sell 10 @ 1 id a at 10
      venue    fill AGI/USDT:USDT buy 5 @ 0.9 id b at 20
    `);
    const next = checked(before.ledger, after.statement, optionsAt(at(160)), { known });
    const oldest = known.find(({ openedSequence }) => openedSequence === 1)!;
    expect(next.breaks.find(({ id }) => id === oldest.id)).toMatchObject({
      ...{ state: 'EXPLAINED', reason: 'FILL_MISSING', mergedInto: null },
    });
    expect(next.breaks.find(({ id }) => id !== oldest.id)).toMatchObject({
      ...{ state: 'SELF_CLEARED', mergedInto: oldest.id },
    });
  });
});

describe('K12 severity', () => {
  test.each([
    ['3.12', 60, 'low'],
    ['100', 60, 'medium'],
    ['1521.7187', 155, 'high'],
    ['10000', 0, 'critical'],
    ['3.12', 3_600, 'medium'],
    ['3.12', 86_400, 'high'],
    ['1000', 86_400, 'critical'],
    [null, 0, 'high'],
  ])('K12 %s at stake for %s s is %s', (gross, age, severity) => {
    expect(severityOf(gross === null ? null : decimal(gross), age, openBreak().lines)).toBe(
      severity,
    );
  });
});
