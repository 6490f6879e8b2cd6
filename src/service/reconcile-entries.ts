/** What reconciliation leaves in the journal: statements, the lives of breaks, reversals. */
import { sha256 } from '../journal/digest.ts';
import type { Break } from '../model/break.ts';
import { type EntryDraft, type EntryKind, type EntryRow, entryKinds } from '../model/entry.ts';
import { type Instant, instantText, parseInstant } from '../model/instant.ts';
import { parseStatementText } from '../model/parse-statement.ts';
import type { Statement } from '../model/statement.ts';
import type { LiveStatement } from '../reconcile/live/evidence.ts';
import type { Verdict } from '../reconcile/verdict.ts';
import type { BookFile } from '../store/book-file.ts';
import { type BookedItems, withBooked } from './booked-items.ts';
import { isRemark } from './in-force.ts';
import { mayHaveBooked } from './open-stream.ts';
import { fromTaggedText, taggedText } from './tagged-json.ts';

const blank = {
  v: 1,
  instrument: null,
  side: null,
  leg: null,
  quantity: null,
  price: null,
  amount: null,
  currency: null,
  orderId: null,
  body: null,
  causedBy: null,
} as const;

export const draft = (
  kind: EntryKind,
  id: string,
  effectiveAt: Instant,
  rest: Partial<Pick<EntryDraft, 'body' | 'causedBy' | 'currency'>>,
): EntryDraft => ({ ...blank, ...rest, kind, id, effectiveAt });

/** What a party said, word for word. */
export interface StatementSource {
  readonly statement: Statement;
  readonly text: string;
  /** The words without their times, where whoever wrote them has them at hand. */
  readonly timeless?: string;
  /** What is kept of words that are not on record yet; absent: the text, as it is. */
  readonly kept?: () => KeptWords;
  /** How it was taken, where a venue was asked live; absent: it is a document. */
  readonly live?: LiveStatement;
}

interface KeptWords {
  readonly text: string;
  /** Items that the text lacks, for entries of the book tell them; absent: it lacks none. */
  readonly booked?: BookedItems;
}

interface StatementBody {
  /** Of the words without their times. */
  readonly digest: string;
  /** What the check said. */
  readonly verdict: Verdict;
  /** Since when every check says true, in nanoseconds; null while it does not. */
  readonly trueSince: string | null;
  readonly takenAt: string | null;
  readonly text: string | null;
  readonly booked?: KeptWords['booked'];
  /** Where the text is null: the entry with the same words, told at another time. */
  readonly sameAs: number | null;
  /** Whether everything was known that the check compared; absent: where it said true. */
  readonly complete?: boolean;
  /** False: the venue gave no answer, and the sections only say so. */
  readonly answered?: false;
}

export interface StatementVerdict {
  readonly verdict: Verdict;
  readonly trueSince: Instant | null;
}

export interface NotedVerdict extends StatementVerdict {
  readonly complete: boolean;
}

/**
 * The same document with the same verdict is one entry, however often it is checked; the same
 * words at another time are a short one that names the last.
 */
export function draftOfStatement(
  source: StatementSource,
  { verdict, trueSince, complete }: NotedVerdict,
  before: EntryRow | null,
): EntryDraft {
  const { statement, live } = source;
  const { asOf, venue } = statement;
  const takenAt = statement.takenAt === null ? null : instantText(statement.takenAt);
  const digest = sha256(source.timeless ?? timelessText(source.text));
  const name = [venue ?? 'statement', instantText(asOf), takenAt ?? '', verdict, digest].join(' ');
  const id = idAfter(name, before);
  if (before?.id === id) return draft('statement', id, asOf, { body: before.body });
  const known = before === null ? null : bodyOfStatement(before);
  const sameAs = known?.digest === digest ? (known.sameAs ?? before!.sequence) : null;
  const body: StatementBody = {
    ...{ digest, verdict, trueSince: trueSince === null ? null : String(trueSince), takenAt },
    ...(sameAs === null ? keptOf(source) : { text: null }),
    sameAs,
    ...(complete === isCompleteBy(verdict) ? {} : { complete }),
    ...(isAnswered(live) ? {} : { answered: false }),
  };
  return draft('statement', id, asOf, { body: JSON.stringify(body) });
}

const keptOf = ({ kept, text }: StatementSource): KeptWords => kept?.() ?? { text };

const isCompleteBy = (verdict: Verdict): boolean => verdict === 'true';

const isAnswered = (live: LiveStatement | undefined): boolean =>
  live === undefined || live.doubt === null;

/** What is checked again after something else is noted again, once; what is the last one is not. */
export function idAfter(name: string, before: EntryRow | null): string {
  if (before === null) return name;
  return before.id.split(' @')[0] === name ? before.id : `${name} @${before.sequence}`;
}

