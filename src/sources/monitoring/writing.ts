/**
 * Writes what was decided, and says what changed. Everything that needs no lock is made ready
 * before one is taken; what rows were and are is read with every column, so that nothing that the
 * bot's own triggers do is left out of the log.
 */
import type { PositionAddition, PositionWrite } from '../../model/position-source.ts';
import type { SourceChange, SourceEngine } from '../../model/source.ts';
import type { Cell, CellRow, Query, Session, TableShape } from '../database.ts';
import { type Image, imageOf, isSame, type NamedRow, setCells } from '../named-rows.ts';
import { quoted, select } from '../sql.ts';
import { type Addition, insert, RowFilling } from './adding.ts';
import { orderAdditions, tradeAdditions } from './facts.ts';
import { refuseView, unsupported } from './fitting.ts';
import { type Look, rowsOfIds } from './look.ts';
import { orderUpdates } from './order-updates.ts';
import {
  cellsOf,
  moved,
  type RoleCell,
  refuseLost,
  refuseMoved,
  rolesOf,
  setOf,
  stampCells,
  type Terms,
} from './updates.ts';
import { activeWord, directionOf, statusOf } from './words.ts';

export interface Plan {
  readonly wanted: PositionWrite;
  readonly look: Look;
  readonly updates: readonly RowUpdate[];
  readonly additions: readonly Addition[];
}

interface RowUpdate {
  /** The table of the row, whose key says which it is. */
  readonly of: Keyed;
  readonly row: NamedRow;
  readonly cells: readonly RoleCell[];
  /** The venue's id of what the row is about, where its key is none. */
  readonly fact: string | null;
}

interface Keyed {
  readonly table: TableShape;
  readonly columns: { readonly id: { readonly name: string } | null };
}

export interface Planning {
  readonly look: Look;
  readonly engine: SourceEngine;
  readonly zone: string;
}

/** Null where the source says all of it already. */
export async function planOf(
  query: Query,
  planning: Planning,
  wanted: PositionWrite,
): Promise<Plan | null> {
  const { look, engine, zone } = planning;
  const { positions, orders, trades } = look.shape;
  if (wanted.changes.length + wanted.additions.length > 0) refuseView(positions.table);
  const ofOrders = wanted.orders.length + (wanted.orderChanges?.length ?? 0);
  if (ofOrders > 0 && orders !== null) refuseView(orders.table);
  if (wanted.trades.length > 0 && trades !== null) refuseView(trades.table);
  const times = look.positions.flatMap((row) => [row['updatedAt'], row['openedAt']]);
  const words = look.positions.map((row) => row['status']);
  const active = words.find((word) => statusOf(word) === 'active');
  const terms: Terms = { positions, engine, zone, times, active };
  const updates = [
    ...(await updatesOf(query, look, wanted, terms)),
    ...(await updatesOfOrders(query, look, wanted, terms)),
  ];
  const additions = [
    ...(await positionAdditions(query, look, wanted, terms)),
    ...(await orderAdditions(query, orders, wanted, terms)),
    ...(await tradeAdditions(query, trades, wanted, look.auditTable, terms)),
  ];
  if (updates.length + additions.length === 0) return null;
  return { wanted, look, updates, additions };
}

async function updatesOf(
  query: Query,
  look: Look,
  { changes, at }: PositionWrite,
  terms: Terms,
): Promise<readonly RowUpdate[]> {
  const { positions } = terms;
  const rows = new Map(look.positions.map((row) => [row['id']!, row]));
  const others = changes.map(({ id }) => id).filter((id) => !rows.has(id));
  for (const row of await rowsOfIds(query, positions, others)) rows.set(row['id']!, row);
  const wanted = changes.flatMap((change) => {
    const row = rows.get(change.id);
    refuseMoved(change, row, terms);
    const cells = cellsOf(change, row!, terms);
    return cells.length === 0 ? [] : [{ id: change.id, cells, row: row! }];
  });
  const before = await rowImages(
    query,
    positions,
    wanted.map(({ id }) => id),
  );
  return wanted.map(({ id, cells, row }) => ({
    of: positions,
    row: namedRow(positions, id, before.get(id)!, 'position', positions.columns.quantity!.name),
    ...{ cells: [...cells, ...stampCells(cells, at, row, terms)], fact: null },
  }));
}

