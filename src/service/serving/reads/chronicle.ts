/**
 * What became of an account's checks and breaks over time. Kept, and read on from where it ended;
 * a long stream is read in slices, between which others are answered.
 */
import type { Break, BreakState } from '../../../model/break.ts';
import type { EntryRow } from '../../../model/entry.ts';
import type { Instant } from '../../../model/instant.ts';
import { isClosed } from '../../../model/life-cycle.ts';
import { gateMaxAgeMs } from '../../../reconcile/gate.ts';
import { countsAsBreak, type Verdict } from '../../../reconcile/verdict.ts';
import type { Account } from '../../../store/accounts.ts';
import { type PageReads, pageReads } from '../../../store/page-reads.ts';
import { isOfSource } from '../../checks-on-record.ts';
import type { BookReader } from '../../reading.ts';
import { breakOf, notedCheck } from '../../reconcile-entries.ts';
import { sourceLook } from '../../source/source-checks.ts';
import type { ServingParts } from '../parts.ts';
import { type Span, SpansBuilder } from '../views/minutes-true.ts';

export interface BreakStep {
  readonly id: string;
  readonly at: Instant;
  readonly sequence: number;
  readonly state: BreakState;
  readonly counts: boolean;
  readonly isClosed: boolean;
  /** When it was opened. */
  readonly openedAt: Instant;
}

/** The last check of which a day speaks. */
export interface DayCheck {
  readonly at: Instant;
  readonly verdict: Verdict;
}

export interface Chronicle {
  readonly spansUpTo: (now: Instant) => readonly Span[];
  /** In the order in which they were recorded. */
  readonly steps: readonly BreakStep[];
  /** By the day in UTC. */
  readonly days: ReadonlyMap<string, DayCheck>;
}

class Growing implements Chronicle {
  readonly steps: BreakStep[] = [];
  readonly days = new Map<string, DayCheck>();
  #spans = new SpansBuilder(gateMaxAgeMs);
  /** Whoever it is held against. */
  kind: 'statement' | 'source' | null = null;
  checksRead = 0;
  breaksRead = 0;
  /** One reader at a time goes on. */
  reading: Promise<void> = Promise.resolve();

  spansUpTo(now: Instant): readonly Span[] {
    return this.#spans.upTo(now);
  }

  /** Somebody stated something of an account that only its database was asked about. */
  forgetChecks(kind: 'statement' | 'source'): void {
    this.kind = kind;
    this.checksRead = 0;
    this.#spans = new SpansBuilder(gateMaxAgeMs);
    this.days.clear();
  }

  check(at: Instant, verdict: Verdict): void {
    this.#spans.add({ at, verdict });
    const day = dayText(at);
    const before = this.days.get(day);
    if (before === undefined || before.at <= at) this.days.set(day, { at, verdict });
  }

  step(one: Break, { sequence, effectiveAt: at }: EntryRow): void {
    const { id, state, openedAt } = one;
    const counts = countsAsBreak(one, { strict: false });
    this.steps.push({ id, at, sequence, state, counts, isClosed: isClosed(one), openedAt });
  }
}

const dayNanos = 86_400_000_000_000n;

/** `2026-11-19`, in UTC. */
export const dayText = (at: Instant): string =>
  new Date(Number(at / 1_000_000n)).toISOString().slice(0, 10);

export const dayBegin = (at: Instant): Instant => at - (((at % dayNanos) + dayNanos) % dayNanos);

const kept = new WeakMap<BookReader, Map<number, Growing>>();
const pagesKept = new WeakMap<BookReader, PageReads>();

export function pagesOf(reader: BookReader): PageReads {
  const known = pagesKept.get(reader) ?? pageReads(reader.file.driver);
  pagesKept.set(reader, known);
  return known;
}

/** So many rows take a few milliseconds. */
const slice = 500;

export async function chronicleOf(
  parts: Pick<ServingParts, 'reader' | 'clock'>,
  account: Account,
): Promise<Chronicle> {
  const { reader } = parts;
  const all = kept.get(reader) ?? new Map<number, Growing>();
  kept.set(reader, all);
  const one = all.get(account.account) ?? new Growing();
  all.set(account.account, one);
  // A read that failed was told whoever asked; the next one goes on where it ended.
  one.reading = one.reading.catch(() => undefined).then(() => grow(parts, account, one));
  await one.reading;
  return one;
}

async function grow(
  { reader, clock }: Pick<ServingParts, 'reader' | 'clock'>,
  { account }: Account,
  one: Growing,
): Promise<void> {
  const { file } = reader;
  const pages = pagesOf(reader);
  const rest = () => new Promise<void>((resolve) => void clock.after(0, resolve));
  const kind = isOfSource(file, account) ? 'source' : 'statement';
  if (one.kind !== kind) one.forgetChecks(kind);
  const checkOf = kind === 'source' ? sourceLook : notedCheck;
  for (;;) {
    const rows = pages.entriesAfter(account, kind, one.checksRead, slice);
    for (const row of rows) {
      const check = checkOf(file, account, row);
      if (check !== null) one.check(check.at, check.verdict);
      one.checksRead = row.sequence;
    }
    if (rows.length < slice) break;
    await rest();
  }
  for (;;) {
    const rows = pages.entriesAfter(account, 'break', one.breaksRead, slice);
    for (const row of rows) {
      one.step(breakOf(row), row);
      one.breaksRead = row.sequence;
    }
    if (rows.length < slice) return;
    await rest();
  }
}
