/** Whose word a repair of a row waits for, and for how long it counts. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Break } from '../../../src/model/break.ts';
import { policyByDefault } from '../../../src/reconcile/limits.ts';
import type { Log } from '../../../src/service/log.ts';
import { mirror } from '../../../src/service/source/positions-mirror.ts';
import { noteRows } from '../../../src/service/source/positions-notes.ts';
import { applyRows, decidedIn, planRows } from '../../../src/service/source/positions-sync.ts';
import { approveBreak, isApproved } from '../../../src/service/syncing.ts';
import type { PositionSource } from '../../../src/sources/position-source.ts';
import { executions, fillOf, missed, PositionsGround, statement } from './positions-kit.ts';

let ground: PositionsGround;

beforeEach(() => {
  ground = new PositionsGround();
});

const sizes = () => [1, 38, 274].map((id) => ground.row(id)['quantity']);

const asStored = [4160, 2136.9, 60];

/** The database of the bot, of which one method does otherwise. */
const butFor = (source: PositionSource, parts: Partial<PositionSource>): PositionSource =>
  new Proxy(source, {
    get(target, name) {
      const own = parts[name as keyof PositionSource];
      const value: unknown = own ?? Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

const locked = async () => {
  throw new Error('database is locked');
};

const stopped = { policy: () => ({ ...policyByDefault, stopped: true }) };

const states = (breaks: readonly Break[]) => [...new Set(breaks.map(({ state }) => state))];

/** A run without a person, which could not write. */
const failed = () =>
  ground.at(statement(), async ({ ground: own, writer, look }) => {
    const source = butFor(own.source, { write: locked });
    const choice = { only: null, auto: true, plans: null, actor: 'cron' };
    await expect(applyRows({ ...own, source }, writer, look, choice)).rejects.toThrow('locked');
  });

/** As the CLI does by default, while all repairs are stopped. */
const applied = () =>
  ground.at(
    statement(),
    async ({ ground: own, writer, look }) => {
      const choice = { only: null, auto: false, plans: null, actor: 'eve' };
      return (await applyRows(own, writer, look, choice)).applied.length;
    },
    stopped,
  );

describe('SP106 an approval that no person gave', () => {
  test('SP106 is withdrawn at once where the write failed', async () => {
    await ground.begin();
    await failed();
    expect(ground.entries()).toContain('APPROVED');
    const { checked } = await ground.check(statement(), stopped);
    expect(states(checked.reconciled.breaks)).toEqual(['EXPLAINED']);
    expect(await applied()).toBe(0);
    expect(sizes()).toEqual(asStored);
  });

  test('SP106 also where the rows moved, so that nothing was written', async () => {
    await ground.begin();
    await ground.at(statement(), async ({ ground: own, writer, look }) => {
      ground.bot('UPDATE positions SET quantity = 59.9 WHERE id = 274');
      const choice = { only: null, auto: true, plans: null, actor: null };
      expect((await applyRows(own, writer, look, choice)).status).toBe('stale');
    });
    ground.bot('UPDATE positions SET quantity = 60 WHERE id = 274');
    expect(await applied()).toBe(0);
    expect(sizes()).toEqual(asStored);
  });

  /** What is decided is on record, and the program is killed before it writes. */
  const killed = () =>
    ground.at(statement(), async ({ ground: own, writer, look }) => {
      const steps = (one: typeof look) => decidedIn(one, one.checked.reconciled.plan.repairs);
      await noteRows(own, writer, look, { steps, actor: 'cron' });
    });

  test('SP106 lets nobody write after a program was killed; the next look ends it', async () => {
    await ground.begin();
    await killed();
    await ground.at(statement(), async ({ look }) => {
      const { plan, breaks } = look.checked.reconciled;
      expect(states(breaks)).toEqual(['APPROVED']);
      for (const repair of plan.repairs) expect(isApproved(breaks, plan, repair)).toBe(false);
    });
    expect(await applied()).toBe(0);
    expect(sizes()).toEqual(asStored);
    const { checked } = await ground.check(statement(), stopped);
    expect(states(checked.reconciled.breaks)).toEqual(['EXPLAINED']);
  });

  test('SP106 what was proposed to a person before is no less the policy’s', async () => {
    await ground.begin();
    // Proposed while all was stopped: then a person was asked. Now the policy needs none.
    await ground.at(
      statement(),
      async ({ ground: own, writer, look }) => {
        await planRows(own, writer, look, 'ann');
      },
      stopped,
    );
    await killed();
    expect(await applied()).toBe(0);
    expect(sizes()).toEqual(asStored);
  });

  test('SP106 is nobody’s to take over: a person approves a plan that is made again', async () => {
    await ground.begin();
    await killed();
    const approved = (by?: string) =>
      ground.at(statement(), async ({ ground: own, writer, look }) => {
        const { plan, breaks } = look.checked.reconciled;
        const { account } = look.compared;
        const approval = { breakId: breaks[0]!.id, plans: [plan.hash], at: ground.clock.now() };
        const who = by === undefined ? {} : { by };
        return approveBreak(own.reader, writer, account, { ...approval, ...who });
      });
    expect(await approved('bob')).toMatchObject({ ok: false, refusal: { code: 'plan-stale' } });
    await ground.plan(statement());
    // Also without a name, and although the policy would not have asked.
    expect(await approved()).toMatchObject({ ok: true });
    expect(await applied()).toBe(1);
  });

  test('SP106 of a mirror ends with its round', async () => {
    await ground.begin(executions.filter((one) => !missed.includes(one)));
    const quiet: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    await ground.at(null, async ({ ground: own, writer }) => {
      const source = butFor(own.source, { write: locked });
      const follows = mirror({
        ...{ ground: { ...own, source }, account: 'main', log: quiet },
        writing: (work) => work(writer),
      });
      expect(await follows.once()).toBe(0);
      await writer.recordAll([fillOf('p1', 'HNTUSDT', 'sell', '10', '2.4', '2025-10-13 15:00:00')]);
      await expect(follows.once()).rejects.toThrow('locked');
    });
    expect(ground.entries().filter((one) => one === 'APPROVED')).toHaveLength(1);
    const { checked } = await ground.check(null);
    expect(states(checked.reconciled.breaks)).toEqual(['EXPLAINED']);
  });
});
