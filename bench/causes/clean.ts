/** The control: accounts in which all is well, checked with all lists, without them, and live. */
import { Random } from '../../test/decimal/random.ts';
import { isFill, isSound } from './plant.ts';
import { productOn } from './product.ts';
import { type Shown, told } from './told.ts';
import { worldOf } from './world.ts';

export interface CleanFound {
  readonly falseBreaks: number;
  readonly text: string;
}

export function cleanAccounts(seed: number, wanted: number): CleanFound {
  let fills = 0;
  let accounts = 0;
  let falseBreaks = 0;
  for (let index = 0; fills < wanted; index++) {
    const random = new Random(seed * 3_000_017 + index);
    const world = worldOf(random, random.between(20, 200));
    if (!isSound(world)) continue;
    accounts += 1;
    fills += world.truth.filter(isFill).length;
    const shown = random.pick<Shown>(['all', 'all', 'absent', 'cut']);
    const { statement } = told(world, shown, new Set());
    const { breaks, clean } = productOn(world, statement, null);
    falseBreaks += breaks + (clean || shown !== 'all' ? 0 : 1);
  }
  const perMillion = fills === 0 ? 0 : (falseBreaks * 1_000_000) / fills;
  const text =
    `Clean: ${fills.toLocaleString('en')} fills in ${accounts.toLocaleString('en')} accounts, ` +
    `${falseBreaks} false breaks, ${perMillion} per million`;
  return { falseBreaks, text };
}
