import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { verifyDerived } from '../../src/service/rebuilding.ts';
import { account, CommandLine, deposit, fill } from './command-line.ts';
import { randomBook, removeBook } from './exported-book.ts';

let cli: CommandLine;

beforeEach(async () => {
  cli = new CommandLine();
  await cli.book([account, deposit, fill('e1'), fill('e2', { side: 'sell' })]);
});
afterEach(() => cli.remove());

/** What somebody with SQL can do to a book. */
function tamper(sql: string, book = 'trueup.db'): void {
  const database = new DatabaseSync(join(cli.folder, book));
  database.exec(sql);
  database.close();
}

interface Verified {
  readonly exitCode: number;
  readonly heads: readonly { readonly sequence: number; readonly hash: string }[];
  readonly findings: readonly object[];
}

describe('verify', () => {
  test('X12 finds nothing in a sound book', async () => {
    expect(await cli.json('verify')).toMatchObject({
      schema: 'trueup.verify/1',
      exitCode: 0,
      entries: 5,
      findings: [],
    });
    expect((await cli.run('verify')).out).toContain('every hash of 5 entries is right');
  });

  test('X12 names an entry that was changed', async () => {
    tamper(`DROP TRIGGER book_entries_no_update;
      UPDATE book_entries SET price = '61000' WHERE id = 'e2'`);
    const { code, out } = await cli.run('verify');
    expect(code).toBe(1);
    expect(out).toContain('[batch-changed]');
    expect((await cli.json<Verified>('verify')).findings).toContainEqual(
      expect.objectContaining({ code: 'batch-changed', account: 'main' }),
    );
  });

  test('X12 knows a head that it passed, and finds a tail that was cut', async () => {
    const before = join(cli.folder, 'trueup.db');
    tamper('PRAGMA wal_checkpoint(TRUNCATE)');
    copyFileSync(before, join(cli.folder, 'older.db'));
    const [first] = (await cli.json<Verified>('verify')).heads;
    await cli.book([fill('e3')]);
    expect((await cli.run(`verify --head ${first!.sequence}:${first!.hash}`)).code).toBe(0);
    const [second] = (await cli.json<Verified>('verify')).heads;
    const claim = `verify --head ${second!.sequence}:${second!.hash}`;
    const cut = await cli.json<Verified>(`${claim} --book older.db`);
    expect(cut).toMatchObject({ exitCode: 1, findings: [{ code: 'tail-cut' }] });
    expect((await cli.run('verify --head 5:abc')).code).toBe(2);
  });
});

describe('rebuild', () => {
  test('X12 finds nothing where all that is derived is what the entries say', async () => {
    await cli.run('performance --record --mark-max-age 1d');
    expect(await cli.json('rebuild --verify')).toMatchObject({
      schema: 'trueup.rebuild/1',
      exitCode: 0,
      accounts: [{ account: 'main', different: 0, differences: [] }],
      written: false,
      backup: null,
    });
  });

  test('X12 names a row that differs, and leaves it as it is', async () => {
    tamper("UPDATE book_balances SET total = '1' WHERE currency = 'USDT'");
    for (let time = 1; time <= 2; time++) {
      const { code, out } = await cli.run('rebuild --verify');
      expect(code).toBe(3);
      expect(out).toContain('balances USDT total: stored 1, entries say 9967');
    }
  });

  test('X12 writes what differs anew on request, after a backup', async () => {
    const sound = await cli.json('book');
    tamper(`UPDATE book_balances SET total = '1' WHERE currency = 'USDT';
      DELETE FROM book_positions; UPDATE book_groups SET state = '{}'`);
    const written = await cli.json<{ backup: string }>('rebuild --write');
    expect(written).toMatchObject({ exitCode: 0, written: true });
    expect(existsSync(join(cli.folder, written.backup))).toBe(true);
    expect((await cli.run('rebuild --verify')).code).toBe(0);
    expect(await cli.json('book')).toEqual(sound);
    expect((await cli.run('rebuild --write')).out).not.toContain('kept as');
  });
});

test.each([1, 2, 3])(
  'X12 late facts, busts and reversals leave no trace (seed %i)',
  async (seed) => {
    const held = await randomBook(seed, 200);
    const rebuilt = verifyDerived(held.file, held.file.accounts());
    expect(rebuilt.flatMap(({ differences }) => differences)).toEqual([]);
    removeBook(held);
  },
);