const bodyOfStatement = (row: EntryRow): StatementBody => JSON.parse(row.body!) as StatementBody;

/** What the check said that noted it. */
export const verdictOfStatement = (row: EntryRow): Verdict => bodyOfStatement(row).verdict;

/** What the last check against a statement said; null where there was none. */
export function lastVerdict(file: BookFile, account: number): StatementVerdict | null {
  const row = file.lastOfKind(account, 'statement');
  if (row === null) return null;
  const { verdict, trueSince } = bodyOfStatement(row);
  return { verdict, trueSince: trueSince === null ? null : BigInt(trueSince) };
}

/** Whitespace and the times of the whole document aside. */
const timelessText = (text: string): string => JSON.stringify(withTimes(text, null, null));

/** Trusted: the text was read as a statement, where money is text. */
function withTimes(text: string, asOf: string | null, takenAt: string | null): object {
  return { ...documentIn(text), asOf, takenAt };
}

const documentIn = (text: string) =>
  JSON.parse(text.replace(/^\ufeff/, '')) as Readonly<Record<string, unknown>>;

/** The words of the statement with the latest asOf; null when none was ever recorded. */
export function newestStatementText(file: BookFile, account: number): string | null {
  const newest = file.newestOfKind(account, 'statement');
  if (newest === null || isAnswer(newest)) return newest && wordsOf(file, account, newest);
  for (const row of file.entriesOfKindBackwards(account, 'statement')) {
    if (isAnswer(row)) return wordsOf(file, account, row);
  }
  return null;
}

const isAnswer = (row: EntryRow): boolean => bodyOfStatement(row).answered !== false;

function wordsOf(file: BookFile, account: number, row: EntryRow): string {
  const { text, takenAt } = bodyOfStatement(row);
  if (text !== null) return toldWords(file, account, row);
  const words = toldWords(file, account, row);
  return JSON.stringify(withTimes(words, instantText(row.effectiveAt), takenAt));
}

/** As they were told first: their times may be those of an earlier entry. */
function toldWords(file: BookFile, account: number, row: EntryRow): string {
  const { text, sameAs, booked } = bodyOfStatement(row);
  if (text === null) return toldWords(file, account, file.entriesAt(account, [sameAs!])[0]!);
  if (booked === undefined) return text;
  return JSON.stringify(withBooked({ file, account }, documentIn(text), booked));
}

/** Null: what was told cannot be read any more. */
function statementIn(file: BookFile, account: number, row: EntryRow): Statement | null {
  const { statement } = parseStatementText(toldWords(file, account, row), {}, { strict: false });
  const { takenAt } = bodyOfStatement(row);
  const taken = takenAt === null ? null : parseInstant(takenAt);
  return statement && { ...statement, asOf: row.effectiveAt, takenAt: taken };
}

/** A check that is on record, and what it compared. */
export interface NotedCheck extends StatementVerdict {
  /**
   * By our clock where somebody noted it, else the statement's own time; never later than it was
   * written down: what is dated ahead is not young until then.
   */
  readonly at: Instant;
  readonly asOf: Instant;
  readonly complete: boolean;
  /** False: the venue gave no answer, and the statement only says so. */
  readonly answered: boolean;
  readonly sequence: number;
  /** What it compared; null: it cannot be read any more. */
  readonly statement: () => Statement | null;
}

/** Checks against somebody else's word, the last one first. */
export function* notedChecks(file: BookFile, account: number): Generator<NotedCheck> {
  for (const row of file.entriesOfKindBackwards(account, 'statement')) {
    yield notedCheck(file, account, row);
  }
}

/** The check that an entry of a statement records. */
export function notedCheck(file: BookFile, account: number, row: EntryRow): NotedCheck {
  const { verdict, trueSince, takenAt, complete, answered } = bodyOfStatement(row);
  const said = (takenAt === null ? null : parseInstant(takenAt)) ?? row.effectiveAt;
  const recordedAt = file.recordedAt(account, row.sequence);
  return {
    ...{ verdict, asOf: row.effectiveAt, sequence: row.sequence, answered: answered !== false },
    trueSince: trueSince === null ? null : BigInt(trueSince),
    at: recordedAt !== null && recordedAt < said ? recordedAt : said,
    complete: complete ?? isCompleteBy(verdict),
    statement: () => statementIn(file, account, row),
  };
}

/** The break that an entry of its kind records. */
export const breakOf = (row: EntryRow): Break => fromTaggedText(row.body!) as Break;

/** Every break of an account as it was last recorded, closed ones included. */
export interface KnownBreaks {
  readonly breaks: readonly Break[];
  /** Entries so far, by break: the number of the next one makes its key. */
  readonly counts: ReadonlyMap<string, number>;
}

