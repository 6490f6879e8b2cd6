import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diagnoseSource } from '../../../src/service/source/preflight.ts';
import { createIncidentDatabase } from '../../../src/sources/monitoring/incident-database.ts';
import { Ground } from './kit.ts';

test('Q118 doctor tells the steps of a database that keeps positions', async () => {
  const ground = new Ground();
  const path = join(ground.folder, 'positions.db');
  createIncidentDatabase(path);
  const diagnosis = await diagnoseSource(ground.options({ location: path, zone: 'UTC' }));
  expect(diagnosis).toMatchObject({ source: `sqlite:${path}`, exitCode: 0 });
  expect(diagnosis.checks.map(({ name, status }) => `${name} ${status}`)).toEqual([
    ...['opens ok', 'schema ok', 'reads ok', 'zone ok', 'journal ok', 'quantity ok', 'price ok'],
    ...['pnl ok', 'closing ok', 'orders ok', 'additions ok', 'backup ok'],
  ]);
  rmSync(ground.folder, { recursive: true });
});
