/** The corpus: worlds with causes planted, their labels, and each again without its evidence. */
import type { Reason } from '../../src/model/reason.ts';
import { Random } from '../../test/decimal/random.ts';
import { holdingsOf, type Lines, type Listed, linesOf } from './exchange.ts';
import { costsOf, type Label, labelOf } from './label.ts';
import { isFill, isSound, type Plant, type Planted } from './plant.ts';
import { plantsOfFacts } from './plants-of-facts.ts';
import { plantsOfOrders } from './plants-of-orders.ts';
import { type Shown, type Told, told } from './told.ts';
import { feesOf, type World, worldOf } from './world.ts';

export const plants: Readonly<Record<string, Plant>> = { ...plantsOfFacts, ...plantsOfOrders };

export interface Case {
  /** `seed: class + class, shown`. */
  readonly name: string;
  readonly classes: readonly string[];
  readonly shown: Shown;
  readonly world: World;
  readonly told: Told;
  /** Null: nothing is to be seen, and nothing may be said. */
  readonly label: Label | null;
  /** Nothing is wrong for good. */
  readonly passing: boolean;
  /** What differs is not known to differ. */
  readonly unfinal: boolean;
  /** What the book should hold after a repair; null: no listed fact tells. */
  readonly truth: Lines | null;
}

/** Null: the world has no place for them. */
export function caseOf(seed: number, classes: readonly string[], shown: Shown): Case | null {
  const random = new Random(seed);
  const world = worldOf(random, random.between(6, 30));
  const planted: Planted[] = [];
  const moved: ReadonlySet<string>[] = [];
  for (const name of classes) {
    const before = linesNow(world);
    const one = plants[name]!(world);
    if (one === null) return null;
    planted.push(one);
    moved.push(changedLines(before, linesNow(world)));
  }
  addDecoys(world, planted);
  if (!isSound(world)) return null;
  const evidence = new Set(planted.flatMap((one) => one.evidence));
  const seen = told(world, shown, evidence);
  if (shown !== 'all' && classes.length > 1 && !areApart(moved)) return null;
  const label = shown === 'all' ? labelOfAll(planted) : labelOfPairs(world, seen, planted, moved);
  const isVisible = shown !== 'all' || differs(world, seen, planted);
  if (!isVisible) return null;
  const canRepair = shown === 'all' && planted.every(({ repairable }) => repairable);
  return {
    ...{ name: `${seed}: ${classes.join(' + ')}, ${shown}`, classes, shown, world, told: seen },
    label,
    passing: shown === 'all' && planted.every(({ passing }) => passing === true),
    unfinal: shown !== 'all' && planted.some(({ unfinal }) => unfinal === true),
    truth: canRepair ? linesOf(seen.held) : null,
  };
}

function linesNow(world: World): readonly [Lines, Lines] {
  const { truth, opening, booked, bookOpening, instruments, asOf, says } = world;
  const theirs = linesOf(says(holdingsOf(truth, opening, instruments, asOf)));
  return [linesOf(holdingsOf(booked, bookOpening, instruments, asOf)), theirs];
}

function changedLines(before: readonly [Lines, Lines], after: readonly [Lines, Lines]) {
  const off = ([ours, theirs]: readonly [Lines, Lines]): ReadonlyMap<string, string> =>
    new Map(
      [...new Set([...ours.keys(), ...theirs.keys()])].map((name) => {
        const text = (lines: Lines) => JSON.stringify(lines.get(name) ?? 0, (_, value) =>
          typeof value === 'bigint' ? String(value) : value,
        );
        return [name, `${text(ours)} ${text(theirs)}`];
      }),
    );
  const [then, now] = [off(before), off(after)];
  return new Set([...now.keys()].filter((name) => now.get(name) !== then.get(name)));
}

const areApart = (moved: readonly ReadonlySet<string>[]): boolean =>
  moved.every((own, index) =>
    moved.every((other, at) => at === index || [...own].every((name) => !other.has(name))),
  );

const labelOfAll = (planted: readonly Planted[]): Label => ({
  causes: planted.flatMap(({ label }) => label),
  free: new Set(planted.flatMap(({ free }) => free ?? [])),
});

/** A dust or a stamp may come out as nothing that anybody could see. */
function differs(world: World, { held }: Told, planted: readonly Planted[]): boolean {
  const isSilent = planted.every(({ evidence, label, passing }) => {
    const code = label[0]![0]!;
    return evidence.length === 0 && passing !== true && silent.includes(code);
  });
  const ours = linesOf(
    holdingsOf(world.booked, world.bookOpening, world.instruments, world.asOf),
  );
  return !isSilent || linesMovedFrom(ours, linesOf(held)) > 0;
}

const silent: readonly Reason[] = ['ROUNDING_ACCUMULATED'];

const linesMovedFrom = (ours: Lines, theirs: Lines): number =>
  [...new Set([...ours.keys(), ...theirs.keys()])].filter(
    (name) => JSON.stringify(ours.get(name), bigText) !== JSON.stringify(theirs.get(name), bigText),
  ).length;

const bigText = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);

/** Of two causes that share no line, each is labelled on its own lines. */
function labelOfPairs(
  world: World,
  seen: Told,
  planted: readonly Planted[],
  moved: readonly ReadonlySet<string>[],
): Label | null {
  const shown = linesOf(seen.held);
  const verified = verifiedIn(world, seen.listed);
  const costs = costsOf(seen.held, world);
  if (planted.length === 1) return labelOf({ world, shown, costs, verified });
  const ours = linesOf(
    holdingsOf(world.booked, world.bookOpening, world.instruments, world.asOf),
  );
  const labels = moved.flatMap((own) => {
    // The other lines as if nothing were wrong with them.
    const mixed = new Map([...ours].filter(([name]) => !own.has(name)));
    for (const name of own) {
      const amount = shown.get(name);
      if (amount !== undefined) mixed.set(name, amount);
    }
    return labelOf({ world, shown: mixed, costs, verified }) ?? [];
  });
  if (labels.length === 0) return null;
  return {
    causes: labels.flatMap(({ causes }) => causes),
    free: new Set(labels.flatMap(({ free }) => [...free])),
  };
}

function verifiedIn(world: World, listed: readonly Listed[]): ReadonlySet<Listed> {
  const all = new Set(listed);
  return new Set(world.booked.filter((fact) => all.has(fact)));
}

/** Facts of the same size as what was planted, of which all is well. */
function addDecoys(world: World, planted: readonly Planted[]): void {
  const { random } = world;
  const models = planted.flatMap(({ evidence }) => evidence).slice(0, 2);
  const extra = world.booked.filter((fact) => !world.truth.includes(fact)).slice(0, 2);
  for (const [index, model] of [...models, ...extra].entries()) {
    if (!random.chance(0.6)) continue;
    const time = world.truth[random.below(world.truth.length)]!.time + 2_500_000_000n;
    const id = `decoy${index}`;
    const plain = isFill(model)
      ? { ...model, time, executionId: id, orderId: id, cause: 'trade' as const }
      : { ...model, time, id };
    if (time >= world.asOf) continue;
    const decoy = isFill(plain) ? { ...plain, fees: feesOf(world, plain) } : plain;
    world.truth.push(decoy);
    world.booked.push(decoy);
  }
}
