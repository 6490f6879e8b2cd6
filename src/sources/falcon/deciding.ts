/**
 * Sums and writes on one snapshot. Where the engine tells that nothing was committed since a look,
 * the sum is made before the lock is taken, and the lock is as short as the write; otherwise, and
 * where a bot writes all the time, it is made inside.
 */
import type { SourceSnapshot, SourceWrite } from '../../model/source.ts';
import { appendAudit } from '../audit-log.ts';
import type { Database, Query, Session } from '../database.ts';
import type { Decide, Written } from '../source.ts';
import type { Look, Looking } from './look.ts';
import { refuseUnsupported } from './refusals.ts';
import { carryOut, type Plan, planOf } from './writing.ts';

export interface Deciding {
  readonly database: Database;
  readonly decide: Decide;
  looking(): Promise<Looking>;
  /** Without a lock. */
  look(): Promise<Look>;
  lookInside(query: Query, looking: Looking): Promise<Look>;
  snapshotOf(look: Look): SourceSnapshot;
}

type Outcome = Omit<Written, 'backup'>;

/** How often a sum is made without a lock, before it is made inside one. */
const sumsAheadMax = 3;

export async function writeDecided(deciding: Deciding): Promise<Outcome> {
  for (let sums = 0; sums < sumsAheadMax; sums += 1) {
    const version = await deciding.database.version?.();
    if (version === undefined) break;
    const looking = await deciding.looking();
    const prepared = preparedOn(deciding, looking, await deciding.look());
    if (prepared.plan === null) return { audit: null, snapshot: prepared.snapshot };
    const outcome = await deciding.database.write(async (session) =>
      (await session.version?.()) === version ? written(deciding, session, prepared) : null,
    );
    if (outcome !== null) return outcome;
  }
  return writeInside(deciding);
}

/** What would be written is made ready, and refused where it would be; nothing is locked. */
export async function rehearsed(deciding: Deciding): Promise<SourceSnapshot> {
  const looking = await deciding.looking();
  return preparedOn(deciding, looking, await deciding.look()).snapshot;
}

async function writeInside(deciding: Deciding): Promise<Outcome> {
  const looking = await deciding.looking();
  return deciding.database.write(async (session) => {
    await session.lock?.(looking.shape.account.table);
    const look = await deciding.lookInside(session, looking);
    return written(deciding, session, preparedOn(deciding, looking, look));
  });
}

interface Prepared {
  readonly looking: Looking;
  readonly snapshot: SourceSnapshot;
  /** Null: there is nothing to write. */
  readonly plan: Plan | null;
}

/** What was planned on an earlier look counts for nothing. */
function preparedOn({ decide, snapshotOf }: Deciding, looking: Looking, look: Look): Prepared {
  const snapshot = snapshotOf(look);
  const wanted = decide(snapshot);
  if (wanted === null) return { looking, snapshot, plan: null };
  refuseUnsupported(look.shape, wanted, look.accounts.length);
  return { looking, snapshot, plan: planOf({ look, zone: snapshot.zone.name }, wanted) };
}

async function written(
  { database }: Deciding,
  session: Session,
  { looking, snapshot, plan }: Prepared,
): Promise<Outcome> {
  if (plan === null) return { audit: null, snapshot };
  const changes = await carryOut(session, plan);
  if (changes.length === 0) return { audit: null, snapshot };
  const { at, why } = plan.wanted;
  const action = isRecord(plan.wanted) ? 'record' : 'update';
  const row = { at, actor: 'trueup', action, changes, why, undoes: null } as const;
  return { audit: await appendAudit(session, database.engine, looking.auditTable, row), snapshot };
}

const isRecord = ({ totals, prices }: SourceWrite): boolean => totals.length + prices.length === 0;
