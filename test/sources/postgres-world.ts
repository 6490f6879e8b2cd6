/** Databases of bots on a PostgreSQL server, each a database of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgres } from '../../src/sources/postgres/postgres.ts';
import { sql, type TestServer } from '../postgres/server.ts';
import { type PortableTables, sqlOf } from './portable.ts';
import type { World } from './worlds.ts';

export interface PostgresWorld extends World {
  readonly url: string;
  readonly backupFolder: string;
}

export async function postgresWorld(
  server: TestServer,
  tables: PortableTables,
): Promise<PostgresWorld> {
  const url = await server.database(sqlOf('postgresql', tables).join(';\n'));
  const backupFolder = mkdtempSync(join(tmpdir(), 'trueup-source-'));
  return {
    url,
    backupFolder,
    open: () => openPostgres(url, { backupFolder }),
    async bot(statement) {
      await sql(url, statement);
    },
    async end() {
      rmSync(backupFolder, { recursive: true });
    },
  };
}
