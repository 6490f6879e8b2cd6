/** What sections, rules and counts of the two sides are called. */
import type { MatchRule, SidePair, SideSection, Sides } from '../api/sides.ts';
import type { ShapeName } from './break-words.ts';

export const sectionWord: Readonly<Record<SideSection, string>> = {
  balances: 'balances',
  positions: 'positions',
  orders: 'open orders',
  cashFlows: 'cash flows',
  executions: 'executions',
};

export const whatWord: Readonly<Record<SidePair['what'], string>> = {
  balance: 'balance',
  position: 'position',
  'average-price': 'average price',
  order: 'order',
  fill: 'fill',
  'cash-flow': 'cash flow',
};

/** By which rule the two are one; null: they have one name, which needs no rule. */
export const ruleWord: Readonly<Record<MatchRule, string | null>> = {
  name: null,
  id: 'by the venue’s id',
  'own-id': 'by our own id',
  'id-alone': 'by the id alone',
  content: 'by all but its id',
  order: 'by the order of both',
  likeness: 'by what was traded, and when',
};

export interface CounterWords {
  readonly shape: ShapeName;
  readonly words: string;
}

const lines = (count: number) => `${count} line${count === 1 ? '' : 's'}`;

type Counted = Pick<Sides, 'counts' | 'fresh' | 'complete'>;

/** Green is fresh and equal, and everything was told. */
export function counterOf({ counts, fresh, complete }: Counted): CounterWords {
  const { different, unknown, settling, equal } = counts;
  const agree = equal + counts['within-tolerance'];
  if (different > 0) {
    return { shape: 'break', words: different === 1 ? 'line differs' : 'lines differ' };
  }
  if (unknown > 0) {
    return { shape: 'cannot-say', words: `differ, and of ${lines(unknown)} nobody can say` };
  }
  if (settling > 0) return { shape: 'settling', words: `differ, and ${lines(settling)} settle` };
  if (agree === 0) return { shape: 'cannot-say', words: 'differ: there is nothing to compare' };
  if (complete !== true) {
    return {
      shape: 'cannot-say',
      words: `differ of the ${lines(agree)} that were told: not all was`,
    };
  }
  const all = `differ: ${agree === 1 ? 'the one line agrees' : `all ${agree} lines agree`}`;
  if (fresh) return { shape: 'true', words: all };
  return { shape: 'cannot-say', words: `${all}, but of now nobody said so` };
}
