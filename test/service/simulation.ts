/**
 * A book under everything that a day can bring, from one seed: facts in any order and mood, plans,
 * rehearsals, and processes that close the book or die with it. What it must be is kept beside it.
 */
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { keyOf, sameKey } from '../../src/journal/key.ts';
import type { EntryDraft, EntryRow } from '../../src/model/entry.ts';
import type { AccountedFact, Fact } from '../../src/model/fact.ts';
import type { Instant } from '../../src/model/instant.ts';
import type { Outcome } from '../../src/service/outcome.ts';
import { BookReader } from '../../src/service/reading.ts';
import { Random } from '../decimal/random.ts';
import { difference, faultsOf, lookNow, replayFaults, viewText } from './book-checks.ts';
import { FakeClock, type HeldBook, holdBook, markMaxAgeMs } from './held-book.ts';
import { accountFact, RandomFacts } from './random-facts.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly steps: number;
  readonly checkEvery?: number;
}

export interface SimulationResult {
  readonly faults: readonly string[];
  readonly entries: number;
  readonly outcomes: Readonly<Record<string, number>>;
}

export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const simulation = new Simulation(options);
  try {
    return await simulation.run();
  } finally {
    simulation.end();
  }
}

/** What the live book said, as of its youngest fact or mark. */
interface Remembered {
  readonly asOf: Instant;
  readonly text: string;
}

/** What an entry was acknowledged as. */
type Told = { readonly fact: AccountedFact } | { readonly draft: EntryDraft };

