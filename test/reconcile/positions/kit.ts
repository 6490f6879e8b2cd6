/** A bot's rows and what the exchange says, in few words. */
import { type Decimal, negate } from '../../../src/decimal/decimal.ts';
import { decimal } from '../../../src/decimal/text.ts';
import type { Break } from '../../../src/model/break.ts';
import type { Fill, Leg, Mark } from '../../../src/model/fact.ts';
import { type Instant, instant } from '../../../src/model/instant.ts';
import { type Instrument, instrumentFromName } from '../../../src/model/instrument.ts';
import type {
  PositionColumn,
  PositionSnapshot,
  StoredOrder,
  StoredPosition,
} from '../../../src/model/position-source.ts';
import type { Statement, StatementPosition } from '../../../src/model/statement.ts';
import {
  type CheckPositionsInput,
  checkPositions,
  type PositionsChecked,
  type PositionTruth,
} from '../../../src/reconcile/positions/check-positions.ts';
import { section, statementAt } from '../kit.ts';

/** 15:24:49 by the database: when the synchroniser looked. */
export const looked = instant('2025-10-13T15:24:49Z');

export const at = (time: string): Instant =>
  instant(time.includes('T') ? time : `2025-10-13T${time}Z`);

/** `HNT/USDT:USDT`, with the exchange's symbol `HNTUSDT` and a lot. */
export function instrumentNamed(name: string, lot = '0.01', symbol?: string): Instrument {
  const plain = instrumentFromName('bybit', name)!;
  const own = symbol ?? `${plain.base}${plain.quote}`;
  return { ...plain, symbol: own, lotSize: decimal(lot) };
}

export const listed = (...all: readonly (string | Instrument)[]): ReadonlyMap<string, Instrument> =>
  new Map(
    all
      .map((one) => (typeof one === 'string' ? instrumentNamed(one) : one))
      .map((one) => [one.name, one]),
  );

/** `row('274', 'HNTUSDT', 'long', '60', '13:08:35')`. */
export const row = (
  id: string,
  symbol: string,
  direction: StoredPosition['direction'],
  quantity: string | null,
  openedAt: string | null,
  parts: Partial<StoredPosition> = {},
): StoredPosition => ({
  ...{ id, symbol, exchange: 'bybit', direction },
  quantity: quantity === null ? null : decimal(quantity),
  ...{ entryPrice: null, currentPrice: null, exitPrice: null, realisedPnl: null },
  ...{ unrealisedPnl: null, fees: null, status: 'active', statusText: 'active' },
  openedAt: openedAt === null ? null : at(openedAt),
  ...{ closedAt: null, createdAt: openedAt === null ? null : at(openedAt) },
  updatedAt: at('15:20:00'),
  ...{ exitReason: null, hasStopLoss: null, stopLossPrice: null, trailingActivated: null },
  ...parts,
});

export const storedOrder = (
  id: string,
  positionId: string | null,
  symbol: string,
  ids: Partial<Pick<StoredOrder, 'orderId' | 'clientOrderId'>>,
): StoredOrder => ({
  ...{ id, positionId, symbol, exchange: 'bybit', orderId: null, clientOrderId: null },
  ...{ side: null, type: null, quantity: null, price: null, filled: null, statusText: 'open' },
  ...{ isOver: false, createdAt: null, ...ids },
});

const allColumns: readonly PositionColumn[] = [
  ...(['quantity', 'current-price', 'unrealised-pnl', 'realised-pnl', 'exit-price'] as const),
  ...(['exit-reason', 'closed-at', 'fees', 'entry-price'] as const),
];

export const snapshot = (
  positions: readonly StoredPosition[],
  parts: Partial<PositionSnapshot> = {},
): PositionSnapshot => ({
  identity: {
    ...{ schema: 'monitoring', generation: 'test', engine: 'sqlite' },
    location: 'sqlite:bot.db',
  },
  takenAt: looked,
  zone: { name: 'UTC', known: 'declared', because: 'the column says so' },
  ...{ positions, written: [], orders: [] },
  counts: { active: positions.length, closed: 0, orders: 0, trades: 0 },
  keeps: { orders: true, trades: true, columns: new Set(allColumns), quantityScale: 8 },
  ...{ writes: [], faults: [] },
  ...parts,
});

/** `fill('14:00:00', 'sell', '0.12', 'HNT/USDT:USDT', '2.1')`; ids follow from the time. */
export const fill = (
  time: string,
  side: Fill['side'],
  quantity: string,
  instrument: string,
  price = '2',
  parts: Partial<Fill> = {},
): Fill => ({
  ...{ kind: 'fill', account: 'main', instrument, leg: 'net', side },
  ...{ quantity: decimal(quantity), price: decimal(price), fees: [], liquidity: null },
  ...{ executionId: `e-${time}`, orderId: `o-${time}`, clientOrderId: null, strategy: null },
  ...{ cause: 'trade', venueSequence: null, provisional: false, time: at(time) },
  ...parts,
});

/** `held('HNT/USDT:USDT', '59.88')`. */
export const held = (
  instrument: string,
  quantity: string,
  parts: Partial<StatementPosition> & { leg?: Leg } = {},
): StatementPosition => ({
  ...{ instrument, leg: 'net', quantity: decimal(quantity), averagePrice: null },
  ...{ markPrice: null, unrealisedPnl: null },
  ...parts,
});

export const says = (
  items: readonly StatementPosition[],
  parts: Partial<Statement> = {},
): Statement => statementAt(looked, { positions: section(items), ...parts });

export const truth = (statement: Statement, parts: Partial<PositionTruth> = {}): PositionTruth => ({
  ...{ party: 'venue', statement, fills: [], fillsCompleteSince: null, proven: true },
  instruments: listed('HNT/USDT:USDT', 'AGI/USDT:USDT', 'SCA/USDT:USDT'),
  marks: () => null,
  ...parts,
});

/** The list of executions reaches back to before everything here. */
export const sinceAlways = { fillsCompleteSince: instant('2025-10-01T00:00:00Z') };

export function inputOf(
  positions: readonly StoredPosition[] | PositionSnapshot,
  better: PositionTruth,
  parts: Partial<CheckPositionsInput> = {},
): CheckPositionsInput {
  return {
    snapshot: 'identity' in positions ? positions : snapshot(positions),
    ...{ account: 'main', venue: 'bybit', currency: 'USDT', truth: better },
    ...{ ownOrderPrefixes: [], now: looked, settleMs: 0, statementMaxAgeMs: null },
    ...{ markMaxAgeMs: 300_000, sequence: 7, known: [], logged: [] },
    ...{ exitAfterMs: 10_800_000, strict: false },
    ...parts,
  };
}

export const checked = (
  positions: readonly StoredPosition[] | PositionSnapshot,
  better: PositionTruth,
  parts: Partial<CheckPositionsInput> = {},
): PositionsChecked => checkPositions(inputOf(positions, better, parts));

/** The open break of an instrument. */
export const breakOf = ({ reconciled }: PositionsChecked, key: string): Break | undefined =>
  reconciled.breaks.find(({ lines, state }) => lines[0]!.key === key && state !== 'SELF_CLEARED');

export const repairOf = (found: PositionsChecked, key: string) =>
  found.repairs.find(({ breakId }) => breakId === breakOf(found, key)?.id);

export const markAt = (price: string): Mark => ({
  ...{ kind: 'mark', instrument: '', price: decimal(price), source: null, time: looked },
});

export const minus = (text: string): Decimal => negate(decimal(text));
