/** How a guard comes, is found, and goes, on every engine. */
import { expect, test } from 'vitest';
import type { SourceEngine } from '../../src/model/source.ts';
import { SourceError } from '../../src/sources/source-error.ts';
import { type MakeGuarded, textOf } from './guard-cases.ts';
import { type GuardTables, guardTables } from './guard-tables.ts';

/** What somebody does to a guard, and what the status says of it. */
export interface Alteration {
  readonly name: string;
  readonly tables?: GuardTables;
  readonly audit?: true;
  readonly statements: string;
  readonly findings: readonly (string | RegExp)[];
  readonly unlogged?: readonly string[];
}

export function guardLife(engine: SourceEngine, make: MakeGuarded): void {
  installing(engine, make);
  logging(engine, make);
  removing(engine, make);
}

function installing(engine: SourceEngine, make: MakeGuarded): void {
  test('G7 installing asks for the backup, rights the total, notes it, once', async () => {
    const guarded = await make(guardTables(engine, 'one account'));
    expect(await guarded.status()).toMatchObject({ state: 'absent', audited: false });
    expect(await guarded.install()).toMatchObject({ state: 'installed', audited: false });
    expect(guarded.backups).toBe(1);
    expect(await guarded.log()).toEqual([
      expect.stringMatching(/^trueup account 1 10000(\.00)? -> 1025(\.00)?$/),
    ]);
    const schema = await guarded.schema();
    expect(await guarded.install()).toMatchObject({ state: 'installed' });
    expect([guarded.backups, (await guarded.log()).length]).toEqual([1, 1]);
    expect(await guarded.schema()).toBe(schema);
  });

  test('G7 a guard that logs goes on logging when it is installed anew', async () => {
    const guarded = await make(guardTables(engine, 'one account'));
    await guarded.install({ audit: false });
    expect(await guarded.install({ audit: true })).toMatchObject({ audited: true });
    expect(await guarded.install({ audit: false })).toMatchObject({ audited: true });
    const rows = await guarded.rows('SELECT why FROM trueup_audit ORDER BY id');
    expect(rows.map(({ why }) => why)).toEqual([
      'the guard was installed',
      'the guard was installed anew, with the log of every change',
    ]);
  });

  const refused: readonly (readonly [string, (tables: string) => string, RegExp])[] = [
    [
      'no total',
      (all) => all.replace(/total_value \S+(\(15,2\))?,/, 'spare TEXT,'),
      /keeps no total/,
    ],
    ['no prices', (all) => all.replaceAll('current_price', 'stop_loss'), /keeps no prices/],
    ['several accounts', (all) => `${all} INSERT INTO account VALUES (2, 1, 1, '')`, /has 2 rows/],
    [
      'a view',
      (all) =>
        `${all} ALTER TABLE positions RENAME TO held; CREATE VIEW positions AS SELECT * FROM held`,
      /positions is a view/,
    ],
    [
      'a total in words',
      (all) => all.replace(/total_value \S+(\(15,2\))?,/, 'total_value TEXT,'),
      /text/i,
    ],
  ];
  for (const [name, change, message] of refused) {
    test(`G6 refuses ${name}, and leaves everything as it was`, async () => {
      const guarded = await make(change(guardTables(engine, 'one account')));
      const schema = await guarded.schema();
      const refusal = await guarded.install().catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(SourceError);
      expect(refusal).toMatchObject({
        code: 'source-unsupported',
        message: expect.stringMatching(message),
      });
      if (name === 'no total')
        expect((refusal as SourceError).hint).toContain('ADD COLUMN total_value');
      expect(await guarded.schema()).toBe(schema);
      expect(guarded.backups).toBe(0);
    });
  }
}

function logging(engine: SourceEngine, make: MakeGuarded): void {
  test('G8 whoever changes what, it is logged as it was and as it is', async () => {
    const guarded = await make(guardTables(engine, 'one account'));
    await guarded.install({ audit: true });
    await guarded.run(`UPDATE positions SET current_price = 3 WHERE symbol = 'A'`);
    await guarded.run(`INSERT INTO positions (symbol, quantity, current_price) VALUES ('B', 1, 2)`);
    await guarded.run(`UPDATE account SET total_value = 10000`);
    await guarded.run(`UPDATE positions SET last_updated = 'now'`);
    await guarded.run(`DELETE FROM positions WHERE symbol = 'B'`);
    const plain = (await guarded.log()).map((line) =>
      line.replaceAll(/\.0+(?= |$)|(?<=\.[1-9])0+/g, ''),
    );
    expect(plain.slice(1)).toEqual([
      'trigger positions A A 10 2.5 -> A 10 3',
      'trigger account 1 1 1000 1025 -> 1 1000 1030',
      'trigger positions B none -> B 1 2',
      'trigger account 1 1 1000 1030 -> 1 1000 1032',
      'trigger account 1 1 1000 1032 -> 1 1000 10000', // the bot
      'trigger account 1 1 1000 10000 -> 1 1000 1032', // the guard
      'trigger positions B B 1 2 -> none',
      'trigger account 1 1 1000 1032 -> 1 1000 1030',
    ]);
    const [row] = await guarded.rows('SELECT at, why FROM trueup_audit ORDER BY id DESC LIMIT 1');
    expect(row).toMatchObject({
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      why: null,
    });
  });
}

function removing(engine: SourceEngine, make: MakeGuarded): void {
  for (const audit of [false, true]) {
    test(`G10 removing leaves nothing but the log${audit ? ', logged' : ''}`, async () => {
      const guarded = await make(guardTables(engine, 'several accounts'));
      const schema = await guarded.schema();
      await guarded.install({ audit });
      await (await guarded.guard()).remove();
      expect(await guarded.status()).toMatchObject({ state: 'absent' });
      await guarded.run('UPDATE positions SET current_price = 99; UPDATE account SET cash = 1');
      expect(textOf(await guarded.totals())).toBe('1025 2000');
      await guarded.run('DROP TABLE trueup_audit');
      expect(await guarded.schema()).toBe(schema);
      await (await guarded.guard()).remove();
      expect(await guarded.schema()).toBe(schema);
    });
  }
}

/** A cure for every one: installing anew. */
export function alterations(engine: SourceEngine, make: MakeGuarded, all: readonly Alteration[]) {
  for (const {
    name,
    tables = 'one account',
    audit = false,
    statements,
    findings,
    unlogged,
  } of all) {
    test(`G9 ${name}`, async () => {
      const guarded = await make(guardTables(engine, tables));
      await guarded.install({ audit });
      await guarded.run(statements);
      const status = await guarded.status();
      expect(status.state).toBe(findings.length > 0 ? 'altered' : 'installed');
      expect(status.findings).toEqual(
        findings.map((one) => (typeof one === 'string' ? one : expect.stringMatching(one))),
      );
      expect(status.unlogged).toEqual(unlogged ?? []);
      const cured = await guarded.install();
      expect(cured).toMatchObject({
        state: 'installed',
        findings: [],
        unlogged: [],
        audited: audit,
      });
    });
  }
}
