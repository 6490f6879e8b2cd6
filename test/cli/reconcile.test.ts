import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openForWriting } from '../../src/service/open-for-writing.ts';
import { systemClock } from '../../src/service/system-clock.ts';
import { blocksOf } from '../house/documents.ts';
import { root } from '../house/sources.ts';
import { account, CommandLine, deposit, fill } from './command-line.ts';

let cli: CommandLine;

beforeEach(() => {
  cli = new CommandLine();
});
afterEach(() => cli.remove());

type Json = Readonly<Record<string, unknown>>;

const cover = { from: '2026-11-02T00:00:00Z', to: '2026-11-03T00:00:00Z' };
const says = (sections: Json): Json => ({
  ...{ schema: 'trueup.statement/1', account: 'main', venue: 'bybit' },
  ...{ asOf: '2026-11-02T12:00:00Z', ...sections },
});
const money = (total: string): Json => ({
  balances: { complete: true, items: [{ currency: 'USDT', total }] },
});
const long = (quantity: string): Json => ({
  complete: true,
  items: [{ instrument: 'BTC/USDT:USDT', leg: 'net', quantity }],
});

/** True as it is; with a fill that is not listed; with a funding payment that is not booked. */
const right = says({ ...money('9983.5'), positions: long('0.5') });
const extra = says({
  ...{ ...money('10000'), positions: long('0') },
  executions: { complete: true, ...cover, items: [] },
});
const funding = { kind: 'funding', currency: 'USDT', amount: '-3', id: 'f1' };
const lacking = says({
  ...{ ...money('9980.5'), positions: long('0.5') },
  cashFlows: {
    ...{ complete: true, ...cover },
    items: [deposit, { ...funding, time: '2026-11-02T10:00:00Z' }],
  },
});
const silent = says({ balances: { complete: false, error: 'HTTP 503', items: [] } });

async function book(): Promise<void> {
  await cli.book([account, deposit, fill('e1')]);
  for (const [name, statement] of Object.entries({ right, extra, lacking, silent })) {
    cli.file(`${name}.json`, JSON.stringify(statement));
  }
}

const codeOf = async (words: string): Promise<number | null> => (await cli.run(words)).code;

interface Synced {
  readonly accounts: readonly {
    readonly plan: string;
    readonly repairs: readonly { readonly break: string }[];
    readonly applied: readonly { readonly entries: readonly number[] }[] | null;
  }[];
}

describe('a break from finding to proof', () => {
  test('Y16 the scenario of the README ends with TRUE', async () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    for (const { file, text } of blocksOf(readme)) if (file !== undefined) cli.file(file, text);
    await cli.run('init');
    await cli.run('import fills.ndjson');
    const check = await cli.run('check --statement statement.json');
    expect(check.code).toBe(3);
    expect(check.out).toContain('A fill was not booked  proven');
    const investigated = await cli.run('investigate');
    expect(investigated).toMatchObject({ code: 3, err: '' });
    expect(investigated.out).toContain('residual 0  ✓ explains all of it');
    expect(await codeOf('sync --statement statement.json')).toBe(3);
    const applied = await cli.run('sync --statement statement.json --apply');
    expect(applied.code).toBe(0);
    expect(applied.out).toContain('✓ TRUE');
    expect(applied.out).toMatch(/undo: trueup sync undo \d+/);
    expect(await codeOf('check --statement statement.json')).toBe(0);
  });

  test('Y9 what was repaired is open again when it is taken back', async () => {
    await book();
    const applied = await cli.json<Synced>('sync --statement lacking.json --apply');
    const [entry] = applied.accounts[0]!.applied![0]!.entries;
    expect(await codeOf('check')).toBe(0);
    expect(await codeOf(`sync undo ${entry}`)).toBe(0);
    expect(await codeOf('check')).toBe(3);
    expect(await codeOf('sync --statement lacking.json --apply')).toBe(0);
    expect(await codeOf('check')).toBe(0);
  });

  test('Y16 Y22 what takes back asks for a person first: 6, approve, apply, 0', async () => {
    await book();
    expect(await codeOf('check --statement extra.json')).toBe(3);
    const plan = await cli.run('sync');
    expect(plan.code).toBe(6);
    const [, approve] = plan.out.match(/trueup (approve \S+ --plan \w{8})/)!;
    const approved = await cli.run(`${approve!} --by Ada`);
    expect(approved).toMatchObject({ code: 0 });
    expect((await cli.run('audit --kind break')).out).toMatch(/APPROVED \w+, approved by Ada/);
    expect(await codeOf(approve!)).toBe(0);
    expect((await cli.run('sync')).out).toContain('approved');
    const applied = await cli.json<Synced>('sync --apply');
    expect(applied).toMatchObject({ verdict: 'true', exitCode: 0 });
    const [entry] = applied.accounts[0]!.applied![0]!.entries;
    expect(await codeOf('check --statement extra.json')).toBe(0);
    expect(await cli.json(`sync undo ${entry}`)).toMatchObject({ schema: 'trueup.undo/1', entry });
    expect(await codeOf('check --statement extra.json')).toBe(3);
  });

  test('Y16 a plan that the book has left is refused with 6, and with its document', async () => {
    await book();
    const { accounts } = await cli.json<Synced>('sync --statement lacking.json');
    cli.file('plan.json', JSON.stringify({ accounts }));
    cli.file('late.ndjson', [fill('e2', { time: '2026-11-02T13:00:00Z' })]);
    await cli.run('import late.ndjson');
    for (const plan of [accounts[0]!.plan, accounts[0]!.plan.slice(0, 8), 'plan.json']) {
      const words = `sync --statement lacking.json --apply --plan ${plan}`;
      const stale = await cli.run(`${words} --json`);
      expect(stale.code).toBe(6);
      expect(JSON.parse(stale.out)).toMatchObject({
        ...{ schema: 'trueup.error/1', exitCode: 6, code: 'plan-stale' },
        details: { schema: 'trueup.sync/1', accounts: [{ stale: true, applied: null }] },
      });
    }
    expect(await codeOf('sync --apply --plan nonsense')).toBe(2);
    const { accounts: now } = await cli.json<Synced>('sync --statement lacking.json');
    expect(await codeOf(`sync --apply --plan ${now[0]!.plan}`)).toBe(0);
  });
});

