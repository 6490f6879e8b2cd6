/** The life of one break as the journal has it, and what people said of it. */

import type { Break } from '../../../model/break.ts';
import type { EntryRow } from '../../../model/entry.ts';
import { instantText } from '../../../model/instant.ts';
import type { Account } from '../../../store/accounts.ts';
import { wordsOf } from '../../auditing.ts';
import { breakOf } from '../../reconcile-entries.ts';
import type { BreakAnswer } from '../documents/breaks.ts';
import type { ServingParts } from '../parts.ts';
import { pagesOf } from './chronicle.ts';

type Parts = Pick<ServingParts, 'reader'>;

/** Steps are named `BRK-1:1`, `BRK-1:2` ... without a gap. */
export function stepsOf({ reader: { file } }: Parts, { account }: Account, id: string): EntryRow[] {
  const steps: EntryRow[] = [];
  for (let n = 1; ; n += 1) {
    const [row] = file.entriesWithId(account, 'break', `${id}:${n}`);
    if (row === undefined) return steps;
    steps.push(row);
  }
}

/** Whoever took that step; null: the program, or nobody was named. */
export function personOf({ reader: { file } }: Parts, one: Break): string | null {
  const hash = one.state === 'APPROVED' ? one.approvedBy : one.heldBy;
  return hash === undefined ? null : (file.text(hash) ?? 'a person whose name was removed');
}

/** Oldest first. */
export function historyOf(parts: Parts, account: Account, id: string): BreakAnswer['history'] {
  const pages = pagesOf(parts.reader);
  return stepsOf(parts, account, id).map((row) => {
    const one = breakOf(row);
    return {
      ...{ sequence: row.sequence, at: instantText(row.effectiveAt), state: one.state },
      words: wordsOf(parts.reader.file, row, account.name),
      by: personOf(parts, one),
      hash: pages.batchOf(account.account, row.sequence)?.hash ?? '',
    };
  });
}
