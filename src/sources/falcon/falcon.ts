/**
 * The schema of paper-trading bots with `account`, `positions`, `orders` and `performance`, in both
 * generations and on both engines. Nothing is written but by `write`, `undo`, `guard` and
 * `removeTraces`, each in transactions of its own.
 */
import type { Clock, Instant } from '../../model/instant.ts';
import type {
  SourceAuditRow,
  SourceIdentity,
  SourceOrder,
  SourcePerformance,
  SourceSnapshot,
} from '../../model/source.ts';
import { appendAudit, auditRows, auditTableOf } from '../audit-log.ts';
import { cellReader } from '../cell-reading.ts';
import { backUpToday } from '../daily-backup.ts';
import type { Database } from '../database.ts';
import { writeDecided } from '../deciding.ts';
import { guardOf, readGuard } from '../guard/guard.ts';
import type { Decide, PreflightStep, Source, SourceOptions, Written } from '../source.ts';
import { writeToUndo } from '../undoing.ts';
import { ZoneKeeper } from '../zone-keeper.ts';
import { countingAll } from './closed.ts';
import { decidingOf } from './deciding.ts';
import {
  copiedTables,
  type Look,
  type Looking,
  look,
  newestRecords,
  unpricedSymbols,
} from './look.ts';
import { noOrders, type OrderFacts, orderFacts, readOrders } from './orders.ts';
import { preflight } from './preflight.ts';
import { recogniseFalcon } from './recognise.ts';
import { refuseUnsupported } from './refusals.ts';
import type { FalconShape } from './shape.ts';
import { recordsOf, snapshotOf } from './snapshot.ts';
import { takeBack } from './undoing.ts';
import { zoneSigns } from './zone.ts';

/** Refuses a database of another schema. */
export async function openFalcon(database: Database, options: SourceOptions): Promise<Source> {
  const { engine, location } = database;
  const { generation } = recogniseFalcon(await database.tables(), engine, location);
  const identity = { schema: 'falcon', generation, engine, location };
  const remembered = (await options.remembered?.(identity)) ?? null;
  const zones = new ZoneKeeper(database, options.zone, remembered);
  const reading = options.schema === null ? (shape: FalconShape) => shape : countingAll;
  return new Falcon(database, options.clock, identity, { zones, reading });
}

interface Reading {
  readonly zones: ZoneKeeper;
  readonly reading: (shape: FalconShape) => FalconShape;
}

class Falcon implements Source {
  readonly kind = 'balance';
  readonly identity: SourceIdentity;
  readonly guard: Source['guard'];
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #zones: ZoneKeeper;
  /** What is made of the shape that is found. */
  readonly #reading: (shape: FalconShape) => FalconShape;
  /** Of the last look: a write goes on from there, a look counts anew. */
  #orders: OrderFacts = noOrders;

