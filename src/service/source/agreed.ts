/**
 * What a person may agree to have written into a bot's database that keeps a total: the total, or a
 * record of it. One plan for each break, bound to what is stored and to what it becomes: where
 * either is another one at the moment of writing, nothing is written.
 */
import { toText, toTextOrNull } from '../../decimal/text.ts';
import { sha256 } from '../../journal/digest.ts';
import type { Break } from '../../model/break.ts';
import { type Instant, instantTextOrNull } from '../../model/instant.ts';
import { isHeld } from '../../model/life-cycle.ts';
import type { BreakRepair, LeftAlone, Plan } from '../../reconcile/repair.ts';
import type { SourceAccountChecked } from '../../reconcile/source/check-source.ts';
import type { BalanceSheet } from '../../reconcile/source/sheet.ts';
import { isOpen } from '../../reconcile/verdict.ts';
import { proposedIn } from '../syncing.ts';
import { repairsWith } from './repaired.ts';

export interface Agreed {
  readonly breakId: string;
  readonly rewrites: 'total' | 'record';
  /** Hash of the plan. */
  readonly plan: string;
}

/** The steps that a person takes with breaks of a look, by name. */
export interface Decided {
  readonly steps: (one: SourceAccountChecked, at: Instant) => readonly Break[];
  readonly by: string;
}

/** What sets it right; null: nothing that can be written into the database does. */
export const rewriteOf = (one: Break): Agreed['rewrites'] | null =>
  repairsWith('total', one) ? 'total' : repairsWith('record', one) ? 'record' : null;

interface Rewrite extends Omit<Agreed, 'plan'> {
  /** As `placeOf` names the database. */
  readonly place: string;
}

/** Null: it is not known what would be written, or it is stored already. */
export function planHashOf(sheet: BalanceSheet, rewrite: Rewrite): string | null {
  const { accountId, stored, cash, calculated, match, recordAt } = sheet;
  const { place, breakId, rewrites } = rewrite;
  const isRight = match !== 'different' && (stored !== null || match === 'not-stored');
  if (calculated === null || (rewrites === 'total' && isRight)) return null;
  const bound = rewrites === 'total' ? [stored, calculated] : [cash, calculated];
  const at = rewrites === 'total' ? null : instantTextOrNull(recordAt);
  return sha256(JSON.stringify([place, accountId, breakId, rewrites, bound.map(toTextOrNull), at]));
}

const because =
  'a person agrees to what is written to somebody’s database; --repair auto writes without one';

/** Of one account as it was checked. `shut`: why nothing is written there; null: it is. */
export function agreedPlan(
  { name, sheet, reconciled }: SourceAccountChecked,
  place: string,
  shut: string | null,
): Plan {
  const repairs: BreakRepair[] = [];
  const leftAlone: LeftAlone[] = [];
  for (const one of reconciled.breaks.filter(isOpen)) {
    const of = { breakId: one.id, account: name };
    const why = isHeld(one) ? 'a person decided to, until a day' : shut;
    const rewrites = rewriteOf(one);
    const planHash =
      rewrites === null ? null : planHashOf(sheet, { place, breakId: one.id, rewrites });
    if (why === null && rewrites !== null && planHash !== null) {
      repairs.push({ ...of, planHash, ...repairOf(sheet, rewrites) });
    } else {
      const left = reconciled.plan.leftAlone.find(({ breakId }) => breakId === one.id);
      const unknown = rewrites === null ? null : unknownWhy(sheet);
      const said = why ?? unknown ?? left?.because ?? 'nothing that could be written repairs it';
      leftAlone.push({ ...of, decision: isHeld(one) ? 'leave' : 'ask', because: said });
    }
  }
  const { sequence } = reconciled.plan;
  const hash = sha256(JSON.stringify(repairs.map((one) => one.planHash)));
  return { hash, account: name, sequence, repairs, leftAlone };
}

function unknownWhy({ unpriced }: BalanceSheet): string | null {
  const [first] = unpriced;
  return first === undefined
    ? null
    : `nothing is written while a part of the total is unknown: ${first.what}: ${first.why}`;
}

const noRows = { changes: [], additions: [], trades: [], orders: [] };

function repairOf({ accountId, stored, calculated }: BalanceSheet, rewrites: Agreed['rewrites']) {
  const after = toText(calculated!);
  const before = stored === null ? 'empty' : toText(stored);
  const sentence =
    rewrites === 'total'
      ? `account ${accountId} total_value: ${before} -> ${after}`
      : `performance of account ${accountId}: a record of ${after}`;
  return {
    ...({ kind: 'rows', needsApproval: true, because, entries: [], effects: [] } as const),
    writes: { rows: noRows, proven: true, sentences: [sentence] },
  };
}

/** The steps by which one break is proposed in its plan, by whom. */
export const proposalOf =
  (breakId: string, place: string, by: string) =>
  (one: SourceAccountChecked, at: Instant): readonly Break[] => {
    const { repairs, ...plan } = agreedPlan(one, place, null);
    const repair = repairs.find((each) => each.breakId === breakId);
    if (repair === undefined) return [];
    const { breaks } = one.reconciled;
    return proposedIn(
      { plan: { ...plan, hash: repair.planHash!, repairs: [repair] }, breaks },
      at,
      by,
    );
  };
