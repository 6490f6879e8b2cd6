/**
 * The database of an incident, row by row: a paper-trading bot began with 10,000.00 in cash, traded
 * for seven weeks, and never wrote its total again. What is in it is true to the cent: the orders
 * lead from the opening to the cash and the nine positions that are stored; only the total is not.
 * Tests and the rehearsal build it; nothing else does.
 */
import { DatabaseSync } from 'node:sqlite';
import type { SourceEngine } from '../../model/source.ts';
import type { FalconShape } from './shape.ts';

export type IncidentGeneration = FalconShape['generation'];

export interface IncidentTable {
  readonly name: string;
  readonly columns: readonly IncidentColumn[];
  /** Cells as they are written; null where the bot wrote none. */
  readonly rows: readonly (readonly (string | null)[])[];
}

export interface IncidentColumn {
  readonly name: string;
  readonly kind: 'id' | 'symbol' | 'side' | 'money' | 'quantity' | 'time';
  readonly primaryKey: boolean;
}

/** Times are what Python writes for a local time: of New York, and without saying so. */
export const incidentZone = 'America/New_York';

const performance = table('performance', 'timestamp! total_value cash positions_value', [
  '2025-11-25T16:05:00.318204 10000.00 10000.00 0.00',
]);

/** Every one filled at once at its limit price, the last one even on a Saturday. */
const orders = table('orders', 'id! symbol side quantity price timestamp pnl', [
  '1  NVDA buy  6      176.40 2025-11-26T09:41:07.204816 -',
  '2  AMD  buy  5      214.60 2025-11-26T10:12:44.918332 -',
  '3  DIS  buy  10     103.75 2025-11-28T09:58:31.007145 -',
  '4  PLTR buy  6      168.45 2025-12-01T11:03:12.663027 -',
  '5  PFE  buy  25     25.60  2025-12-02T10:27:55.480911 -',
  '6  INTC buy  34     43.54  2025-12-04T13:35:09.152604 -',
  '7  WMT  buy  9      114.80 2025-12-05T14:49:26.731498 -',
  '8  F    buy  80     13.42  2025-12-09T09:36:40.090275 -',
  '9  AMD  sell 5      209.35 2025-12-11T15:21:18.547703 -26.25',
  '10 KO   buy  14.25  71.20  2025-12-12T10:08:02.876150 -',
  '11 DIS  sell 10     111.30 2025-12-15T11:44:53.319468 75.50',
  '12 PFE  buy  15     26.40  2025-12-16T12:16:37.025891 -',
  '13 ACI  buy  62.5   16.88  2025-12-17T09:52:20.668034 -',
  '14 BAC  buy  17     53.65  2025-12-18T13:05:48.402577 -',
  '15 NVDA sell 6      188.15 2025-12-22T14:30:11.193840 70.50',
  '16 PLTR sell 6      186.90 2025-12-26T10:55:34.740266 110.70',
  '17 CSCO buy  14     75.35  2026-01-05T09:47:59.581013 -',
  '18 AAPL buy  4      262.31 2026-01-06T10:33:16.954722 -',
  '19 INTC sell 12     46.10  2026-01-07T13:18:42.237159 30.72',
  '20 MSFT buy  2.1875 484.16 2026-01-08T15:02:29.610395 -',
  '21 WMT  sell 9      115.90 2026-01-10T16:05:12.123456 9.90',
]);

const positionColumns = 'symbol! quantity entry_price current_price entry_date last_updated';
const positions = table('positions', positionColumns, [
  'AAPL 4      262.31 259.46 2026-01-06T10:33:16.954722 2026-01-12T16:00:03.201877',
  'ACI  62.5   16.88  16.00  2025-12-17T09:52:20.668034 2026-01-12T16:00:03.377420',
  'BAC  17     53.65  55.17  2025-12-18T13:05:48.402577 2026-01-12T16:00:03.548093',
  'CSCO 14     75.35  73.45  2026-01-05T09:47:59.581013 2026-01-12T16:00:03.719566',
  'F    80     13.42  13.92  2025-12-09T09:36:40.090275 2026-01-12T16:00:03.890218',
  'INTC 22     43.54  44.06  2025-12-04T13:35:09.152604 2026-01-12T16:00:04.060931',
  'KO   14.25  71.20  70.48  2025-12-12T10:08:02.876150 2026-01-12T16:00:04.235504',
  'MSFT 2.1875 484.16 478.40 2026-01-08T15:02:29.610395 2026-01-12T16:00:04.406187',
  'PFE  40     25.90  25.38  2025-12-02T10:27:55.480911 2026-01-12T16:00:04.577850',
]);

