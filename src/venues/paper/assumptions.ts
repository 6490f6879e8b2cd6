/** What makes the exchange's fills differ from a real one's, in one object for every output. */
import { toText } from '../../decimal/text.ts';
import { feeDigits } from './accounts/fees.ts';
import { fundingDigits } from './calendar.ts';
import type { BarRules } from './matching/bars.ts';
import type { PaperAssumptions, PaperOptions } from './paper-exchange.ts';

export function assumptionsOf(options: PaperOptions, bars: BarRules): PaperAssumptions {
  const { seed, latencyMs } = options;
  return {
    mode: 'PAPER',
    seed,
    latencyMs,
    queue:
      'behind everything displayed at its price on arrival; prints at the price and a smaller ' +
      'display are what shortens the queue, and cancellations are taken to be behind',
    fees: feesText(options),
    notes: [
      'orders never move the market: nobody reacts to them',
      'an order, change or cancel arrives after half to one and a half times the latency, in turn',
      'a resting order trades only on a print at its price (after its queue) or through it',
      'a taker gets displayed levels only, each once until data adds to it',
      'before a touch or a whole book, a taker trades with the next print of its own side',
      `bars: takers pay the next open and ${toText(bars.slippage)} of the price on top; limits ` +
        'trade only where a bar goes through them; triggers before limits; fills of a bar share ' +
        `${toText(bars.volumeShare)} of its volume`,
      'an order does not trade with our own: what is left of it is cancelled',
      'margin is cross, per settle coin: unrealised losses count, unrealised gains do not',
      'what an order needs is looked at when it is sent, changed or triggered, not when it trades',
      'liquidation closes at the mark, the largest position first, with the taker fee; there is ' +
        'no insurance fund: a loss beyond the wallet stays in it',
      'without marks the last trade is the mark; of a bar its low, high and close in turn',
      `funding is rounded half-even to ${fundingDigits} digits; without a rate none is paid`,
    ],
  };
}

function feesText({ fees }: PaperOptions): string {
  const where = typeof fees.in === 'string' ? fees.in : fees.in.coin;
  const rates = `maker ${toText(fees.maker)}, taker ${toText(fees.taker)} of the value`;
  return `${rates}, in ${where}, rounded half-even to ${feeDigits} digits`;
}
