import { describe, expect, test } from 'vitest';
import { decimal, toText } from '../../../src/decimal/text.ts';
import type { Fill } from '../../../src/model/fact.ts';
import { failed } from './fake-venue.ts';
import { depositAt, fillAt, Ground } from './ground.ts';
import { pulled } from './pulled.ts';

function traded(ground: Ground, count: number): void {
  ground.venue.cashFlow(depositAt('d1', ground.clock.now(), '1000000'));
  for (let n = 0; n < count; n += 1) {
    ground.venue.fill(fillAt(`e${n}`, ground.clock.now() + BigInt(n) * 1_000_000n));
  }
}

describe('pulling', () => {
  test('LS30 all that is listed is booked, page by page, with prices of what is held', async () => {
    const ground = new Ground({ pageLength: 7 });
    traded(ground, 100);
    await ground.pass(1_000);
    const { exitCode, gaps, marks, tally, sections } = await pulled(ground);
    expect({ exitCode, gaps, booked: tally.booked }).toEqual({
      exitCode: 0,
      gaps: [],
      booked: 101,
    });
    expect(ground.balances()).toEqual(ground.venue.balances());
    expect(marks.map(({ instrument, mark }) => [instrument, toText(mark!.price)])).toEqual([
      ['BTC/USDT', '60000'],
    ]);
    expect(sections.map(({ since, why }) => [since, why])).toEqual([
      [null, null],
      [null, null],
    ]);
  });

  test('LS31 pulled again it goes on where it ended, and books nothing twice', async () => {
    const ground = new Ground({ pageLength: 10 });
    traded(ground, 95);
    await ground.pass(1_000);
    await pulled(ground);
    const before = ground.venue.asked.executions;
    ground.venue.fill(fillAt('new', ground.clock.now()));
    await ground.pass(10);
    const { tally } = await pulled(ground);
    expect(tally.booked).toBe(1);
    // One page from the cursor, and those of the two days behind it.
    expect(ground.venue.asked.executions - before).toBeLessThanOrEqual(12);
    expect(ground.executionIds()).toHaveLength(96);
  });

  test('LS31 a pull that was broken off goes on at its page', async () => {
    const ground = new Ground({ pageLength: 10 });
    traded(ground, 100);
    await ground.pass(1_000);
    const stop = new AbortController();
    const executions = ground.venue.executions.bind(ground.venue);
    ground.venue.executions = (cursor, since) => {
      if (ground.venue.asked.executions === 3) stop.abort();
      return executions(cursor, since);
    };
    expect((await pulled(ground, stop.signal)).exitCode).toBe(5);
    const { cursor, unfinished } = ground.reader.file.feed('fake', 'main', 'executions')!;
    expect({ cursor, unfinished }).toEqual({ cursor: '0:40', unfinished: true });
    const { exitCode, tally } = await pulled(ground);
    expect({ exitCode, booked: tally.booked }).toEqual({ exitCode: 0, booked: 60 });
    expect(ground.executionIds()).toHaveLength(100);
  });

  test('LS32 a venue that does not answer leaves the pull incomplete, and says why', async () => {
    const ground = new Ground();
    traded(ground, 3);
    await ground.pass(1_000);
    ground.venue.cashFlows = async () => failed('500 of a fake');
    const { exitCode, sections } = await pulled(ground);
    expect(exitCode).toBe(5);
    expect(sections.map(({ why }) => why)).toEqual([null, '500 of a fake']);
    expect(ground.executionIds()).toHaveLength(3);
  });

  test('LS32 a venue without a complete list is never complete', async () => {
    const capabilities = { cashFlows: { complete: false, historyMs: null } };
    const { exitCode, sections } = await pulled(new Ground({ capabilities }));
    expect(exitCode).toBe(5);
    expect(sections[1]!.why).toBe('fake has no complete list of cash-flows');
  });

  test('LS33 a key that is refused is exit 4, and no price is asked for', async () => {
    const ground = new Ground();
    ground.venue.executions = async () => failed('invalid key', true);
    const { exitCode, sections, marks } = await pulled(ground);
    expect({ exitCode, marks }).toEqual({ exitCode: 4, marks: [] });
    expect(sections.map(({ why }) => why)).toEqual(['invalid key', 'it was not asked']);
  });

  test('LS34 from a given time on, nothing older is asked for', async () => {
    const ground = new Ground();
    const at = ground.clock.now();
    ground.venue.fill(fillAt('old', at - 3_600_000_000_000n));
    ground.venue.fill(fillAt('young', at));
    await ground.pass(1_000);
    const { sections } = await pulled(ground, undefined, at - 1_000_000_000n);
    expect(ground.executionIds()).toEqual(['young']);
    expect(sections.map(({ since }) => since)).toEqual(Array(2).fill(at - 1_000_000_000n));
  });

  test('LS35 a fee that comes later completes its fill', async () => {
    const ground = new Ground();
    const fill = fillAt('e1', ground.clock.now(), { fees: null });
    ground.venue.fill(fill);
    await ground.pass(1_000);
    await pulled(ground);
    expect(ground.balances().get('USDT')).toBe('-30000');
    ground.venue.replace({ ...fill, fees: [{ currency: 'USDT', amount: decimal('3') }] });
    await pulled(ground);
    expect(ground.balances().get('USDT')).toBe('-30003');
  });

  /** The venue lists a row of these executions that nobody can read. */
  function unreadable(ground: Ground, ...ids: readonly string[]): Set<string> {
    const broken = new Set(ids);
    const executions = ground.venue.executions.bind(ground.venue);
    ground.venue.executions = async (cursor, since) => {
      const answer = await executions(cursor, since);
      if (answer.status !== 'answered') return answer;
      const { facts } = answer.value;
      const isBroken = ({ executionId }: Fill) => broken.has(executionId);
      const faults = facts.filter(isBroken).map((one) => `execType of ${one.executionId}`);
      const readable = facts.filter((one) => !isBroken(one));
      return { ...answer, value: { ...answer.value, facts: readable, faults } };
    };
    return broken;
  }

  test('LS23 a row that cannot be read is a named gap, until it can be', async () => {
    const ground = new Ground({ pageLength: 10 });
    traded(ground, 30);
    await ground.pass(1_000);
    const broken = unreadable(ground, 'e3', 'e14');
    const first = await pulled(ground);
    expect(first.exitCode).toBe(5);
    expect(first.sections[0]!.why).toBe('2 of its rows cannot be read, as this: execType of e3');
    // 30 less two, the cash, and the cursor behind them.
    expect(first.tally.booked).toBe(29);
    const named = [3, 14].map((n) => `a row cannot be read: execType of e${n}`);
    expect(first.gaps.map(({ stream, why }) => [stream, why])).toEqual(
      named.map((why) => ['executions', why]),
    );
    // A new process, far from the overlap: the gaps stay, and are not doubled.
    await ground.pass(72 * 3_600_000);
    const second = await pulled(ground);
    expect([second.exitCode, second.gaps.map(({ why }) => why)]).toEqual([5, named]);
    broken.delete('e14');
    await ground.pass(60_000);
    expect((await pulled(ground)).gaps.map(({ why }) => why)).toEqual([named[0]]);
    broken.clear();
    await ground.pass(60_000);
    const last = await pulled(ground);
    expect({ exitCode: last.exitCode, gaps: last.gaps }).toEqual({ exitCode: 0, gaps: [] });
    expect(ground.executionIds()).toHaveLength(30);
    expect(ground.balances()).toEqual(ground.venue.balances());
  }, 30_000);

  test('LS23 a hundred rows that cannot be read are twenty-one gaps', async () => {
    const ground = new Ground({ pageLength: 200 });
    traded(ground, 100);
    await ground.pass(1_000);
    const broken = unreadable(ground, ...Array.from({ length: 100 }, (_, n) => `e${n}`));
    const { gaps } = await pulled(ground);
    expect(gaps).toHaveLength(21);
    expect(gaps.at(-1)!.why).toBe('a row cannot be read: and 80 more between them');
    broken.clear();
    await ground.pass(60_000);
    expect((await pulled(ground)).gaps).toEqual([]);
    expect(ground.executionIds()).toHaveLength(100);
  });

  test('LS24 an execution whose row cannot be read is not taken back', async () => {
    const ground = new Ground();
    await ground.start();
    for (const id of ['e1', 'e2']) {
      ground.venue.fill(fillAt(id, ground.clock.now(), { orderId: 'o1' }));
    }
    await ground.pass(60_000);
    // Its order says less as well: without the fault this would be a bust.
    ground.venue.halfOpen(true);
    ground.venue.bust('e1');
    ground.venue.executions = withRow(ground.venue.executions.bind(ground.venue), 'execType of e1');
    await ground.pass(5 * 60_000);
    expect(ground.executionIds()).toEqual(['e1', 'e2']);
    expect(ground.saidEvents('gap.opened').filter((msg) => msg.includes('e1'))).toHaveLength(1);
    await ground.stop();
  });
});

const withRow =
  (executions: Ground['venue']['executions'], fault: string): Ground['venue']['executions'] =>
  async (cursor, since) => {
    const answer = await executions(cursor, since);
    if (answer.status !== 'answered') return answer;
    return { ...answer, value: { ...answer.value, faults: [fault] } };
  };
