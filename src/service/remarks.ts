/**
 * Remarks: what people say about a break. An entry names the words and who said them by hash; they
 * themselves lie outside the chain, as names do.
 */
import { sha256 } from '../journal/digest.ts';
import type { EntryRow } from '../model/entry.ts';
import type { Instant } from '../model/instant.ts';
import { accepted, type Refusal, type Result, refused } from '../model/result.ts';
import type { Account } from '../store/accounts.ts';
import type { BookFile } from '../store/book-file.ts';
import type { BookWriter } from './book.ts';
import { draft } from './reconcile-entries.ts';

export interface Remark {
  readonly at: Instant;
  readonly by: string;
  readonly text: string;
  readonly sequence: number;
}

interface Body {
  readonly break: string;
  /** sha256 of what was said. */
  readonly said: string;
}

interface Said {
  readonly by: string;
  readonly text: string;
}

export interface NewRemark extends Said {
  readonly breakId: string;
  readonly at: Instant;
}

const textMax = 4_000;

/** The sequence of its entry. */
export async function addRemark(
  writer: BookWriter,
  account: Account,
  { breakId, by, text, at }: NewRemark,
): Promise<Result<number>> {
  if (text.trim() === '' || text.length > textMax) return refused(unfit(text));
  const words = JSON.stringify({ by, text } satisfies Said);
  const said = sha256(words);
  const body: Body = { break: breakId, said };
  // Said twice within one moment it is said once.
  const id = `${breakId} ${at} ${said.slice(0, 8)}`;
  const entry = draft('remark', id, at, { body: JSON.stringify(body) });
  const result = await writer.apply({
    ...{ account: account.name, expectedSequence: null },
    entries: [{ draft: entry, text: words }],
  });
  if (result.status === 'written') {
    const [outcome] = result.outcomes;
    if (outcome !== undefined && 'sequence' in outcome) return accepted(outcome.sequence);
  }
  return refused(unwritten(breakId));
}

const bodyOf = (row: EntryRow): Body => JSON.parse(row.body!) as Body;

function saidIn(file: BookFile, row: EntryRow): Said | null {
  const words = file.text(bodyOf(row).said);
  return words === null ? null : (JSON.parse(words) as Said);
}

/** Those on a break, the first one first; one whose words were taken out says so. */
export function remarksOn(file: BookFile, account: number, breakId: string): readonly Remark[] {
  const found: Remark[] = [];
  for (const row of file.entriesOfKindBackwards(account, 'remark')) {
    if (bodyOf(row).break !== breakId) continue;
    const { by, text } = saidIn(file, row) ?? { by: 'unknown', text: 'what was said is gone' };
    found.unshift({ at: row.effectiveAt, by, text, sequence: row.sequence });
  }
  return found;
}

/** Null: what was said is gone, and with it who said it. */
export const remarkBy = (file: BookFile, row: EntryRow): string | null =>
  saidIn(file, row)?.by ?? null;

export function remarkWords(file: BookFile, row: EntryRow): string {
  const { break: breakId } = bodyOf(row);
  const said = saidIn(file, row);
  return said === null ? `a remark on ${breakId}` : `${said.by} on ${breakId}: ${said.text}`;
}

const unfit = (text: string): Refusal => ({
  code: 'remark-unfit',
  message: text.trim() === '' ? 'the remark says nothing' : 'the remark is too long',
  where: { field: 'text' },
  rule: `a remark is of 1 to ${textMax} characters`,
  hint: 'say it in a few sentences',
});

const unwritten = (breakId: string): Refusal => ({
  code: 'remark-unwritten',
  message: `the remark on ${breakId} was not written`,
  where: { field: 'break', value: breakId },
  rule: 'a remark is an entry of the book',
  hint: 'send it again',
});
