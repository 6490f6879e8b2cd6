/** The JSON document of `check` and `investigate`, as docs/reference states it. */
import { type Decimal, subtract } from '../decimal/decimal.ts';
import { toText, toTextOrNull } from '../decimal/text.ts';
import {
  type Break,
  type Hold,
  type Line,
  lineId,
  type Party,
  severityRank,
} from '../model/break.ts';
import { type Instant, instantText, millisecondsBetween } from '../model/instant.ts';
import { isClosed } from '../model/life-cycle.ts';
import { reasonTitles } from '../model/reason.ts';
import { writeFact } from '../model/write-fact.ts';
import { agedOf } from '../reconcile/ageing.ts';
import type { Effect } from '../reconcile/effects.ts';
import { isFindingLine } from '../reconcile/findings.ts';
import type { Stop } from '../reconcile/limits.ts';
import type { Reconciled } from '../reconcile/reconcile.ts';
import { alternativesOf, type BreakRepair, type PlanEntry } from '../reconcile/repair.ts';
import {
  exitCodeOf,
  isTolerated,
  type Stake,
  stakeOf,
  type Verdict,
  worstVerdict,
} from '../reconcile/verdict.ts';
import { foreignHints, foreignLines } from './foreign.ts';

export interface CheckedAccount {
  readonly reconciled: Reconciled;
  /** The reporting currency. */
  readonly currency: string;
  /** Absent: of a bot's database alone, where nobody says. */
  readonly mode?: 'live' | 'paper';
  readonly sequence: number;
  readonly asOf: Instant;
  /** Age of the statement's data; null where there is none. */
  readonly dataAgeSeconds: number | null;
  /** Since when every check of the account was true; null while it is not. */
  readonly trueSince: Instant | null;
  readonly gate: 'allow' | 'deny';
  /** Nothing is repaired without a person, and since when, and why; null or absent: it is. */
  readonly stopped?: StopShown | null;
  /** Lines found right where nothing was compared with the book: those of a source. */
  readonly lines?: { readonly exact: number; readonly withinTolerance: number };
}

/** `since` null: the settings say so. */
export type StopShown = Omit<Stop, 'since'> & { readonly since: Instant | null };

export interface CheckOptions {
  readonly document: 'check' | 'investigate';
  readonly now: Instant;
  readonly parties: readonly [Party, Party];
  readonly strict: boolean;
  /** `--fail-above`, or null. */
  readonly failAbove: Decimal | null;
  readonly hints: readonly string[];
  /** `investigate BREAK`: this one only; null: all. */
  readonly breakId: string | null;
  /** What was looked at, where it is a bot's database. */
  readonly source?: JsonObject;
  /** A venue refused its key: nothing else that was found outweighs it. */
  readonly credentials?: boolean;
}

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

export type JsonObject = { readonly [name: string]: JsonValue };

export interface CheckDocument {
  readonly verdict: Verdict;
  readonly exitCode: 0 | 3 | 4 | 5;
  readonly json: JsonObject;
}

/** Accounts of one reporting currency add up; of several, `atStake` is per account only. */
export function checkDocument(
  accounts: readonly CheckedAccount[],
  options: CheckOptions,
): CheckDocument {
  const sorted = [...accounts].sort((a, b) => byName(a.reconciled.account, b.reconciled.account));
  const verdict = worstVerdict(sorted.map(({ reconciled }) => reconciled.verdict));
  const unknown = sorted.flatMap(({ reconciled }) => reconciled.unknown);
  const breaks = sorted
    .flatMap((one) => one.reconciled.breaks.map((each) => ({ one, each })))
    .sort((a, b) => severityRank(b.each.severity) - severityRank(a.each.severity));
  const stake = stakeOf(
    breaks.map(({ each }) => each),
    options,
  );
  // What the book finds wrong with itself has no sum that could be small.
  const sumless = breaks.filter(({ each }) => !isClosed(each) && each.lines.some(isFindingLine));
  const unsure = unknown.length + sumless.length;
  const tolerated = isTolerated(verdict, stake, unsure, options.failAbove);
  const found = tolerated ? 0 : exitCodeOf(verdict);
  const exitCode = options.credentials === true ? 4 : found;
  const shown = breaks
    .filter(({ each }) => isShown(each, options))
    .map(({ one, each }) => ({ json: breakJson(each, one, options), state: each.state }));
  const json: JsonObject = {
    schema: `trueup.${options.document}/1`,
    verdict,
    exitCode,
    ...(tolerated ? { toleratedForExit: toText(options.failAbove!) } : {}),
    asOf: instantText(sorted.length === 0 ? options.now : latest(sorted)),
    sequence: sorted.length === 1 ? sorted[0]!.sequence : null,
    parties: [...options.parties],
    accounts: sorted.map((one) => accountJson(one, options)),
    positions: positionsJson(sorted),
    atStake: stakeJson(stake, sorted),
    ageing: ageingJson(sorted, options.now),
    breaks: shown.filter(({ state }) => state !== 'ACCEPTED').map((one) => one.json),
    accepted: shown.filter(({ state }) => state === 'ACCEPTED').map((one) => one.json),
    unknown: unknown.map(({ since, ...rest }) => ({ ...rest, since: instantText(since) })),
    hints: [...options.hints, ...sorted.flatMap(({ reconciled }) => foreignHints(reconciled))],
    ...(options.source === undefined ? {} : { source: options.source }),
  };
  return { verdict, exitCode, json };
}

