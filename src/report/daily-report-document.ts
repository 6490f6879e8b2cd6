/** The JSON of `report`: the reconciliation of a day, from the journal and nothing else. */

import type { Decimal } from '../decimal/decimal.ts';
import { toText, toTextOrNull } from '../decimal/text.ts';
import type { Break } from '../model/break.ts';
import {
  type Instant,
  instantText,
  instantTextOrNull,
  millisecondsBetween,
} from '../model/instant.ts';
import { percentOf } from '../model/percent.ts';
import { reasonTitles } from '../model/reason.ts';
import type { TotalMatch } from '../reconcile/source/sheet.ts';
import { countsAsBreak, type Verdict } from '../reconcile/verdict.ts';
import type { Day } from './daily-report-day.ts';
import { type BridgeState, bridgeDocument } from './performance-document.ts';

export interface DayState {
  readonly day: Day;
  readonly accounts: readonly DayAccount[];
}

export interface DayAccount {
  readonly account: string;
  readonly venue: string;
  readonly currency: string;
  readonly mode: string;
  /** The last entry that is looked at. */
  readonly knownAt: number;
  /** Of the batch that seals it; no time where the stream is empty. */
  readonly head: { readonly sequence: number; readonly hash: string; readonly at: Instant | null };
  readonly checks: DayChecks;
  readonly breaks: {
    readonly opened: readonly DayBreak[];
    readonly closed: readonly DayBreak[];
    /** As they were when the day ended. */
    readonly open: readonly DayBreak[];
  };
  readonly repairs: readonly DayRepair[];
  /** Every one that stood when the day ended, however old. */
  readonly adjustments: readonly DayAdjustment[];
  readonly performance: readonly DayPerformance[];
  /** Null: the account has no facts, or none yet. */
  readonly equity: DayEquity | null;
  /** Null: nothing was noted of another program's database. */
  readonly source: DaySource | null;
}

export interface DayChecks {
  /** By what they said. */
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly last: DayCheck | null;
}

export interface DayCheck {
  /** Of when it speaks: a statement's own time, or when a source was looked at. */
  readonly at: Instant;
  readonly verdict: Verdict;
  readonly of: 'statement' | 'source';
}

export interface DayBreak {
  readonly break: Break;
  /** From the oldest evidence to when it was seen; null: nothing says since when it was so. */
  readonly foundAfterSeconds: number | null;
  /** Null while it is open. */
  readonly fixedAfterSeconds: number | null;
  /** When the day ended, or the journal before it; null of a closed one. */
  readonly ageSeconds: number | null;
  /** Who saw to it; null while nobody did. */
  readonly who: string | null;
}

export interface DayRepair {
  readonly sequence: number;
  readonly at: Instant;
  readonly kind: string;
  readonly what: string;
  readonly why: string | null;
}

export interface DayAdjustment {
  readonly sequence: number;
  readonly time: Instant;
  readonly currency: string;
  readonly amount: Decimal;
  readonly reason: string | null;
}

export interface DayPerformance {
  readonly sequence: number;
  readonly time: Instant;
  readonly total: Decimal | null;
  readonly cash: Decimal | null;
  readonly positionsValue: Decimal | null;
  /** Of the record before it, that of another day included. */
  readonly change: Decimal | null;
  readonly before: Decimal | null;
}

export interface DayEquity {
  readonly bridge: BridgeState;
  /** The performance records whose prices each end is valued at; null: there was none yet. */
  readonly pricesOf: { readonly opening: Instant | null; readonly closing: Instant | null };
}

export interface DaySource {
  readonly location: string;
  readonly accountId: string;
  /** The last check of the day; null: there was none. */
  readonly last: {
    readonly at: Instant;
    readonly cash: Decimal | null;
    readonly positionsValue: Decimal | null;
    readonly stored: Decimal | null;
    readonly calculated: Decimal | null;
    readonly difference: Decimal | null;
    readonly percent: Decimal | null;
    readonly match: TotalMatch;
  } | null;
  /** Over the day, of the checks that could say; null: none could. */
  readonly differenceMin: Decimal | null;
  readonly differenceMax: Decimal | null;
  readonly unknownChecks: number;
  readonly writes: number;
  /** That were written into it in the day. */
  readonly records: readonly DaySourceRecord[];
}

export interface DaySourceRecord {
  readonly at: Instant;
  /** As the database names it: its time, in the form that it has there. */
  readonly key: string;
  readonly total: Decimal | null;
  readonly cash: Decimal | null;
  readonly positionsValue: Decimal | null;
}

export type DailyReportDocument = ReturnType<typeof dailyReportDocument>;
export type DayAccountDocument = ReturnType<typeof accountDocument>;

export const dailyReportDocument = ({ day, accounts }: DayState) => ({
  schema: 'trueup.report/1',
  date: day.date,
  zone: day.zone,
  from: instantText(day.from),
  to: instantText(day.to),
  accounts: accounts.map((one) => accountDocument(one, day)),
});

