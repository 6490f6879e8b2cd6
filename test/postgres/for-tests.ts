/** A server for the tests of one file, and what they open on it, closed when they have ended. */
import { afterAll, beforeAll } from 'vitest';
import type { Database } from '../../src/sources/database.ts';
import { openPostgres, type PostgresOptions } from '../../src/sources/postgres/postgres.ts';
import { startPostgres, type TestServer, type TestServerOptions } from './server.ts';

export interface PostgresForTests {
  /** The address of a new database in which these statements were run. */
  database(statements?: string): Promise<string>;
  open(url: string, options?: PostgresOptions): Promise<Database>;
}

export function postgresForTests(options?: TestServerOptions): PostgresForTests {
  let server: TestServer;
  const opened: Database[] = [];
  beforeAll(async () => {
    server = await startPostgres(options);
  });
  afterAll(async () => {
    await Promise.all(opened.map((database) => database.close()));
    await server.stop();
  });
  return {
    database: (statements) => server.database(statements),
    async open(url, how) {
      const database = await openPostgres(url, how);
      opened.push(database);
      return database;
    },
  };
}
