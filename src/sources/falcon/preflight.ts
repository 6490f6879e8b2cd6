/** Proves, without leaving a trace, that a source can be read, repaired and copied. */
import type { SourceSnapshot } from '../../model/source.ts';
import { appendAudit } from '../audit-log.ts';
import type { Database, Session } from '../database.ts';
import {
  backupOutcome,
  journalSteps,
  type Outcome,
  outcomesOf,
  passed,
  readOutcome,
  skipped,
  zoneOutcome,
} from '../preflight-steps.ts';
import type { PreflightStep } from '../source.ts';
import { quoted } from '../sql.ts';
import { wantedTables } from './columns.ts';
import { copiedTables, type Looking } from './look.ts';
import { generationText } from './recognise.ts';
import type { FalconShape } from './shape.ts';

export async function preflight(
  database: Database,
  looking: () => Promise<Looking>,
  snapshot: () => Promise<SourceSnapshot>,
): Promise<readonly PreflightStep[]> {
  return outcomesOf([
    ['opens', async () => passed(`${database.location}, ${await tableCount(database)}`)],
    ['schema', async () => passed(schemaText((await looking()).shape))],
    ['reads', async () => readText(await snapshot())],
    ['zone', async () => zoneOutcome((await snapshot()).zone)],
    ...journalSteps(database),
    ['writes', async () => writeOutcome(database, await looking())],
    ['backup', async () => backupOutcome(database, copiedTables(await looking()))],
  ]);
}

const tableCount = async (database: Database): Promise<string> =>
  `tables: ${(await database.tables()).length}`;

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

function readText({ accounts, unattributed, orders, faults }: SourceSnapshot): Outcome {
  const positions = accounts.reduce((sum, one) => sum + one.positions.length, unattributed.length);
  const detail = `accounts: ${accounts.length}, positions: ${positions}, orders: ${orders.count}`;
  return readOutcome(detail, faults);
}

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
