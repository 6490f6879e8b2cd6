/** What the better party knows of a stored order: by its ids, by its executions, or by silence. */
import { add, compare, type Decimal, equals, isZero, one, zero } from '../../decimal/decimal.ts';
import type { Evidence, Party } from '../../model/break.ts';
import type { Fill, OrderReport, OrderStatus } from '../../model/fact.ts';
import { addMilliseconds, type Instant } from '../../model/instant.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { StoredOrder } from '../../model/position-source.ts';
import type { StatementOrder } from '../../model/statement.ts';
import { isComplete, speaksFor, whyNotProven } from '../scope.ts';
import { inUnitOf, sizeOf } from './order-size.ts';
import type { FinalStatus, Standing } from './order-standing.ts';
import type { PositionTruth } from './port.ts';

export interface OrderFacts {
  readonly instrument: Instrument;
  /** What is filled is in the unit of the row. */
  readonly standing: Standing;
  /** The row asks for what the better party says was asked for: nothing of it is in doubt. */
  readonly isSized: boolean;
  readonly evidence: readonly Evidence[];
  /** When the youngest thing that is known of it happened. */
  readonly youngest: Instant | null;
}

const resting: ReadonlySet<OrderStatus> = new Set(['new', 'open']);
const finals: ReadonlySet<OrderStatus> = new Set(['filled', 'cancelled', 'rejected', 'expired']);

const isOver = (report: OrderReport | null): boolean =>
  report !== null && finals.has(report.status);

export const isResting = ({ status }: Pick<StatementOrder, 'status'>): boolean =>
  resting.has(status);

/** A row may be written a while after the order was placed. */
const placedSlackMs = 600_000;

type Ids = Pick<StoredOrder, 'orderId' | 'clientOrderId'>;

export const isNamedAs = (one: Ids, other: Ids): boolean =>
  (one.orderId !== null && one.orderId !== '' && one.orderId === other.orderId) ||
  (one.clientOrderId !== null &&
    one.clientOrderId !== '' &&
    one.clientOrderId === other.clientOrderId);

export const youngestOf = (times: readonly (Instant | null | undefined)[]): Instant | null =>
  times.reduce<Instant | null>(
    (last, at) => (at != null && (last === null || at > last) ? at : last),
    null,
  );

const larger = (a: Decimal, b: Decimal): Decimal => (compare(a, b) >= 0 ? a : b);

/** The size of the row, where it need not be in another unit: an order has no more executions. */
function ownSize({ quantity }: StoredOrder, executed: Decimal, { multiplier }: Instrument) {
  const fits = quantity !== null && compare(executed, quantity) <= 0;
  return fits && equals(multiplier, one) ? quantity : null;
}

const isConditional = ({ type }: StoredOrder): boolean =>
  /stop|trigger|trailing|take.?profit|conditional/i.test(type ?? '');

/** By id, all that a truth knows of orders: there may be thousands. */
export class KnownOrders {
  readonly #truth: PositionTruth;
  readonly #listed = new Map<string, StatementOrder[]>();
  readonly #fills: Map<string, Fill[]> = new Map();

