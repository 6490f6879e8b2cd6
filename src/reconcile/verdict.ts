/** TRUE, BREAK or CANNOT SAY, and the exit code that says the same. */
import { add, compare as compareDecimals, type Decimal, zero } from '../decimal/decimal.ts';
import type { Break, BreakState } from '../model/break.ts';
import { isClosed } from '../model/life-cycle.ts';
import { sumOfValues } from './value.ts';

export type Verdict = 'true' | 'break' | 'cannot-say';

const breaking: ReadonlySet<BreakState> = new Set([
  'OPEN',
  'EXPLAINED',
  'PROPOSED',
  'APPROVED',
  'REPAIRED',
  'REOPENED',
  'SNOOZED',
]);

export interface VerdictOptions {
  /** Accepted breaks count too. */
  readonly strict: boolean;
}

export const countsAsBreak = (one: Break, { strict }: VerdictOptions): boolean =>
  breaking.has(one.state) || (strict && one.state === 'ACCEPTED');

/** A break outweighs what is unknown: it is certain. Nothing unknown ever reads as true. */
export function verdictOf(
  breaks: readonly Break[],
  unknownCount: number,
  options: VerdictOptions,
): Verdict {
  if (breaks.some((one) => countsAsBreak(one, options))) return 'break';
  const settling = breaks.some((one) => one.state === 'SETTLING');
  return settling || unknownCount > 0 ? 'cannot-say' : 'true';
}

/** Of several accounts: a break anywhere, else anything unknown, else true. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('break')) return 'break';
  // No account compared is nothing proven.
  return verdicts.includes('cannot-say') || verdicts.length === 0 ? 'cannot-say' : 'true';
}

export type CheckExitCode = 0 | 3 | 5;

const exitCodes: Readonly<Record<Verdict, CheckExitCode>> = { true: 0, break: 3, 'cannot-say': 5 };

export const exitCodeOf = (verdict: Verdict): CheckExitCode => exitCodes[verdict];

export interface Stake {
  /** Null while a line has no price; `known` is the sum of the others. */
  readonly gross: Decimal | null;
  readonly net: Decimal | null;
  readonly known: Decimal;
  /** Names of what could not be valued. */
  readonly unvalued: readonly string[];
}

/** Of the breaks that count. Gross beside net, because net hides. */
export function stakeOf(breaks: readonly Break[], options: VerdictOptions): Stake {
  const counted = breaks.filter((one) => countsAsBreak(one, options));
  const { gross, net } = sumOfValues(counted);
  return {
    gross,
    net,
    known: counted.reduce((sum, one) => add(sum, one.gross ?? zero), zero),
    unvalued: [...new Set(counted.flatMap((one) => one.unvalued))].sort(),
  };
}

/** `--fail-above`: a sum that a script lets pass. Nothing unknown and nothing unvalued does. */
export function isTolerated(
  verdict: Verdict,
  stake: Stake,
  unknownCount: number,
  failAbove: Decimal | null,
): boolean {
  if (verdict !== 'break' || failAbove === null || unknownCount > 0) return false;
  return stake.gross !== null && compareDecimals(stake.gross, failAbove) <= 0;
}

export const isOpen = (one: Break): boolean => !isClosed(one);
