/**
 * One account's stream while it is open: facts are admitted, become entries, and move the books.
 * The same code takes a new fact and replays a stored entry, so a book that was reopened cannot
 * differ from one that was kept open. Nothing here commits; `record` wraps it in a transaction.
 */
import { AccountFold } from '../books/account-fold.ts';
import { AccountContext } from '../books/context.ts';
import type { Group } from '../books/group.ts';
import type { PageStore } from '../books/pages.ts';
import { ratesInForce } from '../books/rates-in-force.ts';
import type { AccountSettings } from '../books/settings.ts';
import { draftOfCompletion, draftOfConflict } from '../journal/amendment-codec.ts';
import { draftOf, entryOf, factOf, ratesOf } from '../journal/codec.ts';
import type { JournalFact } from '../journal/encode.ts';
import { keyOf, sameContent } from '../journal/key.ts';
import { type Completion, judge, type Stated, type Verdict } from '../journal/material.ts';
import type { BookedFact, EntryDraft, EntryRow } from '../model/entry.ts';
import type {
  AccountedFact,
  BookFact,
  Bust,
  Correction,
  Fill,
  OrderReport,
} from '../model/fact.ts';
import type { Instant } from '../model/instant.ts';
import type { Instrument } from '../model/instrument.ts';
import { InvariantError, invariant, type Refusal } from '../model/result.ts';
import { asTold, inForce, isRemark, means, movesBooks, renamesInOrder } from './in-force.ts';
import type { Outcome } from './outcome.ts';
import { ambiguousFill, instrumentsOf, refusalOfFact, refusalOfOpening } from './refusals.ts';
import type { SavedStream, StreamMemory, StreamStore } from './stream-store.ts';

export class Stream {
  readonly settings: AccountSettings;
  context: AccountContext;
  fold: AccountFold;
  /** The last sequence taken. */
  sequence = 0;
  /** Entries since the last `settle`, for the batch's hash. */
  rows: EntryRow[] = [];
  readonly #markMaxAgeMs: number;
  #store: StreamStore | null = null;
  #openingAt: Instant | null = null;
  #booked = false;
  /** Busts and corrections whose fill has not come: by execution id, their sequences. */
  #waiting = new Map<string, number[]>();
  #mustRefold = false;

  constructor(settings: AccountSettings, markMaxAgeMs: number) {
    this.settings = settings;
    this.#markMaxAgeMs = markMaxAgeMs;
    this.context = new AccountContext(settings);
    this.fold = this.#emptyFold();
  }

  /** The store of the transaction that follows; late folds read through it. */
  use(store: StreamStore): void {
    this.#store = store;
  }

