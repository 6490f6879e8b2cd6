/**
 * The rules of aged positions: how long one may be held, and what it may then cost to leave it.
 * Shares are of the entry price: 0.005 is half a percent.
 */
import {
  add,
  compare,
  type Decimal,
  divideHalfEven,
  fromInteger,
  minimum,
  multiply,
  one,
  roundingScale,
  subtract,
  zero,
} from '../decimal/decimal.ts';
import { decimal } from '../decimal/text.ts';
import { fromMilliseconds, type Instant } from '../model/instant.ts';

export interface ExitRules {
  /** Younger positions are left alone; at this age one is aged. */
  readonly limitAgeMs: number;
  /** After the limit age: so long it is tried without a loss. */
  readonly graceMs: number;
  /** Loss that is tolerated for each hour after grace. */
  readonly lossStep: Decimal;
  readonly maximumLoss: Decimal;
  /** After so long behind grace the loss grows by this factor. */
  readonly accelerateAfterMs: number;
  readonly acceleration: Decimal;
  /** So long behind grace it is closed at market. */
  readonly marketAfterMs: number;
  /** For each side. */
  readonly commission: Decimal;
  /** A resting order is quoted anew where its price moved by more. */
  readonly requoteAbove: Decimal;
  /** A limit so near to the market becomes a market order. */
  readonly crossWithin: Decimal;
  /** How long a position is left alone that the venue refuses to close. */
  readonly pauseMs: number;
  /** An older price is none. */
  readonly priceMaxAgeMs: number;
  /** Orders worth less are not sent; null: the venue decides. */
  readonly minimumNotional: Decimal | null;
  /** How the client order ids of exits begin that another program placed and leaves to us. */
  readonly adopts: readonly string[];
}

const hourMs = 3_600_000;

export const usualExitRules: ExitRules = {
  limitAgeMs: 3 * hourMs,
  graceMs: 3 * hourMs,
  lossStep: decimal('0.005'),
  maximumLoss: decimal('0.1'),
  accelerateAfterMs: 10 * hourMs,
  acceleration: decimal('1.2'),
  marketAfterMs: 20 * hourMs,
  commission: decimal('0.0005'),
  requoteAbove: decimal('0.005'),
  crossWithin: decimal('0.001'),
  pauseMs: 24 * hourMs,
  priceMaxAgeMs: 5 * 60_000,
  minimumNotional: null,
  adopts: [],
};

/**
 *   young        not aged
 *   grace        a limit at break-even
 *   liquidation  a limit that tolerates a loss, which grows
 *   overdue      at market
 */
export type ExitPhase = 'young' | 'grace' | 'liquidation' | 'overdue';

/** Each phase begins at its very instant. */
export interface PhaseAt {
  readonly phase: ExitPhase;
  /** The share of the entry price that may be lost; null where no limit is set by it. */
  readonly loss: Decimal | null;
  /** Whole hours behind grace; 0 before. */
  readonly hour: number;
}

/** `age` in nanoseconds, not negative. */
export function phaseAt(age: Instant, rules: ExitRules): PhaseAt {
  const limit = fromMilliseconds(rules.limitAgeMs);
  const afterGrace = age - limit - fromMilliseconds(rules.graceMs);
  if (age < limit) return { phase: 'young', loss: null, hour: 0 };
  if (afterGrace < 0n) return { phase: 'grace', loss: null, hour: 0 };
  const hour = Number(afterGrace / fromMilliseconds(hourMs));
  if (afterGrace >= fromMilliseconds(rules.marketAfterMs)) {
    return { phase: 'overdue', loss: null, hour };
  }
  return { phase: 'liquidation', loss: toleratedLoss(afterGrace, rules), hour };
}

/** Exact but for one half-even rounding to 18 digits: hours are nanoseconds over an hour's. */
export function toleratedLoss(afterGrace: Instant, rules: ExitRules): Decimal {
  const { lossStep, acceleration, maximumLoss } = rules;
  const faster = afterGrace - fromMilliseconds(rules.accelerateAfterMs);
  const steps = multiply(fromInteger(afterGrace), lossStep);
  const extra = multiply(
    fromInteger(faster > 0n ? faster : 0n),
    multiply(lossStep, subtract(acceleration, one)),
  );
  const perHour = fromInteger(fromMilliseconds(hourMs));
  return minimum(divideHalfEven(add(steps, extra), perHour, roundingScale), maximumLoss);
}

/** What is wrong with a set of rules; null: nothing. */
export function exitRulesFault(rules: ExitRules): string | null {
  const { lossStep, maximumLoss, acceleration, commission, requoteAbove, crossWithin } = rules;
  const shares = { lossStep, maximumLoss, commission, requoteAbove, crossWithin };
  for (const [name, share] of Object.entries(shares)) {
    if (compare(share, zero) < 0 || compare(share, one) >= 0) {
      return `${name} is a share from 0 to less than 1, such as 0.005 for half a percent`;
    }
  }
  return compare(acceleration, one) < 0 ? 'acceleration is 1 or more' : null;
}
