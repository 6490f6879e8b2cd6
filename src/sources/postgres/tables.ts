/** Tables and views along the search path, as the server describes them. */
import type { CellRow, ColumnShape, Query, TableShape } from '../database.ts';

/**
 * A trigger before a row is added may fill any of its columns.
 *
 * A name that stands in two schemas of the path is the first one's, as in every statement.
 */
const columnsSql = (schemas: string): string => `
  SELECT c.oid AS table_id, n.nspname AS schema, c.relname AS name,
    format('%I.%I', n.nspname, c.relname) AS sql,
    c.relkind IN ('v', 'm') AS is_view, a.attname AS column_name,
    lower(format_type(t.type, t.typmod)) AS type, a.attnotnull AS required,
    coalesce(a.attnum = ANY(i.indkey), false) AS is_key,
    a.atthasdef OR a.attidentity <> '' OR y.typdefault IS NOT NULL OR EXISTS (
      SELECT FROM pg_trigger g WHERE g.tgrelid = c.oid AND g.tgtype & 6 = 6) AS filled,
    CASE
      WHEN t.type = 'numeric'::regtype AND t.typmod >= 4
        THEN (((t.typmod - 4) & 2047) # 1024) - 1024
      WHEN t.type IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype) THEN 0
    END AS scale
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type y ON y.oid = a.atttypid
  CROSS JOIN LATERAL (
    SELECT coalesce(nullif(y.typbasetype, 0), a.atttypid) AS type,
      CASE WHEN y.typbasetype = 0 THEN a.atttypmod ELSE y.typtypmod END AS typmod
  ) t
  LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
  WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND NOT c.relispartition
    AND ${schemas}
  ORDER BY c.relname, c.oid, a.attnum`;

const onPath = 'n.nspname = ANY(current_schemas(false)) AND pg_table_is_visible(c.oid)';
/** What this role may not even look into is nothing that it could name. */
const elsewhere = `n.nspname <> ALL(current_schemas(true)) AND n.nspname !~ '^pg_'
  AND n.nspname <> 'information_schema' AND has_schema_privilege(n.oid, 'USAGE')`;

export const tablesOf = (query: Query): Promise<readonly TableShape[]> =>
  tablesIn(query, onPath, true);

export const tablesElsewhere = (query: Query): Promise<readonly TableShape[]> =>
  tablesIn(query, elsewhere, false);

async function tablesIn(
  query: Query,
  schemas: string,
  isOnPath: boolean,
): Promise<readonly TableShape[]> {
  const rows = await query.rows(columnsSql(schemas));
  return [...Map.groupBy(rows, (row) => row['table_id']).values()].map((columns) => ({
    sql: columns[0]!['sql']!,
    name: columns[0]!['name']!,
    kind: columns[0]!['is_view'] === 't' ? 'view' : 'table',
    columns: columns.map(columnOf),
    schema: columns[0]!['schema']!,
    ...(isOnPath ? {} : { isOnPath }),
  }));
}

const columnOf = (row: CellRow): ColumnShape => ({
  name: row['column_name']!,
  type: row['type']!,
  nullable: row['required'] !== 't',
  primaryKey: row['is_key'] === 't',
  filled: row['filled'] === 't',
  scale: row['scale'] == null ? null : Number(row['scale']),
});
