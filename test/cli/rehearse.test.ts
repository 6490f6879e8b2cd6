import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, test } from 'vitest';
import { incidentTables } from '../../src/sources/falcon/incident-database.ts';
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
    expect(err).toContain('choose falcon-balance');
  });
});
