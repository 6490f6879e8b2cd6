/** A planned step of a repair as what is appended for it. */
import { draftOfCompletion } from '../journal/amendment-codec.ts';
import { judge } from '../journal/material.ts';
import type { EntryDraft, EntryRow } from '../model/entry.ts';
import { type AccountedFact, type CashFact, type Correction, isCashFact } from '../model/fact.ts';
import type { Instant } from '../model/instant.ts';
import { invariant } from '../model/result.ts';
import { correctFact } from '../reconcile/causes/steps.ts';
import type { BreakRepair, PlanEntry as RepairEntry } from '../reconcile/repair.ts';
import type { Account } from '../store/accounts.ts';
import type { PlanEntry } from './book.ts';
import { isListed } from './conflicts.ts';
import { inForce } from './in-force.ts';
import type { BookReader } from './reading.ts';
import { draftOfReversal } from './reconcile-entries.ts';
import { standingOf, takenBack } from './taking-back.ts';

export interface Repairing {
  readonly reader: BookReader;
  readonly account: Account;
  readonly at: Instant;
}

/** All entries of a repair, in its order. */
export const entriesOf = (repairing: Repairing, repair: BreakRepair): readonly PlanEntry[] =>
  repair.entries.flatMap((entry) => entriesOfStep(repairing, entry, repair.breakId));

function entriesOfStep(
  repairing: Repairing,
  { action, fact, target }: RepairEntry,
  breakId: string,
): readonly PlanEntry[] {
  if (action === 'reverse') {
    invariant(target !== null, 'a reversal names its entry');
    return [reversalOf(repairing, target, breakId)];
  }
  invariant(fact !== null, `to ${action} takes a fact`);
  if (action === 'correct') {
    invariant(target !== null, 'a correction names its entry');
    return [correctionOf(repairing, target, fact as CashFact | Correction)];
  }
  const booked = fact as AccountedFact;
  if (target !== null) return completionOf(repairing, target, booked);
  const back = takenBack(repairing.reader.file, repairing.account, booked);
  if (back !== null) return reinstated(repairing, back, booked, breakId);
  return [{ fact: action === 'adjust' ? another(repairing, booked) : booked }];
}

/** Flips whether the entry stands. */
function reversalOf({ reader, account, at }: Repairing, target: number, why: string): PlanEntry {
  return { draft: draftOfReversal(standingOf(reader.file, account, target).last, at, why) };
}

/** What the book took back comes back, and then says what the fact says. */
function reinstated(
  repairing: Repairing,
  back: number,
  fact: AccountedFact,
  breakId: string,
): readonly PlanEntry[] {
  const reversal = reversalOf(repairing, back, breakId);
  const row = entryAt(repairing, back);
  const amendmentsOf = amendments(repairing);
  const before = inForce(row, repairing.account.name, (sequence) =>
    sequence === back
      ? amendmentsOf(sequence).filter(({ kind }) => kind !== 'reversal')
      : amendmentsOf(sequence),
  );
  if (before === null || !isListed(before.fact) || !isListed(fact)) return [reversal];
  const { verdict } = judge(before, { fact, rates: [] });
  if (verdict === 'same') return [reversal];
  if (verdict === 'completes') return [reversal, { fact }];
  const step = correctFact({ sequence: back, fact: before.fact }, fact);
  return [reversal, correctionOf(repairing, back, step.fact as CashFact | Correction)];
}

/** What was lacking, as an entry of its own, also where such a one was once taken back. */
function completionOf(
  repairing: Repairing,
  target: number,
  fact: AccountedFact,
): readonly PlanEntry[] {
  const { reader, account } = repairing;
  const row = entryAt(repairing, target);
  const booked = reader.inForce(account, row);
  const judged = booked === null ? null : judge(booked, { fact, rates: [] });
  if (judged?.verdict !== 'completes') return [{ fact }];
  return [{ draft: unused(repairing, draftOfCompletion(row, judged.set)) }];
}

/** A fill is set right by a correction; a cash flow, whose identity is its own, by completion. */
function correctionOf(
  repairing: Repairing,
  target: number,
  fact: CashFact | Correction,
): PlanEntry {
  const { file } = repairing.reader;
  if (isCashFact(fact)) {
    const { amount, currency, fee, time, state } = fact;
    const set = { amount, currency, time, ...(fee === null ? {} : { fee }) };
    const settled = state === 'booked' ? { state } : {};
    const row = entryAt(repairing, target);
    return { draft: unused(repairing, draftOfCompletion(row, { ...set, ...settled })) };
  }
  const key = { kind: 'correction', instrument: '', side: '', leg: '' } as const;
  const isUsed = (id: string) => file.find(repairing.account.account, { ...key, id }) !== null;
  return { fact: { ...fact, correctionId: freeId(fact.correctionId, isUsed) } };
}

/** The same sum may be left over again: what was adjusted before stays, and is not enough. */
function another({ reader, account }: Repairing, fact: AccountedFact): AccountedFact {
  if (!isCashFact(fact)) return fact;
  const { kind, instrument, leg } = fact;
  const key = { kind, instrument: instrument ?? '', side: '', leg: leg ?? '' };
  const isUsed = (id: string) => reader.file.find(account.account, { ...key, id }) !== null;
  return { ...fact, id: freeId(fact.id, isUsed) };
}

/** The same change again, after it was taken back or overtaken, is another entry. */
function unused({ reader, account }: Repairing, draft: EntryDraft): EntryDraft {
  const { kind, instrument, side, leg } = draft;
  const key = { kind, instrument: instrument ?? '', side: side ?? '', leg: leg ?? '' };
  const isUsed = (id: string) => reader.file.find(account.account, { ...key, id }) !== null;
  return { ...draft, id: freeId(draft.id, isUsed) };
}

function freeId(id: string, isUsed: (id: string) => boolean): string {
  let free = id;
  for (let count = 2; isUsed(free); count += 1) free = `${id}-${count}`;
  return free;
}

function entryAt({ reader, account }: Repairing, sequence: number): EntryRow {
  const [row] = reader.file.entriesAt(account.account, [sequence]);
  invariant(row !== undefined, `entry ${sequence} exists`);
  return row;
}

const amendments =
  ({ reader, account }: Repairing) =>
  (sequence: number): readonly EntryRow[] =>
    reader.file.amendmentsOf(account.account, sequence);
