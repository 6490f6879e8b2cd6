/** A source as a person reads it: ages, percentages, what comes next, and what is not known. */
import { describe, expect, test } from 'vitest';
import { nextOf } from '../../src/cli/commands/check-source.ts';
import { balanceLines } from '../../src/cli/render/balance-text.ts';
import { viewOfCheck } from '../../src/cli/render/check-text.ts';
import { investigationLines } from '../../src/cli/render/investigate-text.ts';
import { sourceCheckLines } from '../../src/cli/render/source-check-text.ts';
import { decimal } from '../../src/decimal/text.ts';
import { addMilliseconds } from '../../src/model/instant.ts';
import type { SourceSnapshot } from '../../src/model/source.ts';
import { visible } from '../../src/model/visible.ts';
import { type CheckSourceInput, checkSource } from '../../src/reconcile/source/check-source.ts';
import { noPricing } from '../../src/reconcile/source/pricing.ts';
import { balanceDocument } from '../../src/report/source-balance-document.ts';
import { sourceDocument } from '../../src/report/source-document.ts';
import type { SourceCheck, SourceDesk } from '../../src/service/source/desk.ts';
import { silentTerminal } from '../cli/silent-terminal.ts';
import {
  accountOf,
  incident,
  inputOf,
  looked,
  position,
  priced,
  record,
  snapshotOf,
} from '../reconcile/source-kit.ts';

const day = 86_400_000;

function checkOf(snapshot: SourceSnapshot, parts: Partial<CheckSourceInput> = {}): SourceCheck {
  const checked = checkSource(inputOf(snapshot, parts));
  const document = sourceDocument(checked, {
    ...{ document: 'check', strict: false, failAbove: null, breakId: null, currency: 'USD' },
    ...{ sequenceOf: () => 0, trueSinceOf: () => null, hints: [] },
  });
  const sheets = checked.accounts.map(({ sheet }) => sheet);
  return { verdict: document.verdict, document, sheets, snapshot, checked, recorded: false };
}

const textOf = (...of: Parameters<typeof checkOf>): string =>
  sourceCheckLines(silentTerminal, checkOf(...of)).join('\n');

const balanceOf = (snapshot: SourceSnapshot): readonly string[] => {
  const { checked } = checkOf(snapshot);
  const accounts = checked!.accounts.map(({ name, sheet }) => ({ account: name, sheet }));
  const state = { source: 'sqlite:bot.db', currency: 'USD', accounts, silent: null };
  return balanceLines(silentTerminal, balanceDocument(state));
};

const fresh = [record(priced, '10', '10', '0')];

describe('N30 the incident', () => {
  const text = textOf(incident());

  test('N30 percentages are those that people quoted: +2.12 % and -0.64 % of cost', () => {
    expect(text).toMatch(/difference +\+211.69 +\+2.12 % of the stored total/);
    expect(text).toContain('9 positions, unrealised −59.38 (−0.64 % of cost)');
  });

  test('N30 one age reads alike wherever it stands: 48 days', () => {
    expect(text).toMatch(/last record +2025-11-25 21:05:00.318204Z, 48 days before/);
    expect(text).toContain('nothing was recorded for 48 days');
    expect(text).not.toMatch(/\d+d \d+h/);
  });

  test('N30 what is worse comes first, whatever was known before', () => {
    const right = incident((account) => ({ ...account, total: decimal('10211.69') }));
    const known = checkSource(inputOf(right)).accounts[0]!.reconciled.breaks;
    expect(known.map(({ severity }) => severity)).toEqual(['low']);
    const after = textOf(incident(), { known });
    expect(after.indexOf('MEDIUM')).toBeGreaterThan(0);
    expect(after.indexOf('MEDIUM')).toBeLessThan(after.indexOf('LOW'));
  });

  test('N30 a repair that a command makes is that command, and not none', () => {
    const view = viewOfCheck(checkOf(incident()).document);
    const lines = view.breaks.flatMap((one) => investigationLines(silentTerminal, one));
    expect(lines.filter((line) => line.startsWith('REPAIR'))).toEqual([
      'REPAIR  trueup update --source sqlite:paper_trading.db: writes the calculated total',
      'REPAIR  trueup performance --record --source sqlite:paper_trading.db: adds a record',
    ]);
  });
});

