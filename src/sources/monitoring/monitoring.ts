/**
 * The schema `monitoring` of bots for perpetuals: one row for each position that they believe in,
 * beside tables of orders and trades. In every generation and on both engines. Nothing is written
 * but by `write`, `undo` and `removeTraces`, each in transactions of its own.
 */
import type { Clock, Instant } from '../../model/instant.ts';
import type {
  PositionSnapshot,
  PositionWrite,
  StoredOrder,
  StoredPosition,
  StoredTrade,
} from '../../model/position-source.ts';
import type { SourceAuditRow, SourceIdentity } from '../../model/source.ts';
import { appendAudit, auditRows, auditTableOf } from '../audit-log.ts';
import { type CellReader, cellReader } from '../cell-reading.ts';
import { backUpToday } from '../daily-backup.ts';
import type { CellRow, Condition, Database, Query, Session, TableShape } from '../database.ts';
import { type Deciding, type Prepared, writeDecided } from '../deciding.ts';
import { rowsInPieces, rowsWhere } from '../pieces.ts';
import type {
  DecidePositions,
  OrdersNamed,
  PositionSource,
  PositionsWritten,
} from '../position-source.ts';
import type { PreflightStep, SourceOptions } from '../source.ts';
import { quoted } from '../sql.ts';
import { writeToUndo } from '../undoing.ts';
import { ZoneKeeper } from '../zone-keeper.ts';
import type { WantedName } from './columns.ts';
import {
  type Censuses,
  censusesOf,
  closedOfSymbols,
  copiedTables,
  type Look,
  type Looking,
  look,
  noCensuses,
  ofIds,
  rowsOfIds,
} from './look.ts';
import { NewestClosed } from './newest-closed.ts';
import { preflight } from './preflight.ts';
import { recogniseMonitoring } from './recognise.ts';
import { storedOrder, storedPosition, storedTrade } from './rows.ts';
import { type MonitoringShape, namesOf, type TableOf } from './shape.ts';
import { snapshotOf } from './snapshot.ts';
import { takeBack } from './taking-back.ts';
import { carryOut, type Plan, planOf, refuseUntaken } from './writing.ts';

/** Refuses a database of another schema. */
export async function openMonitoring(
  database: Database,
  options: SourceOptions,
): Promise<PositionSource> {
  const { engine, location } = database;
  const { generation } = recogniseMonitoring(await allTables(database), location);
  const identity = { schema: 'monitoring', generation, engine, location };
  const remembered = (await options.remembered?.(identity)) ?? null;
  const zones = new ZoneKeeper(database, options.zone, remembered);
  return new Monitoring(database, options.clock, identity, zones);
}

const allTables = async (database: Database): Promise<readonly TableShape[]> => [
  ...(await database.tables()),
  ...((await database.tablesElsewhere?.()) ?? []),
];

class Monitoring implements PositionSource {
  readonly kind = 'positions';
  readonly identity: SourceIdentity;
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #zones: ZoneKeeper;
  /** Of the last look: a write goes on from there, a look counts anew. */
  #censuses: Censuses = noCensuses;

  constructor(database: Database, clock: Clock, identity: SourceIdentity, zones: ZoneKeeper) {
    this.identity = identity;
    this.#database = database;
    this.#clock = clock;
    this.#zones = zones;
  }

  async snapshot(): Promise<PositionSnapshot> {
    return this.#snapshotOf(await this.#look(noCensuses));
  }

  history(): AsyncIterable<StoredPosition> {
    return this.#rows(({ positions }) => positions, storedPosition);
  }

  orders(): AsyncIterable<StoredOrder> {
    return this.#rows(({ orders }) => orders, storedOrder);
  }

  trades(): AsyncIterable<StoredTrade> {
    return this.#rows(({ trades }) => trades, storedTrade);
  }

