/** The incident on a PostgreSQL server: the library's call, and its history in our book. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toTextOrNull } from '../../src/decimal/text.ts';
import { adoptDocument } from '../../src/report/adopt-document.ts';
import { adopt } from '../../src/service/adopting.ts';
import { BookReader } from '../../src/service/reading.ts';
import { balance } from '../../src/service/source/balance.ts';
import { systemClock } from '../../src/service/system-clock.ts';
import { incidentSql, incidentZone } from '../../src/sources/falcon/incident-database.ts';
import { openSource } from '../../src/sources/open-source.ts';
import { sql, startPostgres, type TestServer } from '../postgres/server.ts';

let server: TestServer;
let url: string;
const folder = mkdtempSync(join(tmpdir(), 'trueup-incident-postgres-'));

beforeAll(async () => {
  server = await startPostgres();
  url = await server.database(incidentSql('postgresql', 'stored-total').join(';'));
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const markMaxAgeMs = 86_400_000;

test('I4 I7 the incident is adopted from PostgreSQL with its exact equity', async () => {
  const path = join(folder, 'adopted.db');
  const source = await openSource(url, { clock: systemClock, zone: incidentZone, schema: null });
  const adoption = await adopt(source, {
    ...{ path, clock: systemClock, programVersion: 'test', markMaxAgeMs },
    ...{ account: null, sourceAccount: null, currency: null, opening: null, dryRun: false },
    tell: () => undefined,
  });
  await source.close();
  expect(adoptDocument(adoption)).toMatchObject({
    exitCode: 0,
    accounts: [
      {
        fills: { booked: 21 },
        fees: 'none',
        cash: { ties: true },
        realisedPnl: { ours: '271.07' },
      },
    ],
  });
  const reader = new BookReader(path, systemClock);
  const account = reader.file.accountNamed('falcon')!;
  const { equity } = reader.look(account, { asOf: null, knownAt: null, markMaxAgeMs }).view;
  reader.close();
  expect(toTextOrNull(equity.total)).toBe('10211.69');
});

test('I12 the stored total follows a price on PostgreSQL', async () => {
  const stored = balance(url, { book: join(folder, 'trueup.db'), timezone: incidentZone });
  expect(await stored.update()).toMatchObject({ status: 'written' });
  await sql(url, `UPDATE positions SET current_price = 16.16 WHERE symbol = 'ACI'`);
  expect(await stored.update()).toMatchObject({ status: 'written' });
  expect(await sql(url, 'SELECT total_value FROM account')).toEqual([{ total_value: '10221.69' }]);
  expect(await stored.check()).toMatchObject({ sheets: [{ match: 'exact' }] });
  await stored.close();
});
