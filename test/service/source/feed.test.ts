/** Prices that stopped, records that name nobody, and what an update shows of what it wrote. */
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SourceError } from '../../../src/sources/source-error.ts';
import { Ground } from './kit.ts';

const dayMs = 86_400_000;

interface Updated {
  readonly notes: readonly string[];
  readonly accounts: readonly { total: { after: string } | null; record: object | null }[];
}

/** The incident's database, repaired, and looked at 80 days after its last price. */
async function dead(): Promise<Ground> {
  const ground = new Ground();
  await ground.update({ record: true });
  ground.clock.advance(80 * dayMs);
  return ground;
}

const records = (ground: Ground) => ground.one('SELECT count(*) FROM performance');

describe('O24 a feed that stopped', () => {
  const watching = { agesFromNow: true, performanceMaxAgeMs: 365 * dayMs };

  test('O24 who goes on looking finds nothing true, and records nothing', async () => {
    const ground = await dead();
    const before = records(ground);
    const { verdict, sheets } = await ground.check(watching);
    expect(verdict).toBe('cannot-say');
    expect(new Set(sheets[0]!.unpriced.map(({ reason }) => reason))).toEqual(
      new Set(['MARK_STALE']),
    );
    const record = { prices: null, actor: null };
    const recorded = await ground.at((desk) => desk.recordPerformance(record), watching);
    expect([recorded.status, recorded.exitCode]).toEqual(['cannot-say', 5]);
    expect(records(ground)).toBe(before);
  });

  test('O24 as old as somebody allowed is not too old', async () => {
    const ground = await dead();
    const { verdict } = await ground.check({ ...watching, markMaxAgeMs: 81 * dayMs });
    expect(verdict).toBe('true');
  });

  test('O24 a price whose time is not kept has no age that could be too high', async () => {
    const ground = await dead();
    ground.bot('UPDATE positions SET last_updated = NULL');
    expect((await ground.check(watching)).verdict).toBe('true');
    // Unless somebody said how old one may be.
    const asked = { ...watching, markMaxAgeGiven: true };
    expect((await ground.check(asked)).verdict).toBe('cannot-say');
  });

  test('N32 by hand a record is written, and says how old its prices are', async () => {
    const ground = await dead();
    const { status, document } = await ground.update({ record: true });
    expect(status).toBe('written');
    expect((document as unknown as Updated).notes).toContain(
      'the record stands on prices of 2026-01-12T21:00:04.57785Z, 80 days old',
    );
    const fresh = await new Ground().update({ record: true });
    expect((fresh.document as unknown as Updated).notes).toEqual([]);
  });

  test('N32 who said how old a price may be gets no record of older ones', async () => {
    const ground = await dead();
    const before = records(ground);
    const wish = { record: true, prices: null, dryRun: false, actor: null };
    const { status } = await ground.at((desk) => desk.update(wish), { markMaxAgeGiven: true });
    expect([status, records(ground)]).toEqual(['cannot-say', before]);
  });
});

/** A second account, and so positions and records that may be either's. */
const twoAccounts = (ground: Ground) =>
  ground.bot("INSERT INTO account VALUES (2, 5, 5, '2026-01-10T16:05:12')");

describe('N31 a dry run', () => {
  const error = async (ground: Ground, dryRun: boolean): Promise<unknown> =>
    ground.update({ record: true, dryRun }).then(
      () => null,
      (failure: unknown) => (failure instanceof SourceError ? failure.message : failure),
    );

  test('N31 is refused for what the update is refused for, and makes no book', async () => {
    const ground = new Ground();
    twoAccounts(ground);
    ground.bot('DELETE FROM positions');
    const refused = await error(ground, true);
    expect(refused).toBe('performance does not say whose a record is, and there are 2 accounts');
    expect(existsSync(ground.book)).toBe(false);
    expect(await error(ground, false)).toBe(refused);
  });

  test('N31 of what can be written is not', async () => {
    const ground = new Ground();
    expect(await error(ground, true)).toBeNull();
    expect(ground.total()).toBe(10_000);
    expect(ground.tables()).toBeNull();
  });
});

test('N33 records that name nobody are counted beside each account', async () => {
  const ground = new Ground();
  twoAccounts(ground);
  const histories = await ground.at((desk) => desk.performance(10));
  expect(
    histories.map(({ accountId, records: own, nameless }) => [accountId, own, nameless]),
  ).toEqual([
    ['1', [], 1],
    ['2', [], 1],
  ]);
  ground.bot('ALTER TABLE performance ADD COLUMN account_id INTEGER');
  ground.bot(
    "INSERT INTO performance VALUES ('2026-01-12T16:00:00', 5, 5, 0, 2)",
    "INSERT INTO performance VALUES ('2026-01-12T16:01:00', 5, 5, 0, 9)",
  );
  const told = await ground.at((desk) => desk.performance(10));
  // One names nobody, one somebody who is not there.
  expect(told.map(({ records: own, nameless }) => [own.length, nameless])).toEqual([
    [0, 2],
    [1, 2],
  ]);
});