interface KeptBreaks extends KnownBreaks {
  /** Of the last entry of a break that was read. */
  readonly sequence: number;
}

const keptBy = new WeakMap<BookFile, Map<number, KeptBreaks>>();

/**
 * `file`: of a reader, who sees nothing that is taken back. What was read stays read, and only
 * later entries are looked for: a bot asks the gate before every order.
 */
export function knownBreaks(file: BookFile, account: number): KnownBreaks {
  const kept = keptBy.get(file) ?? new Map<number, KeptBreaks>();
  keptBy.set(file, kept);
  const before = kept.get(account);
  const sequence = file.lastSequenceOf(account, 'break');
  if (before?.sequence === sequence) return before;
  const found = before === undefined ? breaksIn(file, account) : breaksSince(file, account, before);
  const now = { ...found, sequence };
  kept.set(account, now);
  return now;
}

function breaksIn(file: BookFile, account: number): KnownBreaks {
  const counts = file.seriesOf(account, 'break', 'BRK-', 'BRK.');
  const breaks = Array.from(counts, ([name, count]) => {
    const [last] = file.entriesWithId(account, 'break', `${name}:${count}`);
    return breakOf(last!);
  });
  return { breaks: breaks.sort(compareIds), counts };
}

const compareIds = (a: Break, b: Break): number => (a.id < b.id ? -1 : 1);

function breaksSince(file: BookFile, account: number, before: KeptBreaks): KnownBreaks {
  const later: EntryRow[] = [];
  for (const row of file.entriesOfKindBackwards(account, 'break')) {
    if (row.sequence <= before.sequence) break;
    later.push(row);
  }
  const counts = new Map(before.counts);
  const byId = new Map(before.breaks.map((one) => [one.id, one]));
  for (const row of later.toReversed()) {
    const [name, count] = row.id.split(':') as [string, string];
    counts.set(name, Number(count));
    byId.set(name, breakOf(row));
  }
  return { breaks: [...byId.values()].sort(compareIds), counts };
}

/** One entry for each step. `at`: when it was taken. */
export function draftsOfBreaks(
  steps: readonly Break[],
  at: Instant,
  counts: ReadonlyMap<string, number>,
): readonly EntryDraft[] {
  const next = new Map(counts);
  return steps.map((one) => {
    const count = (next.get(one.id) ?? 0) + 1;
    next.set(one.id, count);
    return draft('break', `${one.id}:${count}`, at, { body: taggedText(one) });
  });
}

/**
 * Takes the entry `target` out of force, or back into it when that is a reversal itself. `by`: the
 * person who said so; the name itself is a text beside the entry.
 */
export const draftOfReversal = (
  target: number,
  at: Instant,
  reason: string,
  by?: string,
): EntryDraft =>
  draft('reversal', String(target), at, {
    causedBy: target,
    body: JSON.stringify({ reason, ...(by === undefined ? {} : { by: sha256(by) }) }),
  });

/** Who took it back; null: a program, or nobody was named. */
export function reversedBy(file: BookFile, { body }: EntryRow): string | null {
  const { by } = JSON.parse(body ?? '{}') as { readonly by?: string };
  return by === undefined ? null : (file.text(by) ?? 'a person whose name was removed');
}

/** Kinds that say something about the account itself; fills and reversals are asked for apart. */
const factual: readonly EntryKind[] = entryKinds.filter(
  (kind) => !isRemark(kind) && kind !== 'fill' && kind !== 'reversal',
);

/**
 * The last entry that says something about the account itself. What is noted about comparing it,
 * and what was told twice and is not booked, does not make a plan stale.
 */
export function factSequence(file: BookFile, account: number): number {
  const ofKinds = factual.map((kind) => file.lastSequenceOf(account, kind));
  const plain = Math.max(0, ...ofKinds);
  const last = Math.max(plain, lastReversal(file, account, plain));
  return mayHaveBooked(file, account) ? file.lastFillAfter(account, last) : last;
}

/** The last one after `from` that settles no conflict; 0 where there is none. */
function lastReversal(file: BookFile, account: number, from: number): number {
  for (const row of file.entriesOfKindBackwards(account, 'reversal')) {
    if (row.sequence <= from) return 0;
    if (!settlesConflict(file, account, row)) return row.sequence;
  }
  return 0;
}

function settlesConflict(file: BookFile, account: number, row: EntryRow): boolean {
  if (row.kind !== 'reversal') return false;
  const [target] = file.entriesAt(account, [row.causedBy!]);
  return (
    target !== undefined && (target.kind === 'conflict' || settlesConflict(file, account, target))
  );
}
