/** A bot's rows as its database has them now, open ones first, beside what knows better. */
import { isZero, negate } from '../../../decimal/decimal.ts';
import { toText, toTextOrNull } from '../../../decimal/text.ts';
import type { Break } from '../../../model/break.ts';
import { instantText, instantTextOrNull, millisecondsBetween } from '../../../model/instant.ts';
import { isClosed } from '../../../model/life-cycle.ts';
import type { StoredPosition } from '../../../model/position-source.ts';
import { reasonTitles } from '../../../model/reason.ts';
import type { SourceAccount } from '../../../model/source.ts';
import { gateMaxAgeMs } from '../../../reconcile/gate.ts';
import { type ComparedLine, isWithin } from '../../../reconcile/judge.ts';
import { isRowLine } from '../../../reconcile/positions/check-positions.ts';
import { isOwnRow, placedRows } from '../../../reconcile/positions/rows.ts';
import { legId } from '../../../reconcile/positions/stated.ts';
import { isSourceLine } from '../../../reconcile/source/case.ts';
import type { SourceAccountChecked } from '../../../reconcile/source/check-source.ts';
import type { BalanceSheet, SheetRow } from '../../../reconcile/source/sheet.ts';
import type { Account } from '../../../store/accounts.ts';
import type { RowsLook } from '../../source/positions-look.ts';
import type { ServedSource } from '../../source/served-source.ts';
import type { StoredFigures, StoredRow } from '../documents/rows.ts';
import type { ServingParts } from '../parts.ts';
import { pricesAdvice } from './source-advice.ts';
import { type BalanceSeen, type PositionsSeen, settleMs } from './source-look.ts';
import { standingsOf } from './standings.ts';

export interface RowsShown {
  readonly figures: StoredFigures | null;
  readonly counts: { readonly open: number; readonly closed: number };
  readonly rows: readonly StoredRow[];
}

/** Null: the account is none of that database. */
export function rowsIn(
  parts: ServingParts,
  account: Account,
  seen: BalanceSeen | PositionsSeen,
): RowsShown | null {
  const known = [...standingsOf(parts.reader).of(account).breaks.values()];
  const open = known.filter((one) => !isClosed(one));
  if (seen.kind === 'balance') {
    const one = seen.check.checked?.accounts.find(({ name }) => name === account.name);
    return one === undefined ? null : ofBalance(one, open, parts.source!);
  }
  const look = seen.looks.find(({ compared }) => compared.account.name === account.name);
  return look === undefined ? null : ofPositions(look, seen, open);
}

const shownBreak = (one: Break | undefined): StoredRow['break'] =>
  one === undefined
    ? null
    : { id: one.id, reason: one.reason, title: reasonTitles[one.reason], state: one.state };

function ofBalance(
  { account, sheet }: SourceAccountChecked,
  open: readonly Break[],
  database: ServedSource,
): RowsShown {
  const stored = new Map(account.positions.map((row) => [row.symbol, row]));
  const sold = account.positions.filter(({ quantity }) => quantity !== null && isZero(quantity));
  const rows = [
    ...sheet.rows.map((row) => sheetRow(row, stored.get(row.symbol))),
    ...sold.map((row) => soldRow(row)),
  ];
  const counts = { open: sheet.rows.length, closed: sold.length };
  return { figures: figuresOf(sheet, open, database), counts, rows };
}

const states: Readonly<Record<BalanceSheet['match'], StoredFigures['state']>> = {
  ...{ exact: 'equal', nearest: 'within-tolerance', guarded: 'within-tolerance' },
  ...{ different: 'different', unknown: 'unknown', 'not-stored': 'unknown' },
};

const notStored = 'this database keeps no total: nothing of it can be out of date';

function figuresOf(
  sheet: BalanceSheet,
  open: readonly Break[],
  database: ServedSource,
): StoredFigures {
  const { stored, calculated, difference, match, unpriced, storedWhy } = sheet;
  const ofTotal = open.find(({ lines: [line] }) => isSourceLine(line!) && line!.what === 'total');
  const state = states[match];
  return {
    ...{ stored: toTextOrNull(stored), storedAt: instantTextOrNull(sheet.storedAt) },
    ...{ calculated: toTextOrNull(calculated), known: toText(sheet.known) },
    ...{ difference: toTextOrNull(difference), state },
    ...{ cash: toTextOrNull(sheet.cash), positionsValue: toTextOrNull(sheet.positionsValue) },
    unrealisedPnl: toTextOrNull(sheet.unrealisedPnl),
    recordAt: instantTextOrNull(sheet.recordAt),
    unknown: unpriced.map(({ what, why }) => ({ what, why })),
    advice: pricesAdvice(sheet, database),
    break: shownBreak(ofTotal),
    why: match === 'not-stored' ? notStored : storedWhy,
  };
}

