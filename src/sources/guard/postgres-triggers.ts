/**
 * The guard on PostgreSQL, as the statements that make it. Triggers of positions are for whole
 * statements, with the rows that the statement wrote as tables: an update of ten thousand prices
 * is one update of the account. `trueup_guard` keeps the exact sum of each account's positions.
 */
import { functionSql, postgresFunctions, setTotals, sumsTable } from './postgres-functions.ts';
import type { PostgresGuard } from './postgres-shape.ts';
import { keyOf, owner, unpriced, value } from './postgres-values.ts';

export interface PostgresTrigger {
  readonly name: string;
  readonly table: string;
  readonly timing: 'BEFORE' | 'AFTER';
  readonly events: readonly ('INSERT' | 'UPDATE' | 'DELETE' | 'TRUNCATE')[];
  readonly forEach: 'ROW' | 'STATEMENT';
  readonly oldTable: boolean;
  readonly newTable: boolean;
  readonly calls: string;
}

/** Of triggers for the same event the server runs the first by name first: the log, then us. */
export function postgresTriggers({ shape, audit }: PostgresGuard): readonly PostgresTrigger[] {
  const [account, positions] = [shape.account.table, shape.positions.table];
  const rows = { timing: 'AFTER', forEach: 'ROW', oldTable: false, newTable: false } as const;
  const all = { timing: 'AFTER', forEach: 'STATEMENT' } as const;
  const gate = { ...rows, timing: 'BEFORE', forEach: 'STATEMENT' } as const;
  const writes = ['INSERT', 'UPDATE', 'DELETE'] as const;
  const sums = (event: (typeof writes)[number], name: string): PostgresTrigger => ({
    ...{ ...all, name, calls: name, table: positions, events: [event] },
    oldTable: event !== 'INSERT',
    newTable: event !== 'DELETE',
  });
  const own = (name: string, table: string, calls = name): PostgresTrigger => ({
    ...{ ...rows, name, table, calls, events: writes },
  });
  return [
    { ...own('trueup_guard_gate', account), ...gate },
    { ...own('trueup_guard_gate', positions), ...gate },
    sums('INSERT', 'trueup_guard_inserted'),
    sums('UPDATE', 'trueup_guard_updated'),
    sums('DELETE', 'trueup_guard_deleted'),
    {
      ...own('trueup_guard_truncated', positions),
      ...{ ...all, events: ['TRUNCATE'] },
    },
    own('trueup_guard_account', account),
    ...(audit
      ? [own('trueup_audit_account', account), own('trueup_audit_position', positions)]
      : []),
  ];
}

export function triggerSql({ schema }: PostgresGuard, trigger: PostgresTrigger): string {
  const { name, table, timing, events, forEach, oldTable, newTable, calls } = trigger;
  const tables = [
    oldTable ? 'OLD TABLE AS trueup_old' : '',
    newTable ? 'NEW TABLE AS trueup_new' : '',
  ].filter(Boolean);
  const referencing = tables.length === 0 ? '' : `REFERENCING ${tables.join(' ')} `;
  return (
    `CREATE TRIGGER ${name} ${timing} ${events.join(' OR ')} ON ${table} ` +
    `${referencing}FOR EACH ${forEach} EXECUTE FUNCTION ${schema}.${calls}()`
  );
}

/** Nobody but their owner may read or write the sums, whatever defaults this database has. */
export const postgresTables = (guard: PostgresGuard): readonly string[] => [
  `CREATE TABLE ${sumsTable(guard)} (account ${guard.keyType} PRIMARY KEY, value numeric NOT NULL,
  unpriced bigint NOT NULL, logged text)`,
  `REVOKE ALL ON ${sumsTable(guard)} FROM PUBLIC`,
];

/** What the kept sums must be: `account`, `value`, `unpriced`, from every row. */
export function postgresSumsNow(guard: PostgresGuard): string {
  const several = guard.shape.positions.account !== null;
  const account = owner(guard, 'p');
  return `SELECT ${account} AS account, coalesce(sum(${value(guard, 'p')}), 0) AS value,
    coalesce(sum(${unpriced(guard, 'p')}), 0) AS unpriced FROM ${guard.shape.positions.table} AS p
    ${several ? `WHERE ${account} IS NOT NULL GROUP BY 1` : ''}`;
}

/** Sums from the rows as they are, and the totals that follow from them. */
export function postgresSums(guard: PostgresGuard): readonly string[] {
  const { table, id, total } = guard.shape.account;
  const sums = sumsTable(guard);
  const several = guard.shape.positions.account !== null;
  return [
    `INSERT INTO ${sums} (account, value, unpriced) ${postgresSumsNow(guard)}`,
    ...(several
      ? [
          `INSERT INTO ${sums} (account, value, unpriced) SELECT DISTINCT ${keyOf(guard, 'a')}, 0, 0
  FROM ${table} AS a WHERE ${id} IS NOT NULL ON CONFLICT DO NOTHING`,
        ]
      : []),
    setTotals(guard, 'true'),
    ...(guard.audit
      ? [
          `UPDATE ${sums} AS g SET logged = a.${total}::text FROM ${table} AS a
  WHERE g.account = ${keyOf(guard, 'a')}`,
        ]
      : []),
  ];
}

export const postgresStatements = (guard: PostgresGuard): readonly string[] => [
  ...postgresTables(guard),
  ...postgresSums(guard),
  ...postgresFunctions(guard).flatMap((one) => [
    functionSql(guard, one),
    `REVOKE ALL ON FUNCTION ${guard.schema}.${one.name}() FROM PUBLIC`,
  ]),
  ...postgresTriggers(guard).map((one) => triggerSql(guard, one)),
];
