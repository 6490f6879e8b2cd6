/** What an error means that came out of a book's own rows. */
import type { BookFile } from '../store/book-file.ts';
import { isStoreError, StoreError } from '../store/store-error.ts';
import { verifyChain } from '../store/verify.ts';
import {
  type DerivedDifference,
  derivedDifferences,
  recomputedRows,
  storedRows,
} from './derived-rows.ts';

/** A bug of ours, as it is; unless the file is not what was written: then that is what to say. */
export function readFault(error: unknown, file: BookFile): unknown {
  if (isStoreError(error)) return error;
  const [finding] = verifyChain(file).findings;
  if (finding !== undefined) {
    const { account, firstSequence, lastSequence, message } = finding;
    const place = firstSequence === null ? '' : ` ${firstSequence}..${lastSequence}`;
    const what = `${account ?? 'file'}${place} ${message}`;
    return damaged(file, what, 'run verify, and restore the newest good backup', error);
  }
  const difference = firstDifference(file);
  if (difference === undefined) return error;
  const { account, table, key } = difference;
  const what = `${account}: ${key} of book_${table} is not what the entries say`;
  return damaged(file, what, 'run rebuild --verify to see all of it, and rebuild', error);
}

function firstDifference(file: BookFile): DerivedDifference | undefined {
  return file
    .accounts()
    .flatMap((account) =>
      derivedDifferences(account.name, storedRows(file, account), recomputedRows(file, account)),
    )[0];
}

const damaged = (file: BookFile, what: string, hint: string, cause: unknown) =>
  new StoreError('book-damaged', `${file.path} is damaged: ${what}`, hint, cause);
