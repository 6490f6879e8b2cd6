/** The corpus of stored totals: accounts whose total or whose history stopped, and their labels. */
import {
  add,
  type Decimal,
  equals,
  fromInteger,
  isZero,
  subtract,
} from '../../../src/decimal/decimal.ts';
import { toText } from '../../../src/decimal/text.ts';
import { addMilliseconds, type Instant } from '../../../src/model/instant.ts';
import type { SourceAuditRow, SourcePerformance } from '../../../src/model/source.ts';
import { Random } from '../../../test/decimal/random.ts';
import type { Code, Label, Scored } from '../verdict.ts';
import { dayMs, type Ledger, ledgerOf, totalOf } from './ledger.ts';

/** What is stored of the total. */
export interface Stored {
  readonly total: Decimal;
  readonly updatedAt: Instant;
  readonly writes: readonly SourceAuditRow[];
}

export interface TotalCase extends Scored {
  readonly classes: readonly string[];
  readonly ledger: Ledger;
  readonly stored: Stored;
  /** As they are to be seen. */
  readonly records: readonly SourcePerformance[];
  readonly seesOrders: boolean;
}

interface Planted {
  readonly stored?: Stored;
  /** The record that says what the total was. */
  readonly evidence?: SourcePerformance;
  readonly code: Code;
}

type Plant = (ledger: Ledger) => Planted | null;

/** Null: the total did not move since, or the account is too young. */
const staleSince =
  (pick: (ledger: Ledger) => SourcePerformance): Plant =>
  (ledger) => {
    const evidence = pick(ledger);
    const { total, time } = evidence;
    if (equals(total!, totalOf(ledger))) return null;
    return {
      code: 'TOTAL_STALE',
      stored: { total: total!, updatedAt: time, writes: [] },
      evidence,
    };
  };

/** Never the first, which is the opening, nor one of which the total came twice. */
function recordIn({ random, records }: Ledger): SourcePerformance {
  return random.pick(records.slice(1));
}

function writeOf(at: Instant, before: Decimal, after: Decimal): SourceAuditRow {
  const image = (total: Decimal) => ({ total_value: toText(total) });
  const change = {
    ...{ table: 'account', key: '1', role: 'total' as const, accountId: '1' },
    ...{ column: 'total_value', before: image(before), after: image(after) },
  };
  const why = 'update';
  return { id: 7, at, actor: 'trueup', action: 'update', changes: [change], why, undoes: null };
}

/** We wrote it once, and nobody since. */
const staleSinceOurs: Plant = (ledger) => {
  const { opening } = ledger;
  const { time, total } = recordIn(ledger);
  const off = fromInteger(ledger.random.between(1, 900));
  const at = addMilliseconds(time, 1_800_000);
  const after = add(total!, off);
  if (equals(after, totalOf(ledger)) || at >= ledger.pricedAt) return null;
  const writes = [writeOf(at, opening, after)];
  return { code: 'TOTAL_STALE', stored: { total: after, updatedAt: at, writes } };
};

/** We wrote it, and the bot wrote back what it had in memory. */
const overwritten: Plant = (ledger) => {
  const { lookedAt, random } = ledger;
  const { total: before } = recordIn(ledger);
  const right = totalOf(ledger);
  const moved = random.chance(0.5) ? fromInteger(random.between(1, 500)) : fromInteger(0);
  const after = subtract(right, moved);
  if (equals(before!, right) || equals(before!, after)) return null;
  const writes = [writeOf(addMilliseconds(lookedAt, -90_000), before!, after)];
  const updatedAt = addMilliseconds(lookedAt, -30_000);
  return { code: 'REPAIR_OVERWRITTEN', stored: { total: before!, updatedAt, writes } };
};

/** Nobody recorded for more than a day. */
const performanceStale: Plant = (ledger) => {
  const { records, random } = ledger;
  if (records.length < 4) return null;
  ledger.records = records.slice(0, -random.between(1, 2));
  return { code: 'PERFORMANCE_STALE', evidence: ledger.records.at(-1)! };
};

