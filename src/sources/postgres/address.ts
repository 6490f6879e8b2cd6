/**
 * The address of a PostgreSQL database, as it is typed and as it is shown. An address that cannot
 * be read is never quoted: what looks like a host may be the rest of a password.
 *
 * Parameters: host, port, user, password, dbname, schema, options, sslmode, sslrootcert, sslcert,
 * sslkey, application_name. What is not given is taken as by every PostgreSQL program (PGHOST,
 * PGUSER, PGPASSWORD ...).
 */
import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import pg from 'pg';
import { SourceError } from '../source-error.ts';
import { postgresScheme } from './scheme.ts';

export interface Address {
  /** With the user where one was named, and without a password: it can be typed again. */
  readonly location: string;
  readonly role: string;
  readonly config: pg.ClientConfig;
  /** TLS where the server speaks it, else not. */
  readonly preferTls: boolean;
  /** First on the search path; null: as the server has it. */
  readonly schema: string | null;
}

const noHost = 'no-host';

const parameters = new Set([
  ...['host', 'port', 'user', 'password', 'dbname', 'schema', 'options'],
  ...['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'application_name'],
]);

export function parseAddress(text: string): Address {
  const url = parseUrl(text);
  const given = (name: string) => url.searchParams.get(name) ?? undefined;
  const named = url.hostname === noHost ? '' : decoded(url.hostname).replace(/^\[(.+)\]$/, '$1');
  const host = given('host') ?? named;
  const port = given('port') ?? url.port;
  if (!/^\d{0,5}$/.test(port)) throw refused('has a port that is no number');
  const wanted = {
    host: host || undefined,
    port: port === '' ? undefined : Number(port),
    user: (given('user') ?? decoded(url.username)) || undefined,
    password: (given('password') ?? decoded(url.password)) || undefined,
    database: (given('dbname') ?? decoded(url.pathname.slice(1))) || undefined,
    application_name: given('application_name') ?? 'trueup',
    options: given('options'),
  };
  // A client that is not connected knows what the environment adds.
  const resolved = new pg.Client(wanted);
  const { tls, prefer } = tlsOf(url, resolved.host.startsWith('/'));
  const schema = given('schema') ?? null;
  return {
    location: locationOf(resolved, wanted.user, schema),
    role: resolved.user ?? '',
    config: { ...wanted, ssl: tls },
    preferTls: prefer,
    schema,
  };
}

function locationOf(client: pg.Client, user = '', schema: string | null): string {
  const database = encodeURIComponent(client.database ?? '');
  const socket = client.host.startsWith('/');
  const server = client.host.includes(':') ? `[${client.host}]` : client.host;
  const query = [
    ...(socket ? [`host=${client.host}`, `port=${client.port}`] : []),
    ...(schema === null ? [] : [`schema=${encodeURIComponent(schema)}`]),
  ].join('&');
  const place = socket ? '' : `${server}:${client.port}`;
  const login = user === '' ? '' : `${encodeURIComponent(user)}@`;
  return `postgresql://${login}${place}/${database}${query === '' ? '' : `?${query}`}`;
}

function parseUrl(text: string): URL {
  const rest = text.replace(postgresScheme, '');
  if (rest === text) throw refused('does not begin with postgresql://');
  const authority = rest.split(/[/?#]/, 1)[0]!;
  const behind = rest.slice(authority.length);
  // The password was not encoded, so what follows it would be taken for host, database or option.
  if (behind.includes('@') || behind.includes('#')) throw refused('cannot be read');
  // A socket has no host, and a user without a host is no URL.
  const url = URL.parse(
    `postgresql://${authority}${authority.endsWith('@') ? noHost : ''}${behind}`,
  );
  if (!url) throw refused('cannot be read');
  for (const name of url.searchParams.keys()) {
    if (!parameters.has(name)) throw refused('has a parameter that is not known');
  }
  return url;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refused('has a % that begins no character');
  }
}

/** What libpq does for each mode; `prefer` is its default and proves nothing about the server. */
function tlsOf(url: URL, isSocket: boolean): { tls: boolean | ConnectionOptions; prefer: boolean } {
  const mode = url.searchParams.get('sslmode') ?? 'prefer';
  const [ca, cert, key] = ['sslrootcert', 'sslcert', 'sslkey'].map((name) => {
    const path = url.searchParams.get(name);
    return path === null ? undefined : fileText(name, path);
  });
  const files = { ca, cert, key };
  const anyName = { ...files, checkServerIdentity: () => undefined };
  switch (mode) {
    case 'disable':
      return { tls: false, prefer: false };
    case 'prefer':
      return { tls: isSocket ? false : { ...files, rejectUnauthorized: false }, prefer: !isSocket };
    case 'require':
      return { tls: ca ? anyName : { ...files, rejectUnauthorized: false }, prefer: false };
    case 'verify-ca':
      return { tls: anyName, prefer: false };
    case 'verify-full':
      return { tls: files, prefer: false };
    default:
      throw new SourceError(
        'source-missing',
        'the address of the PostgreSQL database has an sslmode that is not known',
        'sslmode is disable, prefer (the default), require, verify-ca or verify-full',
      );
  }
}

function fileText(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new SourceError(
      'source-missing',
      `the file of ${name} cannot be read: ${path}`,
      `give a file that exists and that you may read, or leave ${name} away`,
      error,
    );
  }
}

function refused(why: string): SourceError {
  return new SourceError(
    'source-missing',
    `the address of the PostgreSQL database ${why} (not shown: it may hold a password)`,
    'write postgresql://USER:PASSWORD@HOST:PORT/DATABASE?schema=NAME&sslmode=verify-full, with ' +
      'the characters @ : / ? # % of a user or password as %40 %3A %2F %3F %23 %25; parameters: ' +
      [...parameters].join(', '),
  );
}
