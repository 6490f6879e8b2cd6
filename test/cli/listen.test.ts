import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runDoctor } from '../../src/cli/commands/doctor.ts';
import { runListen } from '../../src/cli/commands/listen.ts';
import { runVenueUpdate } from '../../src/cli/commands/update-venue.ts';
import { runCache, runVenue } from '../../src/cli/commands/venue.ts';
import { instantText } from '../../src/model/instant.ts';
import { systemClock } from '../../src/service/system-clock.ts';
import type { StatementQuestion } from '../../src/venues/venue.ts';
import { root } from '../house/sources.ts';
import { failed } from '../service/listening/fake-venue.ts';
import { depositAt, fillAt } from '../service/listening/ground.ts';
import { CommandLine } from './command-line.ts';
import { type Running, startCommand } from './running.ts';
import { ground, removeGrounds } from './venue-ground.ts';

afterAll(removeGrounds);

describe('update --venue', () => {
  test('LS50 it says what was booked, how far, and that there are no gaps', async () => {
    const { shell, venue, open, printed, cli } = ground();
    const at = systemClock.now() - 60_000_000_000n;
    venue.cashFlow(depositAt('d1', at));
    venue.fill(fillAt('e1', at));
    expect(await runVenueUpdate(shell, { venue: 'fake' }, open)).toBe(0);
    expect(printed.join('\n')).toContain('fake, account main: 2 facts booked, 1 price\n');
    expect(printed.join('\n')).toMatch(/no gaps since the beginning of its records$/);
    const book = await cli.json<{ balances: unknown[]; positions: unknown[] }>('book');
    expect(book.balances).toContainEqual(
      expect.objectContaining({ currency: 'USDT', total: '69999.97' }),
    );
    expect(book.positions).toMatchObject([{ asset: 'BTC', quantity: '0.5' }]);
  });

  test('LS50 what may be missing is named, and exits 5; a refused key exits 4', async () => {
    const { shell, venue, open, printed } = ground(true);
    venue.failures.push(failed('no answer'), failed('down'), failed('down'), failed('down'));
    venue.cashFlows = async () => ({ status: 'refused', code: 'x', why: 'not for you' });
    expect(await runVenueUpdate(shell, { venue: 'fake' }, open)).toBe(5);
    expect(JSON.parse(printed.at(-1)!)).toMatchObject({
      schema: 'trueup.venue-update/1',
      complete: false,
      sections: [{ complete: true }, { complete: false, why: 'not for you (x)' }],
    });
    venue.executions = async () => failed('invalid key', true);
    expect(await runVenueUpdate(shell, { venue: 'fake' }, open)).toBe(4);
  });

  test('LS84 an account is begun with what it holds, and listed from there', async () => {
    const { shell, venue, open, printed, cli } = ground();
    const at = systemClock.now() - 60_000_000_000n;
    venue.cashFlow(depositAt('d1', at));
    expect(await runVenueUpdate(shell, { venue: 'fake', opening: true }, open)).toBe(0);
    expect(printed.join('\n')).toMatch(
      /\nbegun at .* with what it holds: 1 coin and 0 positions\n/,
    );
    expect(printed.join('\n')).toMatch(/no gaps since 20/);
    const book = await cli.json<{ balances: unknown[] }>('book');
    expect(book.balances).toMatchObject([{ currency: 'USDT', total: '100000' }]);
    const again = runVenueUpdate(shell, { venue: 'fake', opening: true }, open);
    await expect(again).rejects.toMatchObject({ exitCode: 2, refusal: { code: 'account-begun' } });
  });

  test('LS51 an account of another venue, or of paper, is not mixed with it', async () => {
    const { cli, shell, open } = ground();
    await cli.book([{ kind: 'account', account: 'main', venue: 'other', currency: 'USDT' }]);
    await expect(runVenueUpdate(shell, { venue: 'fake' }, open)).rejects.toMatchObject({
      exitCode: 2,
      refusal: { code: 'account-of-another-venue' },
    });
    const paper = ground();
    const account = { kind: 'account', account: 'main', venue: 'fake', currency: 'USDT' };
    await paper.cli.book([{ ...account, mode: 'paper' }]);
    await expect(runVenueUpdate(paper.shell, { venue: 'fake' }, paper.open)).rejects.toMatchObject({
      refusal: { message: 'the account main is paper, the venue fake is live' },
    });
  });

  test.each([
    ['update --venue main', 'venue-unknown'],
    ['update --venue main --record', 'option-unfit'],
    ['update --venue main --since yesterday', 'time-bad'],
    ['update --venue main --opening --since 2026-01-01T00:00:00Z', 'option-unfit'],
    ['update --opening', 'option-unfit'],
    ['update --since 2026-01-01', 'option-unfit'],
    ['update', 'source-missing'],
    ['listen --venue main', 'venue-unknown'],
    ['venue positions main', 'venue-unknown'],
  ])('LS52 "%s" without settings is refused as %s', async (words, code) => {
    const { cli } = ground();
    const { exitCode, ...said } = await cli.json(words);
    expect({ exitCode, code: said['code'] }).toEqual({ exitCode: 2, code });
  });
});

