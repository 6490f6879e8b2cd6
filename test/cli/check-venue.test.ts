/** check, investigate, sync and gate where accounts are held by venues. */
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Shell } from '../../src/cli/command.ts';
import { runCheck } from '../../src/cli/commands/check.ts';
import { runInvestigate } from '../../src/cli/commands/investigate.ts';
import { syncWith } from '../../src/cli/commands/sync.ts';
import { decimal } from '../../src/decimal/text.ts';
import type { Fill } from '../../src/model/fact.ts';
import { type Instant, instantText } from '../../src/model/instant.ts';
import { readConfiguration } from '../../src/service/config.ts';
import { systemClock } from '../../src/service/system-clock.ts';
import type { OpenVenue } from '../../src/service/venues/opening.ts';
import { FakeVenue, failed } from '../service/listening/fake-venue.ts';
import { depositAt, fillAt } from '../service/listening/ground.ts';
import { CommandLine } from './command-line.ts';
import { silentTerminal } from './silent-terminal.ts';

const folders: CommandLine[] = [];
afterAll(() => {
  for (const one of folders) one.remove();
});

const hourAgo = systemClock.now() - 3_600_000_000_000n;
const time = instantText(hourAgo);
const instrument = 'BTC/USDT';
const bought = { instrument, quantity: '0.5', price: '60000', fee: '0' };

/** The same as the venue tells it. */
const executed = (id: string, at: Instant, account: string, quantity = '0.5'): Fill =>
  fillAt(id, at, { account, instrument, quantity: decimal(quantity), fees: [] });

const accountAt = (account: string, venue: string) => [
  { kind: 'account', account, venue, currency: 'USDT' },
  { kind: 'deposit', account, currency: 'USDT', amount: '100000', id: 'd1', time },
  { kind: 'fill', account, side: 'buy', executionId: 'e1', time, ...bought },
];

interface Printed {
  readonly verdict: string;
  readonly exitCode: number;
  readonly parties: readonly string[];
  readonly accounts: readonly { readonly account: string; readonly verdict: string }[];
  readonly breaks: readonly { readonly id: string; readonly state: string }[];
  readonly unknown: readonly { readonly account: string; readonly why: string }[];
}

/** A book of two accounts, each at a venue that says the same, and a third that nobody holds. */
async function ground(json = true) {
  const cli = new CommandLine();
  folders.push(cli);
  const manual = { kind: 'account', account: 'third', venue: 'manual', currency: 'USDT' };
  await cli.book([...accountAt('main', 'one'), ...accountAt('second', 'two'), manual]);
  const venues = { one: venueAt('one', 'main'), two: venueAt('two', 'second') };
  const settings = (account: string) => ({ exchange: 'bybit', account });
  const named = { one: settings('main'), two: settings('second'), spare: settings('fourth') };
  cli.file('trueup.json', JSON.stringify({ venues: named }));
  const around = { environment: {}, folder: cli.folder, home: cli.folder };
  const read = readConfiguration({ book: join(cli.folder, 'trueup.db') }, around);
  if (!read.ok) throw new Error(read.refusal.message);
  const printed: string[] = [];
  const shell: Shell = {
    terminal: { ...silentTerminal, print: (text: string) => void printed.push(text) },
    globals: { configuration: read.value, json, strict: false, asOf: null, knownAt: null },
  };
  const open: OpenVenue = async (name) => ({
    ok: true,
    value: {
      venue: venues[name as keyof typeof venues],
      settings: {
        ...{ exchange: 'bybit', account: 'main', currency: 'USDT', positionMode: 'net' as const },
        ...{ readOnly: true, allowWithdrawals: false, symbols: [], settle: 0, confirm: 0 },
      },
    },
  });
  const last = (): Printed => JSON.parse(printed.at(-1)!) as Printed;
  return { cli, shell, venues, open, printed, last };
}

