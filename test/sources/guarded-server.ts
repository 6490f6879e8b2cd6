/** A PostgreSQL database that a bot writes through a connection of its own, and the guard in it. */
import pg from 'pg';
import type { SourceGuard } from '../../src/model/source.ts';
import type { Database } from '../../src/sources/database.ts';
import { recogniseFalcon } from '../../src/sources/falcon/recognise.ts';
import { guardOf } from '../../src/sources/guard/guard.ts';
import { openPostgres } from '../../src/sources/postgres/postgres.ts';
import type { GuardOptions, Source } from '../../src/sources/source.ts';
import type { TestServer } from '../postgres/server.ts';
import { clock, type Guarded, logText } from './guarded-file.ts';

type Row = Readonly<Record<string, string | null>>;

const asText = { getTypeParser: () => (value: string | Buffer) => String(value) };

export class GuardedServer implements Guarded {
  backups = 0;
  readonly url: string;
  readonly bot: pg.Client;
  readonly database: Database;
  readonly #clients: pg.Client[];

  private constructor(url: string, bot: pg.Client, database: Database) {
    this.url = url;
    this.bot = bot;
    this.database = database;
    this.#clients = [bot];
  }

  static async of(server: TestServer, statements: string): Promise<GuardedServer> {
    const url = await server.database(statements);
    const bot = new pg.Client({ connectionString: url, types: asText });
    await bot.connect();
    return new GuardedServer(url, bot, await openPostgres(url));
  }

  /** One more session of the bot's. */
  async session(url = this.url): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url, types: asText });
    await client.connect();
    this.#clients.push(client);
    return client;
  }

  async run(sql: string): Promise<void> {
    await this.bot.query(sql);
  }

  async guard(): Promise<Source['guard']> {
    const { engine, location } = this.database;
    const shape = recogniseFalcon(await this.database.tables(), engine, location);
    const beforeFirstWrite = async () => {
      this.backups += 1;
      return null;
    };
    return guardOf(this.database, shape, { clock, beforeFirstWrite });
  }

  async install(options: GuardOptions = { audit: false }): Promise<SourceGuard> {
    return (await this.guard()).install(options);
  }

  async status(): Promise<SourceGuard> {
    return (await this.guard()).status();
  }

  async rows(sql: string): Promise<readonly Row[]> {
    return (await this.bot.query<Row>(sql)).rows;
  }

  async totals(): Promise<readonly (string | null)[]> {
    const rows = await this.rows('SELECT total_value FROM account ORDER BY id');
    return rows.map((row) => row['total_value'] ?? null);
  }

  async log(): Promise<readonly string[]> {
    const rows = await this.rows('SELECT actor, changes FROM trueup_audit ORDER BY id');
    return rows.flatMap((row) => logText(row['actor'], row['changes']));
  }

  async schema(): Promise<string> {
    const [row] = await this.rows(`SELECT string_agg(line, E'\\n' ORDER BY line) AS text FROM (
      SELECT concat_ws(' ', 'relation', c.relname, c.relkind, c.relacl::text) AS line
        FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
      UNION ALL SELECT concat_ws(' ', 'column', attrelid::regclass::text, attname,
          atttypid::regtype)
        FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
        WHERE c.relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
      UNION ALL SELECT concat_ws(' ', 'function', proname) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
      UNION ALL SELECT concat_ws(' ', 'trigger', tgname, tgrelid::regclass::text) FROM pg_trigger
      UNION ALL SELECT concat_ws(' ', 'type', typname) FROM pg_type
        WHERE typnamespace = 'public'::regnamespace
      UNION ALL SELECT concat_ws(' ', 'constraint', conname) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace) AS lines`);
    return row!['text']!;
  }

  async end(): Promise<void> {
    for (const client of this.#clients) await client.end();
    await this.database.close();
  }
}