describe('listen', () => {
  test('LS53 a signal ends it when what came is booked', async () => {
    const { cli, shell, venue, open, told } = ground();
    const running = runListen(shell, { venue: 'fake' }, open);
    const said = async (words: string) => {
      while (!told.some((line) => line.includes(words))) {
        await new Promise((resolve) => systemClock.after(10, () => resolve(null)));
      }
    };
    await said('listen.started');
    venue.fill(fillAt('e1', systemClock.now(), { orderId: 'o1' }));
    await said('fill.booked');
    process.emit('SIGTERM', 'SIGTERM');
    expect(await running).toBe(0);
    const book = await cli.json<{ positions: unknown[] }>('book');
    expect(book.positions).toMatchObject([{ asset: 'BTC', quantity: '0.5' }]);
  });

  test('LS53 a key that is refused from the beginning ends it with 4', async () => {
    const { shell, venue, open } = ground();
    venue.executions = async () => failed('invalid key', true);
    expect(await runListen(shell, { venue: 'fake' }, open)).toBe(4);
  });
});

describe('venue', () => {
  test('LS54 it shows what the venue says now, and whether that is all', async () => {
    const { shell, venue, open, printed } = ground();
    venue.fill(fillAt('e1', systemClock.now(), { instrument: 'BTC/USDT:USDT' }));
    expect(await runVenue(shell, 'fake', 'positions', { raw: false }, open)).toBe(0);
    expect(printed[0]).toMatch(/^fake, account main, at .*: 1 position\n/);
    expect(printed[0]).toMatch(/BTC\/USDT:USDT +net +0\.5 +\? +\? +\?$/);
    expect(await runVenue(shell, 'fake', 'executions', { raw: false }, open)).toBe(5);
    expect(printed[1]).toContain('incomplete: the venue says nothing of executions');
  });

  test('LS54 VC21 balances leave out no coin of the book, where there is one', async () => {
    const { shell, venue, open } = ground();
    const named: unknown[] = [];
    const said = venue.statement.bind(venue);
    venue.statement = (how?: StatementQuestion) => {
      named.push(how?.coins);
      return said();
    };
    await runVenue(shell, 'fake', 'balances', { raw: false }, open);
    venue.fill(fillAt('e1', systemClock.now(), { instrument: 'BTC/USDT' }));
    await runVenueUpdate(shell, { venue: 'fake' }, open);
    named.length = 0;
    await runVenue(shell, 'fake', 'balances', { raw: false }, open);
    expect(named).toEqual([expect.arrayContaining(['BTC'])]);
  });

  test('LS54 no answer is an error, never an empty list', async () => {
    const { shell, venue, open, printed } = ground();
    venue.statement = async () => failed('timed out');
    const shown = runVenue(shell, 'fake', 'balances', { raw: false }, open);
    await expect(shown).rejects.toMatchObject({ exitCode: 1, refusal: { code: 'venue-failed' } });
    venue.statement = async () => failed('invalid key', true);
    const refused = runVenue(shell, 'fake', 'balances', { raw: false }, open);
    await expect(refused).rejects.toMatchObject({ exitCode: 4 });
    expect(printed).toEqual([]);
  });
});

