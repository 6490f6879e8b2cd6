/**
 * Decides and writes on one snapshot. Where the engine tells that nothing was committed since a
 * look, all is made ready before the lock is taken, and the lock is as short as the write;
 * otherwise, and where a bot writes all the time, it is made inside.
 */
import type { SourceAuditRow } from '../model/source.ts';
import type { Database, Session } from './database.ts';

export interface Prepared<Snapshot, Plan> {
  /** What the decision was made on. */
  readonly snapshot: Snapshot;
  /** Null: there is nothing to write. */
  readonly plan: Plan | null;
}

export interface Deciding<Snapshot, Plan> {
  readonly database: Database;
  /** Without a lock. */
  prepare(): Promise<Prepared<Snapshot, Plan>>;
  /** What to do inside the write; what was planned on an earlier look counts for nothing. */
  inside(): Promise<(session: Session) => Promise<Prepared<Snapshot, Plan>>>;
  /** Null: nothing changed. */
  carryOut(session: Session, plan: Plan): Promise<SourceAuditRow | null>;
}

export interface Decided<Snapshot> {
  /** Null: nothing was decided to be written, or nothing changed. */
  readonly audit: SourceAuditRow | null;
  readonly snapshot: Snapshot;
}

/** How often all is made ready without a lock, before it is done inside one. */
const looksAheadMax = 3;

export async function writeDecided<S, P>(deciding: Deciding<S, P>): Promise<Decided<S>> {
  const { database } = deciding;
  for (let looks = 0; looks < looksAheadMax; looks += 1) {
    const version = await database.version?.();
    if (version === undefined) break;
    const prepared = await deciding.prepare();
    if (prepared.plan === null) return { audit: null, snapshot: prepared.snapshot };
    const decided = await database.write(async (session) =>
      (await session.version?.()) === version ? decidedOn(deciding, session, prepared) : null,
    );
    if (decided !== null) return decided;
  }
  const prepared = await deciding.inside();
  return database.write(async (session) => decidedOn(deciding, session, await prepared(session)));
}

async function decidedOn<S, P>(
  { carryOut }: Deciding<S, P>,
  session: Session,
  { snapshot, plan }: Prepared<S, P>,
): Promise<Decided<S>> {
  return { audit: plan === null ? null : await carryOut(session, plan), snapshot };
}
