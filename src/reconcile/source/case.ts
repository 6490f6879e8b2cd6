/** What is wrong inside a source, in the shape in which breaks are tracked. */
import { absolute, type Decimal, zero } from '../../decimal/decimal.ts';
import type { Confidence, Evidence, Line, LineKind, RuledOut } from '../../model/break.ts';
import type { Instant } from '../../model/instant.ts';
import type { Reason } from '../../model/reason.ts';
import type { ExplainedCase } from '../explain.ts';
import type { ComparedLine } from '../judge.ts';
import type { Remedy } from '../repair.ts';
import { sumOfValues } from '../value.ts';

/** A case that says what sets it right: nothing inside a source is repaired by booking. */
export interface SourceCase extends ExplainedCase {
  readonly remedy: Remedy;
}

export interface SourceSides {
  readonly what: LineKind;
  readonly key: string;
  readonly detail?: string;
  readonly ours: Decimal | null;
  readonly oursText?: string | null;
  readonly theirs: Decimal | null;
  readonly theirsText?: string | null;
  readonly difference: Decimal | null;
  /** False: history that is off moves no money. Null: what it should say is unknown. */
  readonly atStake: boolean | null;
}

/** A source is both parties: what it stores, and what its own rows give. */
export const sourceLine = (sides: SourceSides): ComparedLine => {
  const { what, key, ours, theirs, difference } = sides;
  const value = sides.atStake === null ? null : sides.atStake ? difference : zero;
  return {
    ...{ what, key, instrument: null, leg: null, detail: sides.detail ?? null },
    ...{ oursParty: 'source', ours, oursText: sides.oursText ?? null },
    ...{ theirsParty: 'source', theirs, theirsText: sides.theirsText ?? null },
    ...{ difference, tolerance: zero, verdict: 'different', youngest: null },
    value: { gross: value === null ? null : absolute(value), net: value },
  };
};

export const isSourceLine = ({ oursParty, theirsParty }: Line): boolean =>
  oursParty === 'source' && theirsParty === 'source';

export interface SourceFound {
  readonly account: string;
  readonly lines: readonly ComparedLine[];
  readonly reason: Reason;
  readonly confidence: Confidence;
  readonly sentence: string;
  readonly evidence: readonly Evidence[];
  readonly residual: Decimal | null;
  readonly ruledOut: readonly RuledOut[];
  readonly remedy: Remedy;
  /** What has no price, so that the stake is unknown; absent: the keys of the lines that are. */
  readonly unvalued?: readonly string[];
}

export function sourceCase(found: SourceFound): SourceCase {
  const { account, lines, reason, confidence, sentence, evidence, residual } = found;
  const { what, key, leg } = lines[0]!;
  return {
    ...{ account, lines, touched: [], gaps: [], settling: false },
    ...{ reason, confidence, steps: [], effects: [], worsens: false },
    explanation: {
      ...{ sentence, residual, ruledOut: found.ruledOut },
      evidence: [...evidence].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)),
      residuals: residual === null ? [] : [{ what, key, leg, residual }],
    },
    value: sumOfValues(lines.map(({ value }) => value)),
    unvalued: found.unvalued ?? unvaluedOf(lines),
    remedy: found.remedy,
  };
}

const unvaluedOf = (lines: readonly ComparedLine[]): readonly string[] =>
  lines.flatMap(({ key, value }) => (value?.gross === null ? [key] : []));

export const sourceEvidence = (
  at: Instant,
  what: string,
  id: string,
  effect: Decimal | null,
): Evidence => ({ at, what, id, source: 'source', effect, sequence: null });
