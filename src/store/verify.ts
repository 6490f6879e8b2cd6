/**
 * Proves that a book is what was written: every hash recomputed, every row looked at. Damage is
 * found and named, never thrown.
 */
import { BatchHasher, canonicalLine, genesisHash } from '../journal/chain.ts';
import type { EntryRow } from '../model/entry.ts';
import type { Account } from './accounts.ts';
import type { Batch } from './batches.ts';
import type { BookFile } from './book-file.ts';
import { StoreError } from './store-error.ts';
import { isTyped, rowFault } from './verify-row.ts';

export type FindingCode =
  | 'file-damaged'
  | 'schema-changed'
  | 'batch-changed'
  | 'batch-missing'
  | 'entry-missing'
  | 'entry-damaged'
  | 'entry-unsealed'
  | 'time-goes-back'
  | 'account-changed'
  | 'account-missing'
  | 'mark-damaged'
  | 'instrument-damaged'
  | 'text-damaged'
  | 'message-damaged'
  | 'tail-cut'
  | 'head-differs';

/** What is wrong and where; sequences are inclusive. */
export interface Finding {
  readonly code: FindingCode;
  readonly account: string | null;
  readonly firstSequence: number | null;
  readonly lastSequence: number | null;
  readonly message: string;
}

export interface Verification {
  readonly findings: readonly Finding[];
  readonly heads: readonly { account: string; sequence: number; hash: string }[];
  readonly entries: number;
}

export interface Progress {
  readonly account: string;
  readonly sequence: number;
}

/** One account's damage should not hide another's. */
const findingsPerAccount = 20;

type Report = (finding: Finding) => void;

/** Checks one account by name, or all, and then also what lies outside the chain. */
export function verifyChain(
  book: BookFile,
  account?: string,
  onProgress: (progress: Progress) => void = () => undefined,
): Verification {
  const findings: Finding[] = [];
  const report: Report = (finding) => findings.push(finding);
  const heads: Verification['heads'][number][] = [];
  let entries = 0;
  guarded(report, () => verifyFile(book, report));
  guarded(report, () => {
    const accounts = book
      .accounts()
      .filter(({ name }) => account === undefined || name === account);
    if (account !== undefined && accounts.length === 0) {
      report(finding('account-missing', account, null, null, 'is not in the book'));
    }
    for (const one of accounts) {
      guarded(report, () => {
        const { sequence, hash } = book.head(one.account);
        heads.push({ account: one.name, sequence, hash });
        entries += verifyAccount(book, one, report, onProgress);
      });
    }
  });
  if (account === undefined) guarded(report, () => verifyOutside(book, report));
  return { findings, heads, entries };
}

/** Finds a tail that was cut, or an older file put back; null when the head was passed. */
export function verifyHead(
  book: BookFile,
  account: string,
  sequence: number,
  hash: string,
): Finding | null {
  const stored = book.accountNamed(account);
  if (stored === null) return finding('account-missing', account, null, null, 'is not in the book');
  const head = book.head(stored.account);
  if (head.sequence < sequence) {
    const message = `ends at ${head.sequence}, but ${sequence} had been written`;
    return finding('tail-cut', account, head.sequence + 1, sequence, message);
  }
  const batch = sequence === 0 ? null : firstOf(book.batches(stored.account, sequence - 1));
  const ends = batch?.lastSequence ?? 0;
  if (ends === sequence && (batch?.hash ?? genesisHash) === hash) return null;
  const message =
    ends === sequence ? 'has another hash at this head' : 'has no batch that ends at this head';
  return finding('head-differs', account, sequence, sequence, message);
}

const firstOf = <T>(items: Iterable<T>): T | null => {
  for (const item of items) return item;
  return null;
};

const finding = (
  code: FindingCode,
  account: string | null,
  firstSequence: number | null,
  lastSequence: number | null,
  message: string,
): Finding => ({ code, account, firstSequence, lastSequence, message });

/** A file that cannot be read is a finding; anything else is a bug and thrown. */
function guarded(report: Report, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    report(finding('file-damaged', null, null, null, error.message));
  }
}

function verifyFile({ driver, schemaFaults }: BookFile, report: Report): void {
  const quick = checkLines(driver.prepare('PRAGMA quick_check(10)').all());
  // The full check also compares the indexes; on a file that fails the quick one it says no more.
  const lines =
    quick.length > 0 ? quick : checkLines(driver.prepare('PRAGMA integrity_check').all());
  for (const line of lines) report(finding('file-damaged', null, null, null, line));
  for (const fault of schemaFaults()) report(finding('schema-changed', null, null, null, fault));
}

