/** Programs of ours that end in the middle of a write of rows. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, test } from 'vitest';
import { decimal } from '../../../src/decimal/text.ts';
import type { PositionSnapshot } from '../../../src/model/position-source.ts';
import { createIncidentDatabase } from '../../../src/sources/monitoring/incident-database.ts';
import { openPositionSource } from '../../../src/sources/open-source.ts';
import { TestClock } from '../worlds.ts';
import { at, changeOf, writeOf } from './ground.ts';

const folders: string[] = [];

afterEach(() => {
  for (const one of folders.splice(0)) rmSync(one, { recursive: true, force: true });
});

const program = join(import.meta.dirname, '..', 'programs', 'rows-writer.ts');

function world(journal: string) {
  const folder = mkdtempSync(join(tmpdir(), 'trueup-crash-'));
  folders.push(folder);
  const path = join(folder, 'bot.db');
  createIncidentDatabase(path);
  const using = <T>(work: (file: DatabaseSync) => T): T => {
    const file = new DatabaseSync(path, { timeout: 5_000 });
    try {
      return work(file);
    } finally {
      file.close();
    }
  };
  using((file) =>
    file.exec(`PRAGMA journal_mode = ${journal};
      INSERT INTO orders (id, position_id, exchange, symbol, order_id, type, side, size, status,
        filled, remaining) VALUES (1, '1', 'bybit', 'AGIUSDT', 'exit-1', 'limit', 'buy', 4160,
        'open', 0, 4160)`),
  );
  const tables = (...names: readonly string[]) =>
    using((file) => names.map((name) => file.prepare(`SELECT * FROM ${name}`).all()));
  const open = () =>
    openPositionSource(`sqlite:${path}`, {
      ...{ clock: new TestClock('2025-10-13T15:28:30Z'), zone: 'UTC', schema: null },
    });
  return { path, tables, open };
}

const agi = (seen: PositionSnapshot) =>
  writeOf({ changes: [changeOf(seen, 'AGIUSDT', { quantity: decimal('3160') })] });

test.each(
  ['delete', 'wal'].flatMap((journal) =>
    ['copied', 'decided', 'half', 'changed', 'logged'].map((where) => [where, journal] as const),
  ),
)(
  'Q116 Q127 killed when it has %s, journal %s: nothing of the write is there',
  async (where, journal) => {
    const { path, tables, open } = world(journal);
    const before = tables('positions', 'orders', 'sqlite_schema');
    const killed = spawnSync(process.execPath, [program, path, where]);
    expect([killed.signal, killed.stdout.toString()]).toEqual(['SIGKILL', '']);
    expect(tables('positions', 'orders', 'sqlite_schema')).toEqual(before);
    // The next one writes as if nothing had been, and takes it back to the digit.
    const source = await open();
    const { audit } = await source.write(agi);
    expect(audit!.id).toBe(1);
    await source.undo(1, 'a mistake', at);
    expect(tables('positions', 'orders')).toEqual(before.slice(0, 2));
    await source.close();
  },
);

test.each(['delete', 'wal'])(
  'Q117 Q127 killed while it takes back, journal %s',
  async (journal) => {
    const { path, tables, open } = world(journal);
    const before = tables('positions', 'orders');
    const killed = spawnSync(process.execPath, [program, path, 'undoing']);
    expect([killed.signal, killed.stdout.toString()]).toEqual(['SIGKILL', 'written']);
    // The write stands whole, and so does what was there before.
    const sizes = () =>
      tables('positions')[0]!
        .map((row) => row['quantity'])
        .slice(0, 2);
    expect(sizes()).toEqual([3160, 2036]);
    expect(tables('orders')[0]![0]).toMatchObject({ status: 'canceled', filled: 1000 });
    const source = await open();
    await source.undo(1, 'a mistake', at);
    expect(tables('positions', 'orders')).toEqual(before);
    await source.close();
  },
);
