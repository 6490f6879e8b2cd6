/** Triggers on the account's own row: cash that changes, and totals that the bot writes itself. */
import { loggedNumber, logStatement } from './sqlite-log.ts';
import {
  type Body,
  ensured,
  isWrong,
  type SqliteGuard,
  setTotals,
  totalOf,
} from './sqlite-parts.ts';
import { exactText, jsonText } from './sqlite-values.ts';

export function accountTriggers(guard: SqliteGuard): readonly Body[] {
  const { shape, audit } = guard;
  const { table, id, cash, total } = shape.account;
  const several = shape.positions.account !== null;
  const row = several ? [ensured(`NEW.${id}`)] : [];
  const changed = [id, cash, total].map((one) => `NEW.${one} IS NOT OLD.${one}`).join(' OR ');
  const idle = `NOT EXISTS (SELECT 1 FROM trueup_guard WHERE busy = 1${sumsOf(guard, ' AND')})`;
  const when = audit ? changed : isWrong(shape, 'NEW.');
  const inserted = {
    name: 'account_inserted',
    on: `AFTER INSERT ON ${table}`,
    body: [
      ...row,
      ...(audit ? [log(guard, null, 'NEW.'), logged(guard, exactText(`NEW.${total}`))] : []),
      `${setTotals(guard)}${several ? ` AND ${id} = NEW.${id}` : ''}`,
    ],
  };
  const updated = {
    name: 'account_updated',
    on: `AFTER UPDATE ON ${table} WHEN (${when}) AND ${idle}`,
    body: [...row, ...(audit ? [log(guard, 'OLD.', 'NEW.')] : []), ...corrected(guard)],
  };
  const deleted = {
    name: 'account_deleted',
    on: `AFTER DELETE ON ${table}`,
    body: [...(audit ? [log(guard, 'OLD.', null)] : []), ...(several ? [] : [setTotals(guard)])],
  };
  return [inserted, updated, ...(deleted.body.length === 0 ? [] : [deleted])];
}

/**
 * Puts the total right, and the log in order. While that happens the guard is busy: this trigger
 * is not to fire again, whether recursive triggers are on or off, nor to fight with another one.
 */
function corrected(guard: SqliteGuard): readonly string[] {
  const { shape, audit } = guard;
  const { id, total } = shape.account;
  const wrong = isWrong(shape, 'NEW.');
  const right = totalOf(shape, 'NEW.');
  const several = shape.positions.account !== null;
  const last = `(SELECT CASE WHEN ${wrong} THEN ${right} ELSE NEW.${total} END AS total)`;
  const text = `(SELECT ${exactText('trueup_t.total')} FROM ${last} AS trueup_t)`;
  const end = audit ? `, logged = ${text}` : '';
  return [
    ...(audit ? [correction(guard, right, `WHERE ${wrong}`)] : []),
    `UPDATE trueup_guard SET busy = 1${sumsOf(guard, ' WHERE')}`,
    `${setTotals(guard)}${several ? ` AND ${id} = NEW.${id}` : ''}`,
    `UPDATE trueup_guard SET busy = 0${end}${sumsOf(guard, ' WHERE')}`,
  ];
}

/** The row of sums that belongs to the new row. */
const sumsOf = ({ shape }: SqliteGuard, before: string): string =>
  shape.positions.account === null ? '' : `${before} account = NEW.${shape.account.id}`;

const logged = (guard: SqliteGuard, text: string): string =>
  `UPDATE trueup_guard SET logged = ${text}${sumsOf(guard, ' WHERE')}`;

function log({ shape, accountName }: SqliteGuard, old: string | null, fresh: string | null) {
  const { id, cash, total } = shape.account;
  const image = (prefix: string | null) =>
    prefix === null
      ? null
      : {
          [id]: jsonText(`CAST(${prefix}${id} AS TEXT)`),
          [cash]: loggedNumber(`${prefix}${cash}`),
          [total]: loggedNumber(`${prefix}${total}`),
        };
  const key = `${fresh ?? old}${id}`;
  return logStatement({ table: accountName, key, before: image(old), after: image(fresh) });
}

function correction({ shape, accountName }: SqliteGuard, right: string, where: string): string {
  const { id, cash, total } = shape.account;
  const same = {
    [id]: jsonText(`CAST(NEW.${id} AS TEXT)`),
    [cash]: loggedNumber(`NEW.${cash}`),
  };
  const fixed = loggedNumber('trueup_t.total');
  return logStatement({
    table: accountName,
    key: `NEW.${id}`,
    before: { ...same, [total]: loggedNumber(`NEW.${total}`) },
    after: { ...same, [total]: fixed },
    from: `FROM (SELECT ${right} AS total) AS trueup_t ${where}`,
  });
}
