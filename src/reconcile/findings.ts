/** What the book finds wrong with itself, as cases beside those of a comparison. */

import type { Decimal } from '../decimal/decimal.ts';
import { absolute, isNegative, zero } from '../decimal/decimal.ts';
import { toText } from '../decimal/text.ts';
import { type Break, type Line, lineId, type Party } from '../model/break.ts';
import type { Fill, Leg } from '../model/fact.ts';
import { type Instant, instantText } from '../model/instant.ts';
import type { Reason } from '../model/reason.ts';
import { supersededBooked } from './causes/provisional-superseded.ts';
import { amountOf, factName } from './compare-facts.ts';
import { partlyTold } from './compare-inferred.ts';
import type { ExplainedCase } from './explain.ts';
import type { Superseded } from './inferred.ts';
import type { ComparedLine } from './judge.ts';
import type { Unknown } from './sections.ts';

/** A second report of a booked fact with other content: recorded, and not booked. */
export interface ConflictFinding {
  readonly kind: 'conflict';
  readonly account: string;
  readonly what: 'fill' | 'cash-flow';
  readonly id: string;
  readonly instrument: string | null;
  readonly leg: Leg | null;
  /** Side of a fill, kind of a cash flow. */
  readonly detail: string;
  /** What the book holds, and what the other report said. */
  readonly booked: string;
  readonly reported: string;
  readonly reportedBy: Party;
  readonly at: Instant;
  readonly sequence: number;
}

/** A hedge leg was asked to give what it did not have. */
export interface HedgeGapFinding {
  readonly kind: 'hedge-gap';
  readonly account: string;
  readonly instrument: string;
  readonly leg: Leg;
  readonly gap: Decimal;
  readonly at: Instant;
}

/** A fee not known yet, a bust or correction that waits for its fill. */
export interface UnknownFinding {
  readonly kind: 'unknown';
  readonly account: string;
  readonly section: string;
  readonly scope: string | null;
  readonly why: string;
  readonly since: Instant;
}

/** A provisional fill and fills of the venue of the same order, both booked. */
export interface SupersededFinding extends Superseded {
  readonly kind: 'superseded';
  readonly account: string;
}

export type Finding = ConflictFinding | HedgeGapFinding | UnknownFinding | SupersededFinding;

export function unknownOf(findings: readonly Finding[]): readonly Unknown[] {
  return findings.flatMap((one): Unknown[] => {
    if (one.kind === 'superseded') return isNegative(one.over) ? [partlyKnown(one)] : [];
    if (one.kind !== 'unknown') return [];
    const { account, section, scope, why, since } = one;
    return [{ account, section, scope, why, since }];
  });
}

const partlyKnown = (one: SupersededFinding): Unknown => {
  const { executionId: scope, time: since } = one.ours.fact;
  return { account: one.account, section: 'executions', scope, why: partlyTold(one), since };
};

const details = { conflict: 'conflict', gap: 'gap' } as const;

/** Lines that no comparison makes: they are gone when their finding is. */
export const isFindingLine = ({ detail }: Line): boolean =>
  detail?.startsWith(`${details.conflict} `) === true || detail === details.gap;

export function casesOfFindings(findings: readonly Finding[]): readonly ExplainedCase[] {
  const others = findings.flatMap((one) => {
    if (one.kind === 'conflict') return [conflictCase(one)];
    return one.kind === 'hedge-gap' ? [hedgeGapCase(one)] : [];
  });
  return [...others, ...supersededCases(findings)];
}

