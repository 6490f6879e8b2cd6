/** A stored total that another program wrote over, as the log inside the source tells it. */
import { describe, expect, test } from 'vitest';
import { decimal, toTextOrNull } from '../../src/decimal/text.ts';
import type { SourceAuditRow, SourceChange } from '../../src/model/source.ts';
import type { SourceAccountChecked } from '../../src/reconcile/source/check-source.ts';
import { checkedOf, incident, looked, writeOf, wrote } from './source-kit.ts';

const breakOf = ({ reconciled }: SourceAccountChecked, what: 'total') =>
  reconciled.breaks.find(({ lines }) => lines[0]!.what === what);

describe('H12 a bot that writes its old total back', () => {
  const written = (total: string) =>
    incident((account) => ({ ...account, total: decimal(total), updatedAt: looked }));
  const found = (total: string, lastWrite = writeOf('10000.0', '10211.69')) =>
    breakOf(checkedOf({ ...written(total), ...wrote(lastWrite) }), 'total');

  test('H12 proven where nothing moved since; the row of the log is named', () => {
    const one = found('10000')!;
    expect(one).toMatchObject({ reason: 'REPAIR_OVERWRITTEN', confidence: 'proven' });
    expect(one.explanation.sentence).toBe(
      'The stored total was set to 10,211.69 at 2026-01-12 20:00:00Z (trueup_audit 7), and is ' +
        'again 10,000.00, which it was before: another program wrote its old value back.',
    );
    expect(one.explanation.evidence).toContainEqual(
      expect.objectContaining({ id: 'trueup_audit 7', effect: decimal('211.69') }),
    );
  });

  test('H12 likely where prices moved since: 11.69 of the difference is theirs', () => {
    const one = found('10000', writeOf('10000.0', '10200.0'))!;
    expect(one).toMatchObject({ reason: 'REPAIR_OVERWRITTEN', confidence: 'likely' });
    expect(one.explanation.sentence).toContain('What is held moved by +11.69 since then.');
    expect(toTextOrNull(one.explanation.residual)).toBe('0');
  });

  test.each([
    ['our value still stands', '10200', writeOf('10000.0', '10200.0')],
    ['another value was written', '9000', writeOf('10000.0', '10200.0')],
    ['our write made no change', '10000', writeOf('10000.0', '10000.0')],
  ])('H12 not where %s', (_, total, lastWrite) => {
    expect(found(total, lastWrite)!.reason).not.toBe('REPAIR_OVERWRITTEN');
  });

  describe('H12 which number of the log is the total', () => {
    const stamps = { last_updated: '1768078812' };
    const [old, ours] = [
      { total_value: '10000.0', ...stamps },
      { total_value: '10211.69', last_updated: '1768251600' },
    ];
    const part = { table: 'account', key: '1' };
    const said = { ...part, role: 'total', accountId: '1', column: 'total_value' } as const;
    const none = { total_value: null, ...stamps };
    const rowOf = (id: number, ...changes: SourceChange[]) => writeOf('', '', { id, changes });
    const overwritten = (totalWrites: readonly SourceAuditRow[], total = '10000') => {
      const one = breakOf(checkedOf({ ...written(total), totalWrites }), 'total');
      return one?.reason === 'REPAIR_OVERWRITTEN' ? one.explanation.sentence : null;
    };

    test.each([
      ['the column that the row names', { ...said, before: old, after: ours }],
      ['the first one where it names none', { ...part, before: old, after: ours }],
      [
        'that column, wherever it stands',
        { ...said, before: { ...stamps, ...old }, after: { ...stamps, ...ours } },
      ],
    ])('H12 %s', (_, change) => {
      expect(overwritten([rowOf(7, change)])).toContain('was set to 10,211.69');
    });

    test('H12 never the time, where the total was empty before, nor that of an older write', () => {
      const older = rowOf(6, { ...said, before: old, after: ours });
      for (const name of [said, part]) {
        const newest = rowOf(7, { ...name, before: none, after: ours });
        expect(overwritten([newest, older])).toBeNull();
        expect(overwritten([newest, older], '1768078812')).toBeNull();
      }
    });

    test('H12 not the price of a symbol that is called as the account', () => {
      const price = {
        ...part,
        table: 'positions',
        role: 'price',
        column: 'current_price',
      } as const;
      const change = { before: { current_price: '10000' }, after: { current_price: '5' } };
      expect(overwritten([rowOf(7, { ...price, ...change })])).toBeNull();
      const both = [
        { ...price, ...change },
        { ...said, before: old, after: ours },
      ];
      expect(overwritten([rowOf(7, ...both)])).toContain('was set to 10,211.69');
    });
  });

  test('H12 what sets it right is the guard', () => {
    const { reconciled } = checkedOf({
      ...{ ...written('10000'), ...wrote(writeOf('10000.0', '10211.69')) },
    });
    expect(reconciled.plan.leftAlone.map(({ decision, because }) => [decision, because])).toEqual(
      expect.arrayContaining([
        ['ask', expect.stringContaining('trueup guard install --source sqlite:paper_trading.db')],
      ]),
    );
  });
});
