/**
 * Explanation by id: named passes, the strongest evidence first, each gap claimed by one of them.
 * What they found is applied to a copy of the book and compared again. Proven is only what leaves
 * nothing over on any line it moves; everything else says what is left.
 */
import { absolute, compare as compareDecimals, isZero, zero } from '../decimal/decimal.ts';
import type { Confidence, Explanation, Line, Residual } from '../model/break.ts';
import { lineId } from '../model/break.ts';
import type { Reason } from '../model/reason.ts';
import type { Statement } from '../model/statement.ts';
import { type BookSide, type Change, mergedChange, type Refold } from './book-side.ts';
import type { Case } from './cases.ts';
import { cashFlowMissing } from './causes/cash-flow-missing.ts';
import type { Attribution, Cause, CauseContext, RepairStep } from './causes/cause.ts';
import { factConflict } from './causes/fact-conflict.ts';
import { factExtra } from './causes/fact-extra.ts';
import { factToldOtherwise } from './causes/fact-told-otherwise.ts';
import { fillMissing } from './causes/fill-missing.ts';
import { orderState } from './causes/order-state.ts';
import { type Comparison, compare } from './compare.ts';
import { changeOfEffect, type Effect, Effects } from './effects.ts';
import { linesOfGap } from './gap.ts';
import type { CompareOptions, LineValue, LineVerdict } from './judge.ts';
import { ruledOutOf, sentenceOf } from './sentence.ts';
import { heldId } from './touch.ts';
import { sumOfValues, Valuer } from './value.ts';
import { bookWith } from './what-if.ts';

export interface ExplainedCase extends Case {
  readonly reason: Reason;
  readonly confidence: Confidence;
  readonly explanation: Explanation;
  readonly steps: readonly RepairStep[];
  /** What the steps do to balances and positions. */
  readonly effects: readonly Effect[];
  /** The steps would leave some line further apart than it is. */
  readonly worsens: boolean;
  readonly value: LineValue;
  /** Lines without a price, by name. */
  readonly unvalued: readonly string[];
}

export interface ExplainContext {
  readonly book: BookSide;
  readonly statement: Statement;
  readonly options: CompareOptions;
  readonly comparison: Comparison;
  readonly refold: Refold;
}

/** The order of the passes, and so of the reasons of a case that has several. */
const passes: readonly Cause[] = [
  factToldOtherwise,
  fillMissing,
  cashFlowMissing,
  factConflict,
  factExtra,
  orderState,
];

export function explain(cases: readonly Case[], context: ExplainContext): readonly ExplainedCase[] {
  const { book, statement, options, refold } = context;
  const attributed = cases.map((one) => ({ one, found: attributionsOf(one, context) }));
  const changes = attributed.map(({ found }) => changeOf(found));
  // Cases share no line that anybody stated, so one what-if serves them all.
  const after = bookWith(book, mergedChange(changes), refold);
  const then = compare(after, statement, options);
  const effects = new Effects(book, after, statement.asOf, refold, changes);
  for (const [index, one] of cases.entries()) effects.claim(one, index);
  const valuer = new Valuer(book, options.markMaxAgeMs);
  return attributed.map(({ one, found }, index) => {
    const moved = effects.of(one, index);
    return {
      ...verdictOn(one, found, then, context),
      effects: moved,
      ...stakeOf(one, moved, valuer),
    };
  });
}

function attributionsOf(one: Case, context: ExplainContext): readonly Attribution[] {
  const counterparts = one.gaps.flatMap((gap) =>
    gap.kind === 'extra' && gap.counterpart !== null ? [gap.counterpart] : [],
  );
  const causeContext: CauseContext = {
    book: context.book,
    statement: context.statement,
    theirsParty: context.options.theirsParty,
    counterparts: new Set(counterparts),
  };
  const left = new Set(one.gaps);
  return passes.flatMap((cause) =>
    [...left].flatMap((gap) => {
      const found = cause.attribute(gap, causeContext);
      if (found === null) return [];
      left.delete(gap);
      return [found];
    }),
  );
}

