/** What holds after any simulated day. */
import { expect } from 'vitest';
import { verifyChain } from '../../../src/store/verify.ts';
import { simulate } from './simulated-day.ts';

/** Nothing lost, nothing doubled, every gap named, and the venue's own sums to the last unit. */
export async function proveDay(seed: number, hours: number): Promise<void> {
  const { ground, executions, disconnects } = await simulate(seed, hours);
  const { venue, reader, following } = ground;
  expect(executions).toBeGreaterThan(hours * 30);
  const ids = venue.inForce().map(({ executionId }) => executionId);
  expect(ground.executionIds()).toEqual(ids.toSorted());
  expect(ground.positions()).toEqual(venue.positions());
  expect(ground.balances()).toEqual(venue.balances());
  expect(following.unread).toBe(0);
  expect(reader.file.openMessages('fake', 'main', 0, 9)).toEqual([]);
  const gaps = reader.file.gapsSince('fake', 'main', 0n);
  expect(gaps.filter(({ closedAt }) => closedAt === null)).toEqual([]);
  const named = gaps.filter(({ why }) => why === 'reconnected' || why === 'nobody listened');
  expect(named.length).toBeGreaterThan(disconnects > 0 ? 1 : 0);
  expect(verifyChain(ground.held.file).findings).toEqual([]);
  await ground.stop();
}
