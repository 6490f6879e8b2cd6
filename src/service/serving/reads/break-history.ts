/** The life of one break as the journal has it, and what people said of it. */

import type { Break } from '../../../model/break.ts';
import type { EntryRow } from '../../../model/entry.ts';
import { type Instant, instantText } from '../../../model/instant.ts';
import type { Account } from '../../../store/accounts.ts';
import { wordsOf } from '../../auditing.ts';
import { breakOf } from '../../reconcile-entries.ts';
import type { BreakAnswer } from '../documents/breaks.ts';
import type { ServingParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { pagesOf } from './chronicle.ts';
import { sequenceThen } from './recollection.ts';
import { standingsOf } from './standings.ts';

type Parts = Pick<ServingParts, 'reader'>;

export interface BreakPlace {
  readonly account: Account;
  /** As it was last recorded. */
  readonly one: Break;
}

/** The break of that id, whichever account it is of. Throws a Problem where none knows it. */
export function breakNamed({ reader }: Parts, id: string): BreakPlace {
  for (const account of reader.file.accounts()) {
    const one = standingsOf(reader).of(account).breaks.get(id);
    if (one !== undefined) return { one, account };
  }
  throw new Problem('unknown', `no break ${id} was ever recorded`, {
    hint: 'see /api/v1/breaks?state=all',
  });
}

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

export interface BreakThen {
  readonly one: Break;
  /** The last entry of the account that was recorded by then. */
  readonly sequence: number;
}

/** As it stood at an instant; null: it was opened later. */
export function breakThen(
  parts: Parts,
  account: Account,
  id: string,
  asOf: Instant,
): BreakThen | null {
  const sequence = sequenceThen(parts.reader, { account, asOf, knownAt: null });
  const last = stepsOf(parts, account, id).findLast((row) => row.sequence <= sequence);
  return last === undefined ? null : { one: breakOf(last), sequence };
}

/** A person said yes to a plan, and the book or the difference is not what it was made for. */
const isLapsed = (before: Break | null, { state }: Break): boolean =>
  before?.state === 'APPROVED' && (state === 'EXPLAINED' || state === 'OPEN');

/** Oldest first, up to an entry. */
export function historyOf(
  parts: Parts,
  account: Account,
  id: string,
  upTo: number,
): BreakAnswer['history'] {
  const pages = pagesOf(parts.reader);
  const steps = stepsOf(parts, account, id).filter(({ sequence }) => sequence <= upTo);
  return steps.map((row, index) => {
    const one = breakOf(row);
    const before = index === 0 ? null : breakOf(steps[index - 1]!);
    const words = wordsOf(parts.reader.file, row, account.name);
    return {
      ...{ sequence: row.sequence, at: instantText(row.effectiveAt), state: one.state },
      words: isLapsed(before, one)
        ? `${words}: the plan is another one, the approval lapsed`
        : words,
      by: personOf(parts, one),
      hash: pages.batchOf(account.account, row.sequence)?.hash ?? '',
    };
  });
}