/** A closed break is shown only to who asks for it by name. */
const isShown = (one: Break, { breakId }: CheckOptions): boolean =>
  breakId === null ? !isClosed(one) : one.id === breakId;

const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const latest = (accounts: readonly CheckedAccount[]): Instant =>
  accounts.reduce((newest, { asOf }) => (asOf > newest ? asOf : newest), 0n);

/**
 * Lines are what is held and open, and those facts that are all that differs. What is unknown of
 * a section nobody has a line of counts once.
 */
function accountJson(one: CheckedAccount, { strict }: CheckOptions): JsonObject {
  const { account, verdict, comparison, breaks, unknown } = one.reconciled;
  const counts = comparison?.counts;
  const open = breaks.filter((each) => !isClosed(each));
  const own = open.flatMap((each) =>
    each.lines
      .filter((line) => isOwnLine(line, comparison))
      .map(() => (each.state === 'SETTLING' ? 'settling' : 'different')),
  );
  const exact = (counts?.equal ?? 0) + (one.lines?.exact ?? 0);
  const withinTolerance = (counts?.['within-tolerance'] ?? 0) + (one.lines?.withinTolerance ?? 0);
  const different = (counts?.different ?? 0) + own.filter((kind) => kind === 'different').length;
  const settling = (counts?.settling ?? 0) + own.filter((kind) => kind === 'settling').length;
  const foreign = foreignLines(one.reconciled);
  const unlined = Math.max(unknown.length - (counts?.unknown ?? 0), 0);
  const unknownLines = (counts?.unknown ?? 0) + unlined;
  return {
    account,
    ...(one.mode === undefined ? {} : { mode: one.mode }),
    verdict,
    lines: exact + withinTolerance + different + settling + unknownLines,
    ...{ exact, withinTolerance, different, settling, unknown: unknownLines },
    breaks: open.length,
    atStake: stakeJson(stakeOf(breaks, { strict }), [one]),
    dataAgeSeconds: one.dataAgeSeconds,
    trueSince: one.trueSince === null ? null : instantText(one.trueSince),
    gate: one.gate,
    ...(one.stopped == null ? {} : { stopped: stopJson(one.stopped) }),
    ...(foreign.length === 0 ? {} : { foreign: foreign.map((each) => ({ ...each })) }),
  };
}

export const stopJson = ({ since, reason, by }: StopShown) => ({
  ...{ since: since === null ? null : instantText(since), reason, by },
});

/** A line of facts or of a finding, which the comparison does not count. */
const isOwnLine = (line: Line, comparison: Reconciled['comparison']): boolean => {
  if (line.what === 'fill' || line.what === 'cash-flow') return true;
  return comparison === null || comparison.lineOf(lineId(line)) === undefined;
};

function positionsJson(accounts: readonly CheckedAccount[]): JsonObject {
  const sum = { stored: 0, venue: 0, equal: 0, different: 0, phantom: 0, missing: 0, foreign: 0 };
  for (const { reconciled } of accounts) {
    const counts = reconciled.comparison?.positions;
    if (counts === undefined) continue;
    for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += counts[name];
  }
  return sum;
}

/** What a person accepted is listed elsewhere. */
function ageingJson(accounts: readonly CheckedAccount[], now: Instant): readonly JsonObject[] {
  const isSingle = new Set(accounts.map(({ currency }) => currency)).size === 1;
  const open = accounts
    .flatMap(({ reconciled }) => reconciled.breaks)
    .filter((one) => !isClosed(one) && one.state !== 'ACCEPTED');
  return agedOf(open, now).map(({ bucket, breaks, gross }) => ({
    ...{ bucket, breaks },
    gross: isSingle ? toTextOrNull(gross) : null,
  }));
}

