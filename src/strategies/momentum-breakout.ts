/** Goes with a price that leaves the range of the bars before, until it falls back into it. */
import { compare, isNegative, isPositive } from '../decimal/decimal.ts';
import { type BuiltIn, barsOf } from './built-in.ts';
import { highestHigh, lowestLow } from './indicators.ts';

export const momentumBreakout: BuiltIn = {
  name: 'breakout',
  about: 'long above the highest high of the bars before, short below their lowest low',
  parameters: [
    {
      name: 'exit',
      value: '10',
      is: 'bars',
      why: 'half the entry range: gives a move room to breathe, and not the whole way back',
    },
    {
      name: 'entry',
      value: '20',
      is: 'bars',
      why: 'long enough that a new extreme is news; shorter ranges are left all the time',
    },
  ],
  ascending: ['exit', 'entry'],
  warmUp: (values) => barsOf(values, 'entry') + 1,
  of(values) {
    const entry = barsOf(values, 'entry');
    const exit = barsOf(values, 'exit');
    return ({ bars, held }) => {
      if (bars.length < entry + 1) return null;
      const last = bars.length - 1;
      const { close } = bars[last]!;
      // The bar that has just closed is no part of the range that it leaves.
      const isAbove = (from: number) => compare(close, highestHigh(bars, last - from, last)) > 0;
      const isBelow = (from: number) => compare(close, lowestLow(bars, last - from, last)) < 0;
      const words = (which: string, length: number) => `close ${which} of ${length} bars`;
      if (isAbove(entry)) return signal('long', words('above the high', entry));
      if (isBelow(entry)) return signal('short', words('below the low', entry));
      if (isPositive(held.quantity) && isBelow(exit)) {
        return signal('flat', words('below the low', exit));
      }
      if (isNegative(held.quantity) && isAbove(exit)) {
        return signal('flat', words('above the high', exit));
      }
      return signal('as-is', `inside the range of ${entry} bars`);
    };
  },
};

const signal = <Want>(want: Want, why: string) => ({ want, limit: null, why });
