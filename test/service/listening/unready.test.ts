/** A venue that is down, or refuses the key, while somebody listens. */
import { describe, expect, test } from 'vitest';
import { failed } from './fake-venue.ts';
import { fillAt, Ground } from './ground.ts';

const minute = 60_000;

/** A venue whose streams cannot begin says so every five seconds, of each of them. */
function unready(ground: Ground, why: string): void {
  const { venue, clock } = ground;
  venue.events = async function* (signal) {
    while (!signal.aborted) {
      for (const stream of ['execution', 'order']) {
        yield { kind: 'gap', stream, since: null, at: clock.now(), why };
      }
      await new Promise<void>((resolve) => {
        clock.after(5_000, resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  };
  const answer = async () => failed(why);
  Object.assign(venue, { executions: answer, cashFlows: answer });
}

describe('a venue that does not let us in', () => {
  test('LS28 a stream that cannot begin is one gap that grows, from what was listed', async () => {
    const ground = new Ground();
    await ground.start();
    await ground.pass(minute);
    await ground.stop();
    const { executions, cashFlows, events } = ground.venue;
    const through = ground.following.through;
    unready(ground, 'connection refused');
    ground.renew();
    await ground.start();
    for (let n = 0; n < 10; n += 1) await ground.pass(minute);
    const open = ground.reader.file.openGaps('fake', 'main');
    expect(open.map(({ stream, from, why }) => [stream, from, why])).toEqual([
      ['all streams', through, 'nobody listened'],
      ['execution', through, 'connection refused'],
      ['order', through, 'connection refused'],
    ]);
    expect(open.slice(1).every(({ to }) => to >= ground.clock.now() - 6_000_000_000n)).toBe(true);
    expect(ground.saidEvents('gap.opened').filter((msg) => msg.includes('refused'))).toHaveLength(
      2,
    );
    await ground.stop();
    Object.assign(ground.venue, { executions, cashFlows, events });
    ground.venue.fill(fillAt('e1', ground.clock.now()));
    ground.renew();
    await ground.start();
    await ground.pass(5 * minute);
    expect(ground.reader.file.openGaps('fake', 'main')).toEqual([]);
    expect(ground.executionIds()).toEqual(['e1']);
    await ground.stop();
  });

  test('LS29 a key that is refused again and again ends it, also after a good start', async () => {
    const ground = new Ground();
    const running = ground.listener.run();
    await ground.pass(minute);
    const { executions } = ground.venue;
    ground.venue.executions = async () => failed('key expired', true);
    await ground.pass(minute);
    ground.venue.executions = executions;
    await ground.pass(10 * minute);
    expect(ground.saidEvents('listen.stopped')).toEqual([]);
    ground.venue.executions = async () => failed('key expired', true);
    for (let n = 0; n < 20; n += 1) await ground.pass(minute);
    expect(await running).toBe(4);
    expect(ground.saidEvents('listen.refused')).toEqual([expect.stringContaining('key expired')]);
  });
});
