/** What a bot's database stores of an account, beside what knows better. */
import type { Side } from './account.ts';
import type { BreakState } from './breaks.ts';
import type { Amount, Mode, PageOf, Time } from './forms.ts';

export interface RowBreak {
  readonly id: string;
  readonly reason: string;
  readonly title: string;
  readonly state: BreakState;
}

export interface StoredRow {
  readonly id: string | null;
  readonly symbol: string;
  readonly instrument: string | null;
  readonly side: 'long' | 'short' | null;
  readonly status: 'open' | 'closed' | 'unknown' | 'missing';
  readonly statusText: string | null;
  readonly quantity: Side;
  readonly entryPrice: Amount | null;
  readonly price: Amount | null;
  readonly priceFrom: string | null;
  readonly priceAt: Time | null;
  readonly value: Amount | null;
  readonly unrealisedPnl: Amount | null;
  readonly realisedPnl: Amount | null;
  readonly exitPrice: Amount | null;
  readonly exitReason: string | null;
  readonly openedAt: Time | null;
  readonly closedAt: Time | null;
  readonly updatedAt: Time | null;
  readonly break: RowBreak | null;
  readonly why: string | null;
}

export interface StoredFigures {
  readonly stored: Amount | null;
  readonly storedAt: Time | null;
  readonly calculated: Amount | null;
  readonly known: Amount;
  readonly difference: Amount | null;
  readonly state: Side['state'];
  readonly cash: Amount | null;
  readonly positionsValue: Amount | null;
  readonly unrealisedPnl: Amount | null;
  readonly recordAt: Time | null;
  readonly unknown: readonly { readonly what: string; readonly why: string }[];
  /** What to do where a price is too old or missing. */
  readonly advice: string | null;
  readonly break: RowBreak | null;
  readonly why: string | null;
}

export interface Rows extends PageOf<StoredRow> {
  readonly account: string;
  readonly mode: Mode;
  readonly currency: string;
  readonly source: {
    readonly name: string;
    readonly kind: 'balance' | 'positions' | null;
    readonly shut: string | null;
  } | null;
  readonly lookedAt: Time | null;
  readonly ageSeconds: number | null;
  readonly why: string | null;
  readonly figures: StoredFigures | null;
  readonly counts: { readonly open: number; readonly closed: number } | null;
}
