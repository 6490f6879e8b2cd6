/** What can go wrong with a database that is not ours. */
export type SourceErrorCode =
  /** There is no such file, server or database. */
  | 'source-missing'
  /** Somebody holds a lock, or the server does not answer: it may be there again later. */
  | 'source-locked'
  | 'source-unreachable'
  /** Not a database, or a damaged one. */
  | 'source-damaged'
  /** A database, but of no schema that is known. */
  | 'source-unrecognised'
  | 'source-credentials'
  | 'source-read-only'
  /** The schema has no place for what was asked: no stored total, several accounts ... */
  | 'source-unsupported'
  /** What a write was decided on is no longer so: nothing was written. */
  | 'source-moved'
  /** What was to be taken back was overwritten since. */
  | 'source-overwritten'
  | 'source-backup-failed'
  | 'source-failed';

export class SourceError extends Error {
  readonly code: SourceErrorCode;
  /** What to do about it. */
  readonly hint: string;

  constructor(code: SourceErrorCode, message: string, hint: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'SourceError';
    this.code = code;
    this.hint = hint;
  }
}