const changeOf = (found: readonly Attribution[]): Change =>
  mergedChange(found.flatMap(({ step }) => (step === null ? [] : [step.change])));

function verdictOn(
  one: Case,
  found: readonly Attribution[],
  then: Comparison,
  context: ExplainContext,
) {
  const residuals = residualsOf(one, found, then);
  const claimed = new Set(found.map(({ gap }) => gap));
  const resolved = one.gaps.every(
    (gap) =>
      found.some((each) => each.gap === gap && each.step === null) ||
      linesOfGap(gap).every((line) => then.verdictOf(line) === 'equal'),
  );
  const rest = residuals.filter(({ residual }) => residual === null || !isZero(residual));
  const open = rest.filter(({ verdict }) => verdict !== 'within-tolerance');
  const explained = claimed.size > 0 && resolved && open.length === 0;
  // What a tolerance lets pass is equal enough to live with, and no proof.
  const likely = rest.length > 0 || found.some((each) => each.confidence === 'likely');
  const confidence: Confidence = !explained ? 'unexplained' : likely ? 'likely' : 'proven';
  const leading = found.find(({ title }) => title !== '');
  const reason: Reason = explained && leading !== undefined ? leading.reason : 'UNEXPLAINED';
  const explanation: Explanation = {
    sentence: sentenceOf(one, found, explained, open, context),
    evidence: found
      .flatMap((each) => each.evidence)
      .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)),
    residual: (open[0] ?? rest[0] ?? { residual: zero }).residual,
    residuals: residuals.map(({ verdict: _, ...residual }) => residual),
    ruledOut: explained ? [] : ruledOutOf(one, context),
  };
  const steps = found.flatMap(({ step }) => (step === null ? [] : [step]));
  return { ...one, reason, confidence, explanation, steps, worsens: worsens(one, then) };
}

interface JudgedResidual extends Residual {
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
  const lines = new Map<string, Line>();
  for (const line of [...one.lines, ...one.touched]) lines.set(lineId(line), line);
  for (const line of averagePricesOf(one)) lines.set(heldId(line), line);
  return Array.from(lines, ([id, line]): JudgedResidual[] => {
    const { what, key, leg } = line;
    // A line that only names what is wrong has no number to be left over.
    if (unrepaired.has(id)) return [];
    const verdict = then.verdictOf(line);
    if (verdict === 'equal') return [{ what, key, leg, verdict, residual: zero }];
    const now = then.lineOf(id);
    if (now === undefined && what === 'average-price') return [];
    const residual = now === undefined ? line.difference : now.difference;
    return [{ what, key, leg, verdict, residual }];
  }).flat();
}

/** Average prices are compared only once quantities agree, so booking a fill may reveal them. */
const averagePricesOf = (one: Case): readonly Line[] =>
  one.touched.flatMap((line) =>
    line.what === 'position' ? [{ ...line, what: 'average-price' as const }] : [],
  );

function worsens(one: Case, then: Comparison): boolean {
  return one.touched.some((line) => {
    const now = then.lineOf(lineId(line));
    if (now === undefined || now.difference === null || line.difference === null) return false;
    return compareDecimals(absolute(now.difference), absolute(line.difference)) > 0;
  });
}

/** At stake: the lines that differ, or what the repair moves where only facts differ. */
function stakeOf(one: Case, effects: readonly Effect[], valuer: Valuer) {
  const ofLines = one.lines.flatMap(({ key, value }) => (value === null ? [] : [{ key, value }]));
  const parts =
    ofLines.length > 0
      ? ofLines
      : effects.map((effect) => ({ key: effect.key, value: effectValue(effect, valuer) }));
  return {
    value: sumOfValues(parts.map(({ value }) => value)),
    unvalued: parts.filter(({ value }) => value.gross === null).map(({ key }) => key),
  };
}

const effectValue = (effect: Effect, valuer: Valuer): LineValue =>
  effect.what === 'balance'
    ? valuer.balance(effect.key, changeOfEffect(effect))
    : valuer.position(effect.key, effect.before, effect.after);
