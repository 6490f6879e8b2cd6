/** The little SQL that both engines read alike. */
import type { TableShape } from './database.ts';

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Columns under names of ours; one that the table does not have is null. */
export function select(
  { sql }: TableShape,
  columns: Readonly<Record<string, string | null>>,
): string {
  const terms = Object.entries(columns).map(
    ([name, column]) => `${column === null ? 'NULL' : quoted(column)} AS "${name}"`,
  );
  return `SELECT ${terms.join(', ')} FROM ${sql}`;
}
