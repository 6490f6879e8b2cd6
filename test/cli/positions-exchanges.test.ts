/** A bot that trades on two exchanges with one database: one command looks at both. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, test } from 'vitest';
import { decimal } from '../../src/decimal/text.ts';
import type { Fill } from '../../src/model/fact.ts';
import { instant } from '../../src/model/instant.ts';
import { statementText } from '../../src/model/write-statement.ts';
import { createIncidentDatabase } from '../../src/sources/monitoring/incident-database.ts';
import { section } from '../reconcile/kit.ts';
import { fillOf, instruments, statement } from '../service/source/positions-kit.ts';
import { CommandLine } from './command-line.ts';

const lines: CommandLine[] = [];
afterAll(() => {
  for (const one of lines) one.remove();
});

const far = (one: Fill): Fill => ({ ...one, account: 'far' });

/** Of the other exchange: 500 CATI were bought, 100 of them sold, and the row says 500. */
const farFills = [
  fillOf('b1', 'CATIUSDT', 'buy', '500', '0.21', '2025-10-13 14:00:00'),
  fillOf('b2', 'CATIUSDT', 'sell', '100', '0.22', '2025-10-13 15:00:00'),
].map(far);

const farStatement = () => ({
  ...statement(),
  ...{ account: 'far', venue: 'binanceusdm' },
  positions: section([
    {
      ...{ instrument: 'CATI/USDT:USDT', leg: 'net' as const, quantity: decimal('400') },
      ...{ averagePrice: decimal('0.21'), markPrice: decimal('0.22'), unrealisedPnl: null },
    },
  ]),
  executions: section(farFills, {
    from: instant('2025-10-12T00:00:00Z'),
    to: instant('2025-10-13T15:24:49Z'),
  }),
});

const insert =
  'INSERT INTO positions (id, symbol, exchange, side, quantity, entry_price, status, leverage, ' +
  'opened_at, created_at, updated_at) VALUES ';
const opened = '2025-10-13 14:00:01+00:00';
const catiRow = (id: number, exchange: string, symbol = 'CATIUSDT') =>
  `${insert} (${id}, '${symbol}', '${exchange}', 'buy', 500, 0.21, 'active', 10, ` +
  `'${opened}', '${opened}', '${opened}')`;

async function twoExchanges(...more: readonly string[]) {
  const cli = new CommandLine();
  lines.push(cli);
  const path = join(cli.folder, 'bot.db');
  createIncidentDatabase(path);
  const file = new DatabaseSync(path);
  for (const one of [catiRow(500, 'binance'), ...more]) file.exec(one);
  file.close();
  const known = ['bybit', 'binanceusdm'].flatMap((venue) =>
    instruments.map((one) => ({
      ...{ kind: 'instrument', venue, instrument: one.name, symbol: one.symbol },
      ...{ type: 'linear', base: one.base, quote: 'USDT', settle: 'USDT', lotSize: '0.01' },
    })),
  );
  const account = { kind: 'account', currency: 'USDT' };
  await cli.book([
    { ...account, account: 'main', venue: 'bybit' },
    { ...account, account: 'far', venue: 'binanceusdm' },
    ...known,
  ]);
  cli.file('bybit.json', statementText(statement()));
  cli.file('binance.json', statementText(farStatement()));
  const sizes = (...ids: readonly number[]) => {
    const now = new DatabaseSync(path, { readOnly: true });
    try {
      const get = now.prepare('SELECT quantity FROM positions WHERE id = ?');
      return ids.map((id) => get.get(id)!['quantity']);
    } finally {
      now.close();
    }
  };
  return { cli, sizes };
}

const both = '--source sqlite:bot.db --statement bybit.json --statement binance.json';

interface Printed {
  readonly verdict: string;
  readonly accounts: readonly { readonly account: string; readonly verdict: string }[];
  readonly breaks: readonly { readonly account: string }[];
  readonly unknown: readonly { readonly scope: string | null; readonly why: string }[];
  readonly source: {
    readonly counts: Readonly<Record<string, number>>;
    readonly accounts: readonly { readonly account: string; readonly counts: object }[];
  };
}

