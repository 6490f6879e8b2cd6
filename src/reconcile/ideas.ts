/**
 * Ideas for what ids leave over. Only for cases of which nothing is to be taken back: a reversal
 * that leaves something over is evidence of nothing. An idea has to fit every line of its case.
 */
import { isZero } from '../decimal/decimal.ts';
import {
  type Confidence,
  type Evidence,
  type IdeaThatFits,
  lineId,
  type RuledOut,
} from '../model/break.ts';
import type { Reason } from '../model/reason.ts';
import type { Statement } from '../model/statement.ts';
import type { BookSide, ListedFact, Refold } from './book-side.ts';
import type { Attribution } from './causes/cause.ts';
import type { Comparison } from './compare.ts';
import { decidingData } from './deciding.ts';
import type { FoundByIds } from './found-by-ids.ts';
import { SearchBudget } from './hypotheses/combination.ts';
import type { Candidate } from './hypotheses/idea.ts';
import { type LeftLine, LineFacts } from './hypotheses/line-facts.ts';
import { toldOf } from './hypotheses/telling.ts';
import { type Weighed, weigh } from './hypotheses/weigh.ts';
import type { CompareOptions } from './judge.ts';

export interface Idea {
  readonly reason: Reason;
  readonly confidence: Exclude<Confidence, 'proven'>;
  readonly sentence: string;
  /** Of the only candidate; several are supported by nothing. */
  readonly evidence: readonly Evidence[];
  readonly candidates: readonly IdeaThatFits[];
  readonly ruledOut: readonly RuledOut[];
  readonly gaveUp: string | null;
}

export interface IdeaContext {
  readonly book: BookSide;
  readonly statement: Statement;
  readonly comparison: Comparison;
  readonly options: CompareOptions;
  readonly refold: Refold;
}

export function ideasOf(
  all: readonly FoundByIds[],
  context: IdeaContext,
): ReadonlyMap<FoundByIds, Idea> {
  const left = all.flatMap((byIds) => {
    const lines = leftLinesOf(byIds);
    return lines.length === 0 ? [] : [{ byIds, lines }];
  });
  if (left.length === 0) return new Map();
  const { book, statement, comparison, options } = context;
  const parties = { oursParty: options.oursParty ?? 'book', theirsParty: options.theirsParty };
  const facts = new LineFacts(
    { book, statement, comparison, refold: context.refold, ...parties },
    left.flatMap(({ lines }) => lines.map(({ line }) => line)),
    new Set(all.flatMap(({ one, explained }) => (explained ? one.lines.map(lineId) : []))),
  );
  const budget = new SearchBudget();
  return new Map(
    left.map(({ byIds, lines }) => {
      const weighed = lines.map((one) => weigh(facts.of(one), budget));
      return [byIds, ideaOf(lines[0]!, weighed, statement)];
    }),
  );
}

/** Empty where the case has no use for ideas, or a line about which none can be had. */
function leftLinesOf({ one, found, open, resolved, explained }: FoundByIds): readonly LeftLine[] {
  if (explained || !resolved || one.settling) return [];
  if (found.some(({ step }) => step !== null && step.action !== 'book')) return [];
  const lines = new Map([...one.touched, ...one.lines].map((line) => [lineId(line), line]));
  const added = found.flatMap(({ gap, step }) =>
    step !== null && gap.kind === 'missing' ? [gap.theirs] : [],
  );
  const unmatched = found.flatMap(theirsLeftAlone);
  const left = open.flatMap(({ id, residual, verdict }): LeftLine[] => {
    const line = lines.get(id);
    const isHeld = line?.what === 'position' || line?.what === 'balance';
    if (!isHeld || line.theirs === null || residual === null || verdict !== 'different') return [];
    return [{ line, residual, added, unmatched }];
  });
  return left.length === open.length ? left : [];
}

/** Listed by them, and not in force here. */
const theirsLeftAlone = ({ gap }: Attribution): readonly ListedFact[] =>
  gap.kind === 'withdrawn' ? [gap.theirs] : [];

function ideaOf(first: LeftLine, weighed: readonly Weighed[], statement: Statement): Idea {
  const [leading, ...others] = weighed as readonly [Weighed, ...Weighed[]];
  const candidates = leading.candidates.filter((one) => others.every((each) => isIn(each, one)));
  const gaveUp = weighed.find((one) => one.gaveUp !== null)?.gaveUp ?? null;
  const confidence = candidates.length > 0 ? 'likely' : 'unexplained';
  const deciding = decidingData(statement, first.line);
  const { reason, sentence } = toldOf({ ...leading, candidates, gaveUp, confidence }, deciding);
  return {
    ...{ reason, confidence, sentence, gaveUp },
    evidence: candidates.length === 1 ? candidates[0]!.evidence : [],
    candidates: candidates.map(({ evidence: _, ...idea }) => idea),
    ruledOut: leading.ruledOut.filter(({ residual }) => residual === null || !isZero(residual)),
  };
}

const isIn = ({ candidates }: Weighed, { reason }: Candidate): boolean =>
  candidates.some((one) => one.reason === reason);
