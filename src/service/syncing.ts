/**
 * Carrying out repairs. A plan is proposed, approved where it must be, written as a whole onto
 * the book it was made for, and proved by comparing again. Everything is an entry, and every
 * entry can be taken back.
 */

import { draftOfCompletion } from '../journal/amendment-codec.ts';
import type { Break } from '../model/break.ts';
import { type AccountedFact, type CashFact, isCashFact } from '../model/fact.ts';
import type { Instant } from '../model/instant.ts';
import { move } from '../model/life-cycle.ts';
import { accepted, invariant, type Refusal, type Result, refused } from '../model/result.ts';
import { approve, propose, repaired } from '../reconcile/proposal.ts';
import { type BreakRepair, type Plan, shownHash } from '../reconcile/repair.ts';
import type { Account } from '../store/accounts.ts';
import type { BookWriter, PlanEntry } from './book.ts';
import { type Checked, type CheckRequest, checkAccount } from './checking.ts';
import type { Outcome } from './outcome.ts';
import type { BookReader } from './reading.ts';
import { draftOfReversal, draftsOfBreaks, knownBreaks } from './reconcile-entries.ts';
import { reinstatementOf } from './reinstatement.ts';

/** How often a note is tried again when other facts came in between. */
const noteTries = 5;

/** Checks, and notes in the book what was seen; returns the check that was noted. */
export async function checkAndNote(
  reader: BookReader,
  writer: BookWriter,
  request: CheckRequest,
): Promise<Checked> {
  for (let tries = 0; tries < noteTries; tries += 1) {
    const checked = checkAccount(reader, request);
    if (
      await noted(writer, checked.account.reconciled.account, checked.headSequence, checked.drafts)
    )
      return checked;
  }
  throw new Error('the book moved during every check: too busy to note what was seen');
}

async function noted(
  writer: BookWriter,
  account: string,
  expectedSequence: number,
  drafts: Checked['drafts'],
): Promise<boolean> {
  if (drafts.length === 0) return true;
  const entries = drafts.map((draft): PlanEntry => ({ draft }));
  const result = await writer.apply({ account, expectedSequence, entries });
  return result.status === 'written';
}

/** A plan that was made, with every break it repairs proposed in the journal. */
export async function proposePlan(
  reader: BookReader,
  writer: BookWriter,
  request: CheckRequest,
): Promise<Checked> {
  const checked = await checkAndNote(reader, writer, request);
  const { plan, breaks } = checked.reconciled;
  const at = request.now;
  const proposed = plan.repairs.flatMap(({ breakId }): Break[] => {
    const one = breaks.find(({ id }) => id === breakId)!;
    if (one.repair?.planHash === plan.hash && one.state !== 'EXPLAINED') return [];
    const result = propose(one, plan, at);
    return result.ok ? [result.value] : [];
  });
  await noteBreaks(reader, writer, request.account, proposed, at);
  return checked;
}

/** Notes breaks in new states. */
async function noteBreaks(
  reader: BookReader,
  writer: BookWriter,
  account: Account,
  breaks: readonly Break[],
  at: Instant,
): Promise<void> {
  for (let tries = 0; breaks.length > 0 && tries < noteTries; tries += 1) {
    const { counts } = knownBreaks(reader.file, account.account);
    const drafts = draftsOfBreaks(
      breaks.map((one) => ({ at, break: one })),
      counts,
    );
    const head = reader.file.head(account.account).sequence;
    if (await noted(writer, account.name, head, drafts)) return;
  }
}

export interface Approval {
  readonly breakId: string;
  /** The plan's hash, or the beginning of it. */
  readonly plan: string;
  readonly at: Instant;
}