  /** Takes a fact in. What it moves is right after `settle`. */
  admit(fact: AccountedFact): Outcome {
    if (fact.kind === 'account') return { status: 'duplicate', sequence: 1 };
    // Found before anything is written for the fact.
    const refusal =
      refusalOfFact(fact, this.context, (name) => this.#open.instrumentVersions(name)) ??
      this.#refusalOfOpening(fact);
    if (refusal !== null) return { status: 'refused', refusal };
    if (this.#isBeforeOpening(fact)) return { status: 'before-opening' };
    this.#admitInstruments(fact);
    switch (fact.kind) {
      case 'order':
      case 'bust':
      case 'correction':
        return this.#admitPlain(fact, fact.time);
      default:
        return this.#admitBookFact(fact);
    }
  }

  /** Appends an entry that is no fact of a venue; null when its key exists. */
  append(draft: EntryDraft): number | null {
    const row = { ...draft, sequence: this.sequence + 1 };
    if (!this.#open.insert(row)) return null;
    this.#push(row, null);
    return row.sequence;
  }

  /** The entry that has the key of a draft, which could not be appended for it. */
  entryLike({ kind, id, instrument, side, leg }: EntryDraft): EntryRow {
    const key = { kind, id, instrument: instrument ?? '', side: side ?? '', leg: leg ?? '' };
    const row = this.#open.find(key);
    invariant(row !== null, 'an entry that could not be appended exists');
    return row;
  }

  /** Takes a stored entry. */
  replay(row: EntryRow): void {
    if (row.sequence !== this.sequence + 1) {
      throw new InvariantError(`entry ${this.sequence + 1} is missing`);
    }
    this.sequence = row.sequence;
    this.#take(row, null);
  }

  /**
   * Ends a batch: every group that was touched is folded, and the postings balance. `all` says
   * that the whole stream was folded anew, so nothing derived from before it holds.
   */
  settle(): { readonly groups: readonly Group[]; readonly all: boolean } {
    if (!this.#mustRefold) return { groups: this.fold.settle(), all: false };
    this.#refoldAll();
    return { groups: [...this.fold.groups()], all: true };
  }

  memory(): StreamMemory {
    return {
      openingAt: this.#openingAt,
      booked: this.#booked,
      waiting: [...this.#waiting],
    };
  }

  /** Goes on where it was saved; instruments and renames come before, by `know`. */
  restore({ memory, groups, sequence }: SavedStream, awake: boolean): void {
    this.fold.restore(groups, awake);
    this.#openingAt = memory.openingAt;
    this.#booked = memory.booked;
    this.#waiting = new Map(memory.waiting.map(([id, sequences]) => [id, [...sequences]]));
    this.sequence = sequence;
  }

  /** Takes what an entry says about instruments and names, and nothing else. */
  know(row: EntryRow): void {
    const fact = factOf(row, this.settings.account);
    if (fact.kind === 'instrument') this.context.addInstrument(fact.instrument);
    if (fact.kind === 'rename' && this.#inForce(row) !== null) this.context.addRename(fact);
  }

  /** Busts and corrections without a fill: sequence by execution id. */
  waiting(): ReadonlyMap<string, readonly number[]> {
    return this.#waiting;
  }

  get #open(): StreamStore {
    invariant(this.#store !== null, 'a stream works inside a transaction');
    return this.#store;
  }

  #emptyFold(): AccountFold {
    const pages: PageStore = {
      page: (group, index) => this.#open.pages.page(group, index),
      put: (group, page) => this.#open.pages.put(group, page),
      removeFrom: (group, index) => this.#open.pages.removeFrom(group, index),
    };
    return new AccountFold(this.context, pages, (sequences) => this.#load(sequences));
  }

  #load(sequences: readonly number[]): readonly BookedFact[] {
    return this.#open.entriesAt(sequences).flatMap((row) => this.#inForce(row) ?? []);
  }

  #inForce(row: EntryRow, upTo = Number.POSITIVE_INFINITY): BookedFact | null {
    const store = this.#open;
    return inForce(row, this.settings.account, (sequence) => store.amendmentsOf(sequence), upTo);
  }

  #refusalOfOpening(fact: AccountedFact): Refusal | null {
    if (fact.kind !== 'opening' || !this.#booked) return null;
    return this.#open.find(keyOf(fact)) === null ? refusalOfOpening(fact) : null;
  }

  #isBeforeOpening(fact: AccountedFact): boolean {
    if (this.#openingAt === null || fact.kind === 'opening' || fact.time === null) return false;
    return movesBooks(fact) && fact.time <= this.#openingAt;
  }

  #admitInstruments(fact: AccountedFact): void {
    if (fact.kind === 'fill' && this.context.knows(fact.instrument)) return;
    for (const name of instrumentsOf(fact)) {
      if (this.context.knows(name)) continue;
      for (const version of this.#open.instrumentVersions(name)) this.admitInstrument(version);
    }
  }

  /** Books a version of an instrument, also one that goes back to what an older one said. */
  admitInstrument(instrument: Instrument): void {
    const draft = draftOf({ kind: 'instrument', instrument }, instrument.validFrom ?? 0n, []);
    let id = draft.id;
    for (let n = 2; this.append({ ...draft, id }) === null; n += 1) id = `${draft.id}-${n}`;
  }

  #admitPlain(fact: OrderReport | Bust | Correction, at: Instant): Outcome {
    if (fact.kind !== 'order' && this.#fillsMeant(fact, this.sequence + 1).length > 1) {
      return { status: 'refused', refusal: ambiguousFill(fact) };
    }
    const row = entryOf(this.sequence + 1, fact, at, []);
    if (!this.#open.insert(row)) return this.#again(fact, [], row);
    this.#push(row, fact);
    const waits =
      fact.kind !== 'order' && this.#waiting.get(fact.executionId)?.includes(row.sequence);
    return { status: waits ? 'waiting' : 'booked', sequence: row.sequence };
  }

  #admitBookFact(fact: BookFact): Outcome {
    const stated = 'rates' in fact ? fact.rates : undefined;
    const rates = stated ?? ratesInForce(fact, this.context, this.#open.markAt, this.#markMaxAgeMs);
    const row = entryOf(this.sequence + 1, fact, fact.time, rates);
    if (!this.#open.insert(row)) return this.#again(fact, rates, row);
    this.#push(row, { sequence: row.sequence, fact, rates });
    return { status: 'booked', sequence: row.sequence };
  }

  #push(row: EntryRow, taken: BookedFact | JournalFact | null): void {
    this.sequence = row.sequence;
    this.rows.push(row);
    this.#take(row, taken);
  }

  /** The same identity again, mostly in the same words: absorbed, completed, or a conflict. */
  #again(fact: JournalFact, rates: Stated['rates'], incoming: EntryRow): Outcome {
    const row = this.#open.find(keyOf(fact));
    invariant(row !== null, 'an entry that could not be inserted exists');
    const duplicate: Outcome = { status: 'duplicate', sequence: row.sequence };
    const amendments = this.#open.amendmentsOf(row.sequence);
    if (amendments.length === 0 && sameContent(row, incoming)) return duplicate;
    const verdict = judge(
      asTold(row, this.settings.account, () => amendments),
      { fact, rates },
    );
    if (verdict.verdict === 'same') return duplicate;
    if (verdict.verdict === 'completes') return this.#complete(row, verdict.set);
    const corrected = this.#judgeCorrected(row, { fact, rates });
    if (corrected?.verdict === 'same') return duplicate;
    if (corrected?.verdict === 'completes') return this.#complete(row, corrected.set);
    const draft = draftOfConflict(row, { fact, rates }, verdict.fields);
    const sequence = this.append(draft) ?? row.sequence;
    return { status: 'conflict', sequence, fields: verdict.fields };
  }

  #complete(row: EntryRow, set: Completion): Outcome {
    const sequence = this.append(draftOfCompletion(row, set));
    return sequence === null
      ? { status: 'duplicate', sequence: row.sequence }
      : { status: 'enriched', sequence };
  }

  /** A venue that corrected a fill reports it corrected from then on. */
  #judgeCorrected(row: EntryRow, incoming: Stated): Verdict | null {
    if (incoming.fact.kind !== 'fill') return null;
    const current = this.#inForce(row);
    return current === null ? null : judge(current, incoming);
  }

  /** What an entry changes beyond being there. */
  #take(row: EntryRow, taken: BookedFact | JournalFact | null): void {
    if (row.kind === 'performance') this.#open.addPerformance(row);
    if (row.kind === 'account' || isRemark(row.kind)) return;
    switch (row.kind) {
      case 'fill-completed':
      case 'reversal':
        this.#amend(row.causedBy!, row);
        return;
      default:
        this.#takeFact(row, taken ?? factOf(row, this.settings.account));
    }
  }

