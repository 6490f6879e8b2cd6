import { describe, expect, test } from 'vitest';
import { fillAt, Ground } from './ground.ts';

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
});
