/**
 * The orders, read in pieces that are short transactions each: their table may have millions of
 * rows and no index but its key.
 */
import { setImmediate as others } from 'node:timers/promises';
import type { SourceOrder } from '../../model/source.ts';
import { cellReader } from '../cell-reading.ts';
import type { Cell, CellRow, Database } from '../database.ts';
import { piece, pieceKeyOf, rowsInPieces } from '../pieces.ts';
import { plainNumber } from '../plain-number.ts';
import { quoted, select } from '../sql.ts';
import type { OrdersShape } from './shape.ts';

export interface OrderFacts {
  readonly count: number;
  readonly newest: Cell;
  /** By symbol: the newest traded price and its time. */
  readonly traded: ReadonlyMap<string, { readonly price: Cell; readonly at: Cell }>;
  /** Those whose prices were looked for. */
  readonly symbols: ReadonlySet<string>;
  /** The key up to which it was read; null: nothing was. */
  readonly upTo: Cell;
}

export const noOrders: OrderFacts = {
  count: 0,
  newest: null,
  traded: new Map(),
  symbols: new Set(),
  upTo: null,
};

/** Rows of one transaction that adds up: about 7 ms, with the newest prices looked for. */
const summedRows = 10_000;

/** Words of orders that did not trade, as far as a bot of this family writes any. */
const untraded = ['new', 'open', 'pending', 'submitted', 'accepted', 'queued', 'cancelled']
  .concat(['canceled', 'rejected', 'expired', 'failed', 'error'])
  .map((word) => `'${word}'`)
  .join(', ');

/** Count, newest time, and the newest price of each symbol asked for; goes on from `known`. */
export async function orderFacts(
  database: Database,
  shape: OrdersShape,
  symbols: readonly string[],
  before: OrderFacts,
): Promise<OrderFacts> {
  const known = (await goesOn(database, shape, symbols, before)) ? before : noOrders;
  const traded = new Map(known.traded);
  let { count, newest, upTo } = known;
  for (;;) {
    const read = await database.read(async (query) => {
      const from = piece(shape.table, columnsOf(shape), { after: upTo, rows: summedRows });
      const sql = `SELECT count(*) AS n, max(k) AS upto, max(t) AS newest FROM (${from.sql}) AS p`;
      const [sums] = await query.rows(sql, from.values);
      const prices = newestPrices(shape, symbols, upTo, sums!['upto'] ?? null);
      return { sums: sums!, prices: prices && (await query.rows(prices.sql, prices.values)) };
    });
    for (const row of read.prices ?? []) keepNewer(traded, row);
    const rows = Number(read.sums['n']);
    count += rows;
    newest = later(newest, read.sums['newest'] ?? null);
    upTo = read.sums['upto'] ?? upTo;
    if (rows < summedRows || pieceKeyOf(shape.table) === null) break;
    await others(); // whoever shares this process goes on between two pieces
  }
  return { count, newest, traded, symbols: new Set([...symbols, ...known.symbols]), upTo };
}

/** Whether what is known can be added to: no other symbol is asked for, its last row is there. */
async function goesOn(
  database: Database,
  { table }: OrdersShape,
  symbols: readonly string[],
  known: OrderFacts,
): Promise<boolean> {
  const key = pieceKeyOf(table);
  if (key === null || known.upTo === null) return false;
  if (symbols.some((symbol) => !known.symbols.has(symbol))) return false;
  const sql = `SELECT count(*) AS n FROM ${table.sql} WHERE ${quoted(key)} = ?`;
  const [found] = await database.read((query) => query.rows(sql, [known.upTo]));
  return found!['n'] === '1';
}

/** Every order that traded, in the order of the table, up to the row of this key. */
export async function* readOrders(
  database: Database,
  shape: OrdersShape,
  zone: string,
  last: Cell,
): AsyncIterable<SourceOrder> {
  for await (const rows of rowsInPieces(database, shape.table, columnsOf(shape), last)) {
    yield* tradedIn(rows, shape, zone);
  }
}

function* tradedIn(rows: readonly CellRow[], shape: OrdersShape, zone: string) {
  for (const row of rows) if (didTrade(row['status'])) yield orderOf(row, shape, zone);
}

const columnsOf = (shape: OrdersShape) => ({
  id: shape.id,
  s: shape.symbol,
  side: shape.side,
  q: shape.quantity,
  p: shape.price,
  t: shape.time,
  pnl: shape.pnl,
  status: shape.status,
  account: shape.account,
});

/** The rows of a piece that are the newest of their symbol, the last of equals at the end. */
function newestPrices(shape: OrdersShape, symbols: readonly string[], after: Cell, upTo: Cell) {
  if (symbols.length === 0) return null;
  const key = pieceKeyOf(shape.table);
  const marks = symbols.map(() => '?').join(', ');
  const conditions = [
    `${quoted(shape.symbol)} IN (${marks})`,
    `${quoted(shape.price)} IS NOT NULL`,
    ...(shape.status === null
      ? []
      : [`lower(coalesce(${quoted(shape.status)}, '')) NOT IN (${untraded})`]),
    ...(key === null || after === null ? [] : [`${quoted(key)} > ?`]),
    ...(key === null || upTo === null ? [] : [`${quoted(key)} <= ?`]),
  ];
  const columns = { k: key, s: shape.symbol, p: shape.price, t: shape.time };
  const piece = `${select(shape.table, columns)} WHERE ${conditions.join(' AND ')}`;
  const sql = `WITH piece AS (${piece}),
    newest AS (SELECT s, max(t) AS t FROM piece GROUP BY s)
    SELECT piece.s AS s, piece.p AS p, piece.t AS t FROM piece JOIN newest ON newest.s = piece.s
    WHERE piece.t = newest.t OR newest.t IS NULL${key === null ? '' : ' ORDER BY piece.k'}`;
  const bounds = key === null ? [] : [after, upTo].filter((bound) => bound !== null);
  return { sql, values: [...symbols, ...bounds] };
}

function keepNewer(
  traded: Map<string, { readonly price: Cell; readonly at: Cell }>,
  { s, p, t }: CellRow,
): void {
  const before = traded.get(s!);
  const at = t ?? null;
  if (before === undefined || later(before.at, at) === at) traded.set(s!, { price: p ?? null, at });
}

/** The later of two times as they are written; of equals the second. */
function later(a: Cell, b: Cell): Cell {
  if (a === null || b === null) return b ?? a;
  const [x, y] = [plainNumber(a), plainNumber(b)];
  if (x !== null && y !== null) return Number(x) > Number(y) ? a : b;
  return a > b ? a : b;
}

const didTrade = (status: Cell | undefined): boolean =>
  status === null || status === undefined || !untraded.includes(`'${status.toLowerCase()}'`);

function orderOf(row: CellRow, shape: OrdersShape, zone: string): SourceOrder {
  const cells = cellReader(zone);
  const place = { table: shape.table.name, key: '' };
  const number = (name: string) => cells.number(row[name], place, name);
  return {
    id: row['id'] ?? row['k'] ?? '',
    accountId: row['account'] ?? null,
    symbol: row['s'] ?? '',
    side: sideOf(row['side']),
    quantity: number('q'),
    price: number('p'),
    at: cells.time(row['t'], place, 't'),
    pnl: number('pnl'),
  };
}

function sideOf(cell: Cell | undefined): 'buy' | 'sell' | null {
  const word = cell?.trim().toLowerCase();
  if (word === 'buy' || word === 'b' || word === 'bot') return 'buy';
  return word === 'sell' || word === 's' || word === 'sld' ? 'sell' : null;
}
