/** What reconciliation leaves in the journal: statements, the lives of breaks, reversals. */
import { sha256 } from '../journal/digest.ts';
import type { Break } from '../model/break.ts';
import type { EntryDraft, EntryKind, EntryRow } from '../model/entry.ts';
import { type Instant, instantText } from '../model/instant.ts';
import type { Statement } from '../model/statement.ts';
import type { BreakChange } from '../reconcile/track.ts';
import type { BookFile } from '../store/book-file.ts';
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

const draft = (
  kind: EntryKind,
  id: string,
  effectiveAt: Instant,
  rest: Partial<Pick<EntryDraft, 'body' | 'causedBy' | 'currency'>>,
): EntryDraft => ({ ...blank, ...rest, kind, id, effectiveAt });

/** What a party said, word for word. */
export interface StatementSource {
  readonly statement: Statement;
  readonly text: string;
}

interface StatementBody {
  readonly digest: string;
  /** Null: the same words as the entry before it. */
  readonly text: string | null;
}

/** The same document again is the same entry; the same words at another time a short one. */
export function draftOfStatement(
  { statement, text }: StatementSource,
  newest: EntryRow | null,
): EntryDraft {
  const digest = sha256(text);
  const same = newest !== null && bodyOfStatement(newest).digest === digest;
  const body: StatementBody = { digest, text: same ? null : text };
  const id = `${statement.venue ?? 'statement'}:${instantText(statement.asOf)}:${digest}`;
  return draft('statement', id, statement.asOf, { body: JSON.stringify(body) });
}

const bodyOfStatement = (row: EntryRow): StatementBody =>
  JSON.parse(row.body ?? '{"digest":"","text":null}') as StatementBody;

/** The words of the newest statement of an account; null when none was ever recorded. */
export function newestStatementText(file: BookFile, account: number): string | null {
  for (const row of file.entriesOfKind(account, 'statement').toReversed()) {
    const { text } = bodyOfStatement(row);
    if (text !== null) return text;
  }
  return null;
}

export const newestStatement = (file: BookFile, account: number): EntryRow | null =>
  file.entriesOfKind(account, 'statement').at(-1) ?? null;

/** Every break of an account as it was last recorded, closed ones included. */
export interface KnownBreaks {
  readonly breaks: readonly Break[];
  /** Entries so far, by break: the number of the next one makes its key. */
  readonly counts: ReadonlyMap<string, number>;
}

export function knownBreaks(file: BookFile, account: number): KnownBreaks {
  const breaks = new Map<string, Break>();
  const counts = new Map<string, number>();
  for (const row of file.entriesOfKind(account, 'break')) {
    const one = fromTaggedText(row.body!) as Break;
    breaks.set(one.id, one);
    counts.set(one.id, (counts.get(one.id) ?? 0) + 1);
  }
  return { breaks: [...breaks.values()], counts };
}

export function draftsOfBreaks(
  changes: readonly Pick<BreakChange, 'at' | 'break'>[],
  counts: ReadonlyMap<string, number>,
): readonly EntryDraft[] {
  const next = new Map(counts);
  return changes.map(({ at, break: one }) => {
    const count = (next.get(one.id) ?? 0) + 1;
    next.set(one.id, count);
    const body = taggedText(one);
    return draft('break', `${one.id}:${count}`, at, { body });
  });
}

/** Takes the entry `target` out of force, or back into it when that is a reversal itself. */
export const draftOfReversal = (target: number, at: Instant, reason: string): EntryDraft =>
  draft('reversal', String(target), at, {
    causedBy: target,
    body: JSON.stringify({ reason }),
  });

const bookkeeping: ReadonlySet<string> = new Set(['statement', 'break', 'performance']);

/**
 * The last entry that says something about the account itself. What is noted about comparing it
 * does not make a plan stale.
 */
export function factSequence(file: BookFile, account: number): number {
  let { sequence } = file.head(account);
  while (sequence > 0) {
    const [row] = file.entriesAt(account, [sequence]);
    if (row === undefined || !bookkeeping.has(row.kind)) return sequence;
    sequence -= 1;
  }
  return 0;
}
