/** The corpus: worlds with causes planted, their labels, and each again without its evidence. */
import { addMilliseconds, type Instant } from '../../src/model/instant.ts';
import type { Statement } from '../../src/model/statement.ts';
import { Random } from '../../test/decimal/random.ts';
import { deltaOf, holdingsOf, type Lines, type Listed, linesOf } from './exchange.ts';
import { isTraded, labelOf } from './label.ts';
import { isFill, isSound, type Plant, type Planted } from './plant.ts';
import { plantsOfFacts } from './plants-of-facts.ts';
import { plantsOfOrders } from './plants-of-orders.ts';
import { plantsOfSnapshots } from './plants-of-snapshots.ts';
import { type Shown, type Told, told } from './told.ts';
import type { Label, Scored } from './verdict.ts';
import { feesOf, type World, worldOf } from './world.ts';

/** Those that can come together. */
export const mixable: Readonly<Record<string, Plant>> = { ...plantsOfFacts, ...plantsOfOrders };

export const plants: Readonly<Record<string, Plant>> = { ...mixable, ...plantsOfSnapshots };

export interface Case extends Scored {
  readonly classes: readonly string[];
  readonly world: World;
  readonly told: Told;
  /** The answers before, where the venue is asked live; null: the statement is a document. */
  readonly live: Snapshots | null;
}

/** Null: the world has no place for them. */
export function caseOf(seed: number, classes: readonly string[], shown: Shown): Case | null {
  const random = new Random(seed);
  const world = worldOf(random, random.between(6, 30));
  const planted: Planted[] = [];
  const moved: ReadonlySet<string>[] = [];
  for (const name of classes) {
    const before = deltaNow(world);
    const one = plants[name]!(world);
    if (one === null) return null;
    planted.push(one);
    moved.push(new Set(deltaOf(before, deltaNow(world)).keys()));
  }
  if (!planted.every((one, index) => isSeen(one, moved[index]!))) return null;
  addDecoys(world, planted);
  if (!isSound(world)) return null;
  const evidence = new Set(planted.flatMap((one) => one.evidence));
  const seen = told(world, shown, evidence);
  if (shown !== 'all' && classes.length > 1 && !areApart(moved)) return null;
  const label = shown === 'all' ? labelOfAll(planted) : labelOfPairs(world, seen, planted, moved);
  const canRepair = shown === 'all' && planted.every(({ repairable }) => repairable);
  return {
    ...{ name: `${seed}: ${classes.join(' + ')}, ${shown}`, classes, shown, world, told: seen },
    live: snapshotsOf(world, shown, planted),
    label,
    passing: shown === 'all' && planted.every(({ passing }) => passing === true),
    unfinal: shown !== 'all' && (planted.some(isUnfinal) || isForeign(world, seen)),
    truth: canRepair ? linesOf(seen.held) : null,
  };
}

function deltaNow(world: World): Lines {
  const { truth, opening, booked, bookOpening, instruments, asOf, says } = world;
  const theirs = linesOf(says(holdingsOf(truth, opening, instruments, asOf)));
  return deltaOf(linesOf(holdingsOf(booked, bookOpening, instruments, asOf)), theirs);
}

export interface Snapshots {
  /** Of some seconds before. */
  readonly first: Statement;
  /** Of before the newest fact, when all was well. */
  readonly before: Statement;
}

const betweenMs = 5_000;

function snapshotsOf(world: World, shown: Shown, planted: readonly Planted[]): Snapshots | null {
  if (shown !== 'all' || !planted.some(({ live }) => live === true)) return null;
  const { truth, asOf } = world;
  const newest = truth.reduce((a, b) => (b.time > a.time ? b : a)).time;
  const at = (time: Instant, parts: Partial<World>): Statement =>
    told({ ...world, ...parts, asOf: time }, shown, new Set()).statement;
  return {
    first: at(addMilliseconds(asOf, -betweenMs), {}),
    before: at(addMilliseconds(newest, -2_000), { says: (held) => held }),
  };
}

const isUnfinal = ({ unfinal }: Planted): boolean => unfinal === true;

/** A position in what was never traded here: whoever opened it, without lists nobody knows. */
const isForeign = (world: World, { held }: Told): boolean =>
  [...linesOf(held).keys()].some((name) => name.startsWith('leg') && !isTraded(world, name));

const areApart = (moved: readonly ReadonlySet<string>[]): boolean =>
  moved.every((own, index) =>
    moved.every((other, at) => at === index || [...own].every((name) => !other.has(name))),
  );

const labelOfAll = (planted: readonly Planted[]): Label => ({
  causes: planted.flatMap(({ label }) => label),
  free: new Set(planted.flatMap(({ free }) => free ?? [])),
});

/** What venues round may be round already: then nobody could see that they do. */
const isSeen = (one: Planted, moved: ReadonlySet<string>): boolean =>
  moved.size > 0 || one.label[0]?.[0] !== 'ROUNDING_ACCUMULATED';

/** Of two causes that share no line, each is labelled on its own lines. */
function labelOfPairs(
  world: World,
  seen: Told,
  planted: readonly Planted[],
  moved: readonly ReadonlySet<string>[],
): Label | null {
  const shown = linesOf(seen.held);
  const verified = verifiedIn(world, seen.listed);
  const { held } = seen;
  if (planted.length === 1) return labelOf({ world, shown, held, verified });
  const ours = linesOf(holdingsOf(world.booked, world.bookOpening, world.instruments, world.asOf));
  const labels = moved.flatMap((own) => {
    // The other lines as if nothing were wrong with them.
    const mixed = new Map([...ours].filter(([name]) => !own.has(name)));
    for (const name of own) {
      const amount = shown.get(name);
      if (amount !== undefined) mixed.set(name, amount);
    }
    return labelOf({ world, shown: mixed, held, verified }) ?? [];
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
  // In a contract that is counted in another unit nothing is well.
  const scaled = planted.filter(({ label }) => label[0]?.[0] === 'MULTIPLIER_WRONG');
  const contracts = new Set(scaled.flatMap(({ evidence }) => evidence[0]!.instrument ?? []));
  const models = planted.flatMap(({ evidence }) => evidence).slice(0, 2);
  const known = new Set(world.truth.map(idOf));
  const extra = world.booked.filter((fact) => !known.has(idOf(fact))).slice(0, 2);
  for (const [index, model] of [...models, ...extra].entries()) {
    if (!random.chance(0.6)) continue;
    const time = world.truth[random.below(world.truth.length)]!.time + 2_500_000_000n;
    const id = `decoy${index}`;
    const plain = isFill(model)
      ? { ...model, time, executionId: id, orderId: id, cause: 'trade' as const }
      : { ...model, time, id };
    // A copy within a second would be a twin, which nothing tells from a fact counted twice.
    const isTwin = time - model.time < twinMax && model.time - time < twinMax;
    if (time >= world.asOf || isTwin || contracts.has(model.instrument ?? '')) continue;
    const decoy = isFill(plain) ? { ...plain, fees: feesOf(world, plain) } : plain;
    world.truth.push(decoy);
    world.booked.push(decoy);
  }
}

const twinMax = 2_000_000_000n;

const idOf = (fact: Listed): string => (isFill(fact) ? fact.executionId : fact.id);
