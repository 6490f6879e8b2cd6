import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { account, CommandLine, deposit, fill } from './command-line.ts';
import { exportedAndImported } from './exported-book.ts';

let cli: CommandLine;

beforeEach(() => {
  cli = new CommandLine();
});
afterEach(() => cli.remove());

const bust = { kind: 'bust', account: 'main', bustId: 'b1', time: '2026-11-02T12:00:00Z' };
const correction = { kind: 'correction', account: 'main', correctionId: 'k1', executionId: 'e2' };

describe('X10 export and import', () => {
  test.each([1, 2, 3, 4])('X10 give the same books of random facts (seed %i)', async (seed) => {
    const { told, again, conflicts } = await exportedAndImported(seed, 150);
    expect(again).toEqual(told);
    expect(conflicts).toBe(0);
  });

  test('X10 give the same book by way of a pipe', async () => {
    await cli.book([
      account,
      deposit,
      fill('e1', { fee: null, feeCurrency: undefined }),
      fill('e2', { side: 'sell', quantity: '0.2', price: '61000' }),
      fill('e3', { price: '1' }),
      { ...correction, price: '61001', time: '2026-11-02T11:00:00Z' },
      { ...bust, executionId: 'e3' },
    ]);
    cli.file('later.ndjson', [fill('e1')]);
    expect((await cli.run('import later.ndjson')).out).toContain('1 enriched');
    const { out } = await cli.run('export');
    await cli.book([], 'copy.db');
    expect((await cli.run('import - --book copy.db', { input: out })).code).toBe(0);
    const [one, other] = [await cli.json('book'), await cli.json('book --book copy.db')];
    expect({ ...other, sequence: 0, head: 0 }).toEqual({ ...one, sequence: 0, head: 0 });
  });
});

test('a completed fact is exported complete, and what was booked over it is not', async () => {
  await cli.book([account, fill('e1', { fee: null, feeCurrency: undefined })]);
  await cli.book([fill('e1', { liquidity: 'maker' }), fill('e1', { price: '1' })]);
  const { out, err } = await cli.run('export');
  const fills = out.split('\n').filter((line) => line.includes('"fill"'));
  expect(fills).toHaveLength(1);
  expect(fills[0]).toContain('"fee":"16.5","feeCurrency":"USDT","liquidity":"maker"');
  expect(err).toContain('left out: 1 conflict');
  const withConflicts = await cli.run('export --conflicts');
  expect(withConflicts.out).toContain('"price":"1"');
});

test('a file is written whole, under a new name only', async () => {
  await cli.book([account, deposit]);
  const document = await cli.json('export --out out.ndjson');
  expect(document).toEqual({
    schema: 'trueup.export/1',
    file: 'out.ndjson',
    written: { account: 1, deposit: 1 },
    leftOut: {},
  });
  expect(readFileSync(join(cli.folder, 'out.ndjson'), 'utf8').split('\n')).toHaveLength(3);
  expect((await cli.run('export --out out.ndjson')).code).toBe(2);
});
