/** The forms that members of answers have. The page's own words for what the service answers. */

/** A decimal as text, exact. */
export type Amount = string;
/** RFC 3339, UTC. */
export type Time = string;
export type Verdict = 'true' | 'break' | 'cannot-say';
export type Severity = 'low' | 'medium' | 'high' | 'critical';
export type Confidence = 'proven' | 'likely' | 'unexplained';
export type Party = 'book' | 'venue' | 'source' | 'statement';
export type Mode = 'live' | 'paper';

/** `next` null: there is no more. */
export interface PageOf<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}
