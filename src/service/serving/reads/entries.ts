/** One entry of a stream as people read it. */
import type { EntryRow } from '../../../model/entry.ts';
import { type Instant, instantText } from '../../../model/instant.ts';
import type { Account } from '../../../store/accounts.ts';
import type { KeptMessage } from '../../../store/page-reads.ts';
import { reasonOf, wordsOf } from '../../auditing.ts';
import type { EntryShown } from '../documents/account.ts';
import type { ServingParts } from '../parts.ts';
import { pagesOf } from './chronicle.ts';

type Parts = Pick<ServingParts, 'reader'>;

export function entryShown({ reader }: Parts, account: Account, row: EntryRow): EntryShown {
  const seal = pagesOf(reader).batchOf(account.account, row.sequence);
  // An instrument that is valid from nowhere on has no time.
  const isTimeless = row.kind === 'instrument' && row.effectiveAt === 0n;
  return {
    sequence: row.sequence,
    recordedAt: instantText(seal?.recordedAt ?? row.effectiveAt),
    effectiveAt: isTimeless ? null : instantText(row.effectiveAt),
    ...{ kind: row.kind, id: row.id, words: wordsOf(reader.file, row, account.name) },
    reason: reasonOf(row, account.name),
    causedBy: row.causedBy,
    hash: seal?.hash ?? '',
  };
}

/** Messages are kept before what they tell is booked, and that is soon after. */
const withinNanos = 600_000_000_000n;
/** Shorter ids stand in any message. */
const nameMin = 4;

/** What the venue sent, word for word: the last message before the entry that names it. */
export function heardOf(
  { reader }: Parts,
  { venue, name }: Account,
  row: EntryRow,
  recordedAt: Instant,
  atMost: number,
): KeptMessage | null {
  if (row.id.length < nameMin) return null;
  const place = { venue, account: name, upTo: recordedAt, within: withinNanos, atMost };
  return pagesOf(reader).messageNaming(place, row.id);
}