describe('N30 ages', () => {
  const account = accountOf({
    ...{ cash: '10', total: '20', performance: fresh, updatedAt: priced },
    positions: [position('A', '1', '10')],
  });
  const lastLine = (text: string) => text.split('\n').at(-1)!;

  test('N30 the verdict on prices of another day says of which', () => {
    const now = addMilliseconds(priced, 80 * day);
    const old = textOf(snapshotOf([account]), { now });
    expect(lastLine(old)).toBe(
      '✓ TRUE  1 account · 3 lines, all equal · prices as of 2026-01-12 21:00:00Z, 80 days ago',
    );
    const young = textOf(snapshotOf([account]), { now: addMilliseconds(priced, day) });
    expect(lastLine(young)).toBe('✓ TRUE  1 account · 3 lines, all equal');
  });

  test('N30 the age that was judged is the one that is shown', () => {
    const takenAt = addMilliseconds(priced, 80 * day);
    const pricing = { ...noPricing, markMaxAgeMs: day, freshAt: takenAt };
    const text = textOf(snapshotOf([account], { takenAt }), { pricing, now: takenAt });
    expect(text).toMatch(/A +1 +\? +10.00 +stored +80 days/);
    expect(text).toContain('is 80 days old');
  });

  test('N30 a record of a time that has not come is in the future, and not 0 old', () => {
    const performance = [record(addMilliseconds(looked, 3 * day), '20', '20', '0')];
    const text = textOf(snapshotOf([{ ...account, performance, performanceCount: 1 }]));
    expect(text).toMatch(/last record +2026-01-15 21:05:00Z, in the future/);
  });

  test('N30 no record is no record whose time nobody knows', () => {
    const text = textOf(snapshotOf([accountOf({ cash: '1', total: '1' })]));
    expect(text).toMatch(/last record +there is none/);
  });
});

describe('N30 what is unknown', () => {
  const unpriced = accountOf({ cash: '10', total: '10', positions: [position('A', '1', null)] });

  test('N30 a price that is missing is named by its cause, with what makes it known', () => {
    const text = textOf(snapshotOf([unpriced]));
    expect(text).toContain('? MARK_MISSING  paper positions A: its stored price is empty');
    expect(text).toContain(
      'next: trueup update --source sqlite:paper_trading.db --prices FROM writes them',
    );
  });

  test('N30 a price that is too old says how old one may be made', () => {
    const takenAt = addMilliseconds(priced, 2 * day);
    const pricing = { ...noPricing, markMaxAgeMs: day, freshAt: takenAt };
    const account = accountOf({ cash: '1', total: '1', positions: [position('A', '1', '2')] });
    const text = textOf(snapshotOf([account], { takenAt }), { pricing, now: takenAt });
    expect(text).toContain('? MARK_STALE  paper positions A');
    expect(text).toContain('--mark-max-age DURATION says how old one may be');
  });

  test('H23 an account table without a row is unknown, and not nothing', () => {
    const text = textOf(snapshotOf([]));
    expect(text).toContain('? all account: the account table has no row');
    expect(text).toContain('? CANNOT SAY  1 thing is not known');
  });

  test('H23 a total that is infinite is not empty', () => {
    const fault = {
      ...{ table: 'account', key: '1', column: 'total_value', value: 'Infinity' },
      ...{ why: 'is not finite', role: 'total' as const, accountId: '1' },
    };
    const snapshot = snapshotOf([accountOf({ cash: '10' })], { faults: [fault] });
    const holds = 'total_value holds "Infinity", which is not finite';
    const text = textOf(snapshot);
    expect(text).toContain(`? paper total: ${holds}`);
    expect(text).not.toContain('is empty');
    expect(balanceOf(snapshot).at(-1)).toBe(`Discrepancy: ${holds}`);
  });

  test('H23 positions of nobody are listed, with the column that would tell', () => {
    const accounts = [accountOf({ cash: '1', total: '1' }), accountOf({ id: '2', cash: '1' })];
    const text = textOf(snapshotOf(accounts, { unattributed: [position('ACI', '3', '16')] }));
    expect(text).toMatch(/of no account that can be told\n +SYMBOL.*\n +ACI +3 +\? +16.00/);
    expect(text).toContain('a column account_id would');
  });

  test('N33 a record that names no account is counted, and none is asked for', () => {
    const accounts = [accountOf({ cash: '1', total: '1' }), accountOf({ id: '2', cash: '1' })];
    const text = textOf(snapshotOf(accounts, { namelessRecords: 1 }));
    expect(text).toContain('1 performance record names no account: a column account_id would');
    expect(text).toMatch(/last record +none that names its account/);
    expect(text).not.toContain('performance --record adds one');
  });
});

