/** The policy where rows of a bot's database are written. */
import { beforeEach, expect, test } from 'vitest';
import { policyByDefault } from '../../../src/reconcile/limits.ts';
import { switchRepairs } from '../../../src/service/policy/standing.ts';
import { mirror } from '../../../src/service/source/positions-mirror.ts';
import { applyRows } from '../../../src/service/source/positions-sync.ts';
import { executions, fillOf, missed, PositionsGround, statement } from '../source/positions-kit.ts';

let ground: PositionsGround;

beforeEach(() => {
  ground = new PositionsGround();
});

const auto = { only: null, auto: true, plans: null, actor: null };

const apply = (repairsPerDay: number) =>
  ground.at(statement(), ({ ground: own, writer, look }) => applyRows(own, writer, look, auto), {
    policy: () => ({ ...policyByDefault, rows: { ...policyByDefault.rows, repairsPerDay } }),
  });

const quantities = () => [1, 38, 274].map((id) => ground.row(id)['quantity']);

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

const stop = () =>
  ground.at(null, ({ ground: { reader, options }, writer }) =>
    switchRepairs(reader.file, writer, reader.file.accountNamed('main')!, {
      ...{ stopped: true, reason: 'drill', at: options.clock.now(), by: 'Ada' },
    }),
  );

test('PO6 rows are written up to the number of the day; the others wait for a person', async () => {
  await ground.begin();
  const { applied, after } = await apply(2);
  expect(applied).toHaveLength(2);
  expect(quantities().filter((now, at) => now !== [4160, 2136.9, 60][at])).toHaveLength(2);
  expect(after.checked.repairs).toMatchObject([
    { needsApproval: true, because: expect.stringContaining('2 were made in the last 24 hours') },
  ]);
  expect((await apply(2)).applied).toEqual([]);
});

test('PO9 stopped, no row is written, and none follows the book', async () => {
  await ground.begin(executions.filter((one) => !missed.includes(one)));
  await stop();
  expect((await ground.apply(statement())).applied).toEqual([]);
  const part = fillOf('p1', 'HNTUSDT', 'sell', '10', '2.4', '2025-10-13 15:00:00');
  await ground.writing((writer) => writer.recordAll([part]));
  const followed = await ground.at(null, ({ ground: own, writer }) =>
    mirror({ ground: own, account: 'main', log: silent, writing: (work) => work(writer) }).once(),
  );
  expect(followed).toBe(0);
  expect(quantities()).toEqual([4160, 2136.9, 60]);
});
