/** What the causes of a source are told of one account. */
import type { Decimal } from '../../decimal/decimal.ts';
import type { Instant } from '../../model/instant.ts';
import type { SourceAccount, SourceSnapshot } from '../../model/source.ts';
import type { Remedy } from '../repair.ts';
import type { Drift } from './drift.ts';
import type { OrderTotals } from './orders.ts';
import type { BalanceSheet } from './sheet.ts';

export interface SourceContext {
  readonly snapshot: SourceSnapshot;
  readonly account: SourceAccount;
  /** The name that breaks give the account. */
  readonly name: string;
  readonly sheet: BalanceSheet;
  readonly drift: Drift | null;
  /** Null: not read, or nobody can tell whose they are. */
  readonly orders: OrderTotals | null;
  readonly asOf: Instant;
  /** What the age of a performance record counts to. */
  readonly historyAt: Instant;
  readonly performanceMaxAgeMs: number | null;
}

/** The calculated and stored total of a sheet that differ; null where they do not. */
export function differingOf({ sheet }: SourceContext): {
  readonly stored: Decimal;
  readonly calculated: Decimal;
  readonly difference: Decimal;
} | null {
  const { stored, calculated, difference, match } = sheet;
  if (match !== 'different') return null;
  if (stored === null || calculated === null || difference === null) return null;
  return { stored, calculated, difference };
}

/** The line that a stored total is on, whatever is wrong with it. */
export const totalLineName = ({ account }: SourceContext) =>
  ({ what: 'total', key: account.id }) as const;

export const updateRemedy = ({ snapshot }: SourceContext): Remedy => ({
  command: `trueup update --source ${snapshot.identity.location}`,
  does: 'writes the calculated total',
});