/** Sums of different currencies are not added: null, and each account has its own. */
function stakeJson(stake: Stake, accounts: readonly CheckedAccount[]): JsonObject {
  const currencies = new Set(accounts.map(({ currency }) => currency));
  const single = currencies.size === 1;
  return {
    gross: single ? toTextOrNull(stake.gross) : null,
    net: single ? toTextOrNull(stake.net) : null,
    known: single ? toText(stake.known) : null,
    currency: single ? [...currencies][0]! : null,
    unvalued: [...stake.unvalued],
  };
}

function breakJson(one: Break, { reconciled }: CheckedAccount, options: CheckOptions): JsonObject {
  const { plan } = reconciled;
  const repair = plan.repairs.find(({ breakId }) => breakId === one.id);
  const left = plan.leftAlone.find(({ breakId }) => breakId === one.id);
  const asOf = reconciled.comparison?.asOf ?? options.now;
  return {
    id: one.id,
    reason: one.reason,
    title: reasonTitles[one.reason],
    confidence: one.confidence,
    severity: one.severity,
    state: one.state,
    account: one.account,
    openedAt: instantText(one.openedAt),
    ...(one.firstOpenedAt === undefined ? {} : { firstOpenedAt: instantText(one.firstOpenedAt) }),
    ageSeconds: Math.max(Math.floor(millisecondsBetween(one.openedAt, options.now) / 1000), 0),
    gross: toTextOrNull(one.gross),
    net: toTextOrNull(one.net),
    unvalued: [...one.unvalued],
    lines: one.lines.map(lineJson),
    explanation: explanationJson(one),
    repair: {
      planHash: repair === undefined ? null : (repair.planHash ?? plan.hash),
      entries: repair?.entries.map(entryJson) ?? [],
      ...(repair?.writes === undefined ? {} : { rows: [...repair.writes.sentences] }),
      needsApproval: repair?.needsApproval ?? null,
      decision: repair === undefined ? (left?.decision ?? null) : 'repair',
      because: repair?.because ?? left?.because ?? null,
      ...(left?.remedy === undefined ? {} : { remedy: { ...left.remedy } }),
      effects: repair === undefined ? [] : effectsJson(repair),
      alternatives: alternativesOf(one, asOf).map((each) => ({ ...each })),
    },
    hold: one.hold === null ? null : holdJson(one.hold),
  };
}

export const holdJson = ({ reason, until, cap, covers }: Hold): JsonObject => ({
  ...{ reason, until: instantText(until), cap: toTextOrNull(cap) },
  scope: covers?.scope ?? 'lines',
  ...(covers === undefined ? {} : { of: covers.of }),
});

export const lineJson = (line: Line): JsonObject => ({
  what: line.what,
  key: line.key,
  leg: line.leg,
  ...(line.instrument === null ? {} : { instrument: line.instrument }),
  ...(line.detail === null ? {} : { detail: line.detail }),
  oursParty: line.oursParty,
  ours: toTextOrNull(line.ours),
  ...(line.oursText === null ? {} : { oursText: line.oursText }),
  theirsParty: line.theirsParty,
  theirs: toTextOrNull(line.theirs),
  ...(line.theirsText === null ? {} : { theirsText: line.theirsText }),
  difference: toTextOrNull(line.difference),
  tolerance: toText(line.tolerance),
});

export const explanationJson = ({ explanation }: Break): JsonObject => ({
  sentence: explanation.sentence,
  evidence: explanation.evidence.map(({ at, what, id, source, effect, sequence }) => ({
    ...{ at: instantText(at), what, id, source },
    effect: toTextOrNull(effect),
    ...(sequence === null ? {} : { sequence }),
  })),
  residual: toTextOrNull(explanation.residual),
  residuals: explanation.residuals.map(({ what, key, leg, residual }) => ({
    ...{ what, key, leg },
    residual: toTextOrNull(residual),
  })),
  ruledOut: explanation.ruledOut.map(({ reason, residual, why }) => ({
    reason,
    residual: toTextOrNull(residual),
    why,
  })),
  ...(explanation.candidates === undefined || explanation.candidates.length === 0
    ? {}
    : { candidates: explanation.candidates.map((one) => ({ ...one })) }),
  ...(explanation.gaveUp == null ? {} : { gaveUp: explanation.gaveUp }),
});

export const entryJson = ({ action, id, fact, target }: PlanEntry): JsonObject => ({
  action,
  id,
  ...(target === null ? {} : { target }),
  fact: fact === null ? null : (writeFact(fact) as JsonObject),
});

export const effectsJson = ({ effects }: BreakRepair): readonly JsonObject[] =>
  effects.map(({ what, key, leg, before, after }: Effect) => ({
    ...{ what, key, leg },
    before: toText(before.quantity),
    after: toText(after.quantity),
    change: toText(subtract(after.quantity, before.quantity)),
  }));
