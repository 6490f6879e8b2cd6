/** What the server and the network say, as what it means for a database that is not ours. */
import pg from 'pg';
import { SourceError, type SourceErrorCode } from '../source-error.ts';

/** What was being done, and where, when it went wrong. */
export interface Circumstance {
  /** Without a password. */
  readonly location: string;
  readonly role: string;
  readonly writes: boolean;
  /** The statement that was refused; null: none was asked yet. */
  readonly sql: string | null;
}

type Reading = readonly [code: SourceErrorCode, what: string, hint: string];

const again = 'try again when the server answers; nothing was half-written';

/** By SQLSTATE, or by its class where the whole class means the same. */
const readings: Readonly<Record<string, Reading>> = {
  '08': ['source-unreachable', 'cannot be reached', again],
  '53': ['source-unreachable', 'has no room or connections left', again],
  '53100': ['source-failed', 'has no room left on its disk', 'free disk space on the server'],
  '57P': ['source-unreachable', 'is stopping, starting or ended the connection', again],
  '57014': [
    'source-unreachable',
    'did not finish in time',
    'try again when the server is less busy; an index on the tables may be missing',
  ],
  '25P03': ['source-unreachable', 'ended a transaction that stood still', again],
  '55P03': [
    'source-locked',
    'is locked: another program holds rows or tables for longer than we wait',
    'try again; SELECT * FROM pg_stat_activity shows who is idle in transaction',
  ],
  '40001': [
    'source-locked',
    'is so busy that other programs changed the same rows at every attempt',
    'try again when the bot writes less',
  ],
  '40P01': [
    'source-locked',
    'is so busy that every attempt ended in a deadlock with another program',
    'try again when the bot writes less',
  ],
  '3D000': ['source-missing', 'does not exist', 'check the name of the database in the address'],
  '28': [
    'source-credentials',
    'lets nobody in with this user and password',
    'check user and password in the address, PGPASSWORD or ~/.pgpass, and pg_hba.conf',
  ],
  '25006': [
    'source-read-only',
    'cannot be written: it is a replica or read-only',
    'give the address of the primary server, and see default_transaction_read_only',
  ],
  '428C9': [
    'source-unsupported',
    'computes the column that was to be written by itself',
    'a generated column needs no update; make it a plain column to have it kept by us',
  ],
  '23': [
    'source-unsupported',
    'refuses the row',
    'its tables demand more than is known of this schema; nothing was written',
  ],
  '22003': [
    'source-unsupported',
    'has no room for a number this large in the column',
    'widen the column; nothing was written',
  ],
  XX001: ['source-damaged', 'is damaged', 'restore the newest good backup of the server'],
  XX002: ['source-damaged', 'has a damaged index', 'REINDEX it, as its owner'],
};

const network: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses connections: no server listens there',
  ENOENT: 'has no such socket: no server listens there',
  ENOTFOUND: 'is on a host that is not known',
  EAI_AGAIN: 'is on a host whose name could not be looked up',
  EHOSTUNREACH: 'is on a host that cannot be reached',
  ENETUNREACH: 'is on a network that cannot be reached',
  EACCES: 'may not be connected to by this user',
};

/** SQLSTATE of what the server said; null: the server did not say it. */
export const sqlStateOf = (error: unknown): string | null =>
  error instanceof pg.DatabaseError ? (error.code ?? null) : null;

/**
 * Worth another attempt from a fresh snapshot: nobody did anything wrong. Two that make the same
 * table at once meet in the server's own catalog.
 */
export function isContention(error: unknown): boolean {
  const cause = error instanceof SourceError ? error.cause : null;
  if (!(cause instanceof pg.DatabaseError)) return false;
  const isCatalog = cause.code === '23505' && cause.schema === 'pg_catalog';
  return isCatalog || ['40001', '40P01', '55P03', '42P07'].includes(cause.code ?? '');
}

