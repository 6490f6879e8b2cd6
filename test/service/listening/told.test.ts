/** What the log of money tells of executions, beside the list of them. */
import { describe, expect, test } from 'vitest';
import type { ToldExecution } from '../../../src/venues/venue.ts';
import { leaveOut, tellExecutions } from './changed-pages.ts';
import { depositAt, fillAt, Ground } from './ground.ts';
import { pulled } from './pulled.ts';

const minute = 60_000;

const back = (told: ToldExecution): ToldExecution => ({ ...told, takenBack: true });

const toldWhy = (what: string) => `the log of money tells of ${what} that the venue does not list`;

describe('executions that the log of money tells of', () => {
  test('LS27 and nobody lists are a gap until they are booked, in any process', async () => {
    const ground = new Ground();
    for (const id of ['e1', 'e2', 'e3']) ground.venue.fill(fillAt(id, ground.clock.now()));
    await ground.pass(minute);
    const hidden = leaveOut(ground.venue, 'e2', 'e3');
    tellExecutions(ground.venue);
    for (let times = 1; times <= 2; times += 1) {
      const { exitCode, gaps } = await pulled(ground);
      expect([exitCode, gaps.map(({ stream, why }) => [stream, why])]).toEqual([
        5,
        [['executions', `${toldWhy('2 executions')}: e2`]],
      ]);
      await ground.pass(72 * 60 * minute);
    }
    hidden.delete('e2');
    expect((await pulled(ground)).exitCode).toBe(5);
    hidden.clear();
    expect(await pulled(ground)).toMatchObject({ exitCode: 0, gaps: [] });
    expect(ground.balances()).toEqual(ground.venue.balances());
  });

  test('LS27 a gap of the stream in which they lie is not filled before they are', async () => {
    const ground = new Ground();
    const hidden = leaveOut(ground.venue, 'e1');
    tellExecutions(ground.venue);
    await ground.start();
    await ground.pass(minute);
    ground.venue.disconnect();
    ground.venue.fill(fillAt('e1', ground.clock.now()));
    await ground.pass(minute);
    ground.venue.reconnect();
    await ground.pass(3 * minute);
    expect(ground.listener.health().openGaps.map(({ why }) => why)).toEqual([
      `${toldWhy('an execution')}: e1`,
      'reconnected',
    ]);
    hidden.clear();
    await ground.pass(2 * minute);
    expect(ground.listener.health().openGaps).toEqual([]);
    const filled = ground.saidEvents('gap.closed').filter((msg) => msg.includes('reconnected'));
    expect(filled).toEqual([expect.stringContaining('1 facts were missing in it')]);
    await ground.stop();
  });

  test('LS27 what is younger than what was listed is not missed, nor what is undone', async () => {
    const ground = new Ground();
    ground.venue.cashFlow(depositAt('d1', ground.clock.now()));
    await ground.pass(minute);
    const { venue } = ground;
    leaveOut(venue, 'e1', 'e2');
    tellExecutions(venue, (told) => [
      ...told.filter(({ executionId }) => executionId === 'e2').map(back),
      ...told,
    ]);
    venue.fill(fillAt('e1', ground.clock.now() + 3_600_000_000_000n));
    venue.fill(fillAt('e2', ground.clock.now()));
    expect(await pulled(ground)).toMatchObject({ exitCode: 0, gaps: [] });
  });

  test('LS27 what an opening contains, or is older than was asked for, is not missed', async () => {
    const ground = new Ground();
    const { venue, clock } = ground;
    venue.fill(fillAt('e1', clock.now()));
    await ground.pass(minute);
    leaveOut(venue, 'e1');
    tellExecutions(venue);
    expect(await pulled(ground, undefined, clock.now())).toMatchObject({ exitCode: 0, gaps: [] });
  });
});
