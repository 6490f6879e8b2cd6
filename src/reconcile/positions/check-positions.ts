/**
 * A bot's stored positions beside a better party: the book, or the venue. By instrument and leg,
 * never by a stripped symbol. Pure; what the rows become is returned as a write, bound to the rows
 * as they were seen.
 */
import { isZero, zero } from '../../decimal/decimal.ts';
import { counted } from '../../model/amount.ts';
import { type Break, type Line, lineId } from '../../model/break.ts';
import type { Fill } from '../../model/fact.ts';
import type { Instrument } from '../../model/instrument.ts';
import { type Comparison, compare } from '../compare.ts';
import type { ExplainedCase } from '../explain.ts';
import { SearchBudget } from '../hypotheses/combination.ts';
import {
  type ComparedLine,
  isWithin,
  type LineVerdict,
  type Sighting,
  sightingsOf,
} from '../judge.ts';
import type { Reconciled } from '../reconcile.ts';
import { repair } from '../repair.ts';
import { instrumentOf } from '../scope.ts';
import type { Unknown } from '../sections.ts';
import { track } from '../track.ts';
import { Valuer } from '../value.ts';
import { isOpen, verdictOf } from '../verdict.ts';
import { byVenueClock, logClock, venueClock } from './clocks.ts';
import { heldIn, LegHistories, type LegHistory, type MomentsOf } from './leg-history.ts';
import { mirroredCause, mirrorOf } from './mirrored.ts';
import { orphanCause } from './orphan.ts';
import { orOverwritten } from './overwritten.ts';
import { OwnOrders } from './own-orders.ts';
import type {
  CheckPositionsInput,
  LegInDoubt,
  PlacedRow,
  PositionsChecked,
  SourceRepair,
} from './port.ts';
import { reopeningCause } from './reopening.ts';
import { rowCause } from './row-cause.ts';
import type { CauseFound } from './row-context.ts';
import { type PlacedRows, placedRows } from './rows.ts';
import { hasSettled } from './settling.ts';
import { caseOfShared, sharedDetail, unknownOfShared } from './shared-legs.ts';
import { type PositionSides, positionSides } from './sides.ts';
import { legId, partyAt, statedOf } from './stated.ts';
import { checkStoredOrders, isOrderLine, type StoredOrdersChecked } from './stored-orders.ts';
import { countsOf, hintsOf, shownComparison } from './summary.ts';

export type * from './port.ts';

export function checkPositions(input: CheckPositionsInput): PositionsChecked {
  return new PositionCheck(input).result();
}

/** Breaks of rows against a better party, whichever of the two it was. */
export const isRowLine = ({ oursParty, theirsParty }: Line): boolean =>
  oursParty === 'source' && theirsParty !== 'source';

/** The name of a leg's line, for who asks about it. */
const bareLine = (key: string, leg: PlacedRow['leg']): Line => ({
  ...{ what: 'position', key, leg, instrument: null, detail: null },
  ...{ oursParty: 'source', ours: null, oursText: null },
  ...{ theirsParty: 'venue', theirs: null, theirsText: null, difference: null, tolerance: zero },
});

class PositionCheck {
  readonly #input: CheckPositionsInput;
  readonly #placed: PlacedRows;
  readonly #histories: LegHistories;
  readonly #own: OwnOrders;
  readonly #clocks: PositionsChecked['clocks'];
  readonly #momentsOf: MomentsOf;
  readonly #sides: PositionSides;
  readonly #comparison: Comparison;
  readonly #known: readonly Break[];
  readonly #seen: ReadonlyMap<string, Sighting>;
  readonly #orders: StoredOrdersChecked;
  readonly #budget = new SearchBudget();