/** Cash followed every order; the total is still what the account was opened with. */
const account = table('account', 'id! cash total_value last_updated', [
  '1 1058.70 10000.00 2026-01-10T16:05:12.123456',
]);

/** The tables of a generation. The newer one keeps neither a total nor prices. */
export function incidentTables(generation: IncidentGeneration): readonly IncidentTable[] {
  if (generation === 'stored-total') return [account, positions, orders, performance];
  const newer = [without(account, 'total_value'), without(positions, 'current_price')];
  return [...newer, orders, performance];
}

/** The statements that make it in an empty database. */
export function incidentSql(
  engine: SourceEngine,
  generation: IncidentGeneration,
): readonly string[] {
  return incidentTables(generation).flatMap(({ name, columns, rows }) => [
    `CREATE TABLE ${name} (${columns.map((one) => declared(engine, one)).join(', ')})`,
    ...rows.map((row) => `INSERT INTO ${name} VALUES (${row.map(literal(columns)).join(', ')})`),
  ]);
}

/** Makes the SQLite file, which must not exist yet. */
export function createIncidentDatabase(
  path: string,
  generation: IncidentGeneration = 'stored-total',
): void {
  const file = new DatabaseSync(path);
  try {
    file.exec(`BEGIN; ${incidentSql('sqlite', generation).join('; ')}; COMMIT`);
  } finally {
    file.close();
  }
}

/** What the bot itself writes into its file, past everybody else: one transaction. */
export function writeAsTheBot(path: string, statements: readonly string[]): void {
  const file = new DatabaseSync(path);
  try {
    file.exec(`BEGIN IMMEDIATE; ${statements.join('; ')}; COMMIT`);
  } finally {
    file.close();
  }
}

const types: Readonly<Record<IncidentColumn['kind'], Readonly<Record<SourceEngine, string>>>> = {
  id: { sqlite: 'INTEGER', postgresql: 'INTEGER' },
  symbol: { sqlite: 'TEXT', postgresql: 'VARCHAR(16)' },
  side: { sqlite: 'TEXT', postgresql: 'VARCHAR(4)' },
  money: { sqlite: 'REAL', postgresql: 'DECIMAL(15,2)' },
  quantity: { sqlite: 'REAL', postgresql: 'DECIMAL(15,4)' },
  time: { sqlite: 'TEXT', postgresql: 'TIMESTAMP' },
};

const declared = (engine: SourceEngine, { name, kind, primaryKey }: IncidentColumn): string =>
  `${name} ${types[kind][engine]}${primaryKey ? ' PRIMARY KEY' : ''}`;

const literal =
  (columns: readonly IncidentColumn[]) =>
  (cell: string | null, at: number): string => {
    if (cell === null) return 'NULL';
    return ['symbol', 'side', 'time'].includes(columns[at]!.kind) ? `'${cell}'` : cell;
  };

/** Columns by their names, `!` for the key; cells with spaces between them, `-` for none. */
function table(name: string, columns: string, rows: readonly string[]): IncidentTable {
  return {
    name,
    columns: columns.split(' ').map((text) => columnOf(text.replace('!', ''), text.endsWith('!'))),
    rows: rows.map((row) => row.split(/ +/).map((cell) => (cell === '-' ? null : cell))),
  };
}

function columnOf(name: string, primaryKey: boolean): IncidentColumn {
  if (['id', 'symbol', 'side', 'quantity'].includes(name)) {
    return { name, kind: name as 'id' | 'symbol' | 'side' | 'quantity', primaryKey };
  }
  const time = ['timestamp', 'last_updated', 'entry_date'].includes(name);
  return { name, kind: time ? 'time' : 'money', primaryKey };
}

function without(from: IncidentTable, column: string): IncidentTable {
  const at = from.columns.findIndex(({ name }) => name === column);
  return {
    name: from.name,
    columns: from.columns.toSpliced(at, 1),
    rows: from.rows.map((row) => row.toSpliced(at, 1)),
  };
}
