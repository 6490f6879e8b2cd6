/** What the repair of a break wrote, as far as it can still be taken back. */
import type { Break } from '../../../model/break.ts';
import type { Account } from '../../../store/accounts.ts';
import { breakOf } from '../../reconcile-entries.ts';
import { writeOf } from '../../source/write-entries.ts';
import { standingOf } from '../../taking-back.ts';
import { isUndoable } from '../../undoing.ts';
import type { ServingParts } from '../parts.ts';
import { stepsOf } from './break-history.ts';

/**
 * Sequences, the newest first. None where other breaks were repaired by the same write: to take
 * one back would open all of them, which is for whoever names the entries.
 */
export function undoableOf(
  parts: Pick<ServingParts, 'reader'>,
  { account }: { readonly account: Account },
  { id, state }: Break,
): number[] {
  if (state !== 'VERIFIED' && state !== 'REPAIRED') return [];
  const { file } = parts.reader;
  const step = stepsOf(parts, account, id).findLast((row) => breakOf(row).state === 'REPAIRED');
  if (step === undefined) return [];
  const [batch] = file.batches(account.account, step.sequence - 1);
  if (batch === undefined) return [];
  const beside = [...file.entries(account.account, batch.firstSequence - 1, batch.lastSequence)];
  const isOther = (one: Break): boolean => one.id !== id && one.state === 'REPAIRED';
  if (beside.some((row) => row.kind === 'break' && isOther(breakOf(row)))) return [];
  // What was written to a database after that may have been written onto it.
  const lastWrite = file.lastOfKind(account.account, 'source-write')?.sequence;
  const written = beside.filter((row) =>
    row.kind === 'source-write'
      ? row.sequence === lastWrite && writeOf(row).action !== 'undo'
      : isUndoable(row) && !standingOf(file, account, row.sequence).reversed,
  );
  return written.map(({ sequence }) => sequence).reverse();
}
