/** Breaks: the list, one whole, and what may be done about it. */
import type { Amount, Confidence, Mode, PageOf, Party, Severity, Time } from './forms.ts';

export type BreakState =
  | 'SETTLING'
  | 'OPEN'
  | 'EXPLAINED'
  | 'PROPOSED'
  | 'APPROVED'
  | 'REPAIRED'
  | 'VERIFIED'
  | 'SNOOZED'
  | 'ACCEPTED'
  | 'SELF_CLEARED'
  | 'REOPENED';

export interface Hold {
  readonly reason: string;
  readonly until: Time;
  readonly cap: Amount | null;
  readonly scope: string;
}

export interface BreakSummary {
  readonly id: string;
  readonly reason: string;
  readonly title: string;
  readonly confidence: Confidence;
  readonly severity: Severity;
  readonly state: BreakState;
  readonly account: string;
  readonly mode: Mode;
  readonly currency: string;
  readonly openedAt: Time;
  /** Where it came back after it was closed: when it was opened first. */
  readonly firstOpenedAt: Time | null;
  readonly changedAt: Time;
  readonly ageSeconds: number;
  readonly gross: Amount | null;
  readonly net: Amount | null;
  readonly keys: readonly string[];
  readonly waitsFor: 'person' | 'policy' | 'venue' | 'nobody' | 'closed';
  readonly hold: Hold | null;
}

export interface Unknown {
  readonly account: string;
  readonly section: string;
  readonly scope: string | null;
  readonly why: string;
  readonly since: Time | null;
}

export interface Breaks extends PageOf<BreakSummary> {
  readonly ageing: readonly {
    readonly bucket: string;
    readonly breaks: number;
    readonly gross: Amount | null;
  }[];
  readonly states: Readonly<Record<string, number>>;
  /** By who has to do something next, of those that are open and neither settle nor are held. */
  readonly waits: Readonly<Record<string, number>>;
  readonly unknown: readonly Unknown[];
}

export interface Line {
  readonly what: string;
  readonly key: string;
  readonly leg: string | null;
  readonly oursParty: Party;
  readonly ours: Amount | null;
  readonly oursText?: string | undefined;
  readonly theirsParty: Party;
  readonly theirs: Amount | null;
  readonly theirsText?: string | undefined;
  readonly difference: Amount | null;
  readonly tolerance: Amount;
}

export interface Evidence {
  readonly at: Time;
  readonly what: string;
  readonly id: string;
  readonly source: Party;
  readonly effect: Amount | null;
  readonly sequence?: number | undefined;
}

export interface Explanation {
  readonly sentence: string;
  readonly evidence: readonly Evidence[];
  readonly residual: Amount | null;
  readonly residuals: readonly {
    readonly what: string;
    readonly key: string;
    readonly leg: string | null;
    readonly residual: Amount | null;
  }[];
  readonly ruledOut: readonly {
    readonly reason: string;
    readonly residual: Amount | null;
    readonly why: string;
  }[];
  readonly candidates?:
    | readonly { readonly reason: string; readonly name: string; readonly sentence: string }[]
    | undefined;
  readonly gaveUp?: string | undefined;
}

export interface Effect {
  readonly what: string;
  readonly key: string;
  readonly leg: string | null;
  readonly before: Amount;
  readonly after: Amount;
  readonly change: Amount;
}

export interface Repair {
  readonly planHash: string | null;
  readonly entries: readonly {
    readonly action: string;
    readonly id: string;
    readonly target?: number | undefined;
    readonly fact: Readonly<Record<string, unknown>> | null;
  }[];
  readonly rows?: readonly string[] | undefined;
  readonly needsApproval: boolean | null;
  readonly decision: string | null;
  readonly because: string | null;
  readonly effects: readonly Effect[];
  readonly alternatives: readonly Readonly<Record<string, unknown>>[];
}

export type ActionName =
  | 'propose'
  | 'approve'
  | 'repair'
  | 'snooze'
  | 'accept'
  | 'reopen'
  | 'comment';

export interface Action {
  readonly name: ActionName;
  readonly possible: boolean;
  readonly scope: string;
  readonly why: string | null;
}

export interface Break extends BreakSummary {
  readonly lines: readonly Line[];
  readonly explanation: Explanation;
  readonly repair: Repair;
  readonly remarks: readonly {
    readonly at: Time;
    readonly by: string;
    readonly text: string;
    readonly sequence: number;
  }[];
  readonly history: readonly {
    readonly sequence: number;
    readonly at: Time;
    readonly state: string;
    readonly words: string;
    readonly by: string | null;
    readonly hash: string;
  }[];
  /** Entries of its repair that can be taken back, the newest first. */
  readonly undo: readonly number[];
  readonly actions: readonly Action[];
  readonly commands: readonly string[];
}
