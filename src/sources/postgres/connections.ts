/**
 * Connections to one database, and transactions on them.
 *
 * Whatever is set is set for one transaction only, so that a pooler between us and the server
 * never hands our settings to the bot. A wait for a lock ends before the server looks for
 * deadlocks (after a second, as it is shipped): it is always we who give way, never the bot.
 */
import pg from 'pg';
import type { Cell, CellRow, Session, Written } from '../database.ts';
import { plainNumber } from '../plain-number.ts';
import { SourceError } from '../source-error.ts';
import type { Address } from './address.ts';
import { numbered } from './placeholders.ts';
import { isContention, isUsableAfter, sourceErrorOf, sqlStateOf } from './postgres-error.ts';

export interface Limits {
  readonly connectMs: number;
  /** Of one statement, by the server's clock. */
  readonly statementMs: number;
  readonly lockMs: number;
  /** How much longer than the server we wait for an answer: then it is silent. */
  readonly silenceMs: number;
}

type LockingSession = Session & Required<Pick<Session, 'lock' | 'takeTurns'>>;

export type Purpose = 'read' | 'write' | 'rehearse';

export interface Connections {
  transact<T>(purpose: Purpose, work: (session: LockingSession) => Promise<T>): Promise<T>;
  /** The rows of one statement, of one snapshot, so many at a time. */
  pages(sql: string, size: number): AsyncIterable<readonly CellRow[]>;
  close(): Promise<void>;
}

/** A write that another one came between is tried again this often, from a fresh snapshot. */
const retries = 3;

export async function openConnections(address: Address, limits: Limits): Promise<Connections> {
  const tls = address.config.ssl ?? false;
  const pool = await connected(address, limits, tls).catch((error: unknown) => {
    if (!address.preferTls || !/does not support SSL/.test(String(error))) throw error;
    return connected(address, limits, false);
  });
  return connectionsOn(pool, address, limits);
}

async function connected(address: Address, limits: Limits, tls: Tls): Promise<pg.Pool> {
  const pool = poolOf(address, limits, tls);
  try {
    (await pool.connect()).release();
    return pool;
  } catch (error) {
    await pool.end();
    throw sourceErrorOf(error, circumstance(address, 'read', null));
  }
}

type Tls = NonNullable<pg.ClientConfig['ssl']>;

function poolOf(address: Address, limits: Limits, ssl: Tls): pg.Pool {
  const pool = new pg.Pool({
    ...address.config,
    ssl,
    types: asText,
    max: 8,
    keepAlive: true,
    allowExitOnIdle: true,
    connectionTimeoutMillis: limits.connectMs,
    query_timeout: limits.statementMs + limits.silenceMs,
  });
  // A connection that fails while nobody uses it is replaced when the next one is asked for.
  pool.on('error', noMatter);
  return pool;
}

const noMatter = () => undefined;

const float4 = 700;
const float8 = 701;

/** Text as the server prints it; a double with the shortest digits, whatever the server's age. */
const asText: pg.CustomTypesConfig = {
  getTypeParser: (type: number) => (value: string | Buffer) => {
    const text = String(value);
    if (type === float8) return plainNumber(String(Number(text))) ?? text;
    return type === float4 ? (plainNumber(text) ?? text) : text;
  },
};

const circumstance = ({ location, role }: Address, purpose: Purpose, sql: string | null) => ({
  location,
  role,
  writes: purpose !== 'read',
  sql,
});

function connectionsOn(pool: pg.Pool, address: Address, limits: Limits): Connections {
  const connect = async (purpose: Purpose) => {
    const client = await pool.connect().catch((error: unknown) => {
      throw sourceErrorOf(error, circumstance(address, purpose, null));
    });
    // The query that is under way says it too; without a listener it would end the process.
    client.on('error', noMatter);
    const release = (usable: boolean) => {
      client.off('error', noMatter);
      client.release(!usable);
    };
    return { ask: asker(client, address, purpose), release };
  };
  const transact = async <T>(
    purpose: Purpose,
    work: (session: LockingSession) => Promise<T>,
    last: boolean,
  ): Promise<T> => {
    const { ask, release } = await connect(purpose);
    let usable = true;
    try {
      await ask(beginning(purpose, address, limits));
      const result = await work(sessionOn(ask, last));
      await (purpose === 'rehearse' ? ask('ROLLBACK') : commit(ask, address));
      return result;
    } catch (error) {
      usable = isUsableAfter(error) && (await rolledBack(ask));
      throw error;
    } finally {
      release(usable);
    }
  };
  let closing: Promise<void> | null = null;
  return {
    async transact(purpose, work) {
      for (let attempt = 0; ; attempt += 1) {
        try {
          return await transact(purpose, work, attempt === retries);
        } catch (error) {
          if (purpose === 'read' || attempt === retries || !isContention(error)) throw error;
        }
      }
    },
    async *pages(sql, size) {
      const { ask, release } = await connect('read');
      let usable = true;
      try {
        await ask(beginning('read', address, limits));
        await ask(`DECLARE trueup_rows CURSOR FOR ${sql}`);
        for (;;) {
          const [page] = await ask(`FETCH FORWARD ${size} FROM trueup_rows`);
          if (page!.rows.length > 0) yield page!.rows as readonly CellRow[];
          if (page!.rows.length < size) break;
        }
      } catch (error) {
        usable = isUsableAfter(error);
        throw error;
      } finally {
        // Whoever asked may have had enough before the end.
        release(usable && (await rolledBack(ask)));
      }
    },
    async close() {
      closing ??= pool.end();
      await closing;
    },
  };
}

