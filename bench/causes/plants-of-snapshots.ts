/** Answers of a venue that is asked live: some of it of an earlier moment, or a fill on its way. */
import { addMilliseconds } from '../../src/model/instant.ts';
import type { Reason } from '../../src/model/reason.ts';
import { deltaOf, type Holdings, holdingsOf, type Listed, linesOf } from './exchange.ts';
import { isFill, type Plant, type Planted } from './plant.ts';
import { randomFill, type World } from './world.ts';

const passing = (codes: readonly Reason[]): Planted => ({
  ...{ label: codes.length === 0 ? [] : [codes], evidence: [], repairable: false },
  ...{ passing: true, live: true },
});

const earlierCodes: readonly Reason[] = ['SNAPSHOT_TORN', 'SNAPSHOT_STALE'];

/** The newest fact is seconds old, and what is held was looked up before it. */
const earlier =
  (mix: (then: Holdings, now: Holdings) => Holdings): Plant =>
  (world) => {
    const last = newestOf(world);
    if (!isFill(last) || world.instruments.get(last.instrument)!.type === 'spot') return null;
    world.asOf = addMilliseconds(last.time, 20_000);
    const { truth, opening, instruments, asOf } = world;
    const before = truth.filter((one) => one !== last);
    const then = holdingsOf(before, opening, instruments, asOf);
    const now = holdingsOf(truth, opening, instruments, asOf);
    const shown = mix(then, now);
    if (deltaOf(linesOf(shown), linesOf(now)).size === 0) return null;
    const { says } = world;
    world.says = () => says(shown);
    return passing(earlierCodes);
  };

const newestOf = ({ truth }: World): Listed =>
  truth.reduce((newest, one) => (one.time > newest.time ? one : newest));

/** In the positions already, and in no list yet; the earlier snapshot does not have it. */
const inFlight: Plant = (world) => {
  world.asOf = addMilliseconds(newestOf(world).time, 90_000);
  const fill = randomFill(world, 'flying', addMilliseconds(world.asOf, -3_000));
  const { truth, opening, instruments, asOf } = world;
  const held = holdingsOf([...truth, fill], opening, instruments, asOf);
  const { says } = world;
  world.says = (plain) => (plain.asOf === asOf ? says(held) : says(plain));
  return passing([]);
};

export const plantsOfSnapshots: Readonly<Record<string, Plant>> = {
  'positions of an earlier moment': earlier((then, now) => ({ ...now, legs: then.legs })),
  'balances of an earlier moment': earlier((then, now) => ({ ...now, coins: then.coins })),
  'all of an earlier moment': earlier((then) => then),
  'fill in flight': inFlight,
};
