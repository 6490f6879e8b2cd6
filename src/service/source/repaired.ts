/** How breaks of a source go on when something was written into it that repairs them. */
import { sha256 } from '../../journal/digest.ts';
import type { Break } from '../../model/break.ts';
import type { Instant } from '../../model/instant.ts';
import { move } from '../../model/life-cycle.ts';
import { invariant } from '../../model/result.ts';
import type { SourceAuditRow, SourceChange } from '../../model/source.ts';

type Role = NonNullable<SourceChange['role']>;

/** What a write can set right, by what it wrote: an old record stays wrong beside a new one. */
const repairs: Readonly<Record<Role, ((one: Break) => boolean) | null>> = {
  total: ({ lines }) => lines[0]!.what === 'total',
  record: ({ reason }) => reason === 'PERFORMANCE_STALE',
  price: null,
  // Of databases that keep positions: their breaks go on by rows of their own.
  position: null,
  order: null,
  trade: null,
};

/** Whether what was written in that role can set it right. */
export const repairsWith = (role: Role, one: Break): boolean => repairs[role]?.(one) === true;

const repairable: ReadonlySet<Break['state']> = new Set([
  ...(['OPEN', 'EXPLAINED', 'REOPENED', 'PROPOSED', 'APPROVED'] as const),
]);

export interface RepairTerms {
  readonly at: Instant;
  readonly accountId: string;
  /** Null: nobody at a keyboard. */
  readonly actor: string | null;
  /** The plan that was written, and of which break; absent: nobody was asked for one. */
  readonly agreed?: { readonly breakId: string; readonly plan: string } | undefined;
}

/**
 * The steps to REPAIRED, in their order: whoever wrote the truth into the source proposed it,
 * approved it and carried it out. Only the comparison that follows says whether it did repair.
 */
export function stepsOfWrites(
  breaks: readonly Break[],
  rows: readonly SourceAuditRow[],
  terms: RepairTerms,
): readonly Break[] {
  const steps: Break[] = [];
  for (const row of rows) {
    if (row.action === 'undo') continue;
    const met = afterSteps(breaks, steps).filter((one) => isMet(one, row, terms));
    steps.push(...met.flatMap((one) => stepsOf(one, row, terms)));
  }
  return steps;
}

/** As `stepsOfWrites`, of rows that are found later: what opened behind a row is none of its. */
export function stepsOfFound(
  breaks: readonly Break[],
  rows: readonly SourceAuditRow[],
  terms: RepairTerms,
): readonly Break[] {
  const steps: Break[] = [];
  for (const row of rows) {
    const known = afterSteps(breaks, steps).filter(({ changedAt }) => changedAt <= row.at);
    steps.push(...stepsOfWrites(known, [row], terms));
  }
  return steps;
}

const isMet = (one: Break, { changes }: SourceAuditRow, { accountId }: RepairTerms): boolean =>
  repairable.has(one.state) &&
  changes.some(
    ({ role, accountId: owner }) =>
      role !== undefined && (owner ?? accountId) === accountId && repairsWith(role, one),
  );

function stepsOf(one: Break, row: SourceAuditRow, terms: RepairTerms): readonly Break[] {
  const { at, actor, agreed } = terms;
  const planHash = sha256(JSON.stringify([one.account, one.id, row.id, row.changes]));
  const steps: Break[] = [];
  let now = one;
  const take = (to: Break['state'], more: Partial<Break> = {}) => {
    const moved = move(now, to, at);
    invariant(moved.ok, `${one.id} can become ${to} from ${now.state}`);
    now = { ...moved.value, ...more };
    steps.push(now);
  };
  if (isAgreed(one, agreed?.breakId === one.id ? agreed.plan : planNamed(one, row))) {
    take('REPAIRED');
    return steps;
  }
  // What was proposed before was another plan than what was written.
  if (now.state === 'PROPOSED' || now.state === 'APPROVED') take('EXPLAINED', { repair: null });
  take('PROPOSED', { repair: { planHash, needsApproval: actor !== null } });
  take('APPROVED', actor === null ? {} : { approvedBy: sha256(actor) });
  take('REPAIRED');
  return steps;
}

/** As the log of the database names the plan that was written. */
export const planWords = ({ breakId, plan }: NonNullable<RepairTerms['agreed']>): string =>
  `${breakId} by plan ${plan}`;

/** Of a write that was found later: who approved it was known before. */
function planNamed({ id, repair }: Break, { why }: SourceAuditRow): string | null {
  const plan = repair?.planHash ?? null;
  return plan !== null && why?.includes(planWords({ breakId: id, plan })) === true ? plan : null;
}

/** A person agreed to this very plan, under whatever name. */
export const isAgreed = ({ state, repair }: Break, plan: string | null): boolean =>
  state === 'APPROVED' && plan !== null && repair?.planHash === plan;

/** Breaks as the last of their steps leaves them. */
export function afterSteps(breaks: readonly Break[], steps: readonly Break[]): readonly Break[] {
  const after = new Map(steps.map((one) => [one.id, one]));
  return breaks.map((one) => after.get(one.id) ?? one);
}
