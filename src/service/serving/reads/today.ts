/** What was recorded since an instant, counted. */
import type { Instant } from '../../../model/instant.ts';
import type { Account } from '../../../store/accounts.ts';
import type { ServingParts } from '../parts.ts';
import { type Chronicle, pagesOf } from './chronicle.ts';
import { standingsOf } from './standings.ts';

export interface CountedEntries {
  readonly entries: number;
  /** Each that was made, also of one break, but for those that set nothing right. */
  readonly repairs: number;
}

export interface Chronicled {
  readonly account: Account;
  readonly chronicle: Chronicle;
}

/** By the sequences of the first batch since then, and the steps since: the rest is not read. */
export function entriesSince(
  { reader }: ServingParts,
  accounts: readonly Chronicled[],
  since: Instant,
): CountedEntries {
  const pages = pagesOf(reader);
  let [entries, repairs] = [0, 0];
  for (const { account, chronicle } of accounts) {
    const { head } = standingsOf(reader).of(account);
    entries += head.sequence - pages.lastBefore(account.account, since, head.sequence);
    repairs += repairsSince(chronicle, since);
  }
  return { entries, repairs };
}

function repairsSince({ steps }: Pick<Chronicle, 'steps'>, since: Instant): number {
  const next = new Map<string, string>();
  let repairs = 0;
  for (let index = steps.length - 1; index >= 0; index -= 1) {
    const { id, at, state } = steps[index]!;
    if (at < since) break;
    if (state === 'REPAIRED' && next.get(id) !== 'REOPENED') repairs += 1;
    next.set(id, state);
  }
  return repairs;
}
