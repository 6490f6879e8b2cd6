/** Which tables and views there are, with their columns, as the database itself says. */
import type { Cell, ColumnShape, Query, TableShape } from '../database.ts';
import { SourceError } from '../source-error.ts';
import { quoted } from '../sql.ts';

export async function tablesOf(query: Query): Promise<readonly TableShape[]> {
  const listed = await query.rows(
    `SELECT name, type, wr FROM pragma_table_list
     WHERE schema = 'main' AND type IN ('table', 'view', 'virtual')
       AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`,
  );
  const tables: TableShape[] = [];
  for (const { name, type, wr } of listed) {
    const columns = await columnsOf(query, name!);
    tables.push({
      sql: quoted(name!),
      name: name!,
      kind: type === 'view' ? 'view' : 'table',
      columns,
      ...pieceKeyOf(type === 'table' && wr === '0', columns),
    });
  }
  return tables;
}

async function columnsOf(query: Query, table: string): Promise<readonly ColumnShape[]> {
  try {
    const rows = await query.rows(
      `SELECT name, type, "notnull" AS required, pk, dflt_value AS given, hidden
       FROM pragma_table_xinfo(?) WHERE hidden <> 1 ORDER BY cid`,
      [table],
    );
    const keys = rows.filter(({ pk }) => pk !== '0').length;
    return rows.map(({ name, type, required, pk, given, hidden }) => ({
      name: name!,
      type: (type ?? '').toLowerCase(),
      nullable: required === '0',
      primaryKey: pk !== '0',
      filled: given !== null || hidden !== '0' || (keys === 1 && pk === '1' && isInteger(type)),
      // SQLite keeps to no scale, whatever is declared.
      scale: null,
    }));
  } catch (error) {
    // A view whose tables are gone, or of a module that is not here, is nobody's table.
    if (error instanceof SourceError && error.code === 'source-failed') return [];
    throw error;
  }
}

/** The key of such a type is the row's number, which SQLite gives. */
const isInteger = (type: Cell | undefined): boolean => type?.toLowerCase() === 'integer';

/** The row's number, by whichever of its names is not a column. */
function pieceKeyOf(hasRowid: boolean, columns: readonly ColumnShape[]): { pieceKey?: string } {
  if (!hasRowid) return {};
  const taken = columns.map(({ name }) => name.toLowerCase());
  const free = ['rowid', '_rowid_', 'oid'].find((name) => !taken.includes(name));
  return free === undefined ? {} : { pieceKey: free };
}
