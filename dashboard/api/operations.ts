/** What runs: venues, duties, the audit trail, reports, aged exits, and who is signed in. */
import type { Amount, Mode, PageOf, Time, Verdict } from './forms.ts';

export interface VenueStream {
  readonly name: string;
  readonly state: 'connected' | 'listed' | 'gap' | 'silent' | 'not-listening';
  readonly lastMessageAt: Time | null;
  readonly watermark: Time | null;
  readonly reconnects: number;
  readonly openGaps: number;
}

export interface Venue {
  readonly name: string;
  readonly exchange: string;
  readonly account: string;
  readonly mode: Mode;
  readonly readOnly: boolean;
  readonly answering: boolean | null;
  readonly lastAnswerAt: Time | null;
  readonly lastError: { readonly at: Time; readonly why: string } | null;
  readonly clockAheadMs: number | null;
  readonly streams: readonly VenueStream[];
}

export interface DutyRun {
  readonly n: number;
  readonly slot: Time;
  readonly beganAt: Time;
  readonly endedAt: Time;
  readonly exitCode: number;
  readonly sentence: string;
  readonly missed: number;
  readonly askedBy: string | null;
}

export interface Duty {
  readonly name: string;
  readonly timetable: string;
  readonly rationale: string;
  readonly standing: boolean;
  readonly running: boolean;
  readonly paused: { readonly since: Time; readonly by: string; readonly reason: string } | null;
  readonly last: DutyRun | null;
  readonly next: Time | null;
  readonly runs: number;
  readonly failures: number;
  readonly missed: number;
}

export interface AuditRow {
  readonly account: string;
  readonly sequence: number;
  readonly recordedAt: Time;
  readonly effectiveAt: Time | null;
  readonly kind: string;
  readonly id: string;
  readonly what: string;
  readonly reason: string | null;
  readonly by: string | null;
  readonly causedBy: number | null;
  readonly hash: string;
}

export interface Verified {
  readonly at: Time;
  readonly sequence: number;
  readonly sound: boolean;
  readonly why: string | null;
}

export interface Audit extends PageOf<AuditRow> {
  readonly verified: Verified | null;
  readonly head: { readonly sequence: number; readonly hash: string } | null;
}

/** A write over HTTP. */
export interface ActionRow {
  readonly n: number;
  readonly at: Time;
  readonly actor: string;
  readonly action: string;
  readonly object: string;
  readonly status: number;
  readonly requestId: string;
}

export interface ExitRow {
  readonly account: string;
  readonly instrument: string;
  readonly leg: string;
  readonly quantity: Amount;
  readonly openedAt: Time | null;
  readonly ageSeconds: number | null;
  readonly phase: string;
  readonly nextPhaseAt: Time | null;
  readonly targetPrice: Amount | null;
  readonly mark: Amount | null;
  readonly order: {
    readonly orderId: string;
    readonly quantity: Amount;
    readonly price: Amount | null;
  } | null;
  readonly step: string;
  readonly paused: string | null;
  /** Whether orders of its account are sent when they are due. */
  readonly acting: boolean;
  /** Of the statement that it is planned by; null: there is none. */
  readonly asOf: Time | null;
}

export interface Exits extends PageOf<ExitRow> {
  readonly asOf: Time | null;
  readonly acting: boolean;
  readonly why: string | null;
}

export interface ReportDay {
  readonly day: string;
  readonly account: string | null;
  readonly verdict: Verdict;
  readonly forms: readonly ('md' | 'html' | 'json')[];
}

export type Venues = PageOf<Venue>;
export type Duties = PageOf<Duty>;
export type Actions = PageOf<ActionRow>;
export type Reports = PageOf<ReportDay>;

/** Who is signed in, and the proof that a write comes from this page. */
export interface Session {
  /** To be sent with each write; null: nobody is signed in, or without a session. */
  readonly csrf: string | null;
  readonly actor: string | null;
  readonly scopes: readonly string[];
}