describe('backup and restore', () => {
  test('X13 give the book as it was', async () => {
    const sound = await cli.json('book');
    expect(await cli.json('backup saved.db')).toMatchObject({
      schema: 'trueup.backup/1',
      file: 'saved.db',
      heads: [{ account: 'main', sequence: 5 }],
    });
    await cli.book([fill('e3')]);
    expect((await cli.run('restore saved.db')).code).toBe(2);
    const restored = await cli.json<{ keptAside: string }>('restore saved.db --force --verify');
    expect(restored).toMatchObject({ schema: 'trueup.restore/1', recomputed: true });
    expect(existsSync(join(cli.folder, restored.keptAside))).toBe(true);
    expect(await cli.json('book')).toEqual(sound);
  });

  test('X13 without a name the copy lies beside the book', async () => {
    expect((await cli.run('backup')).out).toMatch(/as \.\/trueup\.db\.backup-\d{4}-.*Z/);
    expect(readdirSync(cli.folder).filter((name) => name.includes('backup-'))).toHaveLength(2);
  });

  test('X13 a damaged backup changes nothing', async () => {
    await cli.run('backup saved.db');
    tamper("UPDATE book_balances SET total = '1'", 'saved.db');
    const { code, err } = await cli.run('restore saved.db --force');
    expect(code).toBe(2);
    expect(err).toContain('backup-damaged');
    expect((await cli.run('verify')).code).toBe(0);
  });
});

describe('doctor', () => {
  interface Diagnosis {
    readonly checks: readonly { readonly name: string; readonly status: string }[];
  }

  test('X21 finds a sound book in order', async () => {
    const { checks } = await cli.json<Diagnosis>('doctor');
    expect(checks.filter(({ status }) => status !== 'ok')).toEqual([]);
    const names = checks.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['node', 'sqlite', 'book', 'file', 'journal mode', 'account main']),
    );
    expect((await cli.run('doctor')).code).toBe(0);
  });

  test('X21 says what is wrong, also where there is no book', async () => {
    expect(await cli.json('doctor --book missing.db')).toMatchObject({ exitCode: 2 });
    tamper(`DROP TRIGGER book_batches_no_update; UPDATE book_batches SET hash = 'x'`);
    const { code, out } = await cli.run('doctor');
    expect(code).toBe(1);
    expect(out).toMatch(/✗ account main +the newest batch of 5 entries was changed/);
  });
});

describe('init', () => {
  test('X17 again changes nothing, and says so', async () => {
    const words = 'init --book new.db --account main --currency EUR --cost-method fifo';
    expect(await cli.json(words)).toEqual({
      schema: 'trueup.init/1',
      book: 'new.db',
      made: true,
      account: 'main',
      accountMade: true,
    });
    expect(await cli.json(words)).toMatchObject({ made: false, accountMade: false });
  });

  test('X17 refuses other settings for an account that is there', async () => {
    const { code, err } = await cli.run('init --account main --currency EUR');
    expect(code).toBe(2);
    expect(err).toContain('account main has');
    expect((await cli.run('init --account main --cost-method best')).err).toContain('not-one-of');
  });

  test('X17 opens an account with what it held, or makes no book', async () => {
    const opening = { kind: 'opening', account: 'old', time: '2026-11-01T00:00:00Z' };
    cli.file('bad.ndjson', [{ ...opening, balances: [{ currency: 'USD', total: '1e3' }] }]);
    cli.file('more.ndjson', [opening, { ...deposit, account: 'old' }]);
    expect((await cli.run('init --book new.db --opening bad.ndjson')).code).toBe(2);
    expect((await cli.run('init --book new.db --opening more.ndjson')).code).toBe(2);
    expect(existsSync(join(cli.folder, 'new.db'))).toBe(false);
    cli.file('good.ndjson', [{ ...opening, balances: [{ currency: 'USD', total: '1000' }] }]);
    await cli.run('init --book new.db --opening good.ndjson');
    expect(await cli.json('book --book new.db')).toMatchObject({
      account: 'old',
      currency: 'USD',
      balances: [{ currency: 'USD', total: '1000' }],
    });
  });
});

test('L11 X14 a book is written to whatever the length of TMPDIR', async () => {
  const long = join(cli.folder, 'temporary'.repeat(12));
  mkdirSync(long);
  const facts = cli.file('more.ndjson', [fill('e3')]);
  const told = { environment: { TMPDIR: long } };
  expect(await cli.run(`import ${facts}`, told)).toMatchObject({ code: 0, err: '' });
});