const noSide = { theirs: null, theirsParty: null, theirsAt: null, difference: null } as const;
const noEnd = { realisedPnl: null, exitPrice: null, exitReason: null, closedAt: null } as const;

type StoredHolding = SourceAccount['positions'][number];

function sheetRow(row: SheetRow, stored: StoredHolding | undefined): StoredRow {
  const quantity = toTextOrNull(row.quantity);
  const side =
    quantity === null || quantity === '0' ? null : quantity.startsWith('-') ? 'short' : 'long';
  return {
    ...{ id: null, symbol: row.symbol, instrument: null, side, status: 'open', statusText: null },
    // Nobody but the bot says how much it has: there is nothing to hold it against.
    quantity: { ours: quantity, ...noSide, state: 'unknown' },
    ...{ entryPrice: toTextOrNull(row.entryPrice), price: toTextOrNull(row.price) },
    ...{ priceFrom: row.priceFrom, priceAt: instantTextOrNull(row.priceAt) },
    ...{ value: toTextOrNull(row.value), unrealisedPnl: toTextOrNull(row.unrealisedPnl) },
    ...{ ...noEnd, openedAt: instantTextOrNull(stored?.entryAt ?? null) },
    ...{ updatedAt: instantTextOrNull(stored?.updatedAt ?? null), break: null, why: row.why },
  };
}

const soldRow = (row: StoredHolding): StoredRow => ({
  ...{ id: null, symbol: row.symbol, instrument: null, side: null, statusText: null },
  ...{ status: 'closed', quantity: { ours: '0', ...noSide, state: 'unknown' } },
  ...{ entryPrice: toTextOrNull(row.entryPrice), price: toTextOrNull(row.price) },
  ...{ priceFrom: null, priceAt: null, value: null, unrealisedPnl: null, ...noEnd },
  openedAt: instantTextOrNull(row.entryAt),
  ...{ updatedAt: instantTextOrNull(row.updatedAt), break: null, why: null },
});

function ofPositions(
  look: RowsLook,
  { closed, unread }: PositionsSeen,
  open: readonly Break[],
): RowsShown {
  const { input, snapshot } = look;
  const active = snapshot.positions.filter((row) => isShownWith(look, row));
  const own = closed.filter((row) => isOwnRow(input, row));
  const told = new Told(look, open);
  const rows = [
    ...active.map((row) => told.row(row)),
    ...told.missing(),
    ...own.map((row) => told.row(row)),
  ];
  return { figures: null, counts: { open: active.length, closed: own.length + unread }, rows };
}

/** Also those that may be of several accounts: nobody else would show them. */
const isShownWith = ({ input }: RowsLook, row: StoredPosition): boolean =>
  isOwnRow(input, row) || placedRows(input).undecided.some((one) => one.row.id === row.id);

const stale = 'equal to what was said last, which is too old to say anything of now';

/** What one look says of each row. */
class Told {
  readonly #look: RowsLook;
  readonly #open: readonly Break[];
  readonly #lines: ReadonlyMap<string, ComparedLine>;
  /** Where a row was put, by its key. */
  readonly #placed = new Map<string, { readonly instrument: string; readonly leg: string }>();
  readonly #whys = new Map<string, string>();
  readonly #legs: ReadonlySet<string>;

  constructor(look: RowsLook, open: readonly Break[]) {
    this.#look = look;
    this.#open = open.filter(({ lines }) => isRowLine(lines[0]!));
    const lines = look.checked.reconciled.comparison?.lines ?? [];
    this.#lines = new Map(lines.map((line) => [legId(line.key, line.leg ?? 'net'), line]));
    const { single, shared, closed, unplaced, undecided } = placedRows(look.input);
    for (const { row, instrument, leg } of [...single.values(), ...closed.values()]) {
      this.#placed.set(row.id, { instrument: instrument.name, leg });
    }
    for (const rows of shared.values()) {
      const ids = rows.map(({ row }) => row.id).join(' and ');
      for (const { row } of rows) this.#whys.set(row.id, `rows ${ids} are about one position`);
    }
    for (const { row, why } of [...unplaced, ...undecided]) this.#whys.set(row.id, why);
    this.#legs = new Set(single.keys());
  }

