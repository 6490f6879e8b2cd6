/** Triggers on positions: what a change adds to the kept sums, and to the total. */
import { loggedNumber, logStatement } from './sqlite-log.ts';
import { type Body, ensured, positionTerms, type SqliteGuard, setTotals } from './sqlite-parts.ts';
import type { RowKeys } from './sqlite-shape.ts';
import { jsonText, type PositionTerms, units, unpriced } from './sqlite-values.ts';

type Terms = PositionTerms | null;

export function positionTriggers(guard: SqliteGuard): readonly Body[] {
  const { shape, positionKeys } = guard;
  const on = shape.positions.table;
  const [old, fresh] = [positionTerms(shape, 'OLD.'), positionTerms(shape, 'NEW.')];
  const keys = [...positionKeys.identity, ...positionKeys.unique.flat().map(({ name }) => name)];
  const moved = [...new Set(keys)].map((key) => `NEW.${key} IS NOT OLD.${key}`).join(' OR ');
  const isOther = `NOT (${sameRow(positionKeys, 'trueup_p.', 'OLD.')})`;
  return [
    { name: 'position_inserting', on: `BEFORE INSERT ON ${on}`, body: remember(guard, null) },
    {
      name: 'position_inserted',
      on: `AFTER INSERT ON ${on}`,
      body: [...replaced(guard), ...log(guard, null, fresh), ...moveSums(guard, null, fresh)],
    },
    {
      name: 'position_moving',
      on: `BEFORE UPDATE ON ${on} WHEN ${moved}`,
      body: remember(guard, isOther),
    },
    { name: 'position_moved', on: `AFTER UPDATE ON ${on} WHEN ${moved}`, body: replaced(guard) },
    {
      name: 'position_updated',
      on: `AFTER UPDATE ON ${on} WHEN ${differs(guard)}`,
      body: [...log(guard, old, fresh), ...moveSums(guard, old, fresh)],
    },
    {
      name: 'position_deleted',
      on: `AFTER DELETE ON ${on}`,
      body: [
        `DELETE FROM trueup_guard_replaced WHERE ${sameKeys(positionKeys, 'OLD.')}`,
        ...log(guard, old, null),
        ...moveSums(guard, old, null),
      ],
    },
  ];
}

function differs({ shape: { positions }, audit }: SqliteGuard): string {
  const { symbol, quantity, price, side, account } = positions;
  return [quantity, price, side, account, audit ? symbol : null]
    .filter((column) => column !== null)
    .map((column) => `NEW.${column} IS NOT OLD.${column}`)
    .join(' OR ');
}

/** Takes what the old row was worth from its account, gives what the new one is worth to its. */
function moveSums(guard: SqliteGuard, old: Terms, fresh: Terms): readonly string[] {
  const sum = (of: (terms: PositionTerms) => string) =>
    `((${share(fresh, of)}) - (${share(old, of)}))`;
  const set =
    `UPDATE trueup_guard SET units = units + ${sum(units)},` +
    ` unpriced = unpriced + ${sum(unpriced)}`;
  const owners = [old, fresh].flatMap((terms) => terms?.account ?? []);
  if (owners.length === 0) return [set, setTotals(guard)];
  const theirs = `(${owners.join(', ')})`;
  return [
    ...(fresh?.account == null ? [] : [ensured(fresh.account)]),
    `${set} WHERE account IN ${theirs}`,
    `${setTotals(guard)} AND ${guard.shape.account.id} IN ${theirs}`,
  ];
}

/** What a row gives to the row of sums at hand. */
function share(terms: Terms, of: (terms: PositionTerms) => string): string {
  if (terms === null) return '0';
  if (terms.account === null) return of(terms);
  return `CASE WHEN account = ${terms.account} THEN ${of(terms)} ELSE 0 END`;
}

