/** The product and two baselines on the stored total of one case. */
import { equals, isZero, subtract } from '../../../src/decimal/decimal.ts';
import type { SourceAccount, SourceSnapshot } from '../../../src/model/source.ts';
import {
  checkSource,
  performanceMaxAgeMsDefault,
} from '../../../src/reconcile/source/check-source.ts';
import { OrderHistory } from '../../../src/reconcile/source/orders.ts';
import { noPricing } from '../../../src/reconcile/source/pricing.ts';
import type { Code, Verdict } from '../verdict.ts';
import type { TotalCase } from './cases.ts';
import { totalOf } from './ledger.ts';

function snapshotOf({ ledger, stored, records, seesOrders }: TotalCase): SourceSnapshot {
  const { orders, lookedAt: takenAt } = ledger;
  const newestAt = seesOrders ? orders.at(-1)!.at : null;
  const account: SourceAccount = {
    ...{ id: '1', cash: ledger.cash, total: stored.total, updatedAt: stored.updatedAt },
    ...{ positions: ledger.positions, performance: records, performanceCount: records.length },
    performanceFirst: records[0] ?? null,
  };
  return {
    identity: {
      ...{ schema: 'falcon', generation: 'stored-total', engine: 'sqlite' },
      location: 'sqlite:paper.db',
    },
    ...{ takenAt, zone: { name: 'UTC', known: 'declared', because: 'told' } },
    ...{ totalStorage: { kind: 'exact' }, keepsPrices: true, accounts: [account] },
    ...{ unattributed: [], orders: { count: seesOrders ? orders.length : 0, newestAt } },
    guard: { state: 'absent', findings: [], bound: null, audited: false, unlogged: [] },
    ...{ lastWrite: stored.writes[0] ?? null, totalWrites: stored.writes, faults: [] },
  };
}

export function productOnTotals(one: TotalCase): Verdict {
  const start = performance.now();
  const orders = new OrderHistory();
  for (const order of one.seesOrders ? one.ledger.orders : []) orders.add(order);
  const { accounts } = checkSource({
    ...{ snapshot: snapshotOf(one), pricing: noPricing, orders: one.seesOrders ? orders : null },
    ...{ now: one.ledger.lookedAt, performanceMaxAgeMs: performanceMaxAgeMsDefault, known: [] },
    ...{ nameOf: () => 'paper', sequenceOf: () => 0, strict: false },
  });
  const ms = performance.now() - start;
  const [{ reconciled, sheet }] = accounts as [(typeof accounts)[0]];
  const { breaks, verdict, unknown } = reconciled;
  const proven = breaks.filter(({ confidence }) => confidence === 'proven');
  const isTotal = breaks.some(({ lines }) => lines[0]!.what !== 'performance');
  return {
    ...{ clean: verdict === 'true' && unknown.length === 0, breaks: breaks.length },
    ...{ named: new Set<Code>(breaks.map(({ reason }) => reason)), ms },
    proven: new Set<Code>(proven.map(({ reason }) => reason)),
    repaired: isTotal && sheet.calculated !== null ? new Map([['total', sheet.calculated]]) : null,
  };
}

/** Says that the total is not the sum; writes the sum. */
export function sumDifference({ ledger, stored }: TotalCase): Verdict {
  const start = performance.now();
  const total = totalOf(ledger);
  const clean = isZero(subtract(total, stored.total));
  const ms = performance.now() - start;
  const none = { named: new Set<Code>(), proven: new Set<Code>() };
  const repaired = clean ? null : new Map([['total', total]]);
  return { ...none, clean, breaks: clean ? 0 : 1, repaired, ms };
}

const dayNs = 86_400_000_000_000n;

/** A record of that amount is what it is as of; a record of yesterday is one that stopped. */
export function recordAndDate(one: TotalCase): Verdict {
  const plain = sumDifference(one);
  const { records, stored, ledger } = one;
  const last = records.at(-1);
  const isOld = last !== undefined && ledger.lookedAt - last.time > dayNs;
  const isAsOf = !plain.clean && records.some(({ total }) => equals(total!, stored.total));
  const named = new Set<Code>([
    ...(isAsOf ? (['TOTAL_STALE'] as const) : []),
    ...(isOld ? (['PERFORMANCE_STALE'] as const) : []),
  ]);
  const breaks = plain.breaks + (isOld ? 1 : 0);
  return { ...plain, clean: breaks === 0, breaks, named, proven: named };
}
