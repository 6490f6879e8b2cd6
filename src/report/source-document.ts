/**
 * The document of check and investigate on a bot's database: that of any check, and under
 * `source` what was looked at, number by number.
 */
import { type Decimal, subtract } from '../decimal/decimal.ts';
import { toText, toTextOrNull } from '../decimal/text.ts';
import {
  type Instant,
  instantText,
  instantTextOrNull,
  millisecondsBetween,
} from '../model/instant.ts';
import { percentOf } from '../model/percent.ts';
import type { SourcePerformance } from '../model/source.ts';
import type { SourceAccountChecked, SourceChecked } from '../reconcile/source/check-source.ts';
import type { Drift } from '../reconcile/source/drift.ts';
import { isOpenPosition } from '../reconcile/source/pricing.ts';
import { gapsOf } from '../reconcile/source/records.ts';
import type { SheetRow } from '../reconcile/source/sheet.ts';
import { noAccountWhy } from '../reconcile/source/unreadable.ts';
import {
  type CheckDocument,
  type CheckOptions,
  checkDocument,
  type JsonObject,
} from './check-document.ts';

export interface SourceDocumentOptions
  extends Pick<CheckOptions, 'document' | 'strict' | 'failAbove' | 'breakId'> {
  /** What the source counts in. */
  readonly currency: string;
  /** Of our own book; 0 where there is none. */
  readonly sequenceOf: (name: string) => number;
  /** Since when every look found the account true; null: it is not, or nobody noted it. */
  readonly trueSinceOf: (name: string) => Instant | null;
  /** Beside those that the look itself gives. */
  readonly hints: readonly string[];
}

export function sourceDocument(
  checked: SourceChecked,
  options: SourceDocumentOptions,
): CheckDocument {
  const { asOf, now, accounts, hints } = checked;
  const age = Math.max(0, secondsBetween(asOf, now));
  const rows = accounts.map(({ name, reconciled, lines }) => ({
    ...{ reconciled, lines, asOf, currency: options.currency },
    sequence: options.sequenceOf(name),
    dataAgeSeconds: age,
    trueSince: reconciled.verdict === 'true' ? options.trueSinceOf(name) : null,
    gate: reconciled.verdict === 'true' ? ('allow' as const) : ('deny' as const),
  }));
  const { document, strict, failAbove, breakId } = options;
  const found = checkDocument(rows, {
    ...{ document, now, strict, failAbove, breakId, parties: ['source', 'source'] },
    hints: [...hints, ...options.hints],
    source: sourceJson(checked, options.currency),
  });
  if (accounts.length > 0) return found;
  const nobody = { account: 'all', section: 'account', scope: null, why: noAccountWhy };
  return { ...found, json: { ...found.json, unknown: [{ ...nobody, since: instantText(now) }] } };
}

export function sourceJson(checked: SourceChecked, currency: string): JsonObject {
  const { snapshot, asOf, now, accounts } = checked;
  const { identity, zone, guard, lastWrite } = snapshot;
  return {
    identity: { ...identity },
    zone: { ...zone },
    takenAt: instantText(snapshot.takenAt),
    asOf: instantText(asOf),
    checkedAt: instantText(now),
    currency,
    keepsTotal: snapshot.totalStorage !== null,
    keepsPrices: snapshot.keepsPrices,
    guard: {
      ...{ state: guard.state, bound: toTextOrNull(guard.bound), audited: guard.audited },
      ...{ findings: [...guard.findings], unlogged: [...guard.unlogged] },
    },
    lastWrite:
      lastWrite === null
        ? null
        : { id: lastWrite.id, at: instantText(lastWrite.at), why: lastWrite.why },
    orders: {
      count: snapshot.orders.count,
      newestAt: instantTextOrNull(snapshot.orders.newestAt),
    },
    accounts: accounts.map((one) => accountJson(one, checked)),
    unattributed: snapshot.unattributed.filter(isOpenPosition).map(({ symbol, quantity }) => ({
      ...{ symbol, quantity: toTextOrNull(quantity) },
    })),
    faults: snapshot.faults.map((fault) => ({ ...fault })),
  };
}

