/** What became of a fact that was reported to the book. */
import type { Refusal } from '../model/result.ts';

/**
 *   booked           a new entry
 *   enriched         it told something the booked fact lacked
 *   duplicate        the same fact again: absorbed
 *   conflict         the same identity with other content: recorded, not booked
 *   waiting          a bust or correction whose fill has not come yet: recorded, without effect
 *   before-opening   contained in the account's opening: not booked
 *   refused          wrong by itself; nothing was written for it
 */
export type Outcome =
  | { readonly status: 'booked' | 'enriched' | 'waiting'; readonly sequence: number }
  | { readonly status: 'duplicate'; readonly sequence: number }
  | { readonly status: 'conflict'; readonly sequence: number; readonly fields: readonly string[] }
  | { readonly status: 'before-opening' }
  | { readonly status: 'refused'; readonly refusal: Refusal };

export type OutcomeStatus = Outcome['status'];