  row(row: StoredPosition): StoredRow {
    const placed = this.#placed.get(row.id) ?? null;
    const line =
      placed === null ? undefined : this.#lines.get(legId(placed.instrument, placed.leg as 'net'));
    const isOpen = row.status !== 'closed';
    const size = row.quantity;
    const signed = size !== null && row.direction === 'short' ? negate(size) : size;
    const shown = line !== undefined && (isOpen || line.verdict === 'different') ? line : null;
    return {
      ...{ id: row.id, symbol: row.symbol, instrument: placed?.instrument ?? null },
      side: row.direction,
      status: row.status === 'active' ? 'open' : row.status,
      statusText: row.statusText,
      quantity: shown === null ? bareSide(toTextOrNull(signed)) : this.#side(shown, row),
      ...{ entryPrice: toTextOrNull(row.entryPrice), price: toTextOrNull(row.currentPrice) },
      ...{ priceFrom: row.currentPrice === null ? null : 'stored', priceAt: null, value: null },
      unrealisedPnl: toTextOrNull(row.unrealisedPnl),
      ...{ realisedPnl: toTextOrNull(row.realisedPnl), exitPrice: toTextOrNull(row.exitPrice) },
      exitReason: row.exitReason,
      openedAt: instantTextOrNull(row.openedAt ?? row.createdAt),
      closedAt: instantTextOrNull(row.closedAt),
      updatedAt: instantTextOrNull(row.updatedAt),
      break: shown === null ? null : shownBreak(this.#breakOf(shown)),
      why: this.#whyOf(row, shown),
    };
  }

  /** What is held and no row is about, where a break says that one should be. */
  missing(): readonly StoredRow[] {
    return [...this.#lines].flatMap(([id, line]): StoredRow[] => {
      const isOwn = this.#legs.has(id) || line.verdict !== 'different';
      const placed = [...this.#placed.values()].some(
        (one) => legId(one.instrument, one.leg as 'net') === id,
      );
      if (isOwn || placed) return [];
      const theirs = line.theirs === null ? null : toText(line.theirs);
      return [
        {
          ...{ id: null, symbol: line.key, instrument: line.key, statusText: null },
          side: theirs === null ? null : theirs.startsWith('-') ? 'short' : 'long',
          ...{ status: 'missing', quantity: { ...this.#side(line), ours: null } },
          ...{ entryPrice: null, price: null, priceFrom: null, priceAt: null, value: null },
          ...{ unrealisedPnl: null, ...noEnd, openedAt: null, updatedAt: null },
          ...{ break: shownBreak(this.#breakOf(line)), why: 'the database has no row of it' },
        },
      ];
    });
  }

  #side(line: ComparedLine, row: StoredPosition | null = null): StoredRow['quantity'] {
    const { ours, theirs, difference, theirsParty, verdict } = line;
    const young = verdict === 'different' && this.#breakOf(line) === undefined;
    const old = isWithin(verdict) && this.#isStale();
    return {
      ...{ ours: toTextOrNull(ours), theirs: toTextOrNull(theirs), theirsParty },
      theirsAt: instantText(this.#look.input.truth.statement.asOf),
      difference: toTextOrNull(difference),
      // Green is fresh and equal, never one of the two; red is what outlived its settling.
      state: old ? 'unknown' : young && this.#isYoung(line, row) ? 'settling' : verdict,
    };
  }

  #isStale(): boolean {
    const { now, truth } = this.#look.input;
    return millisecondsBetween(truth.statement.asOf, now) > gateMaxAgeMs;
  }

  /** A row, or an execution of its position, that was written a moment ago. */
  #isYoung({ key, leg }: ComparedLine, row: StoredPosition | null): boolean {
    const { now, truth } = this.#look.input;
    const times = truth.fills.flatMap((fill) =>
      fill.instrument === key && fill.leg === leg ? [fill.time] : [],
    );
    const latest = [...times, row?.updatedAt ?? 0n].reduce((a, b) => (b > a ? b : a));
    return millisecondsBetween(latest, now) < settleMs;
  }

  #breakOf({ key, leg }: ComparedLine): Break | undefined {
    return this.#open.find(({ lines }) =>
      lines.some((line) => line.what === 'position' && line.key === key && line.leg === leg),
    );
  }

  /** A cause that is not on record yet is told all the same. */
  #whyOf(row: StoredPosition, line: ComparedLine | null): string | null {
    const why = this.#whys.get(row.id);
    if (why !== undefined) return why;
    if (line === null) return row.status === 'closed' ? null : 'nobody says what is held of it';
    if (line.verdict === 'unknown') return 'whoever knows better did not say what is held of it';
    if (isWithin(line.verdict) && this.#isStale()) return stale;
    if (line.verdict !== 'different') return null;
    const { breaks } = this.#look.checked.reconciled;
    const found = breaks.find(
      (one) =>
        !isClosed(one) &&
        isRowLine(one.lines[0]!) &&
        one.lines.some(
          ({ what, key, leg }) => what === 'position' && key === line.key && leg === line.leg,
        ),
    );
    return found?.explanation.sentence ?? null;
  }
}

const bareSide = (ours: string | null): StoredRow['quantity'] => ({
  ...{ ours, ...noSide, state: 'unknown' },
});
