import { expect, test } from 'vitest';
import type { SourceOrder } from '../../../src/model/source.ts';
import { type DeskContext, ordersFor } from '../../../src/service/source/looking.ts';
import { Ground } from './kit.ts';

/** The incident's orders, said to be so many: whether they are read, and what is told. */
async function readOf(count: number, document: 'check' | 'investigate') {
  const ground = new Ground();
  return ground.at(async (desk) => {
    const { snapshot, sheets } = await desk.check({ record: false, prices: null });
    let read = 0;
    async function* orders(): AsyncGenerator<SourceOrder> {
      for await (const order of desk.source.orders()) {
        read += 1;
        yield order;
      }
    }
    const options = ground.options();
    const context = { options, source: { ...desk.source, orders } } as unknown as DeskContext;
    const many = { ...snapshot!, orders: { count, newestAt: null } };
    await ordersFor(context, many, sheets, document);
    return { read, told: ground.told.at(-1) ?? '' };
  });
}

test('N16 orders explain a difference; millions of them are for who investigates', async () => {
  expect((await readOf(21, 'check')).read).toBe(21);
  expect((await readOf(1_000_000, 'investigate')).read).toBe(21);
  const skipped = await readOf(1_000_000, 'check');
  expect(skipped.read).toBe(0);
  expect(skipped.told).toContain('the 1,000,000 orders were not read');
});

test('N16 where nothing differs no order is read', async () => {
  const ground = new Ground();
  await ground.update();
  const source = {
    orders: () => {
      throw new Error('read');
    },
  };
  const { sheets, snapshot } = await ground.check();
  const context = { source, options: ground.options() } as unknown as DeskContext;
  expect(await ordersFor(context, snapshot!, sheets)).toBeNull();
});
