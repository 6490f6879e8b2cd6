/** Rows put on instruments and legs, and what of them cannot be put anywhere. */
import { isNegative, negate } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import type { Leg } from '../../model/fact.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { StoredPosition } from '../../model/position-source.ts';
import type { CheckPositionsInput, PlacedRow } from './port.ts';
import { legId } from './stated.ts';
import { Symbols } from './symbols.ts';
import { type AccountsOfRows, type Whose, whoseIs } from './whose-rows.ts';

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
  /** Rows that may be of this account or of another one that is looked at with it. */
  readonly undecided: readonly UnplacedRow[];
  /** Instruments that an unplaced row may be about: nothing is said of what nobody stored there. */
  readonly doubtful: ReadonlySet<string>;
  /** How many rows are of an account of the book that is not looked at, by exchange. */
  readonly elsewhere: ReadonlyMap<string, number>;
  /** And how many of an exchange that no account of the book is of. */
  readonly uncovered: ReadonlyMap<string, number>;
  readonly hints: readonly string[];
}

export function placedRows(input: CheckPositionsInput): PlacedRows {
  const { snapshot, truth, venue } = input;
  const symbols = new Symbols(venue, truth, snapshot.orders);
  const legs = new LegModes(input);
  const placed: PlacedRow[] = [];
  const unplaced: UnplacedRow[] = [];
  const doubtful = new Set<string>();
  const hints: string[] = [];
  const active = snapshot.positions.filter(({ status }) => status !== 'closed');
  const { own, undecided, elsewhere, uncovered } = partedRows(input, active);
  for (const { row } of undecided) {
    for (const { name } of symbols.candidates(row)) doubtful.add(name);
  }
  for (const row of own) {
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
  const told = { unplaced, undecided, doubtful, elsewhere, uncovered };
  return { single, shared, closed, ...told, hints: [...new Set(hints)] };
}

/** Whose a row is as far as this account is concerned. */
export function whoseRow(
  { account, venue, accounts }: Pick<CheckPositionsInput, 'account' | 'venue' | 'accounts'>,
  { exchange }: Pick<StoredPosition, 'exchange'>,
): Whose {
  const alone: AccountsOfRows = { asked: [{ account, names: [venue] }], others: [] };
  return whoseIs(exchange, accounts ?? alone);
}

export const isOwnRow = (
  input: Parameters<typeof whoseRow>[0],
  row: Pick<StoredPosition, 'exchange'>,
): boolean => {
  const whose = whoseRow(input, row);
  return whose.kind === 'one' && whose.account === input.account;
};

/** What is nobody's is told by the first of the accounts that are looked at, once. */
function partedRows(input: CheckPositionsInput, rows: readonly StoredPosition[]) {
  const { account, accounts } = input;
  const isFirst = (accounts?.asked[0]?.account ?? account) === account;
  const own: StoredPosition[] = [];
  const undecided: UnplacedRow[] = [];
  const counts = { other: new Map<string, number>(), nobody: new Map<string, number>() };
  for (const row of rows) {
    const whose = whoseRow(input, row);
    if (whose.kind === 'one') {
      if (whose.account === account) own.push(row);
    } else if (whose.kind === 'several') {
      if (whose.accounts.includes(account)) undecided.push({ row, why: whose.why });
    } else if (isFirst) {
      const exchange = row.exchange!;
      const of = counts[whose.kind];
      of.set(exchange, (of.get(exchange) ?? 0) + 1);
    }
  }
  return { own, undecided, elsewhere: counts.other, uncovered: counts.nobody };
}

/** Newest first. One that cannot be read, or not be put anywhere, says nothing. */
function closedRows(input: CheckPositionsInput, symbols: Symbols, legs: LegModes) {
  const { closedRows: rows = [] } = input;
  const openedAt = (row: StoredPosition) => row.openedAt ?? row.createdAt ?? 0n;
  const newest = rows.toSorted((a, b) => Number(openedAt(b) - openedAt(a)));
  return newest.flatMap((row) => {
    if (!isOwnRow(input, row)) return [];
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
