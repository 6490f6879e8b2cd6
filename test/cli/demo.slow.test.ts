import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { CommandLine } from './command-line.ts';

const cli = new CommandLine();
afterAll(() => cli.remove());

interface Demo {
  readonly schema: string;
  readonly mode: string;
  readonly exitCode: number;
  readonly verdict: string;
  readonly accounts: readonly { readonly account: string; readonly verdict: string }[];
  readonly fills: number;
  readonly orders: number;
  readonly denied: number;
  readonly mishaps: number;
  readonly faultsApplied: number;
  readonly breaks: { readonly opened: number; readonly closed: number };
  readonly waiting: readonly { readonly id: string; readonly title: string }[];
  readonly folder: string;
}

test('DM2 DM3 DM4 bots trade, things go wrong and are repaired, one break waits', async () => {
  const { code, out } = await cli.run('demo --for 22s --json --port 0 --folder demo');
  const said = JSON.parse(out) as Demo;
  expect(said).toMatchObject({ schema: 'trueup.demo/1', mode: 'PAPER' });
  expect(said.orders).toBeGreaterThan(0);
  expect(said.fills).toBeGreaterThanOrEqual(said.orders);
  expect(said.faultsApplied).toBeGreaterThan(0);
  // The small one was repaired by the policy; the large one is what waits.
  expect(said.breaks.opened).toBeGreaterThanOrEqual(2);
  expect(said.breaks.closed).toBeGreaterThanOrEqual(1);
  expect(said.waiting.map(({ title }) => title)).toEqual(['A fill was counted twice']);
  expect(said.accounts).toEqual([
    { account: 'swing', verdict: 'break' },
    { account: 'trend', verdict: 'true' },
  ]);
  expect({ code, exitCode: said.exitCode, verdict: said.verdict }).toEqual({
    ...{ code: 3, exitCode: 3, verdict: 'break' },
  });
  // The gate denied orders of the account whose break was open.
  expect(said.denied).toBeGreaterThan(0);
  // It is a book as any other: its commands work on it afterwards.
  const book = `--book ${join(said.folder, 'demo.db')}`;
  expect(await cli.json(`${book} verify`)).toMatchObject({ exitCode: 0, findings: [] });
  const settings = readFileSync(join(said.folder, 'trueup.yaml'), 'utf8');
  expect(settings).not.toMatch(/secret/);
  expect(existsSync(join(said.folder, 'demo.db.service.db'))).toBe(true);
});
