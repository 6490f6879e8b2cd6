/**
 * Facts from files into a book. Of a file with a bad row nothing is booked, unless the import is
 * partial; a sound file is booked whatever the others are. What other facts stand on (accounts,
 * currencies, instruments, marks, openings) goes first, whatever the order of lines and files.
 */
import type { AccountedFact, Fact } from '../model/fact.ts';
import type { Warning } from '../model/faults.ts';
import type { Refusal } from '../model/result.ts';
import { writeFact } from '../model/write-fact.ts';
import {
  type ImportConflict,
  type ImportCounts,
  type ImportedFile,
  type ImportResult,
  type ImportWarning,
  importCountNames,
  listedMax,
} from '../report/import-document.ts';
import type { BookWriter } from './book.ts';
import type { FactFile } from './import-source.ts';
import type { Outcome } from './outcome.ts';

export interface ImportOptions {
  /** Books the good rows of a file that has bad ones. */
  readonly partial?: boolean;
  /** Says what would happen, and writes nothing. */
  readonly dryRun?: boolean;
  /** Refuses fields that no fact has, instead of warning of them. */
  readonly strict?: boolean;
  readonly onProgress?: (progress: ImportProgress) => void;
}

export interface ImportProgress {
  readonly stage: 'reading' | 'booking';
  /** Facts read so far, or to be booked. */
  readonly facts: number;
}

/** Between two of these the process looks at signals and tells its progress. */
const restEveryFacts = 20_000;

/** Marks come before openings, which are valued at them. */
const ranks = ['account', 'currency', 'instrument', 'mark', 'opening'];
const rankOf = (fact: Fact): number => {
  const rank = ranks.indexOf(fact.kind);
  return rank < 0 ? ranks.length : rank;
};

export async function importFacts(
  writer: BookWriter,
  files: readonly FactFile[],
  options: ImportOptions = {},
): Promise<ImportResult> {
  const run = new ImportRun(options);
  for (const file of files) await run.read(file);
  if (options.partial === true) await run.book(writer, options.dryRun ? 'rehearse' : 'grouped');
  else await run.bookSound(writer);
  return run.result();
}

interface ReadFile {
  readonly file: FactFile;
  readonly facts: Fact[];
  /** The line of each fact. */
  readonly lines: number[];
  readonly counts: ImportCounts;
  bad: boolean;
  written: boolean;
}

/** A fact in the order of booking, by its place in its file. */
interface Place {
  readonly from: ReadFile;
  readonly index: number;
}

class ImportRun {
  readonly #options: ImportOptions;
  readonly #files: ReadFile[] = [];
  readonly #refused: Refusal[] = [];
  readonly #conflicts: ImportConflict[] = [];
  readonly #warnings = new Map<string, ImportWarning>();
  #accountsMade: readonly string[] = [];
  #read = 0;

  constructor(options: ImportOptions) {
    this.#options = options;
  }

