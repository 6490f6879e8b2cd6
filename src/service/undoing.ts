/** Taking an entry back by one that names it. */
import type { EntryDraft, EntryRow } from '../model/entry.ts';
import type { Instant } from '../model/instant.ts';
import { move } from '../model/life-cycle.ts';
import { accepted, type Refusal, type Result, refused } from '../model/result.ts';
import type { Account } from '../store/accounts.ts';
import type { BookFile } from '../store/book-file.ts';
import type { BookWriter } from './book.ts';
import { movesBooks } from './in-force.ts';
import type { BookReader } from './reading.ts';
import { breakOf, draftOfReversal, draftsOfBreaks, knownBreaks } from './reconcile-entries.ts';
import { standingOf } from './taking-back.ts';

/** What changes what another entry says, or was recorded beside it. */
const abouts: ReadonlySet<string> = new Set([
  'fill-completed',
  'bust',
  'correction',
  'reversal',
  'conflict',
]);

/** Whether it is of a kind that is taken back by an entry that names it. */
export const isUndoable = (row: EntryRow): boolean => movesBooks(row) || abouts.has(row.kind);

/** The sequence of the entry that takes it back. `by`: the person who said so. */
export async function undoEntry(
  reader: BookReader,
  writer: BookWriter,
  account: Account,
  sequence: number,
  at: Instant,
  by?: string,
): Promise<Result<number>> {
  const { file } = reader;
  const { row, standing, head } = file.read(() => ({
    row: file.entriesAt(account.account, [sequence])[0],
    standing: standingOf(file, account, sequence),
    head: file.head(account.account).sequence,
  }));
  if (row === undefined || !isUndoable(row)) {
    return refused(notUndoable(account, sequence, row));
  }
  if (standing.reversed) return refused(undoneAlready(sequence, standing.last));
  const opening = openingOf(file, account, row);
  if (opening !== null && row.kind === 'reversal' && hasFactsBy(reader, account, opening)) {
    return refused(tooLateToOpen(sequence));
  }
  const result = await writer.apply({
    account: account.name,
    expectedSequence: head,
    entries: [
      {
        draft: draftOfReversal(standing.last, at, 'undo', by),
        ...(by === undefined ? {} : { text: by }),
      },
      ...reopened(file, account, sequence, at).map((draft) => ({ draft })),
    ],
  });
  if (result.status === 'written' && result.outcomes[0]?.status === 'booked') {
    return accepted(result.outcomes[0].sequence);
  }
  return refused(moved(sequence));
}

/**
 * The breaks that were closed by the plan that wrote the entry: what was repaired is open again
 * until a fresh comparison says otherwise.
 */
function reopened(
  file: BookFile,
  { account }: Account,
  sequence: number,
  at: Instant,
): readonly EntryDraft[] {
  const [batch] = file.batches(account, sequence - 1);
  if (batch === undefined) return [];
  const beside = [...file.entries(account, batch.firstSequence - 1, batch.lastSequence)];
  const repaired = new Set(
    beside.flatMap((row) => (row.kind === 'break' ? [breakOf(row).id] : [])),
  );
  const { breaks, counts } = knownBreaks(file, account);
  const open = breaks.flatMap((one) => {
    if (!repaired.has(one.id) || (one.state !== 'VERIFIED' && one.state !== 'REPAIRED')) return [];
    const result = move(one, 'REOPENED', at);
    return result.ok ? [result.value] : [];
  });
  return draftsOfBreaks(open, at, counts);
}

/** The opening that an entry is, or is about in the end; null when it is another fact. */
function openingOf(file: BookFile, account: Account, row: EntryRow): EntryRow | null {
  if (row.kind === 'opening') return row;
  if (row.kind !== 'reversal') return null;
  const [target] = file.entriesAt(account.account, [row.causedBy!]);
  return target === undefined ? null : openingOf(file, account, target);
}

/** Facts that an opening contains were booked while it was out of force: both would count. */
function hasFactsBy(reader: BookReader, account: Account, opening: EntryRow): boolean {
  for (const { fact } of reader.factsInForce(account)) {
    if (fact.kind !== 'opening' && fact.time <= opening.effectiveAt) return true;
  }
  return false;
}

const tooLateToOpen = (sequence: number): Refusal => ({
  code: 'opening-after-facts',
  message: `entry ${sequence} took an opening back, and facts that it contains were booked since`,
  where: where(sequence),
  rule: 'facts at or before an opening are contained in it',
  hint: 'take those facts back first; audit lists them',
});

const rule = 'what moved the books can be taken back: facts, corrections and reversals';

const where = (sequence: number) => ({ field: 'entry', value: String(sequence) });

const notUndoable = (account: Account, sequence: number, row: EntryRow | undefined): Refusal => ({
  code: 'entry-not-undoable',
  message:
    row === undefined
      ? `entry ${sequence} of ${account.name} does not exist`
      : `entry ${sequence} of ${account.name} is of kind ${row.kind}, which moved no books`,
  where: where(sequence),
  rule,
  hint: 'audit lists the entries; sync names the ones that it wrote',
});

const undoneAlready = (sequence: number, by: number): Refusal => ({
  code: 'entry-undone-already',
  message: `entry ${sequence} was taken back already, by entry ${by}`,
  where: where(sequence),
  rule: 'an entry is taken back once; take back the reversal to have it again',
  hint: `to have it again: trueup sync undo ${by}`,
});

const moved = (sequence: number): Refusal => ({
  code: 'book-moved',
  message: `the book moved while entry ${sequence} was being undone; nothing was written`,
  where: where(sequence),
  rule: 'an entry is taken back from the book that was looked at',
  hint: 'try again',
});
