/** What a row becomes: only columns that its schema has, and only onto the row that was seen. */
import {
  absolute,
  type Decimal,
  multiply,
  roundHalfEven,
  stripped,
  subtract,
} from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import type { Leg } from '../../model/fact.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { PositionAddition, PositionChange } from '../../model/position-source.ts';
import type { CaseWrites, RowWrites } from '../row-writes.ts';
import { type ClosedPosition, reduces } from './closed-position.ts';
import type { LegStep } from './leg-history.ts';
import type { OwnOrders } from './own-orders.ts';
import type { CheckPositionsInput, PlacedRow } from './port.ts';
import { isOwnRow } from './rows.ts';
import { statedOf } from './stated.ts';
import { becomesText } from './telling.ts';

export const noWrites: RowWrites = { changes: [], additions: [], trades: [], orders: [] };

/** What the better party says of one leg now. */
export interface HeldNow {
  readonly quantity: Decimal;
  readonly averagePrice: Decimal | null;
  readonly price: Decimal | null;
  readonly unrealisedPnl: Decimal | null;
}

export function heldNow(
  { truth, markMaxAgeMs }: CheckPositionsInput,
  instrument: Instrument,
  leg: Leg,
  quantity: Decimal,
): HeldNow {
  const stated = statedOf(truth.statement, instrument.name, leg);
  const price = stated?.markPrice ?? markPrice(truth, instrument.name, markMaxAgeMs);
  const averagePrice = stated?.averagePrice ?? null;
  const unrealisedPnl =
    stated?.unrealisedPnl ?? unrealisedOf(instrument, quantity, averagePrice, price);
  return { quantity, averagePrice, price, unrealisedPnl };
}

function markPrice(
  { marks, statement }: CheckPositionsInput['truth'],
  instrument: string,
  maxAgeMs: number,
): Decimal | null {
  const mark = marks(instrument);
  const isFresh = mark !== null && statement.asOf - mark.time <= BigInt(maxAgeMs) * 1_000_000n;
  return isFresh ? mark.price : null;
}

function unrealisedOf(
  { type, multiplier }: Instrument,
  quantity: Decimal,
  average: Decimal | null,
  price: Decimal | null,
): Decimal | null {
  if (average === null || price === null || type === 'inverse') return null;
  return stripped(multiply(multiply(quantity, multiplier), subtract(price, average)));
}

type Keeps = CheckPositionsInput['snapshot']['keeps'];

/** As the column keeps it; digits that it lacks are rounded, and the sentence shows the result. */
const asKept = (quantity: Decimal, { quantityScale }: Keeps): Decimal =>
  quantityScale === null ? quantity : stripped(roundHalfEven(quantity, quantityScale));

const expectedOf = ({ row }: PlacedRow): Pick<PositionChange, 'id' | 'symbol' | 'expected'> => ({
  ...{ id: row.id, symbol: row.symbol },
  expected: { quantity: row.quantity, status: row.status, direction: row.direction },
});

/** `missed`: executions that the row does not know; what they add moves the entry price, too. */
export function quantityWrites(
  placed: PlacedRow,
  now: HeldNow,
  { snapshot: { keeps } }: CheckPositionsInput,
  missed: readonly LegStep[],
): Pick<CaseWrites, 'rows' | 'sentences'> | null {
  if (!keeps.columns.has('quantity')) return null;
  const { row } = placed;
  const quantity = asKept(absolute(now.quantity), keeps);
  const grew = missed.some((step) => !reduces(step)) && now.averagePrice !== null;
  const change: PositionChange = {
    ...{ ...expectedOf(placed), quantity, ...pricesOf(now, keeps) },
    ...(grew && keeps.columns.has('entry-price') ? { entryPrice: now.averagePrice! } : {}),
  };
  const sentence = `${row.symbol} quantity: ${becomesText(row.quantity, quantity)}`;
  return { rows: { ...noWrites, changes: [change] }, sentences: [sentence] };
}

const pricesOf = ({ price, unrealisedPnl }: HeldNow, { columns }: Keeps) => ({
  ...(price !== null && columns.has('current-price') ? { currentPrice: price } : {}),
  ...(unrealisedPnl !== null && columns.has('unrealised-pnl') ? { unrealisedPnl } : {}),
});

