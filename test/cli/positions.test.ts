/** check, investigate and sync of the positions that a bot's database stores. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, test } from 'vitest';
import { runCheckPositions } from '../../src/cli/commands/check-positions.ts';
import { runListen } from '../../src/cli/commands/listen.ts';
import { runSchedule } from '../../src/cli/commands/schedule.ts';
import { type Began, runServe } from '../../src/cli/commands/serve.ts';
import { runSyncPositions } from '../../src/cli/commands/sync-positions.ts';
import { runUpdateRows } from '../../src/cli/commands/update-rows.ts';
import { runVenueUpdate } from '../../src/cli/commands/update-venue.ts';
import { type CheckView, verdictLine } from '../../src/cli/render/check-text.ts';
import { decimal } from '../../src/decimal/text.ts';
import { addMilliseconds, type Instant, instantText } from '../../src/model/instant.ts';
import { statementText } from '../../src/model/write-statement.ts';
import { systemClock } from '../../src/service/system-clock.ts';
import * as falcon from '../../src/sources/falcon/incident-database.ts';
import { createIncidentDatabase } from '../../src/sources/monitoring/incident-database.ts';
import { section } from '../reconcile/kit.ts';
import { fillAt } from '../service/listening/ground.ts';
import { instruments, statement } from '../service/source/positions-kit.ts';
import { CommandLine } from './command-line.ts';
import { silentTerminal } from './silent-terminal.ts';
import { ground, removeGrounds } from './venue-ground.ts';

const lines: CommandLine[] = [];
afterAll(() => {
  removeGrounds();
  for (const one of lines) one.remove();
});

const bot = '--source sqlite:bot.db';

/** The database of the incident, an empty book, and what the exchange says as two files. */
async function incident() {
  const cli = new CommandLine();
  lines.push(cli);
  createIncidentDatabase(join(cli.folder, 'bot.db'));
  const known = instruments.map((one) => ({
    ...{ kind: 'instrument', venue: 'bybit', instrument: one.name, symbol: one.symbol },
    ...{ type: 'linear', base: one.base, quote: 'USDT', settle: 'USDT', lotSize: '0.01' },
  }));
  const account = { kind: 'account', account: 'main', venue: 'bybit', currency: 'USDT' };
  await cli.book([account, ...known]);
  cli.file('bybit.json', statementText(statement()));
  cli.file('bare.json', statementText(statement({ executions: null })));
  return cli;
}

interface Printed {
  readonly verdict: string;
  readonly exitCode: number;
  readonly parties: readonly string[];
  readonly positions: Readonly<Record<string, number>>;
  readonly breaks: readonly { readonly reason: string; readonly lines: readonly object[] }[];
  readonly source: { readonly counts: object; readonly notes: readonly string[] };
}

