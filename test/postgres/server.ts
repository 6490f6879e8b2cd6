/**
 * A real PostgreSQL server for the tests of one file, in a temporary folder. It ends, and the
 * folder goes, when `stop` is called or when the process that started it is gone, however it went:
 * the shell that holds the server waits for the end of its input.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { binaries, type RunAs, runAs } from './binaries.ts';

export interface TestServer {
  readonly version: string;
  /** The address of a new database in which these statements were run. */
  database(statements?: string): Promise<string>;
  stop(): Promise<void>;
}

export interface TestServerOptions {
  /** Speaks TLS with the certificate of the fixtures, for the name localhost. */
  readonly tls?: true;
}

/** Owner of everything, by this password over TCP; over the socket nobody is asked for one. */
const owner = 'falcon';

const supervisor = `
"$1/postgres" -D "$2/data" -k "$2" -p "$3" $4 >> "$2/log" 2>&1 &
server=$!
read -r line
kill -INT $server
wait $server
rm -rf "$2"
`;

const settings = {
  listen_addresses: '127.0.0.1',
  fsync: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  autovacuum: 'off',
  shared_buffers: '64MB',
  max_connections: '80',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

export async function startPostgres(options: TestServerOptions = {}): Promise<TestServer> {
  const user = runAs();
  const folder = mkdtempSync(join(tmpdir(), 'trueup-postgres-'));
  giveTo(user, folder);
  const bin = binaries(user, join(folder, 'native'));
  initialise(bin, folder, user);
  const port = await freePort();
  const flags = Object.entries({ ...settings, ...(options.tls ? tlsSettings(folder, user) : {}) })
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
  const shell = spawn('sh', ['-c', supervisor, 'sh', bin, folder, String(port), flags], {
    ...user,
    cwd: folder,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.unref();
  const version = await answer(folder, port);
  // What a connection finds out about a template is copied with it, and not found out again.
  await asked(folder, port, 'template1', 'SELECT 1');
  return serverAt(shell, folder, port, version);
}

function serverAt(shell: ChildProcess, folder: string, port: number, version: string): TestServer {
  let made = 0;
  // A copy of files is cheaper than one through the log, which is the default since version 15.
  const asFiles = Number.parseInt(version, 10) >= 15 ? ' STRATEGY file_copy' : '';
  return {
    version,
    async database(statements) {
      made += 1;
      const name = `falcon_${made}`;
      await asked(folder, port, 'postgres', `CREATE DATABASE ${name}${asFiles}`);
      if (statements) await asked(folder, port, name, statements);
      return `postgresql://${owner}:${owner}@127.0.0.1:${port}/${name}`;
    },
    async stop() {
      if (shell.exitCode !== null) return;
      const gone = once(shell, 'exit');
      shell.ref();
      shell.stdin!.end();
      await gone;
    },
  };
}

/** Runs statements at an address, as the role that it names; the rows of the last one, as text. */
export async function sql(
  url: string,
  statements: string,
): Promise<Record<string, string | null>[]> {
  const client = new pg.Client({ connectionString: url, types: asText });
  await client.connect();
  try {
    const result: unknown = await client.query(statements);
    const last = Array.isArray(result) ? result.at(-1) : result;
    return (last as pg.QueryResult).rows;
  } finally {
    await client.end();
  }
}

const asText = { getTypeParser: () => (value: string) => value };

/** The same database, as another role or with other parameters. */
export function changed(url: string, change: (address: URL) => void): string {
  const address = new URL(url);
  change(address);
  return address.href;
}

async function asked(folder: string, port: number, database: string, statements: string) {
  const client = new pg.Client({ host: folder, port, user: owner, database });
  await client.connect();
  try {
    return await client.query(statements);
  } finally {
    await client.end();
  }
}

function initialise(bin: string, folder: string, user: RunAs | null) {
  const password = join(folder, 'password');
  writeFileSync(password, `${owner}\n`);
  giveTo(user, password);
  const made = spawnSync(
    join(bin, 'initdb'),
    [
      '-D',
      join(folder, 'data'),
      '-U',
      owner,
      `--pwfile=${password}`,
      '--no-sync',
      '--no-locale',
    ].concat(['-E', 'UTF8', '--auth-local=trust', '--auth-host=scram-sha-256']),
    { ...user, cwd: folder, encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`initdb: ${made.error ?? made.stderr}`);
}

function tlsSettings(folder: string, user: RunAs | null): Record<string, string> {
  const files = ['server.crt', 'server.key'].map((name) => {
    const path = join(folder, name);
    copyFileSync(join(import.meta.dirname, 'fixtures', name), path);
    chmodSync(path, 0o600);
    giveTo(user, path);
    return path;
  });
  return { ssl: 'on', ssl_cert_file: files[0]!, ssl_key_file: files[1]! };
}

function giveTo(user: RunAs | null, path: string) {
  if (user) chownSync(path, user.uid, user.gid);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

/** The version of the server, once it answers. */
async function answer(folder: string, port: number): Promise<string> {
  let last: unknown;
  for (let attempt = 0; attempt < 600; attempt += 1) {
    try {
      const { rows } = await asked(folder, port, 'postgres', 'SHOW server_version');
      return rows[0].server_version;
    } catch (error) {
      last = error;
      await pause(50);
    }
  }
  throw new Error(`the server did not start: ${last}\n${readFileSync(join(folder, 'log'))}`);
}