  constructor(truth: PositionTruth) {
    this.#truth = truth;
    for (const each of truth.statement.orders?.items ?? []) put(this.#listed, each);
    for (const each of truth.fills) put(this.#fills, each);
  }

  /** Null: no candidate fits what is known, or several do. */
  of(stored: StoredOrder, candidates: readonly Instrument[]): OrderFacts | null {
    const listed = found(this.#listed, stored);
    const fills = found(this.#fills, stored);
    const reports = stored.orderId === null ? [] : (this.#truth.ordersOf?.(stored.orderId) ?? []);
    const names = new Set([...listed, ...fills, ...reports].map(({ instrument }) => instrument));
    const fitting = candidates.filter(({ name }) => names.size === 0 || names.has(name));
    if (fitting.length !== 1) return null;
    const [instrument] = fitting;
    const own = <T extends { readonly instrument: string }>(all: readonly T[]): readonly T[] =>
      all.filter((each) => each.instrument === instrument!.name);
    const known = {
      ...{ stored, instrument: instrument!, listed: own(listed)[0] ?? null },
      ...{ report: own(reports).at(-1) ?? null, fills: own(fills) },
    };
    const { report } = known;
    const times = [report?.time, known.listed?.time, ...known.fills.map(({ time }) => time)];
    const told = known.listed?.quantity ?? report?.quantity ?? null;
    const sized = sizeOf(stored, told, instrument!);
    return {
      instrument: instrument!,
      standing: inUnitOf(stored, this.#standing(known), sized.unit),
      isSized: sized.isSame,
      evidence: this.#evidence(known),
      youngest: youngestOf(times),
    };
  }

  #standing(known: Known): Standing {
    const { stored, instrument, listed, report, fills } = known;
    const executed = fills.reduce((sum, { quantity }) => add(sum, quantity), zero);
    const whole = this.#isWhole(known);
    const told = listed?.quantity ?? report?.quantity ?? null;
    const quantity = told ?? ownSize(stored, executed, instrument);
    if (quantity !== null && !isZero(quantity) && compare(executed, quantity) >= 0) {
      // What the store says was asked for may have been amended: then it would rest still.
      const isAgreed = listed === null || !isResting(listed) || report?.status === 'filled';
      return {
        ...{ kind: 'final', status: 'filled', filled: executed },
        proven: told !== null && isAgreed && equals(executed, told),
      };
    }
    const rests = listed !== null && isResting(listed);
    if (rests && !isOver(report)) {
      const { filled } = listed;
      return { kind: 'open', filled: filled && larger(filled, executed), order: listed };
    }
    const { orders, asOf } = this.#truth.statement;
    if (rests && report!.time < asOf) {
      const why = `the list of open orders has it, and a report that it is ${report!.status}`;
      return { kind: 'unknown', why };
    }
    const last = rests ? report : (listed ?? report);
    if (last !== null && finals.has(last.status)) {
      // Executions that are listed whole and the word of the venue have to say the same.
      const agrees =
        last.filled === null ||
        (whole ? equals(last.filled, executed) : compare(last.filled, executed) >= 0);
      const filled = whole ? executed : last.filled && larger(last.filled, executed);
      const proven = agrees && (last === listed || this.#truth.proven);
      return { kind: 'final', status: last.status as FinalStatus, filled, proven };
    }
    const isListed = isComplete(orders) && speaksFor(orders!.scope, instrument);
    if ((stored.createdAt ?? stored.updatedAt ?? asOf) > asOf) {
      return { kind: 'unknown', why: 'it is younger than the list of open orders' };
    }
    if (!isListed) {
      return { kind: 'unknown', why: `the list of open orders: ${whyNotProven(orders)}` };
    }
    // Not every exchange lists what waits for a price among its open orders.
    if (isConditional(stored)) {
      return { kind: 'unknown', why: 'the list of open orders need not have orders that wait' };
    }
    return { kind: 'gone', filled: whole ? executed : null };
  }

  /** Every execution of it is at hand. */
  #isWhole({ stored, instrument, report, fills }: Known): boolean {
    const { fillsCompleteSince: since, fillsScope = null } = this.#truth;
    const times = [stored.createdAt, report?.time, fills[0]?.time].filter((at) => at != null);
    if (since === null || times.length === 0 || !speaksFor(fillsScope, instrument)) return false;
    const placed = times.reduce((first, at) => (at < first ? at : first));
    return since <= addMilliseconds(placed, -placedSlackMs);
  }

  #evidence({ listed, report, fills }: Known): readonly Evidence[] {
    const { statement, party } = this.#truth;
    const row = { what: 'order', effect: null, sequence: null };
    const byList: Party = party === 'book' ? 'venue' : party;
    return [
      ...(listed === null
        ? []
        : [{ ...row, at: listed.time ?? statement.asOf, id: listed.orderId, source: byList }]),
      ...(report === null
        ? []
        : [{ ...row, at: report.time, id: report.orderId, source: 'book' as const }]),
      ...fills.map(({ time, executionId, quantity }): Evidence => {
        const effect = { what: 'execution', effect: quantity, sequence: null };
        return { ...effect, at: time, id: executionId, source: party };
      }),
    ];
  }
}

interface Known {
  readonly stored: StoredOrder;
  readonly instrument: Instrument;
  readonly listed: StatementOrder | null;
  readonly report: OrderReport | null;
  readonly fills: readonly Fill[];
}

function put<T extends Ids>(index: Map<string, T[]>, one: T): void {
  for (const id of idsOf(one)) {
    const known = index.get(id);
    if (known === undefined) index.set(id, [one]);
    else known.push(one);
  }
}

const idsOf = ({ orderId, clientOrderId }: Ids): readonly string[] => [
  ...(orderId === null || orderId === '' ? [] : [`o ${orderId}`]),
  ...(clientOrderId === null || clientOrderId === '' ? [] : [`c ${clientOrderId}`]),
];

const found = <T extends Ids>(index: ReadonlyMap<string, T[]>, stored: Ids): readonly T[] => [
  ...new Set(idsOf(stored).flatMap((id) => index.get(id) ?? [])),
];