export const plantsOfTotals: Readonly<Record<string, Plant>> = {
  'stored total, as of a record': staleSince(recordIn),
  'stored total, as it began': staleSince(({ records }) => records[0]!),
  'stored total, as we wrote it': staleSinceOurs,
  'repair of a total overwritten': overwritten,
  'performance record stale': performanceStale,
};

/** Null: the account has no place for them. None: the control. */
export function totalCaseOf(
  seed: number,
  classes: readonly string[],
  shown: TotalCase['shown'],
): TotalCase | null {
  const random = new Random(seed);
  const ledger = ledgerOf(random);
  const planted: Planted[] = [];
  // Where a record is taken away, what the total was is chosen of those that are left.
  const order = [...classes].sort((a, b) => Number(isHistory(b)) - Number(isHistory(a)));
  for (const name of order) {
    const one = plantsOfTotals[name]!(ledger);
    if (one === null || (one.stored && planted.some(({ stored }) => stored))) return null;
    planted.push(one);
  }
  const right: Stored = { total: totalOf(ledger), updatedAt: ledger.pricedAt, writes: [] };
  const stored = planted.find((one) => one.stored)?.stored ?? right;
  addDecoy(ledger, stored, right);
  const isAll = shown === 'all';
  const hidden = new Set(isAll ? [] : planted.map(({ evidence }) => evidence));
  const records = shown === 'absent' ? [] : ledger.records.filter((one) => !hidden.has(one));
  const seen = isAll ? stored : { ...stored, writes: [] };
  const label = isAll
    ? { causes: planted.map(({ code }) => [code]), free: rivals }
    : labelOf(ledger, seen, records);
  const isTotal = planted.some((one) => one.stored);
  return {
    ...{ name: `${seed}: ${classes.join(' + ')}, ${shown}`, classes, shown, ledger },
    ...{ stored: seen, records, seesOrders: isAll, passing: false, unfinal: false },
    // The last record that is left says so by itself.
    provable: new Set<Code>(['PERFORMANCE_STALE']),
    label: label.causes.length === 0 && equals(seen.total, right.total) ? null : label,
    truth: isAll && isTotal ? new Map([['total', totalOf(ledger)]]) : null,
  };
}

const isHistory = (name: string): boolean => name.startsWith('performance');

/** One row that was left out or counted twice fits by chance: it may be told. */
const rivals: ReadonlySet<Code> = new Set([
  ...(['MARK_MISSING', 'FILL_DUPLICATED', 'SIGN_WRONG', 'SYMBOL_CONFUSED'] as const),
]);

/** Positions of which one is worth just what the total is off by, and another covers its cost. */
function addDecoy(ledger: Ledger, stored: Stored, right: Stored): void {
  const off = subtract(right.total, stored.total);
  if (isZero(off) || !ledger.random.chance(0.4)) return;
  const last = ledger.positions.at(-1);
  if (last === undefined) return;
  const [at, entryAt] = [ledger.pricedAt, ledger.orders[0]!.at];
  const shared = { updatedAt: at, entryAt, traded: null, entryPrice: null };
  const size = fromInteger(off.coefficient < 0 ? -1 : 1);
  const price = off.coefficient < 0 ? subtract(fromInteger(0), off) : off;
  ledger.positions.push({ ...shared, symbol: 'T0', quantity: size, price });
  const back = subtract(fromInteger(0), size);
  ledger.positions.push({ ...shared, symbol: 'T1', quantity: back, price });
}

/** By the times and totals that are left. */
function labelOf(
  { pricedAt, cash, positions }: Ledger,
  { total, updatedAt }: Stored,
  records: readonly SourcePerformance[],
): Label {
  const causes: (readonly Code[])[] = [];
  const differs = !equals(total, totalOf({ cash, positions }));
  const isAsOf = records.some((one) => equals(one.total!, total));
  if (differs && (isAsOf || updatedAt < pricedAt)) causes.push(['TOTAL_STALE']);
  const last = records.at(-1);
  if (last !== undefined && pricedAt - last.time > BigInt(dayMs) * 1_000_000n) {
    causes.push(['PERFORMANCE_STALE']);
  }
  return { causes, free: rivals };
}
