/** Verifying, backing up and restoring a book, as commands ask for it. */
import type { VerifyState } from '../report/upkeep-documents.ts';
import { type BackupManifest, backupBook, restoreBook } from '../store/backup.ts';
import type { BookFile } from '../store/book-file.ts';
import { type Progress, verifyChain, verifyHead } from '../store/verify.ts';
import type { WaitingClock } from './system-clock.ts';

export interface ClaimedHead {
  readonly account: string;
  readonly sequence: number;
  readonly hash: string;
}

/** Recomputes every hash; a claimed head proves that no tail was cut since it was noted. */
export function verifyBook(
  file: BookFile,
  account: string | null,
  claimed: ClaimedHead | null,
  onProgress: (progress: Progress) => void,
): VerifyState {
  const { findings, heads, entries } = verifyChain(file, account ?? undefined, onProgress);
  const differs =
    claimed === null ? null : verifyHead(file, claimed.account, claimed.sequence, claimed.hash);
  return {
    book: file.path,
    entries,
    heads,
    findings: differs === null ? findings : [...findings, differs],
  };
}

export const backUp = (
  file: BookFile,
  target: string,
  clock: WaitingClock,
): Promise<BackupManifest> => backupBook(file, target, clock);

export interface RestoreOptions {
  readonly force: boolean;
  readonly clock: WaitingClock;
}

/** Every hash of the backup is recomputed before it becomes the book. */
export const restore = (backup: string, target: string, { force, clock }: RestoreOptions) =>
  restoreBook(backup, target, { force, clock, verify: true });
