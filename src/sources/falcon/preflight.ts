/** Proves, without leaving a trace, that a source can be read, repaired and copied. */
import type { SourceSnapshot } from '../../model/source.ts';
import { appendAudit } from '../audit-log.ts';
import type { Database, Session } from '../database.ts';
import type { PreflightStep } from '../source.ts';
import { SourceError } from '../source-error.ts';
import { quoted } from '../sql.ts';
import { wantedTables } from './columns.ts';
import type { Looking } from './look.ts';
import { generationText } from './recognise.ts';
import type { FalconShape } from './shape.ts';

type Outcome = Omit<PreflightStep, 'name'>;

const passed = (detail: string): Outcome => ({ outcome: 'passed', detail, hint: null });
const skipped = (detail: string, hint: string): Outcome => ({ outcome: 'skipped', detail, hint });

export async function preflight(
  database: Database,
  looking: () => Promise<Looking>,
  snapshot: () => Promise<SourceSnapshot>,
): Promise<readonly PreflightStep[]> {
  const { location, engine } = database;
  const steps: readonly (readonly [string, () => Promise<Outcome>])[] = [
    ['opens', async () => passed(`${location}, tables: ${(await database.tables()).length}`)],
    ['schema', async () => passed(schemaText((await looking()).shape))],
    ['reads', async () => readOutcome(await snapshot())],
    ['zone', async () => zoneOutcome(await snapshot())],
    ['journal', async () => passed(await journalText(database))],
    ['writes', async () => writeOutcome(database, await looking())],
    ['backup', async () => backupOutcome(database)],
  ];
  const told: PreflightStep[] = [];
  for (const [name, step] of steps) told.push({ name, ...(await outcomeOf(step)) });
  return engine === 'sqlite' ? told : told.filter(({ name }) => name !== 'journal');
}

async function outcomeOf(step: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { outcome: 'failed', detail: error.message, hint: error.hint };
  }
}

function schemaText(shape: FalconShape): string {
  const tables = Object.keys(wantedTables) as (keyof typeof wantedTables)[];
  const found = tables.flatMap((name) => {
    const one: Readonly<Record<string, unknown>> | null = shape[name] as never;
    if (one === null) return [`no ${name}`];
    const fields = Object.keys(wantedTables[name].columns);
    const columns = fields.map((field) => one[field]).filter((column) => column !== null);
    return [`${shape[name]!.table.name}(${columns.join(', ')})`];
  });
  return `falcon, ${generationText[shape.generation]}: ${found.join(' · ')}`;
}

function readOutcome({ accounts, unattributed, orders, faults }: SourceSnapshot): Outcome {
  const positions = accounts.reduce((sum, one) => sum + one.positions.length, unattributed.length);
  const detail = `accounts: ${accounts.length}, positions: ${positions}, orders: ${orders.count}`;
  const [first] = faults;
  if (first === undefined) return passed(detail);
  const { table, key, column, value, why } = first;
  return {
    outcome: 'failed',
    detail: `${detail}; ${table} ${key} ${column} ${JSON.stringify(value)} ${why}`,
    hint: `${faults.length} cells hold something else than they promise; correct them in the bot`,
  };
}

function zoneOutcome({ zone }: SourceSnapshot): Outcome {
  const detail = `${zone.name}, ${zone.known}: ${zone.because}`;
  if (zone.known !== 'assumed') return passed(detail);
  return skipped(detail, 'ages are as right as this zone');
}

const journalText = async (database: Database): Promise<string> => {
  const [row] = await database.read((query) => query.rows('PRAGMA journal_mode'));
  return `${row?.['journal_mode']}, and stays so`;
};

/** The very statements of an update, rolled back. */
async function writeOutcome(database: Database, looking: Looking): Promise<Outcome> {
  const { account } = looking.shape;
  if (account.total === null) {
    const hint = 'check, investigate and performance work; there is no total to update';
    return skipped(`${account.table.name} keeps no total`, hint);
  }
  if (account.table.kind === 'view') {
    return skipped(`${account.table.name} is a view`, 'name the database of the table behind it');
  }
  const rows = await database.rehearse((session) => rehearsed(session, database, looking));
  return passed(`totals: ${rows}, and a row of the log; rolled back`);
}

async function rehearsed(session: Session, { engine }: Database, looking: Looking) {
  const { table, total } = looking.shape.account;
  const column = quoted(total!);
  const rows = await session.run(`UPDATE ${table.sql} SET ${column} = ${column}`);
  await appendAudit(session, engine, looking.auditTable, {
    at: 0n,
    actor: 'trueup',
    action: 'update',
    changes: [],
    why: 'a rehearsal, which is rolled back',
    undoes: null,
  });
  return rows;
}

async function backupOutcome(database: Database): Promise<Outcome> {
  const room = await database.backupRoom?.();
  if (room === undefined) return skipped('the room for a copy cannot be told', 'make sure of it');
  const { folder, needed, free } = room;
  const detail = `${folder}: a copy needs ${needed} bytes, ${free} are free`;
  if (free > needed) return passed(detail);
  return { outcome: 'failed', detail, hint: 'free disk space: no update is made without a copy' };
}
