import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { toText } from '../../../src/decimal/text.ts';
import { auditOf } from '../../../src/service/auditing.ts';
import { exportedLines } from '../../../src/service/exporting.ts';
import { BookReader } from '../../../src/service/reading.ts';
import { factSequence } from '../../../src/service/reconcile-entries.ts';
import { bodyOfSource, saidOf } from '../../../src/service/source/source-entries.ts';
import { verifyChain } from '../../../src/store/verify.ts';
import { Ground, statesOf } from './kit.ts';

describe('what a check of a source leaves in the book', () => {
  test('N1 is its figures, its verdict and the breaks, once', async () => {
    const ground = new Ground();
    await ground.makeBook();
    const { verdict, recorded } = await ground.check();
    expect([verdict, recorded]).toEqual(['break', true]);
    // account, the look, and two breaks, each opened and explained
    const once = ['account', 'source', 'OPEN', 'EXPLAINED', 'OPEN', 'EXPLAINED'];
    expect(ground.entries()).toEqual(once);
    // The same at the same instant is the same entry.
    await ground.check();
    expect(ground.entries()).toEqual(once);
  });

  test('N1 unchanged at another time is a short entry that names the first', async () => {
    const ground = new Ground();
    await ground.makeBook();
    for (let minute = 0; minute < 3; minute += 1) {
      await ground.check();
      ground.clock.advance(60_000);
    }
    const bodies = ground.rows('falcon', 'source').map(bodyOfSource);
    expect(bodies.map(({ sameAs }) => sameAs)).toEqual([null, 2, 2]);
    expect(bodies.map(({ said }) => said === null)).toEqual([false, true, true]);
    const reader = new BookReader(ground.book, ground.clock);
    const { account } = reader.file.accountNamed('falcon')!;
    const { sheet } = saidOf(reader.file, account, reader.file.lastOfKind(account, 'source')!);
    // 1,058.70 + 9,152.99
    expect(toText(sheet.calculated!)).toBe('10211.69');
    reader.close();
  });

  test('N3 moves no books, makes no plan stale, is audited, and not exported', async () => {
    const ground = new Ground();
    await ground.update({ record: true });
    const reader = new BookReader(ground.book, ground.clock);
    const { file } = reader;
    const account = file.accountNamed('falcon')!;
    expect(factSequence(file, account.account)).toBe(1);
    expect(verifyChain(file).findings).toEqual([]);
    const all = { from: null, to: null, kinds: null, limit: 100, postings: true };
    const audited = auditOf(file, account, all).entries;
    expect(audited.every(({ postings }) => postings?.length === 0)).toBe(true);
    expect(audited.find(({ kind }) => kind === 'source-write')?.what).toMatch(/#1: account 1/);
    const counts = { written: new Map(), leftOut: new Map<string, number>() };
    expect([...exportedLines(file, [account], counts)]).toHaveLength(1);
    expect([...counts.leftOut.keys()].sort()).toEqual(['break', 'source', 'source-write']);
    reader.close();
  });
});

describe('whose notes an account keeps', () => {
  test('N4 those of one database, from whichever folder it is named', async () => {
    const [ground, other] = [new Ground(), new Ground()];
    await ground.makeBook();
    await ground.check();
    const around = `${ground.folder}/../${ground.folder.split('/').at(-1)}/paper_trading.db`;
    await ground.check({ location: `sqlite:${around}` });
    const elsewhere = { location: `sqlite:${other.path}` };
    await expect(ground.check(elsewhere)).rejects.toMatchObject({
      refusal: { code: 'source-differs', hint: expect.stringContaining('--account NAME') },
    });
    await ground.check({ ...elsewhere, account: 'second' });
    expect(ground.entries('second')).toContain('source');
  });

  test('N4 without a book a check notes nothing and says so; a write makes the book', async () => {
    const ground = new Ground();
    expect((await ground.check()).recorded).toBe(false);
    expect(ground.told.at(-1)).toMatch(/nothing was noted: .* trueup init makes one/);
    expect(ground.rows()).toEqual([]);
    await ground.update();
    expect(ground.told).toContainEqual(expect.stringContaining('made the book'));
    expect(ground.told).toContainEqual(expect.stringContaining('made the account falcon (USD)'));
    expect(ground.entries()).toContain('source-write');
  });

  test('N4 a book that somebody is just making is none yet', async () => {
    const ground = new Ground();
    writeFileSync(ground.book, '');
    expect((await ground.check()).recorded).toBe(false);
    expect((await ground.update()).status).toBe('written');
    expect(ground.entries()).toContain('source-write');
  });

  test('N4 with --no-record nothing is noted though there is a book', async () => {
    const ground = new Ground();
    await ground.makeBook();
    await ground.at((desk) => desk.check({ record: false, prices: null }));
    expect(ground.rows()).toEqual([]);
  });
});

test('N4 several accounts of a database are accounts of our own, with notes each', async () => {
  const ground = new Ground();
  ground.bot(
    'ALTER TABLE positions ADD COLUMN account_id INTEGER DEFAULT 1',
    'ALTER TABLE performance ADD COLUMN account_id INTEGER DEFAULT 1',
    'INSERT INTO account VALUES (2, 500, 400, NULL)',
  );
  const { document } = await ground.update();
  expect(document).toMatchObject({
    accounts: [
      { account: 'falcon-1', total: { after: '10211.69' } },
      { account: 'falcon-2', total: { before: '400', after: '500' } },
    ],
  });
  for (const name of ['falcon-1', 'falcon-2']) {
    expect(ground.entries(name).filter((kind) => kind === 'source-write')).toHaveLength(1);
  }
  const one = { sourceAccount: '2', account: 'small' };
  await ground.check(one);
  expect(ground.entries('small')).toContain('source');
  await expect(ground.check({ account: 'both' })).rejects.toMatchObject({
    refusal: { code: 'account-missing' },
  });
  await expect(ground.check({ sourceAccount: '3' })).rejects.toMatchObject({
    refusal: { code: 'source-account-unknown', hint: 'it has 1, 2' },
  });
});

describe('the life of a break of a source', () => {
  test('N5 an update is its approval, and only the look that follows verifies it', async () => {
    const ground = new Ground();
    await ground.makeBook();
    await ground.check();
    ground.clock.advance(1_000);
    const { after } = await ground.update();
    const states = ['OPEN', 'EXPLAINED', 'PROPOSED', 'APPROVED', 'REPAIRED', 'VERIFIED'];
    expect(statesOf(ground, 'TOTAL_STALE')).toEqual(states);
    expect(after?.sheets[0]?.match).toBe('exact');
    const reader = new BookReader(ground.book, ground.clock);
    const account = reader.file.accountNamed('falcon')!;
    const all = { from: null, to: null, kinds: null, limit: 100, postings: false };
    const words = auditOf(reader.file, account, all).entries.map(({ what }) => what);
    expect(words).toContainEqual(expect.stringMatching(/APPROVED TOTAL_STALE, approved by ann$/));
    reader.close();
  });

  test('N5 without a look before it, the same', async () => {
    const ground = new Ground();
    await ground.update({ record: true, actor: null });
    for (const reason of ['TOTAL_STALE', 'PERFORMANCE_STALE']) {
      expect(statesOf(ground, reason).at(-1)).toBe('VERIFIED');
    }
  });

  test('N5 N12 a write that is taken back reopens its break under its name', async () => {
    const ground = new Ground();
    await ground.update();
    ground.clock.advance(1_000);
    const undone = await ground.at((desk) => desk.undo({ auditId: null, actor: 'ann' }));
    expect(ground.total()).toBe(10_000);
    expect(undone.document).toMatchObject({ status: 'undone', audit: { undoes: 1 } });
    expect(statesOf(ground, 'TOTAL_STALE').slice(-3)).toEqual([
      'VERIFIED',
      'REOPENED',
      'EXPLAINED',
    ]);
  });
});

describe('a crash between the write and its note', () => {
  test('N2 loses nothing: the next command finds the row in the log of the source', async () => {
    const ground = new Ground();
    await ground.makeBook();
    await ground.check();
    // The source commits, and the process ends before it can append.
    await ground.at(async ({ source }) => {
      await source.write(({ takenAt: at }) => ({
        ...{ why: 'crashed behind this', at, prices: [], performance: [] },
        totals: [{ accountId: '1', total: { coefficient: 1021169, scale: 2 } }],
      }));
    });
    expect(ground.entries()).not.toContain('source-write');
    ground.clock.advance(1_000);
    await ground.check();
    const states = ['OPEN', 'EXPLAINED', 'PROPOSED', 'APPROVED', 'REPAIRED', 'VERIFIED'];
    expect(statesOf(ground, 'TOTAL_STALE')).toEqual(states);
    ground.clock.advance(1_000);
    await ground.check();
    expect(ground.rows('falcon', 'source-write')).toHaveLength(1);
  });

  test('N2 a book that is made later has what was written before it', async () => {
    const [ground, book] = [new Ground(), new Ground().book];
    await ground.update();
    const request = { record: false, prices: null, dryRun: false, actor: null } as const;
    const again = await ground.at((desk) => desk.update(request), { book });
    expect(again.status).toBe('nothing');
    const reader = new BookReader(book, ground.clock);
    const { account } = reader.file.accountNamed('falcon')!;
    expect(reader.file.entriesOfKind(account, 'source-write')).toHaveLength(1);
    reader.close();
  });
});
