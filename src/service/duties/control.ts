/** The duties as they are seen and controlled while the service runs. */
import type { Instant } from '../../model/instant.ts';
import type { DutyRun, DutyStatus } from './duty.ts';
import type { Timetable } from './timetable.ts';

export interface DutyPause {
  readonly since: Instant;
  readonly by: string;
  readonly reason: string;
}

export interface DutyShown extends Omit<DutyStatus, 'timetable' | 'next'> {
  /** Null: a standing one, without hours. */
  readonly timetable: Timetable | null;
  readonly next: Instant | null;
  readonly rationale: string;
  /** Null: it runs by its timetable. */
  readonly paused: DutyPause | null;
  /** Goes on for as long as the service does. */
  readonly standing: boolean;
}

export interface DutyControl {
  status(): readonly DutyShown[];
  /** Soon, whatever its timetable says; false: there is no such duty, or it is a standing one. */
  runNow(name: string, by: string): boolean;
  /** It keeps its place in the table, and no slot is served until it is resumed. */
  pause(name: string, pause: DutyPause): boolean;
  resume(name: string, by: string): boolean;
}

/** What of it outlives the process. */
export interface DutyMemory {
  pauses(): ReadonlyMap<string, DutyPause>;
  /** Null: it goes by its timetable again. */
  paused(name: string, pause: DutyPause | null): void;
  ran(name: string, run: DutyRun): void;
}

export const noMemory: DutyMemory = {
  pauses: () => new Map(),
  paused: () => undefined,
  ran: () => undefined,
};
