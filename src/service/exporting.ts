/**
 * A book as facts again, such that importing them into a new book gives the same books. Facts
 * are written as they were told, with what completed them; busts and corrections stay facts of
 * their own. What a reversal took back is left out, and so is what is no fact: statements,
 * breaks, performance records, what was seen of and written to other programs' databases, and
 * conflicts, which were never booked.
 */
import { needsRates } from '../books/rates-in-force.ts';
import type { FoldContext } from '../books/settings.ts';
import { completionOf, conflictOf } from '../journal/amendment-codec.ts';
import { factOf, ratesOf } from '../journal/codec.ts';
import type { JournalFact } from '../journal/encode.ts';
import { applyCompletion, completedRates } from '../journal/material.ts';
import type { EntryRow } from '../model/entry.ts';
import { type Bust, type Correction, type Fact, isBookFact, isCashFact } from '../model/fact.ts';
import type { Instant } from '../model/instant.ts';
import { factLine } from '../model/write-fact.ts';
import type { Account } from '../store/accounts.ts';
import type { BookFile } from '../store/book-file.ts';
import { contextOf } from './account-context.ts';
import { type AmendmentsOf, isReversed } from './in-force.ts';

export interface ExportOptions {
  /** Writes what contradicted a booked fact, too; importing it is a conflict again. */
  readonly conflicts?: boolean;
}

/** What was written and what was left out, by kind; right once all lines were taken. */
export interface ExportCounts {
  readonly written: Map<string, number>;
  readonly leftOut: Map<string, number>;
}

/** Facts as lines of NDJSON, each with its line feed. What comes in meanwhile is left out. */
export function* exportedLines(
  file: BookFile,
  accounts: readonly Account[],
  counts: ExportCounts,
  options: ExportOptions = {},
): Generator<string> {
  const streams = accounts.map(
    (account) => new ExportedStream(file, account, contextOf(file, account), options, counts),
  );
  for (const stream of streams) yield write(stream.accountFact(), counts);
  for (const fact of file.currencies()) yield write(fact, counts);
  const seen = new Set<string>();
  for (const fact of instrumentFacts(file, accounts)) {
    const line = factLine(fact);
    if (seen.has(line)) continue;
    seen.add(line);
    yield write(fact, counts);
  }
  for (const fact of markFacts(file, accounts)) yield write(fact, counts);
  for (const stream of streams) {
    for (const fact of stream.facts()) yield write(fact, counts);
  }
}

const count = (counts: Map<string, number>, kind: string): void => {
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
};

function write(fact: Fact, counts: ExportCounts): string {
  count(counts.written, fact.kind);
  return `${factLine(fact)}\n`;
}

/** The versions that streams stand on, before those that only the registry knows. */
function* instrumentFacts(file: BookFile, accounts: readonly Account[]): Generator<Fact> {
  for (const { account, name } of accounts) {
    for (const row of file.entriesOfKind(account, 'instrument')) yield factOf(row, name);
  }
  const venues = new Set(accounts.map((account) => account.venue));
  for (const instrument of file.instruments()) {
    if (venues.has(instrument.venue)) yield { kind: 'instrument', instrument };
  }
}

const earliest: Instant = -(2n ** 63n - 1n);
const latest: Instant = 2n ** 63n - 1n;

/** Prices of what the accounts trade, and of coins in their reporting currencies. */
function* markFacts(file: BookFile, accounts: readonly Account[]): Generator<Fact> {
  const currencies = new Set(accounts.map((account) => account.currency));
  const traded = new Set<string>();
  for (const { account } of accounts) {
    for (const row of file.entriesOfKind(account, 'instrument')) traded.add(row.instrument ?? '');
  }
  const sql = 'SELECT DISTINCT instrument FROM book_marks ORDER BY instrument';
  for (const [name] of file.driver.prepare(sql).all()) {
    const instrument = String(name);
    const quote = instrument.split('/')[1] ?? '';
    if (traded.has(instrument) || currencies.has(quote)) {
      yield* file.marks(instrument, earliest, latest);
    }
  }
}

