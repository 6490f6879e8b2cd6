import { describe, expect, test } from 'vitest';
import { undoEntry } from '../../../src/service/undoing.ts';
import { fillAt, Ground } from './ground.ts';
import { pulled } from './pulled.ts';

const minute = 60_000;

describe('what the venue changed without a word', () => {
  test('LS17 an execution listed otherwise twice is corrected to what is listed', async () => {
    const ground = new Ground();
    await ground.start();
    ground.venue.fill(fillAt('e1', ground.clock.now()));
    await ground.pass(minute);
    ground.venue.halfOpen(true);
    ground.venue.correct('e1', '50000');
    await ground.pass(61_000);
    expect(ground.balances().get('USDT')).toBe('-30000.03');
    await ground.pass(2 * minute);
    expect(ground.balances()).toEqual(ground.venue.balances());
    expect(ground.saidEvents('fill.corrected')).toHaveLength(1);
    await ground.stop();
  });

  test('LS18 an execution that two listings lack, and its order too, is taken back', async () => {
    const ground = new Ground();
    await ground.start();
    for (const id of ['e1', 'e2']) {
      ground.venue.fill(fillAt(id, ground.clock.now(), { orderId: 'o1' }));
    }
    await ground.pass(minute);
    ground.venue.halfOpen(true);
    ground.venue.bust('e1');
    await ground.pass(4 * minute);
    expect(ground.executionIds()).toEqual(['e2']);
    expect(ground.balances()).toEqual(ground.venue.balances());
    expect(ground.saidEvents('fill.busted')).toHaveLength(1);
    await ground.stop();
  });

  test('LS17 LS18 so is what changed long after, which only a deep listing covers', async () => {
    const ground = new Ground();
    await ground.start();
    for (const id of ['e1', 'e2', 'e3']) {
      ground.venue.fill(fillAt(id, ground.clock.now(), { orderId: 'o1' }));
    }
    await ground.pass(60 * minute);
    ground.venue.halfOpen(true);
    ground.venue.bust('e1');
    ground.venue.correct('e2', '50000');
    await ground.pass(6 * 60 * minute + 5 * minute);
    expect(ground.executionIds()).toEqual(['e2', 'e3']);
    expect(ground.balances()).toEqual(ground.venue.balances());
    await ground.stop();
  });

  test('LS18 listings that are cut short take nothing back: the order denies it', async () => {
    const ground = new Ground();
    await ground.start();
    ground.venue.fill(fillAt('e1', ground.clock.now(), { orderId: 'o1' }));
    ground.venue.fill(fillAt('e2', ground.clock.now()));
    await ground.pass(minute);
    ground.venue.faults.truncate = 1;
    await ground.pass(10 * minute);
    expect(ground.executionIds()).toEqual(['e1', 'e2']);
    expect(ground.saidEvents('fill.busted')).toEqual([]);
    expect(ground.saidEvents('fill.unlisted').length).toBeGreaterThan(0);
    await ground.stop();
  });

  /** Two executions of one order, the first taken back because nothing lists it any more. */
  async function takenBack(): Promise<Ground> {
    const ground = new Ground({ settings: { overlapMs: 60 * minute } });
    await ground.start();
    for (const id of ['e1', 'e2']) {
      ground.venue.fill(fillAt(id, ground.clock.now(), { orderId: 'o1' }));
    }
    await ground.pass(minute);
    ground.venue.halfOpen(true);
    ground.venue.bust('e1');
    await ground.pass(4 * minute);
    expect(ground.executionIds()).toEqual(['e2']);
    return ground;
  }

  test('LS25 an execution taken back and listed again is in force again, each time', async () => {
    const ground = await takenBack();
    for (let times = 1; times <= 2; times += 1) {
      ground.venue.relist('e1');
      await ground.pass(2 * minute);
      expect(ground.executionIds()).toEqual(['e1', 'e2']);
      expect(ground.balances()).toEqual(ground.venue.balances());
      expect(ground.saidEvents('fill.reinstated')).toHaveLength(times);
      ground.venue.bust('e1');
      await ground.pass(4 * minute);
      expect(ground.executionIds()).toEqual(['e2']);
    }
    await ground.stop();
  });

  test('LS25 so it is in a pull, by a process that did not take it back', async () => {
    const ground = await takenBack();
    await ground.stop();
    ground.venue.relist('e1');
    await ground.pass(24 * 60 * minute);
    expect((await pulled(ground)).exitCode).toBe(0);
    expect(ground.executionIds()).toEqual(['e1', 'e2']);
    expect(ground.balances()).toEqual(ground.venue.balances());
  });

  test('LS25 what the venue itself took back, or a person, is not booked again', async () => {
    const ground = await takenBack();
    ground.venue.halfOpen(false);
    ground.venue.bust('e1');
    await ground.pass(minute);
    const known = ground.reader.file.accountNamed('main')!;
    const [e2] = ground.reader.file.fillsWithId(known.account, 'e2');
    await undoEntry(ground.reader, ground.held.book, known, e2!.sequence, ground.clock.now());
    ground.venue.relist('e1');
    await ground.pass(10 * minute);
    expect(ground.executionIds()).toEqual([]);
    await ground.stop();
  });

  test('LS26 a price that goes there and back is the one that is listed, each time', async () => {
    const ground = new Ground();
    await ground.start();
    ground.venue.fill(fillAt('e1', ground.clock.now()));
    await ground.pass(minute);
    ground.venue.halfOpen(true);
    for (const price of ['50000', '60000', '50000', '60000']) {
      ground.venue.correct('e1', price);
      await ground.pass(5 * minute);
      expect(ground.balances()).toEqual(ground.venue.balances());
    }
    expect(ground.saidEvents('fill.corrected')).toHaveLength(4);
    await ground.stop();
  });
});
