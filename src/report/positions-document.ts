/** What a check of a bot's rows adds to the documents of `check`, `investigate` and `sync`. */
import { toTextOrNull } from '../decimal/text.ts';
import type { Party } from '../model/break.ts';
import { instantText, instantTextOrNull } from '../model/instant.ts';
import type { PositionSnapshot } from '../model/position-source.ts';
import type { Comparison } from '../reconcile/compare.ts';
import type { PositionsChecked, SourceRepair } from '../reconcile/positions/check-positions.ts';
import type { Plan } from '../reconcile/repair.ts';
import { type Verdict, verdictOf, worstVerdict } from '../reconcile/verdict.ts';
import type { CheckedAccount, JsonObject } from './check-document.ts';

export interface RowsShown {
  /** Whose rows they are. */
  readonly account: string;
  readonly snapshot: PositionSnapshot;
  readonly checked: PositionsChecked;
  /** What they were held against. */
  readonly against: Party;
}

/** The best word that any of them were held against. */
export const sourceParty = (shown: readonly RowsShown[]): Party => {
  const against = shown.map((one) => one.against);
  return (['venue', 'statement'] as const).find((one) => against.includes(one)) ?? against[0]!;
};

/**
 * The member `source` of a document: whose rows, how many of what, and what should be known. Of
 * several accounts the sum, and each by itself in `accounts`.
 */
export function rowsJson(shown: readonly RowsShown[]): JsonObject {
  const { identity, takenAt, zone } = shown[0]!.snapshot;
  const { schema, generation, engine, location } = identity;
  return {
    ...{ schema, generation, engine, location, takenAt: instantText(takenAt) },
    ...{ zone: { ...zone }, against: sourceParty(shown), counts: summed(shown) },
    clocks: shown.flatMap(({ checked }) => clocksJson(checked)),
    notes: [...new Set(shown.flatMap(({ checked }) => checked.hints))],
    ...(shown.length === 1 ? {} : { accounts: shown.map(accountRowsJson) }),
  };
}

const accountRowsJson = ({ account, against, checked }: RowsShown): JsonObject => ({
  ...{ account, against, counts: { ...checked.counts }, clocks: clocksJson(checked) },
  ...{ verdict: checked.reconciled.verdict, notes: [...checked.hints] },
});

const clocksJson = ({ clocks }: PositionsChecked) =>
  clocks.map(({ rows, ...rest }) => ({ ...rest, rows: [...rows] }));

function summed(shown: readonly RowsShown[]): JsonObject {
  const [first, ...more] = shown.map(({ checked }) => checked.counts);
  const sum = { ...first! };
  for (const counts of more) {
    for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += counts[name];
  }
  return sum;
}

export interface RowsOfAccount {
  readonly checked: PositionsChecked;
  /** Accepted breaks count too. */
  readonly strict: boolean;
}

/** The book's check of an account with that of the rows: one account of one document. */
export function withRows(book: CheckedAccount, { checked, strict }: RowsOfAccount): CheckedAccount {
  const { reconciled: ours } = book;
  const { reconciled: rows } = checked;
  const byId = new Map([...ours.breaks, ...rows.breaks].map((one) => [one.id, one]));
  const breaks = [...byId.values()];
  const unknown = [...ours.unknown, ...rows.unknown];
  const verdict = verdictOf(breaks, unknown.length, { strict });
  return {
    ...book,
    trueSince: verdict === 'true' ? book.trueSince : null,
    gate: verdict === 'true' ? book.gate : 'deny',
    reconciled: {
      ...{ ...ours, breaks, unknown, verdict },
      comparison: bothCompared(ours.comparison, rows.comparison),
      changes: [...ours.changes, ...rows.changes],
      current: new Map([...ours.current, ...rows.current]),
      plan: bothPlans(ours.plan, rows.plan),
    },
  };
}

/** Positions are counted of the rows: the book's own have lines of their own. */
function bothCompared(book: Comparison | null, rows: Comparison | null): Comparison | null {
  if (book === null || rows === null) return rows ?? book;
  const counts = { ...book.counts };
  for (const name of Object.keys(counts) as (keyof typeof counts)[]) {
    counts[name] += rows.counts[name];
  }
  return {
    ...{ ...book, counts, lines: [...book.lines, ...rows.lines], positions: rows.positions },
    lineOf: (id) => book.lineOf(id) ?? rows.lineOf(id),
  };
}

