/** The conformance suite, taking back: undo, the log, and removal of everything of ours. */
import { expect } from 'vitest';
import { decimal, toTextOrNull } from '../../src/decimal/text.ts';
import { instant } from '../../src/model/instant.ts';
import type { Source } from '../../src/sources/source.ts';
import { at, older, recordWrite, totalWrite, writeOf } from './ground.ts';
import { type Scenario, scenario } from './scenario.ts';
import { sourceOn, TestClock } from './worlds.ts';

const later = instant('2026-01-13T09:00:00Z');

const wholeWrite = writeOf({
  totals: totalWrite('9979.32').totals,
  prices: [{ accountId: '1', symbol: 'ACI', price: decimal('16.16') }],
  performance: recordWrite('9979.32').performance,
});

/** Everything that a bot of this family reads. */
async function state(source: Source) {
  const { accounts, orders } = await source.snapshot();
  return { accounts, orders };
}

export const takingBackCases: readonly Scenario[] = [
  scenario('Q16 a write is taken back to the digit, and the log says so', async (make) => {
    const source = await sourceOn(await make(older));
    const before = await state(source);
    const { audit } = await source.write(() => wholeWrite);
    const undone = await source.undo(null, 'it was too early', later);
    expect(undone).toMatchObject({ action: 'undo', undoes: audit!.id, why: 'it was too early' });
    expect(undone.changes).toHaveLength(audit!.changes.length);
    expect(await state(source)).toEqual(before);
    expect((await source.snapshot()).lastWrite).toBeNull();
    expect((await source.audit(0, 10)).map(({ action }) => action)).toEqual(['update', 'undo']);
    await source.close();
  }),

  scenario('Q16 what is there no more, or twice, is not taken back', async (make) => {
    const source = await sourceOn(await make(older));
    const undo = (id: number | null) => source.undo(id, 'again', later);
    await expect(undo(null)).rejects.toThrow('nothing of ours was ever written');
    const { audit } = await source.write(() => totalWrite('1'));
    const { id } = await undo(null);
    await expect(undo(null)).rejects.toThrow('no write of ours is left');
    await expect(undo(audit!.id)).rejects.toThrow(`taken back already, by row ${id}`);
    await expect(undo(id)).rejects.toThrow('no write of ours but undo by trueup');
    await expect(undo(999)).rejects.toThrow('the log has no row 999');
    await source.close();
  }),

  scenario('Q16 the row named is taken back, the newest stays', async (make) => {
    const source = await sourceOn(await make(older));
    const record = await source.write(() => recordWrite('5'));
    const total = await source.write(() => totalWrite('7'));
    await source.undo(record.audit!.id, 'only that', later);
    const { accounts, lastWrite, totalWrites } = await source.snapshot();
    expect(toTextOrNull(accounts[0]!.total)).toBe('7');
    expect(accounts[0]!.performanceCount).toBe(1);
    expect(lastWrite!.id).toBe(total.audit!.id);
    expect(totalWrites.map(({ id }) => id)).toEqual([total.audit!.id]);
    await source.close();
  }),

  scenario('Q19 the newest write of a total is told, whatever was recorded since', async (make) => {
    const source = await sourceOn(await make(older));
    const total = await source.write(() => totalWrite('7'));
    const record = await source.write(() => recordWrite('5'));
    const { lastWrite, totalWrites } = await source.snapshot();
    expect(lastWrite!.id).toBe(record.audit!.id);
    expect(totalWrites.map(({ id }) => id)).toEqual([total.audit!.id]);
    await source.close();
  }),

  scenario('Q19 of each account the newest write of its total is told', async (make) => {
    const account = ['id:id! cash:money total_value:money', '1 10 10', '2 20 20'] as const;
    const source = await sourceOn(await make({ ...older, account }));
    const told = async () => (await source.snapshot()).totalWrites.map(({ id }) => id);
    for (const [total, id] of ['11 1', '21 2', '12 1', '13 1'].map((one) => one.split(' '))) {
      await source.write(() => totalWrite(total!, id));
    }
    expect(await told()).toEqual([4, 3, 2]);
    await source.undo(2, 'back', later);
    expect(await told()).toEqual([4, 3, 1]);
    await source.close();
  }),

  scenario('Q16 what the bot wrote over is not taken back, with all three values', async (make) => {
    const world = await make(older);
    const source = await sourceOn(world);
    await source.write(() => wholeWrite);
    await world.bot('UPDATE account SET total_value = 9500.5');
    const refused = source.undo(null, 'too late', later);
    await expect(refused).rejects.toMatchObject({ code: 'source-overwritten' });
    const message: string = await refused.then(String, (error: Error) => error.message);
    const figures = [...message.matchAll(/(?:before|written|now) ([\d.]+)/g)].map(([, n]) => +n!);
    expect(figures).toEqual([10_000, 9979.32, 9500.5]);
    // All or nothing: the price and the record that nobody touched stay as well.
    const [account] = (await source.snapshot()).accounts;
    expect(toTextOrNull(account!.positions[0]!.price)).toBe('16.16');
    expect(account!.performanceCount).toBe(2);
    await source.close();
  }),

  scenario('Q16 a record that was changed since stays', async (make) => {
    const world = await make(older);
    const source = await sourceOn(world);
    await source.write(() => recordWrite('5'));
    await world.bot('UPDATE performance SET total_value = 6 WHERE total_value = 5');
    await expect(source.undo(null, 'away', later)).rejects.toMatchObject({
      code: 'source-overwritten',
    });
    expect((await source.snapshot()).accounts[0]!.performanceCount).toBe(2);
    await source.close();
  }),

  scenario('Q16 a stamp that the bot renewed stays, the value goes back', async (make) => {
    const world = await make(older);
    const source = await sourceOn(world);
    await source.write(() => totalWrite('1'));
    await world.bot(`UPDATE account SET last_updated = '2026-01-13T08:00:00'`);
    await source.undo(null, 'back', later);
    const [account] = (await source.snapshot()).accounts;
    expect(toTextOrNull(account!.total)).toBe('10000');
    expect(account!.updatedAt).toBe(instant('2026-01-13T08:00:00Z'));
    await source.close();
  }),

  scenario('Q16 an unknown total is unknown again', async (make) => {
    const world = await make(older);
    await world.bot('UPDATE account SET total_value = NULL, last_updated = NULL');
    const source = await sourceOn(world);
    const { audit } = await source.write(() => totalWrite('1'));
    expect(audit!.changes[0]!.before).toEqual({ total_value: null, last_updated: null });
    await source.undo(null, 'back', later);
    const [account] = (await source.snapshot()).accounts;
    expect([account!.total, account!.updatedAt]).toEqual([null, null]);
    await source.close();
  }),

  scenario('Q19 the log is read in its order, after a row, as many as asked for', async (make) => {
    const world = await make(older);
    const source = await sourceOn(world);
    for (const total of ['1', '2', '3', '4']) await source.write(() => totalWrite(total));
    const all = await source.audit(0, 10);
    expect(all.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    expect((await source.audit(1, 2)).map(({ id }) => id)).toEqual([2, 3]);
    expect(all.every((row) => row.at === at && row.actor === 'trueup')).toBe(true);
    await world.bot(`UPDATE trueup_audit SET changes = 'nothing' WHERE id = 4`);
    await expect(source.audit(0, 10)).rejects.toMatchObject({ code: 'source-damaged' });
    await source.close();
  }),

  scenario('Q21 nothing of ours is left behind', async (make) => {
    const world = await make(older);
    const database = await world.open(new TestClock());
    const tables = await database.tables();
    const source = await sourceOn(world);
    const before = await state(source);
    expect(await source.removeTraces()).toEqual([]);
    await source.write(() => totalWrite('1'));
    await source.undo(null, 'back', later);
    expect(await source.removeTraces()).toEqual(['trueup_audit']);
    expect(await database.tables()).toEqual(tables);
    expect(await state(source)).toEqual(before);
    await Promise.all([source.close(), database.close()]);
  }),
];
