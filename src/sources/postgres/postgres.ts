/**
 * A PostgreSQL database that another program writes. Looks are read-only snapshots that lock
 * nobody out; writes hold the rows they depend on, and are tried again where another one came
 * between. A server that is silent is an error after a while, and never a hang.
 */
import type { Database } from '../database.ts';
import { parseAddress } from './address.ts';
import { backupsOf } from './backups.ts';
import { type Limits, openConnections } from './connections.ts';
import { tablesElsewhere, tablesOf } from './tables.ts';
import { zoneOf } from './zone.ts';

export interface PostgresOptions {
  /** Where copies are kept; by default `trueup-backups` in the working folder. */
  readonly backupFolder?: string | undefined;
  readonly limits?: Partial<Limits>;
}

const limitsDefault: Limits = {
  connectMs: 5_000,
  statementMs: 30_000,
  lockMs: 500,
  silenceMs: 5_000,
};

export async function openPostgres(url: string, options: PostgresOptions = {}): Promise<Database> {
  const address = parseAddress(url);
  const connections = await openConnections(address, { ...limitsDefault, ...options.limits });
  const { location } = address;
  return {
    engine: 'postgresql',
    location,
    tables: () => connections.transact('read', tablesOf),
    // Who names a schema means no other.
    tablesElsewhere: async () =>
      address.schema === null ? connections.transact('read', tablesElsewhere) : [],
    read: (work) => connections.transact('read', work),
    pages: (sql, size) => connections.pages(sql, size),
    write: (work) => connections.transact('write', work),
    rehearse: (work) => connections.transact('rehearse', work),
    ...backupsOf(connections, location, options.backupFolder ?? 'trueup-backups'),
    zoneHint: (newest) => connections.transact('read', (query) => zoneOf(query, newest)),
    close: () => connections.close(),
  };
}
