/** A book of random facts, its export, and the book that the export gives. */
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Fact } from '../../src/model/fact.ts';
import { bookDocument } from '../../src/report/book-document.ts';
import { exportedLines } from '../../src/service/exporting.ts';
import { factFileOf } from '../../src/service/import-source.ts';
import { importFacts } from '../../src/service/importing.ts';
import { BookReader } from '../../src/service/reading.ts';
import { Random } from '../decimal/random.ts';
import { bookPath, type HeldBook, holdBook, markMaxAgeMs } from '../service/held-book.ts';
import { accountFact, RandomFacts } from '../service/random-facts.ts';
import { reversalOf } from '../service/simulation.ts';

export interface Both {
  readonly told: readonly object[];
  readonly again: readonly object[];
  readonly lines: readonly string[];
  readonly conflicts: number;
}

export async function exportedAndImported(seed: number, draws: number): Promise<Both> {
  const held = await randomBook(seed, draws);
  const copy = holdBook(bookPath());
  try {
    const counts = { written: new Map(), leftOut: new Map() };
    const lines = [...exportedLines(held.file, held.file.accounts(), counts)];
    const file = factFileOf('export.ndjson', lines.join(''));
    const result = await importFacts(copy.book, [file]);
    if (result.refused.length > 0) throw new Error(JSON.stringify(result.refused[0]));
    return {
      told: booksOf(held),
      again: booksOf(copy),
      lines,
      conflicts: result.counts.conflicting,
    };
  } finally {
    removeBook(held);
    removeBook(copy);
  }
}

export function removeBook(held: HeldBook): void {
  held.die();
  rmSync(dirname(held.path), { recursive: true, force: true });
}

/** Everything comes in any order, prices and terms too, with reversals in between. */
export async function randomBook(seed: number, draws: number): Promise<HeldBook> {
  const held = holdBook();
  const random = new Random(seed);
  held.file.driver.exec('PRAGMA synchronous = OFF');
  const generator = new RandomFacts(random);
  const facts: Fact[] = [];
  for (let draw = 0; draw < draws; draw++) facts.push(...generator.next());
  facts.push(...generator.rest());
  await held.book.recordAll(generator.accounts.map(accountFact));
  for (const fact of facts) {
    await held.book.record(fact);
    if (random.chance(0.05)) await reverse(held, random);
  }
  return held;
}

async function reverse({ file, book, clock }: HeldBook, random: Random): Promise<void> {
  const account = random.pick(file.accounts());
  const { sequence } = file.head(account.account);
  const [row] = file.entriesAt(account.account, [random.between(1, sequence)]);
  const entries = [{ draft: reversalOf(row!, clock.now()) }];
  await book.apply({ account: account.name, expectedSequence: sequence, entries });
}

/** The documents without what says when and how the facts came. */
function booksOf({ path, clock }: HeldBook): readonly object[] {
  const reader = new BookReader(path, clock);
  try {
    return reader.file
      .accounts()
      .map((account) => reader.look(account, { asOf: null, knownAt: null, markMaxAgeMs }))
      .map((look) => {
        const { sequence: _, head: _head, ...document } = bookDocument(look, { all: true });
        return document;
      });
  } finally {
    reader.close();
  }
}
