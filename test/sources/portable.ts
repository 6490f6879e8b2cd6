/**
 * Databases of bots as tables of text, made alike on every engine:
 *
 *   account   id:id! cash:money total_value:money last_updated:time
 *     1  1058.70  10000  2026-01-10T16:05:12.123456
 *
 * A cell is NULL where it is `-`, and `_` stands for a blank in it.
 */
import type { SourceEngine } from '../../src/model/source.ts';

/** `name:kind`, with `!` for the key. */
export type PortableTables = Readonly<
  Record<string, readonly [columns: string, ...rows: string[]]>
>;

const kinds: Readonly<Record<string, Readonly<Record<SourceEngine, string>>>> = {
  id: { sqlite: 'INTEGER', postgresql: 'INTEGER' },
  text: { sqlite: 'TEXT', postgresql: 'TEXT' },
  money: { sqlite: 'REAL', postgresql: 'DECIMAL(15,2)' },
  quantity: { sqlite: 'REAL', postgresql: 'DECIMAL(15,4)' },
  /** A binary float on every engine. */
  float: { sqlite: 'REAL', postgresql: 'DOUBLE PRECISION' },
  time: { sqlite: 'TEXT', postgresql: 'TIMESTAMP' },
};

export const sqlOf = (engine: SourceEngine, tables: PortableTables): readonly string[] =>
  Object.entries(tables).flatMap(([name, [columns, ...rows]]) => {
    const declared = columns.split(' ').map((column) => {
      const [title, kind] = column.replace('!', '').split(':');
      const type = kinds[kind!]?.[engine] ?? kind;
      return `"${title}" ${type}${column.endsWith('!') ? ' PRIMARY KEY' : ''}`;
    });
    const isNumber = columns.split(' ').map((column) => /:(id|money|quantity|float)/.test(column));
    return [
      `CREATE TABLE "${name}" (${declared.join(', ')})`,
      ...rows.map((row) => `INSERT INTO "${name}" VALUES (${cellsOf(row, isNumber)})`),
    ];
  });

function cellsOf(row: string, isNumber: readonly boolean[]): string {
  const cells = row.trim().split(/ +/);
  return cells
    .map((cell, at) => {
      if (cell === '-') return 'NULL';
      const text = cell.replaceAll('_', ' ');
      return isNumber[at] && /^[-+.\de]+$/.test(text) ? text : `'${text}'`;
    })
    .join(', ');
}