describe('H8 a percentage that is not zero', () => {
  // 0.001 of 2,000 is 0.00005 %, which 4 digits would show as none.
  const tiny = accountOf({ cash: '2000.001', total: '2000', performance: fresh });
  const snapshot = snapshotOf([tiny], { totalStorage: { kind: 'exact' } });

  test('H8 shows as less than the least that is shown, and is exact in JSON', () => {
    expect(textOf(snapshot)).toMatch(/difference +\+0.001 +<0.0001 % of the stored total/);
    const source = checkOf(snapshot).document.json['source'] as { accounts: object[] };
    expect(source.accounts[0]).toMatchObject({ differencePercent: '0.00005' });
  });

  test('H8 H21 a total nearest to the sum: the difference is said above the two lines', () => {
    const account = accountOf({ cash: '1000.003667', total: '1000' });
    const stored = { totalStorage: { kind: 'decimal', scale: 2 } } as const;
    const lines = balanceOf(snapshotOf([account], stored));
    expect(lines.slice(-2)).toEqual(['[OK] Balance is accurate', 'Discrepancy: $0.00']);
    expect(lines.at(-3)).toContain('+0.003667 (+0.0004 %), stored is the nearest number');
    const over = accountOf({ cash: '99', total: '100' });
    expect(balanceOf(snapshotOf([over])).at(-1)).toBe('Discrepancy: -$1.00');
  });
});

describe('N30 what comes next', () => {
  const desk = { identity: { location: 'sqlite:bot.db' } } as SourceDesk;
  const stepsOf = (snapshot: SourceSnapshot, command: 'check' | 'investigate') => {
    const { checked, sheets, verdict } = checkOf(snapshot);
    const breaks = checked!.accounts.flatMap(({ reconciled }) => reconciled.breaks);
    return nextOf(desk, { source: 'sqlite:bot.db' }, command)(verdict, breaks, sheets);
  };

  test('N30 a check goes on to the reasons and the repair, an investigation to the repair', () => {
    const repair = 'trueup update --record --source sqlite:bot.db';
    expect(stepsOf(incident(), 'check')).toEqual([
      ...['next: trueup investigate --source sqlite:bot.db', `then: ${repair}`],
    ]);
    expect(stepsOf(incident(), 'investigate')).toEqual([`next: ${repair}`]);
  });

  test('N30 a total that cannot be said is not one to write', () => {
    const bare = incident((account) => ({
      ...account,
      positions: account.positions.map((one) => ({ ...one, price: null })),
    }));
    expect(stepsOf(bare, 'check')).toEqual(['next: trueup investigate --source sqlite:bot.db']);
    expect(stepsOf(bare, 'investigate')).toEqual([]);
  });
});

test('H25 a symbol forges no line and sends no escape to the screen', () => {
  const symbol = 'B\u001b[31mRED\n✓ TRUE\u202e';
  const account = accountOf({ cash: '1', total: '1', positions: [position(symbol, '1', null)] });
  const lines = sourceCheckLines(silentTerminal, checkOf(snapshotOf([account])));
  expect(lines.join('')).toBe(lines.map(visible).join(''));
  expect(
    lines
      .join('\n')
      .split('\n')
      .some((line) => line.startsWith('✓ TRUE')),
  ).toBe(false);
  expect(lines.join('\n')).toContain('B\\x1b[31mRED\\n✓ TRUE\\u202e');
});
