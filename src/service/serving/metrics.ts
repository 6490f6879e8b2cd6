/**
 * What Prometheus reads. Each metric is defined once, here, with its help; what can be told from
 * the book is told when it is asked for. Labels are names of accounts and duties, and no more.
 */
import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import { cpuUsage, memoryUsage } from 'node:process';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { type Instant, millisecondsBetween } from '../../model/instant.ts';
import { countsAsBreak } from '../../reconcile/verdict.ts';
import type { AnsweredRequest, MetricsShown, ServingParts } from './parts.ts';
import { standingsOf } from './reads/standings.ts';
import { breaksOn, gateFor, verdictOf } from './reads/summaries.ts';
import { waitsForApproval } from './views/break-view.ts';

/** So many seconds a request takes; a bot that asks the gate waits for the first ones. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

const refusals: ReadonlySet<number> = new Set([401, 403, 429]);

export class Metrics implements MetricsShown {
  readonly registry = new Registry();
  readonly #requests: Counter;
  readonly #byClass: Counter.Internal[] = [];
  readonly #durations: Histogram;
  readonly #refusedSignIns: Counter;
  readonly #refusedWrites: Counter;
  #parts: ServingParts | null = null;
  readonly #told: readonly ((parts: ServingParts) => void)[];

  constructor() {
    const registers = [this.registry];
    this.#requests = new Counter({
      ...{ registers, name: 'trueup_http_requests_total', labelNames: ['class'] },
      help: 'Requests that were answered, by the first digit of their status (2xx)',
    });
    this.#durations = new Histogram({
      ...{ registers, name: 'trueup_http_request_duration_seconds', buckets },
      help: 'Seconds from the request to its answer, streams apart',
    });
    this.#refusedSignIns = new Counter({
      ...{ registers, name: 'trueup_sign_ins_failed_total' },
      help: 'Tokens and codes that opened nothing',
    });
    this.#refusedWrites = new Counter({
      ...{ registers, name: 'trueup_writes_refused_total' },
      help: 'Writes that were refused for who asked, or how often: 401, 403, 429',
    });
    const gauge = (name: string, help: string, labelNames: readonly string[] = []) =>
      new Gauge({ registers, name: `trueup_${name}`, help, labelNames: [...labelNames] });
    this.#told = [processTold(gauge), serviceTold(gauge), accountsTold(gauge), dutiesTold(gauge)];
  }

  now(): number {
    return performance.now();
  }

  answered({ method, status, beganAt }: AnsweredRequest): void {
    const hundred = Math.floor(status / 100);
    this.#byClass[hundred] ??= this.#requests.labels(`${hundred}xx`);
    this.#byClass[hundred].inc();
    if (beganAt > 0) this.#durations.observe((performance.now() - beganAt) / 1_000);
    if (method !== 'GET' && refusals.has(status)) this.#refusedWrites.inc();
  }

  signInFailed(): void {
    this.#refusedSignIns.inc();
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** What it tells of. */
  of(parts: ServingParts): void {
    this.#parts = parts;
  }

  async text(): Promise<string> {
    const parts = this.#parts;
    if (parts !== null) for (const tell of this.#told) tell(parts);
    return await this.registry.metrics();
  }
}

type MakeGauge = (name: string, help: string, labels?: readonly string[]) => Gauge;

const seconds = (at: Instant): number => millisecondsBetween(0n, at) / 1_000;

function serviceTold(gauge: MakeGauge) {
  const ready = gauge('ready', '1 once everything was compared since the start, else 0');
  const started = gauge('start_time_seconds', 'When the service started, since 1970');
  const listeners = gauge('stream_listeners', 'Clients that listen to the stream');
  const build = gauge('build_info', 'Always 1; the version is in its label', ['version']);
  return (parts: ServingParts): void => {
    ready.set(parts.notReady() === null ? 1 : 0);
    started.set(seconds(parts.startedAt));
    listeners.set(parts.hub.listeners);
    build.set({ version: parts.version }, 1);
  };
}

function processTold(gauge: MakeGauge) {
  const resident = gauge('process_resident_memory_bytes', 'Memory of the process');
  const heap = gauge('process_heap_bytes', 'Of it, what values take');
  const cpu = gauge('process_cpu_seconds', 'Seconds of processor time since the start');
  const busy = gauge(
    'event_loop_busy_ratio',
    'Of the time since the last scrape, how much it worked',
  );
  let before: EventLoopUtilization = performance.eventLoopUtilization();
  return (): void => {
    const { rss, heapUsed } = memoryUsage();
    const { user, system } = cpuUsage();
    const now = performance.eventLoopUtilization();
    resident.set(rss);
    heap.set(heapUsed);
    cpu.set((user + system) / 1e6);
    busy.set(performance.eventLoopUtilization(now, before).utilization);
    before = now;
  };
}

const verdicts = { true: 1, 'cannot-say': 0, break: -1 } as const;

function accountsTold(gauge: MakeGauge) {
  const of = ['account'];
  const verdict = gauge('account_verdict', '1 true, 0 cannot say, -1 break', of);
  const allows = gauge('gate_allows', '1 where a bot may trade, else 0', of);
  const breaks = gauge('breaks_open', 'Breaks that count against the verdict', of);
  const oldest = gauge(
    'break_oldest_age_seconds',
    'Age of the oldest of them; 0: there is none',
    of,
  );
  const waiting = gauge('approvals_waiting', 'Repairs that wait for a person', of);
  const checked = gauge('last_complete_check_time_seconds', 'Since 1970; 0: there was none', of);
  const entries = gauge('entries', 'Entries of the stream', of);
  return (parts: ServingParts): void => {
    const { reader, clock } = parts;
    const now = clock.now();
    for (const account of reader.file.accounts()) {
      const standing = standingsOf(reader).of(account);
      const open = breaksOn(standing).filter((one) => countsAsBreak(one, { strict: false }));
      const ages = open.map(({ openedAt }) => millisecondsBetween(openedAt, now) / 1_000);
      const labels = { account: account.name };
      verdict.set(labels, verdicts[verdictOf(parts, standing).verdict]);
      allows.set(labels, gateFor(parts, account, standing).gate === 'allow' ? 1 : 0);
      breaks.set(labels, open.length);
      oldest.set(labels, Math.max(0, ...ages));
      waiting.set(labels, open.filter(waitsForApproval).length);
      const { lastComplete, head } = standing;
      checked.set(labels, lastComplete === null ? 0 : seconds(lastComplete.at));
      entries.set(labels, head.sequence);
    }
  };
}

function dutiesTold(gauge: MakeGauge) {
  const of = ['duty'];
  const runs = gauge('duty_runs', 'Runs since the service started', of);
  const failures = gauge('duty_failures', 'Runs in a row that could not do what they are for', of);
  const missed = gauge('duty_missed', 'Times of the timetable without a run since the start', of);
  const paused = gauge('duty_paused', '1 where a person paused it, else 0', of);
  const ended = gauge('duty_last_run_time_seconds', 'When its last run ended, since 1970', of);
  const took = gauge('duty_last_run_duration_seconds', 'How long its last run took', of);
  return ({ duties }: ServingParts): void => {
    for (const duty of duties.status()) {
      const labels = { duty: duty.name };
      runs.set(labels, duty.runs);
      failures.set(labels, duty.failures);
      missed.set(labels, duty.missed);
      paused.set(labels, duty.paused === null ? 0 : 1);
      if (duty.last === null) continue;
      const { beganAt, endedAt } = duty.last;
      ended.set(labels, seconds(endedAt));
      took.set(labels, millisecondsBetween(beganAt, endedAt) / 1_000);
    }
  };
}
