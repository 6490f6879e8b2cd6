/** What the log of money tells of executions, beside the list of them. */
import { describe, expect, test } from 'vitest';
import { depositAt, fillAt, Ground } from './ground.ts';
import { pulled } from './pulled.ts';

const minute = 60_000;

/** The log of money tells of every execution; the list of them leaves some out. */
function leavingOut(ground: Ground, ...ids: readonly string[]): Set<string> {
  const hidden = new Set(ids);
  const { venue } = ground;
  const executions = venue.executions.bind(venue);
  venue.executions = async (cursor, since) => {
    const answer = await executions(cursor, since);
    if (answer.status !== 'answered') return answer;
    const facts = answer.value.facts.filter(({ executionId }) => !hidden.has(executionId));
    return { ...answer, value: { ...answer.value, facts } };
  };
  const cashFlows = venue.cashFlows.bind(venue);
  venue.cashFlows = async (cursor, since) => {
    const answer = await cashFlows(cursor, since);
    if (answer.status !== 'answered') return answer;
    const told = venue.inForce().map(({ executionId, time }) => {
      return { executionId, time, takenBack: false };
    });
    return { ...answer, value: { ...answer.value, executions: told } };
  };
  return hidden;
}

const toldWhy = (what: string) => `the log of money tells of ${what} that the venue does not list`;

describe('executions that the log of money tells of', () => {
  test('LS27 and nobody lists are a gap until they are booked, also in another process', async () => {
    const ground = new Ground();
    for (const id of ['e1', 'e2', 'e3']) ground.venue.fill(fillAt(id, ground.clock.now()));
    await ground.pass(minute);
    const hidden = leavingOut(ground, 'e2', 'e3');
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
    const hidden = leavingOut(ground, 'e1');
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

  test('LS27 what is younger than what was listed is not missed, nor what is taken back', async () => {
    const ground = new Ground();
    ground.venue.cashFlow(depositAt('d1', ground.clock.now()));
    await ground.pass(minute);
    leavingOut(ground, 'e1', 'e2');
    const { venue } = ground;
    const cashFlows = venue.cashFlows.bind(venue);
    venue.cashFlows = async (cursor, since) => {
      const answer = await cashFlows(cursor, since);
      if (answer.status !== 'answered') return answer;
      const { executions = [] } = answer.value;
      const back = executions
        .filter(({ executionId }) => executionId === 'e2')
        .map((one) => ({ ...one, takenBack: true }));
      return { ...answer, value: { ...answer.value, executions: [...back, ...executions] } };
    };
    venue.fill(fillAt('e1', ground.clock.now() + 3_600_000_000_000n));
    venue.fill(fillAt('e2', ground.clock.now()));
    expect(await pulled(ground)).toMatchObject({ exitCode: 0, gaps: [] });
  });
});
