/** What goes wrong with a book, as commands report it: exit code, words, and whether to retry. */
import { InvariantError, type Where } from '../model/result.ts';
import { SourceError, type SourceErrorCode } from '../sources/source-error.ts';
import { StoreError, type StoreErrorCode } from '../store/store-error.ts';
import { SourceRefused } from './source/refused.ts';
import { VenueRefused } from './venues/refused.ts';

export interface Failure {
  readonly exitCode: number;
  readonly code: string;
  readonly message: string;
  readonly where: Where;
  readonly rule: string | null;
  readonly hint: string | null;
  /** Whether the same command can succeed later without anything being changed. */
  readonly retry: boolean;
}

/** 1 error, 2 what was named cannot be used, 7 another writer is in the way. */
const exitCodes: Readonly<Record<StoreErrorCode, 1 | 2 | 7>> = {
  'no-book': 2,
  'no-folder': 2,
  exists: 2,
  'not-a-book': 2,
  'book-newer': 2,
  'backup-damaged': 2,
  'book-damaged': 1,
  'low-space': 1,
  'disk-full': 1,
  'io-error': 1,
  'read-only': 1,
  'holder-lost': 1,
  fenced: 7,
  busy: 7,
  held: 7,
};

const retried: ReadonlySet<string> = new Set<StoreErrorCode>([
  'low-space',
  'disk-full',
  'holder-lost',
  'fenced',
  'busy',
  'held',
]);

/** As above, 4 credentials, 6 stale. Whoever only looks says CANNOT SAY of what does not answer. */
const sourceExitCodes: Readonly<Record<SourceErrorCode, 1 | 2 | 4 | 6>> = {
  'source-missing': 2,
  'source-unrecognised': 2,
  'source-unsupported': 2,
  'source-overwritten': 2,
  'source-read-only': 2,
  'source-damaged': 1,
  'source-failed': 1,
  'source-backup-failed': 1,
  'source-locked': 1,
  'source-unreachable': 1,
  'source-credentials': 4,
  'source-moved': 6,
};

/** It may be there again later. */
export const isUnanswered = (error: unknown): error is SourceError =>
  error instanceof SourceError &&
  (error.code === 'source-locked' || error.code === 'source-unreachable');

/** Null for what is no failure of the world but a bug of ours, or none that is known here. */
export function failureOf(error: unknown): Failure | null {
  if (error instanceof StoreError) {
    const { code, message, hint } = error;
    // A holder that we asked may fail with a code of its own.
    const exitCode = exitCodes[code] ?? 1;
    return { ...failed, exitCode, code, message, hint, retry: retried.has(code) };
  }
  if (error instanceof SourceError) {
    const { code, message, hint } = error;
    return {
      ...failed,
      exitCode: sourceExitCodes[code],
      code,
      message,
      hint,
      retry: isUnanswered(error) || code === 'source-moved',
    };
  }
  if (error instanceof SourceRefused) {
    const { refusal, exitCode } = error;
    return { exitCode, ...refusal, retry: exitCode === 1 };
  }
  if (error instanceof VenueRefused) {
    const { refusal, exitCode } = error;
    return { exitCode, ...refusal, retry: exitCode === 1 };
  }
  if (error instanceof InvariantError) {
    const hint = 'nothing was written; run verify, then report this with the command';
    const { message } = error;
    return { ...failed, exitCode: 1, code: 'invariant-broken', message, hint, retry: false };
  }
  return null;
}

const failed = { where: {}, rule: null } as const;

/** Whether the process that held the book has ended, so that another try finds it free. */
export const isHolderGone = (error: unknown, soon: boolean): boolean =>
  error instanceof StoreError && (error.code === 'holder-lost' || (error.code === 'held' && soon));
