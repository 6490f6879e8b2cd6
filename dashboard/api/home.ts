/** The first page's answer: are the books true? */
import type { BreakSummary } from './breaks.ts';
import type { Amount, Mode, Time, Verdict } from './forms.ts';

/** What a bot's database has as its total, beside what its rows make. */
export interface StoredTotal {
  readonly at: Time;
  readonly stored: Amount | null;
  readonly calculated: Amount | null;
  readonly difference: Amount | null;
}

export interface AccountSummary {
  readonly account: string;
  readonly mode: Mode;
  readonly currency: string;
  readonly venue: string;
  readonly verdict: Verdict;
  readonly why: string | null;
  readonly trueUntil: Time | null;
  readonly trueSince: Time | null;
  readonly checkedAt: Time | null;
  readonly dataAgeSeconds: number | null;
  readonly breaks: number;
  readonly gross: Amount | null;
  readonly net: Amount | null;
  readonly equity: Amount | null;
  readonly equityKnown: Amount;
  readonly gate: 'allow' | 'deny';
  /** Of a bot's database that is looked after; null: of none. */
  readonly source: StoredTotal | null;
  readonly sequence: number;
}

export interface Scope {
  readonly scope: Mode;
  readonly verdict: Verdict;
  readonly sentence: string;
  readonly breaks: number;
  readonly cannotSay: number;
  readonly atStake: {
    readonly gross: Amount | null;
    readonly net: Amount | null;
    readonly currency: string | null;
    readonly unvalued: readonly string[];
  };
  readonly oldestBreakSeconds: number | null;
  readonly approvalsWaiting: number;
  readonly accounts: readonly AccountSummary[];
  readonly today: Today;
}

/** What happened on the day, of one scope. */
export interface Today {
  readonly entries: number;
  readonly repairs: number;
  /** Null: what ran at an instant that is past was not kept. */
  readonly venuesAnswering: number | null;
  readonly venues: number | null;
  readonly nextCheck: Time | null;
}

export interface DayTrue {
  readonly day: string;
  readonly percent: Amount | null;
}

export interface Home {
  readonly asOf: Time;
  readonly live: Scope | null;
  readonly paper: Scope | null;
  /** Why there is no account though a bot's database is looked after. */
  readonly noAccount: string | null;
  readonly breaks: readonly BreakSummary[];
  readonly minutesTrue: {
    /** Which of the two it is of: they are never mixed. */
    readonly of: Mode | null;
    readonly percent: Amount | null;
    /** What is known of these days, the accounts added up. */
    readonly knownSeconds: number;
    readonly days: readonly DayTrue[];
  };
}
