/**
 * What is known of how a live venue's statement came about, and what follows for each line: whether
 * two snapshots saw the same difference, when the venue's own lists last moved it, and whether
 * something about it may still be on its way.
 */
import { type Decimal, equals } from '../../decimal/decimal.ts';
import { lineId } from '../../model/break.ts';
import type { OrderReport, OrderStatus } from '../../model/fact.ts';
import { addMilliseconds, type Instant } from '../../model/instant.ts';
import type { Statement, StatementOrder, StatementSection } from '../../model/statement.ts';
import type { BookSide, ListedFact } from '../book-side.ts';
import type { Comparison } from '../compare.ts';
import { orderIdentity } from '../gap.ts';
import { differenceText, type LineEvidence, type LineName } from '../judge.ts';
import { isComplete, isCompleteThrough } from '../scope.ts';
import { heldId, type TouchingFact, touchedByFact } from '../touch.ts';

/** A fact or order that the venue told and that is kept, and not in the book yet. */
export interface Waiting {
  readonly fact: ListedFact | OrderReport;
  /** By our clock. */
  readonly receivedAt: Instant;
}

/** Why a statement says less than it seems to, as a whole. */
export interface SnapshotDoubt {
  /** Null: there was no answer. */
  readonly reason: 'SNAPSHOT_STALE' | 'SNAPSHOT_TORN' | null;
  /** As it stands in the sections. */
  readonly why: string;
  /** Until when the venue is known to have answered; null: it never did. */
  readonly since: Instant | null;
}

/** How a statement was taken from a venue that answers live. */
export interface LiveStatement {
  /** An earlier snapshot; null: none was taken, so nothing is confirmed. */
  readonly first: Statement | null;
  /** The last one on record that was whole; null: there is none. */
  readonly before: Statement | null;
  readonly doubt: SnapshotDoubt | null;
  /** A person said that an empty answer is to be believed. */
  readonly believesEmpty: boolean;
  /** The venue's clock is so far ahead of ours. */
  readonly aheadMs: number;
  readonly settleMs: number;
  /** Facts so young may be missing in one of its sections without its being wrong for good. */
  readonly statementMaxAgeMs: number;
  readonly waiting: readonly Waiting[];
  /** Since when executions of positions that ours never held are listed; absent: as all others. */
  readonly strangersListed?: Instant | null;
}

/** `compareFirst`: the first snapshot, compared where something differs; null: there was none. */
export function lineEvidence(
  book: BookSide,
  statement: Statement,
  live: LiveStatement,
  compareFirst: () => Comparison | null,
): LineEvidence {
  const moved = movesOf(book, statement, live.settleMs);
  const flying = inFlight(book, statement, live);
  const endOf = endsOf(statement);
  const nameOf = ({ what, key, leg = null }: LineName) => {
    const held = what === 'average-price' ? 'position' : what;
    return heldId({ what: held, key, leg });
  };
  const appeared = appearancesOf(book, statement, live);
  let earlier: ReadonlyMap<string, string> | null = null;
  return {
    aheadMs: live.aheadMs,
    earlier() {
      earlier ??= differencesOf(compareFirst());
      return earlier;
    },
    movedAt: (name) => (name.what === 'order' ? endOf(name) : moved(name.what, nameOf(name))),
    inFlightSince: (name) => flying.get(nameOf(name)) ?? null,
    stale: new Map(),
    appearedSince: (name, theirs) => appeared(nameOf(name), theirs),
    strangersListed: live.strangersListed ?? null,
  };
}

function differencesOf(earlier: Comparison | null): ReadonlyMap<string, string> {
  const differences = new Map<string, string>();
  const lines = earlier?.lines.filter(({ verdict }) => verdict === 'different') ?? [];
  // What is put aside as foreign differs as well: only its verdict says otherwise.
  for (const line of [...lines, ...(earlier?.foreign ?? [])]) {
    differences.set(lineId(line), differenceText(line));
  }
  return differences;
}

/** Lists go back for thirty days at most, by clocks that may differ. */
const appearedMaxMs = 29 * 24 * 3_600_000;

function appearancesOf(book: BookSide, { asOf }: Statement, { before }: LiveStatement) {
  const then = new Map(
    before?.positions?.items.map(({ instrument: key, leg, quantity }) => {
      return [heldId({ what: 'position', key, leg }), quantity] as const;
    }),
  );
  const earliest = addMilliseconds(asOf, -appearedMaxMs);
  const since = later(before?.asOf ?? book.beganAt ?? earliest, earliest);
  return (name: string, theirs: Decimal): Instant | null => {
    const known = then.get(name);
    return known !== undefined && equals(known, theirs) ? null : since;
  };
}