  async read(file: FactFile): Promise<void> {
    const read: ReadFile = {
      file,
      facts: [],
      lines: [],
      counts: emptyCounts(),
      bad: false,
      written: false,
    };
    this.#files.push(read);
    for (const { line, fact, refusals, warnings } of file.parse(this.#options.strict ?? false)) {
      for (const warning of warnings) this.#warn(file.name, line, warning);
      if (fact === null && refusals.length === 0) continue;
      if (fact === null) this.#refuse(read, refusals);
      else {
        read.facts.push(fact);
        read.lines.push(line);
      }
      this.#read += 1;
      if (this.#read % restEveryFacts === 0) await this.#rest('reading', this.#read);
    }
  }

  /** Books the files without a bad row, and rehearses the others to tell all that is wrong. */
  async bookSound(writer: BookWriter): Promise<void> {
    if (this.#options.dryRun === true || this.#files.some((file) => file.bad)) {
      await this.#take(writer, this.#files, 'rehearse');
      if (this.#options.dryRun === true) return;
    }
    for (;;) {
      const sound = this.#files.filter((file) => !file.bad);
      for (const file of sound) Object.assign(file.counts, emptyCounts());
      if (sound.length === 0 || (await this.#take(writer, sound, 'atomic'))) return;
    }
  }

  async book(writer: BookWriter, mode: 'grouped' | 'rehearse'): Promise<void> {
    await this.#take(writer, this.#files, mode);
  }

  result(): ImportResult {
    const counts = emptyCounts();
    for (const file of this.#files) {
      for (const name of importCountNames) counts[name] += file.counts[name];
    }
    return {
      dryRun: this.#options.dryRun ?? false,
      partial: this.#options.partial ?? false,
      files: this.#files.map(
        ({ file, written, counts: own }): ImportedFile => ({
          file: file.name,
          format: file.format,
          written,
          counts: own,
        }),
      ),
      counts,
      accountsMade: this.#accountsMade,
      refused: this.#refused,
      conflicts: this.#conflicts,
      warnings: [...this.#warnings.values()],
    };
  }

  /** False when an atomic booking found a refused fact: its file is bad, nothing was written. */
  async #take(
    writer: BookWriter,
    files: readonly ReadFile[],
    mode: 'atomic' | 'grouped' | 'rehearse',
  ): Promise<boolean> {
    const places = inOrder(files);
    await this.#rest('booking', places.length);
    const facts = places.map(({ from, index }) => from.facts[index]!);
    const { outcomes, accountsMade, written } = await writer.recordAll(facts, mode);
    const undone = mode === 'atomic' && !written;
    for (const [at, outcome] of outcomes.entries()) {
      const place = places[at]!;
      if (outcome.status === 'refused') {
        this.#refuse(place.from, [refusalAt(place, outcome.refusal)]);
      } else if (!undone) this.#count(place, outcome, mode !== 'rehearse' || this.#isDryRun);
    }
    if (undone) return false;
    if (mode === 'rehearse' && !this.#isDryRun) return true;
    for (const file of files) file.written = written;
    this.#accountsMade = accountsMade;
    return true;
  }

  get #isDryRun(): boolean {
    return this.#options.dryRun === true;
  }

  #count(place: Place, outcome: Outcome, counted: boolean): void {
    // A rehearsal beside files that are booked is only there to find what is wrong.
    if (!counted) return;
    const { counts } = place.from;
    counts[countOf[outcome.status]] += 1;
    if (outcome.status !== 'conflict' || this.#conflicts.length >= listedMax) return;
    this.#conflicts.push(conflictAt(place, outcome.fields));
  }

  #refuse(file: ReadFile, refusals: readonly Refusal[]): void {
    file.bad = true;
    file.counts.refused += 1;
    for (const refusal of refusals) {
      if (this.#refused.length < listedMax) this.#refused.push(refusal);
    }
  }

  #warn(file: string, line: number, { code, where, hint }: Warning): void {
    const field = where.field ?? '';
    const key = JSON.stringify([file, code, field]);
    const known = this.#warnings.get(key);
    const count = (known?.count ?? 0) + 1;
    this.#warnings.set(key, { code, file, field, line: known?.line ?? line, count, hint });
  }

  async #rest(stage: ImportProgress['stage'], facts: number): Promise<void> {
    this.#options.onProgress?.({ stage, facts });
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const countOf: Readonly<Record<Outcome['status'], keyof ImportCounts>> = {
  booked: 'booked',
  enriched: 'enriched',
  duplicate: 'duplicate',
  conflict: 'conflicting',
  waiting: 'waiting',
  'before-opening': 'beforeOpening',
  refused: 'refused',
};

const emptyCounts = (): ImportCounts => ({
  booked: 0,
  enriched: 0,
  duplicate: 0,
  conflicting: 0,
  waiting: 0,
  beforeOpening: 0,
  refused: 0,
});

function inOrder(files: readonly ReadFile[]): readonly Place[] {
  const byRank: Place[][] = Array.from({ length: ranks.length + 1 }, () => []);
  for (const from of files) {
    for (const [index, fact] of from.facts.entries()) byRank[rankOf(fact)]!.push({ from, index });
  }
  return byRank.flat();
}

/** A refusal of the book, which knows nothing of files, at the line it is about. */
const refusalAt = ({ from, index }: Place, refusal: Refusal): Refusal => ({
  ...refusal,
  where: { file: from.file.name, line: from.lines[index]!, ...refusal.where },
});

function conflictAt({ from, index }: Place, fields: readonly string[]): ImportConflict {
  // Only facts of accounts have an identity that another report can contradict.
  const fact = from.facts[index]! as AccountedFact;
  const written = writeFact(fact);
  const value = written[fields[0] ?? ''];
  return {
    file: from.file.name,
    line: from.lines[index]!,
    account: fact.account,
    kind: fact.kind,
    id: identityOf(written),
    fields,
    value: typeof value === 'string' ? value : (JSON.stringify(value) ?? null),
  };
}

const idFields = ['executionId', 'transferId', 'bustId', 'correctionId', 'orderId', 'id', 'time'];

function identityOf(written: Readonly<Record<string, unknown>>): string {
  const field = idFields.find((name) => typeof written[name] === 'string');
  return field === undefined ? '' : String(written[field]);
}
