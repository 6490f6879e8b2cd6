/**
 * What was on record about an account at an instant that is past: its breaks as they were then, its
 * checks, and the verdict of them. What was recorded later is left out.
 */
import type { Break } from '../../../model/break.ts';
import type { EntryKind, EntryRow } from '../../../model/entry.ts';
import type { Instant } from '../../../model/instant.ts';
import { gateMaxAgeMs } from '../../../reconcile/gate.ts';
import type { Account } from '../../../store/accounts.ts';
import { movingKinds } from '../../in-force.ts';
import type { BookReader } from '../../reading.ts';
import { breakOf, type NotedCheck, notedCheck } from '../../reconcile-entries.ts';
import { type SourceLook, sourceLook } from '../../source/source-checks.ts';
import { type VerdictOnRecord, type VerdictTimes, verdictOnRecord } from '../views/verdict-view.ts';
import { pagesOf } from './chronicle.ts';

export interface PlaceAsked {
  readonly account: Account;
  readonly asOf: Instant | null;
  /** Entries after this one are left out; null: of whatever was recorded until then. */
  readonly knownAt: number | null;
}

export interface RecallAsked extends PlaceAsked {
  readonly now: Instant;
}

/** The last entry of then; 0: there was none. */
export function sequenceThen(reader: BookReader, { account, asOf, knownAt }: PlaceAsked): number {
  const head = reader.file.head(account.account).sequence;
  const known = Math.min(knownAt ?? head, head);
  if (asOf === null) return known;
  return Math.min(known, pagesOf(reader).lastBefore(account.account, asOf + 1n, head));
}

/** Nobody knows more of what is to come. */
function instantThen({ file }: BookReader, { account, asOf, knownAt, now }: RecallAsked): Instant {
  if (asOf !== null) return asOf < now ? asOf : now;
  return knownAt === null ? now : (file.recordedAt(account.account, knownAt) ?? now);
}

export type Checks = Record<
  'last' | 'lastComplete' | 'lastTrue' | 'lastAnswered',
  NotedCheck | null
>;

export interface Recollection {
  readonly at: Instant;
  /** False: of that time nothing is known of it, and nothing was on record. */
  readonly isThere: boolean;
  readonly sequence: number;
  /** In the state that each had then; those that were opened later are none. */
  readonly breaks: readonly Break[];
  readonly checks: Checks;
  /** The last look at its database, where nobody else had been asked about it by then. */
  readonly look: SourceLook | null;
  readonly isOfSource: boolean;
  readonly said: VerdictOnRecord;
  readonly times: VerdictTimes;
}

/** As a person would have read it at that instant. */
export function recollected(reader: BookReader, asked: RecallAsked): Recollection {
  const { account } = asked.account;
  const [at, sequence] = [instantThen(reader, asked), sequenceThen(reader, asked)];
  const breaks = breaksUpTo(reader, account, sequence);
  const isOfSource = isOfSourceAt(reader, account, sequence);
  const checks = checksUpTo(reader, account, { sequence, isOfSource });
  const times = { now: at, maxAgeMs: gateMaxAgeMs, startedAt: null };
  const said = verdictOnRecord({ breaks, ...checks }, times);
  const look = isOfSource ? (checks.last as SourceLook | null) : null;
  const isThere = sequence > 0 || hasHappened(reader, account, at);
  return { at, isThere, sequence, breaks, checks, look, isOfSource, said, times };
}

/** Something that moved it took effect by then, whenever it was recorded. */
function hasHappened({ file }: BookReader, account: number, at: Instant): boolean {
  const kinds = JSON.stringify(movingKinds);
  const first = file.driver.value(
    `SELECT 1 FROM book_entries WHERE account = ? AND effective_at <= ?
       AND kind IN (SELECT value FROM json_each(?)) LIMIT 1`,
    ...[account, at, kinds],
  );
  return first !== null;
}

const slice = 500;

/** The last step that each break had taken: only those are read as more than rows. */
function breaksUpTo(reader: BookReader, account: number, last: number): readonly Break[] {
  const found = new Map<string, EntryRow>();
  for (let after = 0; after < last; ) {
    const rows = pagesOf(reader).entriesAfter(account, 'break', after, slice);
    for (const row of rows) {
      const [id] = row.id.split(':') as [string];
      if (row.sequence <= last) found.set(id, row);
    }
    after = rows.length < slice ? last : rows.at(-1)!.sequence;
  }
  return Array.from(found.values(), breakOf);
}

/** Nobody had stated anything by then, and its database had been looked at. */
function isOfSourceAt(reader: BookReader, account: number, sequence: number): boolean {
  const isThere = (kind: EntryKind): boolean => {
    const [first] = pagesOf(reader).entriesAfter(account, kind, 0, 1);
    return first !== undefined && first.sequence <= sequence;
  };
  return !isThere('statement') && isThere('source');
}

const pageLength = 50;
/** So many checks are looked through for one that was true. */
const checksMax = 2_000;

interface UpTo {
  readonly sequence: number;
  readonly isOfSource: boolean;
}

function checksUpTo(reader: BookReader, account: number, { sequence, isOfSource }: UpTo): Checks {
  const { file } = reader;
  const checkOf = (row: EntryRow) => (isOfSource ? sourceLook : notedCheck)(file, account, row);
  const kinds = [isOfSource ? 'source' : 'statement'] as const;
  const checks: Checks = { last: null, lastComplete: null, lastTrue: null, lastAnswered: null };
  let before: number | null = sequence + 1;
  for (let looked = 0; before !== null && looked < checksMax; ) {
    const page = pagesOf(reader).entriesBefore(account, { before, limit: pageLength, kinds });
    for (const row of page.items) {
      looked += 1;
      const check = checkOf(row);
      if (check === null) continue;
      checks.last ??= check;
      if (check.complete) checks.lastComplete ??= check;
      if (check.verdict === 'true') checks.lastTrue ??= check;
      if (check.answered) checks.lastAnswered ??= check;
    }
    if (checks.lastComplete && checks.lastTrue && checks.lastAnswered) break;
    before = page.before;
  }
  return checks;
}