/** An order that ended moves no more; of one that rests it is not told when it last did. */
function endsOf({ orders, asOf }: Statement) {
  const ends = new Map<string, Instant>();
  for (const order of orders?.items ?? []) {
    if (rests(order)) continue;
    ends.set(orderIdentity(order.instrument, order.orderId), order.time ?? asOf);
  }
  return ({ key, instrument = null }: LineName): Instant | null =>
    instrument === null ? null : (ends.get(orderIdentity(instrument, key)) ?? null);
}

/** Only a list that is complete to its end, and covers the window, tells that nothing moved. */
function movesOf(book: BookSide, statement: Statement, settleMs: number) {
  const { asOf, executions, cashFlows } = statement;
  const start = addMilliseconds(asOf, -settleMs);
  const beginOf = (section: StatementSection<ListedFact> | null): Instant | null =>
    isCompleteThrough(section, asOf) && section.scope === null ? section.from : null;
  const fills = beginOf(executions);
  const cash = beginOf(cashFlows);
  const reach = (what: string): Instant | null => {
    const begin =
      what === 'position' ? fills : fills === null || cash === null ? null : later(fills, cash);
    return begin !== null && begin <= start ? begin : null;
  };
  const last = new Map<string, Instant>();
  for (const fact of [...(executions?.items ?? []), ...(cashFlows?.items ?? [])]) {
    for (const name of touchedByFact(fact, book, asOf)) put(last, heldId(name), fact.time);
  }
  return (what: string, id: string): Instant | null => {
    const kind = what === 'average-price' ? 'position' : what;
    if (kind !== 'position' && kind !== 'balance') return null;
    const begin = reach(kind);
    return begin === null ? null : later(begin, last.get(id) ?? begin);
  };
}

/** Lines that a kept message, an order that changed just now or one without an answer may move. */
function inFlight(
  book: BookSide,
  statement: Statement,
  { first, waiting, aheadMs }: LiveStatement,
): ReadonlyMap<string, Instant> {
  const flying = new Map<string, Instant>();
  const ofOrder = (order: Moving, at: Instant) => {
    for (const name of touchedByFact(anyFillOf(order), book, at)) put(flying, heldId(name), at);
  };
  for (const { fact, receivedAt } of waiting) {
    const at = addMilliseconds(receivedAt, aheadMs);
    if (fact.kind === 'order') ofOrder(fact, at);
    else for (const name of touchedByFact(fact, book, fact.time)) put(flying, heldId(name), at);
  }
  for (const order of changedOrders(first, statement)) ofOrder(order, statement.asOf);
  for (const { report } of book.orders) {
    if (report.status === 'unknown') ofOrder(report, report.time);
  }
  return flying;
}

type Moving = Pick<StatementOrder | OrderReport, 'instrument' | 'leg'>;

const ended: ReadonlySet<OrderStatus> = new Set(['filled', 'cancelled', 'rejected', 'expired']);

/** One that was asked for by its id, and had ended before, is in no list of open ones. */
const rests = ({ status }: StatementOrder): boolean => !ended.has(status);

/** Orders that one of two whole lists lacks, or that were filled further in between. */
function changedOrders(first: Statement | null, second: Statement): readonly StatementOrder[] {
  const [before, after] = [first?.orders ?? null, second.orders];
  if (before === null || after === null) return [];
  if (!isComplete(before) || !isComplete(after)) return [];
  const nameOf = ({ instrument, orderId }: StatementOrder) => orderIdentity(instrument, orderId);
  const known = new Map(before.items.filter(rests).map((order) => [nameOf(order), order]));
  const changed = after.items.filter(rests).filter((order) => {
    const was = known.get(nameOf(order));
    known.delete(nameOf(order));
    return was === undefined || !isSame(was, order);
  });
  return [...changed, ...known.values()];
}

const isSame = (a: StatementOrder, b: StatementOrder): boolean =>
  a.status === b.status &&
  equals(a.quantity, b.quantity) &&
  (a.filled === null || b.filled === null || equals(a.filled, b.filled));

/** What a fill of the order would move. */
const anyFillOf = ({ instrument, leg }: Moving): TouchingFact => ({
  ...{ kind: 'fill', instrument, leg, fees: null, time: 0n },
});

const later = (a: Instant, b: Instant): Instant => (a > b ? a : b);

function put(times: Map<string, Instant>, id: string, at: Instant): void {
  const known = times.get(id);
  if (known === undefined || known < at) times.set(id, at);
}
