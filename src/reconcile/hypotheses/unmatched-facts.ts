/**
 * Facts that one party lists and the other lacks. All of them together are evidence for every
 * unit; a choice of some of them that happens to add up is a find of a search, and likely at most.
 */
import { isZero, subtract, total } from '../../decimal/decimal.ts';
import type { Evidence } from '../../model/break.ts';
import type { Reason } from '../../model/reason.ts';
import { factNoun, factText } from '../causes/cause.ts';
import { missingReasonOf } from '../causes/missing-reason.ts';
import { idOf } from '../gap.ts';
import { combinationsOf, type SearchBudget } from './combination.ts';
import { type Unmatched, unmatchedOn } from './effect.ts';
import {
  bound,
  type DifferenceFacts,
  differenceIn,
  fits,
  leaves,
  type Reach,
  type Tried,
} from './idea.ts';

export interface FromFacts {
  /** All of them carry the difference. */
  readonly whole: Tried | null;
  /** Choices of some that do, where all do not. */
  readonly chosen: readonly Tried[];
  readonly ruledOut: readonly Tried[];
  readonly gaveUp: string | null;
}

export function fromUnmatchedFacts(facts: DifferenceFacts, budget: SearchBudget): FromFacts {
  const difference = differenceIn(facts);
  const all = unmatchedOn(facts);
  const none: FromFacts = { whole: null, chosen: [], ruledOut: [], gaveUp: null };
  if (all === null || all.length === 0) return none;
  const residual = subtract(difference, total(all.map(({ effect }) => effect)));
  if (isZero(residual)) {
    const reach = reachOf(all, facts);
    return reach === false ? none : { ...none, whole: triedOf(all, facts, reach) };
  }
  const terms = all.map(({ effect }) => effect);
  const { ways: found, more, gaveUp } = combinationsOf(terms, difference, budget);
  const ways = found.flatMap((way) => {
    const facing = way.map((index) => all[index]!);
    const reach = reachOf(facing, facts);
    return reach === false ? [] : [{ facing, reach }];
  });
  const name = all.length === 1 ? 'the fact that one lacks' : `all ${all.length} facts`;
  const why = `${namesOf(all)} would leave it`;
  return {
    whole: null,
    chosen: ways.map(({ facing, reach }) => {
      const tried = triedOf(facing, facts, reach);
      const apart = all.length - facing.length;
      const rest = `which adds up, while ${apart} of the missing do not belong`;
      const beside = more ? ', and so do other combinations' : '';
      return { ...tried, sentence: `${tried.sentence}, ${rest}${beside}` };
    }),
    ruledOut: [leaves(reasonOf(all), name, residual, why)],
    gaveUp,
  };
}

/**
 * False: all of them only ours has, and other lines have them too. Several are several causes.
 */
function reachOf(chosen: readonly Unmatched[], { whole }: DifferenceFacts): Reach | null | false {
  if (whole === undefined || !chosen.every(({ isExtra }) => isExtra)) return null;
  const right = whole.without(chosen.map(({ fact }) => fact));
  if (right === null || right === false) return right;
  return chosen.length === 1 ? bound(right) : { lines: right, binds: false };
}

const namedMax = 3;

function namesOf(all: readonly Unmatched[]): string {
  const named = all.slice(0, namedMax).map(({ fact }) => factText(fact));
  const more = all.length - named.length;
  return named.join('; ') + (more > 0 ? `; and ${more} more` : '');
}

function triedOf(all: readonly Unmatched[], facts: DifferenceFacts, reach: Reach | null): Tried {
  const evidence = all.map((one) => evidenceOf(one, facts));
  const name = all.map(({ fact }) => idOf(fact)).join(' ');
  const lacking = all.filter(({ isExtra }) => !isExtra);
  const beyond = all.filter(({ isExtra }) => isExtra);
  const parts = [
    ...(lacking.length > 0 ? [`the ${facts.oursParty} lacks ${namesOf(lacking)}`] : []),
    ...(beyond.length > 0 ? [`only the ${facts.oursParty} has ${namesOf(beyond)}`] : []),
  ];
  return fits(reasonOf(all), name, parts.join(', and '), evidence, reach);
}

const evidenceOf = ({ fact, effect, isExtra }: Unmatched, facts: DifferenceFacts): Evidence => ({
  at: fact.time,
  what: factNoun(fact),
  id: idOf(fact),
  source: isExtra ? facts.oursParty : facts.theirsParty,
  effect,
  sequence: null,
});

/** The reason of the first, or of one that was forced: facts of several kinds are told by name. */
function reasonOf(all: readonly Unmatched[]): Reason {
  if (all[0]!.isExtra) return 'FILL_MISAPPLIED';
  const reasons = all.map(({ fact }) => missingReasonOf(fact));
  return reasons.find((reason) => reason === 'LIQUIDATION_MISSING') ?? reasons[0]!;
}
