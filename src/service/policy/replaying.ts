/** The breaks of a time, read from the journal, under a policy. */
import { decimalOf } from '../../decimal/decimal.ts';
import type { Break } from '../../model/break.ts';
import type { Instant } from '../../model/instant.ts';
import type { PolicySettings } from '../../reconcile/limits.ts';
import { casesOfSteps, type Replayed, replay } from '../../reconcile/replay.ts';
import type { Account } from '../../store/accounts.ts';
import type { BookFile } from '../../store/book-file.ts';
import { breakOf } from '../reconcile-entries.ts';

export interface ReplayRange {
  /** After this, up to and with `to`. */
  readonly from: Instant;
  readonly to: Instant;
}

export function replayed(
  file: BookFile,
  { account }: Account,
  { from, to }: ReplayRange,
  settings: PolicySettings,
): readonly Replayed[] {
  return file.read(() => {
    const steps: Break[] = [];
    for (const row of file.entriesOfKindBackwards(account, 'break')) {
      if (row.effectiveAt <= from) break;
      if (row.effectiveAt <= to) steps.push(breakOf(row));
    }
    const digits = new Map(file.currencies().map((one) => [one.currency, one.decimals]));
    return replay(casesOfSteps(steps.reverse()), settings, (currency) => {
      const decimals = digits.get(currency);
      return decimals === undefined ? null : decimalOf(1, decimals);
    });
  });
}