describe('a statement of the exchange', () => {
  test('SP40 check names the parties, counts as operators do, and ends with 3', async () => {
    const cli = await incident();
    const words = `check ${bot} --statement bare.json`;
    const { code, out } = await cli.run(words);
    expect(code).toBe(3);
    expect(out).toContain(
      '9 stored · 9 exchange · 6 verified · 3 different · 0 phantom · 0 missing · 0 foreign',
    );
    expect(out).toContain('Quantity mismatch - DB: 60, Exchange: 59.88 (HNT/USDT:USDT');
    expect(out).toContain(`next: trueup investigate ${bot} --statement bare.json`);
    const json = await cli.json<Printed>(words);
    expect(json).toMatchObject({
      ...{ schema: 'trueup.check/1', parties: ['source', 'statement'] },
      positions: { stored: 9, venue: 9, equal: 6, different: 3 },
    });
  });

  test('SP41 investigate says how it is known, what is ruled out, what a row becomes', async () => {
    const cli = await incident();
    const bare = (await cli.run(`investigate ${bot} --statement bare.json`)).out;
    expect(bare).toContain('RULED OUT');
    expect(bare).toContain('Ambiguous');
    const whole = (await cli.run(`investigate ${bot} --statement bybit.json`)).out;
    expect(whole).toContain('execution of order o-by-hand by-hand');
    expect(whole).toContain('REPAIR  HNTUSDT quantity: 60 -> 59.88');
  });

  test('SP42 sync repairs the book first, then the rows, in the operators’ words', async () => {
    const cli = await incident();
    const words = `sync ${bot} --statement bybit.json`;
    const plan = await cli.run(words);
    expect(plan.code).toBe(3);
    expect(plan.out).toContain(`next: trueup ${words} --apply --auto`);
    const { code, out, err } = await cli.run(`${words} --apply --auto`);
    expect(err).toContain('Updated position 38 quantity: 2036');
    expect(err).toContain('Synced SCAUSDT quantity: 2136.9 -> 2036');
    expect(out).toContain('9 stored · 9 exchange · 9 verified · 0 different');
    // The statement says nothing of balances: that stays unknown, and is said.
    expect(code).toBe(5);
  });

  test('SP66 a database that does not answer says so, also beside a statement', async () => {
    const cli = await incident();
    const nowhere = '--source postgresql://bot@127.0.0.1:9/bot --statement bybit.json';
    for (const command of ['check', 'investigate']) {
      const { code, err } = await cli.run(`${command} ${nowhere}`);
      expect([code, err]).toEqual([5, expect.not.stringContaining('takes no')]);
    }
  });

  test('SP67 what was updated is counted, and what to do next names the database', async () => {
    const cli = await incident();
    const words = `sync ${bot} --statement bare.json`;
    const { out } = await cli.run(words);
    const [, id, plan] = /trueup approve (BRK-\S+) --plan (\S+)/.exec(out)!;
    const approved = await cli.run(`approve ${id} --plan ${plan}`);
    expect(approved.out).toMatch(/next: trueup sync --source sqlite:\S*bot\.db --apply, with what/);
    const done = await cli.run(`${words} --apply`);
    expect(done.out).toContain('0 foreign · 1 updated');
  });

  test('SP67 what settles is what is not known', () => {
    const young = { state: 'SETTLING' };
    const view = { verdict: 'cannot-say', accounts: [], accepted: [], unknown: [], atStake: {} };
    const lineOf = (breaks: readonly object[]) =>
      verdictLine(silentTerminal, { ...view, breaks } as unknown as CheckView);
    expect(lineOf([young, young])).toBe(
      '? CANNOT SAY  2 differences are young enough to clear by themselves',
    );
    expect(lineOf([])).toBe('? CANNOT SAY  0 things are not known');
  });

  test('SP42 and sync undo makes the rows what they were', async () => {
    const cli = await incident();
    await cli.run(`sync ${bot} --statement bybit.json --apply --auto`);
    const audit = await cli.json<{ entries: readonly { kind: string; sequence: number }[] }>(
      'audit --kind source-write',
    );
    const [written] = audit.entries;
    const { code, out } = await cli.run(`sync undo ${written!.sequence}`);
    expect([code, out]).toEqual([0, expect.stringContaining('row 2 of trueup_audit')]);
    const again = await cli.run(`check ${bot} --statement bybit.json`);
    expect(again.out).toContain('6 verified · 3 different');
    expect(again.out).not.toContain('REPAIR_OVERWRITTEN');
  });

  test('SP43 what is asked for wrongly is refused with what to write', async () => {
    const cli = await incident();
    const log = await cli.run('check --log bot.log');
    expect([log.code, log.err]).toEqual([2, expect.stringContaining('add --source DATABASE')]);
    const none = await cli.run(`check ${bot} --statement bybit.json --log nowhere.log`);
    expect([none.code, none.err]).toEqual([2, expect.stringContaining('nowhere.log')]);
  });
});

describe('audit source', () => {
  test('SP46 says how many results nobody can prove, and what they were worth', async () => {
    const cli = await incident();
    const file = new DatabaseSync(join(cli.folder, 'bot.db'));
    file.exec(`UPDATE positions SET status = 'closed', pnl = 0, closed_at = updated_at
      WHERE id IN (1, 274)`);
    file.close();
    const { code, out } = await cli.run(`audit source ${bot}`);
    expect(code).toBe(3);
    expect(out).toContain('9 positions: 2 closed, 7 active, 0 unknown');
    // 4160 x 0.0447 + 60 x 2.35 = 185.952 + 141
    expect(out).toMatch(/closed with a profit of exactly 0 +2 +326\.952 +1, 274/);
    expect(out).toContain('✗ NOT PROVEN  2 of 2 closed positions');
    const json = await cli.json<{ flaws: readonly object[] }>(`audit source ${bot}`);
    expect(json).toMatchObject({ schema: 'trueup.audit-source/1', closed: 2, unproven: 2 });
  });
});

