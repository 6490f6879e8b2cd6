/**
 * The numbers of the stream. Streams of the book have a sequence each and no common order; an
 * event gets a number when it is first seen here, and keeps it for thirty days: which entries have
 * which numbers is kept in the service's file. Beside them is where each account ended when its
 * last number was given, which tells at the next start whether an older book was put back.
 */
import { randomBytes } from 'node:crypto';
import { addMilliseconds } from '../../../model/instant.ts';
import type { Account } from '../../../store/accounts.ts';
import type { Head } from '../../../store/batches.ts';
import type { BookFile } from '../../../store/book-file.ts';
import type { ServiceFile } from '../../../store/service-file.ts';
import { type Finding, verifyHead } from '../../../store/verify.ts';
import type { WaitingClock } from '../../system-clock.ts';

/** Entries of one account, in a row; the last has the number `last`. */
export interface NumberedRange {
  readonly last: number;
  readonly account: number;
  readonly firstSequence: number;
  readonly lastSequence: number;
}

export interface AccountHead extends Head, Pick<Account, 'account' | 'name'> {}

/** What is older is read from the book, and no event of it is told again. */
const keptMs = 30 * 24 * 3_600_000;
/** Looked at with each number that is given: more than are added in the same time. */
const oldestMax = 10;
const columns = 'last, account, first_sequence, last_sequence';

const statementsOf = ({ driver }: ServiceFile) => ({
  insert: driver.prepare('INSERT INTO service_stream VALUES (?, ?, ?, ?, ?)'),
  lengthen: driver.prepare(
    'UPDATE service_stream SET last = ?, last_sequence = ?, at = ? WHERE last = ?',
  ),
  forget: driver.prepare(
    `DELETE FROM service_stream WHERE at < ? AND last IN
     (SELECT last FROM service_stream ORDER BY last LIMIT ${oldestMax})`,
  ),
  note: driver.prepare('INSERT OR REPLACE INTO service_heads VALUES (?, ?, ?)'),
  oldest: driver.prepare(
    `SELECT last - last_sequence + first_sequence FROM service_stream ORDER BY last LIMIT 1`,
  ),
  after: driver.prepare(
    `SELECT ${columns} FROM service_stream WHERE last > ? ORDER BY last LIMIT ?`,
  ),
});

export class StreamLog {
  /** Why the book is not the one that was left; null: it is, or is taken as it is. */
  readonly fault: Finding | null;
  readonly #file: ServiceFile;
  readonly #clock: WaitingClock;
  readonly #statements;
  readonly #positions = new Map<number, number>();
  readonly epoch: string;
  #last: number;
  /** Whose entry has the last number. */
  #lastAccount: number | null;

  /**
   * Begins a new epoch where the book is not the one that the numbers were given for. Its ends are
   * kept until the book has passed them again, or `acceptHead`: it is meant as it is.
   */
  constructor(file: ServiceFile, book: BookFile, clock: WaitingClock, acceptHead = false) {
    this.#file = file;
    this.#clock = clock;
    this.#statements = statementsOf(file);
    const found = faultIn(file, book);
    this.fault = acceptHead ? null : found;
    const { driver } = file;
    const epoch = driver.value("SELECT value FROM service_meta WHERE key = 'epoch'");
    const goesOn = epoch !== null && found === null;
    this.epoch = goesOn ? String(epoch) : this.#begin(found !== null);
    if (goesOn) {
      for (const [name, sequence] of headsIn(file)) {
        this.#positions.set(book.accountNamed(name)!.account, sequence);
      }
    }
    this.#last = Number(driver.value('SELECT max(last) FROM service_stream') ?? 0);
    const account = driver.value('SELECT account FROM service_stream ORDER BY last DESC LIMIT 1');
    this.#lastAccount = account === null ? null : Number(account);
  }

  get last(): number {
    return this.#last;
  }

  /** Everything after this number can be told. */
  get knownAfter(): number {
    const [first] = this.#statements.oldest.get() ?? [];
    return first === undefined ? this.#last : Number(first) - 1;
  }

  /** Numbers what follows in each account; kept when it returns. */
  add(heads: readonly AccountHead[]): readonly NumberedRange[] {
    const added: (NumberedRange & { readonly head: AccountHead })[] = [];
    let last = this.#last;
    for (const head of heads) {
      const { account, sequence: lastSequence } = head;
      const firstSequence = (this.#positions.get(account) ?? 0) + 1;
      if (lastSequence < firstSequence) continue;
      last += lastSequence - firstSequence + 1;
      added.push({ last, account, firstSequence, lastSequence, head });
    }
    const end = added.at(-1);
    if (end === undefined) return added;
    this.#file.write(() => {
      for (const [at, { head, ...range }] of added.entries()) this.#keep(range, at === 0, head);
      this.#statements.forget.run(addMilliseconds(this.#clock.now(), -keptMs));
    });
    for (const { account, lastSequence } of added) this.#positions.set(account, lastSequence);
    this.#last = last;
    this.#lastAccount = end.account;
    return added;
  }

  /** At most so many ranges after a number; the first may begin before it. */
  after(number: number, limit: number): readonly NumberedRange[] {
    return this.#statements.after.all(number, limit).map(([last, account, first, end]) => ({
      last: Number(last),
      account: Number(account),
      firstSequence: Number(first),
      lastSequence: Number(end),
    }));
  }

  #keep(range: NumberedRange, isFirst: boolean, { name, sequence, hash }: AccountHead): void {
    const { last, account, firstSequence, lastSequence } = range;
    const { insert, lengthen, note } = this.#statements;
    const now = this.#clock.now();
    // Most books have one busy account: its numbers are one row, however many there are.
    if (isFirst && account === this.#lastAccount) {
      lengthen.run(last, lastSequence, now, this.#last);
    } else insert.run(last, account, firstSequence, lastSequence, now);
    if (this.fault === null) note.run(name, sequence, hash);
  }

  /** Numbers of a book that is not the one that was left hold only while this process runs. */
  #begin(isAnother: boolean): string {
    const epoch = randomBytes(4).toString('hex');
    this.#file.write(() => {
      const { driver } = this.#file;
      driver.exec("DELETE FROM service_stream; DELETE FROM service_meta WHERE key = 'epoch'");
      if (this.fault !== null) return;
      if (isAnother) driver.exec('DELETE FROM service_heads');
      driver.prepare("INSERT INTO service_meta VALUES ('epoch', ?)").run(epoch);
    });
    return epoch;
  }
}

const headsIn = ({ driver }: ServiceFile) =>
  driver
    .prepare('SELECT name, sequence, hash FROM service_heads ORDER BY name')
    .all()
    .map(([name, sequence, hash]) => [String(name), Number(sequence), String(hash)] as const);

/** A book that was put back from a backup, or another one, has other batches there, or none. */
function faultIn(file: ServiceFile, book: BookFile): Finding | null {
  for (const [name, sequence, hash] of headsIn(file)) {
    const found = verifyHead(book, name, sequence, hash);
    if (found !== null) return { ...found, message: `${name} ${found.message}` };
  }
  return null;
}
