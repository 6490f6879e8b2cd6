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
import { SourceRefused } from '../source/refused.ts';

export interface BotDatabase {
  readonly engine: SourceEngine;
  /** Which it is, as it is said to people. */
  readonly words: string;
  /** As `--source` takes it; may hold a password. */
  readonly location: string;
  close(): Promise<void>;
}

/** The twin proves nothing about the other engine: which of the two it is, is always said. */
const twin = 'a SQLite twin of the PostgreSQL schema: no server was named';

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
  return { engine: 'sqlite', words: twin, location: `sqlite:${path}`, close };
}

async function onServer(server: string): Promise<BotDatabase> {
  const name = `trueup_rehearsal_${randomBytes(6).toString('hex')}`;
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
  return { engine: 'postgresql', words: 'postgresql', location: address.href, close: drop };
}

/** One connection for so many statements. */
async function asked(address: string, statements: readonly string[]): Promise<void> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  try {
    for (const one of statements) await client.query(one);
  } finally {
    await client.end();
  }
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
