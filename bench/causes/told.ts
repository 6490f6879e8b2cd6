/** What the venue tells of a world: all of it, or without what would be evidence. */
import { divideHalfEven, isZero } from '../../src/decimal/decimal.ts';
import { addMilliseconds } from '../../src/model/instant.ts';
import type { Statement, StatementSection } from '../../src/model/statement.ts';
import { type Holdings, holdingsOf, type Listed } from './exchange.ts';
import { isCash, isFill } from './plant.ts';
import type { World } from './world.ts';

/** absent: without lists. cut: lists that lack the evidence, and say that they are not whole. */
export type Shown = 'all' | 'absent' | 'cut';

export interface Told {
  readonly statement: Statement;
  readonly held: Holdings;
  /** Facts that it lists. */
  readonly listed: readonly Listed[];
}

export function told(world: World, shown: Shown, evidence: ReadonlySet<Listed>): Told {
  const { truth, opening, instruments, asOf, from, says, random } = world;
  const held = says(holdingsOf(truth, opening, instruments, asOf));
  const range = { from, to: addMilliseconds(asOf, 60_000) };
  const isShown = (fact: Listed): boolean =>
    shown === 'all' || (shown === 'cut' && !evidence.has(fact) && random.chance(0.8));
  const listed = truth.filter(isShown);
  const lists = { ...range, complete: shown === 'all' };
  const statement: Statement = {
    ...{ account: 'main', venue: 'venue', asOf, takenAt: null },
    ...{ positions: section(positionsOf(held, world)), balances: section(balancesOf(held)) },
    orders: shown === 'all' ? section(world.venueOrders) : null,
    executions: shown === 'absent' ? null : { ...section(listed.filter(isFill)), ...lists },
    cashFlows: shown === 'absent' ? null : { ...section(listed.filter(isCash)), ...lists },
  };
  return { statement, held, listed };
}

const section = <Item>(items: readonly Item[]): StatementSection<Item> => ({
  ...{ complete: true, scope: null, error: null, from: null, to: null, items },
});

export const balancesOf = ({ coins }: Holdings) =>
  Array.from(coins, ([currency, total]) => ({
    ...{ currency, total, available: null, equity: null, borrowed: null },
  }));

/** The average price that a venue shows has eight digits. */
export const positionsOf = ({ legs }: Holdings, { instruments }: Pick<World, 'instruments'>) =>
  [...legs.values()]
    .filter(({ quantity }) => !isZero(quantity))
    .map(({ instrument, leg, quantity, cost }) => {
      const { type } = instruments.get(instrument)!;
      const averagePrice =
        type === 'inverse' ? divideHalfEven(quantity, cost, 8) : divideHalfEven(cost, quantity, 8);
      return { instrument, leg, quantity, averagePrice, markPrice: null, unrealisedPnl: null };
    });
