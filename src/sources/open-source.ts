/**
 * Opens a database that another program writes, by its address. A further schema is a folder and
 * a row of the table below, a further engine one of the other table.
 */
import { existsSync } from 'node:fs';
import { nearest } from '../model/nearest.ts';
import type { Database } from './database.ts';
import { openFalcon } from './falcon/falcon.ts';
import { postgresScheme } from './postgres/scheme.ts';
import type { Source, SourceOptions } from './source.ts';
import { SourceError } from './source-error.ts';
import { openSqlite } from './sqlite/sqlite.ts';

type OpenDatabase = (location: string, options: SourceOptions) => Promise<Database>;
type OpenSchema = (database: Database, options: SourceOptions) => Promise<Source>;

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
const schemas: Readonly<Record<string, OpenSchema>> = { falcon: openFalcon };

export async function openSource(location: string, options: SourceOptions): Promise<Source> {
  const wanted = schemasFor(options.schema);
  const database = await openDatabase(location, options);
  let unrecognised: unknown;
  for (const open of wanted) {
    try {
      return await open(database, options);
    } catch (error) {
      const isOther = error instanceof SourceError && error.code === 'source-unrecognised';
      unrecognised = error;
      if (!isOther) break;
    }
  }
  await database.close();
  throw unrecognised;
}

function schemasFor(name: string | null): readonly OpenSchema[] {
  if (name === null) return Object.values(schemas);
  const open = schemas[name];
  if (open !== undefined) return [open];
  const known = Object.keys(schemas);
  const near = nearest(name, known);
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
