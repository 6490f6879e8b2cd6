/** Follows the trend: long while the fast average of closes is above the slow one, else short. */
import { type BuiltIn, barsOf } from './built-in.ts';
import { compareAverages } from './indicators.ts';

export const movingAverageCross: BuiltIn = {
  name: 'ma-cross',
  about: 'long while the fast average of closes is above the slow one, short while below',
  parameters: [
    {
      name: 'fast',
      value: '10',
      is: 'bars',
      why: 'short enough to turn within a swing; shorter crosses on noise and pays fees for it',
    },
    {
      name: 'slow',
      value: '30',
      is: 'bars',
      why: 'three times the fast one: closer together they cross often, further apart they lag',
    },
  ],
  ascending: ['fast', 'slow'],
  warmUp: (values) => barsOf(values, 'slow'),
  of(values) {
    const fast = barsOf(values, 'fast');
    const slow = barsOf(values, 'slow');
    return ({ bars }) => {
      if (bars.length < slow) return null;
      const side = compareAverages(bars, fast, slow);
      const words = `average of ${fast} is ${sideWords[side]} average of ${slow}`;
      return { want: wants[side], limit: null, why: words };
    };
  },
};

const wants = { '-1': 'short', '0': 'as-is', '1': 'long' } as const;
const sideWords = { '-1': 'below', '0': 'at', '1': 'above' } as const;
