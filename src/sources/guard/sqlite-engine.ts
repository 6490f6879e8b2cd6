/** The guard in SQLite files. */
import type { GuardEngine } from './engine.ts';
import {
  installOnSqlite,
  refuseOnSqlite,
  removeFromSqlite,
  sqliteGuard,
  sqliteStatements,
} from './sqlite-guard.ts';
import { readOnSqlite } from './sqlite-status.ts';

export const sqliteEngine: GuardEngine = {
  refuse: async (query, shape) =>
    refuseOnSqlite(query, shape, await sqliteGuard(query, shape, false)),
  statements: async (query, shape, audit) =>
    sqliteStatements(await sqliteGuard(query, shape, audit)),
  install: async (session, shape, audit) =>
    installOnSqlite(session, await sqliteGuard(session, shape, audit)),
  read: readOnSqlite,
  remove: removeFromSqlite,
};
