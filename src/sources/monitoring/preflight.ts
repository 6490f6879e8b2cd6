/**
 * Proves, without leaving a trace, that rows can be read, repaired and copied: quantity, prices and
 * PnL, and closing are each written to a real row, read back, and rolled back.
 */
import { add, one as unit } from '../../decimal/decimal.ts';
import { decimal } from '../../decimal/text.ts';
import type { Instant } from '../../model/instant.ts';
import type {
  OrderChange,
  PositionChange,
  PositionColumn,
  PositionSnapshot,
  PositionWrite,
  StoredPosition,
} from '../../model/position-source.ts';
import type { SourceChange } from '../../model/source.ts';
import { appendAudit } from '../audit-log.ts';
import type { Database, Session } from '../database.ts';
import {
  backupOutcome,
  failed,
  journalSteps,
  type Outcome,
  outcomesOf,
  passed,
  readOutcome,
  type Step,
  skipped,
  zoneOutcome,
} from '../preflight-steps.ts';
import type { PreflightStep } from '../source.ts';
import { wantedTables } from './columns.ts';
import { copiedTables, type Look, type Looking } from './look.ts';
import { generationText } from './recognise.ts';
import type { MonitoringShape } from './shape.ts';
import { lostCell } from './updates.ts';
import { carryOut, type Plan, planOf } from './writing.ts';

export interface Parts {
  readonly database: Database;
  looking(): Promise<Looking>;
  look(): Promise<Look>;
  snapshotOf(look: Look): PositionSnapshot;
}

export function preflight(parts: Parts): Promise<readonly PreflightStep[]> {
  const { database, looking } = parts;
  const snapshot = async () => parts.snapshotOf(await parts.look());
  return outcomesOf([
    ['opens', async () => passed(database.location)],
    ['schema', async () => passed(schemaText((await looking()).shape))],
    ['reads', async () => readText(await snapshot())],
    ['zone', async () => zoneOutcome((await snapshot()).zone)],
    ...journalSteps(database),
    ...trials.map(([name, needs, trial]): Step => [name, () => tried(parts, trial, needs)]),
    ['closing', () => tried(parts, closing)],
    ['orders', () => triedOrder(parts)],
    ['additions', async () => additionsText(await snapshot())],
    ['backup', async () => backupOutcome(database, copiedTables(await looking()))],
  ]);
}

function schemaText(shape: MonitoringShape): string {
  const kinds = Object.keys(wantedTables) as (keyof typeof wantedTables)[];
  const found = kinds.map((kind) => {
    const one = shape[kind];
    if (one === null) return `no ${kind}`;
    const names = Object.values(one.columns).flatMap((column) => column?.name ?? []);
    const { schema, name } = one.table;
    return `${schema === undefined ? '' : `${schema}.`}${name}(${[...new Set(names)].join(', ')})`;
  });
  return `monitoring, ${generationText[shape.generation]}: ${found.join(' · ')}`;
}

function readText({ counts, faults }: PositionSnapshot): Outcome {
  const { active, closed, orders, trades } = counts;
  const detail = `active: ${active}, closed: ${closed}, orders: ${orders}, trades: ${trades}`;
  return readOutcome(detail, faults);
}

type Trial = (row: StoredPosition) => Omit<PositionChange, 'id' | 'symbol' | 'expected'>;

/** Another value than the one that is there: what stays as it was would prove nothing. */
const other = (figure: StoredPosition['quantity']) => (figure === null ? unit : add(figure, unit));

const trials: readonly (readonly [name: string, needs: PositionColumn, trial: Trial])[] = [
  ['quantity', 'quantity', ({ quantity }) => ({ quantity: other(quantity) })],
  ['price', 'current-price', ({ currentPrice }) => ({ currentPrice: other(currentPrice) })],
  ['pnl', 'unrealised-pnl', ({ unrealisedPnl }) => ({ unrealisedPnl: other(unrealisedPnl) })],
];

const closing: Trial = ({ currentPrice }) => ({
  close: {
    at: 0n,
    exitPrice: other(currentPrice),
    realisedPnl: decimal('-1.5'),
    fees: decimal('0.25'),
    reason: rehearsalText,
  },
});

