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
import type { Database } from '../database.ts';
import { guardOf, readGuard } from '../guard/guard.ts';
import type { Decide, PreflightStep, Source, SourceOptions, Written } from '../source.ts';
import { backUpToday } from './daily-backup.ts';
import { type Look, type Looking, look, newestRecords, unpricedSymbols } from './look.ts';
import { noOrders, type OrderFacts, orderFacts, readOrders } from './orders.ts';
import { preflight } from './preflight.ts';
import { recogniseFalcon } from './recognise.ts';
import { refuseUnsupported } from './refusals.ts';
import { recordsOf, snapshotOf } from './snapshot.ts';
import { takeBack, writeToUndo } from './undoing.ts';
import { carryOut } from './writing.ts';
import { ZoneKeeper } from './zone.ts';

/** Refuses a database of another schema. */
export async function openFalcon(database: Database, options: SourceOptions): Promise<Source> {
  const { engine, location } = database;
  const { generation } = recogniseFalcon(await database.tables(), engine, location);
  const identity = { schema: 'falcon', generation, engine, location };
  const remembered = (await options.remembered?.(identity)) ?? null;
  const zones = new ZoneKeeper(database, options.zone, remembered);
  return new Falcon(database, options.clock, identity, zones);
}

class Falcon implements Source {
  readonly identity: SourceIdentity;
  readonly guard: Source['guard'];
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #zones: ZoneKeeper;
  /** Of the last look: a write goes on from there, a look counts anew. */
  #orders: OrderFacts = noOrders;

  constructor(database: Database, clock: Clock, identity: SourceIdentity, zones: ZoneKeeper) {
    this.identity = identity;
    this.#database = database;
    this.#clock = clock;
    this.#zones = zones;
    const rim = { clock, beforeFirstWrite: () => backUpToday(database, clock) };
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
    return recordsOf(accountId, rows, performance, cellReader(this.#zones.of(seen).name));
  }

  async *orders(): AsyncIterable<SourceOrder> {
    const seen = await this.#look(this.#orders);
    const { orders } = seen.shape;
    if (orders !== null) yield* readOrders(this.#database, orders, this.#zones.of(seen).name);
  }

  preflight(): Promise<readonly PreflightStep[]> {
    return preflight(
      this.#database,
      () => this.#looking(),
      () => this.snapshot(),
    );
  }

  /** Nothing is locked or copied unless a look without a lock says that there is work. */
  async write(decide: Decide): Promise<Written> {
    const first = this.#snapshotOf(await this.#look(this.#orders));
    const planned = decide(first);
    const nothing = { audit: null, snapshot: first, backup: null };
    if (planned === null) return nothing;
    refuseUnsupported((await this.#looking()).shape, planned, first.accounts.length);
    const backup = await backUpToday(this.#database, this.#clock);
    return { ...(await this.#decided(decide)), backup };
  }

  async undo(auditId: number | null, why: string, at: Instant): Promise<SourceAuditRow> {
    const database = this.#database;
    const { shape, auditTable } = await this.#looking();
    await database.read((query) => writeToUndo(query, auditTable, auditId));
    await backUpToday(database, this.#clock);
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
    const shape = recogniseFalcon(tables, engine, location);
    const guard: Looking['guard'] = (query) => readGuard(query, engine, shape);
    return { shape, auditTable: auditTableOf(tables), guard };
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
    await this.#zones.see(seen);
    return seen;
  }

  /** Sums and writes on one snapshot: what was planned before counts for nothing. */
  async #decided(decide: Decide): Promise<Omit<Written, 'backup'>> {
    const database = this.#database;
    const looking = await this.#looking();
    return database.write(async (session) => {
      await session.lock?.(looking.shape.account.table);
      const seen = await look(session, looking, this.#orders);
      const snapshot = this.#snapshotOf(seen);
      const wanted = decide(snapshot);
      if (wanted === null) return { audit: null, snapshot };
      refuseUnsupported(looking.shape, wanted, seen.accounts.length);
      const changes = await carryOut({ session, look: seen, zone: snapshot.zone.name }, wanted);
      if (changes.length === 0) return { audit: null, snapshot };
      const isRecord = wanted.totals.length + wanted.prices.length === 0;
      const audit = await appendAudit(session, database.engine, looking.auditTable, {
        at: wanted.at,
        actor: 'trueup',
        action: isRecord ? 'record' : 'update',
        changes,
        why: wanted.why,
        undoes: null,
      });
      return { audit, snapshot };
    });
  }

  #snapshotOf(seen: Look): SourceSnapshot {
    return snapshotOf(seen, this.identity, this.#zones.of(seen), this.#clock.now());
  }
}
