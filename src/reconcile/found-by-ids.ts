/** What the ids account for of a case, and what they leave on each of its lines. */
import { add, isZero, negate, subtract, zero } from '../decimal/decimal.ts';
import { type Line, lineId, type Residual } from '../model/break.ts';
import type { Case } from './cases.ts';
import type { Attribution, Carried } from './causes/cause.ts';
import type { Comparison } from './compare.ts';
import { linesOfGap } from './gap.ts';
import type { LineVerdict } from './judge.ts';
import { type HeldName, heldId } from './touch.ts';

export interface FoundByIds {
  readonly one: Case;
  readonly found: readonly Attribution[];
  readonly residuals: readonly JudgedResidual[];
  /** Residuals that are not zero, and those of them that no tolerance lets pass. */
  readonly rest: readonly JudgedResidual[];
  readonly open: readonly JudgedResidual[];
  /** Every gap is set right, or named with nothing that sets it right. */
  readonly resolved: boolean;
  readonly explained: boolean;
}

export function foundByIds(one: Case, found: readonly Attribution[], then: Comparison): FoundByIds {
  const residuals = residualsOf(one, found, then);
  const unrepaired = new Set(found.flatMap(({ gap, step }) => (step === null ? [gap] : [])));
  const resolved = one.gaps.every(
    (gap) =>
      unrepaired.has(gap) || linesOfGap(gap).every((line) => then.verdictOf(line) === 'equal'),
  );
  const rest = residuals.filter(({ residual }) => residual === null || !isZero(residual));
  const open = rest.filter(({ verdict }) => verdict !== 'within-tolerance');
  const explained = found.length > 0 && resolved && open.length === 0;
  return { one, found, residuals, rest, open, resolved, explained };
}

export interface JudgedResidual extends Residual {
  readonly id: string;
  readonly verdict: LineVerdict;
}

/** Of every line of the case, and of every line the facts touch that is or has become compared. */
function residualsOf(
  one: Case,
  found: readonly Attribution[],
  then: Comparison,
): readonly JudgedResidual[] {
  const unrepaired = new Set(
    found.flatMap(({ gap, step }) => (step === null ? linesOfGap(gap).map(lineId) : [])),
  );
  const carried = carriedBy(found);
  const lines = new Map<string, Line>();
  for (const line of [...one.lines, ...one.touched]) lines.set(lineId(line), line);
  for (const line of averagePricesOf(one)) lines.set(heldId(line), line);
  const unseen = Array.from(carried).flatMap(
    ([id, { line, amount, mayAgree }]): JudgedResidual[] => {
      // Both are proven to hold none: then nothing moved it.
      const isFlat = !lines.has(id) && then.verdictOf(namedLine(line)) === 'equal';
      if (!isFlat || mayAgree === true) return [];
      return [{ id, ...line, verdict: 'different', residual: negate(amount) }];
    },
  );
  const judged = Array.from(lines, ([id, line]): JudgedResidual[] => {
    const { what, key, leg } = line;
    // A line that only names what is wrong has no number to be left over.
    if (unrepaired.has(id)) return [];
    const now = then.lineOf(id);
    const verdict = then.verdictOf(line);
    const part = carried.get(id);
    const agrees = verdict === 'equal' && part?.mayAgree === true;
    if (part !== undefined && !agrees && now?.difference != null) {
      const residual = subtract(now.difference, part.amount);
      return [{ id, what, key, leg, verdict: isZero(residual) ? 'equal' : verdict, residual }];
    }
    if (verdict === 'equal') return [{ id, what, key, leg, verdict, residual: zero }];
    if (now === undefined && what === 'average-price') return [];
    const residual = now === undefined ? line.difference : now.difference;
    return [{ id, what, key, leg, verdict, residual }];
  });
  return [...judged.flat(), ...unseen];
}

/** By the name of the line. */
export function carriedBy(found: readonly Attribution[]): ReadonlyMap<string, Carried> {
  const carried = new Map<string, Carried>();
  for (const { carries } of found) {
    for (const one of carries ?? []) {
      const id = heldId(one.line);
      carried.set(id, { ...one, amount: add(carried.get(id)?.amount ?? zero, one.amount) });
    }
  }
  return carried;
}

/** A line that only says which one it is. */
export const namedLine = (name: HeldName): Line => ({
  ...{ ...name, instrument: null, detail: null, oursParty: 'book', ours: null, oursText: null },
  ...{ theirsParty: 'venue', theirs: null, theirsText: null, difference: null, tolerance: zero },
});

/** Average prices are compared only once quantities agree, so booking a fill may reveal them. */
const averagePricesOf = (one: Case): readonly Line[] =>
  one.touched.flatMap((line) =>
    line.what === 'position' ? [{ ...line, what: 'average-price' as const }] : [],
  );
