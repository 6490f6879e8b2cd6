/** How breaks of a source go on when something was written into it that repairs them. */
import { sha256 } from '../../journal/digest.ts';
import type { Break, LineKind } from '../../model/break.ts';
import type { Instant } from '../../model/instant.ts';
import { move } from '../../model/life-cycle.ts';
import { invariant } from '../../model/result.ts';
import type { SourceAuditRow } from '../../model/source.ts';

/** What a write can repair, by the table that it changed. */
const repairs: Readonly<Record<string, LineKind>> = {
  account: 'total',
  performance: 'performance',
  positions: 'price',
};

const repairable: ReadonlySet<Break['state']> = new Set([
  ...(['OPEN', 'EXPLAINED', 'REOPENED', 'PROPOSED', 'APPROVED'] as const),
]);

/**
 * The steps to REPAIRED, in their order: whoever wrote the truth into the source proposed it,
 * approved it and carried it out. Only the comparison that follows says whether it did repair.
 */
export function stepsOfWrites(
  breaks: readonly Break[],
  rows: readonly SourceAuditRow[],
  at: Instant,
  { accountId, actor }: { readonly accountId: string; readonly actor: string | null },
): readonly Break[] {
  return rows.flatMap((row) => {
    if (row.action === 'undo') return [];
    const own = row.changes.filter(({ table, key }) => table !== 'account' || key === accountId);
    const kinds = new Set(own.map(({ table }) => repairs[table]));
    const met = breaks.filter((one) => repairable.has(one.state) && kinds.has(one.lines[0]!.what));
    return met.flatMap((one) => stepsOf(one, row, at, actor));
  });
}

function stepsOf(
  one: Break,
  row: SourceAuditRow,
  at: Instant,
  actor: string | null,
): readonly Break[] {
  const planHash = sha256(JSON.stringify([one.account, one.id, row.id, row.changes]));
  const steps: Break[] = [];
  let now = one;
  const take = (to: Break['state'], more: Partial<Break> = {}) => {
    const moved = move(now, to, at);
    invariant(moved.ok, `${one.id} can become ${to} from ${now.state}`);
    now = { ...moved.value, ...more };
    steps.push(now);
  };
  // What was proposed before was another plan than what was written.
  if (now.state === 'PROPOSED' || now.state === 'APPROVED') take('EXPLAINED', { repair: null });
  take('PROPOSED', { repair: { planHash, needsApproval: actor !== null } });
  take('APPROVED', actor === null ? {} : { approvedBy: sha256(actor) });
  take('REPAIRED');
  return steps;
}

/** Breaks as the last of their steps leaves them. */
export function afterSteps(breaks: readonly Break[], steps: readonly Break[]): readonly Break[] {
  const after = new Map(steps.map((one) => [one.id, one]));
  return breaks.map((one) => after.get(one.id) ?? one);
}