describe('venue cache', () => {
  const line = (what: string, cached: string | null, first: string | null, fresh = first) => ({
    ...{ what, cached, first, fresh },
  });
  const told = (...lines: ReturnType<typeof line>[]) => ({
    status: 'answered',
    value: {
      ...{ asOf: systemClock.now(), listenedMs: 5_000 },
      sections: [{ section: 'positions', why: null, lines }],
    },
  });
  const held = 'BTC/USDT:USDT net';

  test.each([
    ['what both say is the same', [line(held, '0.5', '0.5')], 0, 'same'],
    ['what only the memory says differs', [line(held, '0.5', null)], 3, 'differs'],
    ['what the memory lacks differs', [line(held, null, '0.5')], 3, 'differs'],
    ['what the venue changed says nothing', [line(held, '0.5', '0.5', '0.6')], 5, 'cannot-say'],
    ['nothing on either side is the same', [], 0, 'same'],
  ])('LS57 %s', async (_what, lines, exitCode, verdict) => {
    const { shell, venue, open, printed } = ground(true);
    const asked: number[] = [];
    const cached = async (ms: number) => {
      asked.push(ms);
      return told(...lines);
    };
    Object.assign(venue, { cached });
    expect(await runCache(shell, 'fake', 7, open)).toBe(exitCode);
    expect(asked).toEqual([7_000]);
    expect(JSON.parse(printed[0]!)).toMatchObject({ schema: 'trueup.venue-cache/1', verdict });
  });

  test('LS57 what was not compared says why, and what the venue said twice', async () => {
    const { shell, venue, open, printed } = ground();
    const { value } = told(line(held, null, '0.5'));
    const sections = [{ ...value.sections[0], why: 'nothing was pushed' }];
    Object.assign(venue, {
      cached: async () => ({ status: 'answered', value: { ...value, sections } }),
    });
    expect(await runCache(shell, 'fake', 5, open)).toBe(5);
    expect(printed[0]).toMatch(/BTC\/USDT:USDT net +\? +0\.5 +0\.5 +unseen/);
    expect(printed[0]).toContain('positions not compared: nothing was pushed');
  });

  test('LS57 a venue without a library between has no memory to look at', async () => {
    const { shell, open } = ground();
    await expect(runCache(shell, 'fake', 5, open)).rejects.toMatchObject({
      exitCode: 2,
      refusal: { code: 'venue-uncached' },
    });
  });
});

describe('doctor --venue', () => {
  test.each([
    ['passed', false, 0, '✓ time'],
    ['doubtful', false, 0, '! time'],
    ['failed', false, 1, '✗ time'],
    ['failed', true, 4, '✗ time'],
  ])('LS58 a step that %s (key: %s) ends it with %i', async (outcome, credentials, code, words) => {
    const { shell, venue, open, printed } = ground();
    const step = { name: 'time', outcome, detail: 'as it is', hint: null, credentials };
    async function* diagnose() {
      yield step;
    }
    Object.assign(venue, { diagnose });
    expect(await runDoctor(shell, { venue: 'fake' }, open)).toBe(code);
    expect(printed.join('\n')).toContain(words);
  });

  test('LS58 a venue and a database are not looked at together', async () => {
    const { shell, open } = ground();
    const both = runDoctor(shell, { venue: 'fake', source: 'sqlite:x.db' }, open);
    await expect(both).rejects.toMatchObject({ exitCode: 2, refusal: { code: 'option-unfit' } });
  });
});

