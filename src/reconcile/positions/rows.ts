/** Rows put on instruments and legs, and what of them cannot be put anywhere. */
import { isNegative, negate } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import type { Leg } from '../../model/fact.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { StoredPosition } from '../../model/position-source.ts';
import type { CheckPositionsInput, PlacedRow } from './port.ts';
import { legId } from './stated.ts';
import { isNamedBy, Symbols } from './symbols.ts';

export interface UnplacedRow {
  readonly row: StoredPosition;
  readonly why: string;
}

export interface PlacedRows {
  /** One row for each leg, by `legId`. */
  readonly single: ReadonlyMap<string, PlacedRow>;
  /** Legs that several active rows are about. */
  readonly shared: ReadonlyMap<string, readonly PlacedRow[]>;
  /** Of legs without an active row, their newest closed one, by `legId`. */
  readonly closed: ReadonlyMap<string, PlacedRow>;
  readonly unplaced: readonly UnplacedRow[];
  /** Instruments that an unplaced row may be about: nothing is said of what nobody stored there. */
  readonly doubtful: ReadonlySet<string>;
  /** Rows of other exchanges, by exchange. */
  readonly elsewhere: ReadonlyMap<string, number>;
  /** Those exchanges that no account of the book is of. */
  readonly uncovered: ReadonlySet<string>;
  readonly hints: readonly string[];
}

export function placedRows(input: CheckPositionsInput): PlacedRows {
  const { snapshot, truth, venue, exchange, otherExchanges = [] } = input;
  const names = [venue, ...(exchange === undefined ? [] : [exchange])] as const;
  const symbols = new Symbols(names, truth, snapshot.orders);
  const legs = new LegModes(input);
  const placed: PlacedRow[] = [];
  const unplaced: UnplacedRow[] = [];
  const doubtful = new Set<string>();
  const elsewhere = new Map<string, number>();
  const hints: string[] = [];
  for (const row of snapshot.positions) {
    if (row.status === 'closed') continue;
    if (symbols.isElsewhere(row)) {
      elsewhere.set(row.exchange!, (elsewhere.get(row.exchange!) ?? 0) + 1);
      continue;
    }
    const found = symbols.find(row);
    if (found.kind !== 'one') {
      unplaced.push({ row, why: found.why });
      if (found.kind === 'several') for (const { name } of found.candidates) doubtful.add(name);
      continue;
    }
    if (found.because !== null) hints.push(found.because);
    const why = whyUnreadable(row, found.instrument, input);
    if (why === null) placed.push(placedOn(row, found.instrument, legs));
    else {
      unplaced.push({ row, why });
      doubtful.add(found.instrument.name);
    }
  }
  const byLeg = Map.groupBy(placed, ({ instrument, leg }) => legId(instrument.name, leg));
  const single = new Map<string, PlacedRow>();
  const shared = new Map<string, readonly PlacedRow[]>();
  for (const [id, rows] of byLeg) {
    if (rows.length === 1) single.set(id, rows[0]!);
    else shared.set(id, rows);
  }
  const closed = new Map<string, PlacedRow>();
  for (const one of closedRows(input, symbols, legs)) {
    const id = legId(one.instrument.name, one.leg);
    if (!byLeg.has(id) && !closed.has(id)) closed.set(id, one);
  }
  const uncovered = new Set(
    [...elsewhere.keys()].filter((name) => !isNamedBy(name.toLowerCase(), otherExchanges)),
  );
  const told = { unplaced, doubtful, elsewhere, uncovered, hints: [...new Set(hints)] };
  return { single, shared, closed, ...told };
}

/** Newest first. One that cannot be read, or not be put anywhere, says nothing. */
function closedRows(input: CheckPositionsInput, symbols: Symbols, legs: LegModes) {
  const { closedRows: rows = [] } = input;
  const openedAt = (row: StoredPosition) => row.openedAt ?? row.createdAt ?? 0n;
  const newest = rows.toSorted((a, b) => Number(openedAt(b) - openedAt(a)));
  return newest.flatMap((row) => {
    if (symbols.isElsewhere(row)) return [];
    const found = symbols.find(row);
    if (found.kind !== 'one') return [];
    const { instrument } = found;
    const readable = whyUnreadable(row, instrument, input) === null;
    return readable ? [placedOn(row, instrument, legs)] : [];
  });
}

/** Null: nothing keeps the row from being compared. */
function whyUnreadable(
  { id, status, statusText, direction, quantity }: StoredPosition,
  instrument: Instrument,
  { snapshot }: CheckPositionsInput,
): string | null {
  const fault = snapshot.faults.find(({ key, role }) => key === id && role === 'quantity');
  if (fault !== undefined) return `${fault.column} ${JSON.stringify(fault.value)} ${fault.why}`;
  if (status === 'unknown') return `status ${JSON.stringify(statusText)} is no known one`;
  if (quantity === null) return 'no quantity is stored';
  if (isNegative(quantity))
    return `the stored quantity is ${toText(quantity)}; the side tells signs`;
  if (direction === null) return 'the stored side is neither long nor short';
  if (instrument.type === 'spot' && direction === 'short') return 'a short cannot be spot';
  return null;
}

function placedOn(row: StoredPosition, instrument: Instrument, legs: LegModes): PlacedRow {
  const { direction, quantity } = row;
  const leg = instrument.type === 'spot' ? 'net' : legs.legOf(instrument.name, direction!);
  return { row, instrument, leg, quantity: direction === 'short' ? negate(quantity!) : quantity! };
}

/** Whether an instrument is held in one net position or in a leg for each side. */
class LegModes {
  readonly #hedged = new Map<string, boolean>();
  readonly #anyHedged: boolean;

  constructor({ truth: { statement, fills } }: CheckPositionsInput) {
    const items = statement.positions?.items ?? [];
    // The newest word counts, and what is held now is newer than any execution.
    for (const { instrument, leg } of fills) this.#hedged.set(instrument, leg !== 'net');
    for (const { instrument, leg } of items) this.#hedged.set(instrument, leg !== 'net');
    this.#anyHedged = this.#hedged.values().some((hedged) => hedged);
  }

  legOf(instrument: string, direction: 'long' | 'short'): Leg {
    return (this.#hedged.get(instrument) ?? this.#anyHedged) ? direction : 'net';
  }
}
