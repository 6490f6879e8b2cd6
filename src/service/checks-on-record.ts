/** Checks of an account that are on record, whoever it was held against. */
import type { BookFile } from '../store/book-file.ts';
import { type NotedCheck, notedChecks } from './reconcile-entries.ts';
import { sourceLooks } from './source/source-checks.ts';

/** Against a venue or a statement; only where nobody ever stated anything, a bot's database. */
export const isOfSource = (file: BookFile, account: number): boolean =>
  file.lastSequenceOf(account, 'statement') === 0 && file.lastSequenceOf(account, 'source') > 0;

/** The last one first. */
export const checksOnRecord = (
  file: BookFile,
  account: number,
): Generator<NotedCheck, unknown, undefined> =>
  isOfSource(file, account) ? sourceLooks(file, account) : notedChecks(file, account);

/** Of the newest entry that may record one; 0: there is none. */
export const lastCheckSequence = (file: BookFile, account: number): number =>
  file.lastSequenceOf(account, 'statement') || file.lastSequenceOf(account, 'source');