async function updatesOfOrders(
  query: Query,
  look: Look,
  wanted: PositionWrite,
  terms: Terms,
): Promise<readonly RowUpdate[]> {
  const updates = await orderUpdates(query, look, wanted, terms);
  if (updates.length === 0) return [];
  const of = look.shape.orders!;
  const ids = updates.map(({ id }) => id);
  const before = await rowImages(query, of, ids);
  return updates.map(({ id, cells, fact }) => {
    const row = namedRow(of, id, before.get(id)!, 'order', cells[0]!.column.name);
    return { of, row, cells, fact };
  });
}

const namedRow = (
  { table, columns }: Keyed,
  id: string,
  image: Image,
  role: NamedRow['role'],
  column: string,
): NamedRow => ({
  ...{ table, key: id, role, accountId: null, column },
  where: [[columns.id!.name, id]],
  image,
});

/** Every column of the rows with these keys. */
export async function rowImages(
  query: Query,
  { table, columns }: Keyed,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Image>> {
  const names = table.columns.map(({ name }) => name);
  const all = select(table, Object.fromEntries(names.map((name) => [name, name])));
  const key = columns.id!.name;
  const images = new Map<string, Image>();
  for (let from = 0; from < ids.length; from += 500) {
    const asked = ids.slice(from, from + 500);
    const marks = asked.map(() => '?').join(', ');
    const rows = await query.rows(`${all} WHERE ${quoted(key)} IN (${marks})`, asked);
    for (const row of rows) {
      images.set(row[key]!, imageOf(names.map((name) => [name, row[name]])));
    }
  }
  return images;
}

/** A position that the bot lacks: told by the venue's own orders, or not at all. */
async function positionAdditions(
  query: Query,
  look: Look,
  { additions, changes, at }: PositionWrite,
  terms: Terms,
): Promise<readonly Addition[]> {
  if (additions.length === 0) return [];
  const closed = new Set(changes.filter(({ close }) => close !== undefined).map(({ id }) => id));
  const left = look.positions.filter((row) => !closed.has(row['id']!));
  const { table, columns } = terms.positions;
  const sql = `${select(table, { status: columns.status!.name, side: columns.side!.name })}
    ORDER BY ${quoted(columns.id!.name)} DESC LIMIT 1`;
  const [sample] = await query.rows(sql);
  return additions.map((one) => {
    if (one.orderIds.length === 0) throw noOrder(one);
    if (left.some((row) => isOf(row, one))) throw moved(`${one.symbol} is there already`);
    const row = new RowFilling(table, { ...terms, sample });
    row.name('symbol', columns.symbol, one.symbol);
    row.name('exchange', columns.exchange, one.exchange);
    row.word('side', columns.side, sideWord(one, sample?.['side']), 'side');
    row.exact('quantity', columns.quantity, one.quantity);
    row.nearest('entry-price', columns.entryPrice, one.entryPrice);
    row.nearest('current-price', columns.currentPrice, one.currentPrice);
    row.nearest('realised-pnl', columns.realised, null);
    row.nearest('fees', columns.fees, null);
    row.nearest('pnl', columns.pnl, columns.unrealised === null ? one.unrealisedPnl : null);
    row.nearest('unrealised-pnl', columns.unrealised, one.unrealisedPnl);
    row.word('status', columns.status, activeWord(sample?.['status']), 'status');
    row.time('opened-at', columns.openedAt, one.openedAt, 'openedAt');
    row.time('created-at', columns.createdAt, at, 'createdAt');
    row.time('updated-at', columns.updatedAt, at, 'updatedAt');
    row.name('order-id', columns.orderId, one.orderIds[0]!);
    return row.done('position', columns.id!, one.orderIds);
  });
}

const isOf = (row: CellRow, { symbol, exchange, direction }: PositionAddition): boolean =>
  row['symbol'] === symbol &&
  directionOf(row['side']) === direction &&
  (exchange === null || row['exchange'] == null || isAlike(row['exchange'], exchange));

const isAlike = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** `buy` where the bot's rows say so, else `long`. */
function sideWord({ direction }: PositionAddition, sample: Cell | undefined): string {
  if (!/^(buy|sell)$/i.test(sample?.trim() ?? '')) return direction;
  return direction === 'long' ? 'buy' : 'sell';
}

const noOrder = ({ symbol }: PositionAddition) =>
  unsupported(
    `${symbol} cannot be added: no order of the venue is known that opened it`,
    'nothing was written: a made-up order id would be untrue',
  );

/** The changes that were made, each as it was and as it is stored now. */
export async function carryOut(session: Session, plan: Plan): Promise<readonly SourceChange[]> {
  for (const { row, cells } of plan.updates) {
    const { sql, values } = setCells(row, setOf(cells));
    if ((await session.run(sql, values)) !== 1) throw moved(`${row.table.name} ${row.key} is gone`);
  }
  const changes: SourceChange[] = [];
  for (const [of, updates] of Map.groupBy(plan.updates, (one) => one.of)) {
    const ids = updates.map(({ row }) => row.key);
    const after = await rowImages(session, of, ids);
    for (const update of updates) changes.push(changeOf(update, after.get(update.row.key)));
  }
  return [...changes, ...(await added(session, plan.additions))];
}

/** Refuses a write that the database did not keep: to be asked before anything is committed. */
export function refuseUntaken(
  { updates }: Plan,
  changes: readonly SourceChange[],
  engine: SourceEngine,
): void {
  for (const { row, cells } of updates) {
    const change = changes.find(({ table, key }) => table === row.table.name && key === row.key);
    refuseLost(row, cells, change?.after ?? {}, engine);
  }
}

/** Only the columns that are not as they were: whoever changed them. */
function changeOf({ row, cells, fact }: RowUpdate, now: Image | undefined): SourceChange {
  if (now === undefined) throw moved(`${row.table.name} ${row.key} is gone`);
  const written = new Set(cells.map(({ column }) => column.name));
  const names = Object.keys(now).filter(
    (name) => written.has(name) || !isSame(row.image[name], now[name]),
  );
  const part = (image: Image) => imageOf(names.map((name) => [name, image[name]]));
  const { table, key, role, column } = row;
  return {
    ...{ table: table.name, key, role, column: column!, columns: rolesOf(cells) },
    ...(fact === null ? {} : { fact }),
    ...{ before: part(row.image), after: part(now) },
  };
}

/** All are added before any is read again: the lock is as short as that. */
async function added(
  session: Session,
  additions: readonly Addition[],
): Promise<readonly SourceChange[]> {
  const keys: string[] = [];
  for (const addition of additions) keys.push(await insert(session, addition));
  const rows = additions.map((addition, at) => ({ addition, id: keys[at]! }));
  const images = new Map<TableShape, ReadonlyMap<string, Image>>();
  for (const [table, ofTable] of Map.groupBy(rows, ({ addition }) => addition.table)) {
    const { key } = ofTable[0]!.addition;
    const ids = ofTable.map(({ id }) => id);
    images.set(table, await rowImages(session, { table, columns: { id: key } }, ids));
  }
  return rows.map(({ addition: { role, table, columns, fact }, id }) => {
    const kept = Object.entries(images.get(table)!.get(id)!).filter(([, cell]) => cell !== null);
    return {
      ...{ table: table.name, key: id, role, columns, fact },
      ...{ before: null, after: Object.fromEntries(kept) },
    };
  });
}
