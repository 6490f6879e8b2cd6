/** A service that looks after the database of incident 1, whose bot quotes prices of now. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { instantText } from '../../src/model/instant.ts';
import { openSourceDesk, type SourceDeskOptions } from '../../src/service/source/desk.ts';
import type { ServedSource } from '../../src/service/source/served-source.ts';
import {
  createIncidentDatabase,
  writeAsTheBot,
} from '../../src/sources/falcon/incident-database.ts';
import { LaterClock, type Served, type ServedOptions, serve } from './served.ts';

export interface Staged {
  readonly served: Served;
  /** Of the bot's database. */
  readonly path: string;
  /** As the duty `balance` looks at it. */
  look(): Promise<void>;
  bot(...statements: readonly string[]): void;
  /** The first cell of what a query finds. */
  cell(sql: string): unknown;
}

/** `otherwise`: how the database is looked after, otherwise than usual. */
export async function serveSource(
  options: ServedOptions = {},
  otherwise: Partial<ServedSource> & { readonly desk?: Partial<SourceDeskOptions> } = {},
): Promise<Staged> {
  const folder = mkdtempSync(join(tmpdir(), 'trueup-source-page-'));
  const path = join(folder, 'paper_trading.db');
  createIncidentDatabase(path, 'stored-total');
  const clock = options.clock ?? new LaterClock();
  // Its quotes go on, at the prices of that day: what stood still is the total.
  const now = instantText(clock.now()).slice(0, 19).replace('T', ' ');
  writeAsTheBot(path, [`UPDATE positions SET last_updated = '${now}'`]);
  let database: ServedSource | null = null;
  const { desk: changes, ...more } = otherwise;
  const served = await serve({
    ...{ venue: false, checked: false, clock, ...options },
    source({ book }) {
      database = {
        options: { ...deskOptions(path, book, clock), ...changes },
        ...{ name: 'sqlite:paper_trading.db', mayWrite: true, exchangeOf: () => null },
        ...more,
      };
      return database;
    },
  });
  return {
    ...{ served, path },
    async look() {
      const open = await openSourceDesk(database!.options);
      await open.check({ record: true, prices: null, create: true });
      await open.close();
    },
    bot: (...statements) => writeAsTheBot(path, [...statements]),
    cell(sql) {
      const file = new DatabaseSync(path, { readOnly: true });
      try {
        return Object.values(file.prepare(sql).get() ?? {})[0];
      } finally {
        file.close();
      }
    },
  };
}

const deskOptions = (path: string, book: string, clock: LaterClock): SourceDeskOptions => ({
  ...{ location: `sqlite:${path}`, zone: 'UTC', schema: null, clock, book, account: null },
  ...{ sourceAccount: null, currency: null, markMaxAgeMs: 86_400_000, markMaxAgeGiven: false },
  ...{ agesFromNow: true, performanceMaxAgeMs: 86_400_000, programVersion: 'test', strict: false },
  tell: () => undefined,
});