/** That two reports differ is certain; which of them is right is not, so no cause is named. */
function conflictCase(one: ConflictFinding): ExplainedCase {
  const { what, id: key, instrument, leg, booked, reported, at, sequence } = one;
  const line = findingLine({
    ...{ what, key, instrument, leg, detail: `${details.conflict} ${one.detail}` },
    ...{ oursText: booked, theirsParty: one.reportedBy, theirsText: reported },
  });
  const sentence =
    `Two reports of one fact differ: booked is ${booked}, ${one.reportedBy} said ${reported}. ` +
    'What would decide it: the list of the venue that holds this fact.';
  const evidence = { at, what: 'conflict', id: key, effect: null };
  return explainedCase(one.account, line, 'UNEXPLAINED', sentence, [
    { ...evidence, source: 'book', sequence },
    { ...evidence, source: one.reportedBy, sequence: null },
  ]);
}

function hedgeGapCase({ account, instrument, leg, gap, at }: HedgeGapFinding): ExplainedCase {
  const size = toText(absolute(gap));
  const line = findingLine({
    ...{ what: 'position', key: instrument, instrument: null, leg, detail: details.gap },
    oursText: `${size} beyond what the leg held`,
    ...{ theirsParty: 'book', theirsText: 'a leg never crosses zero' },
  });
  const sentence =
    `The ${leg} leg of ${instrument} was reduced by ${size} more than it held: fills ` +
    `before ${instantText(at)} are missing. What would decide it: the executions before then.`;
  const evidence = { at, what: 'position', id: instrument, source: 'book', effect: gap } as const;
  return explainedCase(account, line, 'HISTORY_GAP', sentence, [{ ...evidence, sequence: null }]);
}

/** Trades that count twice, by contract; their steps are carried out beside a statement. */
function supersededCases(findings: readonly Finding[]): readonly ExplainedCase[] {
  const found = findings.flatMap((one) =>
    one.kind !== 'superseded' || isNegative(one.over)
      ? []
      : [{ ...one.ours, account: one.account, told: supersededBooked(one) }],
  );
  const groups = Map.groupBy(found, ({ fact, told }) =>
    [fact.instrument, fact.leg, told.confidence].join('\n'),
  );
  return Array.from(groups.values(), (all): ExplainedCase => {
    const lines = all.map(({ fact }) => ({
      ...findingLine(supersededLine(fact)),
      ours: amountOf(fact),
    }));
    const { account, told } = all[0]!;
    const more = all.length === 1 ? '' : `, and ${all.length - 1} more of them`;
    const sentence = `${told.title}: ${told.which}${more}.`;
    const evidence = all.flatMap((one) => one.told.evidence);
    const first = explainedCase(account, lines[0]!, 'FILL_DUPLICATED', sentence, evidence);
    const steps = all.map((one) => one.told.step);
    return { ...first, lines, confidence: told.confidence, steps };
  });
}

const supersededLine = (fact: Fill) => ({
  ...{ ...factName(fact), oursText: 'provisional' },
  ...{ theirsParty: 'book' as const, theirsText: 'fills of its order' },
});

/** The line that a comparison has for it, and a break that was found by one. */
export const isFoundBy = ({ ours }: SupersededFinding, { facts }: Break): boolean =>
  facts.some((line) => lineId(line) === lineId(supersededLine(ours.fact)));

function findingLine(
  parts: Pick<
    Line,
    'what' | 'key' | 'instrument' | 'leg' | 'detail' | 'oursText' | 'theirsParty' | 'theirsText'
  >,
): ComparedLine {
  return {
    ...parts,
    ...{ oursParty: 'book', ours: null, theirs: null, difference: null, tolerance: zero },
    ...{ verdict: 'different', youngest: null, value: null },
  };
}

const explainedCase = (
  account: string,
  line: ComparedLine,
  reason: Reason,
  sentence: string,
  evidence: ExplainedCase['explanation']['evidence'],
): ExplainedCase => ({
  ...{ account, lines: [line], touched: [], gaps: [], settling: false },
  ...{ reason, confidence: 'unexplained', steps: [], effects: [], worsens: false },
  explanation: { sentence, evidence, residual: null, residuals: [], ruledOut: [] },
  value: { gross: zero, net: zero },
  unvalued: [],
});
