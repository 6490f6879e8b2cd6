/**
 * Provisional fills of an account with the venue's fills that may be of the same orders. Most
 * accounts have none: those that do are read again only when the book has moved.
 */
import { factOf } from '../journal/codec.ts';
import type { EntryRow } from '../model/entry.ts';
import type { Fill } from '../model/fact.ts';
import type { BookSide } from '../reconcile/book-side.ts';
import { type BookedFill, type InferredFills, likenessMax } from '../reconcile/inferred.ts';
import type { Account } from '../store/accounts.ts';
import { inForce } from './in-force.ts';
import type { BookReader } from './reading.ts';

interface Kept {
  readonly sequence: number;
  /** Entries never change: only later ones are looked for. */
  readonly rows: readonly EntryRow[];
  readonly inferred: InferredFills | null;
}

const keptBy = new WeakMap<BookReader, Map<number, Kept>>();

/** Null: nothing was ever inferred. */
export function inferredFills(reader: BookReader, account: Account): InferredFills | null {
  const { file } = reader;
  const { account: id } = account;
  const kept = keptBy.get(reader) ?? new Map<number, Kept>();
  keptBy.set(reader, kept);
  const { sequence } = file.head(id);
  const before = kept.get(id);
  if (before?.sequence === sequence) return before.inferred;
  const rows = [...(before?.rows ?? []), ...file.provisionalFills(id, before?.sequence ?? 0)];
  const inferred = rows.length === 0 ? null : readNow(reader, account, rows);
  kept.set(id, { sequence, rows, inferred });
  return inferred;
}

/** For a side of the book: nothing where nothing was ever inferred. */
export function inferredIn(reader: BookReader, account: Account): Pick<BookSide, 'inferred'> {
  const inferred = inferredFills(reader, account);
  return inferred === null ? {} : { inferred: () => inferred };
}

function readNow({ file }: BookReader, account: Account, rows: readonly EntryRow[]): InferredFills {
  const { account: id, name } = account;
  const amended = file.amendedTargets(id);
  const standing = (row: EntryRow): BookedFill | null => {
    const booked = inForce(row, name, (sequence) =>
      amended.has(sequence) ? file.amendmentsOf(id, sequence) : [],
    );
    if (booked === null || booked.fact.kind !== 'fill') return null;
    return { sequence: row.sequence, fact: booked.fact };
  };
  const provisional: BookedFill[] = [];
  const gone: Fill[] = [];
  const real: BookedFill[] = [];
  for (const row of rows) {
    const booked = standing(row);
    const told = factOf(row, name);
    if (booked !== null) (booked.fact.provisional ? provisional : real).push(booked);
    else if (told.kind === 'fill') gone.push(told);
  }
  const inferred = new Set(rows.map(({ sequence }) => sequence));
  const wanted = new WantedOrders([...provisional.map(({ fact }) => fact), ...gone]);
  const isOther = ({ kind, sequence }: EntryRow) => kind === 'fill' && !inferred.has(sequence);
  for (const row of file.entries(id)) if (isOther(row)) wanted.see(row);
  for (const row of file.entries(id)) {
    if (!isOther(row) || !wanted.has(row)) continue;
    const booked = standing(row);
    if (booked !== null) real.push(booked);
  }
  return { provisional, gone, real };
}

/** Orders of the venue that may be those of the inferred fills; an order is wanted as a whole. */
class WantedOrders {
  readonly #orders = new Set<string>();
  readonly #minutes = new Set<string>();
  /** Whether any is known by a client's id, which only the body of an entry has. */
  readonly #clients = new Set<string>();

  constructor(fills: readonly Fill[]) {
    for (const { instrument, orderId, clientOrderId, time } of fills) {
      if (orderId !== null) this.#orders.add(`${instrument}\n${orderId}`);
      if (clientOrderId !== null) this.#clients.add(clientOrderId);
      const minute = time / likenessMax;
      for (const near of [minute - 1n, minute, minute + 1n]) {
        this.#minutes.add(`${instrument}\n${near}`);
      }
    }
  }

  /** Another of its order's fills may be of an inferred one's minute, and this one not. */
  see(row: EntryRow): void {
    if (row.orderId === null) return;
    if (this.#isNear(row)) this.#orders.add(`${row.instrument}\n${row.orderId}`);
  }

  has(row: EntryRow): boolean {
    if (row.orderId !== null && this.#orders.has(`${row.instrument}\n${row.orderId}`)) return true;
    return (row.orderId === null && this.#isNear(row)) || this.#isOfClient(row);
  }

  #isNear({ instrument, effectiveAt }: EntryRow): boolean {
    return this.#minutes.has(`${instrument}\n${effectiveAt / likenessMax}`);
  }

  #isOfClient({ body }: EntryRow): boolean {
    if (body === null || this.#clients.size === 0) return false;
    const { clientOrderId } = JSON.parse(body) as { readonly clientOrderId?: string };
    return clientOrderId !== undefined && this.#clients.has(clientOrderId);
  }
}
