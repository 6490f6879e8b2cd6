/**
 * Duties: what the service does by the clock. A duty is data: a name, a timetable and a run.
 * `duty-table.ts` lists those that there are.
 */
import type { Decimal } from '../../decimal/decimal.ts';
import type { Instant } from '../../model/instant.ts';
import type { PolicySettings } from '../../reconcile/limits.ts';
import type { StopShown } from '../../report/check-document.ts';
import type { AlertDesk } from '../alerts/alert.ts';
import type { BookWriter } from '../book.ts';
import type { Log } from '../log.ts';
import type { BookReader } from '../reading.ts';
import type { SourceDesk } from '../source/desk.ts';
import type { Mirror } from '../source/positions-mirror.ts';
import type { PriceSource } from '../source/prices.ts';
import type { WaitingClock } from '../system-clock.ts';
import type { VenueDesk } from '../venues/desk.ts';
import type { AlertName } from './alerting.ts';
import type { MissedSlots, Timetable } from './timetable.ts';

export interface Duty {
  /** Kebab-case: in the log, in alerts and in status. */
  readonly name: string;
  readonly timetable: Timetable;
  /**
   * When the service starts: `always` runs at once, `unserved` only if the present slot had no run
   * yet, so that a service that starts again and again does not do it again and again.
   */
  readonly atStart: 'always' | 'unserved';
  /** When a run that failed is tried again; null: at its next slot, like any run. */
  readonly retry: Timetable | null;
  /** The alert of runs that fail, and how many in a row are worth one. */
  readonly failing: { readonly alert: AlertName; readonly after: number };
  readonly rationale: string;
  run(context: DutyContext): Promise<DutyResult>;
}

/** What a run is given. */
export interface DutyContext {
  readonly clock: WaitingClock;
  readonly log: Log;
  /** Aborted when the service is stopped: what goes on for long ends soon then. */
  readonly signal: AbortSignal;
  readonly alerts: AlertDesk;
  /** Opens the source for one run: a file that was replaced since is seen as it is now. */
  readonly withDesk: <T>(work: (desk: SourceDesk) => Promise<T>) => Promise<T>;
  readonly reporter: DayReporter;
  /** The source as people and notes are shown it: never with a password. */
  readonly source: string;
  /** The slot that the run serves. */
  readonly slot: Instant;
  readonly options: DutyOptions;
}

/** Writes the report of a day, in every form. */
export interface DayReporter {
  /** `written`: every file is there; `before-book`: the book knows nothing of that day. */
  stateOf(day: string): Promise<'written' | 'missing' | 'before-book'>;
  /** Paths of the files; throws where one cannot be written. */
  write(day: string): Promise<readonly string[]>;
}

/** What a person decided about the duties of one source, and of venues. */
export interface DutyOptions {
  readonly intervalMinutes: number;
  readonly performanceIntervalMinutes: number;
  /** `auto` writes the truth into the source, and what a venue proves into the book. */
  readonly repair: 'auto' | 'never';
  /** How far the book itself is repaired without a person, as it is now; absent: as by default. */
  readonly policy?: () => PolicySettings;
  /** Why nothing is written without a person; null: nobody stopped it. Absent: nobody can. */
  readonly stop?: () => StopShown | null;
  readonly prices: PriceSource | null;
  readonly report: { readonly at: string; readonly zone: string; readonly folder: string };
  /** A difference above this, in the reporting currency, is told to a person; as it is now. */
  readonly alertAbove: () => Decimal;
  /** Whether a database is looked after; else only venues are. */
  readonly hasSource: boolean;
  readonly venues: VenueDuties;
  /** Whose accounts are held against themselves; absent: nobody asks for it. */
  readonly book?: CheckedBook;
  /** Keeps the rows of a bot's database with the book; absent: no rows are kept. */
  readonly mirror?: Pick<Mirror, 'once' | 'waiting'>;
}

export interface CheckedBook {
  readonly reader: () => BookReader;
  readonly markMaxAgeMs: number;
  readonly intervalMinutes: number;
  readonly openWriter: () => Promise<BookWriter>;
}

export interface VenueDuties {
  readonly desks: readonly VenueDesk[];
  readonly intervalMinutes: number;
  readonly checkIntervalMinutes: number;
  /** Whether their fills are booked as they happen, too. */
  readonly listen: boolean;
}

/** The exit code says it as `check` does: 0 true or done, 1 error, 3 break, 5 cannot say. */
export interface DutyResult {
  readonly exitCode: number;
  /** One sentence: for the status of the service and the summary of `--once`. */
  readonly sentence: string;
}

export interface DutyRun {
  readonly slot: Instant;
  readonly beganAt: Instant;
  readonly endedAt: Instant;
  readonly result: DutyResult;
  /** Slots before this one that had no run. */
  readonly missed: MissedSlots | null;
  /** Who wanted it now; null: its timetable. */
  readonly askedBy: string | null;
}

export interface DutyStatus {
  readonly name: string;
  readonly timetable: Timetable;
  readonly last: DutyRun | null;
  readonly next: Instant;
  readonly running: boolean;
  readonly runs: number;
  /** Runs that failed since one that did not. */
  readonly failures: number;
  /** Slots without a run since the service started. */
  readonly missed: number;
}
