/**
 * Opens a database that another program writes, by its address. A further schema is a folder and
 * a row of the table below, a further engine one of the other table.
 */
import { existsSync } from 'node:fs';
import { nearest as nearestWord } from '../model/nearest.ts';
import type { Database } from './database.ts';
import { openFalcon } from './falcon/falcon.ts';
import { openMonitoring } from './monitoring/monitoring.ts';
import type { PositionSource } from './position-source.ts';
import { postgresScheme } from './postgres/scheme.ts';
import type { Source, SourceOptions } from './source.ts';
import { SourceError } from './source-error.ts';
import { openSqlite } from './sqlite/sqlite.ts';
import { Unrecognised } from './wanted-tables.ts';

type OpenDatabase = (location: string, options: SourceOptions) => Promise<Database>;
type OpenSchema = (database: Database, options: SourceOptions) => Promise<AnySource>;

/** What is behind an address: a database that keeps a total, or one that keeps positions. */
export type AnySource = Source | PositionSource;

const engines: readonly (readonly [prefix: RegExp, open: OpenDatabase])[] = [
  [/^sqlite:/i, async (location, { clock }) => openSqlite(pathOf(location), { clock })],
  // Its driver is loaded only for who needs it: a command on a file starts without.
  [
    postgresScheme,
    async (location, { backupFolder }) => {
      const { openPostgres } = await import('./postgres/postgres.ts');
      return openPostgres(location, { backupFolder });
    },
  ],
];

/** In the order in which they are tried. */
const schemas: Readonly<Record<string, OpenSchema>> = {
  falcon: openFalcon,
  monitoring: openMonitoring,
};

export async function openAnySource(location: string, options: SourceOptions): Promise<AnySource> {
  const wanted = schemasFor(options.schema);
  const database = await openDatabase(location, options);
  let nearest: Unrecognised | null = null;
  for (const open of wanted) {
    try {
      return await open(database, options);
    } catch (error) {
      if (!(error instanceof Unrecognised)) {
        await database.close();
        throw error;
      }
      if (nearest === null || error.missing.length < nearest.missing.length) nearest = error;
    }
  }
  await database.close();
  throw nearest;
}

/** One that keeps a total; a SourceError says what the other kind is for. */
export async function openSource(location: string, options: SourceOptions): Promise<Source> {
  const source = await openAnySource(location, options);
  if (source.kind === 'balance') return source;
  await source.close();
  throw new SourceError(
    'source-unsupported',
    `${source.identity.location} keeps positions and no total (schema ${source.identity.schema})`,
    'trueup check --source compares its positions, and trueup sync --source repairs them',
  );
}

/** One that keeps positions alone; a SourceError says what the other kind is for. */
export async function openPositionSource(
  location: string,
  options: SourceOptions,
): Promise<PositionSource> {
  const source = await openAnySource(location, options);
  if (source.kind === 'positions') return source;
  await source.close();
  throw new SourceError(
    'source-unsupported',
    `${source.identity.location} keeps a total (schema ${source.identity.schema}), and positions ` +
      'without the orders that opened them',
    'trueup check --source computes its total, and trueup update --source writes it',
  );
}

function schemasFor(name: string | null): readonly OpenSchema[] {
  if (name === null) return Object.values(schemas);
  const open = schemas[name];
  if (open !== undefined) return [open];
  const known = Object.keys(schemas);
  const near = nearestWord(name, known);
  throw new SourceError(
    'source-unsupported',
    `there is no schema ${JSON.stringify(name)}; there is ${known.join(', ')}`,
    near === null ? 'leave --schema out to have it recognised' : `did you mean ${near}?`,
  );
}

function openDatabase(location: string, options: SourceOptions): Promise<Database> {
  const engine = engines.find(([prefix]) => prefix.test(location));
  if (engine !== undefined) return engine[1](location, options);
  const scheme = /^([a-z][\w+.-]+):\/\//i.exec(location)?.[1];
  if (scheme === undefined || existsSync(location)) {
    return engines[0]![1](`sqlite:${location}`, options);
  }
  throw new SourceError(
    'source-unsupported',
    `databases of the kind ${scheme} are not read`,
    'name one like sqlite:paper_trading.db or postgresql://user@host/database',
  );
}

/**
 * `sqlite:paper_trading.db` and `sqlite:/srv/bot.db`; also `sqlite:///srv/bot.db`, which some
 * programs read as an absolute path and others as a relative one: the file that exists is meant.
 */
function pathOf(location: string): string {
  const path = location.replace(/^sqlite:/i, '');
  if (path.trim() === '') {
    const hint = 'name one like sqlite:paper_trading.db or postgresql://user@host/database';
    throw new SourceError('source-missing', 'the database has no name', hint);
  }
  if (!path.startsWith('//')) return path;
  const relative = path.replace(/^\/+/, '');
  const absolute = `/${relative}`;
  if (!path.startsWith('///')) return relative;
  return !existsSync(absolute) && existsSync(relative) ? relative : absolute;
}
