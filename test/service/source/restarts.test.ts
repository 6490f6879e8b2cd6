/** Logs that start over, are restored or tell something else under a known number. */
import { copyFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openForWriting } from '../../../src/service/open-for-writing.ts';
import { draft } from '../../../src/service/reconcile-entries.ts';
import { noteLook, nothingUnnoted, type Unnoted } from '../../../src/service/source/noting.ts';
import { SourceBook } from '../../../src/service/source/source-book.ts';
import { writeOf } from '../../../src/service/source/write-entries.ts';
import { Ground, statesOf } from './kit.ts';

/** The totals that were written, by the journal. */
const writtenIn = (ground: Ground): readonly unknown[] =>
  ground
    .rows('falcon', 'source-write')
    .map((row) => writeOf(row))
    .map(({ audit, changes }) => [audit, changes[0]?.after?.['total_value']]);

async function updatedTo(ground: Ground, cash: number, book = ground.book) {
  ground.clock.advance(1_000);
  ground.bot(`UPDATE account SET cash = ${cash}`);
  const request = { record: false, prices: null, dryRun: false, actor: 'ann' } as const;
  return ground.at((desk) => desk.update(request), { book });
}

describe('N20 a log that is not the one that was read', () => {
  test('N20 writes after it started over are noted beside those before', async () => {
    const ground = new Ground();
    await updatedTo(ground, 1_000); // 9,152.99 + 1,000
    await updatedTo(ground, 2_000);
    await ground.at(({ source }) => source.removeTraces());
    await updatedTo(ground, 3_000);
    expect(writtenIn(ground)).toEqual([
      [1, '10152.99'],
      [2, '11152.99'],
      [1, '12152.99'],
    ]);
    expect(statesOf(ground, 'TOTAL_STALE').at(-1)).toBe('VERIFIED');
    await ground.check();
    expect(writtenIn(ground)).toHaveLength(3);
  });

  test('N20 also those that it had before it was looked at, however many they are', async () => {
    const [ground, elsewhere] = [new Ground(), new Ground().book];
    await updatedTo(ground, 1_000);
    await updatedTo(ground, 2_000);
    await ground.at(({ source }) => source.removeTraces());
    for (const cash of [3_000, 4_000, 5_000]) await updatedTo(ground, cash, elsewhere);
    await ground.check();
    expect(writtenIn(ground).map((one) => (one as unknown[])[0])).toEqual([1, 2, 1, 2, 3]);
  });

  test('N20 and those onto a copy that was put back', async () => {
    const ground = new Ground();
    await updatedTo(ground, 1_000);
    const copy = `${ground.folder}/copy.db`;
    copyFileSync(ground.path, copy);
    await updatedTo(ground, 2_000);
    copyFileSync(copy, ground.path);
    await updatedTo(ground, 3_000);
    expect(writtenIn(ground)).toEqual([
      [1, '10152.99'],
      [2, '11152.99'],
      [2, '12152.99'],
    ]);
  });

  test('N20 a note with a known key and another content is refused', async () => {
    const ground = new Ground();
    await ground.update();
    const { clock } = ground;
    const writer = await openForWriting(ground.book, { clock, holder: 'test', markMaxAgeMs: 1 });
    const noted = ground.rows('falcon', 'source-write')[0]!;
    const plan = (body: string) => ({
      ...{ account: 'falcon', expectedSequence: null },
      entries: [{ draft: draft('source-write', noted.id, noted.effectiveAt, { body }) }],
    });
    expect(await writer.apply(plan(noted.body!))).toMatchObject({
      status: 'written',
      outcomes: [{ status: 'duplicate' }],
    });
    expect(await writer.apply(plan('{}'))).toMatchObject({
      status: 'refused',
      outcome: { status: 'conflict', sequence: noted.sequence, fields: ['body'] },
    });
    await writer.close();
  });
});

test('N2 N6 who notes second finds the first note, whatever was known of it', async () => {
  const ground = new Ground();
  await ground.update(); // noted with the backup that was taken for it
  ground.clock.advance(1_000);
  const options = ground.options();
  const book = new SourceBook({ ...options, path: ground.book });
  const [rows, snapshot] = await ground.at(async ({ source }) => [
    await source.audit(0, 10),
    await source.snapshot(),
  ]);
  const look = { snapshot, given: null, orders: null };
  const known = ground.rows().length;
  const noted = (unnoted: Partial<Unnoted>) =>
    book.write(false, (writer) =>
      noteLook(book, writer, look, options, { ...nothingUnnoted, ...unnoted }),
    );
  // A look that found the row, and was overtaken.
  await noted({ before: new Map([['falcon', rows]]) });
  expect(
    ground
      .rows()
      .slice(known)
      .map(({ kind }) => kind),
  ).toEqual(['source']);
  // The look that it was written onto, noted after others saw what came of it.
  await noted({ after: rows });
  expect(ground.rows()).toHaveLength(known + 1);
});