/** Each repair keeps the hash of the plan that it is of. */
function bothPlans(book: Plan, rows: Plan): Plan {
  const known = new Set([...rows.repairs, ...rows.leftAlone].map(({ breakId }) => breakId));
  const hashed = (plan: Plan) => plan.repairs.map((one) => ({ ...one, planHash: plan.hash }));
  return {
    ...book,
    repairs: [...hashed(book), ...hashed(rows)],
    leftAlone: [...book.leftAlone.filter(({ breakId }) => !known.has(breakId)), ...rows.leftAlone],
  };
}

export interface RowsSyncShown extends RowsShown {
  readonly status: 'planned' | 'applied' | 'stale';
  readonly applied: readonly {
    readonly breakId: string;
    readonly audit: number;
    readonly state: string | null;
  }[];
  readonly backup: string | null;
}

/** The member `source` of the document of `sync`; of several accounts each has its own plan. */
export function rowsSyncJson(shown: readonly RowsSyncShown[]): JsonObject {
  const each = shown.map(accountSyncJson);
  const whole = rowsJson(shown);
  if (shown.length === 1) return { ...whole, ...each[0]! };
  return {
    ...whole,
    updated: shown.reduce((sum, { applied }) => sum + applied.length, 0),
    accounts: (whole['accounts'] as readonly JsonObject[]).map((one, at) => ({
      ...{ ...one, ...each[at]! },
    })),
  };
}

function accountSyncJson(shown: RowsSyncShown): JsonObject {
  const { checked, account, status, applied, backup } = shown;
  const { plan, breaks, verdict } = checked.reconciled;
  const stateOf = (id: string) => breaks.find((one) => one.id === id)?.state ?? null;
  return {
    ...{ account, verdict, plan: plan.hash, stale: status === 'stale' },
    repairs: checked.repairs.map((one) => ({
      break: one.breakId,
      reason: breaks.find(({ id }) => id === one.breakId)?.reason ?? null,
      state: stateOf(one.breakId),
      needsApproval: one.needsApproval,
      because: one.because,
      rows: [...one.sentences],
      changes: one.changes.map(({ id, symbol, expected, quantity, reopen, close }) => ({
        ...{ id, symbol, from: toTextOrNull(expected.quantity) },
        ...(reopen === undefined ? {} : { reopen }),
        ...(quantity === undefined ? {} : { to: toTextOrNull(quantity) }),
        ...(close === undefined
          ? {}
          : {
              close: {
                ...{ at: instantTextOrNull(close.at), reason: close.reason },
                exitPrice: toTextOrNull(close.exitPrice),
                realisedPnl: toTextOrNull(close.realisedPnl),
                fees: toTextOrNull(close.fees),
              },
            }),
      })),
      ...ordersJson(one),
      additions: one.additions.map(({ symbol, direction, quantity, orderIds }) => ({
        ...{ symbol, direction, quantity: toTextOrNull(quantity), orderIds: [...orderIds] },
      })),
    })),
    leftAlone: plan.leftAlone.map(({ breakId, decision, because }) => ({
      ...{ break: breakId, decision, because },
    })),
    updated: applied.length,
    applied:
      status === 'planned'
        ? null
        : applied.map(({ breakId, audit, state }) => ({ break: breakId, audit, state })),
    backup,
  };
}

/** Absent where none of the bot's orders is written. */
function ordersJson({ orderChanges = [], orders }: SourceRepair): JsonObject {
  if (orderChanges.length + orders.length === 0) return {};
  return {
    orders: [
      ...orderChanges.map(({ id, orderId, symbol, expected, status, filled }) => ({
        ...{ id, orderId, symbol, from: expected.statusText, to: status ?? expected.statusText },
        filled: toTextOrNull(filled ?? expected.filled),
      })),
      ...orders.map(({ orderId, symbol, statusText, filled }) => ({
        ...{ id: null, orderId, symbol, from: null, to: statusText },
        filled: toTextOrNull(filled),
      })),
    ],
  };
}

export const bothVerdicts = (book: Verdict, rows: Verdict): Verdict => worstVerdict([book, rows]);
