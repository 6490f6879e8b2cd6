import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createIncidentDatabase } from '../../src/sources/falcon/incident-database.ts';
import { openSource } from '../../src/sources/open-source.ts';
import { TestClock } from './worlds.ts';

const folder = mkdtempSync(join(tmpdir(), 'trueup-open-'));
const path = join(folder, 'bots', 'paper trading #1.db');

beforeAll(() => {
  mkdirSync(join(folder, 'bots'));
  createIncidentDatabase(path);
});

afterAll(() => rmSync(folder, { recursive: true }));

const opened = (location: string, schema: string | null = null) =>
  openSource(location, { clock: new TestClock(), zone: null, schema });

test.each([
  ['a bare path', path],
  ['sqlite: and a path', `sqlite:${path}`],
  ['a relative path', `sqlite:${relative(process.cwd(), path)}`],
  ['sqlite:///', `sqlite://${path}`],
  ['sqlite:////', `sqlite:///${path}`],
  ['sqlite:/// and a relative path', `sqlite:///${relative(process.cwd(), path)}`],
  ['capitals', `SQLite:${path}`],
])('Q23 %s names a file', async (_what, location) => {
  const source = await opened(location);
  expect(source.identity).toMatchObject({ schema: 'falcon', engine: 'sqlite' });
  expect(source.identity.location).toContain('paper trading #1.db');
  await source.close();
});

test('Q23 a schema can be named, and one that there is not is refused', async () => {
  const source = await opened(path, 'falcon');
  await source.close();
  await expect(opened(path, 'falcn')).rejects.toMatchObject({
    code: 'source-unsupported',
    message: 'there is no schema "falcn"; there is falcon, monitoring',
    hint: 'did you mean falcon?',
  });
});

test('Q23 a kind of database that is not read is refused by its name', async () => {
  await expect(opened('mysql://bot:secret@db/falcon')).rejects.toMatchObject({
    code: 'source-unsupported',
    message: 'databases of the kind mysql are not read',
  });
});
