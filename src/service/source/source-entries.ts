/** Our journal about a source, the first half: what it said when somebody looked. */
import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { sha256 } from '../../journal/digest.ts';
import type { EntryDraft, EntryRow } from '../../model/entry.ts';
import { type Instant, instantText } from '../../model/instant.ts';
import type { SourceIdentity, SourceSnapshot } from '../../model/source.ts';
import type { BalanceSheet } from '../../reconcile/source/sheet.ts';
import type { Verdict } from '../../reconcile/verdict.ts';
import type { BookFile } from '../../store/book-file.ts';
import { draft, idAfter } from '../reconcile-entries.ts';
import { fromTaggedText, taggedText } from '../tagged-json.ts';
import {
  type HeldRows,
  type KeptPositions,
  type KeptRow,
  keptPositions,
  wholeRows,
} from './kept-positions.ts';

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

/** How far the source's own log is in the journal, where its rows are the account's. */
export interface LogRead {
  /** The newest row that was read, whoever wrote it; 0: none was. */
  readonly to: number;
  /** Digest of that row: by it the log is known again; null: there was none. */
  readonly mark: string | null;
  /** Numbers shortly below it that were not there: a server may commit them later. */
  readonly missing: readonly number[];
}

export const nothingRead: LogRead = { to: 0, mark: null, missing: [] };

/** One account of a source as it was checked. */
export interface SeenSource {
  readonly snapshot: SourceSnapshot;
  readonly sheet: BalanceSheet;
  readonly verdict: Verdict;
  /** Since when every check said true; null while it does not. */
  readonly trueSince: Instant | null;
  readonly log: LogRead;
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
  readonly log: LogRead;
  /** Null in an entry that says the same as an earlier one. */
  readonly said: string | null;
  /** That earlier entry; null where this one says it itself. */
  readonly sameAs: number | null;
  /** What it said is rows of positions, and not a balance sheet. */
  readonly keeps?: 'positions';
}

/** What a person may want to see of it later, digit by digit. */
export interface SourceSaid {
  readonly schema: string;
  readonly generation: string;
  readonly zone: SourceSnapshot['zone'];
  readonly sheet: Omit<BalanceSheet, 'rows' | 'unpriced'>;
  /** Parts without a value, as many as are kept, and how many there are. */
  readonly unpriced: { readonly count: number; readonly first: BalanceSheet['unpriced'] };
  readonly positions: KeptPositions;
  readonly orders: SourceSnapshot['orders'];
  readonly guard: SourceSnapshot['guard'];
  readonly faults: SourceSnapshot['faults'];
}

const unpricedMax = 20;

export const bodyOfSource = (row: EntryRow): SourceBody => JSON.parse(row.body!) as SourceBody;

/** The last look that was noted, with the rows that the next one may refer to. */
export interface LastLook {
  readonly row: EntryRow;
  readonly body: SourceBody;
  readonly held: HeldRows | null;
}

export function lastLook(file: BookFile, account: number): LastLook | null {
  const row = file.lastOfKind(account, 'source');
  if (row === null) return null;
  const told = toldBy(file, account, row);
  const { kept } = saidBy(told).positions;
  const holder = kept === null ? null : (kept.as ?? told.sequence);
  const rows = holder === null ? null : rowsOf(file, account, entryAt(file, account, holder));
  const held = holder === null || rows === null ? null : { sequence: holder, rows };
  return { row, body: bodyOfSource(row), held };
}

/** The same content at the same time with the same verdict is one entry. */
export function draftOfSource(seen: SeenSource, before: LastLook | null): EntryDraft {
  const { snapshot, sheet, verdict, trueSince, log } = seen;
  const { identity, takenAt } = snapshot;
  const location = placeOf(identity);
  const said = saidIn(seen, before?.held ?? null);
  const { count, digest: rowsDigest } = said.positions;
  const digest = sha256(taggedText({ ...said, positions: { count, digest: rowsDigest } }));
  const words = [location, sheet.accountId, instantText(takenAt), verdict, `#${log.to}`, digest];
  const id = idAfter(words.join(' '), before?.row ?? null);
  if (before?.row.id === id) return draft('source', id, takenAt, { body: before.row.body });
  const known = before?.body ?? null;
  const sameAs = known?.digest === digest ? (known.sameAs ?? before!.row.sequence) : null;
  const body: SourceBody = {
    ...{ digest, location, accountId: sheet.accountId, verdict, log },
    trueSince: trueSince === null ? null : String(trueSince),
    ...{ said: sameAs === null ? taggedText(said) : null, sameAs },
  };
  return draft('source', id, takenAt, { body: JSON.stringify(body) });
}

function saidIn({ snapshot, sheet }: SeenSource, held: HeldRows | null): SourceSaid {
  const { identity, zone, orders, guard, faults } = snapshot;
  const { schema, generation } = identity;
  const { rows, unpriced, ...figures } = sheet;
  return {
    ...{ schema, generation, zone, sheet: figures },
    unpriced: { count: unpriced.length, first: unpriced.slice(0, unpricedMax) },
    ...{ positions: keptPositions(rows, held), orders, guard, faults },
  };
}

/** What a source entry says, also where it only names an earlier one. */
export const saidOf = (file: BookFile, account: number, row: EntryRow): SourceSaid =>
  saidBy(toldBy(file, account, row));

/** Its positions, also where it only says what changed; null: there were too many to keep. */
export function rowsOf(file: BookFile, account: number, row: EntryRow): readonly KeptRow[] | null {
  const { kept } = saidOf(file, account, row).positions;
  if (kept === null) return null;
  const held = kept.as === null ? [] : rowsOf(file, account, entryAt(file, account, kept.as));
  return wholeRows(kept, held ?? []);
}

/** The entry that says it itself. */
function toldBy(file: BookFile, account: number, row: EntryRow): EntryRow {
  const { sameAs } = bodyOfSource(row);
  return sameAs === null ? row : entryAt(file, account, sameAs);
}

const saidBy = (row: EntryRow): SourceSaid => fromTaggedText(bodyOfSource(row).said!) as SourceSaid;

const entryAt = (file: BookFile, account: number, sequence: number): EntryRow =>
  file.entriesAt(account, [sequence])[0]!;

/** In words for `audit`. */
export function sourceWords(row: EntryRow): string {
  const { location, verdict, sameAs } = bodyOfSource(row);
  return `${location} ${verdict}${sameAs === null ? '' : `, as in ${sameAs}`}`;
}