const checkLines = (rows: readonly (readonly unknown[])[]): string[] =>
  rows.map((row) => String(row[0])).filter((line) => line !== 'ok');

function verifyAccount(
  book: BookFile,
  account: Account,
  report: Report,
  onProgress: (progress: Progress) => void,
): number {
  let found = 0;
  const bounded: Report = (one) => {
    found += 1;
    if (found <= findingsPerAccount) report(one);
  };
  const entries = book.entries(account.account);
  const stream: Stream = { account, entries, next: entries.next(), expected: 1, count: 0 };
  let previous: Batch | null = null;
  for (const batch of book.batches(account.account)) {
    verifyBatch(stream, batch, previous, bounded);
    previous = batch;
    onProgress({ account: account.name, sequence: batch.lastSequence });
  }
  verifyRest(stream, bounded);
  return stream.count;
}

/** The entries of one account, read once from first to last. */
interface Stream {
  readonly account: Account;
  readonly entries: Iterator<EntryRow, void>;
  next: IteratorResult<EntryRow, void>;
  expected: number;
  count: number;
}

function verifyBatch(stream: Stream, batch: Batch, previous: Batch | null, report: Report): void {
  const { name } = stream.account;
  const { firstSequence, lastSequence, recordedAt } = batch;
  const follows = (previous?.lastSequence ?? 0) + 1;
  const at = (code: FindingCode, first: number, last: number, message: string) =>
    report(finding(code, name, first, last, message));
  if (firstSequence !== follows || lastSequence < firstSequence) {
    const message = `the batch that ends at ${lastSequence} begins at ${firstSequence}`;
    at('batch-missing', follows, firstSequence - 1, `${message}, not at ${follows}`);
  }
  if (previous !== null && recordedAt < previous.recordedAt) {
    at('time-goes-back', firstSequence, lastSequence, 'was recorded before its predecessor');
  }
  const hasher = new BatchHasher({
    previousHash: String(previous?.hash ?? genesisHash),
    account: name,
    firstSequence,
    lastSequence,
    recordedAt,
  });
  for (const row of take(stream, lastSequence, at)) hasher.add(canonicalLine(row));
  if (hasher.digest() === batch.hash) return;
  const message = `the hash of batch ${firstSequence}..${lastSequence} is not that of its entries`;
  at('batch-changed', firstSequence, lastSequence, message);
}

type At = (code: FindingCode, first: number, last: number, message: string) => void;

/** The stream's rows up to a sequence, each looked at by itself. */
function* take(stream: Stream, lastSequence: number, at: At): Generator<EntryRow> {
  while (!stream.next.done && stream.next.value.sequence <= lastSequence) {
    const row = stream.next.value;
    if (row.sequence > stream.expected) {
      at('entry-missing', stream.expected, row.sequence - 1, 'is gone from the stream');
    }
    const fault = rowFault(row, stream.account);
    if (fault !== null) at(fault.code, row.sequence, row.sequence, fault.message);
    stream.expected = row.sequence + 1;
    stream.count += 1;
    if (isTyped(row)) yield row; // what is left out is missed by the hash
    stream.next = stream.entries.next();
  }
  if (stream.expected <= lastSequence) {
    at('entry-missing', stream.expected, lastSequence, 'is gone from the stream');
    stream.expected = lastSequence + 1;
  }
}

function verifyRest(stream: Stream, report: Report): void {
  if (stream.next.done) return;
  const { name } = stream.account;
  const first = stream.next.value.sequence;
  let last = first;
  while (!stream.next.done) {
    last = stream.next.value.sequence;
    stream.count += 1;
    stream.next = stream.entries.next();
  }
  report(finding('entry-unsealed', name, first, last, 'belongs to no batch'));
}

function verifyOutside(book: BookFile, report: Report): void {
  for (const { instrument, time } of book.damagedMarks()) {
    const message = `the mark of ${instrument} at ${time} ns is not what was written`;
    report(finding('mark-damaged', null, null, null, message));
  }
  for (const name of book.damagedInstruments()) {
    const message = `the instrument ${name} is not what was written`;
    report(finding('instrument-damaged', null, null, null, message));
  }
  for (const hash of book.damagedTexts()) {
    const message = `the text ${hash} is not what was written`;
    report(finding('text-damaged', null, null, null, message));
  }
  for (const sequence of book.damagedMessages()) {
    const message = `message ${sequence} of a venue is not what was written`;
    report(finding('message-damaged', null, null, null, message));
  }
}