/** Notes the rows that stand in the way of the new one. */
function remember({ shape, positionKeys }: SqliteGuard, besides: string | null): readonly string[] {
  const terms = positionTerms(shape, 'trueup_p.');
  const cells = [
    ...positionKeys.identity.map((key) => `trueup_p.${key}`),
    terms.account ?? `''`,
    ...[terms.symbol, terms.quantity, terms.price, units(terms), unpriced(terms)],
  ];
  const ways = [
    sameRow(positionKeys, 'trueup_p.', 'NEW.'),
    ...positionKeys.unique.map((columns) =>
      columns
        .map(({ name, collation }) => `trueup_p.${name} = NEW.${name} COLLATE ${collation}`)
        .join(' AND '),
    ),
  ];
  const inTheWay = ways.map((way) => `(${way})`).join(' OR ');
  return [
    'DELETE FROM trueup_guard_replaced',
    `INSERT INTO trueup_guard_replaced SELECT ${cells.join(', ')}` +
      ` FROM ${shape.positions.table} AS trueup_p` +
      ` WHERE (${inTheWay})${besides === null ? '' : ` AND ${besides}`}`,
  ];
}

/** Takes out what rows were worth that are gone, or that the new row took the place of. */
function replaced(guard: SqliteGuard): readonly string[] {
  const { shape, positionKeys, audit } = guard;
  const { table, account } = shape.positions;
  const keys = positionKeys.identity;
  const still = keys.map((key, at) => `trueup_p.${key} = trueup_r.key_${at}`).join(' AND ');
  const taken = keys.map((key, at) => `trueup_r.key_${at} = NEW.${key}`).join(' AND ');
  const gone = `(${taken} OR NOT EXISTS (SELECT 1 FROM ${table} AS trueup_p WHERE ${still}))`;
  const lost = (column: string) =>
    `coalesce((SELECT sum(trueup_r.${column}) FROM trueup_guard_replaced AS trueup_r` +
    ` WHERE trueup_r.account = trueup_guard.account AND ${gone}), 0)`;
  const owners = '(SELECT trueup_r.account FROM trueup_guard_replaced AS trueup_r)';
  const whose = account === null ? '' : ` AND ${shape.account.id} IN ${owners}`;
  return [
    ...(audit ? [logReplaced(guard, `FROM trueup_guard_replaced AS trueup_r WHERE ${gone}`)] : []),
    `UPDATE trueup_guard SET units = units - ${lost('units')},` +
      ` unpriced = unpriced - ${lost('unpriced')} WHERE account IN ${owners}`,
    `${setTotals(guard)} AND EXISTS (SELECT 1 FROM trueup_guard_replaced)${whose}`,
    'DELETE FROM trueup_guard_replaced',
  ];
}

function logReplaced({ shape, positionsName }: SqliteGuard, from: string): string {
  const { symbol, quantity, price } = shape.positions;
  const before = {
    [symbol]: jsonText('trueup_r.symbol'),
    [quantity]: loggedNumber('trueup_r.quantity'),
    [price]: loggedNumber('trueup_r.price'),
  };
  return logStatement({ table: positionsName, key: 'trueup_r.symbol', before, after: null, from });
}

function log({ shape, positionsName, audit }: SqliteGuard, old: Terms, fresh: Terms) {
  if (!audit) return [];
  const { symbol, quantity, price } = shape.positions;
  const image = (terms: Terms) =>
    terms && {
      [symbol]: jsonText(terms.symbol),
      [quantity]: loggedNumber(terms.quantity),
      [price]: loggedNumber(terms.price),
    };
  const key = (fresh ?? old)!.symbol;
  return [logStatement({ table: positionsName, key, before: image(old), after: image(fresh) })];
}

const sameRow = ({ identity }: RowKeys, left: string, right: string): string =>
  identity.map((key) => `${left}${key} = ${right}${key}`).join(' AND ');

const sameKeys = ({ identity }: RowKeys, prefix: string): string =>
  identity.map((key, at) => `key_${at} = ${prefix}${key}`).join(' AND ');