  constructor(
    database: Database,
    clock: Clock,
    identity: SourceIdentity,
    { zones, reading }: Reading,
  ) {
    this.identity = identity;
    this.#database = database;
    this.#clock = clock;
    this.#zones = zones;
    this.#reading = reading;
    const rim = { clock, beforeFirstWrite: async () => this.#backUpToday(await this.#looking()) };
    const guard = async () => guardOf(database, (await this.#looking()).shape, rim);
    this.guard = {
      statements: async (options) => (await guard()).statements(options),
      install: async (options) => (await guard()).install(options),
      status: async () => (await guard()).status(),
      remove: async () => (await guard()).remove(),
    };
  }

  async snapshot(): Promise<SourceSnapshot> {
    return this.#snapshotOf(await this.#look(noOrders));
  }

  async performance(accountId: string, limit: number): Promise<readonly SourcePerformance[]> {
    const seen = await this.#look(this.#orders);
    const { shape } = seen;
    const { performance } = shape;
    if (performance === null || !seen.records.has(accountId)) return [];
    const rows = await this.#database.read((query) =>
      newestRecords(query, shape, accountId, limit),
    );
    return recordsOf(
      accountId,
      rows,
      performance,
      cellReader(this.#zones.of(zoneSigns(seen)).name),
    );
  }

  async *orders(upTo: string | null = null): AsyncIterable<SourceOrder> {
    const seen = await this.#look(this.#orders);
    const { orders } = seen.shape;
    if (orders === null) return;
    yield* readOrders(this.#database, orders, this.#zones.of(zoneSigns(seen)).name, upTo);
  }

  preflight(): Promise<readonly PreflightStep[]> {
    return preflight(
      this.#database,
      () => this.#looking(),
      () => this.snapshot(),
    );
  }

  async rehearse(decide: Decide): Promise<SourceSnapshot> {
    return (await this.#deciding(decide).prepare()).snapshot;
  }

  /** Nothing is locked or copied unless a look without a lock says that there is work. */
  async write(decide: Decide): Promise<Written> {
    const first = this.#snapshotOf(await this.#look(this.#orders));
    const planned = decide(first);
    const nothing = { audit: null, snapshot: first, backup: null };
    if (planned === null) return nothing;
    const looking = await this.#looking();
    refuseUnsupported(looking.shape, planned, first.accounts.length);
    const backup = await this.#backUpToday(looking);
    return { ...(await writeDecided(this.#deciding(decide))), backup };
  }

  async undo(auditId: number | null, why: string, at: Instant): Promise<SourceAuditRow> {
    const database = this.#database;
    const looking = await this.#looking();
    const { shape, auditTable } = looking;
    await database.read((query) => writeToUndo(query, auditTable, auditId));
    await this.#backUpToday(looking);
    return database.write(async (session) => {
      await session.lock?.(shape.account.table);
      const write = await writeToUndo(session, auditTable, auditId);
      const changes = await takeBack(session, shape, write);
      const row = { at, actor: 'trueup', action: 'undo', changes, why, undoes: write.id } as const;
      return appendAudit(session, database.engine, auditTable, row);
    });
  }

  async audit(afterId: number, limit: number): Promise<readonly SourceAuditRow[]> {
    const { auditTable } = await this.#looking();
    if (auditTable === null) return [];
    return this.#database.read((query) => auditRows(query, auditTable, afterId, limit));
  }

  async removeTraces(): Promise<readonly string[]> {
    await this.guard.remove();
    const tables = await this.#database.tables();
    const ours = tables.filter(({ name }) => name.startsWith('trueup_'));
    if (ours.length === 0) return [];
    await this.#database.write(async (session) => {
      for (const { sql, kind } of ours) await session.run(`DROP ${kind.toUpperCase()} ${sql}`);
    });
    return ours.map(({ name }) => name);
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  /** Anew each time: a bot may change its tables while we run. */
  async #looking(): Promise<Looking> {
    const { engine, location } = this.#database;
    const tables = await this.#database.tables();
    const shape = this.#reading(recogniseFalcon(tables, engine, location));
    const guard: Looking['guard'] = (query) => readGuard(query, engine, shape);
    const ours = tables.filter(({ name }) => name.startsWith('trueup_'));
    return { shape, auditTable: auditTableOf(tables), ours, guard };
  }

  /** The orders, on from what is known of them, and then everything else at once. */
  async #look(known: OrderFacts): Promise<Look> {
    const database = this.#database;
    const looking = await this.#looking();
    const { orders } = looking.shape;
    if (orders === null) this.#orders = noOrders;
    else {
      const symbols = await database.read((query) => unpricedSymbols(query, looking.shape));
      this.#orders = await orderFacts(database, orders, symbols, known);
    }
    const seen = await database.read((query) => look(query, looking, this.#orders));
    await this.#zones.see(zoneSigns(seen));
    return seen;
  }

  #backUpToday(looking: Looking): Promise<string | null> {
    return backUpToday(this.#database, this.#clock, copiedTables(looking));
  }

  /** Sums and writes on one snapshot: what was planned before counts for nothing. */
  #deciding(decide: Decide) {
    return decidingOf({
      database: this.#database,
      decide,
      looking: () => this.#looking(),
      look: () => this.#look(this.#orders),
      lookInside: (query, looking) => look(query, looking, this.#orders),
      snapshotOf: (seen) => this.#snapshotOf(seen),
    });
  }

  #snapshotOf(seen: Look): SourceSnapshot {
    return snapshotOf(seen, this.identity, this.#zones.of(zoneSigns(seen)), this.#clock.now());
  }
}
