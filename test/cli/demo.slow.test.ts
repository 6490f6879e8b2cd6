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
  readonly exits: number;
  readonly denied: number;
  readonly mishaps: number;
  readonly faultsApplied: number;
  readonly breaks: { readonly opened: number; readonly closed: number };
  readonly waiting: readonly { readonly id: string; readonly title: string }[];
  readonly folder: string;
}

interface Exported {
  readonly kind: string;
  readonly instrument?: string;
  readonly clientOrderId?: string;
  readonly reduceOnly?: boolean;
}

const forgotten = 'SOL/USDT:USDT';

test('DM2 DM3 DM4 DM6 bots trade, things go wrong and are repaired, one break waits', async () => {
  // A position is aged after a minute of the demo's own time: after 15 s here.
  const { code, out } = await cli.run('demo --for 24s --speed 4 --json --port 0 --folder demo');
  const said = JSON.parse(out) as Demo;
  expect(said).toMatchObject({ schema: 'trueup.demo/1', mode: 'PAPER' });
  expect(said.orders).toBeGreaterThan(0);
  expect(said.fills).toBeGreaterThanOrEqual(said.orders);
  expect(said.exits).toBeGreaterThan(0);
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
  // Each instrument was traded, and what was bought once and forgotten is what was left.
  const exported = (await cli.run(`${book} export --account trend`)).out.trim().split('\n');
  const facts = exported.map((line) => JSON.parse(line) as Exported);
  const fills = facts.filter(({ kind }) => kind === 'fill');
  const traded = new Set(fills.map(({ instrument }) => instrument));
  expect([...traded].sort()).toEqual(['BTC/USDT:USDT', 'ETH/USDT:USDT', forgotten]);
  const exits = facts.filter(({ clientOrderId }) => clientOrderId?.startsWith('tux-'));
  expect(exits.map(({ instrument }) => instrument)).toContain(forgotten);
  expect(exits.filter(({ kind }) => kind === 'order').every((one) => one.reduceOnly)).toBe(true);
  const settings = readFileSync(join(said.folder, 'trueup.yaml'), 'utf8');
  expect(settings).not.toMatch(/secret/);
  expect(existsSync(join(said.folder, 'demo.db.service.db'))).toBe(true);
});
