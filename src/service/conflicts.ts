/** Second reports of a booked fact with other content, and what settles which of them is right. */
import { conflictOf } from '../journal/amendment-codec.ts';
import { keyOf, sameKey } from '../journal/key.ts';
import { judge } from '../journal/material.ts';
import type { EntryRow } from '../model/entry.ts';
import { isCashFact } from '../model/fact.ts';
import type { Statement, StatementSection } from '../model/statement.ts';
import type { ListedFact } from '../reconcile/book-side.ts';
import type { Account } from '../store/accounts.ts';
import { isReversed } from './in-force.ts';
import type { BookReader } from './reading.ts';

export interface OpenConflict {
  /** The conflict's own entry. */
  readonly row: EntryRow;
  /** The entry that it contradicts. */
  readonly target: EntryRow;
  readonly booked: ListedFact;
  readonly told: ListedFact;
  /** The fields that the two tell differently. */
  readonly fields: readonly string[];
}

export const isListed = (fact: { readonly kind: string }): fact is ListedFact =>
  fact.kind === 'fill' || isCashFact(fact);

/** Those not taken back, whose fact is in force and still says something else. */
export function openConflicts(reader: BookReader, account: Account): readonly OpenConflict[] {
  const { file } = reader;
  const amendmentsOf = (sequence: number): readonly EntryRow[] =>
    file.amendmentsOf(account.account, sequence);
  return file.entriesOfKind(account.account, 'conflict').flatMap((row): OpenConflict[] => {
    if (isReversed(row.sequence, amendmentsOf, Number.MAX_SAFE_INTEGER)) return [];
    const [target] = file.entriesAt(account.account, [row.causedBy!]);
    const { fields, incoming } = conflictOf(row, account.name);
    const told = incoming.fact;
    if (target === undefined || !isListed(told)) return [];
    const booked = reader.inForce(account, target);
    if (booked === null || !isListed(booked.fact)) return [];
    if (judge(booked, incoming).verdict !== 'conflict') return [];
    return [{ row, target, booked: booked.fact, told, fields }];
  });
}

/** A complete list of the venue says of every field at issue what the book says. */
export function isConfirmed(
  { booked, fields }: OpenConflict,
  { executions, cashFlows }: Statement,
): boolean {
  const section: StatementSection<ListedFact> | null =
    booked.kind === 'fill' ? executions : cashFlows;
  if (section === null || !section.complete || section.error !== null) return false;
  const listed = section.items.filter((one) => sameKey(keyOf(one), keyOf(booked)));
  return (
    listed.length > 0 &&
    listed.every((one) => {
      const values = one as unknown as Readonly<Record<string, unknown>>;
      const says = fields.every((field) => values[field] !== null && values[field] !== undefined);
      return says && judge(stated(booked), stated(one)).verdict !== 'conflict';
    })
  );
}

const stated = (fact: ListedFact) => ({ fact, rates: [] });