  constructor(input: CheckPositionsInput) {
    this.#input = input;
    const { truth, snapshot, venue } = input;
    this.#known = input.known.filter(({ lines }) => isRowLine(lines[0]!));
    this.#seen = sightingsOf(this.#known.filter(isOpen));
    this.#histories = new LegHistories(truth);
    this.#placed = placedRows(input);
    this.#own = new OwnOrders(input);
    const rows = [...this.#placed.single.values()];
    const ofVenue = venueClock(venue, rows, (row) => this.#historyOf(row));
    const ofLog = logClock(snapshot.positions, input.logged);
    this.#clocks = [ofLog, ofVenue].filter((one) => one !== null);
    const stamp = byVenueClock(ofVenue);
    this.#momentsOf = ({ openedAt, createdAt, updatedAt }) => ({
      opened: stamp(openedAt ?? createdAt),
      written: stamp(updatedAt),
    });
    const [histories, momentsOf, own] = [this.#histories, this.#momentsOf, this.#own];
    this.#sides = positionSides(input, this.#placed, { histories, momentsOf, own });
    this.#comparison = this.#compared();
    const seen = this.#seen;
    this.#orders = checkStoredOrders({ input, own, rows: this.#placed.single, seen });
  }

  result(): PositionsChecked {
    const { account, sequence, now, strict, truth, automatic } = this.#input;
    const lines = this.#comparison.lines.map((line) => this.#settled(line));
    const found = lines.flatMap((line) => this.#judged(line, lines));
    const ofRows = [...found.flatMap(({ one }) => one ?? []), ...this.#sharedCases()];
    const cases = [...ofRows, ...this.#orders.cases];
    const foreign = new Set(found.flatMap(({ one, line }) => (one === null ? [lineId(line)] : [])));
    const kept = lines.filter((line) => !foreign.has(lineId(line)));
    const byId = new Map(kept.map((line) => [lineId(line), line]));
    const tracked = track(this.#known, cases, {
      ...{ now, sequence, taken: this.#input.known.map(({ id }) => id) },
      verdictOf: (line) => this.#verdictOf(line, byId),
    });
    const { breaks, current } = tracked;
    const items = breaks
      .filter(isOpen)
      .map((one) => ({ one, current: current.get(one.id) ?? null }));
    const { asOf } = truth.statement;
    // Bound to the rows and to what they become: whatever else is booked makes it no other plan.
    const bound = { account, sequence: 0, asOf, adjust: new Set<string>() };
    const limits = automatic === undefined ? {} : { automatic };
    const plan = { ...repair(items, { ...bound, ...limits }), sequence };
    const unknown = this.#unknown();
    const counts = countsOf(this.#input, this.#placed, kept, foreign.size);
    const reconciled: Reconciled = {
      ...{ account, unknown, breaks, changes: tracked.changes, current, plan },
      comparison: shownComparison(this.#comparison, kept, counts),
      verdict: verdictOf(breaks, unknown.length, { strict }),
    };
    const repairs = plan.repairs.flatMap(({ breakId, needsApproval, because, writes }) => {
      if (writes === undefined) return [];
      const { rows, sentences } = writes;
      return [{ breakId, needsApproval, because, ...rows, sentences } satisfies SourceRepair];
    });
    const hints = [
      ...this.#clocks.map(({ sentence }) => sentence),
      ...this.#sides.hints,
      ...hintsOf(this.#input, this.#placed, foreign.size),
    ];
    const inDoubt = this.#inDoubt(lines);
    return { reconciled, counts, repairs, clocks: this.#clocks, inDoubt, hints };
  }

  #inDoubt(lines: readonly ComparedLine[]): readonly LegInDoubt[] {
    const open = lines.flatMap(({ key, leg, verdict }): LegInDoubt[] => {
      const instrument = instrumentOf(this.#sides.book, key);
      if (isWithin(verdict) || instrument === null) return [];
      return [{ instrument, leg: leg!, stored: this.#rowOf(key, leg!) !== null }];
    });
    const spot = [...this.#placed.single.values()].filter(
      ({ instrument }) => instrument.type === 'spot',
    );
    return [...open, ...spot.map(({ instrument, leg }) => ({ instrument, leg, stored: true }))];
  }

  /** What nobody holds and nobody stores is no line; what is doubtful is said elsewhere. */
  #compared(): Comparison {
    const { now, statementMaxAgeMs, markMaxAgeMs, toleranceSteps = 0, truth } = this.#input;
    const { book, statement } = this.#sides;
    const comparison = compare(book, statement, {
      ...{ now, toleranceSteps, markMaxAgeMs, statementMaxAgeMs },
      // The age of a difference is that of the row and its executions, not of the answer.
      ...{ settleMs: 0, oursParty: 'source', theirsParty: truth.party, seen: new Map() },
    });
    const { shared, doubtful } = this.#placed;
    const lines = comparison.lines.filter(
      ({ what, key, leg, ours }) =>
        what === 'position' &&
        !shared.has(legId(key, leg!)) &&
        !(doubtful.has(key) && isZero(ours!) && this.#rowOf(key, leg!) === null),
    );
    const told = lines.map((one) => ({ ...one, theirsParty: partyAt(truth, one.key, one.leg!) }));
    return { ...comparison, lines: told };
  }

  #rowOf(key: string, leg: PlacedRow['leg']): PlacedRow | null {
    return this.#placed.single.get(legId(key, leg)) ?? null;
  }

  #historyOf({ instrument, leg }: PlacedRow) {
    return this.#histories.of(instrument, leg, heldIn(this.#input.truth, instrument, leg));
  }

  /** Of coins that others have, too, the bot's own executions alone are the row's. */
  #historyAt(instrument: Instrument, { leg, theirs }: ComparedLine): LegHistory {
    const own = this.#sides.ownFills.get(legId(instrument.name, leg!));
    const counts = own === undefined ? [] : [(fill: Fill) => own.has(fill)];
    return this.#histories.of(instrument, leg!, theirs!, ...counts);
  }

  #settled(line: ComparedLine): ComparedLine {
    if (line.verdict !== 'different') return line;
    const instrument = instrumentOf(this.#sides.book, line.key);
    const history = instrument && this.#historyAt(instrument, line);
    const placed =
      this.#rowOf(line.key, line.leg!) ?? this.#placed.closed.get(legId(line.key, line.leg!));
    const written = placed === undefined ? null : this.#momentsOf(placed.row).written;
    const steps = history?.steps ?? [];
    const settled = hasSettled(line, steps, written, this.#seen, this.#input);
    return settled ? line : { ...line, verdict: 'settling' };
  }

  /** Null: the position is nobody's in particular. */
  #judged(line: ComparedLine, lines: readonly ComparedLine[]) {
    if (isWithin(line.verdict) || line.verdict === 'unknown') return [];
    const placed = this.#rowOf(line.key, line.leg!);
    const found =
      placed === null
        ? (this.#mirrored(line, lines) ?? this.#orphan(line))
        : this.#ofRow(line, placed, lines);
    return [{ line, one: found === null ? null : this.#caseOf(line, found) }];
  }

  #ofRow(line: ComparedLine, placed: PlacedRow, lines: readonly ComparedLine[]): CauseFound {
    const { instrument } = placed;
    const context = {
      ...{ input: this.#input, own: this.#own, placed, budget: this.#budget },
      history: this.#historyAt(instrument, line),
      moments: this.#momentsOf(placed.row),
      others: () =>
        lines.flatMap(({ key, leg: other, ours, theirs, verdict }) =>
          verdict !== 'different' || (key === line.key && other === line.leg)
            ? []
            : [{ key, leg: other, ours: ours!, theirs: theirs! }],
        ),
    };
    return orOverwritten(rowCause(context), context);
  }

  #mirrored(line: ComparedLine, lines: readonly ComparedLine[]): CauseFound | null {
    const other = mirrorOf(line, lines);
    const placed = other === undefined ? null : this.#rowOf(other.key, other.leg!);
    return placed && mirroredCause(line, this.#ofRow(other!, placed, lines));
  }

  #orphan(line: ComparedLine): CauseFound | null {
    const instrument = instrumentOf(this.#sides.book, line.key);
    if (instrument === null) return null;
    const history = this.#historyAt(instrument, line);
    const { leg } = history;
    const shared = { input: this.#input, own: this.#own, history };
    const placed = this.#placed.closed.get(legId(line.key, leg));
    const reopening =
      placed && reopeningCause({ ...shared, placed, moments: this.#momentsOf(placed.row) });
    return reopening ?? orphanCause({ ...shared, instrument, leg });
  }

  #caseOf(line: ComparedLine, found: CauseFound): ExplainedCase {
    const { value } = line;
    const settling = line.verdict === 'settling';
    return {
      ...{ account: this.#input.account, lines: [line], touched: [], gaps: [], settling },
      ...{ ...found, steps: [], effects: [], worsens: false },
      value: value ?? { gross: null, net: null },
      unvalued: value?.gross == null ? [line.key] : [],
    };
  }

  #sharedLegs() {
    const { truth } = this.#input;
    return Array.from(this.#placed.shared.values(), (rows) => {
      const { instrument, leg } = rows[0]!;
      // Of the whole statement: the line was taken out of the comparison, not out of the world.
      const verdict = this.#comparison.verdictOf(bareLine(instrument.name, leg));
      const item = statedOf(truth.statement, instrument.name, leg);
      const flat = { quantity: zero, averagePrice: null };
      return { rows, held: item ?? (verdict === 'equal' ? flat : null) };
    });
  }

  #sharedCases(): readonly ExplainedCase[] {
    const valuer = new Valuer(this.#sides.book, this.#input.markMaxAgeMs);
    return this.#sharedLegs().flatMap((leg) => caseOfShared(leg, this.#input, valuer) ?? []);
  }

  #unknown(): readonly Unknown[] {
    const { account, snapshot, now } = this.#input;
    const { unplaced, undecided, uncovered } = this.#placed;
    const own = [...unplaced, ...undecided].map(({ row, why }): Unknown => {
      const scope = `${row.symbol} (row ${row.id})`;
      return { account, section: 'source', scope, why, since: snapshot.takenAt };
    });
    const shared = this.#sharedLegs().flatMap((leg) => unknownOfShared(leg, account, now) ?? []);
    const others = Array.from(uncovered, ([scope, count]): Unknown => {
      const why =
        `${counted(count, 'active row')}: the book has no account of that exchange; ` +
        'name it in the settings as a venue, and run trueup update --venue NAME';
      return { account, section: 'source', scope, why, since: snapshot.takenAt };
    });
    const known = [...this.#comparison.unknown, ...this.#sides.unknown];
    return [...known, ...own, ...shared, ...others, ...this.#orders.unknown];
  }

  #verdictOf(line: Line, kept: ReadonlyMap<string, ComparedLine>): LineVerdict {
    if (isOrderLine(line)) return this.#orders.verdictOf(line);
    const leg = legId(line.key, line.leg ?? 'net');
    const isShared = this.#placed.shared.has(leg);
    if (line.detail === sharedDetail) return isShared ? 'unknown' : 'equal';
    if (isShared || this.#placed.doubtful.has(line.key)) return 'unknown';
    const now = kept.get(lineId(line));
    if (now !== undefined) return now.verdict;
    const verdict = this.#comparison.verdictOf(line);
    // Where nobody asked whose a position is, what is known of it stands.
    const isAsked = this.#input.ownOrders !== undefined || isWithin(verdict);
    // A position that is nobody's in particular is no difference of the store.
    return verdict === 'unknown' || !isAsked ? 'unknown' : 'equal';
  }
}
