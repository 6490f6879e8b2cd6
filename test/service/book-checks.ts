/** What must hold of a book at any time, said by other code than the one that wrote it. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccountFold } from '../../src/books/account-fold.ts';
import { stateText } from '../../src/books/group-codec.ts';
import { isBalanced, postingNames } from '../../src/books/postings.ts';
import type { Decimal } from '../../src/decimal/decimal.ts';
import { toText } from '../../src/decimal/text.ts';
import { BookReader, type Look } from '../../src/service/reading.ts';
import { verifyDerived } from '../../src/service/rebuilding.ts';
import type { Account } from '../../src/store/accounts.ts';
import { verifyChain } from '../../src/store/verify.ts';
import { FakeClock, holdBook, markMaxAgeMs } from './held-book.ts';

/** The fold as text: every group's state and order, and the sum of the postings. */
export function foldText(fold: AccountFold): string {
  const groups = Array.from(fold.groups(), (group) => {
    const last = group.last === null ? '-' : `${group.last.time} ${group.last.id}`;
    return `${group.key} ${stateText(group.state)} ${last}`;
  });
  const postings = postingNames.map((name) => `${name} ${toText(fold.postings[name])}`);
  return [...groups.sort(), ...postings].join('\n');
}

/** What the view says that no later mark changes. */
export function viewText({ view, fold }: Look): string {
  const rows = view.positions.map((one) => {
    const { mark: _, unrealisedPnl: __, ...rest } = one;
    return plain(rest);
  });
  const balances = view.balances.map(plain);
  const results = plain([view.realisedPnl, [...view.unvalued].sort()]);
  return [foldText(fold), ...rows, ...balances, results].join('\n');
}

const plain = (value: unknown): string =>
  JSON.stringify(value, (_, inner) => {
    if (typeof inner === 'bigint') return String(inner);
    return isDecimal(inner) ? toText(inner) : inner;
  });

const isDecimal = (value: unknown): value is Decimal =>
  typeof value === 'object' && value !== null && 'coefficient' in value && 'scale' in value;

export const lookNow = (reader: BookReader, account: Account): Look =>
  reader.look(account, { asOf: null, knownAt: null, markMaxAgeMs });

/** Chain, balance, and the books as kept against the books folded from nothing. */
export function faultsOf(path: string): string[] {
  const reader = new BookReader(path, new FakeClock());
  try {
    const findings = verifyChain(reader.file).findings.map((one) => `${one.code} ${one.message}`);
    const accounts = reader.file.accounts();
    const derived = verifyDerived(reader.file, accounts).flatMap((one) =>
      one.differences.map((difference) => plain(difference)),
    );
    return [...findings, ...derived, ...accounts.flatMap((one) => accountFaults(reader, one))];
  } finally {
    reader.close();
  }
}

function accountFaults(reader: BookReader, account: Account): string[] {
  const kept = lookNow(reader, account);
  const folded = reader.foldBack(account, null, null);
  const faults: string[] = [];
  if (!isBalanced(kept.fold.postings)) faults.push(`${account.name}: postings do not balance`);
  faults.push(...difference(`${account.name} kept`, foldText(kept.fold), foldText(folded)));
  return faults;
}

/** The first lines in which two texts differ. */
export function difference(what: string, ours: string, theirs: string): string[] {
  if (ours === theirs) return [];
  const [a, b] = [ours.split('\n'), theirs.split('\n')];
  const only = (x: string[], y: string[], sign: string) =>
    x.filter((line) => !y.includes(line)).map((line) => `${what} ${sign} ${line}`);
  return [...only(a, b, '+').slice(0, 4), ...only(b, a, '-').slice(0, 4)];
}

const derivedTables = ['amendments', 'groups', 'streams', 'pages'].map((name) => `book_${name}`);
const queryTables = ['positions', 'balances', 'orders'].map((name) => `book_${name}`);

/** Everything derived, thrown away in a copy and made again by replaying the entries. */
export async function replayFaults(path: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'trueup-replay-'));
  const copy = join(folder, 'book.db');
  try {
    for (const suffix of ['', '-wal']) copyFileSync(path + suffix, copy + suffix);
    const before = derivedText(copy);
    const held = holdBook(copy);
    for (const table of [...derivedTables, ...queryTables]) {
      held.file.driver.exec(`DELETE FROM ${table}`);
    }
    for (const { name, account: _, ...settings } of held.file.accounts()) {
      await held.book.record({ kind: 'account', account: name, ...settings, time: null });
    }
    await held.book.close();
    return difference('rows', before, derivedText(copy));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Rows that replaying makes again. */
function derivedText(path: string): string {
  const reader = new BookReader(path, new FakeClock());
  const all = (sql: string) => reader.file.driver.prepare(sql, { bigints: true }).all();
  const rows = [
    ...all('SELECT * FROM book_groups'),
    ...all('SELECT account, sequence, fold_version, memory FROM book_streams'),
    ...all('SELECT * FROM book_pages'),
    ...all('SELECT * FROM book_amendments'),
    ...all('SELECT * FROM book_positions'),
    ...all('SELECT account, currency, total FROM book_balances'),
    ...all('SELECT * FROM book_orders'),
  ].map(plain);
  reader.close();
  return rows.sort().join('\n');
}
