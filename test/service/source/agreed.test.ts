/** What a person agreed to have written into a database, and who died behind the write. */
import { afterEach, expect, test, vi } from 'vitest';
import { openForWriting } from '../../../src/service/open-for-writing.ts';
import { BookReader } from '../../../src/service/reading.ts';
import { type Agreed, agreedPlan, proposalOf } from '../../../src/service/source/agreed.ts';
import { SourceBook } from '../../../src/service/source/source-book.ts';
import { placeOf } from '../../../src/service/source/source-entries.ts';
import { approveBreak } from '../../../src/service/syncing.ts';
import { Ground, statesOf } from './kit.ts';

afterEach(() => vi.restoreAllMocks());

/** Proposed by ada and approved by bob, as the page has it done. */
async function agreedOn(ground: Ground): Promise<Agreed> {
  return await ground.at(async (desk) => {
    const place = placeOf(desk.identity);
    const first = await desk.check({ record: true, prices: null, create: true });
    const [one] = first.checked!.accounts;
    const repair = agreedPlan(one!, place, null).repairs.find(({ writes }) =>
      writes!.sentences[0]!.includes('total_value'),
    )!;
    const { breakId, planHash } = repair;
    const decided = { steps: proposalOf(breakId, place, 'ada'), by: 'ada' };
    await desk.check({ record: true, prices: null, decided });
    const reader = new BookReader(ground.book, ground.clock);
    const how = { clock: ground.clock, holder: 'test', markMaxAgeMs: 1 };
    const writer = await openForWriting(ground.book, how);
    const account = reader.file.accountNamed('falcon')!;
    const approval = { breakId, plans: [planHash!], at: ground.clock.now(), by: 'bob' };
    expect(await approveBreak(reader, writer, account, approval)).toMatchObject({ ok: true });
    await writer.close();
    reader.close();
    return { breakId, rewrites: 'total', plan: planHash! };
  });
}

const rewrite = (ground: Ground, agreed: Agreed) =>
  ground.at((desk) => desk.rewrite({ agreed, actor: 'carl', dryRun: false }), {
    sourceAccount: '1',
  });

const last = (ground: Ground) => {
  const rows = ground.rows('falcon', 'break').map(({ body }) => JSON.parse(body!));
  return rows.filter(({ reason }: { reason: string }) => reason === 'TOTAL_STALE').at(-1);
};

test('SV50 the log of the database names the break and the plan', async () => {
  const ground = new Ground();
  const agreed = await agreedOn(ground);
  expect((await rewrite(ground, agreed)).status).toBe('written');
  expect(ground.one('SELECT why FROM trueup_audit')).toContain(
    `${agreed.breakId} by plan ${agreed.plan}`,
  );
  const states = ['PROPOSED', 'APPROVED', 'REPAIRED', 'VERIFIED'];
  expect(statesOf(ground, 'TOTAL_STALE').slice(-4)).toEqual(states);
});

test('SV50 who died behind the write: found later, it was approved by whoever did', async () => {
  const ground = new Ground();
  const agreed = await agreedOn(ground);
  const approved = last(ground).approvedBy;
  const real = SourceBook.prototype.write;
  let calls = 0;
  // The book is prepared first; then the note of what was written never comes about.
  vi.spyOn(SourceBook.prototype, 'write').mockImplementation(function (this: SourceBook, ...words) {
    calls += 1;
    if (calls > 1) throw new Error('killed');
    return real.apply(this, words);
  });
  await expect(rewrite(ground, agreed)).rejects.toThrow('killed');
  vi.restoreAllMocks();
  expect(ground.total()).toBe(10_211.69);
  expect(statesOf(ground, 'TOTAL_STALE').at(-1)).toBe('APPROVED');
  await ground.check();
  expect(statesOf(ground, 'TOTAL_STALE').slice(-2)).toEqual(['REPAIRED', 'VERIFIED']);
  expect(last(ground).approvedBy).toBe(approved);
});

test('SV51 what moved since is not written, and the answer says so', async () => {
  const ground = new Ground();
  const agreed = await agreedOn(ground);
  ground.bot('UPDATE account SET total_value = 10001');
  expect(await rewrite(ground, agreed)).toMatchObject({ status: 'nothing', isStale: true });
  expect(ground.total()).toBe(10_001);
  expect(ground.tables()).toBeNull();
});