/** The real client library against a server that speaks the exchange's protocol. */
describe('a real exchange’s protocol', () => {
  const cli = new CommandLine();
  let emulator: Running;

  beforeAll(async () => {
    const data = join(root, 'examples', 'ABC_USDT-1h.csv');
    emulator = startCommand(cli.folder, `emulator --data ${data} --port 0 --speed 1`);
    await emulator.says('secret emulator-secret');
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(emulator.said())!;
    const key = JSON.stringify({ key: 'emulator', secret: 'emulator-secret' });
    writeFileSync(join(cli.folder, 'key.json'), key, { mode: 0o600 });
    const main = { exchange: 'bybit', account: 'main', keyFile: 'key.json', url };
    cli.file('trueup.json', JSON.stringify({ venues: { main } }));
  });
  afterAll(async () => {
    emulator.kill('SIGTERM');
    await emulator.ended;
    cli.remove();
  });

  test('LS55 balances are shown, pulled and listened to', async () => {
    // All that the exchange remembers would be two years of empty windows.
    const since = instantText(systemClock.now() - 3_600_000_000_000n);
    const pulled = await cli.json(`update --venue main --since ${since}`);
    expect(pulled).toMatchObject({ exitCode: 0, complete: true, gaps: [] });
    const scheduled = await cli.json('schedule --venue --once');
    expect(scheduled).toMatchObject({
      exitCode: 0,
      duties: [{ name: 'venue-update main' }, { name: 'check main' }, { name: 'report' }],
    });
    const listening = startCommand(cli.folder, 'listen --venue main');
    await listening.says('listen.started');
    // While its first comparison goes on, at the pace of the exchange, others ask as well.
    const [shown, words, diagnosis, cache] = await Promise.all([
      cli.json<{ items: unknown[] }>('venue balances main'),
      cli.run('venue balances main --raw'),
      cli.json<{ checks: unknown[] }>('doctor --venue main'),
      cli.json('venue cache main --seconds 1'),
    ]);
    expect(shown.items).toMatchObject([{ currency: 'USDT', total: '10000' }]);
    expect(words.out).toContain('"walletBalance":"10000"');
    expect(diagnosis).toMatchObject({ exitCode: 0, venue: 'main' });
    expect(diagnosis.checks).toContainEqual(expect.objectContaining({ name: 'streams' }));
    // Nothing trades there: the library is pushed nothing, and its snapshot is empty.
    expect(cache).toMatchObject({ exitCode: 5, verdict: 'cannot-say' });
    await listening.says('gap.closed');
    listening.kill('SIGTERM');
    expect(await listening.ended).toMatchObject({ code: 0, signal: null });
    const book = await cli.json<{ balances: unknown[] }>('book');
    expect(book.balances).toMatchObject([{ currency: 'USDT', total: '10000' }]);
  }, 180_000);

  test('CX44 LS53 what listened on Binance ends, and leaves nothing waiting', async () => {
    const other = new CommandLine();
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(emulator.said())!;
    const keyFile = join(cli.folder, 'key.json');
    const main = { exchange: 'binanceusdm', account: 'main', keyFile, url };
    other.file('trueup.json', JSON.stringify({ venues: { main } }));
    // A listen key is renewed for as long as a line stands, and no longer: twenty minutes are long.
    const doctor = startCommand(other.folder, 'doctor --venue main');
    const listening = startCommand(other.folder, 'listen --venue main');
    await listening.says('the streams begin here');
    listening.kill('SIGINT');
    expect(await listening.ended).toMatchObject({ code: 0, signal: null });
    expect(await doctor.ended).toMatchObject({ code: 0 });
    expect(doctor.said()).toMatch(/^main · PAPER\n.*✓ streams/s);
    other.remove();
  }, 90_000);
});
