/**
 * The bot's database of the incident: on PostgreSQL where a server was named, in a database of its
 * own that is dropped again; else a SQLite twin of the same schema.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addMilliseconds, instant, instantText } from '../../model/instant.ts';
import type { SourceEngine } from '../../model/source.ts';
import {
  createIncidentDatabase,
  incidentPositions,
  incidentSql,
} from '../../sources/monitoring/incident-database.ts';
import { withoutPassword, withoutSecrets } from '../redaction.ts';
import { SourceRefused } from '../source/refused.ts';

export interface BotDatabase {
  readonly engine: SourceEngine;
  /** As `--source` takes it; may hold a password. */
  readonly location: string;
  close(): Promise<void>;
}

/** Names the server, as postgresql://user:password@host/database. */
export const postgresVariable = 'TRUEUP_REHEARSAL_POSTGRES';

/** Which it is, is always said: the twin proves nothing about the other engine. */
export const databaseWords: Readonly<Record<SourceEngine, string>> = {
  sqlite: 'a SQLite twin of the PostgreSQL schema: no server was named',
  postgresql: 'PostgreSQL',
};

const fileName = 'monitoring.db';
const logName = 'bot.log';

export async function openBotDatabase(
  folder: string,
  postgres: string | null,
): Promise<BotDatabase> {
  if (postgres !== null) return onServer(postgres);
  const path = join(folder, fileName);
  createIncidentDatabase(path);
  const close = async () => undefined;
  return { engine: 'sqlite', location: `sqlite:${path}`, close };
}

async function onServer(server: string): Promise<BotDatabase> {
  const name = `trueup_rehearsal_${randomBytes(6).toString('hex')}`;
  if (!URL.canParse(server)) throw unusable(server, new Error('it is no address'));
  const address = new URL(server);
  address.pathname = `/${name}`;
  await asked(server, [`CREATE DATABASE ${name}`]);
  const drop = () => asked(server, [`DROP DATABASE IF EXISTS ${name}`]);
  try {
    await asked(address.href, incidentSql('postgresql', 'pnl-only'));
  } catch (error) {
    await drop();
    throw error;
  }
  return { engine: 'postgresql', location: address.href, close: drop };
}

/** One connection for so many statements. */
async function asked(address: string, statements: readonly string[]): Promise<void> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: address, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    for (const one of statements) await client.query(one);
  } catch (error) {
    throw unusable(address, error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function unusable(address: string, error: unknown): SourceRefused {
  const why = withoutSecrets(error instanceof Error ? error.message : String(error));
  return new SourceRefused(
    {
      code: 'server-unusable',
      message: `no database can be made on ${withoutPassword(address)}: ${why}`,
      where: { field: postgresVariable },
      rule: 'a rehearsal makes a database of its own on that server, and drops it',
      hint: `name a server and a role that may make databases, or unset ${postgresVariable}`,
    },
    1,
  );
}

/** The clock of the bot's log, which is not that of its database. */
export const logAheadMs = 4 * 3_600_000;

/** Writes the bot's log: what it wrote of each row, by a clock four hours ahead; the path. */
export function writeBotLog(folder: string): string {
  const path = join(folder, logName);
  const lines = incidentPositions.map(({ symbol, quantity, updatedAt }) => {
    const at = addMilliseconds(instant(`${updatedAt.replace(' ', 'T')}Z`), logAheadMs);
    const stamp = instantText(at).slice(0, 19).replace('T', ' ');
    return `${stamp},000 INFO position_synchronizer ${symbol}: active, quantity ${quantity}`;
  });
  writeFileSync(path, `${lines.sort().join('\n')}\n`);
  return path;
}

/** Leaves the twin and the log as they were found; the database. Throws where there is one. */
export function keepBotDatabase(folder: string): string {
  const path = join(folder, fileName);
  if (existsSync(path)) {
    throw new SourceRefused({
      code: 'exists',
      message: `${path} is there already`,
      where: { file: path },
      rule: 'a rehearsal replaces nothing',
      hint: 'name another folder, or remove the file',
    });
  }
  mkdirSync(folder, { recursive: true });
  createIncidentDatabase(path);
  writeBotLog(folder);
  return path;
}
