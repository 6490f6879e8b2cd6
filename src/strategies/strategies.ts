/** Every strategy that comes with Trueup, by its name. */
import { bollingerReversion } from './bollinger-reversion.ts';
import type { BuiltIn } from './built-in.ts';
import { momentumBreakout } from './momentum-breakout.ts';
import { movingAverageCross } from './moving-average-cross.ts';
import { rsiReversion } from './rsi-reversion.ts';

export const strategies: readonly BuiltIn[] = [
  movingAverageCross,
  rsiReversion,
  bollingerReversion,
  momentumBreakout,
];
