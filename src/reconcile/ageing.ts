/** How long breaks have been there, in the classes in which people look at them. */
import type { Decimal } from '../decimal/decimal.ts';
import type { Break } from '../model/break.ts';
import { type Instant, millisecondsBetween } from '../model/instant.ts';
import { sumOfValues } from './value.ts';

export interface AgeingBucket {
  readonly name: string;
  /** Up to and without so many seconds; null: any age above. */
  readonly secondsBelow: number | null;
}

/** Settling is a state and no age: what settles is watched, and nobody has to look. */
export const settlingBucket = 'settling';

export const ageingBuckets: readonly AgeingBucket[] = [
  { name: '0-5 m', secondsBelow: 300 },
  { name: '5-60 m', secondsBelow: 3_600 },
  { name: '1-24 h', secondsBelow: 86_400 },
  { name: '1-7 d', secondsBelow: 604_800 },
  { name: '>7 d', secondsBelow: null },
];

export interface Aged {
  readonly bucket: string;
  readonly breaks: number;
  /** Null while one of them has no price. */
  readonly gross: Decimal | null;
}

/** Ours and theirs may be off against each other by some clock: nothing is younger than now. */
export function bucketOf({ state, openedAt }: Break, now: Instant): string {
  if (state === 'SETTLING') return settlingBucket;
  const seconds = Math.max(0, millisecondsBetween(openedAt, now) / 1_000);
  return ageingBuckets.find(({ secondsBelow }) => secondsBelow === null || seconds < secondsBelow)!
    .name;
}

/** Every bucket, also those that are empty. */
export function agedOf(breaks: readonly Break[], now: Instant): readonly Aged[] {
  const byBucket = Map.groupBy(breaks, (one) => bucketOf(one, now));
  return [settlingBucket, ...ageingBuckets.map(({ name }) => name)].map((bucket) => {
    const own = byBucket.get(bucket) ?? [];
    return { bucket, breaks: own.length, gross: sumOfValues(own).gross };
  });
}
