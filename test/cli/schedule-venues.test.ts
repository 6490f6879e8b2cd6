import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runSchedule } from '../../src/cli/commands/schedule.ts';
import { systemClock } from '../../src/service/system-clock.ts';
import { failed } from '../service/listening/fake-venue.ts';
import { depositAt, fillAt } from '../service/listening/ground.ts';
import { ground, removeGrounds } from './venue-ground.ts';

afterAll(removeGrounds);

const settings = { venues: { fake: { exchange: 'bybit', account: 'main' } } };

/** Until a line of the log holds the words. */
async function said(told: readonly string[], words: string): Promise<void> {
  while (!told.some((line) => line.includes(words))) {
    await new Promise((resolve) => systemClock.after(10, () => resolve(null)));
  }
}

function traded(venue: ReturnType<typeof ground>['venue']): void {
  const at = systemClock.now() - 60_000_000_000n;
  venue.cashFlow(depositAt('d1', at), false);
  venue.fill(fillAt('e1', at));
}

describe('the schedule of venues', () => {
  test('O28 --once pulls from each venue, books and prices, and ends', async () => {
    const { shell, venue, open, printed, cli } = ground(true, settings);
    traded(venue);
    expect(await runSchedule(shell, { venue: ['fake'], once: true }, open)).toBe(0);
    expect(JSON.parse(printed[0]!)).toMatchObject({
      exitCode: 0,
      duties: [
        {
          name: 'venue-update fake',
          timetable: 'every 5 minutes',
          last: { exitCode: 0, sentence: 'fake: 2 facts booked, 1 prices; no gaps' },
        },
        {
          name: 'check fake',
          last: { exitCode: 0, sentence: 'TRUE: fake and the book of main agree' },
        },
        { name: 'report' },
      ],
    });
    const book = await cli.json<{ positions: unknown[] }>('book');
    expect(book.positions).toMatchObject([{ asset: 'BTC', quantity: '0.5' }]);
  });

  test('O28 what may be missing is 5, a refused key 4', async () => {
    const { shell, venue, open, printed } = ground(true, settings);
    venue.cashFlows = async () => ({ status: 'refused', code: 'x', why: 'not for you' });
    expect(await runSchedule(shell, { venue: true, once: true }, open)).toBe(5);
    expect(printed[0]).toContain('cash-flows: not for you (x)');
    venue.executions = async () => failed('invalid key', true);
    expect(await runSchedule(shell, { venue: true, once: true }, open)).toBe(4);
  });

  test('O28 fills are booked as they happen, and a signal ends it when they are', async () => {
    const { shell, venue, open, told, cli } = ground(false, settings);
    const running = runSchedule(shell, { venue: ['fake'] }, open);
    await said(told, 'listen.started');
    await said(told, 'venue.updated');
    venue.cashFlow(depositAt('d1', systemClock.now()));
    venue.fill(fillAt('e1', systemClock.now(), { orderId: 'o1' }));
    await said(told, 'fill.booked');
    // One that came, and may not be booked yet.
    venue.fill(fillAt('e2', systemClock.now(), { orderId: 'o1' }));
    await new Promise((resolve) => setImmediate(resolve));
    process.emit('SIGTERM', 'SIGTERM');
    expect(await running).toBe(0);
    expect(told.join('\n')).toContain('"event":"listen.stopped"');
    const book = await cli.json<{ positions: unknown[] }>('book');
    expect(book.positions).toMatchObject([{ asset: 'BTC', quantity: '1' }]);
  });

  test('O28 --pull-only listens to nothing', async () => {
    const { shell, open, told } = ground(false, settings);
    const running = runSchedule(shell, { venue: ['fake'], pullOnly: true }, open);
    await said(told, 'duty.ran');
    process.emit('SIGTERM', 'SIGTERM');
    expect(await running).toBe(0);
    expect(told.join('\n')).not.toContain('listen.started');
  });

  test.each([
    ['schedule --venue', 'venue-unknown'],
    ['schedule --venue other', 'venue-unknown'],
    ['schedule --pull-only --source sqlite:x.db', 'option-unfit'],
    ['schedule --venue-interval 5 --source sqlite:x.db', 'option-unfit'],
    ['schedule --venue fake --venue-interval 0', 'minutes-bad'],
    ['schedule --check-interval 5 --source sqlite:x.db', 'option-unfit'],
    ['schedule --venue fake --check-interval 0', 'minutes-bad'],
    ['schedule --venue fake --repair maybe', 'repair-bad'],
    ['schedule --venue fake --interval 5', 'option-unfit'],
    ['service unit --listen fake --venue fake', 'option-unfit'],
  ])('O19 "%s" is refused as %s', async (words, code) => {
    const { cli } = ground(false, words.endsWith('--venue') ? null : settings);
    const { exitCode, ...said } = await cli.json(words);
    expect({ exitCode, code: said['code'] }).toEqual({ exitCode: 2, code });
  });

  test('O29 a unit of the schedule names its venues, where the settings stand', async () => {
    const { cli } = ground(false, settings);
    const intervals = '--venue-interval 15 --check-interval 2';
    const { out } = await cli.run(`service unit --user games --venue fake ${intervals}`);
    expect(out).toContain(` schedule --book ${join(cli.folder, 'trueup.db')} --venue fake`);
    expect(out).toContain(' --venue-interval 15 --check-interval 2\n');
    expect(out).toContain(`WorkingDirectory=${cli.folder}\n`);
    expect(out).toContain('# LoadCredential=TRUEUP_VENUE_MAIN_KEY:');
  });
});
