/**
 * Bets on the return to the average from outside a band around it. The band is `width` standard
 * deviations of the same closes wide; the deviation's square root has 18 digits, half-even, and is
 * the only figure here that is rounded.
 */
import {
  add,
  compare,
  fromInteger,
  multiply,
  roundingScale,
  subtract,
} from '../decimal/decimal.ts';
import { toText } from '../decimal/text.ts';
import { type BuiltIn, barsOf } from './built-in.ts';
import { spreadOf } from './indicators.ts';
import { reversion } from './reversion.ts';

/** Digits of the square root behind the point: as many as accounting keeps where it rounds. */
export const deviationDigits = roundingScale;

export const bollingerReversion: BuiltIn = {
  name: 'bollinger-reversion',
  about: 'long below the lower band, short above the upper one, flat again at the average',
  parameters: [
    {
      name: 'length',
      value: '20',
      is: 'bars',
      why: 'the usual length; shorter bands hug the price, longer ones lag behind a new level',
    },
    {
      name: 'width',
      value: '2',
      is: 'number',
      why: 'about one close in twenty of a calm market is outside; at 3 hardly any, at 1 a third',
    },
  ],
  ascending: [],
  warmUp: (values) => barsOf(values, 'length'),
  of(values) {
    const length = barsOf(values, 'length');
    const count = fromInteger(length);
    const width = values['width']!;
    return (seen) => {
      const { bars } = seen;
      if (bars.length < length) return null;
      const { sum, deviation } = spreadOf(bars, length, deviationDigits);
      const band = multiply(width, deviation);
      // Everything is `length` times its value, so that no average has to be divided.
      const close = multiply(count, bars.at(-1)!.close);
      const words = (side: string) => `close ${side} of ${length}, ${toText(width)} deviations`;
      return reversion(seen, {
        isLow: compare(close, subtract(sum, band)) < 0,
        isHigh: compare(close, add(sum, band)) > 0,
        middle: compare(close, sum),
        words: {
          low: words('below the band'),
          high: words('above the band'),
          middle: `close back at the average of ${length}`,
        },
      });
    };
  },
};