/** One result for each statement of the text. */
type Ask = (sql: string, values?: readonly (string | null)[]) => Promise<pg.QueryResult[]>;

/** One statement after the other, also when they are asked at once. */
function asker(client: pg.PoolClient, address: Address, purpose: Purpose): Ask {
  let previous: Promise<unknown> = Promise.resolve();
  return (sql, values = []) => {
    const asked = previous.then(async () => {
      try {
        // Without values a text may hold several statements, and `?` is what it is.
        const plain = values.length === 0;
        const result = await (plain ? client.query(sql) : client.query(numbered(sql), [...values]));
        return [result].flat();
      } catch (error) {
        throw sourceErrorOf(error, circumstance(address, purpose, sql));
      }
    });
    previous = asked.catch(noMatter);
    return asked;
  };
}

function beginning(purpose: Purpose, { schema }: Address, limits: Limits): string {
  const settings = [
    `statement_timeout = ${limits.statementMs}`,
    `lock_timeout = ${limits.lockMs}`,
    // Locks of a machine that fell asleep in the middle are not kept.
    `idle_in_transaction_session_timeout = ${limits.statementMs}`,
    // Servers before version 12 print too few digits of a double without it.
    'extra_float_digits = 3',
    "DateStyle = 'ISO, YMD'",
    "TimeZone = 'UTC'",
    // Rows that a policy hides from this role are an error: a sum without them would be wrong.
    'row_security = off',
    ...(schema === null ? [] : [`search_path = "${schema.replaceAll('"', '""')}"`]),
  ];
  // A role or database that is read-only by its settings stays so: a write does not ask for more.
  const access = purpose === 'read' ? ' READ ONLY' : '';
  const begin = `BEGIN ISOLATION LEVEL REPEATABLE READ${access}`;
  return [begin, ...settings.map((setting) => `SET LOCAL ${setting}`)].join('; ');
}

async function commit(ask: Ask, { location }: Address): Promise<void> {
  const [result] = await ask('COMMIT').catch((error: unknown) => {
    if (isUsableAfter(error)) throw error;
    throw new SourceError(
      'source-unreachable',
      `${location} went away during the commit: it is not known whether the write is in it`,
      'run check when the server answers again, before anything is written again',
      error instanceof Error ? error.cause : error,
    );
  });
  // After an error that was let pass the server takes COMMIT for ROLLBACK, and says only this.
  if (result?.command !== 'ROLLBACK') return;
  throw new SourceError(
    'source-failed',
    `${location} rolled the transaction back, because one of its statements had failed`,
    'nothing was written; run doctor on it',
  );
}

const rolledBack = (ask: Ask): Promise<boolean> =>
  ask('ROLLBACK').then(
    () => true,
    () => false,
  );

function sessionOn(ask: Ask, last: boolean): LockingSession {
  return {
    async rows(sql, values = []): Promise<readonly CellRow[]> {
      return (await ask(sql, values.map(boundOf))).at(-1)!.rows;
    },
    async run(sql, values = []) {
      const results = await ask(sql, values.map(boundOf));
      return results.reduce((sum, { rowCount }) => sum + (rowCount ?? 0), 0);
    },
    async lock({ kind, sql }, rows) {
      if (kind === 'view') return;
      if (last && (await locked(ask, `LOCK TABLE ${sql} IN EXCLUSIVE MODE`))) return;
      const where = rows === undefined ? '' : ` WHERE ${rows.sql}`;
      const held = `SELECT 1 FROM ${sql}${where} FOR NO KEY UPDATE`;
      await locked(ask, `SELECT count(*) FROM (${held}) AS held`, rows?.values);
    },
    // A lock of a table begins no snapshot: what is read afterwards is of whoever went before.
    async takeTurns({ sql }) {
      await locked(ask, `LOCK TABLE ${sql} IN SHARE ROW EXCLUSIVE MODE`);
    },
  };
}

/** The server gives a number the type of its column, so it travels as its digits. */
const boundOf = (value: Written): string | null =>
  value === null || typeof value === 'string' ? value : value.number;

/**
 * Holds the rows alone, which whoever writes other rows does not notice; the last attempt waits
 * until nobody writes or means to, and only then looks: nothing can come between.
 * False where this role may not write the table: then there is nothing of ours to protect.
 */
async function locked(ask: Ask, statement: string, values: readonly Cell[] = []): Promise<boolean> {
  try {
    await ask('SAVEPOINT trueup_lock');
    await ask(statement, values);
    await ask('RELEASE SAVEPOINT trueup_lock');
    return true;
  } catch (error) {
    if (!(error instanceof SourceError) || sqlStateOf(error.cause) !== '42501') throw error;
    await ask('ROLLBACK TO SAVEPOINT trueup_lock');
    return false;
  }
}
