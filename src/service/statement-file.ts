/** A statement from a file, or the newest one that the book has on record. */
import { readFileSync } from 'node:fs';
import { addMilliseconds, type Instant, instantText } from '../model/instant.ts';
import { parseStatementText } from '../model/parse-statement.ts';
import { accepted, type Refusal, type Result, refused } from '../model/result.ts';
import type { Statement } from '../model/statement.ts';
import type { Account } from '../store/accounts.ts';
import type { BookFile } from '../store/book-file.ts';
import { newestStatementText, type StatementSource } from './reconcile-entries.ts';

export interface ReadStatement extends StatementSource {
  readonly account: Account;
  readonly warnings: readonly Refusal[];
}

/** Every fault of the document is told; the first is the one that ends the command. */
export type StatementFaults = { readonly ok: false; readonly refusals: readonly Refusal[] };

export function statementFromFile(
  file: BookFile,
  path: string,
  strict: boolean,
): Result<ReadStatement> | StatementFaults {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return refused({
      code: 'file-unreadable',
      message: `${path} cannot be read: ${error instanceof Error ? error.message : error}`,
      where: { file: path },
      rule: 'a statement is a readable JSON file',
      hint: 'check the path and its permissions',
    });
  }
  const { statement, refusals, warnings } = parseStatementText(text, { file: path }, { strict });
  if (statement === null) return { ok: false, refusals };
  const account = file.accountNamed(statement.account);
  if (account === null) return refused(unknownAccount(file, path, statement.account));
  const { venue } = statement;
  if (venue !== null && account.venue !== 'manual' && venue !== account.venue) {
    return refused({
      code: 'venue-differs',
      message: `the statement is of ${venue}, account ${account.name} is at ${account.venue}`,
      where: { file: path, field: 'venue', value: venue },
      rule: 'a statement is compared with the account at the same venue',
      hint: 'name the account that is at this venue',
    });
  }
  return accepted({ statement, text, account, warnings });
}

/** So much two clocks may differ. */
const aheadMaxMs = 60_000;

/**
 * Nobody knows what will be: it would keep the gate open until its date, and what is said before
 * then would count as older. Null: it is of the past, or of about now.
 */
export function refusedAhead({ asOf, takenAt }: Statement, now: Instant): Refusal | null {
  const latest = addMilliseconds(now, aheadMaxMs);
  const field = asOf > latest ? 'asOf' : takenAt !== null && takenAt > latest ? 'takenAt' : null;
  if (field === null) return null;
  const at = instantText(field === 'asOf' ? asOf : takenAt!);
  return {
    code: 'statement-ahead',
    message: `${field} is ${at}, and it is ${instantText(now)}`,
    where: { field, value: at },
    rule: 'a statement says what was; the clocks of two machines differ by a minute at most',
    hint: 'see the clock of whoever made it, and whether its times are read in their own unit',
  };
}

const unknownAccount = (file: BookFile, path: string, name: string): Refusal => ({
  code: 'account-unknown',
  message: `the statement is of account ${name}, which the book does not have`,
  where: { file: path, field: 'account', value: name },
  rule: 'a statement names an account of the book',
  hint: `the book has ${
    file
      .accounts()
      .map((one) => one.name)
      .join(', ') || 'none yet'
  }`,
});

/** What the account was last held against; null when it never was. */
export function recordedStatement(file: BookFile, account: Account): StatementSource | null {
  const text = newestStatementText(file, account.account);
  if (text === null) return null;
  const { statement } = parseStatementText(text, {}, { strict: false });
  return statement === null ? null : { statement, text };
}