/** A person's word for one break of one plan. */
export async function approveBreak(
  reader: BookReader,
  writer: BookWriter,
  account: Account,
  approval: Approval,
): Promise<Result<Break>> {
  const { breaks } = knownBreaks(reader.file, account.account);
  const one = breaks.find(({ id }) => id === approval.breakId);
  if (one === undefined) return refused(unknownBreak(approval.breakId));
  const approved = approve(one, approval.plan, approval.at);
  if (approved.ok) {
    await noteBreaks(reader, writer, account, [approved.value], approval.at);
  }
  return approved;
}

export const unknownBreak = (id: string): Refusal => ({
  code: 'break-unknown',
  message: `no break ${id} was ever recorded`,
  where: { field: 'break', value: id },
  rule: 'a break is named by the id that check shows',
  hint: 'run check, or investigate without a name',
});

export interface SyncRequest extends CheckRequest {
  /** These breaks only; null: all. */
  readonly only: ReadonlySet<string> | null;
  /** Leave out what needs approval, also where it has one. */
  readonly auto: boolean;
  /** The plan that was looked at; null: whatever the plan is now. */
  readonly plan: string | null;
}

export type Synced =
  /** The book moved since the plan was made; nothing was written. */
  | { readonly status: 'stale'; readonly plan: Plan; readonly checked: Checked }
  | { readonly status: 'applied'; readonly applied: readonly Applied[]; readonly checked: Checked };

export interface Applied {
  readonly repair: BreakRepair;
  readonly outcomes: readonly Outcome[];
  /** As the comparison that followed left it. */
  readonly after: Break | null;
}

/** Applies what may be applied, then compares again: only that closes a break. */
export async function applySync(
  reader: BookReader,
  writer: BookWriter,
  request: SyncRequest,
): Promise<Synced> {
  const checked = await checkAndNote(reader, writer, request);
  const { plan } = checked.reconciled;
  if (request.plan !== null && !plan.hash.startsWith(request.plan)) {
    return { status: 'stale', plan, checked };
  }
  const chosen = plan.repairs.filter((repair) => isChosen(repair, plan, checked, request));
  if (chosen.length === 0) return { status: 'applied', applied: [], checked };
  const outcomes = await writeRepairs(reader, writer, checked, chosen, request);
  if (outcomes === null) return { status: 'stale', plan, checked };
  const again = await checkAndNote(reader, writer, request);
  const after = new Map(again.reconciled.breaks.map((one) => [one.id, one]));
  const applied = chosen.map((repair, index) => ({
    repair,
    outcomes: outcomes[index]!,
    after: after.get(repair.breakId) ?? null,
  }));
  return { status: 'applied', applied, checked: again };
}

function isChosen(
  repair: BreakRepair,
  plan: Plan,
  checked: Checked,
  { only, auto }: SyncRequest,
): boolean {
  if (only !== null && !only.has(repair.breakId)) return false;
  if (!repair.needsApproval) return true;
  if (auto) return false;
  const one = checked.reconciled.breaks.find(({ id }) => id === repair.breakId);
  return one?.state === 'APPROVED' && one.repair?.planHash === plan.hash;
}

/** The entries of all chosen repairs with the states of their breaks, or none of them. */
async function writeRepairs(
  reader: BookReader,
  writer: BookWriter,
  checked: Checked,
  chosen: readonly BreakRepair[],
  { account, now }: SyncRequest,
): Promise<readonly (readonly Outcome[])[] | null> {
  const { plan, breaks } = checked.reconciled;
  const head = reader.file.head(account.account).sequence;
  const entries: PlanEntry[] = [];
  const counts: number[] = [];
  for (const repair of chosen) {
    const own = repair.entries.map((entry) => repairEntry(reader, account, entry, repair, now));
    entries.push(...own);
    counts.push(own.length);
  }
  const moved = chosen.flatMap(({ breakId }) =>
    walked(breaks.find(({ id }) => id === breakId)!, plan, now),
  );
  const known = knownBreaks(reader.file, account.account);
  const states = draftsOfBreaks(
    moved.map((one) => ({ at: now, break: one })),
    known.counts,
  );
  const result = await writer.apply({
    account: account.name,
    expectedSequence: head,
    entries: [...entries, ...states.map((draft): PlanEntry => ({ draft }))],
  });
  if (result.status !== 'written') return null;
  let from = 0;
  return counts.map((count) => {
    const part = result.outcomes.slice(from, from + count);
    from += count;
    return part;
  });
}

