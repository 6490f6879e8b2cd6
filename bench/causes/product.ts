/** The product on one case: what it says, what it names, and what its plan makes of the book. */
import { isZero } from '../../src/decimal/decimal.ts';
import type { Break } from '../../src/model/break.ts';
import type { Opening } from '../../src/model/fact.ts';
import type { Reason } from '../../src/model/reason.ts';
import type { Statement } from '../../src/model/statement.ts';
import type { LiveInput, Reconciled } from '../../src/reconcile/reconcile.ts';
import { reconcile } from '../../src/reconcile/reconcile.ts';
import {
  applied,
  type Ledger,
  ledgerOf,
  optionsAt,
  settingsIn,
  sidesOf,
} from '../../test/reconcile/kit.ts';
import type { Snapshots } from './cases.ts';
import type { Lines } from './exchange.ts';
import type { Verdict } from './verdict.ts';
import type { World } from './world.ts';

export function ledgerOfWorld(world: World): Ledger {
  const { booked, bookOpening, openingAt, hedge, instruments, bookOrders } = world;
  const sorted = [...booked].sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  const balances = Array.from(bookOpening, ([currency, total]) => ({
    ...{ currency, total, cost: null, lots: null },
  }));
  const opening: Opening | null =
    openingAt === null
      ? null
      : { kind: 'opening', account: 'main', balances, positions: [], time: openingAt };
  const currencies = ['USDT', 'BTC', 'ETH', 'HNT', 'BNB', 'USD', 'AAPL'];
  return {
    ...ledgerOf(sorted, { settings: settingsIn('USDT', hedge) }),
    ...{ opening, orders: bookOrders, instruments: [...instruments.values()] },
    decimals: new Map(currencies.map((currency) => [currency, 8])),
  };
}

const settleMs = 10_000;

/** `snapshots`: the answers before; null: the statement is a document. */
export function look(
  ledger: Ledger,
  statement: Statement,
  snapshots: Snapshots | null,
): Reconciled {
  const sides = sidesOf(ledger, statement.asOf);
  const options = optionsAt(statement.asOf, { settleMs: snapshots === null ? 0 : settleMs });
  const plain = { findings: [], known: [], adjust: new Set<string>(), strict: false };
  if (snapshots === null) return reconcile({ ...sides, statement, options, ...plain });
  const live: LiveInput = {
    ...{ ...snapshots, doubt: null, believesEmpty: false, aheadMs: 0, settleMs },
    ...{ statementMaxAgeMs: 60_000, waiting: [] },
    sideOf: (one) => sidesOf(ledger, one.asOf).book,
  };
  return reconcile({ ...sides, statement, options, ...plain, live });
}

export function productOn(
  world: World,
  statement: Statement,
  snapshots: Snapshots | null,
): Verdict {
  const ledger = ledgerOfWorld(world);
  const start = performance.now();
  const result = look(ledger, statement, snapshots);
  const ms = performance.now() - start;
  const open = result.breaks.filter(({ state }) => state !== 'SETTLING');
  const said = result.breaks.map((one) => ({ one, codes: codesOf(one, result) }));
  const untold = result.unknown.flatMap(({ reason }) => reason ?? []);
  const named = new Set([...said.flatMap(({ codes }) => codes), ...untold]);
  return {
    clean: result.verdict === 'true',
    breaks: open.length,
    named,
    proven: new Set(said.flatMap(({ one, codes }) => (one.confidence === 'proven' ? codes : []))),
    repaired: repairedBy(ledger, result, statement),
    ms,
  };
}

function codesOf(one: Break, { current }: Reconciled): readonly Reason[] {
  const ideas = one.explanation.candidates ?? [];
  const reasons = current.get(one.id)?.reasons ?? [];
  return [...new Set([one.reason, ...reasons, ...ideas.map(({ reason }) => reason)])];
}

function repairedBy(ledger: Ledger, { plan }: Reconciled, { asOf }: Statement): Lines | null {
  if (plan.repairs.length === 0) return null;
  const after = applied(ledger, plan).ledger;
  return linesOfLedger(after, asOf);
}

export function linesOfLedger(ledger: Ledger, asOf: bigint): Lines {
  const { book } = sidesOf(ledger, asOf);
  const lines = new Map();
  for (const { currency, total } of book.balances) {
    if (!isZero(total)) lines.set(`coin ${currency}`, total);
  }
  for (const { instrument, leg, quantity } of book.positions) {
    if (!isZero(quantity)) lines.set(`leg ${instrument} ${leg}`, quantity);
  }
  return lines;
}
