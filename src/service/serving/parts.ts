/** What the routes of the service are given: the one book, who writes it, and what runs beside. */
import type { PolicySettings } from '../../reconcile/limits.ts';
import type { StopShown } from '../../report/check-document.ts';
import type { ServiceFile } from '../../store/service-file.ts';
import type { BookWriter } from '../book.ts';
import type { Configuration } from '../config.ts';
import type { DutyControl } from '../duties/control.ts';
import type { Log } from '../log.ts';
import type { BookReader } from '../reading.ts';
import type { ServedSource } from '../source/served-source.ts';
import type { WaitingClock } from '../system-clock.ts';
import type { VenueDesk } from '../venues/desk.ts';
import type { Access } from './access/access.ts';
import type { Hub } from './streaming/hub.ts';

export interface AnsweredRequest {
  readonly method: string;
  readonly status: number;
  /** By `now`; 0: nobody looked. */
  readonly beganAt: number;
}

/** For Prometheus. */
export interface MetricsShown {
  /** The text that is scraped, and its type. */
  text(): Promise<string>;
  readonly contentType: string;
  /** Milliseconds of a clock that begins anywhere. */
  now(): number;
  answered(one: AnsweredRequest): void;
}

export interface ServingParts {
  readonly clock: WaitingClock;
  readonly log: Log;
  readonly version: string;
  readonly startedAt: bigint;
  /** Path of the book. */
  readonly book: string;
  /** As it was at the start. */
  readonly configuration: Configuration;
  /** As it was read last; absent: nothing changes while the service runs. */
  readonly lastRead?: () => Configuration;
  readonly markMaxAgeMs: number;
  /** For reading only; every answer is of one instant of it. */
  readonly reader: BookReader;
  /** This process's own where it holds the book. Closing it gives nothing back. */
  readonly writer: () => Promise<BookWriter>;
  readonly file: ServiceFile;
  readonly access: Access;
  readonly metrics: MetricsShown;
  /** Those that the settings name for accounts of the book. */
  readonly desks: readonly VenueDesk[];
  /** The database of a bot that it looks after; absent: none. */
  readonly source?: ServedSource;
  readonly duties: DutyControl;
  readonly hub: Hub;
  /** As they are now: settings are read again while the service runs. */
  readonly policy: () => PolicySettings;
  readonly stop: () => StopShown | null;
  /** Aborted when the service stops: whoever writes waits for nothing then. */
  readonly stopping: AbortSignal;
  /** Null: all is ready; else what is not yet: the first complete check, say. */
  readonly notReady: () => string | null;
  /** Folder of the built page; null: there is none. */
  readonly page: string | null;
}
