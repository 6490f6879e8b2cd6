/** The conformance suite, writing: what `write` leaves in a database, and when nothing. */
import { expect } from 'vitest';
import { decimal, toTextOrNull } from '../../src/decimal/text.ts';
import { instantText } from '../../src/model/instant.ts';
import type { SourceAuditRow } from '../../src/model/source.ts';
import type { Source } from '../../src/sources/source.ts';
import { at, newer, older, recordWrite, totalWrite, writeOf } from './ground.ts';
import { type Scenario, scenario } from './scenario.ts';
import { sourceOn, TestClock } from './worlds.ts';

const totalsOf = async (source: Source) =>
  (await source.snapshot()).accounts.map(({ total }) => toTextOrNull(total));

/** `account 1 total_value 10000 -> 9969.32`, one line for each column that changed. */
const told = ({ changes }: SourceAuditRow): string[] =>
  changes.flatMap(({ table, key, before, after }) =>
    Object.keys(after ?? before ?? {})
      .filter((column) => before?.[column] !== after?.[column])
      .map((column) => {
        const [was, is] = [before, after].map((image) => (image ? Number(image[column]) : 'none'));
        return `${table} ${key} ${column} ${was} -> ${is}`;
      })
      .filter((line) => !line.includes('NaN')),
  );

