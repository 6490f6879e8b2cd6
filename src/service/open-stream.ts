/**
 * Opens a stream where it was left: from the rows of its groups when their sequence, digest and
 * fold version all match, else by folding every entry again. Both ways give the same books.
 */
import { crc32 } from 'node:zlib';
import { orderFromText, orderText } from '../books/effective-order.ts';
import { foldVersion } from '../books/group-codec.ts';
import type { GroupSnapshot } from '../books/resting-groups.ts';
import type { AccountSettings } from '../books/settings.ts';
import { factOf } from '../journal/codec.ts';
import type { Instrument } from '../model/instrument.ts';
import { invariant } from '../model/result.ts';
import type { BookFile } from '../store/book-file.ts';
import type { InstrumentEntry } from '../store/entries.ts';
import { checkOf, type GroupRow } from '../store/groups.ts';
import { renamesInOrder } from './in-force.ts';
import { Stream } from './stream.ts';
import type { SavedStream, StreamMemory, StreamStore } from './stream-store.ts';

/** Facts folded between two proofs that the postings balance, while replaying. */
const replayBatch = 5_000;

export interface OpenedStream {
  readonly stream: Stream;
  /** False: everything derived has to be written anew. */
  readonly fromGroups: boolean;
}

export function openStream(
  file: BookFile,
  account: number,
  settings: AccountSettings,
  store: StreamStore,
  markMaxAgeMs: number,
  awake = false,
): OpenedStream {
  const stream = new Stream(settings, markMaxAgeMs);
  stream.use(store);
  const saved = savedGroups(file, account);
  if (saved === null) {
    store.clearFold();
    replay(stream, file.entries(account));
    return { stream, fromGroups: false };
  }
  for (const entry of file.instrumentEntries(account)) {
    stream.context.addInstrument(instrumentIn(file, account, entry));
  }
  for (const row of renamesInOrder(file.entriesOfKind(account, 'rename'))) stream.know(row);
  stream.restore(saved, awake);
  return { stream, fromGroups: true };
}

const instrumentsOf = new WeakMap<BookFile, Map<string, Instrument>>();

/** Accounts of one venue trade the same instruments: each is read once, and never changes. */
function instrumentIn(file: BookFile, account: number, entry: InstrumentEntry): Instrument {
  const known = instrumentsOf.get(file) ?? new Map<string, Instrument>();
  instrumentsOf.set(file, known);
  const { sequence, words } = entry;
  const before = known.get(words);
  if (before !== undefined) return before;
  const [row] = file.entriesAt(account, [sequence]);
  const fact = factOf(row!, '');
  invariant(fact.kind === 'instrument', 'an entry of an instrument tells one');
  known.set(words, fact.instrument);
  return fact.instrument;
}

export function replay(stream: Stream, entries: Iterable<Parameters<Stream['replay']>[0]>): void {
  let since = 0;
  for (const row of entries) {
    stream.replay(row);
    since += 1;
    if (since % replayBatch === 0) stream.settle();
  }
  stream.settle();
}

function savedGroups(file: BookFile, account: number): SavedStream | null {
  const saved = savedStream(file, account);
  if (saved === null) return null;
  const rows = file.groups(account);
  if (digestOf(rows) !== saved.digest) return null;
  const { memory, sequence } = saved;
  return { memory, groups: rows.map(snapshotOfRow), sequence };
}

/** What was noted of the stream at its head; null where that is not known for certain. */
function savedStream(file: BookFile, account: number) {
  const saved = file.stream(account);
  if (saved === null || saved.sequence !== file.head(account).sequence) return null;
  if (saved.foldVersion !== foldVersion) return null;
  const memory = memoryFromText(saved.memory);
  return memory === null ? null : { ...saved, memory };
}

/** Whether a fact that moves books may have been booked, ever: false is certain. */
export const mayHaveBooked = (file: BookFile, account: number): boolean =>
  savedStream(file, account)?.memory.booked ?? true;

export const digestOf = (rows: readonly GroupRow[]): number =>
  rows.reduce((digest, row) => (digest ^ checkOf(row)) >>> 0, 0);

const snapshotOfRow = (row: GroupRow): GroupSnapshot => ({
  key: row.pool,
  state: row.state,
  last: row.last === null ? null : orderFromText(row.last),
  tail: JSON.parse(row.tail) as number[],
  pageCount: row.pageCount,
});

export const rowOfSnapshot = (snapshot: GroupSnapshot): GroupRow => ({
  pool: snapshot.key,
  state: snapshot.state,
  last: snapshot.last === null ? null : orderText(snapshot.last),
  tail: JSON.stringify(snapshot.tail),
  pageCount: snapshot.pageCount,
});

/** With a check of its own: what it says decides whether facts are booked at all. */
export function memoryText(memory: StreamMemory): string {
  const openingAt = memory.openingAt === null ? null : String(memory.openingAt);
  const text = JSON.stringify({ ...memory, openingAt });
  return `${crc32(text)} ${text}`;
}

/** Null when the text is not what was written. */
function memoryFromText(checked: string): StreamMemory | null {
  const at = checked.indexOf(' ');
  const text = checked.slice(at + 1);
  if (checked.slice(0, at) !== String(crc32(text))) return null;
  const memory = JSON.parse(text) as Omit<StreamMemory, 'openingAt'> & {
    readonly openingAt: string | null;
  };
  return { ...memory, openingAt: memory.openingAt === null ? null : BigInt(memory.openingAt) };
}
