/**
 * Which executions a row may lack. A store that is behind lacks the last ones; one that lost a
 * message lacks any of them, and where two parts of the list add up to the same, the sum does not
 * say which. What the store has of orders may.
 */
import { add, type Decimal, isZero, signOf, subtract, zero } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import { combinationsOf, type SearchBudget } from '../hypotheses/combination.ts';
import {
  type EarlierTruth,
  firstOf,
  isAfter,
  type LegHistory,
  type LegStep,
  type RowMoments,
  type StatesFound,
  sumOf,
} from './leg-history.ts';

export interface MissedParts {
  /** Every part that leads from the row to what is held, those of a moment first. */
  readonly parts: readonly EarlierTruth[];
  /** No other part does. */
  readonly complete: boolean;
}

export interface PartTerms {
  readonly stored: Decimal;
  readonly moments: RowMoments;
  /** The store has the order of this execution as filled. */
  readonly isRecorded: (step: LegStep) => boolean;
  readonly budget: SearchBudget;
}

/** `states`: of which there is one at least. */
export function missedParts(
  history: LegHistory,
  states: StatesFound,
  terms: PartTerms,
): MissedParts {
  const others = otherParts(history, terms);
  const seen = new Set(states.found.map(({ missed }) => nameOf(missed)));
  const parts = [...states.found];
  for (const missed of others.parts) {
    const name = nameOf(missed);
    if (seen.has(name)) continue;
    seen.add(name);
    parts.push({ at: null, missed, scattered: true });
  }
  const { complete } = others;
  if (parts.length === 1) return { parts, complete };
  // An order that is filled in the store was heard of: the row that has it lacks another one.
  const unheard = parts.filter(({ missed }) => !missed.some(terms.isRecorded));
  return { parts: unheard.length === 1 ? unheard : parts, complete };
}

function otherParts(
  history: LegHistory,
  { stored, moments, budget }: PartTerms,
): { readonly parts: readonly (readonly LegStep[])[]; readonly complete: boolean } {
  const steps = history.steps.slice(firstOf(history, moments));
  const isLate = ({ fill }: LegStep): boolean => isAfter(fill.time, moments.written);
  const late = steps.filter(isLate);
  // There is a row: what opened the position is known.
  const open = steps.filter(
    (step, index) => !isLate(step) && !(index === 0 && isZero(step.before)),
  );
  const target = subtract(subtract(history.held, stored), sumOf(late));
  const sign = signOf(target);
  const towards = open.filter(({ effect }) => signOf(effect) === sign);
  // Nothing but all that lead there does: so many executions need no search.
  if (sign !== 0 && isZero(subtract(sumOf(towards), target))) {
    return { parts: [[...towards, ...late].sort(byPlace(steps))], complete: true };
  }
  const effects = open.map(({ effect }) => effect);
  const { ways, more, gaveUp } = combinationsOf(effects, target, budget);
  return {
    parts: ways.map((way) => [...way.map((index) => open[index]!), ...late].sort(byPlace(steps))),
    complete: !more && gaveUp === null,
  };
}

const byPlace = (steps: readonly LegStep[]) => {
  const places = new Map(steps.map((step, place) => [step, place]));
  return (a: LegStep, b: LegStep): number => places.get(a)! - places.get(b)!;
};

/** Of two executions of one order at one price it does not matter which is missing. */
const nameOf = (missed: readonly LegStep[]): string => {
  const quantities = new Map<string, Decimal>();
  for (const { fill, effect } of missed) {
    const one = `${fill.orderId} ${fill.side} ${toText(fill.price)}`;
    quantities.set(one, add(quantities.get(one) ?? zero, effect));
  }
  const names = Array.from(quantities, ([one, quantity]) => `${one} ${toText(quantity)}`);
  return names.sort().join('; ');
};
