/**
 * A program of ours that is killed while it writes a total: `node writer.ts FILE WHERE MS`, where
 * WHERE is `copied` (the copy is made, nothing is locked), `decided` (inside the transaction),
 * `changed` (the total is written, not committed), or `nowhere`; MS is how long it waits for a
 * lock. Prints the code of an error.
 */
import { writeSync } from 'node:fs';
import { decimal } from '../../../src/decimal/text.ts';
import { instant } from '../../../src/model/instant.ts';
import type { Database, Session } from '../../../src/sources/database.ts';
import { openFalcon } from '../../../src/sources/falcon/falcon.ts';
import { SourceError } from '../../../src/sources/source-error.ts';
import { openSqlite } from '../../../src/sources/sqlite/sqlite.ts';

const [path, where, patience = '200'] = process.argv.slice(2);
const at = instant('2026-01-12T21:00:00Z');
const clock = { now: () => at };
const end = () => process.kill(process.pid, 'SIGKILL');

const killing = (database: Database): Database => ({
  ...database,
  async backup(name) {
    const copy = await database.backup(name, []);
    if (where === 'copied') end();
    return copy;
  },
  write: (work) =>
    database.write((session) => {
      if (where === 'decided') end();
      return work(where === 'changed' ? dying(session) : session);
    }),
});

const dying = (session: Session): Session => ({
  version: () => session.version!(),
  rows: (sql, values) => session.rows(sql, values),
  async run(sql, values) {
    const changed = await session.run(sql, values);
    if (sql.startsWith('UPDATE')) end();
    return changed;
  },
});

try {
  const database = killing(openSqlite(path!, { clock, busyTimeoutMs: Number(patience) }));
  const source = await openFalcon(database, { clock, zone: 'UTC', schema: null });
  await source.snapshot();
  writeSync(1, 'read ');
  await source.write(() => {
    const totals = [{ accountId: '1', total: decimal('9969.32') }];
    return { why: 'stale', at, totals, prices: [], performance: [] };
  });
  writeSync(1, 'written');
} catch (error) {
  if (!(error instanceof SourceError)) throw error;
  writeSync(1, error.code);
}
