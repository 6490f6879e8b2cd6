/**
 * Buys what fell fast and sells what rose fast. The relative strength is the one of plain sums
 * (Cutler's): it depends on the newest bars alone, not on where the data began, and is exact.
 */
import { toText } from '../decimal/text.ts';
import { type BuiltIn, barsOf } from './built-in.ts';
import { compareStrength, swingOf } from './indicators.ts';
import { reversion } from './reversion.ts';

export const rsiReversion: BuiltIn = {
  name: 'rsi-reversion',
  about: 'long when the relative strength is low, short when it is high, flat again at the middle',
  parameters: [
    {
      name: 'length',
      value: '14',
      is: 'bars',
      why: 'the usual length, so that levels mean what people expect; shorter reaches them often',
    },
    {
      name: 'low',
      value: '30',
      is: 'number',
      why: 'seven tenths of the movement went down: rare enough to be a move, not a wobble',
    },
    {
      name: 'exit',
      value: '50',
      is: 'number',
      why: 'the middle: the move that it bet against is over; further out it would be a trend bet',
    },
    { name: 'high', value: '70', is: 'number', why: 'the mirror of low' },
  ],
  ascending: ['low', 'exit', 'high'],
  warmUp: (values) => barsOf(values, 'length') + 1,
  of(values) {
    const length = barsOf(values, 'length');
    const { low, exit, high } = values;
    const words = (level: string) => `relative strength of ${length} ${level}`;
    return (seen) => {
      if (seen.bars.length < length + 1) return null;
      const swing = swingOf(seen.bars, length);
      const middle = compareStrength(swing, exit!);
      if (middle === null) return { want: 'as-is', limit: null, why: `nothing moved in ${length}` };
      return reversion(seen, {
        isLow: compareStrength(swing, low!) === -1,
        isHigh: compareStrength(swing, high!) === 1,
        middle,
        words: {
          low: words(`below ${toText(low!)}`),
          high: words(`above ${toText(high!)}`),
          middle: words(`back at ${toText(exit!)}`),
        },
      });
    };
  },
};
