/** Numbers and times as text: every figure on the wire goes through here. */
import { type Decimal, zero } from '../../src/decimal/decimal.ts';
import { toText } from '../../src/decimal/text.ts';
import type { Instant } from '../../src/model/instant.ts';

/** How figures are written: some faults write the same values in more digits. */
export interface Figures {
  number(value: Decimal | null): string;
  /** Milliseconds, as the venue's clock says them. */
  time(at: Instant): string;
}

const widest = 40;

/** The same value in 40 digits. */
function wideText(text: string): string {
  const digits = text.replace(/\D/g, '').length;
  const zeros = '0'.repeat(Math.max(0, widest - digits));
  return text.includes('.') ? `${text}${zeros}` : `${text}.${zeros}`;
}

export function figures(isWide: boolean, skewAt: (at: Instant) => number): Figures {
  return {
    number: (value) => (isWide ? wideText(toText(value ?? zero)) : toText(value ?? zero)),
    time: (at) => String(at / 1_000_000n + BigInt(skewAt(at))),
  };
}

/** The smallest integer that a double does not hold. */
export const beyondDoubles = 9_007_199_254_740_993n;

/** A number in JSON with exactly these digits. */
export const rawNumber = (digits: string): unknown =>
  (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(digits);