/** PROPOSED, APPROVED and REPAIRED, as far as the break has not come yet. */
function walked(one: Break, plan: Plan, at: Instant): readonly Break[] {
  const steps: Break[] = [];
  let now = one;
  const step = (result: Result<Break>) => {
    invariant(result.ok, `${one.id} can be repaired from ${now.state}`);
    now = result.value;
    steps.push(now);
  };
  if (now.state !== 'PROPOSED' && now.state !== 'APPROVED') step(propose(now, plan, at));
  if (now.state === 'PROPOSED') step(move(now, 'APPROVED', at));
  step(repaired(now, at));
  return steps;
}

function repairEntry(
  reader: BookReader,
  account: Account,
  { action, fact, target }: BreakRepair['entries'][number],
  { breakId }: BreakRepair,
  at: Instant,
): PlanEntry {
  if (action === 'reverse') {
    invariant(target !== null, 'a reversal names its entry');
    return { draft: draftOfReversal(target, at, breakId) };
  }
  invariant(fact !== null, `to ${action} takes a fact`);
  if (action === 'correct' && isCashFact(fact)) {
    invariant(target !== null, 'a correction names its entry');
    return { draft: draftOfCashCorrection(reader, account, target, fact) };
  }
  const reversal =
    action === 'book' ? reinstatementOf(reader, account, fact as AccountedFact) : null;
  if (reversal !== null) return { draft: draftOfReversal(reversal, at, breakId) };
  return { fact: fact as AccountedFact };
}

/** A cash flow told wrong is set right by an entry about it: its identity stays its own. */
function draftOfCashCorrection(
  reader: BookReader,
  account: Account,
  target: number,
  { amount, currency, fee, time }: CashFact,
) {
  const [row] = reader.file.entriesAt(account.account, [target]);
  invariant(row !== undefined, `entry ${target} exists`);
  return draftOfCompletion(row, { amount, currency, time, ...(fee === null ? {} : { fee }) });
}

/** Takes an entry back by one that names it. */
export async function undoEntry(
  reader: BookReader,
  writer: BookWriter,
  account: Account,
  sequence: number,
  at: Instant,
): Promise<Result<number>> {
  const [row] = reader.file.entriesAt(account.account, [sequence]);
  if (row === undefined || row.kind === 'break' || row.kind === 'statement') {
    return refused({
      code: 'entry-not-undoable',
      message: `entry ${sequence} of ${account.name} ${row === undefined ? 'does not exist' : `is a ${row.kind}`}`,
      where: { field: 'entry', value: String(sequence) },
      rule: 'what moved the books can be taken back: facts, corrections and reversals',
      hint: 'audit lists the entries; sync names the one that it wrote',
    });
  }
  const draft = draftOfReversal(sequence, at, 'undo');
  const head = reader.file.head(account.account).sequence;
  const result = await writer.apply({
    account: account.name,
    expectedSequence: head,
    entries: [{ draft }],
  });
  if (result.status === 'written' && result.outcomes[0]?.status === 'booked') {
    return accepted(result.outcomes[0].sequence);
  }
  return refused({
    code: result.status === 'moved' ? 'book-moved' : 'entry-undone-already',
    message:
      result.status === 'moved'
        ? `the book moved while entry ${sequence} was being undone; nothing was written`
        : `entry ${sequence} was taken back already`,
    where: { field: 'entry', value: String(sequence) },
    rule: 'an entry is taken back once; take back the reversal to have it again',
    hint: 'audit shows which entry reversed it',
  });
}

export const planName = (plan: Plan): string => shownHash(plan.hash);
