/** Equity over time, and the bridge between two instants. */
import type { Amount, Mode, Time } from './forms.ts';

export interface EquityPoint {
  readonly time: Time;
  readonly total: Amount | null;
  readonly restated: Amount | null;
  readonly drawdownPercent: Amount | null;
  readonly provisional: boolean;
}

export interface Transfer {
  readonly time: Time;
  readonly kind: string;
  readonly amount: Amount;
  readonly currency: string;
}

export interface BreakPeriod {
  readonly from: Time;
  readonly to: Time | null;
  readonly breaks: number;
}

export interface Equity {
  readonly account: string;
  readonly currency: string;
  readonly mode: Mode;
  readonly from: Time | null;
  readonly to: Time;
  /** How many are on record in the range; of many fewer points are drawn. */
  readonly records: number;
  readonly points: readonly EquityPoint[];
  readonly transfers: readonly Transfer[];
  readonly breakPeriods: readonly BreakPeriod[];
  readonly unresolvedGross: Amount | null;
  readonly maxDrawdownPercent: Amount | null;
}

export interface Bridge {
  readonly account: string;
  readonly currency: string;
  readonly from: Time;
  readonly to: Time;
  readonly opening: Amount | null;
  readonly rows: readonly { readonly name: string; readonly amount: Amount | null }[];
  readonly closing: Amount | null;
  readonly unknown: readonly string[];
}