test('Y15 commands work by way of the process that holds the book', async () => {
  await book();
  const path = join(cli.folder, 'trueup.db');
  const options = { clock: systemClock, holder: 'a bot', markMaxAgeMs: 86_400_000 };
  const holder = await openForWriting(path, options);
  try {
    expect(await codeOf('check --statement lacking.json')).toBe(3);
    expect(await codeOf('sync --apply')).toBe(0);
    cli.file('extra.json', JSON.stringify({ ...extra, ...money('9997') }));
    expect(await codeOf('check --statement extra.json')).toBe(3);
    const [, approve] = (await cli.run('sync --statement extra.json')).out.match(
      /trueup (approve \S+ --plan \w{8})/,
    )!;
    expect(await codeOf(approve!)).toBe(0);
    const applied = await cli.json<Synced>('sync --statement extra.json --apply');
    expect(applied.accounts[0]!.applied).toMatchObject([{ state: 'VERIFIED' }]);
    expect(await codeOf(`sync undo ${applied.accounts[0]!.applied![0]!.entries[0]}`)).toBe(0);
  } finally {
    await holder.close();
  }
});

describe('exit codes', () => {
  test('Y16 of check: 0 true, 3 break, 5 cannot say, 2 refused', async () => {
    await book();
    expect(await codeOf('check')).toBe(0);
    expect(await codeOf('check --statement right.json')).toBe(0);
    expect(await codeOf('check --statement silent.json')).toBe(5);
    expect(await codeOf('investigate')).toBe(5);
    expect(await codeOf('sync')).toBe(5);
    expect(await codeOf('check --statement lacking.json')).toBe(3);
    expect(await codeOf('check --statement silent.json')).toBe(3);
    for (const words of ['none.json', 'right.json --venue bybit', 'right.json --account other']) {
      expect(await codeOf(`check --statement ${words}`)).toBe(2);
    }
  });

  test('Y16 of sync and investigate without a statement, and without such a break', async () => {
    await book();
    expect(await codeOf('investigate')).toBe(0);
    expect(await codeOf('sync')).toBe(2);
    for (const words of ['investigate', 'sync --apply --only', 'sync --adjust']) {
      const failed = await cli.json(`${words} BRK-000000 --statement right.json`);
      expect(failed).toMatchObject({ exitCode: 2, code: 'break-unknown' });
    }
    expect(await codeOf('approve BRK-000000 --plan abcd')).toBe(2);
    expect(await codeOf('sync undo 99')).toBe(2);
    expect(await codeOf('sync undo 1')).toBe(2);
  });

  test('Y16 --fail-above lets small sums pass and says so, and nothing unknown', async () => {
    await book();
    const check = 'check --statement lacking.json --no-record';
    const passed = await cli.json(`${check} --fail-above 3`);
    expect(passed).toMatchObject({ verdict: 'break', exitCode: 0, toleratedForExit: '3' });
    expect((await cli.run(`${check} --fail-above 3`)).out).toContain('tolerated up to 3');
    expect(await codeOf(`${check} --fail-above 2.99`)).toBe(3);
    expect(await cli.json(`${check} --fail-above 2.99`)).not.toHaveProperty('toleratedForExit');
    for (const amount of ['-1', '1e3', 'x']) {
      expect(await codeOf(`${check} --fail-above ${amount}`)).toBe(2);
    }
    const unsure = says({ ...money('9980.5'), positions: { ...long('0.5'), complete: false } });
    cli.file('unsure.json', JSON.stringify(unsure));
    expect(await codeOf('check --statement unsure.json --no-record --fail-above 9999')).toBe(3);
    cli.file('other.ndjson', [fill('e1', { price: '60001' })]);
    expect(await codeOf('import other.ndjson')).toBe(3);
    expect(await codeOf('check --fail-above 9999')).toBe(3);
  });
});