describe('SP91 one database, two exchanges', () => {
  test('SP91 check holds each row against the account of its exchange', async () => {
    const { cli } = await twoExchanges();
    const { code, out } = await cli.run(`check ${both}`);
    expect(code).toBe(3);
    expect(out).toContain('main · against statement · 9 stored · 9 exchange · 6 verified');
    expect(out).toContain('far · against statement · 1 stored · 1 exchange · 0 verified');
    expect(out).toContain('Quantity mismatch - DB: 500, Exchange: 400 (CATI/USDT:USDT');
    const json = await cli.json<Printed>(`check ${both}`);
    const rowBreaks = json.breaks.filter(({ account }) => account === 'far');
    expect(rowBreaks.length).toBeGreaterThan(0);
    expect(json.source.counts).toMatchObject({ stored: 10, verified: 6, different: 4 });
    expect(json.source.accounts).toMatchObject([
      { account: 'main', counts: { stored: 9 } },
      { account: 'far', counts: { stored: 1, different: 1 } },
    ]);
  });

  test('SP91 investigate explains the rows of both', async () => {
    const { cli } = await twoExchanges();
    const { out } = await cli.run(`investigate ${both}`);
    expect(out).toContain('REPAIR  HNTUSDT quantity: 60 -> 59.88');
    expect(out).toContain('REPAIR  CATIUSDT quantity: 500 -> 400');
  });

  test('SP91 sync writes the rows of both, each by its own plan, and notes each once', async () => {
    const { cli, sizes } = await twoExchanges();
    const plan = await cli.run(`sync ${both}`);
    expect(plan.code).toBe(3);
    expect(plan.out).toMatch(/rows of main[\s\S]*rows of far/);
    const { err } = await cli.run(`sync ${both} --apply --auto`);
    expect(err).toContain('Synced CATIUSDT quantity: 500 -> 400');
    expect(sizes(1, 38, 274, 288, 500)).toEqual([3160, 2036, 59.88, 471, 400]);
    for (const name of ['main', 'far']) {
      const words = `audit --kind source-write --account ${name}`;
      const audit = await cli.json<{ entries: readonly object[] }>(words);
      expect(audit.entries).toHaveLength(1);
    }
    const after = await cli.json<Printed>(`check ${both}`);
    expect(after.source.counts).toMatchObject({ verified: 10, different: 0 });
  });

  test('SP91 a plan that is named is of one account; the other rows stay', async () => {
    const { cli, sizes } = await twoExchanges();
    const plan = await cli.run(`sync ${both}`);
    const hash = /PLAN {2}(\w+) {2}rows of far/.exec(plan.out)![1];
    const { code } = await cli.run(`sync ${both} --apply --plan ${hash}`);
    expect(code).not.toBe(6);
    expect(sizes(274, 500)).toEqual([60, 400]);
  });

  test('SP91 the document of a plan names the plans of all', async () => {
    const { cli, sizes } = await twoExchanges();
    const plan = await cli.run(`sync ${both} --json`);
    cli.file('plan.json', plan.out);
    const { err } = await cli.run(`sync ${both} --apply --plan plan.json`);
    expect(err).toContain('Synced HNTUSDT quantity: 60 -> 59.88');
    expect(sizes(274, 500)).toEqual([59.88, 400]);
  });

  test('SP91 an exchange without an account here is CANNOT SAY, with what to do', async () => {
    const { cli } = await twoExchanges(catiRow(501, 'kraken'), catiRow(502, 'kraken', 'HNTUSDT'));
    const json = await cli.json<Printed>(`check ${both}`);
    const [kraken, ...more] = json.unknown.filter(({ scope }) => scope === 'kraken');
    expect(more).toEqual([]);
    expect(kraken!.why).toContain('2 active rows: the book has no account of that exchange');
    expect(kraken!.why).toContain('trueup update --venue NAME');
  });

  test('SP91 --account narrows to one, and says what was left', async () => {
    const { cli } = await twoExchanges();
    const words = 'check --source sqlite:bot.db --statement binance.json --account far';
    const { out } = await cli.run(words);
    expect(out).toContain('9 active rows of bybit: not compared with binanceusdm');
    expect(out).toContain('1 stored · 1 exchange · 0 verified · 1 different');
    expect(out).not.toContain('HNT');
  });

  test('SP91 an account that is of another database is refused, not left out', async () => {
    const { cli } = await twoExchanges();
    createIncidentDatabase(join(cli.folder, 'first.db'));
    const first = '--source sqlite:first.db --statement bybit.json';
    expect((await cli.run(`check ${first}`)).code).toBe(3);
    const { code, err } = await cli.run(`check ${both}`);
    expect([code, err]).toEqual([2, expect.stringContaining('account main is of sqlite:')]);
  });

  test('SP91 once the rows of an exchange are closed its account is still looked at', async () => {
    const { cli } = await twoExchanges();
    await cli.run(`check ${both}`);
    const file = new DatabaseSync(join(cli.folder, 'bot.db'));
    file.exec("UPDATE positions SET status = 'closed' WHERE id = 500");
    file.close();
    const json = await cli.json<Printed>(`check ${both}`);
    expect(json.source.accounts.map(({ account }) => account)).toEqual(['main', 'far']);
    // Held, and of a row that was closed while it was: the position lacks its row.
    expect(json.source.accounts[1]!.counts).toMatchObject({ stored: 0, missing: 1 });
  });
});