function venueAt(name: string, account: string): FakeVenue {
  const venue = new FakeVenue({ clock: systemClock });
  Object.assign(venue, { name, account });
  const deposit = { ...depositAt('d1', hourAgo), account };
  venue.cashFlow(deposit);
  venue.fill(executed('e1', hourAgo, account));
  const { statement } = FakeVenue.prototype;
  venue.statement = async () => {
    const answer = await statement.call(venue);
    return answer.status === 'answered'
      ? { status: 'answered', value: { ...answer.value, account } }
      : answer;
  };
  return venue;
}

const recording = { record: true } as const;

/** The venue did something that the book was not told. */
const trade = (venue: FakeVenue) =>
  venue.fill(executed('e2', hourAgo + 60_000_000_000n, venue.account, '0.2'));

describe('check', () => {
  test('VC13 each account is held against its venue, others against themselves', async () => {
    const { shell, open, last, printed } = await ground();
    expect(await runCheck(shell, recording, open)).toBe(0);
    expect(last()).toMatchObject({
      ...{ verdict: 'true', exitCode: 0, parties: ['book', 'venue'] },
      accounts: [
        { account: 'main', lines: 2, gate: 'allow' },
        { account: 'second', lines: 2, gate: 'allow' },
        { account: 'third', lines: 0, gate: 'deny' },
      ],
    });
    expect(await runCheck(shell, { ...recording, venue: 'two' }, open)).toBe(0);
    expect(last().accounts).toMatchObject([{ account: 'second' }]);
    expect(printed).toHaveLength(2);
  });

  test('VC13 venues are asked at the same time', async () => {
    const { shell, venues, open } = await ground();
    const both = Promise.withResolvers<void>();
    const waitingFor = new Set(['one', 'two']);
    for (const venue of Object.values(venues)) {
      const { statement } = venue;
      venue.statement = async () => {
        waitingFor.delete(venue.name);
        if (waitingFor.size === 0) both.resolve();
        await both.promise;
        return statement();
      };
    }
    expect(await runCheck(shell, recording, open)).toBe(0);
  });

  test('VC13 one that does not answer is unknown, and hides no break of another', async () => {
    const { shell, venues, open, last } = await ground();
    Object.assign(venues.one, { statement: async () => ({ ...failed('HTTP 503'), retry: false }) });
    trade(venues.two);
    expect(await runCheck(shell, recording, open)).toBe(3);
    expect(last().accounts.map(({ verdict }) => verdict)).toEqual(['cannot-say', 'break', 'true']);
    expect(last().unknown).toMatchObject([
      ...[{ account: 'main', why: 'HTTP 503' }, { account: 'main' }, { account: 'main' }],
    ]);
    Object.assign(venues.two, { statement: async () => ({ ...failed('gone'), retry: false }) });
    expect(await runCheck(shell, recording, open)).toBe(3);
    expect(last().breaks).toHaveLength(1);
  });

  test('VC13 a person reads how old the answers are, and since when one is silent', async () => {
    const { shell, venues, open, printed } = await ground(false);
    await runCheck(shell, recording, open);
    expect(printed[0]).toMatch(/✓ TRUE {2}3 accounts · 4 lines, all equal · data at most \ds old$/);
    Object.assign(venues.one, { statement: async () => ({ ...failed('HTTP 503'), retry: false }) });
    await runCheck(shell, recording, open);
    expect(printed[1]).toMatch(/\? main balances, orders, positions: HTTP 503 · since \d{4}-/);
    expect(printed[1]).toContain('? CANNOT SAY');
  });

  test('VC13 a refused key is exit 4, whatever else was found', async () => {
    const { shell, venues, open, last } = await ground();
    Object.assign(venues.one, { statement: async () => failed('invalid key', true) });
    trade(venues.two);
    expect(await runCheck(shell, recording, open)).toBe(4);
    expect(last()).toMatchObject({ verdict: 'break', exitCode: 4 });
  });

  test('VC13 --no-record leaves nothing in the book', async () => {
    const { shell, open, cli } = await ground();
    expect(await runCheck(shell, { record: false }, open)).toBe(0);
    const { entries } = await cli.json<{ entries: { kind: string }[] }>('audit --account main');
    expect(entries.map(({ kind }) => kind)).not.toContain('statement');
  });

  test.each([
    [{ venue: 'one', statement: ['x.json'] }, 'option-unfit'],
    [{ venue: 'one', settle: 'soon' }, 'duration-bad'],
    [{ statement: ['x.json'], settle: '1s' }, 'option-unfit'],
    [{ statement: ['x.json'], believeEmpty: true as const }, 'option-unfit'],
  ])('VC13 %j is refused as %s', async (options, code) => {
    const { shell, open } = await ground();
    const run = runCheck(shell, { ...recording, ...options }, open);
    await expect(run).rejects.toMatchObject({ exitCode: 2, refusal: { code } });
  });

  test('VC13 an account that the book lacks, or has of another venue, is told', async () => {
    const { shell, venues, open } = await ground();
    Object.assign(venues.one, { account: 'nobody' });
    const unknown = runCheck(shell, { ...recording, venue: 'one' }, open);
    await expect(unknown).rejects.toMatchObject({
      refusal: { code: 'account-unknown', hint: expect.stringContaining('update --venue one') },
    });
    Object.assign(venues.one, { account: 'second' });
    const other = runCheck(shell, { ...recording, venue: 'one' }, open);
    await expect(other).rejects.toMatchObject({ refusal: { code: 'account-of-another-venue' } });
  });
});

