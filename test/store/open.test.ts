import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { backupBook } from '../../src/store/backup.ts';
import { openBookFile } from '../../src/store/book-file.ts';
import { type Migration, migrations, presentFormat } from '../../src/store/migrations.ts';
import { openServiceFile } from '../../src/store/service-file.ts';
import type { StoreErrorCode } from '../../src/store/store-error.ts';
import { bookPath, fillUp, folder, newBook, TestClock, take } from './new-book.ts';

const clock = new TestClock();
const failing = (code: StoreErrorCode) => expect.objectContaining({ name: 'StoreError', code });

/** Everything in a folder: names and bytes. */
const contents = (path: string) =>
  readdirSync(path).map((name) => [name, readFileSync(join(path, name)).toString('hex')]);

describe('opening', () => {
  test('S17 makes a book only where one is asked for', () => {
    const path = bookPath();
    expect(() => openBookFile(path, { clock })).toThrow(failing('no-book'));
    const book = openBookFile(path, { clock, create: true, programVersion: '1.2.3' });
    expect(book.madeBy()).toBe('1.2.3');
    expect(book.accounts()).toEqual([]);
    book.close();
    expect(openBookFile(path, { clock, create: true }).madeBy()).toBe('1.2.3');
  });

  const modeOf = (path: string) => statSync(path).mode & 0o777;

  test('SV43 a book, its log and its backup are made for their owner alone', async () => {
    const { book, path, clock } = newBook();
    await backupBook(book, `${path}.backup`, clock);
    const made = ['', '-wal', '-shm', '.backup'].map((ending) => modeOf(path + ending));
    expect(made).toEqual([0o600, 0o600, 0o600, 0o600]);
    book.close();
    // Whoever lets others read it means it.
    chmodSync(path, 0o644);
    openBookFile(path, { clock }).close();
    expect(modeOf(path)).toBe(0o644);
  });

  // Nobody makes a file there, not even who may do everything.
  const closed = '/sys';
  const whereClosed = test.skipIf(!existsSync(closed)); // not every system has such a folder
  whereClosed('SV43 a folder that cannot be written is said so', () => {
    const path = join(closed, 'trueup.db');
    const said = expect.objectContaining({
      ...{ code: 'read-only', message: `the folder ${closed} cannot be written` },
      hint: expect.stringContaining('--book'),
    });
    expect(() => openServiceFile(`${path}.service.db`)).toThrow(said);
    expect(() => openBookFile(path, { clock, create: true })).toThrow(said);
  });

  test.each<[string, StoreErrorCode, (path: string) => void]>([
    ['a text file', 'not-a-book', (path) => writeFileSync(path, 'symbol,quantity\n'.repeat(50))],
    ['a short file', 'not-a-book', (path) => writeFileSync(path, 'SQLite format 3\0')],
    ['a folder', 'not-a-book', (path) => mkdirSync(path)],
    [
      'a database of another program',
      'not-a-book',
      (path) => {
        const foreign = new DatabaseSync(path);
        foreign.exec('PRAGMA journal_mode = WAL; CREATE TABLE account (id INTEGER)');
        foreign.close();
      },
    ],
    [
      'a newer book',
      'book-newer',
      (path) => {
        newBook({}, path).book.close();
        const newer = new DatabaseSync(path);
        newer.exec(`PRAGMA user_version = ${presentFormat(migrations) + 1}`);
        newer.close();
      },
    ],
    [
      'a damaged header',
      'book-damaged',
      (path) => {
        newBook({}, path).book.close();
        const bytes = readFileSync(path);
        bytes.fill(0xff, 100, 4000);
        writeFileSync(path, bytes);
      },
    ],
  ])('S18 %s is refused as %s, and nothing in its folder changes', (_what, code, make) => {
    const path = bookPath();
    make(path);
    const before = contentsOrNothing(path);
    expect(() => openBookFile(path, { clock, create: true })).toThrow(failing(code));
    expect(contentsOrNothing(path)).toEqual(before);
  });

  const contentsOrNothing = (path: string) => {
    const parent = join(path, '..');
    const isFolder = readdirSync(parent, { withFileTypes: true }).some((one) => one.isDirectory());
    return isFolder ? readdirSync(parent) : contents(parent);
  };

  test('S19 a missing folder is said to be missing', () => {
    const path = join(folder(), 'nowhere', 'book.db');
    expect(() => openBookFile(path, { clock, create: true })).toThrow(failing('no-folder'));
  });

  test('S20 two programs that make the same book at once share it', () => {
    const path = bookPath();
    writeFileSync(path, '');
    const [a, b] = [1, 2].map(() => openBookFile(path, { clock, create: true }));
    const epoch = take(a!, clock);
    a!.write(epoch, (tx) => tx.putText('hello'));
    expect(b!.damagedTexts()).toEqual([]);
    expect(b!.text(a!.write(epoch, (tx) => tx.putText('hello')))).toBe('hello');
  });
});

