/** The book on one side, the newest statement on record on the other. */
import type { SideState } from './account.ts';
import type { Amount, PageOf, Party, Time, Verdict } from './forms.ts';

export type SideSection = 'balances' | 'positions' | 'orders' | 'executions' | 'cashFlows';

export interface SideSaid {
  readonly amount: Amount | null;
  readonly words: string | null;
  readonly time: Time | null;
  readonly id: string | null;
  readonly sequence: number | null;
}

export type MatchRule = 'name' | 'id' | 'own-id' | 'id-alone' | 'content' | 'order' | 'likeness';

export interface SidePair {
  readonly section: SideSection;
  readonly what: 'balance' | 'position' | 'average-price' | 'order' | 'fill' | 'cash-flow';
  readonly key: string;
  readonly instrument: string | null;
  readonly leg: string | null;
  readonly state: SideState;
  readonly ours: SideSaid | null;
  readonly theirs: SideSaid | null;
  readonly difference: Amount | null;
  readonly fields: readonly {
    readonly field: string;
    readonly ours: string;
    readonly theirs: string;
  }[];
  readonly matchedBy: MatchRule | null;
  readonly note: string | null;
  readonly breakId: string | null;
}

export interface SectionTold {
  readonly section: SideSection;
  readonly told: 'whole' | 'part' | 'nothing';
  readonly why: string | null;
  readonly items: number;
  readonly from: Time | null;
  readonly to: Time | null;
}

export interface Sides extends PageOf<SidePair> {
  readonly account: string;
  /** Why nobody is beside the book; null: one is. */
  readonly why: string | null;
  /** The instant of the statement, which both sides are of. */
  readonly statementAt: Time | null;
  readonly checkedAt: Time | null;
  readonly fresh: boolean;
  readonly sequence: number | null;
  readonly verdict: Verdict | null;
  /** Whether that check knew everything that it compared. */
  readonly complete: boolean | null;
  readonly party: Party | null;
  readonly counts: Readonly<Record<SideState, number>>;
  readonly sections: readonly SectionTold[];
}
