/**
 * Plans from seeds. Which faults a plan has, and how many, is drawn for each seed anew: many of few
 * kinds find other things than a few of all. Three kinds of fault and a crash are always in it.
 */
import { Random } from '../decimal/random.ts';
import { type Shape, shapeOf } from './market.ts';
import {
  commandKinds,
  type FaultKind,
  faultKinds,
  isCrash,
  isFault,
  processFaults,
  type Step,
  type StepKind,
} from './step.ts';

type Weighted = readonly (readonly [StepKind, number])[];

/** Out of about a thousand. Most of what happens is the market's. */
const usual: Weighted = [
  ...([['touch', 560] as const, ['trade', 180] as const, ['mark', 90] as const] as const),
  ...([['rate', 15] as const, ['limit', 50] as const, ['market', 14] as const] as const),
  ...([['cancel', 14] as const, ['amend', 8] as const, ['by-hand', 7] as const] as const),
  ...([['deposit', 2] as const, ['withdraw', 2] as const, ['pass', 12] as const] as const),
  ...([['check', 1] as const, ['sync', 1] as const, ['approve', 1] as const] as const),
];

/** Faults of which a plan has few, because each of them stops everything for a while. */
const rare: ReadonlySet<FaultKind> = new Set([
  ...processFaults,
  ...(['restart', 'down', 'liquidate', 'made-up', 'told-twice', 'misquoted'] as const),
]);

export function planOf(seed: number, steps: number): readonly Step[] {
  const random = new Random(seed);
  const weights = weightsOf(random);
  const plan = Array.from({ length: steps }, () => stepFrom(random, drawn(random, weights)));
  const must = [...missing(plan, random)];
  for (const kind of must) plan[random.below(steps)] = stepFrom(random, kind);
  addOthers(plan, new Random(seed + 1_000_000), shapeOf(seed));
  if (seed % 4 === 0 && plan.some(({ kind }) => kind === 'rows')) addFollowing(plan, random);
  return plan;
}

/**
 * In every third day there is a bot with a database, in another one aged positions are left. A
 * table of the bot's has no legs: where there are some, positions are left instead.
 */
function addOthers(plan: Step[], random: Random, { positionMode }: Shape): void {
  const drawn = random.below(3);
  const which = drawn === 0 && positionMode === 'hedge' ? 1 : drawn;
  const many = (kind: StepKind, from: number, to: number) =>
    Array.from({ length: random.between(from, to) }, () => kind);
  if (which === 2) return;
  const all =
    which === 0 ? [...many('bot-writes', 4, 20), ...many('rows', 1, 3)] : many('exits', 4, 12);
  for (const kind of all) {
    const place = random.below(plan.length);
    if (plan[place]!.kind !== 'touch') continue;
    const step = stepFrom(random, kind);
    plan[place] = kind === 'exits' && step.a % 2 === 1 ? { ...step, kind: 'exit-desk' } : step;
  }
}

/** In a quarter of the days with a database its rows follow the book, from early on. */
function addFollowing(plan: Step[], random: Random): void {
  const early = plan.slice(0, plan.length / 4);
  const place = early.findIndex(({ kind }) => kind === 'touch');
  if (place >= 0) plan[place] = stepFrom(random, 'follow');
}

function weightsOf(random: Random): Weighted {
  const count = random.between(4, 12);
  const chosen = new Set<FaultKind>();
  while (chosen.size < count) chosen.add(random.pick(faultKinds));
  const faults = [...chosen].map((kind): readonly [StepKind, number] => {
    return [kind, rare.has(kind) ? random.between(1, 2) : random.between(2, 9)];
  });
  return [...usual, ...faults];
}

function drawn(random: Random, weights: Weighted): StepKind {
  const sum = weights.reduce((total, [, weight]) => total + weight, 0);
  let place = random.below(sum);
  for (const [kind, weight] of weights) {
    place -= weight;
    if (place < 0) return kind;
  }
  return 'touch';
}

function stepFrom(random: Random, kind: StepKind): Step {
  const after =
    kind === 'pass'
      ? random.between(1_000, 40_000)
      : random.chance(0.04)
        ? random.between(1, 3_000)
        : 0;
  const [which, a, b] = [random.below(1_000), random.below(1_000), random.below(1_000)];
  return { kind, after, which, a, b };
}

/** What every plan has, and this one lacks. */
function* missing(plan: readonly Step[], random: Random): Generator<StepKind> {
  if (!plan.some(({ kind }) => isCrash(kind))) yield random.pick(processFaults);
  for (const kind of commandKinds) if (!plan.some((step) => step.kind === kind)) yield kind;
  const kinds = new Set(plan.map(({ kind }) => kind).filter(isFault));
  while (kinds.size < 4) {
    const kind = random.pick(faultKinds);
    if (kinds.has(kind)) continue;
    kinds.add(kind);
    yield kind;
  }
}
