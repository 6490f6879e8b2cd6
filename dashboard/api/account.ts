/** One account: what it holds by its fills, beside what the venue said last. */
import type { Amount, PageOf, Party, Time } from './forms.ts';
import type { AccountSummary } from './home.ts';

export type SideState =
  | 'equal'
  | 'different'
  | 'settling'
  | 'unknown'
  | 'within-tolerance'
  | 'foreign';

export interface Side {
  readonly ours: Amount | null;
  readonly theirs: Amount | null;
  readonly theirsParty: Party | null;
  readonly theirsAt: Time | null;
  readonly difference: Amount | null;
  readonly state: SideState;
}

export interface Mark {
  readonly price: Amount;
  readonly time: Time;
  /** Who told it; null: nobody said. */
  readonly source: string | null;
  readonly stale: boolean;
}

export interface Balance {
  readonly currency: string;
  readonly quantity: Side;
  readonly available: Amount | null;
  readonly reserved: Amount | null;
  readonly mark: Mark | null;
  readonly value: Amount | null;
  readonly lastSequence: number | null;
}

export interface Position {
  readonly instrument: string;
  readonly asset: string | null;
  readonly type: string;
  readonly leg: string;
  readonly quantity: Side;
  readonly averagePrice: Amount | null;
  readonly theirsAveragePrice: Amount | null;
  readonly mark: Mark | null;
  readonly costBasis: Amount | null;
  readonly realisedPnl: Amount | null;
  readonly unrealisedPnl: Amount | null;
  readonly fees: readonly { readonly currency: string; readonly amount: Amount }[];
  readonly funding: Amount | null;
  readonly openedAt: Time | null;
}

export interface Order {
  readonly orderId: string;
  readonly clientOrderId: string | null;
  readonly instrument: string;
  readonly side: string;
  readonly type: string;
  readonly quantity: Amount;
  readonly filled: Amount | null;
  readonly price: Amount | null;
  readonly status: string;
  readonly reduceOnly: boolean;
  readonly time: Time;
  readonly sequence: number;
}

export interface Fill {
  readonly sequence: number;
  readonly time: Time;
  readonly instrument: string;
  readonly leg: string;
  readonly side: string;
  readonly quantity: Amount;
  readonly price: Amount;
  readonly fee: Amount | null;
  readonly feeCurrency: string | null;
  readonly liquidity: string | null;
  readonly executionId: string;
  readonly orderId: string | null;
  readonly cause: string;
  readonly provisional: boolean;
}

export interface Account extends AccountSummary {
  readonly asOf: Time;
  readonly balances: readonly Balance[];
  readonly positions: readonly Position[];
  readonly equityParts: {
    readonly total: Amount | null;
    readonly known: Amount;
    readonly cash: Amount;
    readonly positionsValue: Amount | null;
    readonly unrealisedPnl: Amount | null;
    readonly unpriced: readonly {
      readonly what: string;
      readonly quantity: Amount;
      readonly why: string;
    }[];
  };
  readonly openOrders: readonly Order[];
  readonly gateReasons: readonly { readonly code: string; readonly why: string }[];
}

export interface WhyEntry {
  readonly sequence: number;
  readonly time: Time;
  readonly words: string;
  readonly change: Amount;
  readonly after: Amount;
  readonly hash: string;
  readonly raw: string | null;
}

export interface Why {
  readonly account: string;
  readonly what: string;
  readonly key: string;
  readonly leg: string | null;
  readonly total: Amount | null;
  readonly formula: string;
  readonly entries: readonly WhyEntry[];
  readonly next: string | null;
}

/** An entry as it is stored, with what the venue sent where that is kept. */
export interface Entry {
  readonly account: string;
  readonly sequence: number;
  readonly recordedAt: Time;
  readonly effectiveAt: Time | null;
  readonly kind: string;
  readonly id: string;
  readonly words: string;
  readonly reason: string | null;
  readonly causedBy: number | null;
  readonly hash: string;
  readonly stored: Readonly<Record<string, string | number | null>>;
  readonly amendedBy: readonly number[];
  readonly batch: { readonly first: number; readonly last: number; readonly hash: string };
  /** Where a message that names it is kept. */
  readonly heard: { readonly stream: string; readonly at: Time } | null;
  readonly raw: string | null;
}

export type Fills = PageOf<Fill>;
export type Orders = PageOf<Order>;
