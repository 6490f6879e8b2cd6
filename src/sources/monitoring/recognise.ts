/** Finds the schema in a database's tables, or says what is there and what is missing. */
import type { TableShape } from '../database.ts';
import {
  type FoundTable,
  foundTable,
  missingOf,
  theirsOf,
  unrecognised,
} from '../wanted-tables.ts';
import { type WantedName, wantedTables } from './columns.ts';
import type { Generation, MonitoringShape, TableOf } from './shape.ts';

export const generationText: Readonly<Record<Generation, string>> = {
  'pnl-only': 'one column for PnL, neither fees nor exit price',
  'realized-pnl': 'realised PnL and fees, no exit price',
  'exit-price': 'exit price, realised PnL and fees',
};

const leastText =
  'name the database that the bot writes; monitoring.positions(id, symbol, side, quantity, ' +
  'entry_price, status) is the least that can be read';

/** `monitoring` first, then where the bot's statements look, then whatever other schemas hold. */
const schemaNamed = 'monitoring';

export function recogniseMonitoring(
  tables: readonly TableShape[],
  location: string,
): MonitoringShape {
  const schemas = schemasOf(theirsOf(tables));
  const whole = schemas.filter((one) => isWhole(one));
  const [first, ...others] = whole;
  const isNamed = first?.[0]?.schema === schemaNamed || first?.[0]?.isOnPath !== false;
  if (first !== undefined && (isNamed || others.length === 0)) return shapeOf(first);
  if (first !== undefined) throw ambiguous(location, tables, whole);
  const nearest = schemas.find((one) => positionsIn(one) !== null) ?? theirsOf(tables);
  throw unrecognised(location, nearest, missingIn(nearest), leastText);
}

/** Tables by their schema, in the order in which they are tried. */
function schemasOf(tables: readonly TableShape[]): readonly (readonly TableShape[])[] {
  const rank = ({ schema, isOnPath }: TableShape) =>
    schema === schemaNamed ? 0 : isOnPath === false ? 2 : 1;
  const groups = Map.groupBy(tables, (table) => (rank(table) === 1 ? '' : table.schema));
  return [...groups.values()].sort((a, b) => rank(a[0]!) - rank(b[0]!));
}

const positionsIn = (tables: readonly TableShape[]) => foundTable(tables, wantedTables.positions);

/** Somebody's cash beside it: then it is a bot that keeps a total, and its positions are others. */
const accountNames = ['account', 'accounts'];
const isOther = (tables: readonly TableShape[]): boolean =>
  tables.some(
    ({ name, columns }) =>
      accountNames.includes(name.toLowerCase()) &&
      columns.some((column) => /^cash(_balance)?$/i.test(column.name)),
  );

const isWhole = (tables: readonly TableShape[]): boolean =>
  missingIn(tables).length === 0 && !isOther(tables);

function missingIn(tables: readonly TableShape[]): readonly string[] {
  const missing = missingOf(tables, 'positions', positionsIn(tables));
  const other = isOther(tables) ? ['it keeps an account with cash, as schema falcon does'] : [];
  return [...missing, ...other];
}

function shapeOf(tables: readonly TableShape[]): MonitoringShape {
  const positions = foundTable(tables, wantedTables.positions)!;
  const { exitPrice, realised, fees } = positions.columns;
  const keepsExit = exitPrice !== null && realised !== null;
  return {
    generation: keepsExit ? 'exit-price' : realised || fees ? 'realized-pnl' : 'pnl-only',
    positions: tableOf<'positions'>(positions),
    orders: whole<'orders'>(foundTable(tables, wantedTables.orders)),
    trades: whole<'trades'>(foundTable(tables, wantedTables.trades)),
  };
}

const tableOf = <K extends WantedName>({ table, columns }: FoundTable): TableOf<K> => ({
  table,
  columns: columns as TableOf<K>['columns'],
});

/** A table without one of its required columns is somebody else's, and is left alone. */
const whole = <K extends WantedName>(one: FoundTable | null): TableOf<K> | null =>
  one === null || one.missing.length > 0 ? null : tableOf<K>(one);

function ambiguous(
  location: string,
  tables: readonly TableShape[],
  whole: readonly (readonly TableShape[])[],
) {
  const names = whole.map(([first]) => first?.schema ?? '');
  const missing = [`positions are kept in several schemas: ${names.join(', ')}`];
  const hint = `name one in the address: ?schema=${names[0]}`;
  return unrecognised(location, theirsOf(tables), missing, hint);
}
