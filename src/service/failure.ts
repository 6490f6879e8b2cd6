/** What goes wrong with a book, as commands report it: exit code, words, and whether to retry. */
import { InvariantError } from '../model/result.ts';
import { StoreError, type StoreErrorCode } from '../store/store-error.ts';

export interface Failure {
  readonly exitCode: number;
  readonly code: string;
  readonly message: string;
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

/** Null for what is no failure of the world but a bug of ours, or none that is known here. */
export function failureOf(error: unknown): Failure | null {
  if (error instanceof StoreError) {
    const { code, message, hint } = error;
    // A holder that we asked may fail with a code of its own.
    const exitCode = exitCodes[code] ?? 1;
    return { exitCode, code, message, rule: null, hint, retry: retried.has(code) };
  }
  if (error instanceof InvariantError) {
    const hint = 'nothing was written; run verify, then report this with the command';
    const { message } = error;
    return { exitCode: 1, code: 'invariant-broken', message, rule: null, hint, retry: false };
  }
  return null;
}

/** Whether the process that held the book has ended, so that another try finds it free. */
export const isHolderGone = (error: unknown, soon: boolean): boolean =>
  error instanceof StoreError && (error.code === 'holder-lost' || (error.code === 'held' && soon));
