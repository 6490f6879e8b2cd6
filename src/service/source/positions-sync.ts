/**
 * Repairs of a bot's rows carried out. What is written is decided inside the source's transaction,
 * on the rows as they are at that moment; where they, or what knows better, are other than the plan
 * was made for, nothing is written. What came of it is read from the database again.
 */
import type { Break } from '../../model/break.ts';
import type { PositionSnapshot, PositionWrite } from '../../model/position-source.ts';
import type { SourceAuditRow } from '../../model/source.ts';
import { checkPositions } from '../../reconcile/positions/check-positions.ts';
import type { BreakRepair, Plan } from '../../reconcile/repair.ts';
import type { BookWriter } from '../book.ts';
import { factSequence } from '../reconcile-entries.ts';
import { isApproved, isNamed, proposedIn, walked } from '../syncing.ts';
import { lookAgain, lookAtRows, type RowsGround, type RowsLook } from './positions-look.ts';
import { noteRows, orWithdrawn } from './positions-notes.ts';

export interface RowsChoice {
  /** These breaks only; null: all. */
  readonly only: ReadonlySet<string> | null;
  /** What is proven is written; what needs approval is left out even where it has one. */
  readonly auto: boolean;
  /** The plans that were looked at, by hash; null: whatever the plan is now. */
  readonly plans: readonly string[] | null;
  /** Who asked; null: nobody at a keyboard. */
  readonly actor: string | null;
  /** Told once it is in the database, whatever fails behind it. */
  readonly wrote?: (row: SourceAuditRow) => void;
}

export type RowsStatus =
  /** Nothing was to be written. */
  | 'planned'
  | 'applied'
  /** The rows, or what knows better, moved since the plan was made; nothing was written. */
  | 'stale';

export interface RowsSynced {
  readonly status: RowsStatus;
  /** What the plan was made of. */
  readonly before: RowsLook;
  /** After the write: another look; else the same. */
  readonly after: RowsLook;
  readonly applied: readonly AppliedRows[];
  readonly backup: string | null;
}

export interface AppliedRows {
  readonly repair: BreakRepair;
  /** The row of `trueup_audit`. */
  readonly audit: number;
  /** The break as the look that followed left it. */
  readonly after: Break | null;
}

/** The plan, with every break that it repairs proposed in the journal, by whom it was made. */
export async function planRows(
  ground: RowsGround,
  writer: BookWriter,
  look: RowsLook,
  actor: string | null = null,
): Promise<RowsSynced> {
  const { input } = look;
  const steps = ({ checked: { reconciled } }: RowsLook) =>
    proposedIn(reconciled, input.now, actor ?? undefined);
  const proposed = await noteRows(ground, writer, look, { steps, actor });
  // What is shown holds the states that were noted.
  const shown = lookAgain(ground, proposed);
  return { status: 'planned', before: shown, after: shown, applied: [], backup: null };
}

export async function applyRows(
  ground: RowsGround,
  writer: BookWriter,
  look: RowsLook,
  choice: RowsChoice,
): Promise<RowsSynced> {
  const { actor } = choice;
  const steps = (one: RowsLook) => decidedIn(one, chosenIn(one, choice));
  const before = await noteRows(ground, writer, look, { steps, actor });
  const { plan } = before.checked.reconciled;
  const none = { before, after: before, applied: [], backup: null };
  if (!isMeant(before, choice)) return { ...none, status: 'stale' };
  const chosen = chosenIn(before, choice);
  if (chosen.length === 0) return { ...none, status: 'applied' };
  const { source, reader } = ground;
  const account = before.compared.account.account;
  const decide = (snapshot: PositionSnapshot) => writeOnto(before, snapshot, plan, chosen);
  const write = async () =>
    // What was booked after the look is not what the plan was made for.
    factSequence(reader.file, account) === plan.sequence
      ? source.write(decide)
      : { audit: null, snapshot: before.snapshot, backup: null };
  const { audit, snapshot, backup } = await orWithdrawn(ground, writer, before, write);
  if (audit === null) return { ...none, status: 'stale' };
  choice.wrote?.(audit);
  const circumstances = { backup, statements: null };
  const done = { audit, circumstances, actor, steps: carriedOutIn(before, chosen) };
  await noteRows(ground, writer, { ...before, snapshot }, undefined, done);
  const seen = await lookAtRows(ground, before.compared, before.book, before.asked);
  const after = await noteRows(ground, writer, seen);
  const states = new Map(after.checked.reconciled.breaks.map((one) => [one.id, one]));
  const applied = chosen.map((repair) => ({
    ...{ repair, audit: audit.id, after: states.get(repair.breakId) ?? null },
  }));
  return { status: 'applied', before, after, applied, backup };
}

const isMeant = ({ checked }: RowsLook, { plans }: RowsChoice): boolean =>
  plans?.some((name) => isNamed(checked.reconciled.plan.hash, name)) ?? true;

function chosenIn(look: RowsLook, choice: RowsChoice): readonly BreakRepair[] {
  const { plan, breaks } = look.checked.reconciled;
  if (!isMeant(look, choice)) return [];
  return plan.repairs.filter((one) => isChosen(one, breaks, plan, choice));
}

const walkedIn = ({ checked, input }: RowsLook, chosen: readonly BreakRepair[]) => {
  const { plan, breaks } = checked.reconciled;
  return chosen.flatMap(({ breakId }) =>
    walked(breaks.find(({ id }) => id === breakId)!, plan, input.now),
  );
};

/** Noted before anything is written: who died after the write is known to have meant it. */
export const decidedIn = (look: RowsLook, chosen: readonly BreakRepair[]): readonly Break[] =>
  walkedIn(look, chosen).filter(({ state }) => state !== 'REPAIRED');

/** Noted with the write. */
export const carriedOutIn = (look: RowsLook, chosen: readonly BreakRepair[]): readonly Break[] =>
  walkedIn(look, chosen).filter(({ state }) => state === 'REPAIRED');

function isChosen(
  repair: BreakRepair,
  breaks: readonly Break[],
  plan: Plan,
  { only, auto, plans }: RowsChoice,
): boolean {
  if (repair.writes === undefined || (only !== null && !only.has(repair.breakId))) return false;
  // Nothing is written to somebody's database by the way: whoever names it has looked at it.
  const isAsked = auto || only !== null || plans !== null;
  return (isAsked && !repair.needsApproval) || (!auto && isApproved(breaks, plan, repair));
}

/** Null: on these rows it would be another plan. */
function writeOnto(
  { input }: RowsLook,
  snapshot: PositionSnapshot,
  { hash }: Plan,
  chosen: readonly BreakRepair[],
): PositionWrite | null {
  const { plan } = checkPositions({ ...input, snapshot }).reconciled;
  if (plan.hash !== hash) return null;
  const ids = new Set(chosen.map(({ breakId }) => breakId));
  const writes = plan.repairs.flatMap((one) => (ids.has(one.breakId) ? (one.writes ?? []) : []));
  return {
    why: writes.flatMap(({ sentences }) => sentences).join('; '),
    at: input.now,
    changes: writes.flatMap(({ rows }) => rows.changes),
    orderChanges: writes.flatMap(({ rows }) => rows.orderChanges ?? []),
    additions: writes.flatMap(({ rows }) => rows.additions),
    trades: writes.flatMap(({ rows }) => rows.trades),
    orders: writes.flatMap(({ rows }) => rows.orders),
  };
}
