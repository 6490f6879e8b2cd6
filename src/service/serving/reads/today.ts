/** What was recorded from an instant to another, counted. */
import type { Instant } from '../../../model/instant.ts';
import type { Account } from '../../../store/accounts.ts';
import type { ServingParts } from '../parts.ts';
import { type Chronicle, pagesOf } from './chronicle.ts';

export interface CountedEntries {
  readonly entries: number;
  /** Each that was made, also of one break, but for those that set nothing right. */
  readonly repairs: number;
}

export interface Chronicled {
  readonly account: Account;
  readonly chronicle: Chronicle;
}

interface Range {
  readonly from: Instant;
  /** With what was recorded at it; null: up to the end. */
  readonly to: Instant | null;
}

/** By the sequences of the first batch since then, and the steps since: the rest is not read. */
export function entriesSince(
  { reader }: ServingParts,
  accounts: readonly Chronicled[],
  { from, to }: Range,
): CountedEntries {
  const pages = pagesOf(reader);
  let [entries, repairs] = [0, 0];
  for (const { account, chronicle } of accounts) {
    const { sequence } = reader.file.head(account.account);
    const last = to === null ? sequence : pages.lastBefore(account.account, to + 1n, sequence);
    entries += last - pages.lastBefore(account.account, from, last);
    repairs += repairsIn(chronicle, { from, last });
  }
  return { entries, repairs };
}

function repairsIn(
  { steps }: Pick<Chronicle, 'steps'>,
  { from, last }: { readonly from: Instant; readonly last: number },
): number {
  const next = new Map<string, string>();
  let repairs = 0;
  for (let index = steps.length - 1; index >= 0; index -= 1) {
    const { id, at, state, sequence } = steps[index]!;
    if (sequence > last) continue;
    if (at < from) break;
    if (state === 'REPAIRED' && next.get(id) !== 'REOPENED') repairs += 1;
    next.set(id, state);
  }
  return repairs;
}
