/**
 * Explanation: causes that ids tell first (causes/passes), then ideas without such evidence for
 * what those leave over (hypotheses/weigh). What the ids found is applied to a copy of the book
 * and compared again. Proven is only what leaves nothing over on any line it moves; an idea is
 * likely at most; everything else says what is left.
 */
import { absolute, compare as compareDecimals, zero } from '../decimal/decimal.ts';
import { type Confidence, type Explanation, lineId } from '../model/break.ts';
import type { Reason } from '../model/reason.ts';
import type { Statement } from '../model/statement.ts';
import { factsAtIssue } from './at-issue.ts';
import { type BookSide, mergedChange, type Refold } from './book-side.ts';
import type { Case } from './cases.ts';
import type { Attribution, RepairStep } from './causes/cause.ts';
import { attributionsOf, changeOf, ordersByName } from './causes/passes.ts';
import { type Comparison, compare } from './compare.ts';
import { type Effect, Effects, isShown } from './effects.ts';
import { type FoundByIds, foundByIds } from './found-by-ids.ts';
import { type Idea, ideasOf } from './ideas.ts';
import type { CompareOptions, LineValue } from './judge.ts';
import { linkedCases } from './linked.ts';
import { effectValue, type Moves, movesOf } from './moves.ts';
import type { CaseWrites } from './row-writes.ts';
import { ruledOutOf, sentenceOf } from './sentence.ts';
import { sumOfValues, Valuer } from './value.ts';
import { bookWith } from './what-if.ts';

export interface ExplainedCase extends Case, Partial<Moves> {
  readonly reason: Reason;
  /** Of each cause that ids tell, where several came together; absent: the one reason. */
  readonly reasons?: readonly Reason[];
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
  /** Of a bot's rows: what is written into its database; null or absent: nothing. */
  readonly writes?: CaseWrites | null;
}

export interface ExplainContext {
  readonly book: BookSide;
  readonly statement: Statement;
  readonly options: CompareOptions;
  readonly comparison: Comparison;
  readonly refold: Refold;
}

export function explain(cases: readonly Case[], context: ExplainContext): readonly ExplainedCase[] {
  const { book, statement, options, comparison, refold } = context;
  const { theirsParty } = options;
  const gaps = cases.flatMap((one) => one.gaps);
  const orders = ordersByName(book, statement, gaps);
  const attributed = cases.map((one) => ({
    one,
    found: attributionsOf(one, { book, statement, theirsParty, orders }),
  }));
  const changes = attributed.map(({ found }) => changeOf(found));
  // Cases share no line that anybody stated, so one what-if serves them all.
  const issue = factsAtIssue(gaps, book, statement);
  const after = bookWith(issue.book, mergedChange(changes), refold);
  const then = compare(after, issue.statement, { ...options, keepsForeign: true });
  const effects = new Effects(book, after, statement.asOf, refold, changes);
  for (const [index, one] of cases.entries()) effects.claim(one, index);
  const valuer = new Valuer(book, options.markMaxAgeMs);
  const byIds = attributed.map(({ one, found }) => foundByIds(one, found, then));
  const ideas = ideasOf(byIds, context);
  return linkedCases(byIds, ideas, statement).map(({ indexes, found, idea }) => {
    const each = indexes.map((index) => effects.of(byIds[index]!.one, index));
    const moved = each.flatMap((one) => one.moved);
    const hidden = each.flatMap((one) => one.hidden);
    const shown = moved.filter(isShown);
    const stake = stakeOf(found.one, shown, valuer);
    const all = { moved, hidden, found: found.found };
    const moves = movesOf(all, stake.value.gross, comparison, valuer);
    return { ...verdictOn(found, idea, then, context), effects: shown, ...stake, ...moves };
  });
}

function verdictOn(
  byIds: FoundByIds,
  idea: Idea | null,
  then: Comparison,
  context: ExplainContext,
) {
  const { one, found, residuals, rest, open, explained } = byIds;
  // What a tolerance lets pass is equal enough to live with, and no proof.
  const likely = rest.length > 0 || found.some((each) => each.confidence === 'likely');
  const confidence: Confidence = explained
    ? likely
      ? 'likely'
      : 'proven'
    : (idea?.confidence ?? 'unexplained');
  const leading = found.find(({ title }) => title !== '');
  const reason: Reason =
    explained && leading !== undefined ? leading.reason : (idea?.reason ?? 'UNEXPLAINED');
  const reasons = new Set(found.flatMap((each) => (each.title === '' ? [] : [each.reason])));
  const isLeft = confidence === 'unexplained';
  const explanation: Explanation = {
    sentence: sentenceOf(byIds, idea, context),
    evidence: [...found.flatMap((each) => each.evidence), ...(idea?.evidence ?? [])].sort((a, b) =>
      a.at < b.at ? -1 : a.at > b.at ? 1 : 0,
    ),
    residual: explained || isLeft ? ((open[0] ?? rest[0])?.residual ?? zero) : zero,
    residuals: residuals.map(({ verdict: _, id: __, ...residual }) => residual),
    ruledOut: explained ? [] : [...ruledOutOf(one, context), ...(idea?.ruledOut ?? [])],
    ...(idea === null ? {} : { candidates: idea.candidates, gaveUp: idea.gaveUp }),
  };
  const steps = found.flatMap(({ step }) => (step === null ? [] : [step]));
  const settling = one.settling || (explained && found.every(isOnItsWay));
  return {
    ...{ ...one, settling, reason, reasons: [...reasons], confidence, explanation, steps },
    worsens: worsens(one, then),
  };
}

/** No break, but said: what is on its way arrives, or its time runs out. */
const isOnItsWay = ({ reason }: Attribution): boolean => reason === 'TRANSFER_IN_TRANSIT';

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
