/**
 * What an entry says after everything that was recorded about it: completions and corrections
 * change it, busts and reversals take it out of force, and the reversal of one of those takes
 * that back.
 */
import { completionOf } from '../journal/amendment-codec.ts';
import { factOf, ratesOf } from '../journal/codec.ts';
import {
  applyCompletion,
  applyCorrection,
  completedRates,
  type Stated,
} from '../journal/material.ts';
import type { BookedFact, EntryKind, EntryRow } from '../model/entry.ts';
import {
  type BookFact,
  type Bust,
  type CashFact,
  type Correction,
  cashKinds,
  type Fill,
  isBookFact,
  isCashFact,
} from '../model/fact.ts';
import { invariant } from '../model/result.ts';

/** The entries about an entry, in sequence order. */
export type AmendmentsOf = (sequence: number) => readonly EntryRow[];

/** Whether a reversal that itself stands names the entry. */
export function isReversed(sequence: number, amendmentsOf: AmendmentsOf, upTo: number): boolean {
  return amendmentsOf(sequence).some(
    (row) =>
      row.kind === 'reversal' &&
      row.sequence <= upTo &&
      !isReversed(row.sequence, amendmentsOf, upTo),
  );
}

/** The fact as it stood after entry `upTo`; null when it was not in force. */
export function inForce(
  row: EntryRow,
  account: string,
  amendmentsOf: AmendmentsOf,
  upTo = Number.POSITIVE_INFINITY,
): BookedFact | null {
  const told = factOf(row, account);
  invariant(isBookFact(told), `entry ${row.sequence} moves books`);
  const standing = amendmentsOf(row.sequence).filter(
    (one) => one.sequence <= upTo && !isReversed(one.sequence, amendmentsOf, upTo),
  );
  if (standing.some(({ kind }) => kind === 'bust' || kind === 'reversal')) return null;
  let fact: BookFact = told;
  let rates = ratesOf(row);
  for (const amendment of standing) {
    if (amendment.kind !== 'fill-completed' || !isCompletable(fact)) continue;
    const set = completionOf(amendment);
    fact = applyCompletion(fact, set);
    rates = completedRates(rates, set);
  }
  // The venue's correction holds over every report of the fill, whichever came first.
  for (const amendment of standing) {
    if (amendment.kind !== 'correction' || fact.kind !== 'fill') continue;
    const correction = factOf(amendment, account);
    invariant(correction.kind === 'correction', 'a correction entry holds a correction');
    fact = applyCorrection(fact, correction);
  }
  return { sequence: row.sequence, fact, rates };
}

/** The fact as its reporters told it: completed, but neither corrected nor taken back. */
export function asTold(row: EntryRow, account: string, amendmentsOf: AmendmentsOf): Stated {
  let fact = factOf(row, account);
  let rates = ratesOf(row);
  for (const amendment of amendmentsOf(row.sequence)) {
    if (amendment.kind !== 'fill-completed' || !isCompletable(fact)) continue;
    const set = completionOf(amendment);
    fact = applyCompletion(fact, set);
    rates = completedRates(rates, set);
  }
  return { fact, rates };
}

const isCompletable = (fact: { readonly kind: string }): fact is Fill | CashFact =>
  fact.kind === 'fill' || isCashFact(fact);

/** Of facts that move books. */
export const movingKinds: readonly EntryKind[] = [
  ...cashKinds,
  ...(['opening', 'fill', 'split', 'return-of-capital', 'rename', 'delivery'] as const),
];

const moving: ReadonlySet<string> = new Set(movingKinds);

export const movesBooks = (row: { readonly kind: string }): boolean => moving.has(row.kind);

const remarks: ReadonlySet<EntryKind> = new Set([
  ...(['statement', 'break', 'performance', 'conflict', 'source', 'source-write'] as const),
  ...(['policy', 'remark'] as const),
]);

/** What is noted about an account, and changes nothing that it holds or that is known of it. */
export const isRemark = (kind: EntryKind): boolean => remarks.has(kind);

/** Whether a bust or correction means this fill. */
export const means = (fact: Bust | Correction, fill: EntryRow): boolean =>
  (fact.instrument === null || fill.instrument === fact.instrument) &&
  (fact.side === null || fill.side === fact.side) &&
  (fact.leg === null || fill.leg === fact.leg);

/** Renames one after the other as they took effect, whichever was told first. */
export const renamesInOrder = (rows: readonly EntryRow[]): readonly EntryRow[] =>
  rows.toSorted((a, b) =>
    a.effectiveAt === b.effectiveAt
      ? Number(a.id > b.id) - Number(a.id < b.id)
      : Number(a.effectiveAt - b.effectiveAt),
  );
