/** A desk in a folder of its own, with a clock that stands still and channels that remember. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decimal } from '../../../src/decimal/text.ts';
import { addMilliseconds, type Instant, instant } from '../../../src/model/instant.ts';
import type {
  Alert,
  AlertChannel,
  AlertMessage,
  Delivery,
} from '../../../src/service/alerts/alert.ts';
import { openAlertDesk, type StandingDesk } from '../../../src/service/alerts/desk.ts';
import type { Log, LogLine } from '../../../src/service/log.ts';
import type { WaitingClock } from '../../../src/service/system-clock.ts';

/** Waiting moves it on by what was waited for, and nothing else does but `pass`. */
export class SteppingClock implements WaitingClock {
  #now = instant('2026-01-12T10:00:00Z');

  now(): Instant {
    return this.#now;
  }

  pass(minutes: number): void {
    this.#now = addMilliseconds(this.#now, minutes * 60_000);
  }

  after(ms: number, work: () => void): () => void {
    const handle = setImmediate(() => {
      this.#now = addMilliseconds(this.#now, ms);
      work();
    });
    return () => clearImmediate(handle);
  }
}

const later: Delivery = { status: 'failed', why: 'it answered 503', retry: true };
const never: Delivery = { status: 'failed', why: 'it answered 404', retry: false };

/** Takes what it is sent unless it is told otherwise, and can edit. */
export class MemoryChannel implements AlertChannel {
  readonly name: string;
  readonly taken: AlertMessage[] = [];
  attempts = 0;
  /** What the next attempts come to. */
  readonly next: Delivery[] = [];
  /** What every attempt comes to until it works again. */
  fault: Delivery | Error | null = null;

  constructor(name: string) {
    this.name = name;
  }

  down(): void {
    this.fault = later;
  }

  refuses(): void {
    this.fault = never;
  }

  failsOnce(delivery: Delivery = later): void {
    this.next.push(delivery);
  }

  async send(message: AlertMessage): Promise<Delivery> {
    this.attempts += 1;
    if (this.fault instanceof Error) throw this.fault;
    const delivery = this.fault ?? this.next.shift();
    if (delivery !== undefined && delivery !== null) return delivery;
    this.taken.push(message);
    return { status: 'sent', reference: message.reference ?? `${this.name}-${this.attempts}` };
  }

  /** `opened total-stale:a The title`, one each. */
  get told(): readonly string[] {
    return this.taken.map(({ phase, alert }) => `${phase} ${alert.key} ${alert.title}`);
  }

  get phases(): readonly string[] {
    return this.taken.map(({ phase, notify }) => `${phase}${notify ? '!' : ''}`);
  }
}

export class Ground {
  readonly clock = new SteppingClock();
  readonly stateFile = join(mkdtempSync(join(tmpdir(), 'trueup-desk-')), 'book.db.alerts.json');
  readonly channels: readonly (MemoryChannel & Partial<AlertChannel>)[];
  readonly lines: LogLine[] = [];
  desk: StandingDesk;

  constructor(...channels: readonly (MemoryChannel & Partial<AlertChannel>)[]) {
    this.channels = channels;
    this.desk = this.open();
  }

  /** As after a restart, or in the next run of cron. */
  open(): StandingDesk {
    const note = (line: LogLine) => void this.lines.push(line);
    const log: Log = { info: note, warn: note, error: note };
    const { channels, stateFile, clock } = this;
    this.desk = openAlertDesk({ channels, stateFile, clock, log });
    return this.desk;
  }

  raise(changes: Partial<Alert> = {}): Promise<void> {
    return this.desk.raise({ ...wrong, at: this.clock.now(), ...changes });
  }

  clear(key = wrong.key): Promise<void> {
    return this.desk.clear(key, 'It is right again.', this.clock.now());
  }

  get state(): string {
    return readFileSync(this.stateFile, 'utf8');
  }
}

export const wrong: Omit<Alert, 'at'> = {
  key: 'total-stale:falcon',
  name: 'total-stale',
  severity: 'medium',
  account: 'falcon',
  title: 'The stored total is wrong',
  lines: ['Discrepancy: $211.69', '5 minutes old'],
  atStake: decimal('211.69'),
};
