/** What is decided on a look of the schema, and how it is written. */
import type { SourceSnapshot, SourceWrite } from '../../model/source.ts';
import { appendAudit } from '../audit-log.ts';
import type { Database, Query } from '../database.ts';
import type { Deciding, Prepared } from '../deciding.ts';
import type { Decide } from '../source.ts';
import type { Look, Looking } from './look.ts';
import { refuseUnsupported } from './refusals.ts';
import { carryOut, type Plan, planOf } from './writing.ts';

export interface DecidingParts {
  readonly database: Database;
  readonly decide: Decide;
  looking(): Promise<Looking>;
  /** Without a lock. */
  look(): Promise<Look>;
  lookInside(query: Query, looking: Looking): Promise<Look>;
  snapshotOf(look: Look): SourceSnapshot;
}

interface FalconPlan extends Plan {
  readonly auditTable: Looking['auditTable'];
}

export function decidingOf(parts: DecidingParts): Deciding<SourceSnapshot, FalconPlan> {
  const { database } = parts;
  return {
    database,
    async prepare() {
      const looking = await parts.looking();
      return preparedOn(parts, looking, await parts.look());
    },
    async inside() {
      const looking = await parts.looking();
      return async (session) => {
        await session.lock?.(looking.shape.account.table);
        return preparedOn(parts, looking, await parts.lookInside(session, looking));
      };
    },
    async carryOut(session, plan) {
      const changes = await carryOut(session, plan);
      if (changes.length === 0) return null;
      const { at, why } = plan.wanted;
      const action = isRecord(plan.wanted) ? 'record' : 'update';
      const row = { at, actor: 'trueup', action, changes, why, undoes: null } as const;
      return appendAudit(session, database.engine, plan.auditTable, row);
    },
  };
}

function preparedOn(
  { decide, snapshotOf }: DecidingParts,
  { auditTable }: Looking,
  look: Look,
): Prepared<SourceSnapshot, FalconPlan> {
  const snapshot = snapshotOf(look);
  const wanted = decide(snapshot);
  if (wanted === null) return { snapshot, plan: null };
  refuseUnsupported(look.shape, wanted, look.accounts.length);
  const plan = planOf({ look, zone: snapshot.zone.name }, wanted);
  return { snapshot, plan: { ...plan, auditTable } };
}

const isRecord = ({ totals, prices }: SourceWrite): boolean => totals.length + prices.length === 0;