describe('an exchange that is asked', () => {
  /** Bought 1, an hour ago, which the row says; what is sold since it does not know. */
  function listening(isSold = true) {
    const settings = { venues: { fake: { exchange: 'bybit', account: 'main' } } };
    const parts = ground(true, settings);
    const { cli, venue } = parts;
    const at = (minutes: number): Instant => addMilliseconds(systemClock.now(), -minutes * 60_000);
    const perp = { instrument: 'BTC/USDT:USDT', fees: [] };
    const bought = fillAt('e1', at(60), { ...perp, quantity: decimal('1') });
    const sold = fillAt('e2', at(30), { ...perp, quantity: decimal('0.4'), side: 'sell' });
    venue.fill(bought);
    if (isSold) venue.fill(sold);
    // The fake's cash is right while contracts are flat: nothing was gained and no fee was paid.
    const answer = venue.statement.bind(venue);
    venue.statement = async () => {
      const told = await answer();
      if (told.status !== 'answered') return told;
      return { ...told, value: { ...told.value, balances: section([]) } };
    };
    const path = join(cli.folder, 'bot.db');
    createIncidentDatabase(path);
    const file = new DatabaseSync(path);
    const opened = instantText(at(60)).slice(0, 19).replace('T', ' ');
    file.exec(`DELETE FROM positions;
      INSERT INTO positions (id, symbol, exchange, side, quantity, entry_price, status, opened_at,
        created_at, updated_at)
      VALUES (7, 'BTC/USDT:USDT', 'bybit', 'long', 1, 60000, 'active', '${opened}', '${opened}',
        '${opened}')`);
    const quantity = () => Number(file.prepare('SELECT quantity AS q FROM positions').get()!['q']);
    return { ...parts, quantity, sold, source: `sqlite:${path}` };
  }

  test('SP44 a service manager asks before the bot loads: 0 only when it may', async () => {
    const { cli, shell, open, printed, quantity, source } = listening();
    expect((await cli.run('init --account main --currency USDT --venue fake')).code).toBe(0);
    expect(await runVenueUpdate(shell, { venue: 'fake' }, open)).toBe(0);
    const options = { source, sourceTimezone: 'UTC', venue: 'fake' } as const;
    expect(await runCheckPositions(shell, { ...options, record: true }, open)).toBe(3);
    const check = JSON.parse(printed.at(-1)!) as Printed;
    expect(check).toMatchObject({ parties: ['source', 'book'], verdict: 'break' });
    const before = { ...options, apply: true, auto: true, wait: '30s' } as const;
    expect(await runSyncPositions(shell, before, open)).toBe(0);
    expect(quantity()).toBe(0.6);
    expect(JSON.parse(printed.at(-1)!)).toMatchObject({
      ...{ schema: 'trueup.sync/1', verdict: 'true', exitCode: 0 },
      source: { updated: 1, counts: { verified: 1 }, applied: [{ state: 'VERIFIED' }] },
    });
    expect(await runSyncPositions(shell, before, open)).toBe(0);
  });

  /** Until it is so, or the test has taken too long. */
  async function until(is: () => boolean): Promise<void> {
    for (let tries = 0; !is(); tries += 1) {
      if (tries > 2_000) throw new Error('it did not become so');
      await new Promise((resolve) => systemClock.after(10, () => resolve(null)));
    }
  }

  test('SP98 update --prices venue: a row gets the price, and one without is named', async () => {
    const { cli, shell, open, printed, source } = listening();
    const file = new DatabaseSync(join(cli.folder, 'bot.db'));
    file.exec(`INSERT INTO positions (id, symbol, exchange, side, quantity, entry_price, status)
      VALUES (8, 'NONE/USDT:USDT', 'bybit', 'long', 1, 1, 'active')`);
    const options = { source, sourceTimezone: 'UTC', prices: 'venue' } as const;
    expect(await runUpdateRows(shell, options, open)).toBe(5);
    expect(JSON.parse(printed.at(-1)!)).toMatchObject({
      ...{ schema: 'trueup.prices/1', status: 'written', venue: 'fake', audit: 1 },
      rows: [{ id: '7', price: '60000', unrealisedPnl: '0' }],
      left: [{ id: '8' }],
    });
    const now = file.prepare('SELECT current_price AS p FROM positions ORDER BY id').all();
    expect(now.map((row) => row['p'])).toEqual([60000, null]);
    file.close();
    // A database of positions has no total that could be updated.
    const total = await cli.run(`update --source ${source}`);
    expect([total.code, total.err]).toEqual([2, expect.stringContaining('trueup sync --source')]);
    const record = await cli.run(`update --source ${source} --record`);
    expect([record.code, record.err]).toEqual([2, expect.stringContaining('leave --record out')]);
    const silent = await runUpdateRows(shell, options, () => {
      throw new Error('nobody there');
    }).catch((error: Error) => error.message);
    expect(silent).toBe('nobody there');
  });

  test('SP45 listen --mirror: the row follows the fill, and the log says so', async () => {
    const { shell, open, venue, told, quantity, source, sold } = listening(false);
    const options = { source, sourceTimezone: 'UTC', venue: 'fake', mirror: true } as const;
    const running = runListen(shell, options, open);
    await until(() => told.some((line) => line.includes('listen.started')));
    venue.fill(sold);
    await until(() => quantity() === 0.6);
    await until(() => told.some((line) => line.includes('Updated position 7 quantity: 0.6')));
    process.emit('SIGTERM', 'SIGTERM');
    expect(await running).toBe(0);
  });

  test('SP45 the duty mirror: what no stream told is pulled, and the row follows', async () => {
    const { shell, open, printed, quantity, source } = listening();
    const options = { source, sourceTimezone: 'UTC', venue: ['fake'], mirror: true } as const;
    expect(await runSchedule(shell, { ...options, once: true }, open)).toBe(0);
    expect(quantity()).toBe(0.6);
    const { duties } = JSON.parse(printed.at(-1)!) as { duties: readonly { name: string }[] };
    expect(duties.map(({ name }) => name)).toEqual([
      ...['venue-update fake', 'check fake', 'mirror', 'report'],
    ]);
  });

  test('SV54 served without --mirror rows are looked at, and repaired when asked', async () => {
    const { shell, open, quantity, source } = listening();
    const options = { source, sourceTimezone: 'UTC', venue: ['fake'], port: '0' } as const;
    let said: object = {};
    const began = async ({ address, service, stop, signal }: Began) => {
      const { secret } = service.parts.access.tokens.add({
        ...{ name: 'ann', scopes: ['admin'], expiresAt: null, by: 'test' },
      });
      const ask = async (path: string, body?: object) => {
        const headers = { authorization: `Bearer ${secret}`, 'idempotency-key': path };
        const sent = { headers: { ...headers, 'content-type': 'application/json' } };
        const write = { method: 'POST', body: JSON.stringify(body) };
        const answer = await fetch(
          address + path,
          body === undefined ? sent : { ...sent, ...write },
        );
        return (await answer.json()) as Record<string, unknown>;
      };
      const ended = () =>
        service.parts.duties.status().every(({ name, runs }) => {
          return runs > 0 || !['mirror', 'check fake'].includes(name);
        });
      await until(ended);
      expect(service.parts.duties.status().map(({ name }) => name)).toContain('mirror');
      expect(quantity()).toBe(1);
      await ask('/api/v1/checks', {});
      const { items } = await ask('/api/v1/accounts/main/rows');
      const [row] = items as [{ quantity: object; break: { id: string } }];
      expect(row.quantity).toMatchObject({ ours: '1', theirs: '0.6', difference: '-0.4' });
      said = await ask(`/api/v1/breaks/${row.break.id}/repair`, {});
      stop('SIGTERM');
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    };
    const page = async () => null;
    expect(await runServe(shell, options, { open, page, began })).toBe(0);
    expect(said).toMatchObject({ state: 'VERIFIED', left: null });
    expect(quantity()).toBe(0.6);
  });

  test('SP45 a database that keeps a total has no rows to follow', async () => {
    const { shell, open, cli } = listening();
    const path = join(cli.folder, 'falcon.db');
    falcon.createIncidentDatabase(path, 'stored-total');
    const options = { source: `sqlite:${path}`, venue: 'fake', mirror: true } as const;
    await expect(runListen(shell, options, open)).rejects.toThrow('keeps a total');
    const unfit = { source: `sqlite:${path}`, venue: 'fake' } as const;
    await expect(runListen(shell, unfit, open)).rejects.toThrow('not what for');
  });
});