describe('documents', () => {
  test('Y17 one for each command, also for several accounts', async () => {
    const other = { account: 'spot' };
    await cli.book([
      ...[account, deposit, fill('e1'), { ...account, ...other }, { ...deposit, ...other }],
      { ...account, account: 'third' },
    ]);
    cli.file('main.json', JSON.stringify(right));
    cli.file('spot.json', JSON.stringify({ ...says(money('9999')), ...other }));
    const statements = '--statement main.json --statement spot.json';
    expect(await cli.json(`check ${statements}`)).toMatchObject({
      ...{ verdict: 'break', sequence: null },
      accounts: [
        { account: 'main', verdict: 'true' },
        { account: 'spot', verdict: 'break' },
      ],
    });
    expect(await cli.json('sync')).toMatchObject({
      ...{ schema: 'trueup.sync/1', exitCode: 3, withoutStatement: ['third'] },
      accounts: [{ account: 'main' }, { account: 'spot', leftAlone: [{ decision: 'ask' }] }],
    });
    expect((await cli.run('sync')).out).toContain('left alone: third (no statement is on record)');
    expect(await codeOf('check --statement main.json --statement main.json')).toBe(2);
  });

  test('Y17 investigate shows one break by name, also after it was closed', async () => {
    await book();
    const { breaks } = await cli.json<{ breaks: readonly { id: string }[] }>(
      'check --statement lacking.json',
    );
    const { id } = breaks[0]!;
    await cli.run('sync --apply');
    const closed = await cli.run(`investigate ${id}`);
    expect(closed.code).toBe(0);
    expect(closed.out).toContain('VERIFIED');
  });

  test('Y16 an investigation is filed as Markdown or HTML, whole or not at all', async () => {
    await book();
    await cli.run('check --statement lacking.json');
    for (const [form, begins] of [
      ['md', '# Investigation of BRK-'],
      ['html', '<!doctype html>'],
    ] as const) {
      const told = await cli.run(`investigate --report ${form} --out filed.${form}`);
      expect(told).toMatchObject({ code: 3, out: '', err: `written filed.${form}\n` });
      const filed = readFileSync(join(cli.folder, `filed.${form}`), 'utf8');
      expect(filed.startsWith(begins)).toBe(true);
      expect((await cli.run(`investigate --report ${form}`)).out).toBe(filed);
    }
    expect(await codeOf('investigate --report pdf')).toBe(2);
    expect(await codeOf('investigate --report md --out no/such/folder.md')).toBe(1);
    expect(existsSync(join(cli.folder, 'no'))).toBe(false);
  });
});

describe('a bad statement', () => {
  const bad = {
    ...says({ balances: { complete: true, items: [{ currency: 'USDT', total: 5 }] } }),
    asOf: 'yesterday',
    positions: { complete: 'yes', items: [] },
  };

  test('Y16 every fault of it is told at once, and nothing is noted', async () => {
    await book();
    cli.file('bad.json', JSON.stringify(bad));
    const told = await cli.run('check --statement bad.json');
    expect(told).toMatchObject({ code: 2, out: '' });
    for (const field of ['asOf', 'balances.items[0].total', 'positions.complete']) {
      expect(told.err).toContain(field);
    }
    const { details } = await cli.json<{ details: { refused: readonly object[] } }>(
      'check --statement bad.json',
    );
    expect(details.refused).toHaveLength(3);
    expect(await codeOf('sync')).toBe(2);
  });

  test('Y16 SV25 another account or venue, a time ahead, a misspelt field are told', async () => {
    await book();
    const codes: string[] = [];
    const ahead = { asOf: '2200-01-01T00:00:00Z' };
    for (const changes of [{ account: 'nobody' }, { venue: 'okx' }, ahead, { balance: {} }]) {
      cli.file('bad.json', JSON.stringify({ ...right, ...changes }));
      const failed = await cli.json<{ code: string }>('check --statement bad.json --strict');
      codes.push(failed.code);
    }
    expect(codes).toEqual([
      ...['account-unknown', 'venue-differs', 'statement-ahead', 'unknown-field'],
    ]);
    const warned = await cli.run('check --statement bad.json');
    expect(warned.code).toBe(0);
    expect(warned.err).toContain('warning: ');
  });
});
