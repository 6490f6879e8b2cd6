/** Breaks of a source over several looks, several accounts, and the policy about them. */
import { describe, expect, test } from 'vitest';
import { decimal, toTextOrNull } from '../../src/decimal/text.ts';
import type { Break } from '../../src/model/break.ts';
import { addMilliseconds } from '../../src/model/instant.ts';
import type { SourceAccount, SourceFault, SourceSnapshot } from '../../src/model/source.ts';
import { checkSource } from '../../src/reconcile/source/check-source.ts';
import { sourceDocument } from '../../src/report/source-document.ts';
import {
  accountOf,
  checkedOf,
  incident,
  inputOf,
  looked,
  position,
  priced,
  record,
  snapshotOf,
} from './source-kit.ts';

const fresh = record(addMilliseconds(priced, -1000), '1', '1', '0');
const right = (account: SourceAccount): SourceAccount => ({
  ...{ ...account, total: decimal('10211.69'), performance: [fresh], performanceFirst: fresh },
});

describe('H16 the life of a break', () => {
  const opened = checkedOf(incident()).reconciled;
  const again = (snapshot: SourceSnapshot, known: readonly Break[]) =>
    checkedOf(snapshot, { known, now: addMilliseconds(looked, 60_000) }).reconciled;
  const states = (breaks: readonly Break[]) => breaks.map(({ reason, state }) => [reason, state]);

  test('H16 the same difference is the same break', () => {
    const next = again(incident(), opened.breaks);
    expect(next.breaks.map(({ id }) => id)).toEqual(opened.breaks.map(({ id }) => id));
    expect(next.changes).toEqual([]);
  });

  test('H16 a look that finds the lines right closes them', () => {
    const next = again(incident(right), opened.breaks);
    expect(next.verdict).toBe('true');
    expect(new Set(states(next.breaks).map(([, state]) => state))).toEqual(
      new Set(['SELF_CLEARED']),
    );
  });

  test('H16 a look that cannot say closes nothing', () => {
    const blind = incident((account) => ({ ...right(account), cash: null }));
    const next = again(blind, opened.breaks);
    const total = next.breaks.find(({ reason }) => reason === 'TOTAL_STALE')!;
    expect([next.verdict, total.state]).toEqual(['break', 'EXPLAINED']);
    const left = next.plan.leftAlone.find(({ breakId }) => breakId === total.id)!;
    expect(left.decision).toBe('wait');
  });

  test('H16 an empty history says nothing of the record that was stale', () => {
    const bare = incident((account) => ({ ...right(account), performance: [] }));
    const next = again(bare, opened.breaks);
    expect(states(next.breaks)).toContainEqual(['PERFORMANCE_STALE', 'EXPLAINED']);
  });

  test('H16 a total that is stored no more proves nothing', () => {
    const next = again({ ...incident(right), totalStorage: null }, opened.breaks);
    expect(states(next.breaks)).toContainEqual(['TOTAL_STALE', 'EXPLAINED']);
  });

  test('H16 what was closed reopens under its name', () => {
    const closed = again(incident(right), opened.breaks);
    const next = again(incident(), closed.breaks);
    expect(next.breaks.map(({ id }) => id)).toEqual(opened.breaks.map(({ id }) => id));
    expect(next.verdict).toBe('break');
  });

  test('H16 a record that is no longer looked at is not proven right', () => {
    const times = [-3, -2, -1].map((hours) => addMilliseconds(priced, hours * 3_600_000));
    const bad = record(times[0]!, '5', '1', '1');
    const good = times.slice(1).map((time) => record(time, '1', '1', '0'));
    const of = (performance: SourceAccount['performance'], count: number) =>
      snapshotOf([
        { ...accountOf({ cash: '1', total: '1', performance }), performanceCount: count },
      ]);
    const first = checkedOf(of([bad, ...good], 3)).reconciled;
    expect(first.verdict).toBe('break');
    expect(again(of(good, 3), first.breaks).verdict).toBe('break');
    expect(again(of(good, 2), first.breaks).verdict).toBe('true');
  });

  test('H16 breaks of the book on the same account are left alone', () => {
    const [one] = opened.breaks;
    const ofBook = { ...one!, lines: [{ ...one!.lines[0]!, oursParty: 'book' as const }] };
    expect(again(incident(right), [ofBook]).breaks).toEqual([]);
  });

  test('H16 the policy asks, and names the command', () => {
    const { leftAlone, repairs, hash } = opened.plan;
    expect([repairs, hash.length]).toEqual([[], 64]);
    expect(leftAlone.map(({ decision, because }) => `${decision}: ${because}`).sort()).toEqual([
      'ask: trueup performance --record --source sqlite:paper_trading.db adds a record',
      'ask: trueup update --source sqlite:paper_trading.db writes the calculated total',
    ]);
  });
});

