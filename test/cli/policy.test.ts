/** snooze, accept and policy as commands: codes, words, documents. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { account, CommandLine, deposit } from './command-line.ts';

let cli: CommandLine;

beforeEach(async () => {
  cli = new CommandLine();
  await cli.book([account, deposit]);
  const items = [{ currency: 'USDT', total: '9996' }];
  const said = { schema: 'trueup.statement/1', account: 'main', venue: 'bybit' };
  const statement = { ...said, asOf: '2026-11-02T12:00:00Z', balances: { complete: true, items } };
  cli.file('off.json', JSON.stringify(statement));
});
afterEach(() => cli.remove());

const check = 'check --statement off.json';
const codeOf = async (words: string): Promise<number | null> => (await cli.run(words)).code;

test('PO1 PO3 PO4 a difference that somebody lives with, and its end', async () => {
  const first = await cli.json<{ breaks: readonly { id: string }[] }>(check);
  const { id } = first.breaks[0]!;
  expect(await codeOf(`accept ${id} --until 7d --cap 5`)).toBe(2);
  expect(await codeOf(`accept ${id} --until 7d --reason dust`)).toBe(2);
  expect(await codeOf(`accept ${id} --until 7d --cap 3.99 --reason dust`)).toBe(2);
  expect(await codeOf(`accept ${id} --until 7d --cap 5 --reason dust --scope all`)).toBe(2);
  expect(await codeOf('accept BRK-NONE00 --until 7d --cap 5 --reason dust')).toBe(2);
  expect(await cli.run(`accept ${id} --until 7d --cap 5 --reason dust --by Ada`)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^BRK-\w+ is ACCEPTED\n.*accepted up to 5 until \S+ \S+: dust/),
  });
  const accepted = await cli.run(check);
  expect(accepted).toMatchObject({ code: 0 });
  expect(accepted.out).toMatch(/accepted {2}BRK-\w+ .*\n.*accepted up to 5 until .*: dust/);
  expect(accepted.out).toContain('equal but for 1 accepted');
  expect(await codeOf(`${check} --strict`)).toBe(3);
  expect(await codeOf(`accept ${id} --end --until 7d`)).toBe(2);
  expect(await codeOf(`accept ${id} --end`)).toBe(0);
  expect(await codeOf(check)).toBe(3);
  const snoozed = await cli.json(`snooze ${id} --until 2h --reason later`);
  expect(snoozed).toMatchObject({
    ...{ schema: 'trueup.snooze/1', account: 'main', currency: 'USDT' },
    breaks: [{ id, state: 'SNOOZED', gross: '4', hold: { reason: 'later', scope: 'lines' } }],
  });
  expect(await codeOf(check)).toBe(3);
});

test('PO6 PO9 the policy, the stop in check, sync and gate, and refused settings', async () => {
  expect((await cli.run('policy')).out).toContain('taking back: never without a person');
  expect(await codeOf('policy stop')).toBe(2);
  expect((await cli.run('policy stop --reason drill --by Ada')).out).toContain('are stopped');
  for (const words of [check, 'sync --statement off.json', 'gate', 'policy']) {
    expect((await cli.run(words)).out).toMatch(/are stopped since \S+ \S+ by Ada: drill/);
  }
  const stopped = { reason: 'drill', by: 'Ada' };
  expect(await cli.json(check)).toMatchObject({ accounts: [{ stopped }] });
  expect(await cli.json('gate')).toMatchObject({ accounts: [{ stopped }] });
  expect((await cli.run('policy start')).out).toContain('follow the policy');
  expect((await cli.run(check)).out).not.toContain('stopped');
  cli.file('trueup.json', JSON.stringify({ policy: { rows: { repairsPerDay: -1 } } }));
  for (const words of [check, 'sync', 'gate', 'policy']) expect(await codeOf(words)).toBe(2);
});

test('PO10 a policy on the last days, by another file too', async () => {
  await cli.run(check);
  const file = { policy: { roundingSteps: 0 } };
  cli.file('other.json', JSON.stringify(file));
  cli.file('bare.json', JSON.stringify(file.policy));
  for (const name of ['other.json', 'bare.json']) {
    expect(await cli.json(`policy test --days 7 --policy ${name}`)).toMatchObject({
      ...{ schema: 'trueup.policy-test/1', days: 7, settings: { roundingSteps: 0 } },
      accounts: [
        { decided: [{ what: 'ask', count: 1, gross: '4' }], done: [{ what: 'open', count: 1 }] },
      ],
    });
  }
  expect((await cli.run('policy test')).out).toMatch(/ask +1 +4/);
  expect(await codeOf('policy test --policy none.json')).toBe(2);
});

test('PO12 whoever proposed does not approve, where the settings ask for two', async () => {
  cli.file('trueup.json', JSON.stringify({ policy: { approvals: { fourEyes: true } } }));
  const { breaks } = await cli.json<{ breaks: readonly { id: string }[] }>(check);
  const { id } = breaks[0]!;
  const sync = `sync --statement off.json --adjust ${id}`;
  const shown = await cli.json<{ accounts: readonly { plan: string }[] }>(`${sync} --by Ada`);
  const approve = `approve ${id} --plan ${shown.accounts[0]!.plan}`;
  const own = await cli.run(`${approve} --by Ada`);
  expect([own.code, own.err]).toEqual([6, expect.stringContaining(`Ada proposed ${id}`)]);
  expect(await codeOf(`${approve} --by Bob`)).toBe(0);
  expect(await codeOf(`${sync} --apply`)).toBe(0);
  expect((await cli.run('policy')).out).toContain('whoever proposed a repair does not approve it');
});
