/** What duties are given in tests: a log and alerts that are remembered, and a source in memory. */
import { decimal } from '../../../src/decimal/text.ts';
import type { Break } from '../../../src/model/break.ts';
import { type Instant, instant } from '../../../src/model/instant.ts';
import type { SourceSnapshot } from '../../../src/model/source.ts';
import { checkSource } from '../../../src/reconcile/source/check-source.ts';
import { exitCodeOf, worstVerdict } from '../../../src/reconcile/verdict.ts';
import type { Alert } from '../../../src/service/alerts/alert.ts';
import type { FlushedDesk } from '../../../src/service/duties/alerting.ts';
import type { DutyContext, DutyOptions } from '../../../src/service/duties/duty.ts';
import type { Log, LogLevel, LogLine } from '../../../src/service/log.ts';
import type { SourceCheck, SourceDesk, SourceUpdate } from '../../../src/service/source/desk.ts';
import { SourceError } from '../../../src/sources/source-error.ts';
import { inputOf } from '../../reconcile/source-kit.ts';
import { ManualClock } from './manual-clock.ts';

export interface RememberedLog extends Log {
  readonly lines: (LogLine & { readonly level: LogLevel })[];
  /** `event: msg` of each. */
  said(): readonly string[];
  take(): readonly string[];
}

export function rememberedLog(): RememberedLog {
  const lines: RememberedLog['lines'] = [];
  const at = (level: LogLevel) => (line: LogLine) => void lines.push({ ...line, level });
  const said = () => lines.map(({ event, msg }) => `${event}: ${msg}`);
  const take = () => {
    const all = said();
    lines.length = 0;
    return all;
  };
  return { lines, said, take, info: at('info'), warn: at('warn'), error: at('error') };
}

export interface RememberedAlerts extends FlushedDesk {
  readonly cases: Map<string, Alert>;
  /** `+ name` when a case opens, `- name: sentence` when it clears, `= name` when it changes. */
  take(): readonly string[];
}

export function rememberedAlerts(): RememberedAlerts {
  const cases = new Map<string, Alert>();
  let told: string[] = [];
  return {
    cases,
    take() {
      const all = told;
      told = [];
      return all;
    },
    async raise(alert) {
      const before = cases.get(alert.key);
      if (before === undefined) told.push(`+ ${alert.name}`);
      else if (before.title !== alert.title || before.lines[0] !== alert.lines[0]) {
        told.push(`= ${alert.name}`);
      }
      cases.set(alert.key, alert);
    },
    async clear(key, sentence) {
      const before = cases.get(key);
      if (before === undefined) return;
      told.push(`- ${before.name}: ${sentence}`);
      cases.delete(key);
    },
    open: (prefix) => [...cases.keys()].filter((key) => key.startsWith(prefix)),
    flush: async () => undefined,
  };
}

export const gone = (): SourceError =>
  new SourceError('source-unreachable', 'the server does not answer', 'see whether it runs');

/** A look, or why there is none. */
export type Seen = SourceSnapshot | SourceError;

export interface FakeSource {
  /** What the next look sees; an update puts the truth into it. */
  seen: Seen;
  readonly calls: string[];
  /** What was asked of it fails so. */
  failing: Partial<Record<'open' | 'update' | 'record', Error>>;
  known: readonly Break[];
  /** Null: records are not judged by age. */
  performanceMaxAgeMs: number | null;
  now: Instant;
  open(): Promise<SourceDesk>;
}

export function fakeSource(seen: Seen): FakeSource {
  const source: FakeSource = {
    ...{ seen, calls: [], failing: {}, known: [], now: instant('2026-01-12T21:05:00Z') },
    performanceMaxAgeMs: null,
    async open() {
      if (source.failing.open) throw source.failing.open;
      return deskOf(source);
    },
  };
  return source;
}