/** Whether the connection can still be used: the server said no, and still listens. */
export function isUsableAfter(error: unknown): boolean {
  if (!(error instanceof SourceError) || error.cause === undefined) return true;
  const state = sqlStateOf(error.cause);
  return state !== null && !/^(08|57P|25P03)/.test(state);
}

export function sourceErrorOf(error: unknown, at: Circumstance): SourceError {
  const state = sqlStateOf(error);
  const detail = error instanceof Error ? error.message : String(error);
  const [code, what, hint] =
    state === null
      ? unanswered(error, detail)
      : state === '42501'
        ? denied(at, detail)
        : (readings[state] ?? readings[state.slice(0, 3)] ?? readings[state.slice(0, 2)] ?? other);
  return new SourceError(code, `${at.location} ${what} (${detail}${rowOf(error)})`, hint, error);
}

/** Which column of a row was refused, where the server names the rule alone. */
const rowOf = (error: unknown): string =>
  error instanceof pg.DatabaseError && error.code === '23503' && error.detail !== undefined
    ? `: ${error.detail}`
    : '';

const other: Reading = [
  'source-failed',
  'does not do what was asked',
  'run doctor on it: its tables may have changed',
];

/** The network or the driver speaks, the server does not. */
function unanswered(error: unknown, detail: string): Reading {
  if (/client password must be|no password/i.test(detail)) {
    const hint = 'put the password into the address, PGPASSWORD or ~/.pgpass';
    return ['source-credentials', 'asks for a password, and none was given', hint];
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/certificate|^ERR_TLS|^ERR_SSL|SIGNED|does not support SSL/i.test(`${code} ${detail}`)) {
    const hint = 'give the authority by sslrootcert=FILE, or another sslmode in the address';
    return ['source-unreachable', 'does not prove by TLS that it is the server asked for', hint];
  }
  const hint = 'check host and port in the address, and that the server runs';
  const silent = /timeout/i.test(detail) ? 'does not answer' : 'ended the connection';
  return ['source-unreachable', network[code] ?? silent, hint];
}

function denied({ sql, role, writes }: Circumstance, detail: string): Reading {
  const code = writes ? 'source-read-only' : 'source-credentials';
  const what = writes ? 'may not be written by this role' : 'may not be read by this role';
  const grantee = `"${role.replaceAll('"', '""')}"`;
  if (/row-level security/.test(detail)) {
    const hint = 'a policy hides rows, so that sums would be wrong; as a superuser: ALTER ROLE';
    return [code, what, `${hint} ${grantee} BYPASSRLS;`];
  }
  const right = missingRight(sql ?? '', detail);
  const hint =
    right === null
      ? 'run this as the owner of the tables'
      : `as their owner: GRANT ${right} TO ${grantee};`;
  return [code, what, hint];
}

const name = /(?:"(?:[^"]|"")+"|[\w$]+)/.source;
const asked = new RegExp(
  `^\\s*(?:declare\\s+\\w+\\s+cursor\\s+for\\s+)?` +
    `(select\\b[\\s\\S]*?\\bfrom|insert\\s+into|update|delete\\s+from)\\s+(${name}(?:\\.${name})?)`,
  'i',
);

/** Told by our own statement where it can be: the server's words may be in any language. */
function missingRight(sql: string, detail: string): string | null {
  const [, sequence] = new RegExp(`sequence (${name})`, 'i').exec(detail) ?? [];
  if (sequence !== undefined) return `USAGE ON SEQUENCE ${sequence}`;
  const [, verb, table] = asked.exec(sql) ?? [];
  if (verb !== undefined) {
    const locks = /\bFOR (NO KEY )?UPDATE\b/i.test(sql);
    return `${locks ? 'UPDATE' : verb.slice(0, 6).toUpperCase()} ON ${table}`;
  }
  const [, schema] = new RegExp(`schema (${name})`, 'i').exec(detail) ?? [];
  return schema === undefined ? null : `CREATE ON SCHEMA ${schema}`;
}