class ExportedStream {
  readonly #file: BookFile;
  readonly #account: Account;
  readonly #context: FoldContext;
  readonly #options: ExportOptions;
  readonly #counts: ExportCounts;
  /** The head when the export began. */
  readonly #upTo: number;
  readonly #amended: ReadonlySet<number>;

  constructor(
    file: BookFile,
    account: Account,
    context: FoldContext,
    options: ExportOptions,
    counts: ExportCounts,
  ) {
    this.#file = file;
    this.#account = account;
    this.#options = options;
    this.#counts = counts;
    this.#upTo = file.head(account.account).sequence;
    this.#amended = file.amendedTargets(account.account);
    this.#context = context;
  }

  accountFact(): Fact {
    const [row] = this.#file.entriesAt(this.#account.account, [1]);
    return factOf(row!, this.#account.name);
  }

  *facts(): Generator<Fact> {
    for (const row of this.#file.entries(this.#account.account, 0, this.#upTo)) {
      const fact = this.#factOf(row);
      if (fact !== null) yield fact;
    }
  }

  #factOf(row: EntryRow): Fact | null {
    switch (row.kind) {
      case 'account':
      case 'instrument':
      case 'fill-completed':
        return null; // written before, or part of the fact that it completes
      case 'statement':
      case 'break':
      case 'performance':
      case 'source':
      case 'source-write':
      case 'policy':
      case 'remark':
      case 'reversal':
        return this.#leaveOut(row.kind);
      case 'conflict':
        if (this.#options.conflicts !== true) return this.#leaveOut(row.kind);
        return conflictOf(row, this.#account.name).incoming.fact;
      default:
        if (this.#isReversed(row.sequence)) return this.#leaveOut('reversed');
        return this.#told(row);
    }
  }

  #leaveOut(kind: string): null {
    count(this.#counts.leftOut, kind);
    return null;
  }

  #told(row: EntryRow): Fact | null {
    const fact = factOf(row, this.#account.name);
    if (fact.kind === 'bust' || fact.kind === 'correction') {
      return this.#losesItsFill(row, fact) ? this.#leaveOut('reversed') : fact;
    }
    const completed = this.#amended.has(row.sequence) ? this.#completed(row, fact) : fact;
    return this.#rated(row, completed);
  }

  /** With the rates that its entry carries: other marks may be known where it is imported. */
  #rated(row: EntryRow, fact: JournalFact): JournalFact {
    if (!isBookFact(fact) || !needsRates(fact, this.#context)) return fact;
    const completions = this.#amended.has(row.sequence) ? this.#standing(row.sequence) : [];
    let rates = ratesOf(row);
    for (const completion of completions) rates = completedRates(rates, completionOf(completion));
    // Only kinds that may bring rates along need any.
    return { ...fact, rates } as JournalFact;
  }

  #standing(sequence: number): readonly EntryRow[] {
    return this.#amendmentsOf(sequence).filter(
      (row) => row.kind === 'fill-completed' && !this.#isReversed(row.sequence),
    );
  }

  #completed(row: EntryRow, told: JournalFact): JournalFact {
    let fact = told;
    for (const amendment of this.#standing(row.sequence)) {
      if (fact.kind === 'fill') fact = applyCompletion(fact, completionOf(amendment));
      else if (isCashFact(fact)) fact = applyCompletion(fact, completionOf(amendment));
    }
    return fact;
  }

  /** Without the fill that it is about it would wait for ever. */
  #losesItsFill(row: EntryRow, { executionId }: Bust | Correction): boolean {
    const fills = this.#file
      .fillsWithId(this.#account.account, executionId)
      .filter((fill) =>
        this.#amendmentsOf(fill.sequence).some((by) => by.sequence === row.sequence),
      );
    return fills.length > 0 && fills.every((fill) => this.#isReversed(fill.sequence));
  }

  #isReversed(sequence: number): boolean {
    return isReversed(sequence, this.#amendmentsOf, this.#upTo);
  }

  readonly #amendmentsOf: AmendmentsOf = (sequence) =>
    this.#amended.has(sequence)
      ? this.#file
          .amendmentsOf(this.#account.account, sequence)
          .filter((row) => row.sequence <= this.#upTo)
      : [];
}
