/**
 * A program of ours that is killed while it writes rows: `node rows-writer.ts FILE WHERE`, where
 * WHERE is `copied` (the copy is made, nothing is locked), `decided` (inside the transaction),
 * `half` (one of three rows is written), `changed` (all of them are, the log is not), `logged` (all
 * is written, not committed), or `undoing` (a write is taken back by half).
 */
import { writeSync } from 'node:fs';
import { decimal } from '../../../src/decimal/text.ts';
import type { PositionSnapshot, PositionWrite } from '../../../src/model/position-source.ts';
import type { Database, Session } from '../../../src/sources/database.ts';
import { openMonitoring } from '../../../src/sources/monitoring/monitoring.ts';
import { openSqlite } from '../../../src/sources/sqlite/sqlite.ts';
import { at, changeOf, writeOf } from '../monitoring/ground.ts';

const [path, where] = process.argv.slice(2);
const clock = { now: () => at };
let updates = 0;
let undoing = false;

function endIf(isIt: boolean): void {
  if (isIt) process.kill(process.pid, 'SIGKILL');
}

const dying = (session: Session): Session => ({
  version: () => session.version!(),
  async rows(sql, values) {
    const isLog = sql.startsWith('INSERT') && sql.includes('trueup_audit');
    endIf(where === 'changed' && isLog);
    const rows = await session.rows(sql, values);
    endIf(where === 'logged' && isLog);
    return rows;
  },
  async run(sql, values) {
    const changed = await session.run(sql, values);
    if (sql.startsWith('UPDATE')) updates += 1;
    endIf(where === 'half' && updates === 1);
    endIf(undoing && updates === 1);
    return changed;
  },
});

const killing = (database: Database): Database => ({
  ...database,
  async backup(name, tables) {
    const copy = await database.backup(name, tables);
    endIf(where === 'copied');
    return copy;
  },
  write: (work) =>
    database.write((session) => {
      endIf(where === 'decided');
      return work(dying(session));
    }),
});

/** Two rows and an order, as one write. */
export const decide = (seen: PositionSnapshot): PositionWrite => {
  const [order] = seen.orders;
  const { id, orderId, symbol, statusText, filled } = order!;
  return writeOf({
    changes: [
      changeOf(seen, 'AGIUSDT', { quantity: decimal('3160') }),
      changeOf(seen, 'SCAUSDT', { quantity: decimal('2036') }),
    ],
    orderChanges: [
      {
        ...{ id, orderId, symbol, expected: { statusText, filled } },
        ...{ status: 'cancelled', filled: decimal('1000') },
      },
    ],
  });
};

const database = killing(openSqlite(path!, { clock }));
const source = await openMonitoring(database, { clock, zone: 'UTC', schema: null });
const { audit } = await source.write(decide);
undoing = where === 'undoing';
updates = 0;
writeSync(1, 'written');
await source.undo(audit!.id, 'a mistake', at);
