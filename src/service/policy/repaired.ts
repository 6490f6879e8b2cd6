/** What was repaired without a person, as the journal has it. */
import type { Decimal } from '../../decimal/decimal.ts';
import type { RepairKind } from '../../model/break.ts';
import type { EntryRow } from '../../model/entry.ts';
import type { Instant } from '../../model/instant.ts';
import { movedBy } from '../../reconcile/moves.ts';
import type { BookFile } from '../../store/book-file.ts';
import { breakOf } from '../reconcile-entries.ts';

export interface Repaired {
  readonly kind: RepairKind;
  readonly at: Instant;
  /** Null: what it moved has no known value. */
  readonly moved: Decimal | null;
  /** Of its first line. */
  readonly key: string;
}

interface KeptRepairs {
  /** Of the last entry of a break that was read. */
  readonly sequence: number;
  readonly since: Instant;
  /** The last one first. */
  readonly all: readonly Repaired[];
}

const keptBy = new WeakMap<BookFile, Map<number, KeptRepairs>>();

/** The last one first. What was read stays read: every plan asks, and entries only come after. */
export function repairedSince(
  file: BookFile,
  account: number,
  since: Instant,
): readonly Repaired[] {
  return file.read(() => repairedNow(file, account, since));
}

/** Of one instant of the file: what is written meanwhile is counted the next time, once. */
function repairedNow(file: BookFile, account: number, since: Instant): readonly Repaired[] {
  const kept = keptBy.get(file) ?? new Map<number, KeptRepairs>();
  keptBy.set(file, kept);
  const known = kept.get(account);
  const before = known !== undefined && known.since <= since ? known : null;
  const sequence = file.lastSequenceOf(account, 'break');
  const from = { sequence: before?.sequence ?? 0, since: before?.since ?? since };
  const all = [...repairsBehind(file, account, from), ...(before?.all ?? [])];
  kept.set(account, { ...from, sequence, all });
  return all.filter(({ at }) => at > since);
}

function* repairsBehind(
  file: BookFile,
  account: number,
  { sequence, since }: Pick<KeptRepairs, 'sequence' | 'since'>,
): Generator<Repaired> {
  for (const row of file.entriesOfKindBackwards(account, 'break')) {
    if (row.sequence <= sequence || row.effectiveAt <= since) return;
    const repaired = repairedBy(row);
    if (repaired !== null) yield repaired;
  }
}

function repairedBy(row: EntryRow): Repaired | null {
  const one = breakOf(row);
  const { state, repair } = one;
  if (state !== 'REPAIRED' || repair === null || repair.needsApproval) return null;
  if (repair.kind === undefined) return null;
  return { kind: repair.kind, at: row.effectiveAt, moved: movedBy(one), key: one.lines[0]!.key };
}
