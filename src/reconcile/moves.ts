/**
 * What a repair moves is worth: every line that it moves, also one that was not compared, and no
 * less than every fact that it takes back or corrects, so that a limit of value holds for all of
 * it: not for the part that was compared, nor for what is left once two mistakes cancel.
 */
import {
  absolute,
  add,
  compare as compareDecimals,
  type Decimal,
  zero,
} from '../decimal/decimal.ts';
import type { Break, FoundRemedy } from '../model/break.ts';
import type { ListedFact } from './book-side.ts';
import type { Attribution } from './causes/cause.ts';
import type { Comparison } from './compare.ts';
import { changeOfEffect, type Effect, isShown, type Moved } from './effects.ts';
import { namedLine } from './found-by-ids.ts';
import type { LineValue } from './judge.ts';
import type { HeldName } from './touch.ts';
import { sumOfValues, type Valuer } from './value.ts';

export type Moves = Required<Pick<FoundRemedy, 'moves' | 'uncompared'>>;

/** `gross`: of the lines that differ; null where one has no price. `found`: with its steps. */
export function movesOf(
  { moved, hidden, found }: Moved & { readonly found: readonly Attribution[] },
  gross: Decimal | null,
  comparison: Comparison,
  valuer: Valuer,
): Moves {
  const all: readonly HeldName[] = [...moved, ...hidden];
  const uncompared = all.filter((name) => comparison.verdictOf(namedLine(name)) === 'unknown');
  const sum = sumOfValues(moved.map((effect) => movedValue(effect, valuer))).gross;
  return {
    moves: hidden.length > 0 ? null : larger(larger(sum, gross), undone(found, valuer)),
    uncompared: [...new Set(uncompared.map(({ key }) => key))],
  };
}

/** Each fact that is taken back or corrected by itself: the larger of what it was and becomes. */
function undone(found: readonly Attribution[], valuer: Valuer): Decimal | null {
  let sum: Decimal | null = zero;
  for (const forms of found.map(undoneForms)) {
    const worth = forms.map((fact) => valuer.fact(fact)).reduce(larger, zero);
    sum = sum === null || worth === null ? null : add(sum, worth);
  }
  return sum;
}

function undoneForms({ gap, step }: Attribution): readonly ListedFact[] {
  if (step === null || (step.action !== 'reverse' && step.action !== 'correct')) return [];
  if (gap.kind === 'order' || gap.kind === 'missing') return [];
  return [gap.ours.fact, ...step.change.replace.map(({ fact }) => fact)];
}

export const effectValue = (effect: Effect, valuer: Valuer): LineValue =>
  effect.what === 'balance'
    ? valuer.balance(effect.key, changeOfEffect(effect))
    : valuer.position(effect.key, effect.before, effect.after);

/** Of a price alone: what equity moves by. */
function movedValue(effect: Effect, valuer: Valuer): LineValue {
  const value = effectValue(effect, valuer);
  const net = value.net === null ? null : absolute(value.net);
  if (!isShown(effect)) return { gross: net, net: value.net };
  return { gross: net === null ? value.gross : larger(value.gross, net), net: value.net };
}

const larger = (a: Decimal | null, b: Decimal | null): Decimal | null => {
  if (a === null || b === null) return null;
  return compareDecimals(a, b) >= 0 ? a : b;
};

/** What its repair moves, as it was noted; else what its lines differ by. Null: no price. */
export const movedBy = ({ remedy, gross }: Pick<Break, 'remedy' | 'gross'>): Decimal | null =>
  remedy?.moves === undefined ? gross : remedy.moves;