export const writingCases: readonly Scenario[] = [
  scenario('Q13 a total is written with what was there before, and why', async (make) => {
    const source = await sourceOn(await make(older));
    const { audit, snapshot } = await source.write(() => totalWrite('9969.32'));
    expect(snapshot.accounts[0]!.positions).toHaveLength(2);
    expect(audit).toMatchObject({
      actor: 'trueup',
      action: 'update',
      at,
      why: 'the total was stale',
      undoes: null,
    });
    expect(told(audit!)).toEqual(['account 1 total_value 10000 -> 9969.32']);
    expect(audit!.changes[0]!.before!['last_updated']).toMatch(/^2026-01-10[T ]16:05:12/);
    const after = await source.snapshot();
    expect(toTextOrNull(after.accounts[0]!.total)).toBe('9969.32');
    expect(instantText(after.accounts[0]!.updatedAt!)).toBe('2026-01-12T21:00:00Z');
    expect(after.lastWrite).toEqual(audit);
    expect(await source.audit(0, 10)).toEqual([audit]);
    await source.close();
  }),

  scenario('Q13 prices, the total and a record are written together', async (make) => {
    const source = await sourceOn(await make(older));
    const prices = [
      { accountId: '1', symbol: 'ACI', price: decimal('16.16') },
      { accountId: '1', symbol: 'INTC', price: decimal('44.06') },
    ];
    const { totals } = totalWrite('9979.32');
    const { performance } = recordWrite('9979.32');
    const { audit } = await source.write(() => writeOf({ prices, totals, performance }));
    expect(told(audit!)).toEqual(
      expect.arrayContaining([
        'account 1 total_value 10000 -> 9979.32',
        'positions ACI current_price 16 -> 16.16',
      ]),
    );
    const [account] = (await source.snapshot()).accounts;
    expect(toTextOrNull(account!.positions[0]!.price)).toBe('16.16');
    expect(instantText(account!.positions[0]!.updatedAt!)).toBe('2026-01-12T21:00:00Z');
    expect(account!.performanceCount).toBe(2);
    expect(toTextOrNull(account!.performance[1]!.total)).toBe('9979.32');
    await source.close();
  }),

  scenario('Q13 a position of one account is written, and not its namesake', async (make) => {
    const source = await sourceOn(
      await make({
        account: ['id:id! cash:money total_value:money', '1 10 10', '2 20 20'],
        positions: [
          'account_id:id symbol:text quantity:quantity current_price:money',
          '1 ACI 1 16',
          '2 ACI 2 16',
        ],
      }),
    );
    const prices = [{ accountId: '2', symbol: 'ACI', price: decimal('17') }];
    await source.write(() => writeOf({ prices, totals: totalWrite('54', '2').totals }));
    const { accounts } = await source.snapshot();
    expect(accounts.map(({ positions: [one] }) => toTextOrNull(one!.price))).toEqual(['16', '17']);
    expect(await totalsOf(source)).toEqual(['10', '54']);
    await source.close();
  }),

  scenario(
    'Q24 the log says what each row keeps, whose it is and in which column',
    async (make) => {
      const source = await sourceOn(await make(older));
      const { totals } = totalWrite('9979.32');
      const { performance } = recordWrite('9979.32');
      const prices = [{ accountId: null, symbol: 'ACI', price: decimal('16.16') }];
      const { audit } = await source.write(() => writeOf({ totals, prices, performance }));
      const named = ({ changes }: SourceAuditRow) =>
        changes.map(({ role, accountId, column }) => [role, accountId, column]);
      const all = [
        ['total', '1', 'total_value'],
        ['price', null, 'current_price'],
        ['record', '1', 'total_value'],
      ];
      expect(named(audit!)).toEqual(all);
      expect(named(await source.undo(null, 'back', at))).toEqual(all);
      await source.close();
    },
  ),

  scenario('Q24 a row of the log that does not say so is taken back all the same', async (make) => {
    const world = await make(older);
    const source = await sourceOn(world);
    const write = writeOf({ ...totalWrite('1'), performance: recordWrite('5').performance });
    await source.write(() => write);
    for (const role of ['total', 'record']) {
      const said = `,"role":"${role}","accountId":"1","column":"total_value"`;
      await world.bot(`UPDATE trueup_audit SET changes = replace(changes, '${said}', '')`);
    }
    const [row] = await source.audit(0, 1);
    expect(row!.changes.map(({ role }) => role)).toEqual([undefined, undefined]);
    await source.undo(null, 'back', at);
    expect(await totalsOf(source)).toEqual(['10000']);
    expect((await source.snapshot()).accounts[0]!.performanceCount).toBe(1);
    await source.close();
  }),

  scenario('Q14 nothing to write is no lock, no copy and no row', async (make) => {
    const world = await make(older);
    const source = await sourceOn(world);
    const { audit, backup } = await source.write(() => null);
    expect([audit, backup]).toEqual([null, null]);
    expect(await source.audit(0, 10)).toEqual([]);
    const database = await world.open(new TestClock());
    expect(await database.backups()).toEqual([]);
    await Promise.all([source.close(), database.close()]);
  }),

  scenario('Q14 a second update finds nothing to do', async (make) => {
    const source = await sourceOn(await make(older));
    const wanted = () =>
      source.write(({ accounts: [account] }) =>
        toTextOrNull(account!.total) === '9969.32' ? null : totalWrite('9969.32'),
      );
    expect((await wanted()).audit).not.toBeNull();
    expect(await wanted()).toMatchObject({ audit: null, backup: null });
    expect(await source.audit(0, 10)).toHaveLength(1);
    await source.close();
  }),

  scenario('Q14 a decision that throws leaves nothing half-written', async (make) => {
    const source = await sourceOn(await make(older));
    const before = await source.snapshot();
    let asked = 0;
    const decide = () => {
      asked += 1;
      // The first time is a look without a lock; the second is inside the transaction.
      if (asked === 2) throw new RangeError('no such thing');
      return totalWrite('1');
    };
    await expect(source.write(decide)).rejects.toThrow('no such thing');
    expect(asked).toBe(2);
    expect(await source.snapshot()).toEqual(before);
    // What is refused by the database in the middle takes back what came before it.
    const wanted = { ...totalWrite('1'), performance: recordWrite('1', at, '9').performance };
    const prices = [{ accountId: '1', symbol: 'NONE', price: decimal('1') }];
    await expect(source.write(() => ({ ...wanted, prices }))).rejects.toThrow('NONE');
    expect(await source.snapshot()).toEqual(before);
    await source.close();
  }),

  scenario(
    'Q15 a copy is made before the first write of a day, and seven are kept',
    async (make) => {
      const world = await make(older);
      const clock = new TestClock('2026-01-12T23:59:00Z');
      const source = await sourceOn(world, clock);
      const first = await source.write(() => totalWrite('1'));
      expect(first.backup).toContain('2026-01-12');
      expect((await source.write(() => totalWrite('2'))).backup).toBeNull();
      for (let day = 1; day <= 8; day++) {
        clock.passDays(1);
        expect((await source.write(() => totalWrite(`${day + 2}`))).backup).not.toBeNull();
      }
      const database = await world.open(clock);
      expect(await database.backups()).toEqual([
        ...['14', '15', '16', '17', '18', '19', '20'].map((day) => `2026-01-${day}`),
      ]);
      await Promise.all([source.close(), database.close()]);
    },
  ),

  scenario('Q17 a record whose time is taken gets the next one', async (make) => {
    const source = await sourceOn(await make(older));
    const first = await source.write(() => recordWrite('1'));
    const second = await source.write(() => recordWrite('2'));
    expect([first.audit!.action, second.audit!.action]).toEqual(['record', 'record']);
    const [account] = (await source.snapshot()).accounts;
    const shown = account!.performance.map(({ time, total }) => [
      instantText(time),
      toTextOrNull(total),
    ]);
    expect(shown).toHaveLength(3);
    expect(shown[1]).toEqual(['2026-01-12T21:00:00Z', '1']);
    expect(shown[2]![1]).toBe('2');
    await source.close();
  }),

  scenario(
    'Q18 what the schema has no place for is refused before anything is copied',
    async (make) => {
      const world = await make(newer);
      const source = await sourceOn(world);
      const total = source.write(() => totalWrite('1'));
      await expect(total).rejects.toMatchObject({
        code: 'source-unsupported',
        message: 'account keeps no total: there is nothing to update',
      });
      const prices = [{ accountId: '1', symbol: 'ACI', price: decimal('1') }];
      await expect(source.write(() => writeOf({ prices }))).rejects.toThrow('keeps no prices');
      const database = await world.open(new TestClock());
      expect(await database.backups()).toEqual([]);
      expect((await source.write(() => recordWrite('9969.32'))).audit!.action).toBe('record');
      await Promise.all([source.close(), database.close()]);
    },
  ),

  scenario('Q18 records of several accounts need a column that says whose', async (make) => {
    const account = ['id:id! cash:money total_value:money', '1 10 10', '2 20 20'] as const;
    const source = await sourceOn(await make({ ...older, account }));
    await expect(source.write(() => recordWrite('1'))).rejects.toMatchObject({
      code: 'source-unsupported',
      message: expect.stringContaining('there are 2 accounts'),
    });
    await source.close();
  }),

  scenario(
    'Q18 a record without a value for a column that needs one is refused by its name',
    async (make) => {
      const world = await make(older);
      const cases = [
        ["strategy TEXT NOT NULL DEFAULT 'swing'", null],
        ['note TEXT', null],
        ['account_ref INTEGER REFERENCES account(id)', null],
        ['run_id INTEGER NOT NULL REFERENCES account(id)', 'run_id'],
      ] as const;
      const source = await sourceOn(world);
      const database = await world.open(new TestClock());
      const add = (column: string) =>
        world.bot(`DROP TABLE performance; CREATE TABLE performance (
          timestamp TIMESTAMP PRIMARY KEY, total_value DECIMAL(15,2), cash DECIMAL(15,2) NOT NULL,
          positions_value DECIMAL(15,2), ${column})`);
      for (const [column, missing] of cases) {
        await add(column);
        const before = await database.backups();
        const written = source.write(() => recordWrite('9969.32'));
        if (missing === null) expect((await written).audit!.action).toBe('record');
        else {
          await expect(written).rejects.toMatchObject({
            code: 'source-unsupported',
            message: `performance.${missing} may not be empty, and a record has no value for it`,
          });
          expect((await source.snapshot()).accounts[0]!.performanceCount).toBe(0);
          expect(await database.backups()).toEqual(before);
        }
      }
      // The same of a column that is known, where the record does not know its value.
      await add('note TEXT');
      const [one] = recordWrite('9969.32').performance;
      const performance = [{ ...one!, record: { ...one!.record, cash: null } }];
      await expect(source.write(() => writeOf({ performance }))).rejects.toThrow(
        'performance.cash may not be empty',
      );
      await Promise.all([source.close(), database.close()]);
    },
  ),

  scenario('Q18 rows that cannot be told apart are not priced', async (make) => {
    const lots = [
      'symbol:text quantity:quantity current_price:money',
      'ACI 1 16',
      'ACI 2 16',
    ] as const;
    const source = await sourceOn(await make({ ...older, positions: lots }));
    const { accounts } = await source.snapshot();
    expect(accounts[0]!.positions).toHaveLength(2);
    const prices = [{ accountId: '1', symbol: 'ACI', price: decimal('17') }];
    await expect(source.write(() => writeOf({ prices }))).rejects.toThrow('2 rows for ACI');
    await source.close();
  }),

  scenario('Q18 a view is read, and not written', async (make) => {
    const world = await make({ ...older, cash_book: older.account, account: ['gone:id'] });
    await world.bot('DROP TABLE account');
    await world.bot('CREATE VIEW account AS SELECT * FROM cash_book');
    const source = await sourceOn(world);
    expect(await totalsOf(source)).toEqual(['10000']);
    await expect(source.write(() => totalWrite('1'))).rejects.toThrow('account is a view');
    await source.close();
  }),

  scenario(
    'Q37 two writers at once leave one state, and both or one row of the log',
    async (make) => {
      const world = await make(older);
      const [a, b] = [await sourceOn(world), await sourceOn(world)];
      const upTo = (source: Source) =>
        source.write(({ accounts: [account] }) =>
          toTextOrNull(account!.total) === '9969.32' ? null : totalWrite('9969.32'),
        );
      const written = await Promise.all([upTo(a), upTo(b)]);
      expect(written.filter(({ audit }) => audit !== null)).toHaveLength(1);
      expect(await totalsOf(a)).toEqual(['9969.32']);
      expect(await b.audit(0, 10)).toHaveLength(1);
      // Two that write whatever is there come one after the other.
      await Promise.all([a.write(() => totalWrite('1')), b.write(() => totalWrite('2'))]);
      const rows = await a.audit(1, 10);
      const [first, second] = rows.map(({ changes: [change] }) => change!);
      expect(Number(second!.before!['total_value'])).toBe(Number(first!.after!['total_value']));
      await Promise.all([a.close(), b.close()]);
    },
  ),
];