  async newestClosed(symbols: readonly string[]): Promise<readonly StoredPosition[]> {
    const { shape, zone } = await this.#look(this.#censuses);
    const { positions } = shape;
    const cells = cellReader(this.#zones.of(zone).name);
    const newest = new NewestClosed(positions, cells, new Set(symbols));
    for (const asked of chunksOf(symbols)) {
      const wanted = closedOfSymbols(positions, asked);
      const pieces = rowsWhere(this.#database, positions.table, newest.columns, wanted);
      for await (const rows of pieces) newest.see(rows);
    }
    const rows = await this.#database.read((query) => rowsOfIds(query, positions, newest.ids()));
    return rows.map((row) => storedPosition(row, positions, cells));
  }

  async named(ids: readonly string[]): Promise<OrdersNamed> {
    const wanted = new Set(ids);
    const isNamed = (...names: readonly (string | null)[]) =>
      names.some((name) => name !== null && wanted.has(name));
    const orders: StoredOrder[] = [];
    const trades: StoredTrade[] = [];
    for (const asked of chunksOf(ids)) {
      const of = (orderId: string | null, client: string | null) => ofIds([orderId, client], asked);
      for await (const one of this.#rows(
        (shape) => shape.orders,
        storedOrder,
        ({ orderId, clientOrderId }) => of(orderId, clientOrderId),
      )) {
        if (isNamed(one.orderId, one.clientOrderId)) orders.push(one);
      }
      for await (const one of this.#rows(
        (shape) => shape.trades,
        storedTrade,
        ({ orderId }) => of(orderId, null),
      )) {
        if (isNamed(one.orderId)) trades.push(one);
      }
    }
    return { orders, trades };
  }

  preflight(): Promise<readonly PreflightStep[]> {
    return preflight({
      database: this.#database,
      looking: () => this.#looking(),
      look: () => this.#look(this.#censuses),
      snapshotOf: (seen) => this.#snapshotOf(seen),
    });
  }