function deskOf(source: FakeSource): SourceDesk {
  const desk: Pick<SourceDesk, 'check' | 'update' | 'recordPerformance' | 'close'> = {
    async check({ prices }) {
      source.calls.push(prices === null ? 'check' : `check with ${prices.name}`);
      return checkOf(source);
    },
    async update({ prices }) {
      source.calls.push(prices === null ? 'update' : `update with ${prices.name}`);
      if (source.failing.update) throw source.failing.update;
      const before = checkOf(source).sheets;
      const unknown = before.some(({ calculated }) => calculated === null);
      if (unknown) return updateOf({ status: 'cannot-say', exitCode: 5, before });
      source.seen = repaired(source.seen as SourceSnapshot, before);
      return updateOf({ status: 'written', before, after: checkOf(source) });
    },
    async recordPerformance({ prices }) {
      source.calls.push(prices === null ? 'record' : `record with ${prices.name}`);
      if (source.failing.record) throw source.failing.record;
      return updateOf({ status: 'written', before: checkOf(source).sheets });
    },
    close: async () => void source.calls.push('close'),
  };
  return desk as SourceDesk;
}

export function checkOf({ seen, known, now, performanceMaxAgeMs }: FakeSource): SourceCheck {
  if (seen instanceof SourceError) {
    const json = { unknown: [{ account: 'falcon', section: 'source', why: seen.message }] };
    const document = { verdict: 'cannot-say', exitCode: 5, json } as const;
    const none = { sheets: [], snapshot: null, checked: null, recorded: false };
    return { ...none, verdict: 'cannot-say', document };
  }
  const checked = checkSource(inputOf(seen, { known, now, performanceMaxAgeMs }));
  const verdict = worstVerdict(checked.accounts.map(({ reconciled }) => reconciled.verdict));
  const json = { atStake: { currency: 'USD' } };
  const document = { verdict, exitCode: exitCodeOf(verdict), json };
  const sheets = checked.accounts.map(({ sheet }) => sheet);
  return { verdict, document, sheets, snapshot: seen, checked, recorded: true };
}

const repaired = (seen: SourceSnapshot, sheets: SourceUpdate['before']): SourceSnapshot => ({
  ...seen,
  accounts: seen.accounts.map((one) => ({
    ...one,
    total: sheets.find(({ accountId }) => accountId === one.id)!.calculated,
  })),
});

const updateOf = (parts: Partial<SourceUpdate>): SourceUpdate => ({
  ...{ status: 'written', document: {}, exitCode: 0, before: [], after: null },
  ...{ audit: null, backup: null, isStale: false },
  ...parts,
});

export const dutyOptions = (parts: Partial<DutyOptions> = {}): DutyOptions => ({
  ...{ intervalMinutes: 5, performanceIntervalMinutes: 15, repair: 'never', prices: null },
  report: { at: '00:05', zone: 'UTC', folder: 'reports' },
  alertAbove: () => decimal('100'),
  ...{
    hasSource: true,
    venues: { desks: [], intervalMinutes: 5, checkIntervalMinutes: 5, listen: true },
  },
  ...parts,
});

export interface DutyBench {
  readonly context: DutyContext;
  readonly log: RememberedLog;
  readonly alerts: RememberedAlerts;
  readonly clock: ManualClock;
}

export function dutyBench(source: FakeSource, options: Partial<DutyOptions> = {}): DutyBench {
  const [log, alerts] = [rememberedLog(), rememberedAlerts()];
  const clock = new ManualClock('2026-01-12T21:05:00Z');
  const context: DutyContext = {
    ...{ clock, log, alerts, source: 'sqlite:paper_trading.db', options: dutyOptions(options) },
    ...{ slot: clock.now(), signal: new AbortController().signal },
    reporter: { stateOf: async () => 'missing', write: async (day) => [`reports/${day}.md`] },
    async withDesk(work) {
      const desk = await source.open();
      try {
        return await work(desk);
      } finally {
        await desk.close();
      }
    },
  };
  return { context, log, alerts, clock };
}
