/** The process dies before and after each call to the venue, and begins anew. */
import { describe, expect, test } from 'vitest';
import { hasWork } from '../../../src/exits/plan.ts';
import { planOnly, runExits } from '../../../src/service/exiting/run.ts';
import { allowed, Ground } from './double.ts';

interface Story {
  readonly what: string;
  readonly amend: boolean;
  /** What was there before the run that dies. */
  readonly before: (ground: Ground) => Promise<void>;
  readonly ends: { readonly open: readonly string[]; readonly left: string };
}

const rests = async (ground: Ground, then: () => void) => {
  ground.wait(3);
  await runExits(ground.parts(), allowed);
  then();
};

const stories: readonly Story[] = [
  {
    what: 'a first order in grace',
    amend: true,
    before: async (ground) => ground.wait(3),
    ends: { open: ['buy 4160 of 4160 @ 0.04995'], left: '-4160' },
  },
  {
    what: 'an order of liquidation, amended after a part filled',
    amend: true,
    before: (ground) =>
      rests(ground, () => {
        ground.trade('0.0499', '1000', 'sell');
        ground.wait(4);
      }),
    ends: { open: ['buy 3160 of 4160 @ 0.05025'], left: '-3160' },
  },
  {
    what: 'an order of liquidation, made anew after a part filled',
    amend: false,
    before: (ground) =>
      rests(ground, () => {
        ground.trade('0.0499', '1000', 'sell');
        ground.wait(4);
      }),
    ends: { open: ['buy 3160 of 3160 @ 0.05025'], left: '-3160' },
  },
  {
    what: 'the market in place of a limit',
    amend: true,
    before: (ground) => rests(ground, () => ground.wait(23, '0.06', '0.06001')),
    ends: { open: [], left: '0' },
  },
];

const lived = (ground: Ground): Promise<boolean> =>
  Promise.race([runExits(ground.parts(), allowed).then(() => true), ground.died.then(() => false)]);

describe.each(stories)('EX16 $what', ({ amend, before, ends }) => {
  test('EX16 dies at any call, and the next run ends as one that lived', async () => {
    let deaths = 0;
    for (const after of [false, true]) {
      for (let at = 1; ; at += 1) {
        const ground = new Ground('-4160', { amend });
        await before(ground);
        ground.dying(at, after);
        if (await lived(ground)) break;
        deaths += 1;
        ground.dies = null;
        await runExits(ground.parts(), allowed);
        const told = `${after ? 'after' : 'before'} call ${at}`;
        const now = { open: ground.open(), left: ground.left(), told };
        expect(now).toEqual({ ...ends, told });
        expect(hasWork((await planOnly(ground.parts())).plan)).toBe(false);
        // No name was used for two orders, and none was sent that could add to the position.
        const names = ground.exchange.orders().map(({ clientOrderId }) => clientOrderId);
        expect(new Set(names).size).toBe(names.length);
        expect(ground.placed.every(({ side, reduceOnly }) => side === 'buy' && reduceOnly)).toBe(
          true,
        );
      }
    }
    expect(deaths).toBeGreaterThan(10);
  });
});
