import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { backupBook, manifestPathOf, restoreBook } from '../../src/store/backup.ts';
import { openBookFile } from '../../src/store/book-file.ts';
import type { StoreErrorCode } from '../../src/store/store-error.ts';
import { verifyChain, verifyHead } from '../../src/store/verify.ts';
import { append, fillDraft, fillUp, folder, newBook, take } from './new-book.ts';

const failing = (code: StoreErrorCode) => expect.objectContaining({ name: 'StoreError', code });

async function backedUp() {
  const test = newBook();
  fillUp(test, 3, 10);
  const backup = join(folder(), 'backup.db');
  const manifest = await backupBook(test.book, backup, test.clock);
  return { ...test, backup, manifest };
}

describe('a backup', () => {
  test('S50 of a book in use is one file and a manifest that says what is in it', async () => {
    const { book, backup, manifest, main, clock } = await backedUp();
    const { sequence, hash } = book.head(main);
    expect(manifest).toMatchObject({
      schema: 'trueup.backup/1',
      takenAt: '2026-01-12T10:00:03Z',
      format: 2,
      heads: [{ account: 'main', sequence, hash }],
    });
    expect(JSON.parse(readFileSync(manifestPathOf(backup), 'utf8'))).toEqual(manifest);
    expect(readdirSync(join(backup, '..')).sort()).toEqual(['backup.db', 'backup.db.json']);
    await expect(backupBook(book, backup, clock)).rejects.toThrow(failing('exists'));
  });

  test('S51 becomes a book again, with a lease of its own', async () => {
    const test = await backedUp();
    const target = join(folder(), 'again.db');
    expect(restoreBook(test.backup, target, { clock: test.clock })).toEqual({
      manifest: test.manifest,
      keptAside: null,
    });
    const book = openBookFile(target, { clock: test.clock });
    expect(verifyChain(book)).toMatchObject({ findings: [], entries: 30 });
    expect(() => book.write(test.epoch, () => 1)).toThrow(failing('fenced'));
    const epoch = take(book, test.clock);
    expect(append({ book, clock: test.clock, epoch }, test.main, [fillDraft(31)])).toBe(1);
    expect(readdirSync(join(target, '..')).filter((name) => name.includes('restoring'))).toEqual(
      [],
    );
  });

  test('S52 replaces a book when told to and nobody writes it, and keeps the old', async () => {
    const test = await backedUp();
    const { book, path, clock, backup, main, epoch } = test;
    append(test, main, [fillDraft(31)]);
    const { sequence, hash } = book.head(main);
    const restore = (force: boolean) => restoreBook(backup, path, { clock, force });
    expect(() => restore(false)).toThrow(failing('exists'));
    expect(() => restore(true)).toThrow(failing('busy'));
    book.releaseLease(epoch);
    book.close();
    const { keptAside } = restore(true);
    const restored = openBookFile(path, { clock });
    expect(restored.head(main).sequence).toBe(30);
    expect(verifyHead(restored, 'main', sequence, hash)).toMatchObject({ code: 'tail-cut' });
    const old = openBookFile(keptAside!, { clock });
    expect(verifyHead(old, 'main', sequence, hash)).toBeNull();
  });

  test('S53 with another checksum, heads, chain or no manifest is refused', async () => {
    const { backup, manifest, clock } = await backedUp();
    const good = readFileSync(backup);
    const target = join(folder(), 'again.db');
    const restore = () => restoreBook(backup, target, { clock });
    const withManifest = (changes: object) =>
      writeFileSync(manifestPathOf(backup), JSON.stringify({ ...manifest, ...changes }));

    writeFileSync(backup, Buffer.concat([good, Buffer.from('x')]));
    expect(restore).toThrow('has the checksum');
    writeFileSync(backup, good);
    withManifest({ heads: [] });
    expect(restore).toThrow('not those of the manifest');

    const changed = Buffer.from(good);
    changed[good.indexOf('60015') + 4] = 0x39;
    writeFileSync(backup, changed);
    const { createHash } = await import('node:crypto');
    withManifest({ sha256: createHash('sha256').update(changed).digest('hex') });
    expect(restore).toThrow('does not verify: main the hash of batch 11..20');
    expect(restoreBook(backup, target, { clock, verify: false }).keptAside).toBeNull();

    writeFileSync(manifestPathOf(backup), 'no json');
    expect(() => restoreBook(backup, `${target}2`, { clock })).toThrow(failing('backup-damaged'));
    const missing = () => restoreBook(`${backup}9`, `${target}2`, { clock });
    expect(missing).toThrow('backup.db9 is missing');
    expect(existsSync(`${target}2`)).toBe(false);
  });
});