describe('H15 what is unknown', () => {
  const withPrice = (price: string | null, total: string | null = '15') =>
    snapshotOf([
      accountOf({
        ...{ cash: '5', total, performance: [fresh] },
        positions: [position('A', '1', '10'), position('B', '1', price)],
      }),
    ]);

  test('H15 a position without a price: CANNOT SAY, with its reason and its name', () => {
    const { verdict, unknown } = checkedOf(withPrice(null)).reconciled;
    expect(verdict).toBe('cannot-say');
    expect(unknown).toEqual([
      {
        ...{ account: 'paper', section: 'positions', scope: 'B', reason: 'MARK_MISSING' },
        ...{ why: 'its stored price is empty', since: looked },
        sentence:
          'B has no price that counts (its stored price is empty): without it no total is known.',
        remedy: 'trueup update --source sqlite:paper_trading.db --prices FROM writes them',
      },
    ]);
  });

  test('H15 a stale price is told as such', () => {
    const old = position('B', '1', '3', { updatedAt: addMilliseconds(priced, -7_200_000) });
    const account = accountOf({
      cash: '5',
      total: '15',
      positions: [position('A', '1', '1'), old],
    });
    const pricing = { ...inputOf(withPrice('1')).pricing, markMaxAgeMs: 3_600_000 };
    const { verdict, unknown } = checkedOf(snapshotOf([account]), { pricing }).reconciled;
    expect([verdict, unknown.length]).toEqual(['cannot-say', 1]);
    expect(unknown[0]).toMatchObject({ scope: 'B', reason: 'MARK_STALE' });
    expect(unknown[0]!.sentence).toContain('2 hours old');
  });

  test('H15 an empty total is not zero, even where the sum is', () => {
    const { verdict, unknown } = checkedOf(snapshotOf([accountOf({ cash: '0' })])).reconciled;
    expect(verdict).toBe('cannot-say');
    expect(unknown).toMatchObject([{ section: 'total', why: expect.stringContaining('not zero') }]);
  });

  test('H15 a cell that nobody can read is told once, even where no sum needs it', () => {
    const faults: SourceFault[] = [
      {
        table: 'positions',
        key: 'B',
        column: 'quantity',
        value: 'x',
        why: 'is no number',
        role: 'quantity',
      },
      { table: 'performance', key: '3', column: 'timestamp', value: 'soon', why: 'is no time' },
    ];
    const account = accountOf({ total: '1', cash: '1', positions: [position('B', null, '3')] });
    const { unknown, verdict } = checkedOf(snapshotOf([account], { faults })).reconciled;
    expect([verdict, unknown.map(({ section, scope }) => [section, scope])]).toEqual([
      'cannot-say',
      [
        ['positions', 'B'],
        ['performance', '3'],
      ],
    ]);
  });

  test('H15 a break outweighs it', () => {
    const blind = incident((account) => ({ ...account, cash: null }));
    const { verdict, unknown } = checkedOf(blind).reconciled;
    // The history is stale whatever cash is.
    expect([verdict, unknown.length]).toEqual(['break', 1]);
  });
});

describe('H17 several accounts', () => {
  const two = (parts: Partial<SourceSnapshot> = {}) =>
    snapshotOf(
      [
        accountOf({ id: '2', cash: '10', total: '12', performance: [fresh] }),
        accountOf({
          ...{ id: '1', cash: '100', total: '130', performance: [fresh] },
          positions: [position('A', '3', '10')],
        }),
      ],
      parts,
    );

  test('H17 each has its own sheet, name and verdict, sorted by name', () => {
    const { accounts } = checkSource(inputOf(two()));
    const told = accounts.map(({ name, sheet, reconciled }) => [
      ...[name, toTextOrNull(sheet.calculated), reconciled.verdict],
    ]);
    expect(told).toEqual([
      ['paper', '130', 'true'],
      ['paper-2', '10', 'break'],
    ]);
  });

  test('H17 a position that may be anybody’s makes every total unknown', () => {
    const unattributed = [position('X', '1', '5'), position('FLAT', '0', '5')];
    const { accounts } = checkSource(inputOf(two({ unattributed })));
    expect(accounts.map(({ sheet, reconciled }) => [sheet.match, reconciled.verdict])).toEqual([
      ['unknown', 'cannot-say'],
      ['unknown', 'cannot-say'],
    ]);
    const [first, second] = accounts.map(({ reconciled }) => reconciled.unknown);
    expect(first).toMatchObject([{ section: 'positions', scope: null }]);
    expect(second).toMatchObject([
      { section: 'positions', scope: null },
      { section: 'positions', scope: 'X' },
    ]);
  });

  test('H17 flat positions belong to nobody and harm nobody', () => {
    const unattributed = [position('FLAT', '0', null)];
    const { accounts } = checkSource(inputOf(two({ unattributed })));
    expect(accounts.map(({ reconciled }) => reconciled.verdict)).toEqual(['true', 'break']);
  });

  test('H17 H23 no account at all has no sheet, and the document says that it is not known', () => {
    expect(checkSource(inputOf(snapshotOf([])))).toMatchObject({ accounts: [], hints: [] });
    const { verdict, exitCode, json } = sourceDocument(checkSource(inputOf(snapshotOf([]))), {
      ...{ document: 'check', strict: false, failAbove: null, breakId: null, currency: 'USD' },
      ...{ sequenceOf: () => 0, trueSinceOf: () => null, hints: [] },
    });
    expect([verdict, exitCode]).toEqual(['cannot-say', 5]);
    expect(json['unknown']).toMatchObject([{ why: 'the account table has no row' }]);
  });
});
