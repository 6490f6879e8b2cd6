/** Rows that are to be added, in the forms that their columns have. */
import { createHash } from 'node:crypto';
import type { Decimal } from '../../decimal/decimal.ts';
import type { Instant } from '../../model/instant.ts';
import type { SourceChange, SourceEngine } from '../../model/source.ts';
import type { Cell, CellRow, ColumnShape, Session, TableShape, Written } from '../database.ts';
import { quoted } from '../sql.ts';
import { formFor, timeFor } from '../stamps.ts';
import { exactFor, missingValue, nameFor, nearestFor, styledLike, unsupported } from './fitting.ts';

/** A row, its cells by column. */
export interface Addition {
  readonly role: NonNullable<SourceChange['role']>;
  readonly table: TableShape;
  /** The column of the row's key. */
  readonly key: ColumnShape;
  readonly cells: ReadonlyMap<string, Written>;
  /** Which columns hold what, for the log. */
  readonly columns: Readonly<Record<string, string>>;
  /** The venue's id of what it is about, which no column may keep. */
  readonly fact: string;
}

export interface AddingTerms {
  readonly engine: SourceEngine;
  readonly zone: string;
  /** In whose form a time is written where its own column tells none. */
  readonly times: readonly (Cell | undefined)[];
  /** The newest row of the table, whose words are written alike; absent: there is none. */
  readonly sample: CellRow | undefined;
}

/** Fills the cells of one row; what no column holds is left out. */
export class RowFilling {
  readonly #table: TableShape;
  readonly #terms: AddingTerms;
  readonly #cells = new Map<string, Written>();
  readonly #columns: Record<string, string> = {};

  constructor(table: TableShape, terms: AddingTerms) {
    this.#table = table;
    this.#terms = terms;
  }

  /** A quantity or price that was executed: exact; null: not known. */
  exact(role: string, column: ColumnShape | null, value: Decimal | null): void {
    if (column === null) return;
    if (value === null) this.#leaveEmpty(role, column);
    else this.#set(role, column, exactFor(this.#table, column, value, this.#terms.engine));
  }

  /** Money, and what was computed; null: not known. */
  nearest(role: string, column: ColumnShape | null, value: Decimal | null): void {
    if (column === null) return;
    if (value === null) this.#leaveEmpty(role, column);
    else this.#set(role, column, nearestFor(this.#table, column, value));
  }

  /** The column's own default, which is 0 more often than not, would say something untrue. */
  #leaveEmpty(role: string, column: ColumnShape): void {
    if (!column.nullable) throw mayNotBeEmpty(this.#table.name, column.name, role);
    this.#cells.set(column.name, null);
  }

  /** The venue's, or the bot's own, name of something. */
  name(role: string, column: ColumnShape | null, value: string | null): void {
    if (column === null || value === null) return;
    this.#set(role, column, nameFor(this.#table, column, value, this.#terms.engine));
  }

  /** A word of the schema, in the letters in which the table has its others. */
  word(role: string, column: ColumnShape | null, word: string, field: string): void {
    if (column === null) return;
    // Enumerations of servers are in capitals where nothing tells.
    const isListed = this.#terms.engine === 'postgresql' && !/char|text/.test(column.type);
    const sample = this.#terms.sample?.[field] ?? (isListed ? 'A' : null);
    this.#set(role, column, styledLike(word, sample));
  }

  time(role: string, column: ColumnShape | null, at: Instant, field: string): void {
    if (column === null || this.#cells.has(column.name)) return;
    const { sample, times, zone } = this.#terms;
    const form = formFor(this.#table, column.name, sample?.[field], times);
    this.#set(role, column, timeFor(this.#table, column.name, at, form, zone));
  }

  #set(role: string, column: ColumnShape, value: Written): void {
    this.#cells.set(column.name, value);
    this.#columns[role] = column.name;
  }

  /** Refuses a row that lacks a value; `facts` are the venue's ids of what it is about. */
  done(role: Addition['role'], key: ColumnShape, facts: readonly string[]): Addition {
    if (!key.filled) this.#cells.set(key.name, keyFor(key, facts[0] ?? ''));
    const missing = missingValue(this.#table, new Set(this.#cells.keys()));
    if (missing !== null) throw cannotBeAdded(missing);
    return {
      ...{ role, table: this.#table, key, cells: this.#cells, columns: this.#columns },
      fact: facts.join(' '),
    };
  }
}

/**
 * Where the database gives no key: the venue's own id, so that the same row has the same one. Null:
 * rows are numbered, on from the last one.
 */
function keyFor({ type }: ColumnShape, fact: string): Written {
  if (/char|text/.test(type) || type === '') return fact;
  if (type !== 'uuid') return null;
  const hash = createHash('sha256').update(fact).digest('hex');
  const [a, b, c] = [hash.slice(0, 8), hash.slice(8, 12), hash.slice(13, 16)];
  return `${a}-${b}-8${c}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

/** The key that the row got. */
export async function insert(session: Session, addition: Addition): Promise<string> {
  const { table, key, cells } = addition;
  const entries = [...cells].map(([name, value]) => {
    const isNumbered = name === key.name && value === null;
    const next = `(SELECT coalesce(max(${quoted(name)}), 0) + 1 FROM ${table.sql})`;
    return { name, value, mark: isNumbered ? next : '?', isNumbered };
  });
  const names = entries.map(({ name }) => quoted(name)).join(', ');
  const marks = entries.map(({ mark }) => mark).join(', ');
  const values = entries.filter(({ isNumbered }) => !isNumbered).map(({ value }) => value);
  const returned = `${quoted(key.name)} AS k`;
  const sql = `INSERT INTO ${table.sql} (${names}) VALUES (${marks}) RETURNING ${returned}`;
  const [added] = await session.rows(sql, values);
  return added!['k']!;
}

export const mayNotBeEmpty = (table: string, column: string, role: string) =>
  unsupported(
    `${table}.${column} may not be empty, and the ${role} is not known`,
    'nothing was written, because 0 would be untrue: let the column be NULL, or find the ' +
      'executions that tell it',
  );

const cannotBeAdded = (column: string) =>
  unsupported(
    `${column} may not be empty, and there is no value for it`,
    'give the column a default, or leave these rows out; nothing was written',
  );
