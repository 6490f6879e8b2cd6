/** Steps of a preflight that every schema has; each is tried, and the first failure stops none. */
import type { SourceFault, SourceZone } from '../model/source.ts';
import type { Database, TableShape } from './database.ts';
import type { PreflightStep } from './source.ts';
import { SourceError } from './source-error.ts';

export type Outcome = Omit<PreflightStep, 'name'>;

export const passed = (detail: string): Outcome => ({ outcome: 'passed', detail, hint: null });
export const skipped = (detail: string, hint: string): Outcome => ({
  outcome: 'skipped',
  detail,
  hint,
});
export const failed = (detail: string, hint: string): Outcome => ({
  outcome: 'failed',
  detail,
  hint,
});

export type Step = readonly [name: string, step: () => Promise<Outcome>];

export async function outcomesOf(steps: readonly Step[]): Promise<readonly PreflightStep[]> {
  const told: PreflightStep[] = [];
  for (const [name, step] of steps) told.push({ name, ...(await outcomeOf(step)) });
  return told;
}

async function outcomeOf(step: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { outcome: 'failed', detail: error.message, hint: error.hint };
  }
}

/** What a look read, and the first cell of it that nobody can read. */
export function readOutcome(detail: string, faults: readonly SourceFault[]): Outcome {
  const [first] = faults;
  if (first === undefined) return passed(detail);
  const { table, key, column, value, why } = first;
  return failed(
    `${detail}; ${table} ${key} ${column} ${JSON.stringify(value)} ${why}`,
    `${faults.length} cells hold something else than they promise; correct them in the bot`,
  );
}

export function zoneOutcome(zone: SourceZone): Outcome {
  const detail = `${zone.name}, ${zone.known}: ${zone.because}`;
  if (zone.known !== 'assumed') return passed(detail);
  return skipped(detail, 'ages are as right as this zone');
}

/** Only a file has a journal of its own. */
export const journalSteps = (database: Database): readonly Step[] =>
  database.engine === 'sqlite'
    ? [['journal', async () => passed(await journalText(database))]]
    : [];

const journalText = async (database: Database): Promise<string> => {
  const [row] = await database.read((query) => query.rows('PRAGMA journal_mode'));
  return `${row?.['journal_mode']}, and stays so`;
};

export async function backupOutcome(
  database: Database,
  tables: readonly TableShape[],
): Promise<Outcome> {
  const room = await database.backupRoom?.(tables);
  if (room === undefined) return skipped('the room for a copy cannot be told', 'make sure of it');
  const { folder, needed, free } = room;
  const detail = `${folder}: a copy needs ${needed} bytes, ${free} are free`;
  if (free > needed) return passed(detail);
  return failed(detail, 'free disk space: no update is made without a copy');
}