test('N32 an update shows the number that the column took', async () => {
  const ground = new Ground();
  // A column for whole numbers, as a trigger of the bot makes it.
  ground.bot(
    'CREATE TRIGGER whole AFTER UPDATE OF total_value ON account WHEN new.total_value <> ' +
      'round(new.total_value) BEGIN UPDATE account SET total_value = round(new.total_value) ' +
      'WHERE id = new.id; END',
  );
  const { document } = await ground.update();
  const [one] = (document as unknown as Updated).accounts;
  expect(one!.total).toMatchObject({ before: '10000', after: '10212' });
});

describe('H23 an account table without a row', () => {
  test('H23 nothing is said to be the truth, and nothing is written', async () => {
    const ground = new Ground();
    ground.bot('DELETE FROM account');
    const { verdict, document } = await ground.check();
    expect([verdict, document.exitCode]).toEqual(['cannot-say', 5]);
    expect(document.json['unknown']).toMatchObject([{ why: 'the account table has no row' }]);
    const update = await ground.update({ record: true });
    expect([update.status, update.exitCode]).toEqual(['cannot-say', 5]);
    expect(records(ground)).toBe(1);
  });
});

test('N7 a total that a guard keeps empty is not written over, and the part is named', async () => {
  const ground = new Ground();
  const request = { action: 'install', audit: false, statements: false, actor: null } as const;
  await ground.at((desk) => desk.guard(request));
  ground.bot("UPDATE positions SET current_price = NULL WHERE symbol = 'ACI'");
  expect(ground.total()).toBeNull();
  const update = await ground.update({ record: true });
  expect([update.status, update.exitCode]).toEqual(['cannot-say', 5]);
  expect(update.before[0]!.unpriced.map(({ what }) => what)).toEqual(['ACI']);
  expect([ground.total(), records(ground)]).toEqual([null, 1]);
});

describe('Q29 positions that look closed', () => {
  const marked = (column: string, value: string) => {
    const ground = new Ground();
    ground.bot(
      `ALTER TABLE positions ADD COLUMN ${column}`,
      `UPDATE positions SET ${column} = ${value} WHERE symbol = 'ACI'`,
    );
    return ground;
  };

  test.each([
    ['status', "'CLOSED'"],
    ['is_open', '0'],
    ['is_active', "'false'"],
    ['closed', '1'],
    ['closed_at', "'2026-01-11T10:00:00'"],
  ])('Q29 %s %s with a quantity: nobody knows whether it counts', async (column, value) => {
    const ground = marked(column, value);
    const { verdict, document, sheets } = await ground.check();
    expect(verdict).not.toBe('true');
    expect(sheets[0]!.calculated).toBeNull();
    expect(sheets[0]!.unpriced).toMatchObject([
      {
        what: 'ACI',
        why: expect.stringContaining('which looks closed, and the row has a quantity'),
      },
    ]);
    expect(document.json['hints']).toContainEqual(
      `1 position looks closed by ${column} and has a quantity: set it to 0 where it is sold, ` +
        'or --schema falcon counts every row',
    );
    expect((await ground.update()).status).toBe('cannot-say');
    expect(ground.total()).toBe(10_000);
  });

  test.each([
    ['status', "'open'"],
    ['is_open', '1'],
    ['closed', '0'],
    ['closed_at', 'NULL'],
    ['closed_at', "''"],
  ])('Q29 %s %s is held', async (column, value) => {
    const { sheets } = await marked(column, value).check();
    expect(sheets[0]!.unpriced).toEqual([]);
  });

  test('Q29 closed with a quantity of 0 counts nothing', async () => {
    const ground = marked('status', "'closed'");
    ground.bot("UPDATE positions SET quantity = 0 WHERE symbol = 'ACI'");
    const { sheets } = await ground.check();
    expect([sheets[0]!.unpriced, sheets[0]!.rows.length]).toEqual([[], 8]);
  });

  test('Q29 who names the schema has said that every row counts', async () => {
    const { sheets } = await marked('status', "'closed'").check({ schema: 'falcon' });
    expect([sheets[0]!.unpriced, sheets[0]!.rows.length]).toEqual([[], 9]);
  });
});
