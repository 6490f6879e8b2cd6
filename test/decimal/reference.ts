/** Exact decimals a second time, as fractions of bigints: slow, obvious, nothing of src in it. */
export interface Fraction {
  readonly numerator: bigint;
  /** > 0 */
  readonly denominator: bigint;
}

export function fraction(text: string): Fraction {
  const [whole = '', behind = ''] = text.split('.');
  return { numerator: BigInt(whole + behind), denominator: 10n ** BigInt(behind.length) };
}

export const times = (a: Fraction, b: Fraction): Fraction => ({
  numerator: a.numerator * b.numerator,
  denominator: a.denominator * b.denominator,
});

/** b is not zero. */
export function over(a: Fraction, b: Fraction): Fraction {
  const sign = b.numerator < 0n ? -1n : 1n;
  return {
    numerator: sign * a.numerator * b.denominator,
    denominator: sign * a.denominator * b.numerator,
  };
}

/** Shortest text of the nearest multiple of 10^-digits, ties to the even one. */
export function roundedText({ numerator, denominator }: Fraction, digits: number): string {
  const scaled = numerator * 10n ** BigInt(digits);
  const floor = (scaled - (((scaled % denominator) + denominator) % denominator)) / denominator;
  const above = 2n * (scaled - floor * denominator);
  const up = above > denominator || (above === denominator && floor % 2n !== 0n);
  return plainText(up ? floor + 1n : floor, digits);
}

/** n / 10^digits, shortest. */
export function plainText(n: bigint, digits: number): string {
  const padded = (n < 0n ? -n : n).toString().padStart(digits + 1, '0');
  const whole = padded.slice(0, padded.length - digits);
  const behind = padded.slice(padded.length - digits).replace(/0+$/, '');
  const text = behind === '' ? whole : `${whole}.${behind}`;
  return n < 0n ? `-${text}` : text;
}

/** Digits behind the point that the value needs. */
export const digitsOf = (text: string): number =>
  (text.split('.')[1] ?? '').replace(/0+$/, '').length;

/** whole * part / total: exact in the digits of the whole, else rounded once to `digits`. */
export function shareText(whole: string, part: string, total: string, digits: number): string {
  const share = over(times(fraction(whole), fraction(part)), fraction(total));
  const own = digitsOf(whole);
  const isExact = (share.numerator * 10n ** BigInt(own)) % share.denominator === 0n;
  return roundedText(share, isExact ? Math.max(own, digits) : digits);
}