describe('check --watch', () => {
  test('VC14 each round is a line; a signal ends it with the code of the last', async () => {
    const { shell, venues, open, printed } = await ground();
    const running = runCheck(shell, { ...recording, watch: '5ms', venue: 'one' }, open);
    const rounds = async (count: number) => {
      while (printed.length < count) await systemPause();
    };
    await rounds(2);
    trade(venues.one);
    await rounds(printed.length + 2);
    process.emit('SIGINT');
    expect(await running).toBe(3);
    const documents = printed.map((line) => JSON.parse(line) as Printed);
    expect(printed.every((line) => !line.includes('\n'))).toBe(true);
    expect(documents[0]!.verdict).toBe('true');
    // Never straight from true to a break that the next round takes back.
    const verdicts = documents.map(({ verdict }) => verdict);
    expect(verdicts.lastIndexOf('true')).toBeLessThan(verdicts.indexOf('break'));
  });

  test('VC14 ended before its first round it says that it was interrupted', async () => {
    const { shell, venues, open, printed } = await ground();
    const asked = Promise.withResolvers<void>();
    venues.one.statement = () => {
      asked.resolve();
      return new Promise((resolve) => systemClock.after(50, () => resolve(failed('late'))));
    };
    const running = runCheck(shell, { ...recording, watch: '1s', venue: 'one' }, open);
    await asked.promise;
    process.emit('SIGINT');
    expect(await running).toBe(130);
    expect(printed).toEqual([]);
  });
});

const systemPause = () => new Promise<void>((resolve) => systemClock.after(5, resolve));

