/** The ports between a stream and what keeps it. */
import type { PageStore } from '../books/pages.ts';
import type { MarkAt } from '../books/rates-in-force.ts';
import type { GroupSnapshot } from '../books/resting-groups.ts';
import type { FactKey } from '../journal/key.ts';
import type { EntryRow } from '../model/entry.ts';
import type { OrderReport } from '../model/fact.ts';
import type { Instant } from '../model/instant.ts';
import type { Instrument } from '../model/instrument.ts';

/** What a stream reads and writes of its account, inside one transaction. */
export interface StreamStore {
  readonly pages: PageStore;
  /** False when an entry of that key exists. */
  insert(row: EntryRow): boolean;
  find(key: FactKey): EntryRow | null;
  /** Fills with that execution id, whatever their instrument, side and leg. */
  fillsOf(executionId: string): readonly EntryRow[];
  entriesAt(sequences: readonly number[]): readonly EntryRow[];
  amendmentsOf(target: number): readonly EntryRow[];
  addAmendment(target: number, sequence: number): void;
  touchOrder(order: OrderReport, sequence: number): void;
  addPerformance(row: EntryRow): void;
  /** All versions of an instrument that the registry or its name can tell; empty when none. */
  instrumentVersions(name: string): readonly Instrument[];
  readonly markAt: MarkAt;
  /** Throws away pages and rows of the fold, which is about to begin anew. */
  clearFold(): void;
  /** The stream up to an entry, for the rare fact that changes how earlier ones are read. */
  entries(upTo: number): Iterable<EntryRow>;
}

/** What a stream must remember beside its groups. */
export interface StreamMemory {
  readonly openingAt: Instant | null;
  readonly booked: boolean;
  readonly waiting: readonly (readonly [string, readonly number[]])[];
}

/** A stream as it was left. */
export interface SavedStream {
  readonly memory: StreamMemory;
  readonly groups: readonly GroupSnapshot[];
  readonly sequence: number;
}