/** The very statements of an update, on the first row that is active. */
async function tried(parts: Parts, trial: Trial, needs?: PositionColumn): Promise<Outcome> {
  const { database } = parts;
  const look = await parts.look();
  const snapshot = parts.snapshotOf(look);
  if (needs !== undefined && !snapshot.keeps.columns.has(needs)) {
    return skipped(`this generation keeps no ${needs}`, 'it is left out of every update');
  }
  const row = snapshot.positions.find(({ status }) => status === 'active');
  if (row === undefined) return skipped('no row is active to try it on', 'ask again when one is');
  const wanted = writeOf(row, trial, snapshot.takenAt);
  const strict = wanted.changes[0]?.close === undefined ? '' : emptyText(look.shape);
  return triedWrite(database, { look, snapshot, wanted, symbol: row.symbol, strict });
}

/** The state of an order, on the first that is not over. */
async function triedOrder(parts: Parts): Promise<Outcome> {
  const look = await parts.look();
  const snapshot = parts.snapshotOf(look);
  const order = snapshot.orders.find(({ isOver }) => !isOver);
  if (snapshot.keeps.orderColumns?.has('status') !== true || order === undefined) {
    return passed('no order is stored as open: there is none to write');
  }
  const { id, orderId, symbol, statusText, filled, quantity } = order;
  const expected = { statusText, filled };
  const change: OrderChange = {
    ...{ id, orderId, symbol, expected, status: 'cancelled', filled: quantity ?? unit },
  };
  const wanted: PositionWrite = {
    ...{ why: rehearsalText, at: snapshot.takenAt, changes: [], orderChanges: [change] },
    ...{ additions: [], trades: [], orders: [] },
  };
  return triedWrite(parts.database, { look, snapshot, wanted, symbol, strict: '' });
}

interface Tried {
  readonly look: Look;
  readonly snapshot: PositionSnapshot;
  readonly wanted: PositionWrite;
  readonly symbol: string;
  /** What else is to be known of it. */
  readonly strict: string;
}

async function triedWrite(
  database: Database,
  { look, snapshot, wanted, symbol, strict }: Tried,
): Promise<Outcome> {
  const planning = { look, engine: database.engine, zone: snapshot.zone.name };
  const plan = await database.read((query) => planOf(query, planning, wanted));
  const [update] = plan?.updates ?? [];
  if (plan === null || update === undefined) throw new Error(`${symbol} would stay as it is`);
  const made = await database.rehearse((session) => carriedOut(session, database, plan));
  const cells = update.cells.filter(({ role }) => role !== 'updated-at');
  const lost = lostCell(cells, made.after ?? {}, database.engine);
  const names = [...new Set(cells.map(({ column }) => column.name))].join(', ');
  const detail = `${symbol}: ${names} written, read back and rolled back`;
  if (lost === undefined) return passed(detail + strict);
  const { name } = lost.column;
  return failed(
    `${symbol}: ${name} was written and is ${made.after?.[name] ?? 'NULL'} afterwards`,
    'a trigger of the bot, or the type of the column, keeps it from being written',
  );
}

const rehearsalText = 'a rehearsal, which is rolled back';

function writeOf(row: StoredPosition, trial: Trial, at: Instant): PositionWrite {
  const { id, symbol, quantity, status, direction } = row;
  const change = { id, symbol, expected: { quantity, status, direction }, ...trial(row) };
  const nothing = { additions: [], trades: [], orders: [] };
  return { why: rehearsalText, at, changes: [change], ...nothing };
}

/** With a row of the log, as every write. */
async function carriedOut(
  session: Session,
  { engine }: Database,
  { look, wanted, ...plan }: Plan,
): Promise<SourceChange> {
  const changes = await carryOut(session, { ...plan, look, wanted });
  const row = { at: wanted.at, actor: 'trueup', action: 'update', changes } as const;
  const noted = { ...row, why: wanted.why, undoes: null };
  const { schema } = look.shape.positions.table;
  await appendAudit(session, engine, look.auditTable, noted, schema);
  return changes[0]!;
}

/** Columns that have to be known before a position can be closed. */
function emptyText({ positions }: MonitoringShape): string {
  const { realised, pnl, fees, exitPrice } = positions.columns;
  const strict = [realised, pnl, fees, exitPrice].filter((column) => column?.nullable === false);
  if (strict.length === 0) return '';
  const names = strict.map((column) => column!.name).join(', ');
  return `; ${names} may not be empty, so that a closing without it is refused`;
}

function additionsText({ keeps }: PositionSnapshot): Outcome {
  const why = Object.entries(keeps.refuses ?? {});
  if (why.length === 0) return passed('positions, orders and trades can be added');
  const told = why.map(([table, sentence]) => `${table}: ${sentence}`).join('; ');
  return skipped(told, 'what cannot be added is left out; repairs of rows work');
}
