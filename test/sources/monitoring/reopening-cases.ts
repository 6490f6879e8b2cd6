/** The conformance suite of the schema `monitoring`: rows that are closed, and active again. */
import { expect } from 'vitest';
import { decimal, toTextOrNull } from '../../../src/decimal/text.ts';
import type { PositionChange } from '../../../src/model/position-source.ts';
import { at, changeOf, generations, positionOf, positionsOn, writeOf } from './ground.ts';
import { type PositionScenario, scenario } from './scenario.ts';

export const reopeningCases: readonly PositionScenario[] = generations.map((generation) =>
  scenario(
    `SP62 SP67 ${generation}: a row is closed nobody knows when, reopened, and taken back`,
    async (make) => {
      const world = await make(generation);
      const source = await positionsOn(world);
      const before = await source.snapshot();
      const { id, symbol, statusText } = positionOf(before, 'HNTUSDT');
      const row = async () =>
        (await world.rows('SELECT * FROM positions')).find((one) => String(one['id']) === id)!;
      const close = {
        ...{ at: null, exitPrice: null, realisedPnl: null, fees: null },
        reason: 'closed at the exchange: not known how',
      };
      await source.write((now) => writeOf({ changes: [changeOf(now, symbol, { close })] }));
      const closed = await row();
      expect(closed).toMatchObject({ closed_at: null, exit_reason: close.reason });
      const change: PositionChange = {
        ...{ id, symbol, reopen: true, quantity: decimal('59.88') },
        expected: { quantity: decimal('60'), status: 'closed', direction: 'long' },
        unrealisedPnl: decimal('-1.1976'),
      };
      const { audit } = await source.write(() => writeOf({ changes: [change] }));
      const open = positionOf(await source.snapshot(), 'HNTUSDT');
      expect(open).toMatchObject({ status: 'active', statusText, closedAt: null });
      expect(open).toMatchObject({ exitReason: null, exitPrice: null, realisedPnl: null });
      expect([open.quantity, open.unrealisedPnl].map(toTextOrNull)).toEqual(['59.88', '-1.1976']);
      await source.undo(audit!.id, 'a test', at);
      expect(await row()).toEqual(closed);
      await source.close();
    },
  ),
);
