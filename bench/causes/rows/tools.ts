/** The product and two baselines on the rows of one case. */
import {
  type Decimal,
  equals,
  isZero,
  negate,
  subtract,
  zero,
} from '../../../src/decimal/decimal.ts';
import { addMilliseconds } from '../../../src/model/instant.ts';
import type {
  PositionColumn,
  PositionSnapshot,
  StoredOrder,
  StoredPosition,
} from '../../../src/model/position-source.ts';
import type { StatementPosition } from '../../../src/model/statement.ts';
import {
  checkPositions,
  type PositionsChecked,
} from '../../../src/reconcile/positions/check-positions.ts';
import { auditHistory } from '../../../src/reconcile/positions/history-audit.ts';
import { section, statementAt } from '../../../test/reconcile/kit.ts';
import type { Lines } from '../exchange.ts';
import type { Code, Verdict } from '../verdict.ts';
import { begin, botPrefix, instruments, legOf, signed, venue } from './account.ts';
import { type Order, type Row, sizeOf } from './bot.ts';
import { addExit, linesOfRows, type RowCase } from './cases.ts';
import { isActive, storedOn } from './label.ts';

const columns: readonly PositionColumn[] = [
  ...(['quantity', 'current-price', 'unrealised-pnl', 'realised-pnl', 'exit-price'] as const),
  ...(['exit-reason', 'closed-at', 'fees', 'entry-price'] as const),
];

const storedRow = (row: Row): StoredPosition => ({
  ...{ id: row.id, symbol: instruments.get(row.instrument)!.symbol!, exchange: venue },
  ...{ direction: row.direction, quantity: sizeOf(row) },
  ...{ entryPrice: null, currentPrice: null, unrealisedPnl: null },
  ...{ exitPrice: row.exit?.price ?? null, realisedPnl: row.exit?.pnl ?? null },
  ...{ fees: row.exit?.fees ?? null, status: isActive(row) ? 'active' : 'closed' },
  statusText: isActive(row) ? 'active' : 'closed',
  ...{ openedAt: row.openedAt, closedAt: row.closedAt, createdAt: row.openedAt },
  updatedAt: row.updatedAt > row.openedAt ? row.updatedAt : addMilliseconds(row.openedAt, 5_000),
  ...{ exitReason: null, hasStopLoss: null, stopLossPrice: null, trailingActivated: null },
});

const storedOrder = ({ id, rowId, fill, filled, total }: Order): StoredOrder => ({
  ...{ id: `r-${id}`, positionId: rowId, symbol: instruments.get(fill.instrument)!.symbol! },
  ...{ exchange: venue, orderId: id, clientOrderId: fill.clientOrderId, side: fill.side },
  ...{ type: 'limit', quantity: total, price: fill.price, filled },
  ...{ statusText: equals(filled, total) ? 'filled' : 'open', isOver: equals(filled, total) },
  createdAt: fill.time,
});

function snapshotOf({ account, store, writes, keepsOrders }: RowCase): PositionSnapshot {
  const active = store.rows.filter(isActive);
  const orders = keepsOrders ? store.orders.map(storedOrder) : [];
  const ids = new Set(active.map(({ id }) => id));
  const written = new Set(writes.flatMap(({ changes }) => changes.map(({ key }) => key)));
  const seen = orders.filter(({ positionId, isOver }) => ids.has(positionId!) || !isOver);
  return {
    identity: {
      ...{ schema: 'monitoring', generation: 'bench', engine: 'sqlite', location: 'sqlite:bot.db' },
    },
    ...{ takenAt: account.now, zone: { name: 'UTC', known: 'declared', because: 'told' } },
    positions: active.map(storedRow),
    written: store.rows.filter(({ id }) => written.has(id)).map(storedRow),
    orders: seen,
    counts: {
      ...{ active: active.length, closed: store.rows.length - active.length },
      ...{ orders: orders.length, trades: 0 },
    },
    keeps: { orders: keepsOrders, trades: false, columns: new Set(columns), quantityScale: 8 },
    ...{ writes, faults: [] },
  };
}

const statedOf = ({ instrument, leg, quantity, averagePrice }: RowCase['held'][number]) =>
  ({
    ...{ instrument, leg, quantity, averagePrice, markPrice: null, unrealisedPnl: null },
  }) satisfies StatementPosition;

export function look(one: RowCase): PositionsChecked {
  const { account, held, listed, shown, party, store } = one;
  return checkPositions({
    snapshot: snapshotOf(one),
    ...{ account: 'main', venue, currency: 'USDT', ownOrderPrefixes: [botPrefix] },
    truth: {
      ...{ party, statement: statementAt(account.now, { positions: section(held.map(statedOf)) }) },
      ...{ fills: listed, fillsCompleteSince: shown === 'all' ? begin : null, proven: true },
      ...{ instruments, marks: () => null },
    },
    closedRows: store.rows.filter((row) => !isActive(row)).map(storedRow),
    ...{ now: account.now, settleMs: 0, statementMaxAgeMs: null, markMaxAgeMs: 300_000 },
    ...{ sequence: 1, known: [], logged: [], exitAfterMs: null, strict: false },
  });
}