describe('investigate and sync', () => {
  test('VC13 VC10 what is found is investigated, repaired and proved by the venue', async () => {
    const { shell, venues, open, last } = await ground();
    trade(venues.one);
    const venue = { venue: 'one' };
    expect(await runCheck(shell, { ...recording, ...venue }, open)).toBe(3);
    const [found] = last().breaks;
    expect(await runInvestigate(shell, venue, [found!.id], open)).toBe(3);
    expect(last()).toMatchObject({
      schema: 'trueup.investigate/1',
      breaks: [{ id: found!.id, reason: 'FILL_MISSING', confidence: 'proven' }],
    });
    expect(await syncWith(shell, venue, open)).toBe(3);
    const apply = { ...venue, apply: true as const, auto: true as const };
    expect(await syncWith(shell, apply, open)).toBe(0);
    expect(last()).toMatchObject({
      schema: 'trueup.sync/1',
      accounts: [{ applied: [{ break: found!.id, state: 'VERIFIED' }] }],
    });
    expect(await runCheck(shell, recording, open)).toBe(0);
  });

  test('VC18 of a venue that does not answer a plan says that, and why', async () => {
    const { shell, venues, open, printed } = await ground(false);
    Object.assign(venues.one, { statement: async () => ({ ...failed('HTTP 503'), retry: false }) });
    for (const apply of [{}, { apply: true as const, auto: true as const }]) {
      printed.splice(0);
      expect(await syncWith(shell, { venue: 'one', ...apply }, open)).toBe(5);
      expect(printed.join('\n')).toMatch(/\? CANNOT SAY/);
      expect(printed.join('\n')).toMatch(/\? main balances, orders, positions: HTTP 503/);
      expect(printed.join('\n')).not.toContain('nothing to do');
    }
    const told = { ...shell, globals: { ...shell.globals, json: true } };
    expect(await syncWith(told, { venue: 'one' }, open)).toBe(5);
    expect(JSON.parse(printed.at(-1)!)).toMatchObject({
      verdict: 'cannot-say',
      accounts: [
        {
          account: 'main',
          unknown: expect.arrayContaining([
            expect.objectContaining({
              ...{ section: 'positions', scope: null, why: 'HTTP 503' },
            }),
          ]),
        },
      ],
    });
    // A venue that answers leaves nothing unsaid.
    expect(await syncWith(told, { venue: 'two' }, open)).toBe(0);
    expect(JSON.parse(printed.at(-1)!)).toMatchObject({ accounts: [{ unknown: [] }] });
  });

  test('VC17 --wait asks again while nothing can be said', async () => {
    const { shell, venues, open, last } = await ground();
    trade(venues.one);
    const { statement } = venues.one;
    let asked = 0;
    venues.one.statement = async () => {
      asked += 1;
      return asked === 1 ? { ...failed('starting'), retry: false } : await statement();
    };
    const apply = { venue: 'one', apply: true as const, auto: true as const };
    expect(await syncWith(shell, { ...apply, wait: '30s' }, open)).toBe(0);
    expect(last()).toMatchObject({ accounts: [{ applied: [{ state: 'VERIFIED' }] }] });
    Object.assign(venues.one, { statement: async () => ({ ...failed('down'), retry: false }) });
    expect(await syncWith(shell, { ...apply, wait: '10ms' }, open)).toBe(5);
  });
});

describe('gate', () => {
  test('VC12 it allows with 0 and denies with 3, and says why', async () => {
    const { cli, shell, open } = await ground();
    const denied = await cli.run('gate --account main');
    expect(denied).toMatchObject({ code: 3 });
    expect(denied.out).toContain('DENY   main · never checked');
    await runCheck(shell, recording, open);
    expect(await cli.run('gate --account main')).toMatchObject({ code: 0 });
    expect(await cli.json('gate')).toMatchObject({
      ...{ schema: 'trueup.gate/1', gate: 'deny', exitCode: 3, maxAgeSeconds: 300 },
      accounts: [
        { account: 'main', gate: 'allow', reasons: [] },
        { account: 'second', gate: 'allow', lastCompleteCheck: { verdict: 'true' } },
        { account: 'third', gate: 'deny', reasons: [{ code: 'never-checked' }] },
      ],
    });
    expect(await cli.json('gate --account main --max-age 0s')).toMatchObject({
      accounts: [{ reasons: [{ code: 'check-too-old' }] }],
    });
    expect(await cli.json('gate --max-age soon')).toMatchObject({ code: 'duration-bad' });
  });
});
