/**
 * Finds the tables and columns of a schema under any of the names that bots give them. The first
 * name that a table has is taken, whatever its case.
 */
import { nearest } from '../model/nearest.ts';
import type { ColumnShape, TableShape } from './database.ts';
import { SourceError } from './source-error.ts';

export interface WantedColumn {
  readonly names: readonly string[];
  readonly required: boolean;
  readonly because: string;
}

export interface WantedTable {
  readonly names: readonly string[];
  readonly required: boolean;
  readonly columns: Readonly<Record<string, WantedColumn>>;
}

export const required = (names: string, because: string): WantedColumn => ({
  names: names.split(' '),
  required: true,
  because,
});

export const optional = (names: string, because: string): WantedColumn => ({
  names: names.split(' '),
  required: false,
  because,
});

export interface FoundTable {
  readonly table: TableShape;
  /** By the name of the field: the column that holds it, or null. */
  readonly columns: Readonly<Record<string, ColumnShape | null>>;
  /** The first names of required columns that are not there. */
  readonly missing: readonly string[];
}

/** What is ours is never taken for theirs. */
export const theirsOf = (tables: readonly TableShape[]): readonly TableShape[] =>
  tables.filter(({ name }) => !name.toLowerCase().startsWith('trueup_'));

/** Of several tables that could be meant, the first that is whole; null: there is none at all. */
export function foundTable(tables: readonly TableShape[], wanted: WantedTable): FoundTable | null {
  const candidates = wanted.names
    .flatMap((one) => tables.filter((table) => table.name.toLowerCase() === one))
    .map((table) => foundIn(table, wanted));
  return candidates.find(({ missing }) => missing.length === 0) ?? candidates[0] ?? null;
}

function foundIn(table: TableShape, wanted: WantedTable): FoundTable {
  const columnOf = (names: readonly string[]) =>
    names
      .map((name) => table.columns.find((column) => column.name.toLowerCase() === name))
      .find((column) => column !== undefined) ?? null;
  const fields = Object.entries(wanted.columns);
  const columns = fields.map(([field, { names }]) => [field, columnOf(names)] as const);
  return {
    table,
    columns: Object.fromEntries(columns),
    missing: fields
      .filter(([, one]) => one.required && columnOf(one.names) === null)
      .map(([, { names }]) => names[0]!),
  };
}

/** One sentence for each thing that is not there, with what is near. */
export function missingOf(
  tables: readonly TableShape[],
  name: string,
  one: FoundTable | null,
): readonly string[] {
  if (one === null) {
    const near = nearest(
      name,
      tables.map((table) => table.name),
    );
    return [`there is no table ${name}${near === null ? '' : ` (${near} is near)`}`];
  }
  const columns = one.table.columns.map((column) => column.name);
  return one.missing.map((column) => {
    const near = nearest(column, columns);
    const hint = near === null ? '' : ` (${near} is near)`;
    return `${one.table.name} has no column ${column}${hint}`;
  });
}

/** A database of another schema, with what it lacks of this one: the nearest schema is told. */
export class Unrecognised extends SourceError {
  readonly missing: readonly string[];

  constructor(message: string, missing: readonly string[], hint: string) {
    super('source-unrecognised', message, hint);
    this.missing = missing;
  }
}

export function unrecognised(
  location: string,
  tables: readonly TableShape[],
  missing: readonly string[],
  hint: string,
): Unrecognised {
  const listed = tables.map(
    ({ name, columns }) => `${name}(${columns.map((column) => column.name).join(', ')})`,
  );
  const there = listed.length === 0 ? 'it has no tables' : `found: ${listed.join(' · ')}`;
  const message = `${location} has no schema that is known: ${missing.join('; ')}. ${there}`;
  return new Unrecognised(message, missing, hint);
}
