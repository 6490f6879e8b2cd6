/** The guard in PostgreSQL databases. */
import { auditTableSql } from '../audit-table.ts';
import type { Session } from '../database.ts';
import type { FalconShape } from '../falcon/shape.ts';
import { quoted } from '../sql.ts';
import type { GuardEngine } from './engine.ts';
import { postgresGuard, refuseOnPostgres } from './postgres-shape.ts';
import { postgresInstalled, readOnPostgres } from './postgres-status.ts';
import { postgresStatements } from './postgres-triggers.ts';

export const postgresEngine: GuardEngine = {
  /** In the order in which a bot's statement locks them: positions, and then the account. */
  async lock(session, { account, positions }) {
    const tables = `${positions.table.sql}, ${account.table.sql}`;
    await session.run(`LOCK TABLE ${tables} IN SHARE ROW EXCLUSIVE MODE`);
  },
  refuse: refuseOnPostgres,
  statements: async (query, shape, audit) => [
    ...auditTableSql('postgresql'),
    ...postgresStatements(await postgresGuard(query, shape, audit)),
  ],
  async install(session, shape, audit) {
    await removeFromPostgres(session, shape);
    for (const sql of auditTableSql('postgresql')) await session.run(sql);
    const guard = await postgresGuard(session, shape, audit);
    for (const sql of postgresStatements(guard)) await session.run(sql);
  },
  read: readOnPostgres,
  remove: removeFromPostgres,
};

async function removeFromPostgres(session: Session, shape: FalconShape): Promise<void> {
  const { triggers, functions, tables } = await postgresInstalled(session, shape);
  for (const { name, table } of triggers) {
    await session.run(`DROP TRIGGER ${quoted(name)} ON ${table}`);
  }
  for (const { sql } of functions) await session.run(`DROP FUNCTION ${sql}()`);
  for (const table of tables) await session.run(`DROP TABLE ${table}`);
}
