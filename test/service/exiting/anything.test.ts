/** Fills, moves, lost answers and deaths at any call: what must hold all the same. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { add, isPositive, subtract, total } from '../../../src/decimal/decimal.ts';
import { decimal, toText } from '../../../src/decimal/text.ts';
import { isExitOrderId } from '../../../src/exits/order-name.ts';
import { runExits } from '../../../src/service/exiting/run.ts';
import { allowed, Ground, type Hook, lost } from './double.ts';

type Happening = 'fill' | 'rise' | 'fall' | 'reduce' | 'lost' | 'done' | 'mute' | 'nothing';

const happening = fc.constantFrom<Happening>(
  ...(['fill', 'rise', 'fall', 'reduce', 'lost', 'done', 'mute'] as const),
  ...(['nothing', 'nothing', 'nothing', 'nothing'] as const),
);

const story = fc.record({
  amend: fc.boolean(),
  waits: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 5 }),
  happens: fc.array(happening, { minLength: 5, maxLength: 40 }),
  dies: fc.array(fc.integer({ min: 1, max: 25 }), { maxLength: 2 }),
});

const sends: ReadonlySet<string> = new Set(['place', 'amend', 'cancel']);

/** Before each call of the venue something happens, or its answer is not what it was. */
function hookOf(ground: Ground, call: string, what: Happening, index: number): Hook {
  return async (go) => {
    if (what === 'fill') ground.trade('0.0470', '700', 'sell');
    if (what === 'fill' || what === 'fall') ground.touch('0.0502', '0.05021');
    if (what === 'rise') ground.touch('0.0530', '0.05301');
    if (what === 'reduce') reduceByHand(ground, `hand-${call}-${index}`);
    if (sends.has(call) && what === 'lost') return lost(false)(go);
    if (sends.has(call) && what === 'done') return lost(true)(go);
    const mute = { status: 'failed', why: 'down', retry: false, credentials: false };
    return what === 'mute' && !sends.has(call) ? mute : go();
  };
}

const reduceByHand = (ground: Ground, clientOrderId: string) =>
  ground.exchange.submit({
    ...{ clientOrderId, instrument: 'AGI/USDT:USDT', leg: 'net', side: 'buy', type: 'market' },
    ...{ quantity: decimal('100'), price: null, timeInForce: 'ioc', reduceOnly: true },
    trigger: null,
  });

test('EX7 EX8 EX16 no position grows or turns, and one order of ours is left at most', async () => {
  await fc.assert(
    fc.asyncProperty(story, async ({ amend, waits, happens, dies }) => {
      const ground = new Ground('-4160', { amend });
      for (const [index, hours] of [...waits, 0].entries()) {
        ground.wait(hours);
        const isLast = index === waits.length;
        const at = isLast ? undefined : dies[index];
        ground.dying(at ?? 0, false);
        ground.hooks = isLast ? {} : hooksOf(ground, happens);
        const run = runExits(ground.parts(), allowed);
        await Promise.race(at === undefined ? [run] : [run, ground.died]);
        ground.dies = null;
      }
      const fills = ground.exchange.fills();
      let left = decimal('0');
      for (const { side, quantity } of fills) {
        left = side === 'buy' ? add(left, quantity) : subtract(left, quantity);
        expect(isPositive(left)).toBe(false);
      }
      expect(fills.filter(({ side }) => side === 'sell').length).toBe(1);
      const closed = total(fills.filter(({ side }) => side === 'buy').map((one) => one.quantity));
      expect(toText(subtract(decimal('4160'), closed))).toBe(ground.left().replace('-', ''));
      const ours = ground.exchange.openOrders().filter((one) => isExitOrderId(one.clientOrderId));
      expect(ours.length).toBeLessThanOrEqual(1);
      for (const { quantity, filled } of ours) {
        expect(toText(subtract(quantity, filled!))).toBe(ground.left().replace('-', ''));
      }
    }),
    { numRuns: 60 },
  );
});

function hooksOf(ground: Ground, happens: readonly Happening[]): Record<string, Hook> {
  const names = ['statement', 'order', 'ticker', 'place', 'amend', 'cancel'];
  const hooks: Record<string, Hook> = {};
  for (const [index, what] of happens.entries()) {
    const call = names[index % names.length]!;
    hooks[`${call} ${Math.floor(index / names.length) + 1}`] = hookOf(ground, call, what, index);
  }
  return hooks;
}