describe('migrations', () => {
  const planted: Migration[] = [
    ...migrations,
    { version: 3, up: (driver) => driver.exec('CREATE TABLE book_notes (note TEXT)') },
    { version: 4, up: (driver) => driver.exec(`INSERT INTO book_notes VALUES ('kept')`) },
  ];

  test('S21 an older book is copied aside and brought to the present format', () => {
    const test = newBook();
    fillUp(test, 2, 10);
    test.book.releaseLease(test.epoch);
    test.book.close();
    const book = openBookFile(test.path, { clock, migrations: planted });
    expect(book.driver.value('SELECT note FROM book_notes')).toBe('kept');
    expect(book.driver.value('PRAGMA user_version')).toBe(4);
    expect(book.head(test.main).sequence).toBe(20);
    const copies = readdirSync(join(test.path, '..')).filter((name) => name.includes('.before-'));
    expect(copies).toEqual(['book.db.before-v3-2026-01-12T100000Z']);
    const old = openBookFile(join(test.path, '..', copies[0]!), { clock });
    expect(old.head(test.main)).toEqual(book.head(test.main));
    book.close();
    openBookFile(test.path, { clock, migrations: planted }).close();
    expect(() => openBookFile(test.path, { clock })).toThrow(failing('book-newer'));
  });

  test('S22 a migration that fails leaves the older book as it was', () => {
    const test = newBook();
    test.book.releaseLease(test.epoch);
    const failingStep: Migration = {
      version: 3,
      up: (driver) => {
        driver.exec('CREATE TABLE book_notes (note TEXT)');
        driver.exec('nonsense');
      },
    };
    expect(() =>
      openBookFile(test.path, { clock, migrations: [...migrations, failingStep] }),
    ).toThrow('nonsense');
    expect(test.book.driver.value('PRAGMA user_version')).toBe(2);
    expect(take(test.book, test.clock)).toBe(test.epoch + 1);
  });

  test('S23 a book that somebody writes to is not migrated, one that was left is fenced', () => {
    const test = newBook();
    const migrate = () => openBookFile(test.path, { clock: test.clock, migrations: planted });
    expect(migrate).toThrow(failing('busy'));
    test.clock.advance(10_000);
    migrate();
    expect(() => test.book.write(test.epoch, () => 1)).toThrow(failing('fenced'));
  });

  test('S24 an older book is not opened for reading only, since it cannot be migrated', () => {
    const { path } = newBook();
    const open = () => openBookFile(path, { clock, readOnly: true, migrations: planted });
    expect(open).toThrow(failing('read-only'));
  });
});

test('S25 what was acknowledged survives the death of the process', () => {
  const test = newBook();
  fillUp(test, 1, 5);
  const kit = JSON.stringify(join(import.meta.dirname, 'book-kit.ts'));
  const store = JSON.stringify(join(import.meta.dirname, '../../src/store/book-file.ts'));
  const script = `
    import { append, fillDraft, take, TestClock } from ${kit};
    import { openBookFile } from ${store};
    const clock = new TestClock();
    clock.advance(60000);
    const book = openBookFile(${JSON.stringify(test.path)}, { clock });
    const epoch = take(book, clock);
    append({ book, clock, epoch }, 1, [fillDraft(6), fillDraft(7)]);
    book.write(epoch, (tx) => {
      tx.insertEntry(1, { ...fillDraft(8), sequence: 8 });
      process.kill(process.pid, 'SIGKILL');
    });`;
  const { signal } = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', script]);
  expect(signal).toBe('SIGKILL');
  expect(test.book.head(test.main).sequence).toBe(7);
});
