/** What the world does to a book: damage, full disks, other writers. Bugs are not among these. */

export type StoreErrorCode =
  | 'no-book'
  | 'no-folder'
  | 'exists'
  | 'not-a-book'
  | 'book-newer'
  | 'book-damaged'
  | 'fenced'
  | 'low-space'
  | 'disk-full'
  | 'io-error'
  | 'read-only'
  | 'busy'
  | 'backup-damaged'
  | 'held'
  | 'holder-lost';

export class StoreError extends Error {
  readonly code: StoreErrorCode;
  /** What to do about it. */
  readonly hint: string;

  constructor(code: StoreErrorCode, message: string, hint: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'StoreError';
    this.code = code;
    this.hint = hint;
  }
}

export const isStoreError = (error: unknown, code?: StoreErrorCode): error is StoreError =>
  error instanceof StoreError && (code === undefined || error.code === code);

type Reading = readonly [code: StoreErrorCode, what: string, hint: string];

/** By primary result code of SQLite; what is not here is a bug of ours. */
const readings: Readonly<Record<number, Reading>> = {
  5: ['busy', 'is locked by another program', 'try again; if it stays so, end that program'],
  6: ['busy', 'is locked by another program', 'try again; if it stays so, end that program'],
  8: [
    'read-only',
    'cannot be written',
    'make the file and its folder writable: readers, too, keep a log beside a book',
  ],
  10: ['io-error', 'could not be read or written', 'check the disk, then run verify'],
  11: ['book-damaged', 'is damaged', 'run verify, and restore the newest good backup'],
  13: ['disk-full', 'has no room left', 'free disk space; nothing was half-written'],
  14: ['no-book', 'cannot be opened', 'check that the path is a file that may be read and written'],
  26: ['not-a-book', 'is no database', 'name the file of a book'],
};

/** A driver's error as a StoreError where the world is to blame, else as it is. */
export function storeErrorOf(error: unknown, path: string): unknown {
  const result = resultCode(error);
  const reading = result === undefined ? undefined : readings[result & 0xff];
  if (reading === undefined) return error;
  const [code, what, hint] = reading;
  const detail = error instanceof Error ? error.message : String(error);
  return new StoreError(code, `${path} ${what} (${detail})`, hint, error);
}

const resultCode = (error: unknown): number | undefined =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode
    : undefined;

/** The last sequence of a page; damage that would make a reader go in circles is thrown. */
export function advanced(path: string, from: number, to: number): number {
  if (to > from) return to;
  const hint = 'run verify, and restore the newest good backup';
  throw new StoreError('book-damaged', `${path} is damaged: rows are out of order`, hint);
}