export function productOnRows(one: RowCase): Verdict {
  const start = performance.now();
  const found = look(one);
  const orders = one.keepsOrders ? one.store.orders.map(storedOrder) : [];
  const audited = auditHistory(one.store.rows.map(storedRow), orders, []);
  const ms = performance.now() - start;
  const { breaks, current, verdict, unknown } = found.reconciled;
  // Where no order is stored, none of any row is: that says nothing of one of them.
  const isOfOrders = (flaw: string): boolean => flaw.endsWith('-order') || flaw.endsWith('-fill');
  const flaws = audited.flaws.filter(
    ({ flaw, count }) => count > 0 && (one.keepsOrders || !isOfOrders(flaw)),
  );
  const open = breaks.filter(({ state }) => state !== 'SETTLING');
  const codes = open.map((each) => {
    const ideas = each.explanation.candidates ?? [];
    return [each.reason, ...(current.get(each.id)?.reasons ?? []), ...ideas.map((i) => i.reason)];
  });
  const isPlanted = ({ lines: [line] }: (typeof open)[number]): boolean =>
    one.legs.has(`${line!.key} ${line!.leg}`);
  return {
    // What an audit of the past finds is said, and is no break.
    clean: verdict === 'true' && unknown.length === 0 && flaws.length === 0,
    breaks: open.length,
    elsewhere: open.filter((each) => !isPlanted(each)).length,
    named: new Set<Code>([...codes.flat(), ...flaws.map(({ flaw }) => flaw)]),
    // What may have been wrong before is told beside it, and not as proven.
    proven: new Set(open.flatMap((each) => (each.confidence === 'proven' ? [each.reason] : []))),
    repaired: repairedBy(one, found),
    ms,
  };
}

/** Every repair, by whoever approves it. */
function repairedBy({ store, account }: RowCase, { repairs }: PositionsChecked): Lines | null {
  if (repairs.length === 0) return null;
  const lines = new Map(linesOfRows(store.rows.filter(isActive)));
  const rowOf = new Map(store.rows.map((row) => [row.id, row]));
  for (const { changes, additions } of repairs) {
    for (const { id, quantity, close } of changes) {
      const row = rowOf.get(id)!;
      if (quantity !== undefined) {
        const signedSize = row.direction === 'short' ? negate(quantity) : quantity;
        lines.set(`active ${legOf(row)}`, signedSize);
      }
      if (close === undefined) continue;
      lines.delete(`active ${legOf(row)}`);
      const { exitPrice: price, realisedPnl: pnl, fees } = close;
      addExit(lines, legOf(row), { price, pnl, fees });
    }
    for (const { symbol, direction, quantity } of additions) {
      const { name } = [...instruments.values()].find((each) => each.symbol === symbol)!;
      const leg = account.hedge ? direction : 'net';
      lines.set(`active ${name} ${leg}`, direction === 'short' ? negate(quantity) : quantity);
    }
  }
  return lines;
}

interface Differing {
  readonly leg: string;
  readonly row: Row | null;
  readonly held: Decimal;
  readonly off: Decimal;
}

function differingIn({ store, held }: RowCase): readonly Differing[] {
  const heldOn = new Map(held.map((one) => [legOf(one), one.quantity]));
  const legs = new Set([...store.rows.filter(isActive).map(legOf), ...heldOn.keys()]);
  return [...legs].flatMap((leg) => {
    const row = store.rows.find((each) => isActive(each) && legOf(each) === leg) ?? null;
    const now = heldOn.get(leg) ?? zero;
    const off = subtract(now, storedOn(store, leg));
    return isZero(off) ? [] : [{ leg, row, held: now, off }];
  });
}

/** Sizes beside sizes: names nothing, repairs nothing, and takes everybody's for the bot's. */
export function sizeDifference(one: RowCase): Verdict {
  const start = performance.now();
  const all = differingIn(one);
  const ms = performance.now() - start;
  return { ...verdictOn(one, all), named: new Set(), proven: new Set(), repaired: null, ms };
}

const verdictOn = ({ legs }: RowCase, all: readonly Differing[]) => ({
  ...{ clean: all.length === 0, breaks: all.length },
  elsewhere: all.filter(({ leg }) => !legs.has(leg)).length,
});

/** An execution of that size is what was missed; what is not held is closed, and the reverse. */
export function sizeAndDate(one: RowCase): Verdict {
  const start = performance.now();
  const lines = new Map(linesOfRows(one.store.rows.filter(isActive)));
  const all = differingIn(one);
  const named = all.flatMap(({ leg, row, held, off }): Code[] => {
    const found = one.listed.findLast((fill) => legOf(fill) === leg && equals(signed(fill), off));
    lines.set(`active ${leg}`, held);
    if (row === null) return ['POSITION_ORPHAN'];
    if (isZero(held)) {
      lines.delete(`active ${leg}`);
      addExit(lines, leg, { price: found?.price ?? null, pnl: zero, fees: null });
      return ['POSITION_PHANTOM'];
    }
    if (equals(held, negate(row.quantity))) return ['SIGN_WRONG'];
    return found === undefined ? [] : ['FILL_MISSING'];
  });
  const ms = performance.now() - start;
  // A rule that has found its match marks it as done.
  const said = { named: new Set(named), proven: new Set(named) };
  return { ...verdictOn(one, all), ...said, repaired: all.length === 0 ? null : lines, ms };
}
