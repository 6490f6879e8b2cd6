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
import { type BookSide, type ListedFact, mergedChange, type Refold } from './book-side.ts';
import type { Attribution } from './causes/cause.ts';
import type { Comparison } from './compare.ts';
import { decidingData } from './deciding.ts';
import { carriedBy, type FoundByIds } from './found-by-ids.ts';
import { SearchBudget } from './hypotheses/combination.ts';
import type { Candidate } from './hypotheses/idea.ts';
import { type LeftLine, LineFacts } from './hypotheses/line-facts.ts';
import { toldOf } from './hypotheses/telling.ts';
import { type Weighed, weighTogether } from './hypotheses/weigh.ts';
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
  /** What it was had about, and what was found. */
  readonly lines: readonly LeftLine[];
  readonly weighed: Weighed;
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
    {
      explained: new Set(
        all.flatMap(({ one, explained }) => (explained ? one.lines.map(lineId) : [])),
      ),
      carried: carriedBy(all.flatMap(({ found }) => found)),
    },
  );
  // Cases share no line, but one cause may have set the lines of several off.
  const weighed = weighTogether(
    left.flatMap(({ lines }) => lines.map((one) => facts.of(one))),
    new SearchBudget(),
  ).values();
  return new Map(
    left.map(({ byIds, lines }) => {
      const own = lines.map(() => weighed.next().value!);
      return [byIds, ideaOf(lines, own, statement)];
    }),
  );
}

/** Empty where the case has no use for ideas, or a line about which none can be had. */
function leftLinesOf({ one, found, open, resolved, explained }: FoundByIds): readonly LeftLine[] {
  if (explained || !resolved || one.settling) return [];
  if (found.some(({ step }) => step !== null && step.action !== 'book')) return [];
  const lines = new Map([...one.touched, ...one.lines].map((line) => [lineId(line), line]));
  const change = mergedChange(found.flatMap(({ step }) => (step === null ? [] : [step.change])));
  const unmatched = found.flatMap(theirsLeftAlone);
  const left = open.flatMap(({ id, residual, verdict }): LeftLine[] => {
    const line = lines.get(id);
    const isHeld = line?.what === 'position' || line?.what === 'balance';
    if (!isHeld || line.theirs === null || residual === null || verdict !== 'different') return [];
    return [{ line, residual, change, unmatched }];
  });
  return left.length === open.length ? left : [];
}

/** Listed by them, and not in force here. */
const theirsLeftAlone = ({ gap }: Attribution): readonly ListedFact[] =>
  gap.kind === 'withdrawn' ? [gap.theirs] : [];

function ideaOf(lines: readonly LeftLine[], all: readonly Weighed[], statement: Statement): Idea {
  const [leading, ...others] = all as readonly [Weighed, ...Weighed[]];
  const candidates = leading.candidates.filter((one) => others.every((each) => isIn(each, one)));
  const gaveUp = all.find((one) => one.gaveUp !== null)?.gaveUp ?? null;
  return toldIdea(lines, { ...leading, candidates, gaveUp }, statement);
}

/** Whatever was weighed, it is likely at most: only ids prove. */
export function toldIdea(
  lines: readonly LeftLine[],
  found: Omit<Weighed, 'confidence'>,
  statement: Statement,
): Idea {
  const { candidates, ruledOut, gaveUp } = found;
  const confidence = candidates.length > 0 ? 'likely' : 'unexplained';
  const weighed: Weighed = { ...found, confidence };
  const { reason, sentence } = toldOf(weighed, decidingData(statement, lines[0]!.line));
  return {
    ...{ reason, confidence, sentence, gaveUp, lines, weighed },
    evidence: candidates.length === 1 ? candidates[0]!.evidence : [],
    candidates: candidates.map(({ evidence: _, reach: __, ...idea }) => idea),
    ruledOut: ruledOut.filter(({ residual }) => residual === null || !isZero(residual)),
  };
}

const isIn = ({ candidates }: Weighed, { reason }: Candidate): boolean =>
  candidates.some((one) => one.reason === reason);
