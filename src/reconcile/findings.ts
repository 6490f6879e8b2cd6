/** What the book finds wrong with itself, as cases beside those of a comparison. */

import type { Decimal } from '../decimal/decimal.ts';
import { zero } from '../decimal/decimal.ts';
import { toText } from '../decimal/text.ts';
import type { Line, Party } from '../model/break.ts';
import type { Leg } from '../model/fact.ts';
import { type Instant, instantText } from '../model/instant.ts';
import type { Reason } from '../model/reason.ts';
import type { ExplainedCase } from './explain.ts';
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

export type Finding = ConflictFinding | HedgeGapFinding | UnknownFinding;

export function unknownOf(findings: readonly Finding[]): readonly Unknown[] {
  return findings.flatMap((one): Unknown[] => {
    if (one.kind !== 'unknown') return [];
    const { account, section, scope, why, since } = one;
    return [{ account, section, scope, why, since }];
  });
}

const details = { conflict: 'conflict', gap: 'gap' } as const;

/** Lines that no comparison makes: they are gone when their finding is. */
export const isFindingLine = ({ detail }: Line): boolean =>
  detail?.startsWith(`${details.conflict} `) === true || detail === details.gap;

export function casesOfFindings(findings: readonly Finding[]): readonly ExplainedCase[] {
  return findings.flatMap((one) => {
    if (one.kind === 'conflict') return [conflictCase(one)];
    return one.kind === 'hedge-gap' ? [hedgeGapCase(one)] : [];
  });
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
  const line = findingLine({
    ...{ what: 'position', key: instrument, instrument: null, leg, detail: details.gap },
    oursText: `${toText(gap)} beyond what the leg held`,
    ...{ theirsParty: 'book', theirsText: 'a leg never crosses zero' },
  });
  const sentence =
    `The ${leg} leg of ${instrument} was reduced by ${toText(gap)} more than it held: fills ` +
    `before ${instantText(at)} are missing. What would decide it: the executions before then.`;
  const evidence = { at, what: 'position', id: instrument, source: 'book', effect: gap } as const;
  return explainedCase(account, line, 'HISTORY_GAP', sentence, [{ ...evidence, sequence: null }]);
}

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
