/**
 * The guard: triggers inside the bot's own database that keep the account's total equal to cash
 * and positions, whoever writes. It comes and goes in one transaction, and everything it makes
 * has a name that begins with `trueup_`.
 */
import type { Clock } from '../../model/instant.ts';
import type { SourceChange, SourceEngine, SourceGuard } from '../../model/source.ts';
import { appendAudit, auditTableOf } from '../audit-log.ts';
import type { CellRow, Database, Query, Session, TableShape } from '../database.ts';
import type { FalconShape } from '../falcon/shape.ts';
import type { GuardOptions, Source } from '../source.ts';
import { select } from '../sql.ts';
import type { GuardEngine } from './engine.ts';
import { postgresEngine } from './postgres-engine.ts';
import { refuseUnguardable } from './refusals.ts';
import { sqliteEngine } from './sqlite-engine.ts';

const engines: Readonly<Record<SourceEngine, GuardEngine>> = {
  sqlite: sqliteEngine,
  postgresql: postgresEngine,
};

/** The guard as it is found; cheap enough for every look: a pass or two over the positions. */
export const readGuard = (
  query: Query,
  engine: SourceEngine,
  shape: FalconShape,
): Promise<SourceGuard> => engines[engine].read(query, shape);

export interface GuardRim {
  readonly clock: Clock;
  /** Takes the day's backup, where there is none yet. */
  readonly beforeFirstWrite: () => Promise<string | null>;
}

export function guardOf(database: Database, shape: FalconShape, rim: GuardRim): Source['guard'] {
  const engine = engines[database.engine];
  const status = () => database.read((query) => engine.read(query, shape));
  /** A row of the log beside what is done, in the same transaction. */
  const note = (session: Session, table: TableShape | null, why: string, changes: Changes) =>
    appendAudit(session, database.engine, table, {
      ...{ at: rim.clock.now(), actor: 'trueup', action: 'log', changes, why, undoes: null },
    });

  const installed = async (session: Session, options: GuardOptions): Promise<SourceGuard> => {
    await engine.lock?.(session, shape);
    await engine.refuse(session, shape);
    const found = await engine.read(session, shape);
    if (isDone(found, options)) return found;
    const totals = await totalsOf(session, shape);
    const audit = options.audit || found.audited;
    await engine.install(session, shape, audit);
    const changes = changesOf(shape, totals, await totalsOf(session, shape));
    await note(session, null, whyInstalled(found, audit), changes);
    return engine.read(session, shape);
  };

  return {
    status,
    async statements({ audit }) {
      refuseUnguardable(shape, database.engine);
      return database.read(async (query) => {
        await engine.refuse(query, shape);
        return engine.statements(query, shape, audit);
      });
    },
    async install(options) {
      refuseUnguardable(shape, database.engine);
      const found = await database.read(async (query) => {
        await engine.refuse(query, shape);
        return engine.read(query, shape);
      });
      if (isDone(found, options)) return found;
      await rim.beforeFirstWrite();
      return database.write((session) => installed(session, options));
    },
    async remove() {
      if ((await status()).state === 'absent') return;
      await rim.beforeFirstWrite();
      const log = auditTableOf(await database.tables());
      await database.write(async (session) => {
        await engine.remove(session, shape);
        if (log !== null) await note(session, log, 'the guard was removed', []);
      });
    },
  };
}

type Changes = readonly SourceChange[];

/** An audited guard stays one: who puts it back need not know how it was installed. */
const isDone = (guard: SourceGuard, { audit }: GuardOptions): boolean =>
  guard.state === 'installed' && (guard.audited || !audit) && guard.unlogged.length === 0;

function whyInstalled(found: SourceGuard, audit: boolean): string {
  const state = found.state === 'absent' ? 'was installed' : 'was installed anew';
  const reasons = [...(found.state === 'altered' ? found.findings : []), ...found.unlogged];
  const because = reasons.length === 0 ? '' : `: ${reasons.join('; ')}`;
  return `the guard ${state}${audit ? ', with the log of every change' : ''}${because}`;
}

const totalsOf = (query: Query, { account }: FalconShape): Promise<readonly CellRow[]> =>
  query.rows(`${select(account.table, { id: account.id, total: account.total })} ORDER BY 1`);

/** Totals that the installation put right, as they were and as they are. */
function changesOf(
  { account }: FalconShape,
  before: readonly CellRow[],
  after: readonly CellRow[],
): Changes {
  const image = (total: string | null | undefined) => ({ [account.total!]: total ?? null });
  return after.flatMap(({ id, total }, at) => {
    const was = before[at]?.['total'];
    const named = { role: 'total', accountId: id ?? null, column: account.total! } as const;
    const change = { table: account.table.name, key: id ?? '', ...named };
    return was === total ? [] : [{ ...change, before: image(was), after: image(total) }];
  });
}