const accountDocument = (one: DayAccount, day: Day) => ({
  account: one.account,
  venue: one.venue,
  currency: one.currency,
  mode: one.mode,
  ...verdictAtClose(one, day),
  knownAt: one.knownAt,
  head: { sequence: one.head.sequence, hash: one.head.hash },
  /** The journal's last entry; before the end of the day: what came after it is not known. */
  journalUntil: instantTextOrNull(one.head.at),
  isComplete: one.head.at !== null && one.head.at >= day.to,
  /** Until when it speaks, where the journal ends inside the day; null: of all of it, or none. */
  soFarUntil: instantTextOrNull(isInside(one.head.at, day) ? one.head.at : null),
  checks: checksDocument(one.checks),
  breaks: {
    opened: one.breaks.opened.map(breakDocument),
    closed: one.breaks.closed.map(breakDocument),
    open: one.breaks.open.map(breakDocument),
  },
  repairs: one.repairs.map(({ at, ...rest }) => ({ at: instantText(at), ...rest })),
  adjustments: one.adjustments.map(({ time, amount, ...rest }) => ({
    time: instantText(time),
    amount: toText(amount),
    ...rest,
  })),
  performance: one.performance.map(performanceDocument),
  equity: one.equity === null ? null : equityDocument(one.equity),
  source: one.source === null ? null : sourceDocument(one.source),
  proof: `trueup verify --account ${one.account} --head ${one.head.sequence}:${one.head.hash}`,
});

const isInside = (at: Instant | null, { from, to }: Day): boolean =>
  at !== null && at >= from && at < to;

interface VerdictOfDay {
  readonly verdict: Verdict;
  /** Of when it speaks; null: of the end of the day. */
  readonly verdictAt: string | null;
  readonly because: string;
}

/** A service looks at a source every few minutes: this long without a look is silence. */
const silenceMs = 3_600_000;

/**
 * An open break is certain, whatever the last check said; without a check nothing is known, and
 * nothing unknown reads as true. A statement stands by itself: what it says is of its own time.
 */
function verdictAtClose({ breaks, checks: { last } }: DayAccount, { to }: Day): VerdictOfDay {
  const atClose = (verdict: Verdict, because: string) => ({ verdict, verdictAt: null, because });
  const open = breaks.open.filter((one) => countsAsBreak(one.break, { strict: false }));
  if (open.length > 0) {
    return atClose('break', `open: ${open.map((one) => one.break.id).join(', ')}`);
  }
  if (last === null) return atClose('cannot-say', 'no check was noted');
  if (breaks.open.some((one) => one.break.state === 'SETTLING')) {
    return atClose('cannot-say', 'a difference was still settling');
  }
  const at = instantText(last.at);
  const isLate = millisecondsBetween(last.at, to) <= silenceMs;
  if (last.of === 'source' && last.verdict === 'true' && !isLate) {
    return atClose('cannot-say', `the last check, ${at}, said TRUE, and none was noted after it`);
  }
  const because = `the last check, ${at}, said so`;
  return { verdict: last.verdict, verdictAt: isLate ? null : at, because };
}

const checksDocument = ({ counts, last }: DayChecks) => ({
  noted: counts.true + counts.break + counts['cannot-say'],
  true: counts.true,
  break: counts.break,
  cannotSay: counts['cannot-say'],
  last: last === null ? null : { at: instantText(last.at), verdict: last.verdict, of: last.of },
});

const breakDocument = ({ break: one, ...rest }: DayBreak) => ({
  id: one.id,
  reason: one.reason,
  title: reasonTitles[one.reason],
  confidence: one.confidence,
  severity: one.severity,
  state: one.state,
  gross: toTextOrNull(one.gross),
  net: toTextOrNull(one.net),
  openedAt: instantText(one.openedAt),
  changedAt: instantText(one.changedAt),
  ...rest,
  sentence: one.explanation.sentence,
});

const performanceDocument = (one: DayPerformance) => ({
  sequence: one.sequence,
  time: instantText(one.time),
  totalValue: toTextOrNull(one.total),
  cash: toTextOrNull(one.cash),
  positionsValue: toTextOrNull(one.positionsValue),
  change: toTextOrNull(one.change),
  changePercent: toTextOrNull(percentOf(one.change, one.before)),
});

/** A change of value is known where both ends have a price: otherwise it is null, and not 0. */
const equityDocument = ({ bridge, pricesOf }: DayEquity) => {
  const document = bridgeDocument(bridge);
  const isKnown = bridge.bridge.unexplained !== null;
  const rows: Readonly<Record<string, string | null>> = isKnown
    ? document.rows
    : { ...document.rows, unrealised: null, revaluation: null };
  return {
    ...document,
    rows,
    pricesOf: {
      opening: instantTextOrNull(pricesOf.opening),
      closing: instantTextOrNull(pricesOf.closing),
    },
  };
};

const sourceDocument = (one: DaySource) => ({
  location: one.location,
  accountId: one.accountId,
  last:
    one.last === null
      ? null
      : {
          at: instantText(one.last.at),
          cash: toTextOrNull(one.last.cash),
          positionsValue: toTextOrNull(one.last.positionsValue),
          stored: toTextOrNull(one.last.stored),
          calculated: toTextOrNull(one.last.calculated),
          difference: toTextOrNull(one.last.difference),
          percent: toTextOrNull(one.last.percent),
          match: one.last.match,
        },
  differenceMin: toTextOrNull(one.differenceMin),
  differenceMax: toTextOrNull(one.differenceMax),
  unknownChecks: one.unknownChecks,
  writes: one.writes,
  records: one.records.map(({ at, key, total, cash, positionsValue }) => ({
    ...{ at: instantText(at), key, totalValue: toTextOrNull(total) },
    ...{ cash: toTextOrNull(cash), positionsValue: toTextOrNull(positionsValue) },
  })),
});
