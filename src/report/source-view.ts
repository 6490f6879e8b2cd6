/** The parts of a document about a bot's database that reports read. */
import type { JsonObject } from './check-document.ts';

export interface SourceCheckView {
  readonly verdict: 'true' | 'break' | 'cannot-say';
  readonly asOf: string;
  readonly breaks: readonly SourceBreakView[];
  readonly accepted: readonly SourceBreakView[];
  readonly unknown: readonly {
    readonly account: string;
    readonly section: string;
    readonly scope: string | null;
    readonly why: string;
    readonly sentence?: string;
  }[];
  readonly hints: readonly string[];
  readonly source: SourceView;
}

export interface SourceBreakView {
  readonly id: string;
  readonly reason: string;
  readonly title: string;
  readonly confidence: string;
  readonly severity: string;
  readonly state: string;
  readonly account: string;
  readonly gross: string | null;
  readonly lines: readonly { readonly what: string; readonly key: string }[];
  readonly explanation: {
    readonly sentence: string;
    readonly evidence: readonly {
      readonly at: string;
      readonly what: string;
      readonly id: string;
      readonly effect: string | null;
    }[];
    readonly residual: string | null;
    readonly ruledOut: readonly {
      readonly reason: string;
      readonly residual: string | null;
      readonly why: string;
    }[];
  };
  readonly repair: { readonly because: string | null };
}

export interface SourceView {
  readonly identity: {
    readonly schema: string;
    readonly generation: string;
    readonly engine: string;
    readonly location: string;
  };
  readonly zone: { readonly name: string; readonly known: string; readonly because: string };
  readonly takenAt: string;
  readonly asOf: string;
  readonly currency: string;
  readonly keepsTotal: boolean;
  readonly keepsPrices: boolean;
  readonly guard: { readonly state: string; readonly bound: string | null };
  readonly orders: { readonly count: number; readonly newestAt: string | null };
  readonly accounts: readonly SourceAccountView[];
}

export interface SourceAccountView {
  readonly id: string;
  readonly account: string;
  readonly cash: string | null;
  readonly positions: readonly SourcePositionView[];
  readonly positionsValue: string | null;
  readonly costBasis: string | null;
  readonly unrealisedPnl: string | null;
  readonly unrealisedPercent: string | null;
  readonly calculated: string | null;
  readonly known: string;
  readonly unpriced: readonly { readonly what: string; readonly why: string }[];
  readonly stored: string | null;
  readonly storedWhy: string | null;
  readonly difference: string | null;
  readonly differencePercent: string | null;
  readonly match: 'exact' | 'nearest' | 'guarded' | 'different' | 'unknown' | 'not-stored';
  readonly storedAt: string | null;
  readonly performance: {
    readonly count: number;
    readonly lastAt: string | null;
    readonly ageSeconds: number | null;
    readonly stale: boolean;
    readonly gaps: readonly { readonly from: string; readonly to: string }[];
    readonly records: readonly SourceRecordView[];
  };
  readonly drift: {
    readonly basis: { readonly kind: string; readonly at: string | null; readonly total: string };
    readonly parts: readonly {
      readonly what: string;
      readonly key: string | null;
      readonly amount: string;
      readonly how: string;
    }[];
    readonly residual: string;
  } | null;
}

export interface SourcePositionView {
  readonly symbol: string;
  readonly quantity: string | null;
  readonly entryPrice: string | null;
  readonly price: string | null;
  readonly priceFrom: string | null;
  readonly priceAt: string | null;
  readonly value: string | null;
  readonly costBasis: string | null;
  readonly unrealisedPnl: string | null;
  readonly why: string | null;
}

export interface SourceRecordView {
  readonly time: string;
  readonly total: string | null;
  readonly cash: string | null;
  readonly positionsValue: string | null;
  readonly change: string | null;
}

export const sourceViewOf = (document: JsonObject): SourceCheckView =>
  document as unknown as SourceCheckView;