  async rehearse(decide: DecidePositions): Promise<PositionSnapshot> {
    return (await this.#deciding(decide, null).prepare()).snapshot;
  }

  /** Nothing is locked or copied unless a look without a lock says that there is work. */
  async write(decide: DecidePositions): Promise<PositionsWritten> {
    const first = await this.#prepared(await this.#look(this.#censuses), decide);
    if (first.plan === null) return { audit: null, snapshot: first.snapshot, backup: null };
    const backup = await this.#backUpToday();
    return { ...(await writeDecided(this.#deciding(decide, first.plan.wanted))), backup };
  }

  async undo(auditId: number | null, why: string, at: Instant): Promise<SourceAuditRow> {
    const { shape, auditTable } = await this.#looking();
    await this.#database.read((query) => writeToUndo(query, auditTable, auditId));
    await this.#backUpToday();
    return this.#database.write(async (session) => {
      if (auditTable !== null) await session.takeTurns?.(auditTable);
      const write = await writeToUndo(session, auditTable, auditId);
      const changes = await takeBack(session, shape, write);
      const row = { at, actor: 'trueup', action: 'undo', changes, why, undoes: write.id } as const;
      return this.#append(session, auditTable, shape, row);
    });
  }

  async audit(afterId: number, limit: number): Promise<readonly SourceAuditRow[]> {
    const { auditTable } = await this.#looking();
    if (auditTable === null) return [];
    return this.#database.read((query) => auditRows(query, auditTable, afterId, limit));
  }

  async removeTraces(): Promise<readonly string[]> {
    const { ours } = await this.#looking();
    if (ours.length === 0) return [];
    await this.#database.write(async (session) => {
      for (const { sql, kind } of ours) await session.run(`DROP ${kind.toUpperCase()} ${sql}`);
    });
    return ours.map(({ name }) => name);
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  /** Rows without faults beside them: a cell that nobody can read is null. */
  async *#rows<K extends WantedName, T>(
    tableOf: (shape: Looking['shape']) => TableOf<K> | null,
    stored: (row: CellRow, table: TableOf<K>, cells: CellReader) => T,
    wanted?: (names: ReturnType<typeof namesOf<K>>) => Condition,
  ): AsyncIterable<T> {
    const seen = await this.#look(this.#censuses);
    const table = tableOf(seen.shape);
    if (table === null) return;
    const zone = this.#zones.of(seen.zone).name;
    const names = namesOf(table);
    const pieces =
      wanted === undefined
        ? rowsInPieces(this.#database, table.table, names)
        : rowsWhere(this.#database, table.table, names, wanted(names));
    for await (const rows of pieces) {
      const cells = cellReader(zone);
      for (const row of rows) yield stored(row, table, cells);
    }
  }

  /** Anew each time: a bot may change its tables while we run. */
  async #looking(): Promise<Looking> {
    const tables = await allTables(this.#database);
    const shape = recogniseMonitoring(tables, this.#database.location);
    const { schema } = shape.positions.table;
    const ours = tables.filter((one) => one.schema === schema && one.name.startsWith('trueup_'));
    return { shape, auditTable: auditTableOf(ours), ours };
  }

  async #look(known: Censuses): Promise<Look> {
    const looking = await this.#looking();
    const censuses = await censusesOf(this.#database, looking, known);
    this.#censuses = censuses ?? noCensuses;
    const seen = await this.#database.read((query) => look(query, looking, censuses));
    await this.#zones.see(seen.zone);
    return seen;
  }

  #snapshotOf(seen: Look): PositionSnapshot {
    return snapshotOf(seen, this.identity, this.#zones.of(seen.zone), this.#clock.now());
  }

  /** What is decided on a look, in the forms that the tables have. */
  async #prepared(
    look: Look,
    decide: DecidePositions,
    inside?: Query,
  ): Promise<Prepared<PositionSnapshot, Plan>> {
    const snapshot = this.#snapshotOf(look);
    const wanted = decide(snapshot);
    if (wanted === null) return { snapshot, plan: null };
    const planning = { look, engine: this.#database.engine, zone: snapshot.zone.name };
    const planned = (query: Query) => planOf(query, planning, wanted);
    const plan = await (inside === undefined ? this.#database.read(planned) : planned(inside));
    return { snapshot, plan };
  }

  /** `likely`: what was decided before; its rows are held before they are read. */
  #deciding(
    decide: DecidePositions,
    likely: PositionWrite | null,
  ): Deciding<PositionSnapshot, Plan> {
    return {
      database: this.#database,
      prepare: async () => this.#prepared(await this.#look(this.#censuses), decide),
      inside: async () => {
        const looking = await this.#looking();
        const censuses = await censusesOf(this.#database, looking, this.#censuses);
        return async (session) => {
          await holdRows(session, looking, likely);
          return this.#prepared(await look(session, looking, censuses), decide, session);
        };
      },
      carryOut: async (session, plan) => {
        const changes = await carryOut(session, plan);
        refuseUntaken(plan, changes, this.#database.engine);
        const { at, why } = plan.wanted;
        const { auditTable, shape } = plan.look;
        const row = { at, actor: 'trueup', action: 'update', changes, why, undoes: null } as const;
        return this.#append(session, auditTable, shape, row);
      },
    };
  }

  #append(
    session: Session,
    auditTable: TableShape | null,
    { positions }: MonitoringShape,
    row: Omit<SourceAuditRow, 'id'>,
  ): Promise<SourceAuditRow> {
    const { schema } = positions.table;
    return appendAudit(session, this.#database.engine, auditTable, row, schema);
  }

  async #backUpToday(): Promise<string | null> {
    return backUpToday(this.#database, this.#clock, copiedTables(await this.#looking()));
  }
}

/** Names that one statement asks for. */
const askedNames = 5_000;

function* chunksOf(names: readonly string[]): Iterable<readonly string[]> {
  for (let from = 0; from < names.length; from += askedNames) {
    yield names.slice(from, from + askedNames);
  }
}

/** Those of ours that write at once take turns, and the bot keeps out of these rows alone. */
async function holdRows(
  session: Session,
  { shape, auditTable }: Looking,
  likely: PositionWrite | null,
): Promise<void> {
  if (auditTable !== null) await session.takeTurns?.(auditTable);
  const { changes = [], orderChanges = [] } = likely ?? {};
  const held = [
    { of: shape.positions, ids: changes.map(({ id }) => id) },
    { of: shape.orders, ids: orderChanges.map(({ id }) => id) },
  ];
  for (const { of, ids } of held) {
    if (of === null || ids.length === 0) continue;
    const sql = `${quoted(of.columns.id!.name)} IN (${ids.map(() => '?').join(', ')})`;
    await session.lock?.(of.table, { sql, values: ids });
  }
}
