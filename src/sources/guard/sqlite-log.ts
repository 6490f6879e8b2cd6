/** Statements by which triggers on SQLite note changes in the log. */
import { auditTable } from '../audit-table.ts';
import { literal, plainName } from './names.ts';
import { exactText, jsonText } from './sqlite-values.ts';

/** Columns by the name they have in the log, with the SQL of their value. */
export type Logged = Readonly<Record<string, string>>;

export interface LoggedChange {
  /** The table's own name. */
  readonly table: string;
  /** The SQL of the row's key. */
  readonly key: string;
  readonly before: Logged | null;
  readonly after: Logged | null;
  /** `FROM` and `WHERE`, where it is not one row. */
  readonly from?: string;
}

/** The time as SQLite has it, to the millisecond, in UTC. */
export const now = `strftime('%Y-%m-%dT%H:%M:%fZ', 'now')`;

export const logStatement = ({ table, key, before, after, from }: LoggedChange): string =>
  `INSERT INTO ${auditTable} (at, actor, action, changes) SELECT ${now}, 'trigger', 'log', ` +
  `'[{"table":' || ${jsonText(literal(table))} || ',"key":' || ` +
  `${jsonText(`CAST(${key} AS TEXT)`)} || ',"before":' || ${objectOf(before)} || ` +
  `',"after":' || ${objectOf(after)} || '}]'${from === undefined ? '' : ` ${from}`}`;

const objectOf = (logged: Logged | null): string =>
  logged === null
    ? `'null'`
    : `'{' || ${Object.entries(logged)
        .map(([column, value]) => `${literal(`${JSON.stringify(plainName(column))}:`)} || ${value}`)
        .join(` || ',' || `)} || '}'`;

/** The value of a column of numbers, as JSON: mostly a number, but SQLite promises nothing. */
export const loggedNumber = (x: string): string =>
  `CASE WHEN typeof(${x}) IN ('integer', 'real') THEN '"' || ${exactText(x)} || '"'` +
  ` ELSE ${jsonText(x)} END`;