class Simulation {
  readonly #options: SimulationOptions;
  readonly #random: Random;
  /** What is checked when changes nothing of what happens. */
  readonly #checks: Random;
  readonly #facts: RandomFacts;
  readonly #clock = new FakeClock();
  #held: HeldBook;
  readonly #reader: BookReader;
  /** By account and sequence: what was acknowledged there. */
  readonly #told = new Map<string, Map<number, Told>>();
  readonly #views = new Map<string, Map<number, Remembered>>();
  readonly #outcomes: Record<string, number> = {};
  readonly #faults: string[] = [];

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.#random = new Random(options.seed);
    this.#checks = new Random(options.seed);
    this.#facts = new RandomFacts(this.#random);
    this.#held = holdBook(undefined, this.#clock);
    this.#held.file.driver.exec('PRAGMA synchronous = OFF');
    this.#reader = new BookReader(this.#held.path, this.#clock);
  }

  async run(): Promise<SimulationResult> {
    const { steps, checkEvery = 150 } = this.#options;
    for (const account of this.#facts.accounts) await this.#held.book.record(accountFact(account));
    for (let step = 1; step <= steps && this.#faults.length === 0; step++) {
      await this.#step();
      this.#remember();
      if (step % checkEvery === 0 || step === steps) await this.#check(step);
    }
    await this.#held.book.close();
    const entries = [...this.#told.values()].reduce((sum, told) => sum + told.size, 0);
    return { faults: this.#faults, entries, outcomes: this.#outcomes };
  }

  end(): void {
    this.#reader.close();
    this.#held.die();
    rmSync(dirname(this.#held.path), { recursive: true, force: true });
  }

  async #step(): Promise<void> {
    const random = this.#random;
    this.#clock.advance(random.chance(0.1) ? -5_000 : random.below(2_000));
    const place = random.below(100);
    if (place < 2) await this.#reopen(true);
    else if (place < 4) await this.#reopen(false);
    else if (place < 12) await this.#reverse();
    else if (place < 15) await this.#stalePlan();
    else if (place < 20) await this.#whole();
    else await this.#record();
  }

  async #reopen(orderly: boolean): Promise<void> {
    const { book, path } = this.#held;
    if (orderly) await book.close();
    else this.#held.die();
    this.#held = holdBook(path, this.#clock);
    this.#held.file.driver.exec('PRAGMA synchronous = OFF');
  }

  /** Several reports at once: some awaited together, some in one call. */
  async #record(): Promise<void> {
    const random = this.#random;
    const facts = Array.from({ length: random.between(1, 5) }, () => this.#facts.next()).flat();
    const { book } = this.#held;
    const outcomes = random.chance(0.5)
      ? await Promise.all(facts.map((one) => book.record(one)))
      : (await book.recordAll(facts)).outcomes;
    for (const [index, one] of facts.entries()) this.#note(one, outcomes[index]!);
  }

  async #whole(): Promise<void> {
    const random = this.#random;
    const facts = Array.from({ length: random.between(1, 4) }, () => this.#facts.next()).flat();
    const before = this.#heads();
    const mode = random.pick(['atomic', 'rehearse'] as const);
    const recorded = await this.#held.book.recordAll(facts, mode);
    const refused = recorded.outcomes.some(({ status }) => status === 'refused');
    if (recorded.written !== (mode === 'atomic' && !refused)) this.#fault(`${mode} was half done`);
    if (!recorded.written && this.#heads() !== before) this.#fault(`${mode} moved the book`);
    if (!recorded.written) return;
    for (const [index, one] of facts.entries()) this.#note(one, recorded.outcomes[index]!);
  }

  /** Takes an entry back: a fact, what changed one, or a reversal. */
  async #reverse(): Promise<void> {
    const { name } = this.#random.pick(this.#facts.accounts);
    const { file, book } = this.#held;
    const account = file.accountNamed(name)!;
    const { sequence } = file.head(account.account);
    const target = this.#random.between(1, sequence);
    const [row] = file.entriesAt(account.account, [target]);
    const draft = reversalOf(row!, this.#clock.now());
    const next = this.#random.chance(0.3) ? this.#facts.next() : [];
    const facts = next.filter((one): one is AccountedFact => belongsTo(one, name));
    const entries = [{ draft }, ...facts.map((one) => ({ fact: one }))];
    const plan = { account: name, expectedSequence: sequence, entries };
    const result = await book.apply(plan);
    if (result.status === 'moved') this.#fault('a plan of the present head was refused as moved');
    if (result.status === 'refused' && file.head(account.account).sequence !== sequence) {
      this.#fault('a refused plan moved the book');
    }
    if (result.status !== 'written') return;
    this.#noteAt(name, result.outcomes[0]!, { draft });
    for (const [index, one] of facts.entries()) this.#note(one, result.outcomes[index + 1]!);
  }

  async #stalePlan(): Promise<void> {
    const { name } = this.#random.pick(this.#facts.accounts);
    const { file, book } = this.#held;
    const account = file.accountNamed(name)!;
    const { sequence } = file.head(account.account);
    const draft = reversalOf({ sequence: 1 }, this.#clock.now());
    const plan = { account: name, expectedSequence: sequence - 1, entries: [{ draft }] };
    const result = await book.apply(plan);
    if (result.status !== 'moved') this.#fault(`a stale plan was ${result.status}`);
  }

  #note(one: Fact, outcome: Outcome): void {
    this.#outcomes[outcome.status] = (this.#outcomes[outcome.status] ?? 0) + 1;
    if (!('account' in one) || one.kind === 'account') return;
    this.#noteAt(one.account, outcome, { fact: one });
  }

  #noteAt(account: string, outcome: Outcome, what: Told): void {
    if (!('sequence' in outcome)) return;
    const told = this.#told.get(account) ?? new Map<number, Told>();
    this.#told.set(account, told);
    if (!told.has(outcome.sequence)) told.set(outcome.sequence, what);
    else if (outcome.status === 'booked') this.#fault(`${outcome.sequence} was given twice`);
  }

  #remember(): void {
    for (const account of this.#reader.file.accounts()) {
      const { sequence } = this.#reader.file.head(account.account);
      if (this.#views.get(account.name)?.has(sequence) === true) continue;
      const look = lookNow(this.#reader, account);
      const views = this.#views.get(account.name) ?? new Map<number, Remembered>();
      this.#views.set(account.name, views);
      views.set(sequence, { asOf: look.view.asOf, text: viewText(look) });
    }
  }

  async #check(step: number): Promise<void> {
    const { path } = this.#held;
    this.#faults.push(...faultsOf(path), ...this.#entryFaults());
    if (this.#faults.length === 0) this.#faults.push(...this.#knownAtFaults());
    if (this.#faults.length === 0) this.#faults.push(...(await replayFaults(path)));
    if (this.#faults.length > 0) this.#faults.unshift(`seed ${this.#options.seed}, step ${step}`);
  }

  /** Every acknowledged fact is there once, and nothing else is. */
  #entryFaults(): string[] {
    const faults: string[] = [];
    const { file } = this.#held;
    for (const account of file.accounts()) {
      const told = this.#told.get(account.name);
      for (const row of file.entries(account.account)) {
        const what = told?.get(row.sequence);
        const ownAccord = row.kind === 'account' || row.kind === 'instrument';
        if (what === undefined && !ownAccord) {
          faults.push(`${account.name} ${row.sequence} ${row.kind} was never acknowledged`);
        } else if (what !== undefined && !holds(row, what)) {
          faults.push(`${account.name} ${row.sequence} is not what was acknowledged`);
        }
      }
      const last = Math.max(0, ...(told?.keys() ?? []));
      if (last > file.head(account.account).sequence)
        faults.push(`${account.name}: ${last} is gone`);
    }
    return faults;
  }

  #knownAtFaults(): string[] {
    const reader = this.#reader;
    const faults: string[] = [];
    for (const account of reader.file.accounts()) {
      const views = [...(this.#views.get(account.name) ?? [])];
      for (let count = 0; count < 4 && views.length > 0; count++) {
        const [sequence, then] = this.#checks.pick(views);
        const options = { asOf: then.asOf, knownAt: sequence, markMaxAgeMs };
        const now = viewText(reader.look(account, options));
        faults.push(...difference(`${account.name} known at ${sequence}`, now, then.text));
      }
    }
    return faults;
  }

  #heads(): string {
    const { file } = this.#held;
    return JSON.stringify(
      file.accounts().map(({ name, account }) => [name, file.head(account).hash]),
    );
  }

  #fault(what: string): void {
    this.#faults.push(`seed ${this.#options.seed}: ${what}`);
  }
}

const belongsTo = (one: Fact, account: string): boolean =>
  'account' in one && one.account === account;

function holds(row: EntryRow, what: Told): boolean {
  if ('draft' in what) return row.kind === what.draft.kind && row.id === what.draft.id;
  const key = keyOf(what.fact);
  const { instrument, side, leg } = row;
  const parts = { instrument: instrument ?? '', side: side ?? '', leg: leg ?? '' };
  if (row.kind === 'fill-completed' || row.kind === 'conflict') {
    return row.id.startsWith(`${key.kind}:${key.id}:`);
  }
  return sameKey(key, { kind: row.kind, id: row.id, ...parts });
}

export const reversalOf = (target: Pick<EntryRow, 'sequence'>, at: bigint): EntryDraft => ({
  v: 1,
  effectiveAt: at,
  kind: 'reversal',
  id: `reversal of ${target.sequence}`,
  instrument: null,
  side: null,
  leg: null,
  quantity: null,
  price: null,
  amount: null,
  currency: null,
  orderId: null,
  body: null,
  causedBy: target.sequence,
});
