/** What commands on a source leave in the journal: what it said, and what was written to it. */
import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { sha256 } from '../../journal/digest.ts';
import type { EntryDraft, EntryRow } from '../../model/entry.ts';
import { type Instant, instantText } from '../../model/instant.ts';
import type { SourceAuditRow, SourceIdentity, SourceSnapshot } from '../../model/source.ts';
import type { BalanceSheet } from '../../reconcile/source/sheet.ts';
import type { Verdict } from '../../reconcile/verdict.ts';
import type { BookFile } from '../../store/book-file.ts';
import type { PlanEntry } from '../book.ts';
import { draft } from '../reconcile-entries.ts';
import { fromTaggedText, taggedText } from '../tagged-json.ts';

const sqlite = 'sqlite:';

/**
 * The same database under one name, from whichever folder and by whichever user it is named: notes
 * are kept by it.
 */
export function placeOf({ location }: SourceIdentity): string {
  if (!location.startsWith(sqlite)) return location.replace(/^(\w+:\/\/)[^@/]*@/, '$1');
  const path = resolve(location.slice(sqlite.length));
  return sqlite + (existsSync(path) ? realpathSync(path) : path);
}

/** One account of a source as it was checked. */
export interface SeenSource {
  readonly snapshot: SourceSnapshot;
  readonly sheet: BalanceSheet;
  readonly verdict: Verdict;
  /** Since when every check said true; null while it does not. */
  readonly trueSince: Instant | null;
  /** Rows of the source's own log up to this one are in the journal, where they are ours. */
  readonly auditedTo: number;
}

export interface SourceBody {
  /** Of what it said, without the time of asking. */
  readonly digest: string;
  /** As `placeOf` names it. */
  readonly location: string;
  readonly accountId: string;
  readonly verdict: Verdict;
  /** In nanoseconds. */
  readonly trueSince: string | null;
  readonly auditedTo: number;
  /** Null in an entry that says the same as an earlier one. */
  readonly said: string | null;
  /** That earlier entry; null where this one says it itself. */
  readonly sameAs: number | null;
}

/** What a person may want to see of it later, digit by digit. */
export interface SourceSaid {
  readonly schema: string;
  readonly generation: string;
  readonly zone: SourceSnapshot['zone'];
  readonly sheet: BalanceSheet;
  readonly orders: SourceSnapshot['orders'];
  readonly guard: SourceSnapshot['guard'];
  readonly faults: SourceSnapshot['faults'];
}

export const bodyOfSource = (row: EntryRow): SourceBody => JSON.parse(row.body!) as SourceBody;

/** The same content at the same time with the same verdict is one entry. */
export function draftOfSource(seen: SeenSource, before: EntryRow | null): EntryDraft {
  const { snapshot, sheet, verdict, trueSince, auditedTo } = seen;
  const { identity, zone, orders, guard, faults, takenAt } = snapshot;
  const { schema, generation } = identity;
  const location = placeOf(identity);
  const said: SourceSaid = { schema, generation, zone, sheet, orders, guard, faults };
  const text = taggedText(said);
  const digest = sha256(text);
  const known = before === null ? null : bodyOfSource(before);
  const sameAs = known?.digest === digest ? (known.sameAs ?? before!.sequence) : null;
  const body: SourceBody = {
    ...{ digest, location, accountId: sheet.accountId, verdict, auditedTo },
    trueSince: trueSince === null ? null : String(trueSince),
    ...{ said: sameAs === null ? text : null, sameAs },
  };
  const id = `${location} ${sheet.accountId} ${instantText(takenAt)} ${verdict} ${digest}`;
  return draft('source', id, takenAt, { body: JSON.stringify(body) });
}

/** What a source entry says, also where it only names an earlier one. */
export function saidOf(file: BookFile, account: number, row: EntryRow): SourceSaid {
  const { said, sameAs } = bodyOfSource(row);
  if (said !== null) return fromTaggedText(said) as SourceSaid;
  const [told] = file.entriesAt(account, [sameAs!]);
  return saidOf(file, account, told!);
}

interface WriteBody {
  readonly location: string;
  readonly audit: number;
  readonly action: SourceAuditRow['action'];
  readonly changes: SourceAuditRow['changes'];
  readonly undoes: number | null;
  readonly backup: string | null;
  /** sha256 of why; the words lie outside the chain. */
  readonly why: string | null;
}

/** `backup`: that was taken for it; null where there was one already, or nobody knows any more. */
export function entryOfWrite(
  location: string,
  row: SourceAuditRow,
  backup: string | null,
): PlanEntry {
  const { id: audit, action, changes, undoes, why } = row;
  const body: WriteBody = {
    ...{ location, audit, action, changes, undoes, backup },
    why: why === null ? null : sha256(why),
  };
  const written = draft('source-write', writeId(location, audit), row.at, {
    body: JSON.stringify(body),
  });
  return why === null ? { draft: written } : { draft: written, text: why };
}

const writeId = (location: string, audit: number): string => `${location} #${audit}`;

export const isNoted = (
  file: BookFile,
  account: number,
  location: string,
  audit: number,
): boolean => file.entriesWithId(account, 'source-write', writeId(location, audit)).length > 0;

export const writeOf = (row: EntryRow): WriteBody => JSON.parse(row.body!) as WriteBody;

/**
 * Up to where the source's log was read. On PostgreSQL rows may be committed in another order
 * than they are numbered, so the last ones are read again; their entries know themselves.
 */
const margin = 100;

export function auditedTo(file: BookFile, account: number, location: string): number {
  const last = file.lastOfKind(account, 'source');
  if (last === null) return 0;
  const body = bodyOfSource(last);
  return body.location === location ? Math.max(0, body.auditedTo - margin) : 0;
}

/** In words for `audit`. */
export function sourceWords(row: EntryRow): string {
  const { location, verdict, sameAs } = bodyOfSource(row);
  return `${location} ${verdict}${sameAs === null ? '' : `, as in ${sameAs}`}`;
}

export function writeWords(row: EntryRow, file: BookFile): string {
  const { location, audit, action, changes, why } = writeOf(row);
  const what = changes.map(({ table, key }) => `${table} ${key}`);
  const because = why === null ? null : file.text(why);
  const words = `${action} ${location} #${audit}: ${what.join(', ')}`;
  return because === null ? words : `${words}: ${because}`;
}
