/** The curve of an account's equity, and the times in which breaks were open. */
import { toTextOrNull } from '../../../decimal/text.ts';
import type { Instant } from '../../../model/instant.ts';
import { stakeOf } from '../../../reconcile/verdict.ts';
import type { Account } from '../../../store/accounts.ts';
import type { EquityAnswer } from '../documents/equity.ts';
import type { ServingParts } from '../parts.ts';
import { periodsOf } from '../views/equity-view.ts';
import { aside } from './aside.ts';
import { chronicleOf } from './chronicle.ts';
import { livesOf } from './lives.ts';
import { standingsOf } from './standings.ts';
import { breaksOn, verdictOf } from './summaries.ts';

export interface EquityAsked {
  readonly limit: number;
  /** [from, to); null: open. */
  readonly from: Instant | null;
  readonly to: Instant | null;
}

export async function equityOf(
  parts: ServingParts,
  account: Account,
  asked: EquityAsked,
): Promise<EquityAnswer> {
  const { reader, clock, markMaxAgeMs } = parts;
  const chronicle = await chronicleOf(parts, account);
  const standing = standingsOf(reader).of(account);
  const stake = stakeOf(breaksOn(standing), { strict: false });
  const provisional = verdictOf(parts, standing).verdict !== 'true';
  const proven = chronicle
    // Up to what was recorded at this very instant.
    .spansUpTo(clock.now() + 1n)
    .flatMap(({ from, to, isTrue }) => (isTrue ? [{ from, to }] : []));
  const of = { account, markMaxAgeMs, provisional, proven };
  const curve = await aside(parts, 'curved', { ...of, ...asked });
  return {
    ...{ schema: 'trueup.equity/1', account: account.name },
    ...{ currency: account.currency, mode: account.mode, ...curve },
    breakPeriods: periodsOf(livesOf(chronicle.steps)),
    unresolvedGross: toTextOrNull(stake.gross),
  };
}
