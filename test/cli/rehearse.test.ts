import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keepBotDatabase } from '../../src/service/rehearsal/mismatch-database.ts';
import { incidentTables } from '../../src/sources/falcon/incident-database.ts';
import { startPostgres, type TestServer } from '../postgres/server.ts';
import { CommandLine } from './command-line.ts';

const cli = new CommandLine();
afterAll(() => cli.remove());

interface Rehearsed {
  readonly steps: readonly {
    readonly name: string;
    readonly figures: readonly { readonly what: string; readonly found: string }[];
  }[];
}

/** What a figure of a step was found to be. */
const found = ({ steps }: Rehearsed, step: string, what: string): string | undefined =>
  steps.find(({ name }) => name === step)?.figures.find((one) => one.what === what)?.found;

describe('rehearse falcon-balance', () => {
  test('I2 I3 goes from what was reported to TRUE, and leaves nothing behind', async () => {
    const temporary = join(cli.folder, 'temporary');
    mkdirSync(temporary);
    const { code, out, err } = await cli.run('rehearse falcon-balance', {
      environment: { TMPDIR: temporary },
    });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.trimEnd().split('\n').at(-1)).toMatch(/^TRUE: 13 steps, \d+ figures, all as/);
    for (const figure of ['1,058.70', '9,152.99', '−59.38', '10,211.69', '211.69', '271.07']) {
      expect(out).toContain(figure);
    }
    const left = readdirSync(temporary).filter((name) => name.startsWith('trueup-rehearsal'));
    expect(left).toEqual([]);
    expect(readdirSync(cli.folder)).toEqual(['temporary']);
  });

  test('I2 says the same in one document', async () => {
    const document = await cli.json<Rehearsed>('rehearse falcon-balance');
    expect(document).toMatchObject({
      schema: 'trueup.rehearse/1',
      name: 'falcon-balance',
      verdict: 'true',
      exitCode: 0,
      kept: null,
      planned: 13,
    });
    expect(found(document, 'check', 'difference')).toBe('211.69');
    expect(found(document, 'ACI +1 %', 'difference: 0.01 x 1,000.00')).toBe('10');
    expect(found(document, 'an old total', 'stored total')).toBe('10231.79');
  });

  test('I3 --keep leaves the database as it was at the beginning, and replaces none', async () => {
    const { out } = await cli.run('rehearse falcon-balance --keep incident');
    expect(out).toContain('incident/paper_trading.db');
    expect(readdirSync(join(cli.folder, 'incident'))).toEqual(['paper_trading.db']);
    const file = new DatabaseSync(join(cli.folder, 'incident', 'paper_trading.db'));
    const names = file.prepare('SELECT name FROM sqlite_master WHERE sql IS NOT NULL').all();
    expect(names.map(({ name }) => name)).toEqual(
      incidentTables('stored-total').map(({ name }) => name),
    );
    expect(file.prepare('SELECT total_value FROM account').get()).toEqual({ total_value: 10000 });
    file.close();
    const again = await cli.run('rehearse falcon-balance --keep incident');
    expect(again).toMatchObject({ code: 2, out: '' });
    expect(again.err).toContain('is there already');
  });

  test('I2 an incident that nobody knows is refused with those that are known', async () => {
    const { code, err } = await cli.run('rehearse falcon');
    expect(code).toBe(2);
    expect(err).toContain('choose falcon-balance or quantity-mismatch');
  });
});

describe('rehearse quantity-mismatch', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  test('I18 I19 I20 goes from nine positions to TRUE on PostgreSQL; leaves nothing', async () => {
    const address = await server.database();
    const client = new pg.Client({ connectionString: address });
    await client.connect();
    const temporary = join(cli.folder, 'temporary-2');
    mkdirSync(temporary);
    const { code, out } = await cli.run('rehearse quantity-mismatch --json', {
      environment: { TRUEUP_REHEARSAL_POSTGRES: address, TMPDIR: temporary },
    });
    const document = JSON.parse(out) as Rehearsed;
    const names = await client.query("SELECT 1 FROM pg_database WHERE datname LIKE 'trueup%'");
    await client.end();
    expect(names.rows).toEqual([]);
    expect(code).toBe(0);
    expect(document).toMatchObject({
      ...{ schema: 'trueup.rehearse/1', name: 'quantity-mismatch', verdict: 'true', planned: 16 },
    });
    expect(found(document, 'as reported', 'database')).toBe('PostgreSQL');
    const left = readdirSync(temporary).filter((name) => name.startsWith('trueup-rehearsal'));
    expect(left).toEqual([]);
    expect(found(document, 'check', 'told')).toMatch(/DB: 60, Exchange: 59\.88/);
    expect(found(document, 'check', 'positions')).toBe(
      '9 stored, 23 exchange, 6 verified, 3 different, 0 phantom, 0 missing, 14 foreign',
    );
    // Left of 4160 and of 2136.9 at the exchange, and nothing beside them.
    const exits = ['AGI', 'SCA'].map((coin) => found(document, 'exits --apply', `exit of ${coin}`));
    expect(exits).toEqual(['reduce-only buy 3160 @ 0.04809', 'reduce-only buy 2036 @ 0.09477']);
    // 4160 x 0.0447 - 1000 x 0.04784 - 3160 x 0.04809 = 185.952 - 47.84 - 151.9644
    for (const what of ['closed PnL of the exchange', 'realised PnL of our book', 'PnL of its row'])
      expect(found(document, 'what it made', `AGIUSDT, ${what}`)).toBe('-13.8524');
  });

  test('I20 a server that cannot be used is told without its password', async () => {
    const { code, err } = await cli.run('rehearse quantity-mismatch', {
      environment: { TRUEUP_REHEARSAL_POSTGRES: 'postgresql://bot:hidden@127.0.0.1:1/x' },
    });
    expect(code).toBe(1);
    expect(err).toContain('no database can be made on postgresql://bot@127.0.0.1:1/x');
    expect(err).not.toContain('hidden');
  });

  test('I3 I18 --keep leaves the rows and the log as they were found', async () => {
    const folder = join(cli.folder, 'positions');
    keepBotDatabase(folder);
    expect(readdirSync(folder).sort()).toEqual(['bot.log', 'monitoring.db']);
    const { code, out } = await cli.run(
      'audit source --source sqlite:positions/monitoring.db --json',
    );
    expect([code, JSON.parse(out)]).toMatchObject([0, { rows: 9, active: 9, closed: 0 }]);
    expect(() => keepBotDatabase(folder)).toThrow('is there already');
  });
});
