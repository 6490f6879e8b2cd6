/** The first page's answer: are the books true? */
import type { BreakSummary } from './breaks.ts';
import type { Amount, Mode, Time, Verdict } from './forms.ts';

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
}

export interface DayTrue {
  readonly day: string;
  readonly percent: Amount | null;
}

export interface Home {
  readonly asOf: Time;
  readonly live: Scope | null;
  readonly paper: Scope | null;
  readonly breaks: readonly BreakSummary[];
  readonly minutesTrue: {
    /** Which of the two it is of: they are never mixed. */
    readonly of: Mode | null;
    readonly percent: Amount | null;
    readonly days: readonly DayTrue[];
  };
  readonly today: {
    readonly entries: number;
    readonly repairs: number;
    readonly venuesAnswering: number;
    readonly venues: number;
    readonly nextCheck: Time | null;
  };
}
