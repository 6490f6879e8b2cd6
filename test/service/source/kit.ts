/** The incident's database and a book of our own, as the desk of a source meets them. */
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { EntryKind, EntryRow } from '../../../src/model/entry.ts';
import { openForWriting } from '../../../src/service/open-for-writing.ts';
import { BookReader } from '../../../src/service/reading.ts';
import {
  openSourceDesk,
  type SourceDesk,
  type SourceDeskOptions,
} from '../../../src/service/source/desk.ts';
import {
  createIncidentDatabase,
  type IncidentGeneration,
  incidentZone,
  writeAsTheBot,
} from '../../../src/sources/falcon/incident-database.ts';
import { FakeClock } from '../held-book.ts';

/** An hour after the prices of the incident. */
const noticedAfterMs = 12 * 3_600_000;

export class Ground {
  readonly folder = mkdtempSync(join(tmpdir(), 'trueup-source-'));
  readonly clock = new FakeClock();
  readonly told: string[] = [];
  readonly path = join(this.folder, 'paper_trading.db');
  readonly book = join(this.folder, 'trueup.db');

  constructor(generation: IncidentGeneration = 'stored-total') {
    createIncidentDatabase(this.path, generation);
    this.clock.advance(noticedAfterMs);
  }

  options(changes: Partial<SourceDeskOptions> = {}): SourceDeskOptions {
    return {
      ...{ location: `sqlite:${this.path}`, zone: incidentZone, schema: null, clock: this.clock },
      ...{ book: this.book, account: null, sourceAccount: null, currency: null },
      ...{ markMaxAgeMs: 86_400_000, markMaxAgeGiven: false, performanceMaxAgeMs: 86_400_000 },
      ...{ programVersion: 'test', strict: false, tell: (line) => this.told.push(line) },
      ...changes,
    };
  }

  /** Every desk is closed behind its work, as commands do it. */
  async at<T>(
    work: (desk: SourceDesk) => Promise<T>,
    changes: Partial<SourceDeskOptions> = {},
  ): Promise<T> {
    const desk = await openSourceDesk(this.options(changes));
    try {
      return await work(desk);
    } finally {
      await desk.close();
    }
  }

  async makeBook(): Promise<void> {
    const { clock } = this;
    const how = { clock, holder: 'test', create: true, markMaxAgeMs: 1 };
    await (await openForWriting(this.book, how)).close();
  }

  check(changes: Partial<SourceDeskOptions> = {}) {
    return this.at((desk) => desk.check({ record: true, prices: null }), changes);
  }

  update(wish: Partial<Parameters<SourceDesk['update']>[0]> = {}) {
    const request = { record: false, prices: null, dryRun: false, actor: 'ann', ...wish };
    return this.at((desk) => desk.update(request));
  }

  bot(...statements: string[]): void {
    writeAsTheBot(this.path, statements);
  }

  one(sql: string): unknown {
    const file = new DatabaseSync(this.path, { readOnly: true });
    try {
      return Object.values(file.prepare(sql).get() ?? {})[0];
    } finally {
      file.close();
    }
  }

  total(): unknown {
    return this.one('SELECT total_value FROM account');
  }

  tables(): unknown {
    return this.one("SELECT group_concat(name) FROM sqlite_master WHERE name LIKE 'trueup%'");
  }

  /** Entries of an account as `kind` or, of breaks, `state`. */
  entries(account = 'falcon'): readonly string[] {
    return this.rows(account).map(({ kind, body }) =>
      kind === 'break' ? (JSON.parse(body!) as { state: string }).state : kind,
    );
  }

  rows(account = 'falcon', kind?: EntryKind): readonly EntryRow[] {
    if (!existsSync(this.book)) return [];
    const reader = new BookReader(this.book, this.clock);
    try {
      const found = reader.file.accountNamed(account);
      const rows = found === null ? [] : [...reader.file.entries(found.account, 0, 1_000)];
      return kind === undefined ? rows : rows.filter((row) => row.kind === kind);
    } finally {
      reader.close();
    }
  }
}

/** Of the breaks of one reason, in the order of the journal. */
export const statesOf = (ground: Ground, reason: string, account = 'falcon'): readonly string[] =>
  ground.rows(account, 'break').flatMap(({ body }) => {
    const one = JSON.parse(body!) as { state: string; reason: string };
    return one.reason === reason ? [one.state] : [];
  });
