import { afterEach, expect, test } from 'vitest';
import { guardCases } from './guard-cases.ts';
import { alterations, guardLife } from './guard-life-cases.ts';
import { guardTables } from './guard-tables.ts';
import { GuardedFile } from './guarded-file.ts';

const made: GuardedFile[] = [];
afterEach(async () => {
  for (const file of made.splice(0)) await file.end();
});

const fileOf = async (statements: string): Promise<GuardedFile> => {
  const file = new GuardedFile(statements);
  made.push(file);
  return file;
};

guardCases('sqlite', fileOf);

guardLife('sqlite', fileOf);

alterations('sqlite', fileOf, [
  {
    name: 'a trigger that was dropped',
    statements: 'DROP TRIGGER trueup_guard_position_updated',
    findings: ['trigger trueup_guard_position_updated was dropped'],
  },
  {
    name: 'a trigger that was dropped, and a change that passed by',
    statements: `DROP TRIGGER trueup_guard_position_updated;
      UPDATE positions SET current_price = 3`,
    findings: [
      'trigger trueup_guard_position_updated was dropped',
      // 10 x 2.5 was kept, 10 x 3 is there
      'the kept sum is 25 with 0 unknown, its positions make 30 with 0 unknown: ' +
        'changes passed the triggers by',
    ],
  },
  {
    name: 'a trigger that was changed',
    statements: `DROP TRIGGER trueup_guard_account_updated;
      CREATE TRIGGER trueup_guard_account_updated AFTER UPDATE ON account BEGIN SELECT 1; END`,
    findings: ['trigger trueup_guard_account_updated is not as it is installed'],
  },
  {
    name: 'a trigger under our name that is none of ours',
    statements: `CREATE TRIGGER trueup_guard_more AFTER UPDATE ON account BEGIN SELECT 1; END`,
    findings: ['trigger trueup_guard_more is none that is installed'],
  },
  {
    name: 'positions that were made anew, without their triggers',
    statements: `CREATE TABLE fresh AS SELECT * FROM positions; DROP TABLE positions;
      ALTER TABLE fresh RENAME TO positions`,
    findings: Array(6).fill(/^trigger trueup_guard_position_\w+ was dropped$/),
  },
  {
    name: 'an index that a REPLACE would delete for',
    statements: 'CREATE UNIQUE INDEX one_entry ON positions (entry_price)',
    findings: [
      'trigger trueup_guard_position_inserting is not as it is installed',
      'trigger trueup_guard_position_moving is not as it is installed',
      'trigger trueup_guard_position_moved is not as it is installed',
    ],
  },
  {
    name: 'kept sums that somebody changed',
    statements: 'UPDATE trueup_guard SET units = units + 1',
    findings: [
      /^the kept sum is 25.00000001 with 0 unknown, its positions make 25 with 0 unknown/,
      'account 1 stores 1025 where the triggers keep 1025.00000001',
    ],
  },
  {
    name: 'a total that changed without a row in the log',
    audit: true,
    statements: `DROP TRIGGER trueup_guard_account_updated;
      UPDATE account SET total_value = 7`,
    findings: [
      'trigger trueup_guard_account_updated was dropped',
      'account 1 stores 7 where the triggers keep 1025',
    ],
    unlogged: ['account 1 stores 7, the log ends with 1025'],
  },
]);

test('G9 a total that must be there is flagged while it is not known', async () => {
  const file = await fileOf(guardTables('sqlite', 'a total that must be there'));
  await file.install();
  await file.run(`UPDATE positions SET current_price = NULL`);
  expect(await file.status()).toMatchObject({
    state: 'installed',
    findings: [
      'the total of account 1 is unknown (1 open position without a price or a quantity), ' +
        'and 1025 stands there because it may not be empty',
    ],
  });
});
