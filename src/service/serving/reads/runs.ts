/** Runs of duties, as the service's file has them. */
import { instantText } from '../../../model/instant.ts';
import type { Row, Statement } from '../../../store/driver.ts';
import type { ServiceFile } from '../../../store/service-file.ts';

const columns = 'n, slot, began_at, ended_at, exit_code, sentence, missed, asked_by, name';
const kept = new WeakMap<ServiceFile, Statement>();

function statementOf(file: ServiceFile): Statement {
  const sql = `SELECT ${columns} FROM service_duty_runs
    WHERE name = ? AND n < ? ORDER BY n DESC LIMIT ?`;
  const known = kept.get(file) ?? file.driver.prepare(sql, { bigints: true });
  kept.set(file, known);
  return known;
}

/** Before the run of that number, the newest first. */
export const runsOf = (file: ServiceFile, name: string, before: number, limit: number) =>
  statementOf(file).all(name, before, limit).map(runOf);

export type RunShown = ReturnType<typeof runOf>;

/** Null: it never ran. */
export function lastRunOf(file: ServiceFile, name: string): Omit<RunShown, 'name'> | null {
  const [last] = runsOf(file, name, Number.MAX_SAFE_INTEGER, 1);
  if (last === undefined) return null;
  const { name: _, ...rest } = last;
  return rest;
}

const timeOf = (value: Row[number] | undefined): string => instantText(value as bigint);

const runOf = (row: Row) => ({
  n: Number(row[0]),
  ...{ slot: timeOf(row[1]), beganAt: timeOf(row[2]), endedAt: timeOf(row[3]) },
  ...{ exitCode: Number(row[4]), sentence: row[5] as string, missed: Number(row[6]) },
  ...{ askedBy: row[7] as string | null, name: row[8] as string },
});