  #takeFact(row: EntryRow, taken: BookedFact | JournalFact): void {
    const fact = 'fact' in taken ? taken.fact : taken;
    switch (fact.kind) {
      case 'account':
        return;
      case 'instrument':
        // A further version changes how facts that are booked already are read.
        if (!this.context.foldsAlike(fact.instrument)) this.#mustRefold = true;
        this.context.addInstrument(fact.instrument);
        return;
      case 'order':
        this.#open.touchOrder(fact, row.sequence);
        return;
      case 'bust':
      case 'correction':
        this.#takeReference(row, fact);
        return;
      default: {
        const { sequence } = row;
        this.#takeBookFact(row, 'fact' in taken ? taken : { sequence, fact, rates: ratesOf(row) });
      }
    }
  }

  #takeBookFact(row: EntryRow, told: BookedFact): void {
    const { fact } = told;
    this.#booked = true;
    if (fact.kind === 'opening') this.#openingAt = fact.time;
    if (fact.kind === 'rename') {
      this.context.addRename(fact);
      this.#mustRefold = true;
    }
    const waited = this.#waiting.size > 0 && fact.kind === 'fill' && this.#endWaiting(fact, row);
    const booked = waited ? this.#inForce(row, row.sequence) : told;
    if (booked !== null && !this.#mustRefold) this.fold.add(booked);
  }

  /** Links busts and corrections that came before their fill; false when there are none. */
  #endWaiting(fill: Fill, row: EntryRow): boolean {
    const sequences = this.#waiting.get(fill.executionId);
    if (sequences === undefined) return false;
    const left: number[] = [];
    for (const waiting of this.#open.entriesAt(sequences)) {
      const fact = factOf(waiting, this.settings.account);
      const meant = (fact.kind === 'bust' || fact.kind === 'correction') && means(fact, row);
      if (meant) this.#open.addAmendment(row.sequence, waiting.sequence);
      else left.push(waiting.sequence);
    }
    if (left.length === 0) this.#waiting.delete(fill.executionId);
    else this.#waiting.set(fill.executionId, left);
    return left.length < sequences.length;
  }

  #takeReference(row: EntryRow, fact: Bust | Correction): void {
    const [fill] = this.#fillsMeant(fact, row.sequence);
    if (fill !== undefined) {
      this.#amend(fill.sequence, row);
      return;
    }
    const waiting = this.#waiting.get(fact.executionId) ?? [];
    this.#waiting.set(fact.executionId, [...waiting, row.sequence]);
  }

  #fillsMeant(fact: Bust | Correction, before: number): readonly EntryRow[] {
    return this.#open
      .fillsOf(fact.executionId)
      .filter((fill) => fill.sequence < before && means(fact, fill));
  }

  /** `by` is an entry about the entry at `target`: the books follow from before to after. */
  #amend(target: number, by: EntryRow): void {
    const roots = this.#rootsOf(this.#entryAt(target)).filter((row) => movesBooks(row));
    const before = roots.map((row) => this.#inForce(row, by.sequence - 1));
    this.#open.addAmendment(target, by.sequence);
    for (const row of roots.filter(({ kind }) => kind === 'opening')) {
      this.#openingAt = this.#inForce(row, by.sequence) === null ? null : row.effectiveAt;
    }
    if (roots.some((row) => row.kind === 'rename')) this.#mustRefold = true;
    if (this.#mustRefold) return;
    roots.forEach((row, index) => {
      this.fold.amend(before[index]!, this.#inForce(row, by.sequence));
    });
  }

  /** The facts that an entry is, or is about in the end. */
  #rootsOf(row: EntryRow): readonly EntryRow[] {
    if (row.kind === 'fill-completed' || row.kind === 'reversal') {
      return this.#rootsOf(this.#entryAt(row.causedBy!));
    }
    if (row.kind !== 'bust' && row.kind !== 'correction') return [row];
    const fact = factOf(row, this.settings.account);
    invariant(fact.kind === 'bust' || fact.kind === 'correction', 'a reference names a fill');
    return this.#open
      .fillsOf(fact.executionId)
      .filter((fill) =>
        this.#open.amendmentsOf(fill.sequence).some((other) => other.sequence === row.sequence),
      );
  }

  #entryAt(sequence: number): EntryRow {
    const [row] = this.#open.entriesAt([sequence]);
    invariant(row !== undefined, `entry ${sequence} is named and missing`);
    return row;
  }

  /** Folds the whole stream again, after what its names mean has changed. */
  #refoldAll(): void {
    const store = this.#open;
    store.clearFold();
    this.context = new AccountContext(this.settings);
    this.fold = this.#emptyFold();
    const renames: EntryRow[] = [];
    for (const row of store.entries(this.sequence)) {
      if (row.kind === 'instrument') this.know(row);
      if (row.kind === 'rename') renames.push(row);
    }
    for (const row of renamesInOrder(renames)) this.know(row);
    this.#mustRefold = false;
    for (const row of store.entries(this.sequence)) {
      const booked = movesBooks(row) ? this.#inForce(row) : null;
      if (booked !== null) this.fold.add(booked);
    }
    this.fold.settle();
  }
}
