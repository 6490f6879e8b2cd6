/** What is on record about an account, as a verdict with its reason. Pure. */
import { ageText } from '../../../model/age.ts';
import { counted } from '../../../model/amount.ts';
import type { Break } from '../../../model/break.ts';
import { type Instant, millisecondsBetween } from '../../../model/instant.ts';
import { isClosed } from '../../../model/life-cycle.ts';
import { reasonTitles } from '../../../model/reason.ts';
import type { Statement } from '../../../model/statement.ts';
import { countsAsBreak, type Verdict } from '../../../reconcile/verdict.ts';

export interface CheckOnRecord {
  readonly at: Instant;
  readonly verdict: Verdict;
  readonly complete: boolean;
  readonly trueSince: Instant | null;
  readonly statement: () => Statement | null;
  /** Why it was not whole, where no statement says it. */
  readonly doubt?: () => string;
}

export interface OnRecord {
  readonly breaks: readonly Break[];
  readonly last: CheckOnRecord | null;
  readonly lastComplete: CheckOnRecord | null;
  readonly lastTrue: CheckOnRecord | null;
}

export interface VerdictOnRecord {
  readonly verdict: Verdict;
  /** Null: it is true. */
  readonly why: string | null;
  readonly trueUntil: Instant | null;
  readonly trueSince: Instant | null;
  readonly checkedAt: Instant | null;
}

export interface VerdictTimes {
  readonly now: Instant;
  /** An older check says nothing about now. */
  readonly maxAgeMs: number;
  /** When the process began that serves: what was compared before says nothing. Null: none did. */
  readonly startedAt: Instant | null;
}

/** A break is certain; else nothing but a check that is whole, fresh and true reads as true. */
export function verdictOnRecord(record: OnRecord, times: VerdictTimes): VerdictOnRecord {
  const { last, lastComplete, lastTrue } = record;
  const { verdict, why } = judged(record, times);
  return {
    ...{ verdict, why },
    trueUntil: lastTrue?.at ?? null,
    trueSince: verdict === 'true' ? (lastComplete?.trueSince ?? null) : null,
    checkedAt: last?.at ?? null,
  };
}

type Judged = Pick<VerdictOnRecord, 'verdict' | 'why'>;

const doubtful = (why: string): Judged => ({ verdict: 'cannot-say', why });

function judged({ breaks, last, lastComplete }: OnRecord, times: VerdictTimes): Judged {
  const { now, maxAgeMs, startedAt } = times;
  const open = breaks.filter((one) => countsAsBreak(one, { strict: false }));
  if (open.length > 0) {
    const titles = [...new Set(open.map(({ reason }) => reasonTitles[reason]))];
    const words = `${counted(open.length, 'break')}: ${titles.join('; ')}`;
    // What is certain hides nothing of what is not known.
    const silent = last === null || last.complete ? null : whyNotWhole(last);
    const why = silent === null ? words : `${words}; and not all is known: ${silent}`;
    return { verdict: 'break', why };
  }
  if (last === null) return doubtful('never checked: nobody was ever compared with it');
  if (lastComplete === null) return doubtful(`no check of it was ever whole: ${whyNotWhole(last)}`);
  if (startedAt !== null && lastComplete.at < startedAt) {
    const silent = last.complete ? '' : `: ${whyNotWhole(last)}`;
    return doubtful(`not compared since the service started: checking${silent}`);
  }
  const age = millisecondsBetween(lastComplete.at, now);
  if (age > maxAgeMs) {
    const silent = last.complete ? '' : `: ${whyNotWhole(last)}`;
    return doubtful(`stale: the last whole check is ${ageText(age)} old${silent}`);
  }
  if (!last.complete) return doubtful(`the last check got no whole answer: ${whyNotWhole(last)}`);
  if (breaks.some((one) => !isClosed(one) && one.state === 'SETTLING')) {
    return doubtful('a difference is settling: the next check says whether it stays');
  }
  if (lastComplete.verdict === 'true') return { verdict: 'true', why: null };
  if (lastComplete.verdict === 'cannot-say') {
    return doubtful('the last check could not say: something of the book is not known yet');
  }
  // Repaired, and nobody was asked again.
  return doubtful('no break is open, and no check has said since that it is true');
}

const sections = ['positions', 'balances', 'orders'] as const;

/** In the words of whoever did not answer. */
export function whyNotWhole(check: CheckOnRecord): string {
  if (check.doubt !== undefined) return check.doubt();
  const statement = check.statement();
  if (statement === null) return 'what was told cannot be read any more';
  for (const name of sections) {
    const error = statement[name]?.error;
    if (error != null) return error;
  }
  const open = sections.find((name) => statement[name]?.complete !== true);
  return open === undefined ? 'a part of it was not known' : `${open} were not stated whole`;
}