/** `closed`: null where nothing proves how: then it is written as not known, never as zero. */
export function closeWrites(
  placed: PlacedRow,
  closed: ClosedPosition | null,
  reason: string,
): Pick<CaseWrites, 'rows' | 'sentences'> {
  const { at = null, exitPrice = null, realisedPnl = null, fees = null } = closed ?? {};
  const change: PositionChange = {
    ...expectedOf(placed),
    close: { at, exitPrice, realisedPnl, fees, reason },
  };
  const price = exitPrice === null ? 'exit price not known' : `closed @ ${toText(exitPrice)}`;
  const pnl = realisedPnl === null ? 'PnL not known' : `PnL ${toText(realisedPnl)} before fees`;
  const fee = fees === null ? 'fees not known' : `fees ${toText(fees)}`;
  const sentence = `${placed.row.symbol}: ${price}, ${pnl}, ${fee}`;
  return { rows: { ...noWrites, changes: [change] }, sentences: [sentence] };
}

/** A row that was closed while its position is held: as if it had not been. */
export function reopenWrites(
  placed: PlacedRow,
  now: HeldNow,
  { snapshot: { keeps } }: CheckPositionsInput,
): Pick<CaseWrites, 'rows' | 'sentences'> | null {
  if (!keeps.columns.has('quantity')) return null;
  const { row } = placed;
  const quantity = asKept(absolute(now.quantity), keeps);
  const change: PositionChange = {
    ...{ ...expectedOf(placed), reopen: true, quantity, ...pricesOf(now, keeps) },
  };
  const sentence = `${row.symbol} reopened, quantity: ${becomesText(row.quantity, quantity)}`;
  return { rows: { ...noWrites, changes: [change] }, sentences: [sentence] };
}

/**
 * A row for a position that the bot's own orders opened. Null: no order id is known, and none is
 * made up; or no entry price is.
 */
export function adoption(
  instrument: Instrument,
  steps: readonly LegStep[],
  now: HeldNow,
  own: OwnOrders,
  input: CheckPositionsInput,
): Pick<CaseWrites, 'rows' | 'sentences'> | null {
  const opening = steps.filter((step) => !reduces(step) && own.has(step.fill));
  const orderIds = [...new Set(opening.flatMap(({ fill }) => fill.orderId ?? []))];
  const entryPrice = now.averagePrice;
  if (orderIds.length === 0 || entryPrice === null) return null;
  const { snapshot, venue } = input;
  const isUnified = snapshot.positions.some(({ symbol }) => symbol.includes('/'));
  // In the word of the bot for this exchange, where one of its rows has it.
  const rows = [...snapshot.positions, ...snapshot.written, ...(input.closedRows ?? [])];
  const named = rows.find((row) => row.exchange !== null && isOwnRow(input, row));
  const addition: PositionAddition = {
    symbol: isUnified ? instrument.name : (instrument.symbol ?? instrument.name),
    exchange: named?.exchange ?? venue,
    direction: now.quantity.coefficient < 0 ? 'short' : 'long',
    quantity: asKept(absolute(now.quantity), snapshot.keeps),
    ...{ entryPrice, currentPrice: now.price, unrealisedPnl: now.unrealisedPnl },
    ...{ openedAt: steps[0]!.fill.time, orderIds },
  };
  const { symbol, direction, quantity } = addition;
  const by = orderIds.join(', ');
  const sentence = `${symbol} added: ${direction} ${toText(quantity)} by order ${by}`;
  return { rows: { ...noWrites, additions: [addition] }, sentences: [sentence] };
}

/** Both in one write, or not at all. */
export const together = (
  first: Pick<CaseWrites, 'rows' | 'sentences'>,
  second: Pick<CaseWrites, 'rows' | 'sentences'> | null,
): Pick<CaseWrites, 'rows' | 'sentences'> =>
  second === null
    ? first
    : {
        rows: {
          ...noWrites,
          changes: [...first.rows.changes, ...second.rows.changes],
          additions: [...first.rows.additions, ...second.rows.additions],
        },
        sentences: [...first.sentences, ...second.sentences],
      };