function accountJson(one: SourceAccountChecked, checked: SourceChecked): JsonObject {
  const { sheet, account, name, drift } = one;
  const { unrealisedPnl, costBasis } = sheet;
  return {
    ...{ id: account.id, account: name, cash: toTextOrNull(sheet.cash) },
    positions: sheet.rows.map(positionJson),
    positionsValue: toTextOrNull(sheet.positionsValue),
    costBasis: toTextOrNull(costBasis),
    unrealisedPnl: toTextOrNull(unrealisedPnl),
    unrealisedPercent: toTextOrNull(percentOf(unrealisedPnl, costBasis)),
    calculated: toTextOrNull(sheet.calculated),
    known: toText(sheet.known),
    unpriced: sheet.unpriced.map((part) => ({ ...part })),
    stored: toTextOrNull(sheet.stored),
    difference: toTextOrNull(sheet.difference),
    differencePercent: toTextOrNull(sheet.percent),
    ...{ match: sheet.match, storedWhy: sheet.storedWhy },
    storedAt: instantTextOrNull(sheet.storedAt),
    ages: { asOf: agesJson(one, checked.asOf), now: agesJson(one, checked.now) },
    performance: performanceJson(one, checked),
    drift: drift === null ? null : driftJson(drift),
  };
}

const positionJson = (row: SheetRow): JsonObject => ({
  symbol: row.symbol,
  quantity: toTextOrNull(row.quantity),
  entryPrice: toTextOrNull(row.entryPrice),
  price: toTextOrNull(row.price),
  ...{ priceFrom: row.priceFrom, priceAt: instantTextOrNull(row.priceAt) },
  value: toTextOrNull(row.value),
  costBasis: toTextOrNull(row.costBasis),
  unrealisedPnl: toTextOrNull(row.unrealisedPnl),
  ...{ why: row.why, reason: row.reason },
});

/** Seconds; null: there is no such time. */
function agesJson({ sheet }: SourceAccountChecked, at: Instant): JsonObject {
  const times = sheet.rows.flatMap(({ priceAt }) => (priceAt === null ? [] : [priceAt]));
  const ages = times.map((time) => secondsBetween(time, at));
  const ageOf = (time: Instant | null) => (time === null ? null : secondsBetween(time, at));
  return {
    oldestPrice: ages.length === 0 ? null : Math.max(...ages),
    youngestPrice: ages.length === 0 ? null : Math.min(...ages),
    stored: ageOf(sheet.storedAt),
    record: ageOf(sheet.recordAt),
  };
}

const secondsBetween = (from: Instant, to: Instant): number =>
  Math.floor(millisecondsBetween(from, to) / 1000);

/** As many of the newest records as people look at. */
const shownMax = 10;

function performanceJson(
  { account, performanceStale, performanceMaxAgeMs }: SourceAccountChecked,
  { historyAt }: SourceChecked,
): JsonObject {
  const { performance, performanceCount, performanceFirst } = account;
  const last = performance.at(-1);
  const from = Math.max(performance.length - shownMax, 0);
  return {
    count: performanceCount,
    firstAt: instantTextOrNull(performanceFirst?.time ?? null),
    lastAt: instantTextOrNull(last?.time ?? null),
    ageSeconds: last === undefined ? null : secondsBetween(last.time, historyAt),
    stale: performanceStale,
    gaps: gapsOf(performance, performanceMaxAgeMs).map((gap) => ({
      ...{ from: instantText(gap.from), to: instantText(gap.to) },
      seconds: secondsBetween(gap.from, gap.to),
    })),
    records: performance
      .slice(from)
      .map((record, index) => recordJson(record, performance[from + index - 1])),
  };
}

/** The change is from the record before it, as the table has them. */
const recordJson = (
  record: SourcePerformance,
  before: SourcePerformance | undefined,
): JsonObject => ({
  time: instantText(record.time),
  total: toTextOrNull(record.total),
  cash: toTextOrNull(record.cash),
  positionsValue: toTextOrNull(record.positionsValue),
  change: toTextOrNull(changeOf(record.total, before?.total ?? null)),
});

const changeOf = (total: Decimal | null, before: Decimal | null): Decimal | null =>
  total === null || before === null ? null : subtract(total, before);

const driftJson = ({ basis, parts, residual }: Drift): JsonObject => ({
  basis: { kind: basis.kind, at: instantTextOrNull(basis.at), total: toText(basis.total) },
  parts: parts.map(({ what, key, amount, how }) => ({ what, key, amount: toText(amount), how })),
  residual: toText(residual),
});
